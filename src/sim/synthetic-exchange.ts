import { assert } from '../base/assert.ts';
import { prng } from '../base/prng.ts';
import type { Prng } from '../base/prng.ts';
import { microsUnchecked } from '../base/units.ts';
import type { Micros } from '../base/units.ts';
import type { AccountIx, ClOrdID, FeedIx, ListingIx, VenueIx } from '../domain/ids.ts';
import type { Listing } from '../domain/instrument.ts';
import type { MarketEvent } from '../domain/market.ts';
import type { Order } from '../domain/order.ts';
import type { RiskChecked } from '../domain/risk-checked.ts';
import type { VenueCapabilities } from '../domain/venue.ts';
import type { RecordedFeed } from '../ports/feed.ts';
import type { CancelRequest, NoticeSink, ReportSink, SendResult, StatementRequest, VenuePort } from '../ports/venue.ts';
import type { AccountPosition } from '../venues/simulated/account-positions.ts';
import type { SelfMatchPolicy, Tape } from '../venues/simulated/engine-options.ts';
import type { VenueFaults } from '../venues/simulated/faults.ts';
import type { ListingPhase } from '../venues/simulated/floor.ts';
import { fixedLatency } from '../venues/simulated/latency.ts';
import type { Latency } from '../venues/simulated/latency.ts';
import type { MatchingBook } from '../venues/simulated/matching-book.ts';
import type { ListingMoney } from '../venues/simulated/report-writer.ts';
import { SimulatedVenue, fullCapabilities } from '../venues/simulated/simulated-venue.ts';
import type { VenueOrder } from '../venues/simulated/venue-order.ts';
import { MarketEvents } from './market-events.ts';
import { SyntheticMarket } from './synthetic-market.ts';
import { normalTerms } from './synthetic-terms.ts';
import type { SyntheticTerms } from './synthetic-terms.ts';

export interface SyntheticListing extends ListingMoney {
  readonly ix: ListingIx;
  readonly listing: Listing;
  /** The normal regime when left out. */
  readonly terms?: SyntheticTerms;
}

export interface SyntheticExchangeOptions {
  readonly seed: number | string;
  readonly venue: VenueIx;
  readonly feed: FeedIx;
  readonly listings: readonly SyntheticListing[];
  readonly startAt: Micros;
  /** The feed ends here; never when left out. */
  readonly endAt?: Micros;
  /** Microseconds from the exchange to the desk; 200 when left out. */
  readonly feedLatency?: number;
  /** 300 and 200 microseconds when left out. */
  readonly orderLatency?: Latency;
  readonly reportLatency?: Latency;
  readonly selfMatch?: SelfMatchPolicy;
  readonly capabilities?: VenueCapabilities;
  readonly prefix?: string;
  readonly faults?: VenueFaults;
}

const defaultFeedLatency = 200;
const defaultOrderLatency = 300;
const defaultReportLatency = 200;
/** Most events that wait to be read: more than one action of every listing can cause. */
export const maxWaitingEvents = 1_048_576;

/**
 * An exchange with a population: agents trade each listing around a latent value, in the same order-level book that the desk's orders meet. It is a feed
 * (`peek`, `next`) and a venue (`send` … `advance`) on one virtual clock: pulling either moves the agents, and what is due earlier happens earlier.
 * The same seed and the same requests give the same events, bit for bit.
 */
export class SyntheticExchange implements VenuePort, RecordedFeed {
  readonly capabilities: VenueCapabilities;
  readonly #venue: SimulatedVenue;
  readonly #floors = new Map<ListingIx, { readonly events: MarketEvents; market: SyntheticMarket | undefined }>();
  readonly #markets: SyntheticMarket[] = [];
  readonly #endAt: number;
  readonly #feedLatency: number;
  readonly #waiting: MarketEvent[] = [];
  #read = 0;
  #feedSeq = 0;

