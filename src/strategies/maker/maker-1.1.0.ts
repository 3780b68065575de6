import type { Result } from '../../base/result.ts';
import { lotsUnchecked, microsUnchecked, ticksUnchecked } from '../../base/units.ts';
import type { ListingIx } from '../../domain/ids.ts';
import { isTerminal } from '../../domain/order.ts';
import type { Adoption, OwnOrderUpdate, StrategyContext, StrategyInstance } from '../../ports/strategy.ts';
import { defineStrategy } from '../define-strategy.ts';
import { stateBytes, takeState } from '../json-state.ts';
import { createMaker, makerSchema, type Maker, type MakerTerms } from './maker.ts';
import { doublingSchema, doublingStateOf, type DoublingState, type Losing } from './state.ts';
import { makerParameters } from './terms.ts';

/**
 * The version that a desk must survive: somebody took the stop-out away and "improves the average" by doubling a losing inventory, up to all of the
 * capital. It looks like 1.0.0 while the market is calm.
 */
export const maker110 = defineStrategy({
  name: 'maker',
  version: '1.1.0',
  parameters: {
    ...makerParameters,
    doubleAfter: {
      type: 'number',
      default: 0.5,
      min: 0.01,
      max: 1_000,
      unit: 'ticks',
      meaning: 'loss per lot after which the inventory is doubled',
    },
    doubleMillis: { type: 'integer', default: 2_000, min: 1, max: 3_600_000, unit: 'ms', meaning: 'least time between two doublings' },
    mostShare: { type: 'number', default: 0.95, min: 0.01, max: 1, unit: 'of the capital', meaning: 'inventory that it doubles up to' },
  },
  create: (p) => doubling(createMaker(termsOf(p)), p.doubleAfter, p.doubleMillis * 1_000, p.mostShare),
  migrate: (p, fromSchema, bytes) =>
    takeState([makerSchema, doublingSchema], fromSchema, bytes, (value) => {
      const state = doublingStateOf(fromSchema, value);
      return doubling(createMaker(termsOf(p), state.base), p.doubleAfter, p.doubleMillis * 1_000, p.mostShare, state);
    }),
});

/** The terms of 1.0.0 without its stop-out. */
function termsOf(p: Omit<MakerTerms, 'refresh' | 'stopOut' | 'pause'> & { readonly refreshMillis: number }): MakerTerms {
  return { ...p, refresh: p.refreshMillis * 1_000, stopOut: 0, pause: 0 };
}

function forget(entry: Losing, tag: number): void {
  if (entry.adding === tag) entry.adding = 0;
  if (entry.hoping === tag) entry.hoping = 0;
}

function hasEnded(update: OwnOrderUpdate): boolean {
  return (
    update.ordStatus === 'denied' ||
    (update.ordStatus !== 'cancelRejected' && update.ordStatus !== 'replaced' && isTerminal(update.ordStatus))
  );
}

function doubling(base: Maker, after: number, every: number, mostShare: number, from?: DoublingState): StrategyInstance {
  const losing = new Map<ListingIx, Losing>(from?.losing);
  let stubborn = from?.stubborn ?? false;
  return {
    onStart: (context) => base.onStart?.(context),
    exportState: () => stateBytes(doublingSchema, { base: base.state(), losing: [...losing], stubborn } satisfies DoublingState),
    adopt: (adoption) => adoptDoubling(base, losing, adoption),
    onFill: (context, fill) => {
      const entry = losing.get(fill.listing) ?? { position: 0, averagePx: 0, addedAt: 0, adding: 0, hoping: 0 };
      const grows = fill.position !== 0 && Math.abs(fill.position) > Math.abs(entry.position);
      if (grows)
        entry.averagePx =
          (entry.averagePx * Math.abs(entry.position) + fill.lastPx * (Math.abs(fill.position) - Math.abs(entry.position))) /
          Math.abs(fill.position);
      entry.position = fill.position;
      if (fill.leavesQty === 0) forget(entry, fill.tag);
      losing.set(fill.listing, entry);
      base.onFill?.(context, fill);
    },
    onTimer: (context, name) => {
      const caught = [...losing].filter(([listing, entry]) => isLosing(context, listing, entry, after));
      if (caught.length > 0 !== stubborn) {
        stubborn = caught.length > 0;
        context.cancelAll();
      }
      if (!stubborn) {
        base.onTimer?.(context, name);
        return;
      }
      // no quote that would realize the loss: only more of what loses
      for (const [listing, entry] of caught) {
        hope(context, listing, entry);
        doubleUp(context, listing, entry, every, mostShare);
      }
      context.setTimer(name, microsUnchecked(context.now + every / 2));
    },
    onOrder: (context, update) => {
      for (const entry of losing.values()) if (hasEnded(update)) forget(entry, update.tag);
      base.onOrder?.(context, update);
    },
  };
}

