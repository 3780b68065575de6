import { timerHeap } from '../../base/heap.ts';
import { lotsUnchecked, microsUnchecked } from '../../base/units.ts';
import type { Micros } from '../../base/units.ts';
import type { AccountIx, ClOrdID, ListingIx, VenueIx } from '../../domain/ids.ts';
import type { Listing } from '../../domain/instrument.ts';
import type { Order } from '../../domain/order.ts';
import type { Report } from '../../domain/report.ts';
import type { VenueStatement } from '../../domain/statement.ts';
import type { CancelRequest, StatementRequest } from '../../ports/venue.ts';
import { refusalOfTerms } from './accept.ts';
import type { VenueReject } from './accept.ts';
import { AccountPositions } from './account-positions.ts';
import type { AccountPosition } from './account-positions.ts';
import { childFits } from './bracket-rules.ts';
import { FillLog } from './fill-log.ts';
import { MatchingEngine } from './matching-engine.ts';
import type { EngineVoice, RestingBook, SelfMatchPolicy, Tape } from './engine-options.ts';
import { OrderTable, maxLiveOrders } from './order-table.ts';
import { applyTerms, keepsPriority, refusalOfReplace } from './replace-rules.ts';
import { ReportWriter, fillMoneyOf } from './report-writer.ts';
import type { ListingMoney } from './report-writer.ts';
import { pagesOf } from './statement-pages.ts';
import { statedOrder } from './stated-order.ts';
import { isAccount, isChild, isLive, venueOrderOf } from './venue-order.ts';
import type { VenueOrder } from './venue-order.ts';

/** A listing as the venue trades it. */
export interface FloorListing extends ListingMoney {
  readonly ix: ListingIx;
  readonly listing: Listing;
  readonly book: RestingBook;
  readonly tape?: Tape;
  readonly watchOnly?: boolean;
  readonly onForeign?: (makerID: number, qty: number, leavesQty: number) => void;
}

export interface FloorOptions {
  readonly venue: VenueIx;
  /** Before the number in execIDs and order ids; different for every simulator of a desk. */
  readonly prefix: string;
  readonly listings: readonly FloorListing[];
  readonly selfMatch: SelfMatchPolicy;
  /** It serves rows in mode SIMULATED: its reports never touch a real position. */
  readonly simulated: boolean;
  readonly report: (report: Report) => void;
}

export type ListingPhase = 'open' | 'closed' | 'halted';

interface Pit extends FloorListing {
  readonly engine: MatchingEngine;
  phase: ListingPhase;
}

/** Where requests that have reached the venue are carried out, at the venue's time; reports come out as they are made. */
export class Floor {
  readonly positions = new AccountPositions();
  readonly #options: FloorOptions;
  readonly #writer: ReportWriter;
  readonly #pits: (Pit | undefined)[] = [];
  readonly #orders = new OrderTable();
  readonly #fills: FillLog;
  readonly #expiries = timerHeap<VenueOrder>(maxLiveOrders * 2);
  #now: Micros = microsUnchecked(0);
  /** The cancel request that is being carried out: only the order that it names is reported under the request's id. */
  #cancelRequest: ClOrdID = 0;
  #cancelTarget: VenueOrder | undefined;

  constructor(options: FloorOptions) {
    this.#options = options;
    this.#writer = new ReportWriter(options.venue, options.prefix, options.simulated);
    this.#fills = new FillLog(options.prefix);
    for (const row of options.listings) {
      const { ix, book, tape, onForeign, watchOnly } = row;
      const voice = this.#voiceOf(row);
      const extras = {
        watchOnly: watchOnly ?? false,
        ...(tape === undefined ? {} : { tape }),
        ...(onForeign === undefined ? {} : { onForeign }),
      };
      const orderAt = (slot: number): VenueOrder | undefined => this.#orders.at(slot);
      const engine = new MatchingEngine({
        listing: ix,
        orderAt,
        live: () => this.#orders.liveOrders(),
        book,
        positions: this.positions,
        voice,
        selfMatch: options.selfMatch,
        ...extras,
      });
      // spread, every listing had a shape of its own, and each look at one was a search
      const { listing, moneyPerTickLot, currency, fees } = row;
      this.#pits[ix] = { ix, listing, book, moneyPerTickLot, currency, fees, engine, phase: 'open' };
    }
  }