  constructor(options: SyntheticExchangeOptions) {
    const { venue, listings, startAt, faults } = options;
    this.capabilities = options.capabilities ?? fullCapabilities;
    this.#endAt = options.endAt ?? Infinity;
    this.#feedLatency = options.feedLatency ?? defaultFeedLatency;
    const luck = prng(options.seed);
    this.#venue = new SimulatedVenue({
      venue,
      prefix: options.prefix ?? 'SIM',
      simulated: false,
      listings: listings.map((row) => ({
        ...row,
        tape: (book) => this.#tapeOf(row.ix, book, options),
        onForeign: (id, qty, leavesQty) => this.#floors.get(row.ix)?.market?.onForeign(id, qty, leavesQty),
      })),
      capabilities: this.capabilities,
      orderLatency: options.orderLatency ?? fixedLatency(defaultOrderLatency),
      reportLatency: options.reportLatency ?? fixedLatency(defaultReportLatency),
      selfMatch: options.selfMatch ?? 'cancelResting',
      luck: luck.fork('latency'),
      ...(faults === undefined ? {} : { faults }),
      before: (at) => this.#catchUp(at),
      after: () => this.#flush(),
    });
    for (const { ix, listing, terms } of listings) this.#populate(ix, terms ?? normalTerms, luck.fork(listing.listingID), startAt);
    this.#waiting.length = 0;
    this.#feedSeq = 0;
    for (const { events } of this.#floors.values()) events.open(startAt);
  }

  /** From `at` on, over `duration` microseconds, the listing's value moves by `size` ticks on top of everything else. */
  shock(listing: ListingIx, at: Micros, size: number, duration: number): void {
    const market = this.#marketOf(listing);
    market.value.shock(market.secondsAt(at), size, duration / 1_000_000);
  }

  /** What nobody sees: the value of a listing in ticks, as of its last act. For tests and pictures. */
  latentValue(listing: ListingIx): number {
    return this.#marketOf(listing).value.value;
  }

  peek(): Micros | undefined {
    const at = this.#read < this.#waiting.length ? this.#waiting[this.#read].receivedAt : this.#nextAct() + this.#feedLatency;
    return at > this.#endAt ? undefined : microsUnchecked(at);
  }

  /** The next event; undefined when the act that was due changed nothing that is published, though more may come, or at the end (`peek` tells). */
  next(): MarketEvent | undefined {
    if (this.peek() === undefined) return undefined;
    if (this.#read === this.#waiting.length) {
      this.#waiting.length = 0;
      this.#read = 0;
      const at = microsUnchecked(this.#nextAct());
      this.#venue.run(at);
      this.#actAt(at);
    }
    return this.#read < this.#waiting.length ? this.#waiting[this.#read++] : undefined;
  }

  send(order: RiskChecked<Readonly<Order>>, at: Micros): SendResult {
    return this.#venue.send(order, at);
  }

  replace(order: RiskChecked<Readonly<Order>>, at: Micros): SendResult {
    return this.#venue.replace(order, at);
  }

  cancel(request: CancelRequest, at: Micros): SendResult {
    return this.#venue.cancel(request, at);
  }

  cancelAll(at: Micros): SendResult {
    return this.#venue.cancelAll(at);
  }

  query(clOrdID: ClOrdID, at: Micros): SendResult {
    return this.#venue.query(clOrdID, at);
  }

  statement(request: StatementRequest, at: Micros): SendResult {
    return this.#venue.statement(request, at);
  }

  /** Loses the session from `at` to `until`. */
  disconnect(at: Micros, until: Micros): void {
    this.#venue.disconnect(at, until);
  }

  dropSession(at: Micros): SendResult {
    return this.#venue.dropSession(at);
  }

  expireDeadMan(at: Micros): SendResult {
    return this.#venue.expireDeadMan(at);
  }

  nextEventAt(): Micros | undefined {
    return this.#venue.nextEventAt();
  }

  advance(to: Micros, sink: ReportSink, notices?: NoticeSink): void {
    this.#venue.advance(to, sink, notices);
  }

  setPhase(listing: ListingIx, phase: ListingPhase, at: Micros): void {
    this.#catchUp(at);
    this.#marketOf(listing).trading = phase === 'open';
    this.#venue.setPhase(listing, phase, at);
    this.#flush();
  }

  /** What reconciliation compares. */
  positionList(): readonly AccountPosition[] {
    return this.#venue.positionList();
  }

  /** Gives an account a position that it held before the exchange began; lots, signed. */
  hold(account: AccountIx, listing: ListingIx, position: number): void {
    this.#venue.hold(account, listing, position);
  }

  openOrders(account: AccountIx): readonly VenueOrder[] {
    return this.#venue.openOrders(account);
  }

  #tapeOf(ix: ListingIx, book: MatchingBook, options: SyntheticExchangeOptions): Tape {
    const emit = (event: MarketEvent): void => {
      assert(this.#waiting.length < maxWaitingEvents, `at most ${maxWaitingEvents} market events wait to be read`);
      this.#waiting.push(event);
    };
    const nextSeq = (): number => ++this.#feedSeq;
    const events = new MarketEvents({ listing: ix, feed: options.feed, feedLatency: this.#feedLatency, nextSeq, emit }, book);
    this.#floors.set(ix, { events, market: undefined });
    return events;
  }

  /** Puts the agents on a listing's floor and lets them trade until the start. */
  #populate(ix: ListingIx, terms: SyntheticTerms, luck: Prng, startAt: Micros): void {
    const floor = this.#floors.get(ix);
    assert(floor !== undefined, 'a listing has a tape');
    const { events } = floor;
    const setNow = (at: Micros): void => {
      this.#venue.floor.now = at;
      events.now = at;
    };
    const market = new SyntheticMarket({
      terms,
      luck,
      engine: this.#venue.engine(ix),
      book: this.#venue.book(ix),
      events,
      setNow,
      startAt,
    });
    floor.market = market;
    this.#markets.push(market);
    while (market.nextAt < startAt) {
      market.act();
      this.#waiting.length = 0;
    }
  }

  #nextAct(): number {
    let next = Infinity;
    for (const market of this.#markets) if (market.nextAt < next) next = market.nextAt;
    return next;
  }

  /** Everything that agents do before `at`. */
  #catchUp(at: Micros): void {
    for (let next = this.#nextAct(); next < at; next = this.#nextAct()) this.#actAt(microsUnchecked(next));
    for (const { events } of this.#floors.values()) events.now = at;
  }

  /** Lets everybody act whose time is `at`, in order of the listings. */
  #actAt(at: Micros): void {
    for (const market of this.#markets) if (market.nextAt === at) market.act();
  }

  #flush(): void {
    for (const { events } of this.#floors.values()) events.flush();
  }

  #marketOf(listing: ListingIx): SyntheticMarket {
    const market = this.#floors.get(listing)?.market;
    if (market === undefined) throw new RangeError(`synthetic exchange: listing ${listing} is not traded here`);
    return market;
  }
}
