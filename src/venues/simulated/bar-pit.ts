import { assert } from '../../base/assert.ts';
import { lotsUnchecked } from '../../base/units.ts';
import type { Liquidity } from '../../domain/report.ts';
import type { AccountPositions } from './account-positions.ts';
import { barOrderOf, beginBar, shareOf } from './bar-order.ts';
import type { BarLife, BarOrder } from './bar-order.ts';
import { limitPrice, opensBeyond, stopPrice } from './bar-prices.ts';
import type { BarPrices } from './bar-prices.ts';
import { BarHistory, slipped } from './bar-slippage.ts';
import type { BarSlippage } from './bar-slippage.ts';
import { settleBracket, tiedTo } from './bracket-rules.ts';
import type { BracketActions } from './bracket-rules.ts';
import type { EngineVoice } from './engine-options.ts';
import { isChild, isLive } from './venue-order.ts';
import type { VenueOrder } from './venue-order.ts';

export interface BarPitOptions {
  readonly positions: AccountPositions;
  readonly voice: EngineVoice;
  readonly slippage: BarSlippage;
  /** Most of a bar's volume that one order takes, bps. */
  readonly maxParticipationBps: number | 'unlimited';
}

/**
 * One instrument whose market is a sequence of bars (backtest-semantics, "Bars"): market orders trade at the open, then the others in order of submission,
 * each for at most its share of the volume. Within a bar the worse is taken to happen first: where a bracket's stop and target are both in it, the stop.
 */
export class BarPit {
  readonly history = new BarHistory();
  readonly #options: BarPitOptions;
  /** In order of submission. */
  #orders: BarOrder[] = [];
  #closeTime = -Infinity;
  readonly #bracketActions: BracketActions;

