import { assert } from '../../base/assert.ts';
import { lotsUnchecked, ticksUnchecked } from '../../base/units.ts';
import { noPrice } from '../../domain/order.ts';
import type { Liquidity } from '../../domain/report.ts';
import type { VenueReject } from './accept.ts';
import { settleBracket, tiedTo } from './bracket-rules.ts';
import type { BracketActions } from './bracket-rules.ts';
import type { EngineOptions, RestingBook } from './engine-options.ts';
import { bidSide, createExecutions, noOrder, noOwner, opposite } from './matching-book.ts';
import type { BookSide } from './matching-book.ts';
import { TriggerList, isTriggered, trail } from './trigger-list.ts';
import { isChild, isLive } from './venue-order.ts';
import type { Bracket, VenueOrder, VenueOrderState } from './venue-order.ts';

/** One listing: what each order type does, over a book that only rests and matches. */
export class MatchingEngine {
  readonly #options: EngineOptions;
  readonly #book: RestingBook;
  readonly #executions = createExecutions();
  readonly #orderAt: EngineOptions['orderAt'];
  readonly #triggers = new TriggerList();
  readonly #reduceOnly = new Set<VenueOrder>();
  readonly #prints: number[] = [];
  readonly #elected: VenueOrder[] = [];
  readonly #unsettled: Bracket[] = [];
  readonly #bracketActions: BracketActions;
  #positionsMoved = false;
  #lastPx = NaN;