  engine(listing: ListingIx): MatchingEngine {
    const pit = this.#pits[listing];
    if (pit === undefined) throw new RangeError(`venue ${this.#options.prefix}: listing ${listing} is not traded here`);
    return pit.engine;
  }

  trades(listing: ListingIx): boolean {
    return this.#pits[listing] !== undefined;
  }

  /** Venue time; set before anything is done at it. */
  set now(at: Micros) {
    this.#now = at;
  }

  get venue(): VenueIx {
    return this.#options.venue;
  }

  /** A copy of an order that was sent; its sender goes on changing his own. */
  copyOf(order: Readonly<Order>): VenueOrder {
    return venueOrderOf(order, 0, this.#orders.spare());
  }

  place(order: VenueOrder, bracketOf: ClOrdID): void {
    this.#writer.number(order);
    const pit = this.#pits[order.listing];
    const refusal = this.#refusal(order, pit) ?? this.#join(order, bracketOf) ?? pit?.engine.refusalNow(order);
    if (refusal !== undefined || pit === undefined) {
      this.reject(order, refusal ?? 'LISTING_NOT_TRADED_HERE');
      return;
    }
    this.#orders.add(order);
    this.#watchExpiry(order);
    pit.engine.submit(order);
  }

  reject(order: VenueOrder, text: VenueReject): void {
    this.#writer.number(order);
    const known = this.#orders.has(order.clOrdID);
    order.state = 'rejected';
    order.leavesQty = lotsUnchecked(0);
    const report = this.#writer.about(order, 'rejected', this.#now, text);
    if (!known) this.#orders.add(order);
    this.#options.report(report);
  }

  /** `terms`: the order as it is to be, under its new clOrdID. */
  replace(terms: VenueOrder, origClOrdID: ClOrdID): void {
    const order = this.#orders.get(origClOrdID);
    const pit = order === undefined ? undefined : this.#pits[order.listing];
    if (order === undefined || pit === undefined) {
      this.refuseReplace(terms, origClOrdID, 'UNKNOWN_ORDER');
      return;
    }
    const phase = pit.phase === 'open' ? undefined : pit.phase === 'closed' ? 'SESSION_CLOSED' : 'LISTING_HALTED';
    const refusal = this.#orders.has(terms.clOrdID) ? 'DUPLICATE_CLORDID' : (phase ?? refusalOfReplace(order, terms, pit, this.#now));
    if (refusal !== undefined) {
      this.refuseReplace(terms, origClOrdID, refusal);
      return;
    }
    pit.engine.amend(order, keepsPriority(order, terms), () => {
      const replacedID = order.clOrdID;
      applyTerms(order, terms);
      this.#orders.rename(order, terms.clOrdID);
      this.#watchExpiry(order);
      this.#options.report(this.#writer.changed(order, 'replaced', this.#now, '', replacedID));
    });
  }

  refuseReplace(terms: VenueOrder, origClOrdID: ClOrdID, text: string): void {
    this.#options.report(this.#writer.blank(terms.listing, 'replaceRejected', this.#now, text, terms.clOrdID, origClOrdID));
  }

  cancel(request: CancelRequest): void {
    const order = this.#orders.get(request.target);
    if (order === undefined || !isLive(order)) {
      this.refuseCancel(request, order === undefined ? 'UNKNOWN_ORDER' : 'TOO_LATE_TO_CANCEL');
      return;
    }
    this.#cancelRequest = request.clOrdID;
    this.#cancelTarget = order;
    this.engine(order.listing).withdraw(order, 'canceled', '');
    this.#cancelTarget = undefined;
  }

  refuseCancel(request: CancelRequest, text: string): void {
    this.#options.report(this.#writer.blank(request.listing, 'cancelRejected', this.#now, text, request.clOrdID, request.target));
  }

  /** Takes back every live order; each is reported under its own id. */
  cancelAll(): void {
    this.#withdrawAll('canceled', 'MASS_CANCEL', () => true);
  }

  /** The desk's session is gone, and with it every live order. */
  deadMan(): void {
    this.#withdrawAll('canceled', 'DEAD_MAN', () => true);
  }

  query(clOrdID: ClOrdID): void {
    const order = this.#orders.get(clOrdID);
    if (order === undefined) {
      this.#options.report(this.#writer.blank(0, 'unknownOrder', this.#now, '', clOrdID, 0));
      return;
    }
    this.#options.report(this.#writer.about(order, 'orderStatus', this.#now, statusWord(order)));
  }

  /** Closes trading: day orders expire, new ones are refused until it opens again. */
  setPhase(listing: ListingIx, phase: ListingPhase): void {
    const pit = this.#pits[listing];
    if (pit === undefined) return;
    pit.phase = phase;
    if (phase === 'closed')
      this.#withdrawAll('expired', 'SESSION_END', (order) => order.listing === listing && order.timeInForce === 'day');
  }

  /** When the next good-till-date order runs out; Infinity = none. */
  nextExpiryAt(): number {
    return this.#expiries.peekTime();
  }

  /** Ends the good-till-date orders that have run out at the venue's time. */
  expireDue(): void {
    while (this.#expiries.peekTime() <= this.#now) {
      const order = this.#expiries.pop();
      if (order === undefined || !isLive(order) || order.timeInForce !== 'gtd' || order.expireTime > this.#now) continue;
      this.engine(order.listing).withdraw(order, 'expired', 'EXPIRE_TIME');
    }
  }

  /** Live orders of an account: what reconciliation compares. */
  openOrders(account: AccountIx): readonly VenueOrder[] {
    return this.#orders.liveOrders().filter((order) => isAccount(order.holder) && order.holder === account);
  }

  positionList(): AccountPosition[] {
    return this.positions.list();
  }

  /** What an account has now: the pages of one statement. What was there before the venue began is not among its executions. */
  statement({ account, ask, since }: StatementRequest): readonly VenueStatement[] {
    const asOf = this.#now;
    const { venue } = this.#options;
    const from = this.#fills.completeFrom(since);
    const positions = this.positionList().filter((held) => held.account === account);
    return pagesOf(
      { venue, account, ask, asOf, since: from },
      this.openOrders(account).map(statedOrder),
      this.#fills.of(account, from),
      positions.map(({ listing, position }) => ({ listing, position })),
    );
  }

  #refusal(order: VenueOrder, pit: Pit | undefined): VenueReject | undefined {
    if (pit === undefined) return 'LISTING_NOT_TRADED_HERE';
    if (this.#orders.has(order.clOrdID)) return 'DUPLICATE_CLORDID';
    if (pit.phase !== 'open') return pit.phase === 'closed' ? 'SESSION_CLOSED' : 'LISTING_HALTED';
    if (this.#orders.live >= maxLiveOrders) return 'VENUE_FULL';
    return refusalOfTerms(order, pit.listing, this.#now);
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

  #watchExpiry(order: VenueOrder): void {
    if (order.timeInForce !== 'gtd' || this.#expiries.push(order.expireTime, order.number, order)) return;
    this.#expiries.clear();
    for (const live of this.#orders.liveOrders()) if (live.timeInForce === 'gtd') this.#expiries.push(live.expireTime, live.number, live);
  }

  #withdrawAll(state: 'canceled' | 'expired', text: string, which: (order: VenueOrder) => boolean): void {
    for (const order of [...this.#orders.liveOrders()])
      if (isLive(order) && which(order)) this.engine(order.listing).withdraw(order, state, text);
  }

  #voiceOf(listing: ListingMoney): EngineVoice {
    const money = fillMoneyOf(listing);
    const { report } = this.#options;
    const writer = this.#writer;
    return {
      accepted: (order) => report(isChild(order) ? writer.changed(order, 'new', this.#now, '') : writer.about(order, 'new', this.#now, '')),
      traded: (order, qty, price, liquidity) => {
        const trade = writer.trade(order, qty, price, liquidity, this.#now, money);
        if (isAccount(order.holder)) this.#fills.add(order.holder, order, trade, writer.lastExecution);
        report(trade);
      },
      restated: (order, text) => report(writer.changed(order, 'restated', this.#now, text)),
      ended: (order, state, text) => {
        this.#orders.ended(order);
        if (state === 'filled') return;
        const requestID = order === this.#cancelTarget && state === 'canceled' ? this.#cancelRequest : 0;
        report(writer.about(order, state, this.#now, text, requestID));
      },
    };
  }
}

function statusWord(order: VenueOrder): string {
  return order.state === 'filled' || !isLive(order) ? order.state : order.cumQty > 0 ? 'partiallyFilled' : 'new';
}
