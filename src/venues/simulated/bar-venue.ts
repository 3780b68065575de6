import { splitZero, type Split } from '../../base/split.ts';
import { lotsUnchecked, microsUnchecked } from '../../base/units.ts';
import type { Micros } from '../../base/units.ts';
import type { AccountIx, ClOrdID, CurrencyIx, ListingIx, VenueIx } from '../../domain/ids.ts';
import type { Listing } from '../../domain/instrument.ts';
import type { Bar, MarketEvent } from '../../domain/market.ts';
import type { Order } from '../../domain/order.ts';
import type { Liquidity, Report } from '../../domain/report.ts';
import type { RiskChecked } from '../../domain/risk-checked.ts';
import type { VenueCapabilities } from '../../domain/venue.ts';
import type { CancelRequest, ReportSink, SendResult, VenuePort } from '../../ports/venue.ts';
import { refusalOfTerms } from './accept.ts';
import type { VenueReject } from './accept.ts';
import { AccountPositions } from './account-positions.ts';
import type { AccountPosition } from './account-positions.ts';
import { BarFeeBook } from './bar-fees.ts';
import type { BarFees, FeeMoney } from './bar-fees.ts';
import { maySlip, refusalOnBars } from './bar-order.ts';
import type { BarLife, BarReject } from './bar-order.ts';
import { BarPit } from './bar-pit.ts';
import type { BarPrices } from './bar-prices.ts';
import { requireSlippage } from './bar-slippage.ts';
import type { BarSlippage } from './bar-slippage.ts';
import { childFits } from './bracket-rules.ts';
import type { EngineVoice } from './engine-options.ts';
import { OrderTable, maxLiveOrders } from './order-table.ts';
import { applyTerms, keepsPriority, refusalOfChange } from './replace-rules.ts';
import { ReportWriter } from './report-writer.ts';
import { isAccount, isChild, isLive, venueOrderOf } from './venue-order.ts';
import type { VenueOrder } from './venue-order.ts';

/** A listing and what its money is counted in. */
export interface BarListing extends FeeMoney {
  readonly ix: ListingIx;
  readonly listing: Listing;
  readonly currency: CurrencyIx;
}

export interface BarVenueOptions {
  readonly venue: VenueIx;
  /** Before the number in execIDs and order ids; different for every simulator of a desk. */
  readonly prefix: string;
  readonly simulated: boolean;
  readonly listings: readonly BarListing[];
  readonly fees: BarFees;
  readonly slippage: BarSlippage;
  /** Most of a bar's volume that one order takes, bps; 1,000 when left out; `unlimited`: volumes are not known or do not matter. */
  readonly maxParticipationBps?: number | 'unlimited';
  /** When DAY orders end: with the next bar (daily bars), or at the first end of a session after the time given. */
  readonly dayEnds: 'nextBar' | ((listing: ListingIx, after: Micros) => Micros);
}

/** What can be said about orders on bars. */
export const barCapabilities: VenueCapabilities = {
  ordTypes: ['market', 'limit', 'stop', 'stopLimit', 'bracket'],
  timesInForce: ['day', 'gtc', 'ioc', 'gtd'],
  postOnly: false,
  reduceOnly: true,
  replace: 'atomic',
  massCancel: true,
  deadManSwitch: 'none',
  selfMatchID: false,
  queryByClOrdID: true,
  queuesOrders: true,
  throttlePerSecond: 0,
};

const defaultParticipationBps = 1_000;

interface Seat extends BarListing {
  readonly pit: BarPit;
  readonly bar: BarPrices;
  /** Its bar is in and not met yet. */
  waits: boolean;
}

/**
 * A venue that fills orders on bars. A bar is known at its close: all bars of one time are taken (`onMarket`), then `advance` fills the orders of all
 * instruments in ascending id and ends what runs out; what is placed at that time acts from the next bar on. It has no latency: bars are too coarse for one.
 */
