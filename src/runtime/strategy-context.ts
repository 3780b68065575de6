import { assert } from '../base/assert.ts';
import { prng, type Prng, type PrngState } from '../base/prng.ts';
import type { Split } from '../base/split.ts';
import { lotsUnchecked, microsUnchecked, ticksUnchecked, type Lots, type Micros } from '../base/units.ts';
import type { ListingRow } from '../core/registry.ts';
import type { EventSeq, ListingIx, RowIx } from '../domain/ids.ts';
import type { Intent, IntentAction } from '../domain/input.ts';
import type { Listing } from '../domain/instrument.ts';
import { noPrice, noTime } from '../domain/order.ts';
import type { BookView, OrderProposal, OwnFill, OwnOrder, StrategyContext } from '../ports/strategy.ts';
import type { OwnEvent } from './host-port.ts';
import { OwnMoney, type MoneyTerms, type PriceView } from './own-money.ts';
import { OwnOrders } from './own-orders.ts';

/** Most timers of one strategy, most proposals in one callback. */
export const maxTimers = 64;
export const maxProposalsPerCallback = 256;

/** What a row has, whichever instance serves it: plain values that may go to another thread. */
export interface Carried {
  readonly tag: number;
  readonly positions: readonly (readonly [ListingIx, Lots])[];
  readonly orders: readonly OwnOrder[];
  readonly timers: readonly (readonly [string, Micros])[];
  readonly money: ReturnType<OwnMoney['state']>;
  /** What the core's numbers of its orders are above the strategy's own. */
  readonly shift: number;
  /** Lots by listing that a version in shadow holds in its mind beside those of the simulator. */
  readonly imagined: readonly (readonly [ListingIx, number])[];
  /** Numbers of replacements that are not answered yet, and of the orders that they replace. */
  readonly replaces: readonly (readonly [number, number])[];
  /** null = its stream begins anew. */
  readonly random: PrngState | null;
}

/** What the host hands to a context: the market as this host sees it. */
export interface HostView extends PriceView {
  readonly books: readonly BookView[];
  readonly listings: readonly ListingRow[];
  /** Money per tick and lot as a double, by ListingIx. */
  tickValue(ix: ListingIx): number;
}

/** One strategy's side of the world: its orders, positions, timers and what it has proposed in the callback that runs now. */
export class Context implements StrategyContext {
  readonly row: RowIx;
  readonly universe: readonly ListingIx[];
  readonly random: Prng;
  readonly #timers = new Map<string, Micros>();
  /** Names of timers that were set and that nobody outside has heard of yet. */
  readonly newTimers: string[] = [];
  now: Micros = microsUnchecked(0);
  capital = 0;
  epoch = 0;
  trading = false;
  eventSeq: EventSeq = 0;
  proposals: Intent[] = [];
  #soonest: Micros | undefined;
  #soonestKnown = true;
  /** Numbers that the core has are above the strategy's by this: what it adopted was numbered for another version. */
  shift = 0;
  #tag: number;
  readonly #imagined = new Map<ListingIx, number>();
  readonly #view: HostView;
  readonly #positions = new Map<ListingIx, Lots>();
  /** Those of them that are not flat. */
  readonly #held = new Map<ListingIx, Lots>();
  /** The same by listing, for looks by the million. */
  #lots: Float64Array;
  readonly #orders = new OwnOrders();
  readonly #money: OwnMoney;

  constructor(view: HostView, row: RowIx, universe: readonly ListingIx[], seed: string, tagBase: number, money?: MoneyTerms) {
    this.#view = view;
    this.row = row;
    this.universe = universe;
    this.random = prng(seed);
    this.#tag = tagBase;
    this.#lots = new Float64Array(view.listings.length);
    this.#money = new OwnMoney(view.listings, universe, money);
  }

  /** By the core's count. */
  get lastTag(): number {
    return this.#tag + this.shift;
  }

  listing(ix: ListingIx): Listing {
    return this.#view.listings[ix].listing;
  }

  book(ix: ListingIx): BookView {
    return this.#view.books[ix];
  }