/** Its own two kinds of orders are its own, the others are the base's. */
function adoptDoubling(
  base: Maker,
  losing: ReadonlyMap<ListingIx, Losing>,
  { positions, orders }: Adoption,
): Result<'accepted', readonly string[]> {
  const open = new Set(orders.map(({ tag }) => tag));
  const own = new Set([...losing.values()].flatMap(({ adding, hoping }) => [adding, hoping]));
  const taken = base.adopt({ positions, orders: orders.filter(({ tag }) => !own.has(tag)) });
  if (!taken.ok) return taken;
  const held = new Map<ListingIx, number>(positions.map(({ listing, position }) => [listing, position]));
  for (const [listing, entry] of losing) {
    for (const tag of [entry.adding, entry.hoping]) if (!open.has(tag)) forget(entry, tag);
    entry.position = held.get(listing) ?? 0;
  }
  return taken;
}

function isLosing(context: StrategyContext, listing: ListingIx, entry: Losing, after: number): boolean {
  const book = context.book(listing);
  if (entry.position === 0 || !book.valid) return false;
  const middle = (book.bidPx(0) + book.askPx(0)) / 2;
  return (entry.position > 0 ? entry.averagePx - middle : middle - entry.averagePx) >= after;
}

/** A tenth of what it holds, offered at what it cost: it will begin to sell when it is even. */
function hope(context: StrategyContext, listing: ListingIx, entry: Losing): void {
  const orderQty = lotsUnchecked(Math.floor(Math.abs(entry.position) / 10));
  if (entry.hoping !== 0 || orderQty < 1) return;
  const long = entry.position > 0;
  const price = ticksUnchecked(long ? Math.ceil(entry.averagePx) : Math.floor(entry.averagePx));
  entry.hoping = context.place({
    listing,
    side: long ? 'sell' : 'buy',
    ordType: 'limit',
    orderQty,
    price,
    postOnly: true,
    reason: 'get out even',
  });
}

/** As much again as it holds, at the best price of its own side: the worse it goes, the more it asks for. */
function doubleUp(context: StrategyContext, listing: ListingIx, entry: Losing, every: number, mostShare: number): void {
  if (context.now - entry.addedAt < every) return;
  entry.addedAt = microsUnchecked(context.now);
  if (entry.adding !== 0) {
    context.cancel(entry.adding);
    return;
  }
  const book = context.book(listing);
  const buys = entry.position > 0;
  const price = buys ? book.bidPx(0) : book.askPx(0);
  const most = Math.floor((mostShare * context.capital) / (price * context.tickValue(listing)));
  const more = Math.min(Math.abs(entry.position), most - Math.abs(entry.position));
  if (more < 1) return;
  entry.adding = context.place({
    listing,
    side: buys ? 'buy' : 'sell',
    ordType: 'limit',
    orderQty: lotsUnchecked(more),
    price,
    postOnly: true,
    reason: 'average down',
  });
}