export class BarVenue implements VenuePort {
  readonly capabilities = barCapabilities;
  readonly #options: BarVenueOptions;
  readonly #writer: ReportWriter;
  readonly #fees: BarFeeBook;
  readonly #fee = splitZero();
  readonly #positions = new AccountPositions();
  readonly #orders = new OrderTable();
  readonly #seats: (Seat | undefined)[] = [];
  /** Place of each listing in the order of instrument ids. */
  readonly #ranks: number[] = [];
  /** Listings whose bar is in and not met yet, and when it came. */
  #waiting: ListingIx[] = [];
  /** By listing: 1 = its pit may have something that a bar meets. */
  readonly #busy: Uint8Array;
  #waitingAt = 0;
  readonly #reports: Report[] = [];
  #now: Micros = microsUnchecked(0);
  #cancelRequest: ClOrdID = 0;
  #cancelTarget: VenueOrder | undefined;

  /** @throws RangeError when a rate, tier or share is outside its range. */
  constructor(options: BarVenueOptions) {
    this.#options = options;
    this.#writer = new ReportWriter(options.venue, options.prefix, options.simulated);
    this.#fees = new BarFeeBook(options.fees);
    requireSlippage(options.slippage);
    const maxParticipationBps = options.maxParticipationBps ?? defaultParticipationBps;
    if (
      maxParticipationBps !== 'unlimited' &&
      !(Number.isInteger(maxParticipationBps) && maxParticipationBps >= 1 && maxParticipationBps <= 10_000)
    ) {
      throw new RangeError(`participation: expected 1…10000 bps of a bar's volume, was ${maxParticipationBps}`);
    }
    const { slippage, listings } = options;
    this.#busy = new Uint8Array(Math.max(0, ...listings.map(({ ix }) => ix + 1))).fill(1);
    for (const row of listings) {
      const pit = new BarPit({ positions: this.#positions, voice: this.#voiceOf(row), slippage, maxParticipationBps });
      this.#seats[row.ix] = { ...row, pit, bar: { closeTime: 0, open: 0, high: 0, low: 0, close: 0, volume: 0 }, waits: false };
    }
    const byID = [...listings].sort((a, b) =>
      a.listing.instrumentID < b.listing.instrumentID ? -1 : a.listing.instrumentID > b.listing.instrumentID ? 1 : a.ix - b.ix,
    );
    byID.forEach((row, rank) => (this.#ranks[row.ix] = rank));
  }

  /** Takes a bar; other events say nothing here. */
  onMarket(event: MarketEvent): void {
    if (event.kind !== 'bar') return;
    const seat = this.#seats[event.listing];
    if (seat === undefined) return;
    if (seat.pit.isIdle) return;
    if (seat.waits) throw new RangeError(`bar venue: listing ${event.listing} has a bar of ${event.eventTime} before the last one was met`);
    copyBar(seat.bar, event);
    seat.waits = true;
    this.#waiting.push(event.listing);
    this.#waitingAt = event.receivedAt;
  }

  /** Whether a bar of the listing would meet anything. */
  hears(listing: ListingIx): boolean {
    if (this.#busy[listing] === 0) return false;
    if (this.#seats[listing]?.pit.isIdle === false) return true;
    this.#busy[listing] = 0;
    return false;
  }

  /** When something is due next: bars that wait, reports; undefined = nothing. */
  nextEventAt(): Micros | undefined {
    if (this.#waiting.length > 0) return microsUnchecked(this.#waitingAt);
    return this.#reports[0]?.transactTime;
  }

  /** Lets orders meet the bars that are in, and hands over the reports, in order. */
  advance(to: Micros, sink: ReportSink): void {
    if (this.#waiting.length > 0 && this.#waitingAt <= to) this.#meetBars();
    let taken = 0;
    while (taken < this.#reports.length && this.#reports[taken].transactTime <= to) sink(this.#reports[taken++]);
    this.#reports.splice(0, taken);
  }

  /** The contract behind a listing's series changes by a jump: its orders are taken back. */
  roll(listing: ListingIx, at: Micros): void {
    this.#now = at;
    this.#seats[listing]?.pit.roll();
  }

  /** What a market order of so many lots at a price would be charged now; it counts as traded. */
  chargeInto(out: Split, listing: ListingIx, qty: number, price: number, account: AccountIx, at: Micros): void {
    const seat = this.#seats[listing];
    if (seat === undefined) throw new RangeError(`bar venue: listing ${listing} is not traded here`);
    this.#fees.charge(out, price, qty, 'taker', account, at, seat);
  }

  /** `numerator` new lots for each `denominator` old ones of a listing from `at` on: its orders are taken back, positions follow. */
  split(listing: ListingIx, numerator: number, denominator: number, at: Micros): void {
    this.#now = at;
    this.#seats[listing]?.pit.split(numerator, denominator);
    this.#positions.scale(listing, numerator, denominator);
  }

  #meetBars(): void {
    const waiting = this.#waiting.sort((a, b) => this.#ranks[a] - this.#ranks[b]);
    this.#waiting = [];
    this.#now = microsUnchecked(this.#waitingAt);
    for (const ix of waiting) {
      const seat = this.#seats[ix];
      if (seat === undefined) continue;
      seat.waits = false;
      seat.pit.match(seat.bar);
    }
    for (const ix of waiting) this.#seats[ix]?.pit.finish();
  }

  send(order: RiskChecked<Readonly<Order>>, at: Micros): SendResult {
    const copy = venueOrderOf(order);
    this.#writer.number(copy);
    this.#now = at;
    const seat = this.#seats[copy.listing];
    const refusal = this.#refusal(copy, seat) ?? this.#join(copy, order.bracketOf);
    if (refusal !== undefined || seat === undefined) {
      this.#reject(copy, refusal ?? 'LISTING_NOT_TRADED_HERE');
      return 'sent';
    }
    this.#orders.add(copy);
    this.#busy[copy.listing] = 1;
    seat.pit.submit(copy, at, this.#lifeOf(copy, at));
    return 'sent';
  }

  replace(order: RiskChecked<Readonly<Order>>, at: Micros): SendResult {
    const terms = venueOrderOf(order);
    this.#now = at;
    const target = this.#orders.get(order.origClOrdID);
    const seat = target === undefined ? undefined : this.#seats[target.listing];
    const refusal =
      target === undefined || seat === undefined
        ? 'UNKNOWN_ORDER'
        : this.#orders.has(terms.clOrdID)
          ? 'DUPLICATE_CLORDID'
          : (refusalOfChange(target, terms) ?? refusalOfTerms(terms, seat.listing, at) ?? refusalOnBars(terms));
    if (refusal !== undefined || target === undefined || seat === undefined) {
      this.#reports.push(this.#writer.blank(terms.listing, 'replaceRejected', at, refusal ?? '', terms.clOrdID, order.origClOrdID));
      return 'sent';
    }
    seat.pit.amend(target, keepsPriority(target, terms), this.#lifeOf(terms, at), () => {
      const replacedID = target.clOrdID;
      applyTerms(target, terms);
      this.#orders.rename(target, terms.clOrdID);
      this.#reports.push(this.#writer.changed(target, 'replaced', at, '', replacedID));
    });
    return 'sent';
  }

  cancel(request: CancelRequest, at: Micros): SendResult {
    this.#now = at;
    const order = this.#orders.get(request.target);
    if (order === undefined || !isLive(order)) {
      const text = order === undefined ? 'UNKNOWN_ORDER' : 'TOO_LATE_TO_CANCEL';
      this.#reports.push(this.#writer.blank(request.listing, 'cancelRejected', at, text, request.clOrdID, request.target));
      return 'sent';
    }
    this.#cancelRequest = request.clOrdID;
    this.#cancelTarget = order;
    this.#seats[order.listing]?.pit.withdraw(order, 'canceled', '');
    this.#cancelTarget = undefined;
    return 'sent';
  }

  cancelAll(at: Micros): SendResult {
    this.#now = at;
    for (const order of this.#orders.liveOrders())
      if (isLive(order)) this.#seats[order.listing]?.pit.withdraw(order, 'canceled', 'MASS_CANCEL');
    return 'sent';
  }

  query(clOrdID: ClOrdID, at: Micros): SendResult {
    const order = this.#orders.get(clOrdID);
    if (order === undefined) this.#reports.push(this.#writer.blank(0, 'unknownOrder', at, '', clOrdID, 0));
    else
      this.#reports.push(
        this.#writer.about(order, 'orderStatus', at, isLive(order) ? (order.cumQty > 0 ? 'partiallyFilled' : 'new') : order.state),
      );
    return 'sent';
  }

  /** What reconciliation compares. */
  positionList(): readonly AccountPosition[] {
    return this.#positions.list();
  }

  openOrders(account: AccountIx): readonly VenueOrder[] {
    return this.#orders.liveOrders().filter((order) => isAccount(order.holder) && order.holder === account);
  }

  #refusal(order: VenueOrder, seat: Seat | undefined): VenueReject | BarReject | undefined {
    if (seat === undefined) return 'LISTING_NOT_TRADED_HERE';
    if (this.#orders.has(order.clOrdID)) return 'DUPLICATE_CLORDID';
    if (this.#orders.live >= maxLiveOrders) return 'VENUE_FULL';
    const refusal = refusalOfTerms(order, seat.listing, this.#now) ?? refusalOnBars(order);
    if (refusal !== undefined) return refusal;
    if (this.#options.slippage.kind === 'squareRoot' && maySlip(order) && !seat.pit.history.isFull) return 'TOO_FEW_BARS_FOR_SLIPPAGE';
    const closes = order.reduceOnly && !isChild(order);
    return closes && this.#positions.reducible(order.holder, order.listing, order.side) === 0 ? 'REDUCE_ONLY_WOULD_INCREASE' : undefined;
  }

  /** Ties an order to its bracket. A child whose entry is gone without a fill is refused: there is nothing to protect. */
  #join(order: VenueOrder, bracketOf: ClOrdID): VenueReject | undefined {
    if (order.leg === 'entry') order.bracket = { entry: order, stop: undefined, target: undefined };
    if (!isChild(order)) return undefined;
    const bracket = this.#orders.get(bracketOf)?.bracket;
    if (bracket === undefined || (!isLive(bracket.entry) && bracket.entry.cumQty === 0)) return 'BRACKET_ENTRY_UNKNOWN';
    if (!childFits(order, bracket)) return 'BRACKET_CHILD_DOES_NOT_FIT';
    order.bracket = bracket;
    if (order.leg === 'stop') bracket.stop = order;
    else bracket.target = order;
    return undefined;
  }

  #reject(order: VenueOrder, text: VenueReject | BarReject): void {
    const known = this.#orders.has(order.clOrdID);
    order.state = 'rejected';
    order.leavesQty = lotsUnchecked(0);
    this.#reports.push(this.#writer.about(order, 'rejected', this.#now, text));
    if (!known) this.#orders.add(order);
  }

  #lifeOf(order: VenueOrder, at: Micros): BarLife {
    const { dayEnds } = this.#options;
    if (order.timeInForce === 'gtd') return { oneBar: false, until: order.expireTime };
    if (order.timeInForce !== 'day') return { oneBar: order.timeInForce === 'ioc', until: Infinity };
    return dayEnds === 'nextBar' ? { oneBar: true, until: Infinity } : { oneBar: false, until: dayEnds(order.listing, at) };
  }

  #voiceOf(row: BarListing): EngineVoice {
    const say = (report: Report): void => void this.#reports.push(report);
    return {
      accepted: (order) =>
        say(isChild(order) ? this.#writer.changed(order, 'new', this.#now, '') : this.#writer.about(order, 'new', this.#now, '')),
      traded: (order, qty, price, liquidity) => say(this.#trade(order, qty, price, liquidity, row)),
      restated: (order, text) => say(this.#writer.changed(order, 'restated', this.#now, text)),
      ended: (order, state, text) => {
        this.#orders.ended(order);
        if (state === 'filled') return;
        const requestID = order === this.#cancelTarget && state === 'canceled' ? this.#cancelRequest : 0;
        say(this.#writer.about(order, state, this.#now, text, requestID));
      },
    };
  }

  #trade(order: VenueOrder, qty: number, price: number, liquidity: Liquidity, row: BarListing): Report {
    this.#fees.charge(this.#fee, price, qty, liquidity, order.holder, this.#now, row);
    return this.#writer.charged(order, qty, price, liquidity, this.#now, this.#fee, row.currency);
  }
}

function copyBar(into: BarPrices, bar: Bar): void {
  into.closeTime = bar.eventTime;
  into.open = bar.open;
  into.high = bar.high;
  into.low = bar.low;
  into.close = bar.close;
  into.volume = bar.volume;
}