  position(ix: ListingIx): Lots {
    return lotsUnchecked(ix < this.#lots.length ? this.#lots[ix] : 0);
  }

  orders(): readonly OwnOrder[] {
    return this.#orders.list();
  }

  order(tag: number): OwnOrder | undefined {
    return this.#orders.get(tag);
  }

  tickValue(ix: ListingIx): number {
    return this.#view.tickValue(ix) * this.#money.rateOf(ix, this.#view);
  }

  equity(of?: ListingIx): Readonly<Split> | undefined {
    const own = this.#money.equity(this.capital, this.#held, this.#view);
    return of === undefined || own === undefined ? own : this.#money.inCurrencyOf(of, own, this.#view);
  }

  moneyPerTickLot(ix: ListingIx): number {
    return this.#view.listings[ix].moneyPerTickLot;
  }

  place(proposal: OrderProposal): number {
    const tag = this.#propose('new', proposal, 0);
    if (this.trading) this.#orders.add(tag, proposal);
    return tag;
  }

  replace(tag: number, proposal: OrderProposal): number {
    const replacement = this.#propose('replace', proposal, tag);
    if (this.trading) this.#orders.replacing(replacement, tag);
    return replacement;
  }

  cancel(tag: number): void {
    const own = this.#orders.get(tag);
    this.#propose(
      'cancel',
      { listing: own?.listing ?? this.universe[0], side: own?.side ?? 'buy', ordType: 'limit', orderQty: lotsUnchecked(0) },
      tag,
    );
  }

  cancelAll(): void {
    this.#propose('cancelAll', { listing: this.universe[0], side: 'buy', ordType: 'limit', orderQty: lotsUnchecked(0) }, 0);
  }