  constructor(options: BarPitOptions) {
    this.#options = options;
    this.#bracketActions = {
      release: (child, orderQty) => this.#release(child, orderQty),
      resize: (child, orderQty) => {
        setQty(child, orderQty);
        this.#options.voice.restated(child, 'BRACKET_QTY');
      },
      cancel: (order, text) => this.#end(order, 'canceled', text),
    };
  }

  /** Takes an order that nothing speaks against; it acts on bars that close after `since`. */
  submit(order: VenueOrder, since: number, life: BarLife): void {
    this.#orders.push(barOrderOf(order, since, life));
    if (isChild(order)) {
      order.state = 'held';
      // the entry may have filled already
      this.#settle(order);
      return;
    }
    order.state = isStop(order) ? 'armed' : 'working';
    this.#options.voice.accepted(order);
  }

  /** The contract behind the series changed and its prices jump: as with a split, every order is taken back. */
  roll(): void {
    for (const { order } of [...this.#orders]) if (isLive(order)) this.withdraw(order, 'canceled', 'CONTRACT_ROLLED');
  }

  /** A split of the instrument: prices and quantities of before mean nothing any more, so every order is taken back. */
  split(numerator: number, denominator: number): void {
    for (const { order } of [...this.#orders]) if (isLive(order)) this.withdraw(order, 'canceled', 'STOCK_SPLIT');
    this.history.scale(numerator, denominator);
  }

  /** Ends a live order and what is tied to it. */
  withdraw(order: VenueOrder, state: 'canceled' | 'expired', text: string): void {
    const tied = tiedTo(order);
    this.#end(order, state, text);
    for (const other of tied) if (isLive(other)) this.#end(other, state, 'BRACKET_SIBLING');
    this.#settle(order);
  }

  /** Changes the terms of a live order by `change`; unless it keeps its priority it is the last one submitted from now on. */
  amend(order: VenueOrder, keepsPriority: boolean, life: BarLife, change: () => void): void {
    const one = this.#find(order);
    change();
    one.life = life;
    one.market = Math.min(one.market, order.leavesQty);
    if (order.leavesQty === 0) this.#end(order, 'filled', '');
    else if (!keepsPriority) this.#orders = [...this.#orders.filter((other) => other !== one), one];
    this.#settle(order);
  }

  /** No bar makes a difference to it. */
  get isIdle(): boolean {
    return this.#orders.length === 0 && this.#options.slippage.kind !== 'squareRoot';
  }

  /** Lets every order meet the next bar; `finish` follows when the other instruments have met theirs of this time. */
  match(bar: BarPrices): void {
    if (this.#orders.length > 0) {
      const orders = [...this.#orders];
      for (const one of orders) beginBar(one, bar.closeTime);
      const share = shareOf(bar.volume, this.#options.maxParticipationBps);
      for (const one of orders) this.#atOpen(one, bar, share);
      for (const one of orders) this.#within(one, bar, share);
    }
    if (this.#options.slippage.kind === 'squareRoot') this.history.push(bar.close, bar.volume);
    this.#closeTime = bar.closeTime;
  }

  /** Ends what the bar just met was the last one for. */
  finish(): void {
    if (this.#orders.length === 0) return;
    for (const { order, since, life } of [...this.#orders]) {
      if (!isLive(order) || since >= this.#closeTime) continue;
      if (order.timeInForce === 'ioc') this.withdraw(order, 'canceled', 'IOC_REST');
      else if (life.oneBar || life.until <= this.#closeTime)
        this.withdraw(order, 'expired', order.timeInForce === 'gtd' ? 'EXPIRE_TIME' : 'SESSION_END');
    }
  }

  /** Market orders, and what is left of stops that were touched before. */
  #atOpen(one: BarOrder, bar: BarPrices, share: number): void {
    const wanted = one.order.ordType === 'market' ? one.eligible : one.marketAtStart;
    const qty = this.#canSlip() ? this.#room(one, wanted, share) : 0;
    if (qty === 0) return;
    one.market = Math.max(0, one.market - qty);
    this.#trade(one, qty, slipped(this.#options.slippage, bar.open, one.order.side, qty, this.history), 'taker');
  }

  #within(one: BarOrder, bar: BarPrices, share: number): void {
    if (!isLive(one.order)) return;
    switch (one.order.ordType) {
      case 'limit':
        this.#limit(one, bar, share, one.since >= this.#closeTime);
        return;
      case 'stop':
        this.#stop(one, bar, share);
        return;
      case 'stopLimit':
        this.#stopLimit(one, bar, share);
        return;
      case 'market':
      case 'trailingStop':
      case 'bracket':
        return;
    }
  }

  /** `fresh`: it comes with the bar and takes what it meets at the open; otherwise it has rested. */
  #limit(one: BarOrder, bar: BarPrices, share: number, fresh: boolean): void {
    const { order } = one;
    const price = limitPrice(bar, order.side, order.price);
    if (price === undefined) return;
    const qty = this.#room(one, one.eligible - this.#takenByStop(order, bar), share);
    if (qty > 0) this.#trade(one, qty, price, fresh && price === bar.open ? 'taker' : 'maker');
  }

  /** Lots of a target that its stop takes away from it in this bar: all where both are in it, else what goes on as a market order. */
  #takenByStop(order: VenueOrder, bar: BarPrices): number {
    const sibling = order.leg === 'target' ? order.bracket?.stop : undefined;
    const stop = sibling === undefined ? undefined : this.#orders.find((one) => one.order === sibling);
    if (stop === undefined) return 0;
    return stopPrice(bar, stop.order.side, stop.order.stopPx) === undefined ? stop.marketAtStart : stop.eligible;
  }

  #stop(one: BarOrder, bar: BarPrices, share: number): void {
    const { order } = one;
    const waiting = Math.min(one.eligible - one.marketAtStart, order.leavesQty - one.market);
    const price = stopPrice(bar, order.side, order.stopPx);
    if (waiting <= 0 || price === undefined) return;
    order.state = 'working';
    const qty = this.#canSlip() ? this.#room(one, waiting, share) : 0;
    one.market += waiting - qty;
    if (qty > 0) this.#trade(one, qty, slipped(this.#options.slippage, price, order.side, qty, this.history), 'taker');
  }

  #stopLimit(one: BarOrder, bar: BarPrices, share: number): void {
    const { order } = one;
    if (one.eligible === 0) return;
    const fresh = !one.triggered;
    if (fresh) {
      if (stopPrice(bar, order.side, order.stopPx) === undefined) return;
      one.triggered = true;
      order.state = 'working';
      if (!opensBeyond(bar, order.side, order.stopPx)) return;
    }
    this.#limit(one, bar, share, fresh);
  }

  /** The square root needs its bars and their volume; without them nothing trades that it would have to price. */
  #canSlip(): boolean {
    return this.#options.slippage.kind !== 'squareRoot' || this.history.isFull;
  }

  /** Lots that may trade now: asked for, left, within the order's share of the bar and, of a reduce-only order, within the position. */
  #room(one: BarOrder, wanted: number, share: number): number {
    const { order } = one;
    if (!isLive(order)) return 0;
    const held = order.reduceOnly ? this.#options.positions.reducible(order.holder, order.listing, order.side) : Infinity;
    if (wanted > 0 && held === 0 && !isChild(order)) {
      this.#end(order, 'canceled', 'REDUCE_ONLY_POSITION_CLOSED');
      return 0;
    }
    return Math.max(0, Math.min(wanted, order.leavesQty, share - one.taken, held));
  }

  #trade(one: BarOrder, qty: number, price: number, liquidity: Liquidity): void {
    const { order } = one;
    one.taken += qty;
    order.cumQty = lotsUnchecked(order.cumQty + qty);
    order.leavesQty = lotsUnchecked(order.leavesQty - qty);
    assert(order.leavesQty >= 0, 'an order never trades more than it has left');
    this.#options.positions.add(order.holder, order.listing, order.side, qty);
    this.#options.voice.traded(order, qty, price, liquidity);
    if (order.leavesQty === 0) this.#end(order, 'filled', '');
    this.#settle(order);
  }

  #release(child: VenueOrder, orderQty: number): void {
    setQty(child, orderQty);
    child.state = isStop(child) ? 'armed' : 'working';
    this.#options.voice.accepted(child);
  }

  #settle(order: VenueOrder): void {
    if (order.bracket !== undefined) settleBracket(order.bracket, this.#bracketActions);
  }

  #end(order: VenueOrder, state: 'filled' | 'canceled' | 'expired', text: string): void {
    if (!isLive(order)) return;
    order.state = state;
    order.leavesQty = lotsUnchecked(0);
    this.#orders = this.#orders.filter((one) => one.order !== order);
    this.#options.voice.ended(order, state, text);
  }

  #find(order: VenueOrder): BarOrder {
    const one = this.#orders.find((other) => other.order === order);
    assert(one !== undefined, 'a live order is in its pit');
    return one;
  }
}

function isStop(order: VenueOrder): boolean {
  return order.ordType === 'stop' || order.ordType === 'stopLimit';
}

function setQty(order: VenueOrder, orderQty: number): void {
  order.orderQty = lotsUnchecked(orderQty);
  order.leavesQty = lotsUnchecked(orderQty - order.cumQty);
}