  constructor(options: EngineOptions) {
    this.#options = options;
    this.#book = options.book;
    this.#orderAt = options.orderAt;
    this.#bracketActions = {
      release: (child, orderQty) => this.#release(child, orderQty),
      resize: (child, orderQty) => this.#resizeChild(child, orderQty),
      cancel: (order, text) => this.#end(order, 'canceled', text),
    };
  }

  /** NaN before the first print. */
  get lastPx(): number {
    return this.#lastPx;
  }

  /** What the market or the account has against an order now; undefined = nothing. May shrink a reduce-only order to the position. */
  refusalNow(order: VenueOrder): VenueReject | undefined {
    if (order.postOnly && !isChild(order) && this.#crosses(order)) return 'POST_ONLY_WOULD_TAKE';
    if (order.reduceOnly && !isChild(order) && this.#reducible(order) === 0) return 'REDUCE_ONLY_WOULD_INCREASE';
    return undefined;
  }

  /** Takes an order that nothing speaks against. */
  submit(order: VenueOrder): void {
    if (order.reduceOnly) this.#reduceOnly.add(order);
    if (isChild(order)) {
      order.state = 'held';
      if (order.bracket !== undefined) this.#unsettled.push(order.bracket);
    } else {
      this.#options.voice.accepted(order);
      if (order.reduceOnly) this.#shrinkToPosition(order);
      this.#begin(order);
    }
    this.#settle();
  }

  /** Ends a live order and what is tied to it. */
  withdraw(order: VenueOrder, state: 'canceled' | 'expired', text: string): void {
    const tied = tiedTo(order);
    this.#end(order, state, text);
    for (const other of tied) if (isLive(other)) this.#end(other, state, 'BRACKET_SIBLING');
    this.#settle();
  }

  /** Whether an order with these terms would take on arrival: for replaces of post-only orders. */
  wouldTake(side: BookSide, price: number): boolean {
    const best = this.#book.bestPx(opposite(side));
    return side === bidSide ? price >= best : price <= best;
  }

  /** Changes the terms of a live order by `change`. `keepsPriority`: fewer lots at the same price and nothing else. */
  amend(order: VenueOrder, keepsPriority: boolean, change: () => void): void {
    if (order.state === 'armed') this.#triggers.disarm(order);
    else if (!keepsPriority) this.#trim(order, 0);
    change();
    if (order.reduceOnly && !isChild(order)) this.#shrinkToPosition(order);
    if (order.leavesQty === 0) this.#end(order, 'filled', '');
    if (isLive(order)) this.#reenter(order, keepsPriority);
    if (order.bracket !== undefined) this.#unsettled.push(order.bracket);
    this.#settle();
  }

  #reenter(order: VenueOrder, keepsPriority: boolean): void {
    if (order.state === 'armed') this.#arm(order);
    else if (order.state === 'working' && keepsPriority) this.#trim(order, order.leavesQty);
    else if (order.state === 'working') this.#work(order);
  }

  /** Rests lots of somebody who is not on the desk; ids below 0 are his. */
  restForeign(id: number, side: BookSide, price: number, qty: number): boolean {
    if (this.#book.add(id, side, ticksUnchecked(price), lotsUnchecked(qty), noOwner, false) !== 'resting') return false;
    this.#options.tape?.touch(side, price);
    return true;
  }

  /** @returns the lots taken out; -1 when there was no such order. */
  cancelForeign(id: number, side: BookSide, price: number): number {
    const qty = this.#book.cancel(id);
    if (qty >= 0) this.#options.tape?.touch(side, price);
    return qty;
  }

  /** Somebody who is not on the desk takes. @returns what he could not get. */
  takeForeign(side: BookSide, limit: number, qty: number): number {
    const left = this.#take(undefined, side, limit, qty);
    this.#settle();
    return left;
  }

  /** A trade of a market that is only watched: triggers stops. */
  printOutside(price: number): void {
    this.#notePrint(price);
    this.#settle();
  }

  /** A market that is only watched reached a resting order. @returns the lots that it took, at most `qty`. */
  fillOutside(slot: number, qty: number, price: number): number {
    const order = this.#orderAt(slot);
    if (order === undefined) return 0;
    if (order.reduceOnly && this.#openGuard(slot) === noOrder) return 0;
    const taken = Math.min(qty, this.#book.qtyOf(slot));
    if (taken <= 0) return 0;
    const left = this.#book.qtyOf(slot) - taken;
    if (left === 0) {
      this.#book.cancel(slot);
      order.inBook = false;
    } else this.#book.reduce(slot, lotsUnchecked(left));
    this.#fill(order, taken, price, 'maker');
    return taken;
  }

  /** A resting order meets the book as if it arrived now. */
  retry(slot: number): void {
    const order = this.#orderAt(slot);
    if (order === undefined) return;
    this.#trim(order, 0);
    this.#work(order);
    this.#settle();
  }

  #begin(order: VenueOrder): void {
    if (order.ordType === 'market' || order.ordType === 'limit') this.#work(order);
    else this.#arm(order);
  }

  #release(child: VenueOrder, orderQty: number): void {
    setQty(child, orderQty);
    child.state = 'working';
    this.#options.voice.accepted(child);
    this.#begin(child);
  }

  /** More lots lose the place in the queue, fewer keep it. */
  #resizeChild(child: VenueOrder, orderQty: number): void {
    const grows = orderQty > child.orderQty;
    this.#resize(child, orderQty, 'BRACKET_QTY');
    if (child.state !== 'working') return;
    this.#trim(child, grows ? 0 : child.leavesQty);
    if (grows) this.#work(child);
  }

  /** Matches the lots and rests what is left where the type and time in force allow it. */
  #work(order: VenueOrder): void {
    order.state = 'working';
    const qty = this.#workable(order);
    if (qty === 0) {
      this.#end(order, 'canceled', 'REDUCE_ONLY_POSITION_CLOSED');
      return;
    }
    const limited = order.ordType === 'limit' || order.ordType === 'stopLimit';
    const limit = limited ? order.price : order.side === bidSide ? Infinity : -Infinity;
    if (order.postOnly && this.#crosses(order)) {
      this.#end(order, 'canceled', 'POST_ONLY_WOULD_TAKE');
      return;
    }
    if (order.timeInForce === 'fok' && !this.#fillable(order, limit, qty)) {
      this.#end(order, 'canceled', 'FOK_NOT_FILLABLE');
      return;
    }
    this.#take(order, order.side, limit, qty);
    if (!isLive(order)) return;
    if (limited && order.timeInForce !== 'ioc' && order.timeInForce !== 'fok') this.#rest(order);
    else this.#end(order, 'canceled', limited ? 'IOC_REST' : 'NO_LIQUIDITY');
  }

  #take(taker: VenueOrder | undefined, side: BookSide, limit: number, qty: number): number {
    const out = this.#executions;
    const owner = taker === undefined || this.#options.selfMatch === 'allow' ? noOwner : ownerOf(taker);
    let left = qty;
    let pass = noOrder;
    for (;;) {
      left = this.#book.match(side, limit, lotsUnchecked(left), owner, pass, out);
      pass = noOrder;
      this.#applyExecutions(taker, side);
      if (left === 0 || out.stop === 'done') return left;
      if (out.stop === 'guarded') pass = this.#openGuard(out.stopID);
      if (out.stop !== 'self') continue;
      const maker = this.#orderAt(out.stopID);
      assert(maker !== undefined && taker !== undefined, 'a self-match is between two orders of the desk');
      if (this.#options.selfMatch === 'cancelIncoming') {
        this.#end(taker, 'canceled', 'SELF_MATCH');
        return left;
      }
      this.#end(maker, 'canceled', 'SELF_MATCH');
    }
  }

  #applyExecutions(taker: VenueOrder | undefined, side: BookSide): void {
    const out = this.#executions;
    const { tape, onForeign } = this.#options;
    for (let i = 0; i < out.count; i++) {
      const price = out.price[i];
      const qty = out.qty[i];
      const maker = this.#orderAt(out.makerID[i]);
      if (maker !== undefined) {
        if (out.makerLeaves[i] === 0) maker.inBook = false;
        this.#fill(maker, qty, price, 'maker');
      } else onForeign?.(out.makerID[i], qty, out.makerLeaves[i]);
      if (taker !== undefined) this.#fill(taker, qty, price, 'taker');
      if (this.#options.watchOnly !== true) this.#notePrint(price);
      tape?.print(price, qty, side);
      tape?.touch(opposite(side), price);
    }
  }

  #fill(order: VenueOrder, qty: number, price: number, liquidity: Liquidity): void {
    order.cumQty = lotsUnchecked(order.cumQty + qty);
    order.leavesQty = lotsUnchecked(order.leavesQty - qty);
    assert(order.leavesQty >= 0, 'an order never trades more than it has left');
    this.#options.positions.add(order.holder, order.listing, order.side, qty);
    this.#positionsMoved = true;
    this.#options.voice.traded(order, qty, price, liquidity);
    if (order.bracket !== undefined) this.#unsettled.push(order.bracket);
    if (order.leavesQty === 0) this.#end(order, 'filled', '');
  }

  #notePrint(price: number): void {
    this.#lastPx = price;
    if (this.#triggers.size > 0 && this.#prints[this.#prints.length - 1] !== price) this.#prints.push(price);
  }

  #end(order: VenueOrder, state: 'filled' | 'canceled' | 'expired', text: string): void {
    if (!isLive(order)) return;
    if (order.state === 'armed') this.#triggers.disarm(order);
    this.#trim(order, 0);
    const ended: VenueOrderState = state;
    order.state = ended;
    order.leavesQty = lotsUnchecked(0);
    if (this.#reduceOnly.size > 0) this.#reduceOnly.delete(order);
    if (order.bracket !== undefined) this.#unsettled.push(order.bracket);
    this.#options.voice.ended(order, state, text);
  }

  #rest(order: VenueOrder): void {
    const qty = lotsUnchecked(this.#workable(order));
    const owner = this.#options.selfMatch === 'allow' ? noOwner : ownerOf(order);
    const added = this.#book.add(order.slot, order.side, order.price, qty, owner, order.reduceOnly);
    if (added !== 'resting') {
      this.#end(order, 'canceled', added);
      return;
    }
    order.inBook = true;
    this.#options.tape?.touch(order.side, order.price);
  }

  /** Shortens the order in the book to `qty`, 0 = takes it out; nothing when it is not there. */
  #trim(order: VenueOrder, qty: number): void {
    if (qty > 0) {
      if (order.inBook && this.#book.reduce(order.slot, lotsUnchecked(qty))) this.#options.tape?.touch(order.side, order.price);
      return;
    }
    if (!order.inBook) return;
    order.inBook = false;
    this.#book.cancel(order.slot);
    this.#options.tape?.touch(order.side, order.price);
  }

  #resize(order: VenueOrder, orderQty: number, text: string): void {
    setQty(order, orderQty);
    this.#options.voice.restated(order, text);
  }

  #arm(order: VenueOrder): void {
    order.state = 'armed';
    const reference = Number.isNaN(this.#lastPx) ? this.#book.bestPx(opposite(order.side)) : this.#lastPx;
    if (Number.isFinite(reference)) trail(order, reference);
    if (!Number.isNaN(this.#lastPx) && isTriggered(order, this.#lastPx)) this.#elected.push(order);
    else if (!this.#triggers.arm(order)) this.#end(order, 'canceled', 'TRIGGER_LIST_FULL');
  }

  /** Everything that follows from what has just happened, until nothing more does. Bounded: each round ends or sizes an order, or elects a stop. */
  #settle(): void {
    for (;;) {
      const bracket = this.#unsettled.length === 0 ? undefined : this.#unsettled.shift();
      if (bracket !== undefined) {
        settleBracket(bracket, this.#bracketActions);
      } else if (this.#positionsMoved) {
        this.#positionsMoved = false;
        if (this.#reduceOnly.size === 0) continue;
        for (const order of this.#reduceOnly) if (!isChild(order)) this.#shrinkToPosition(order);
      } else if (this.#prints.length > 0) {
        for (const price of this.#prints) this.#triggers.print(price, this.#elected);
        this.#prints.length = 0;
      } else {
        const order = this.#elected.length === 0 ? undefined : this.#elected.shift();
        if (order === undefined) return;
        this.#trigger(order);
      }
    }
  }

  #trigger(order: VenueOrder): void {
    if (order.state !== 'armed') return;
    this.#triggers.disarm(order);
    const bracket = order.bracket;
    if (bracket !== undefined && isChild(order)) {
      for (const tied of tiedTo(order)) this.#end(tied, 'canceled', 'BRACKET_STOPPED');
      settleBracket(bracket, this.#bracketActions);
    }
    if (order.reduceOnly) this.#shrinkToPosition(order);
    if (isLive(order)) this.#work(order);
  }

  /** A reduce-only order is about to be met in the book. @returns its slot when it may trade, noOrder when it went instead. */
  #openGuard(slot: number): number {
    const order = this.#orderAt(slot);
    assert(order !== undefined, 'a guarded order is of the desk');
    this.#shrinkToPosition(order);
    return isLive(order) ? slot : noOrder;
  }

  #shrinkToPosition(order: VenueOrder): void {
    if (!isLive(order)) return;
    const allowed = this.#reducible(order);
    if (order.leavesQty <= allowed) return;
    if (allowed === 0) {
      this.#end(order, 'canceled', 'REDUCE_ONLY_POSITION_CLOSED');
      return;
    }
    if (!isChild(order)) this.#resize(order, order.cumQty + allowed, 'REDUCE_ONLY_POSITION');
    this.#trim(order, allowed);
  }

  /** Lots to match or rest: a reduce-only child's are held to the position without changing the order. */
  #workable(order: VenueOrder): number {
    return order.reduceOnly ? Math.min(order.leavesQty, this.#reducible(order)) : order.leavesQty;
  }

  #reducible(order: VenueOrder): number {
    return this.#options.positions.reducible(order.holder, order.listing, order.side);
  }

  #crosses(order: VenueOrder): boolean {
    return order.price !== noPrice && this.wouldTake(order.side, order.price);
  }

  /** Whether all of it could be taken now. Reduce-only makers and own ones do not count: they may be gone when it comes to them. */
  #fillable(order: VenueOrder, limit: number, qty: number): boolean {
    let doubtful = 0;
    for (const maker of this.#options.live()) {
      if (!maker.inBook || maker.listing !== order.listing || maker.side === order.side) continue;
      if (order.side === bidSide ? maker.price > limit : maker.price < limit) continue;
      const own = this.#options.selfMatch !== 'allow' && maker.holder === order.holder;
      if (own || maker.reduceOnly) doubtful += Math.max(0, this.#book.qtyOf(maker.slot));
    }
    return this.#book.available(order.side, limit, qty + doubtful) >= qty + doubtful;
  }
}

function setQty(order: VenueOrder, orderQty: number): void {
  order.orderQty = lotsUnchecked(orderQty);
  order.leavesQty = lotsUnchecked(orderQty - order.cumQty);
}

/** Holders count from 0, owners from 1. */
function ownerOf(order: VenueOrder): number {
  return order.holder + 1;
}
