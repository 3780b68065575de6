import type { MarketEvent } from '../domain/market.ts';
import type { StrategyContext, StrategyInstance } from '../ports/strategy.ts';
import type { Delivery, OwnEvent } from './host-port.ts';

/** Whether the instance has a callback for the delivery. */
export function listens(instance: StrategyInstance, delivery: Delivery): boolean {
  switch (delivery.kind) {
    case 'market':
      return listensTo(instance, delivery.event);
    case 'own':
      return listensToOwn(instance, delivery.event);
    case 'timer':
      return instance.onTimer !== undefined;
    case 'group':
      return instance.group !== undefined;
    case 'start':
      return instance.onStart !== undefined;
  }
}

function listensToOwn(instance: StrategyInstance, event: OwnEvent): boolean {
  switch (event.kind) {
    case 'ownFill':
      return instance.onFill !== undefined;
    case 'ownUpdate':
      return instance.onOrder !== undefined;
    case 'ownHolding':
      return instance.onHolding !== undefined;
  }
}

function tellOwn(instance: StrategyInstance, context: StrategyContext, event: OwnEvent): void {
  switch (event.kind) {
    case 'ownFill':
      instance.onFill?.(context, event.fill);
      return;
    case 'ownUpdate':
      instance.onOrder?.(context, event.update);
      return;
    case 'ownHolding':
      instance.onHolding?.(context, event.holding);
      return;
  }
}

function listensTo(instance: StrategyInstance, event: MarketEvent): boolean {
  switch (event.kind) {
    case 'book':
      return instance.onBook !== undefined;
    case 'quote':
      return instance.onQuote !== undefined;
    case 'trade':
      return instance.onTrade !== undefined;
    case 'bar':
      return instance.onBar !== undefined;
    case 'feedStatus':
      return instance.onFeed !== undefined;
  }
}

/** Calls it. */
export function tell(instance: StrategyInstance, context: StrategyContext, delivery: Delivery): void {
  switch (delivery.kind) {
    case 'market':
      tellMarket(instance, context, delivery.event);
      return;
    case 'own':
      tellOwn(instance, context, delivery.event);
      return;
    case 'timer':
      instance.onTimer?.(context, delivery.name);
      return;
    case 'group':
      instance.group?.(context, delivery.at);
      return;
    case 'start':
      instance.onStart?.(context);
      return;
  }
}

function tellMarket(instance: StrategyInstance, context: StrategyContext, event: MarketEvent): void {
  switch (event.kind) {
    case 'book':
      instance.onBook?.(context, event.listing);
      return;
    case 'quote':
      instance.onQuote?.(context, event);
      return;
    case 'trade':
      instance.onTrade?.(context, event);
      return;
    case 'bar':
      instance.onBar?.(context, event);
      return;
    case 'feedStatus':
      instance.onFeed?.(context, event);
      return;
  }
}
