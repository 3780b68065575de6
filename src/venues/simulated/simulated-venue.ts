import type { Prng } from '../../base/prng.ts';
import type { Micros } from '../../base/units.ts';
import type { AccountIx, ClOrdID, ListingIx, VenueIx } from '../../domain/ids.ts';
import type { Listing } from '../../domain/instrument.ts';
import type { Order } from '../../domain/order.ts';
import type { RiskChecked } from '../../domain/risk-checked.ts';
import type { VenueCapabilities } from '../../domain/venue.ts';
import type { CancelRequest, NoticeSink, ReportSink, SendResult, StatementRequest, VenuePort } from '../../ports/venue.ts';
import type { AccountPosition } from './account-positions.ts';
import { FastBook } from './fast-book.ts';
import type { VenueFaults } from './faults.ts';
import { Floor } from './floor.ts';
import type { ListingPhase } from './floor.ts';
import type { Latency } from './latency.ts';
import { askSide, bidSide, type MatchingBook } from './matching-book.ts';
import type { MatchingEngine } from './matching-engine.ts';
import type { SelfMatchPolicy, Tape } from './engine-options.ts';
import { OrderEntry } from './order-entry.ts';
import type { ListingMoney } from './report-writer.ts';
import type { VenueOrder } from './venue-order.ts';

/** A listing and what it is traded in. */
export interface SimulatedListing extends ListingMoney {
  readonly ix: ListingIx;
  readonly listing: Listing;
  /** Where its prints and changed levels go; made for its book. */
  readonly tape?: (book: MatchingBook) => Tape;
  /** Hears of executions of resting orders that are not the desk's: how many lots, and how many are left of it. */
  readonly onForeign?: (makerID: number, qty: number, leavesQty: number) => void;
}

export interface SimulatedVenueOptions {
  readonly venue: VenueIx;
  readonly prefix: string;
  readonly simulated: boolean;
  readonly listings: readonly SimulatedListing[];
  readonly capabilities: VenueCapabilities;
  readonly orderLatency: Latency;
  readonly reportLatency: Latency;
  readonly selfMatch: SelfMatchPolicy;
  readonly luck: Prng;
  readonly faults?: VenueFaults;
  /** Most resting orders per listing; 65,536 when left out. */
  readonly maxRestingOrders?: number;
  /** Called before and after anything is carried out at a time. */
  readonly before?: (at: Micros) => void;
  readonly after?: (at: Micros) => void;
}

/** Everything that the simulated venues can do. */
export const fullCapabilities: VenueCapabilities = {
  ordTypes: ['market', 'limit', 'stop', 'stopLimit', 'trailingStop', 'bracket'],
  timesInForce: ['day', 'gtc', 'ioc', 'fok', 'gtd'],
  postOnly: true,
  reduceOnly: true,
  replace: 'atomic',
  massCancel: true,
  deadManSwitch: 'none',
  selfMatchID: true,
  queryByClOrdID: true,
  throttlePerSecond: 0,
};

const defaultMaxResting = 65_536;

/** A venue of our own on the virtual clock: order-level books, every order type, latency, faults by seed. */
export class SimulatedVenue implements VenuePort {
  readonly capabilities: VenueCapabilities;
  readonly floor: Floor;
  readonly #entry: OrderEntry;
  readonly #books = new Map<ListingIx, MatchingBook>();

  constructor(options: SimulatedVenueOptions) {
    this.capabilities = options.capabilities;
    const { capabilities, orderLatency, reportLatency, luck, faults, before, after } = options;
    this.#entry = new OrderEntry({
      capabilities,
      orderLatency,
      reportLatency,
      luck,
      ...(faults === undefined ? {} : { faults }),
      ...(before === undefined ? {} : { before }),
      ...(after === undefined ? {} : { after }),
    });
    const listings = options.listings.map((row) => {
      const book = new FastBook(options.maxRestingOrders ?? defaultMaxResting);
      this.#books.set(row.ix, book);
      const { tape, ...rest } = row;
      return tape === undefined ? { ...rest, book } : { ...rest, book, tape: tape(book) };
    });
    const { venue, prefix, selfMatch, simulated } = options;
    this.floor = new Floor({ venue, prefix, listings, selfMatch, simulated, report: (report) => this.#entry.post(report) });
    this.#entry.floor = this.floor;
  }

  send(order: RiskChecked<Readonly<Order>>, at: Micros): SendResult {
    return this.#entry.send(order, at);
  }

  replace(order: RiskChecked<Readonly<Order>>, at: Micros): SendResult {
    return this.#entry.replace(order, at);
  }

  cancel(request: CancelRequest, at: Micros): SendResult {
    return this.#entry.cancel(request, at);
  }

  cancelAll(at: Micros): SendResult {
    return this.#entry.cancelAll(at);
  }

  query(clOrdID: ClOrdID, at: Micros): SendResult {
    return this.#entry.query(clOrdID, at);
  }

  statement(request: StatementRequest, at: Micros): SendResult {
    return this.#entry.statement(request, at);
  }

  /** Loses the session from `at` to `until`. */
  disconnect(at: Micros, until: Micros): void {
    this.#entry.disconnect(at, until);
  }

  dropSession(at: Micros): SendResult {
    return this.#entry.dropSession(at);
  }

  expireDeadMan(at: Micros): SendResult {
    return this.#entry.expireDeadMan(at);
  }

  nextEventAt(): Micros | undefined {
    return this.#entry.nextEventAt();
  }

  advance(to: Micros, sink: ReportSink, notices?: NoticeSink): void {
    this.#entry.advance(to, sink, notices);
  }

  /** Carries out requests that have arrived up to `to`; their reports wait for `advance`. */
  run(to: Micros): void {
    this.#entry.run(to);
  }

  setPhase(listing: ListingIx, phase: ListingPhase, at: Micros): void {
    this.run(at);
    this.floor.now = at;
    this.floor.setPhase(listing, phase);
  }

  engine(listing: ListingIx): MatchingEngine {
    return this.floor.engine(listing);
  }

  book(listing: ListingIx): MatchingBook {
    const book = this.#books.get(listing);
    if (book === undefined) throw new RangeError(`simulated venue: listing ${listing} is not traded here`);
    return book;
  }

  /** What reconciliation compares. */
  positionList(): readonly AccountPosition[] {
    return this.floor.positionList();
  }

  /** Gives an account a position that it held before the venue began; lots, signed. */
  hold(account: AccountIx, listing: ListingIx, position: number): void {
    this.floor.positions.add(account, listing, position < 0 ? askSide : bidSide, Math.abs(position));
  }

  openOrders(account: AccountIx): readonly VenueOrder[] {
    return this.floor.openOrders(account);
  }
}