  setTimer(name: string, at: Micros): void {
    if (!this.#timers.has(name) && this.#timers.size >= maxTimers)
      throw new RangeError(`timer ${name}: expected at most ${maxTimers} timers`);
    this.#timers.set(name, at);
    this.#soonestKnown = false;
    if (!this.newTimers.includes(name)) this.newTimers.push(name);
  }

  get timers(): ReadonlyMap<string, Micros> {
    return this.#timers;
  }

  /** Earliest time of a timer; undefined = none is set. */
  get nextTimerAt(): Micros | undefined {
    if (this.#soonestKnown) return this.#soonest;
    this.#soonest = undefined;
    for (const at of this.#timers.values()) if (this.#soonest === undefined || at < this.#soonest) this.#soonest = at;
    this.#soonestKnown = true;
    return this.#soonest;
  }

  dropTimer(name: string): void {
    this.#timers.delete(name);
    this.#soonestKnown = false;
  }

  /** Takes a timer that another thread's context of this row has set. */
  noteTimer(name: string, at: Micros): void {
    this.#timers.set(name, at);
    this.#soonestKnown = false;
  }

  carry(): Carried {
    return {
      tag: this.#tag,
      positions: [...this.#positions],
      orders: this.orders(),
      timers: [...this.#timers],
      money: this.#money.state(),
      shift: this.shift,
      imagined: [...this.#imagined],
      replaces: this.#orders.replaces(),
      random: this.random.state(),
    };
  }

  /** Goes on from what the row's last context had. */
  restore({ tag, positions, orders, timers, money, shift, imagined, replaces, random }: Carried): void {
    this.#tag = Math.max(this.#tag - shift, tag);
    this.shift = shift;
    for (const [listing, lots] of imagined) this.#imagined.set(listing, lots);
    if (random !== null) this.random.restore(random);
    for (const [listing, position] of positions) this.#hold(listing, position);
    this.#orders.restore(orders, replaces);
    for (const [name, at] of timers) this.noteTimer(name, at);
    this.#money.restore(money);
  }

  /** Takes an intent that another thread's context of this row has proposed. */
  note(intent: Intent): void {
    const tag = intent.tag - this.shift;
    this.#tag = Math.max(this.#tag, tag);
    if (intent.action === 'new') this.#orders.add(tag, intent);
    if (intent.action === 'replace') this.#orders.replacing(tag, intent.targetTag - this.shift);
  }

  #propose(action: IntentAction, proposal: OrderProposal, targetTag: number): number {
    const tag = ++this.#tag;
    if (!this.trading) return tag;
    if (this.proposals.length >= maxProposalsPerCallback)
      throw new RangeError(`proposals: expected at most ${maxProposalsPerCallback} in one callback`);
    const book = this.#view.books[proposal.listing];
    this.proposals.push({
      kind: 'intent',
      action,
      row: this.row,
      tag: tag + this.shift,
      targetTag: targetTag === 0 ? 0 : targetTag + this.shift,
      eventSeq: this.eventSeq,
      epoch: this.epoch,
      listing: proposal.listing,
      side: proposal.side,
      ordType: proposal.ordType,
      timeInForce: proposal.timeInForce ?? 'gtc',
      orderQty: proposal.orderQty,
      price: proposal.price ?? ticksUnchecked(noPrice),
      stopPx: proposal.stopPx ?? ticksUnchecked(noPrice),
      targetPx: proposal.targetPx ?? ticksUnchecked(noPrice),
      trailOffset: proposal.trailOffset ?? 0,
      expireTime: proposal.expireTime ?? microsUnchecked(noTime),
      postOnly: proposal.postOnly ?? false,
      reduceOnly: proposal.reduceOnly ?? false,
      parentOrderID: 0,
      decisionAt: this.now,
      arrivalBid: book.bidPx(0),
      arrivalAsk: book.askPx(0),
      reason: proposal.reason ?? '',
      compliance: '',
    });
    return tag;
  }

  #hold(listing: ListingIx, position: Lots): void {
    this.#positions.set(listing, position);
    if (position === 0) this.#held.delete(listing);
    else this.#held.set(listing, position);
    if (listing >= this.#lots.length) {
      const wider = new Float64Array(Math.max(listing + 1, this.#view.listings.length));
      wider.set(this.#lots);
      this.#lots = wider;
    }
    this.#lots[listing] = position;
  }

  /** Its next order gets a number above this one, by the core's count. */
  numberAbove(lastTag: number): void {
    this.shift = Math.max(0, lastTag - this.#tag);
  }

  /** Its orders are somebody else's. */
  leaveOrders(): void {
    this.#orders.clear();
  }

  /** Its orders are somebody else's; it goes on with the simulator, where it has `paper` lots, as if it still held what it held. */
  standBy(paper: readonly (readonly [ListingIx, number])[]): void {
    this.leaveOrders();
    const simulated = new Map(paper);
    for (const [listing, position] of this.#positions) this.#imagined.set(listing, position - (simulated.get(listing) ?? 0));
  }

  /** An event of the core in the strategy's own numbers. */
  own(event: OwnEvent): OwnEvent {
    if (event.kind === 'ownHolding') return this.#imagining(event);
    if (event.kind === 'ownUpdate') {
      if (this.shift === 0) return event;
      return { ...event, update: { ...event.update, tag: event.update.tag - this.shift } };
    }
    const imagined = this.#imagined.get(event.fill.listing) ?? 0;
    if (this.shift === 0 && imagined === 0) return event;
    const { tag, position } = event.fill;
    return { ...event, fill: { ...event.fill, tag: tag - this.shift, position: lotsUnchecked(position + imagined) } };
  }

  #imagining(event: Extract<OwnEvent, { kind: 'ownHolding' }>): OwnEvent {
    const { holding } = event;
    const imagined = this.#imagined.get(holding.listing) ?? 0;
    return imagined === 0 ? event : { ...event, holding: { ...holding, position: lotsUnchecked(holding.position + imagined) } };
  }

  /** An order of its own was filled; the lots may be somebody else's. */
  progress(fill: OwnFill): void {
    this.#orders.progress(fill);
  }

  /** Takes what happened to an own order, or to what it holds, before the callback hears of it. */
  apply(event: OwnEvent): void {
    if (event.kind === 'ownHolding') {
      const { listing, position, cash, currency } = event.holding;
      if (listing >= 0) this.#hold(listing, position);
      this.#money.receive(cash, currency);
      return;
    }
    if (event.kind === 'ownFill') {
      const { fill } = event;
      this.#hold(fill.listing, fill.position);
      this.#money.book(fill.listing, event.money);
      this.progress(fill);
      return;
    }
    this.#orders.apply(event);
  }

  /** Proposals of the callback that just ran; the list is handed over. */
  take(): readonly Intent[] {
    const taken = this.proposals;
    assert(
      taken.every((intent) => intent.row === this.row),
      'a context proposes for its own row only',
    );
    this.proposals = [];
    return taken;
  }
}
