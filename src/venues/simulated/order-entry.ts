import { assert } from '../../base/assert.ts';
import type { Prng } from '../../base/prng.ts';
import { createTokenBucket, refill, takeToken, type TokenBucket } from '../../base/token-bucket.ts';
import { microsUnchecked } from '../../base/units.ts';
import type { Micros } from '../../base/units.ts';
import type { ClOrdID } from '../../domain/ids.ts';
import type { Order } from '../../domain/order.ts';
import type { Report } from '../../domain/report.ts';
import type { RiskChecked } from '../../domain/risk-checked.ts';
import type { VenueCapabilities } from '../../domain/venue.ts';
import type { Reconcile, VenueStatement } from '../../domain/statement.ts';
import type { CancelRequest, NoticeSink, ReportSink, SendResult, StatementRequest, VenuePort } from '../../ports/venue.ts';
import { DeadMan, usualDeadMan, type DeadManTerms } from './dead-man.ts';
import type { RequestFault, RequestKind, VenueFaults } from './faults.ts';
import type { Floor } from './floor.ts';
import { drawLatency } from './latency.ts';
import { Line } from './line.ts';
import type { Latency } from './latency.ts';
import { venueOrderOf } from './venue-order.ts';
import type { VenueOrder } from './venue-order.ts';

/** Most requests on their way at one time; past it they are refused. */
export const maxUnderWay = 262_144;
/** Most reports on their way back: more than the desk can cause before it reads one. */
export const maxReportsUnderWay = 4_194_304;

const reportsInTime = `at most ${maxReportsUnderWay} reports are on their way back`;

export interface OrderEntryOptions {
  readonly capabilities: VenueCapabilities;
  readonly orderLatency: Latency;
  readonly reportLatency: Latency;
  /** Draws latencies. */
  readonly luck: Prng;
  readonly faults?: VenueFaults;
  /** What becomes of a lost session, where the capabilities say that somebody minds it; the usual when left out. */
  readonly deadMan?: DeadManTerms;
  /** Called before anything is carried out at a time: the rest of the venue's world catches up with it. */
  readonly before?: (at: Micros) => void;
  /** Called after it was. */
  readonly after?: (at: Micros) => void;
}

type Request =
  | { readonly kind: 'new'; readonly order: VenueOrder; readonly bracketOf: ClOrdID; readonly doomed: boolean }
  | { readonly kind: 'replace'; readonly order: VenueOrder; readonly target: ClOrdID; readonly doomed: boolean }
  | { readonly kind: 'cancel'; readonly request: CancelRequest; readonly doomed: boolean }
  | { readonly kind: 'cancelAll' }
  | { readonly kind: 'query'; readonly clOrdID: ClOrdID }
  | { readonly kind: 'statement'; readonly request: StatementRequest };

/** What a venue says: reports and notices keep one order. */
type Word = Report | VenueStatement | Reconcile;

/**
 * The line between a desk and a venue on a virtual clock. A request arrives at (time of its decision + order latency), a report comes back after the
 * report latency; both lines keep their order, as a session does, except for what a fault delays. Nothing happens until it is pulled:
 * `nextEventAt` says when something is due, `advance` does it.
 */
export class OrderEntry implements VenuePort {
  readonly capabilities: VenueCapabilities;
  readonly #options: OrderEntryOptions;
  readonly #inbound = new Line<Request>(maxUnderWay);
  readonly #outbound = new Line<Word>(maxReportsUnderWay);
  /** The session is lost until then: what is sent may not arrive, what is reported does not. */
  #downUntil = -Infinity;
  #floor: Floor | undefined;
  #fault: RequestFault | undefined;
  readonly #bucket: TokenBucket;
  readonly #deadMan: DeadMan;

  constructor(options: OrderEntryOptions) {
    this.capabilities = options.capabilities;
    this.#options = options;
    this.#bucket = createTokenBucket(options.capabilities.throttlePerSecond);
    this.#deadMan = new DeadMan(options.capabilities.deadManSwitch, options.deadMan ?? usualDeadMan);
  }

  /** Where requests go; given once, before the first request. */
  set floor(floor: Floor) {
    this.#floor = floor;
  }

  send(order: RiskChecked<Readonly<Order>>, at: Micros): SendResult {
    if (this.#meets('new', order.clOrdID)) return this.#lost();
    return this.#enqueue(at, { kind: 'new', order: this.#theFloor().copyOf(order), bracketOf: order.bracketOf, doomed: this.#doomed });
  }

  replace(order: RiskChecked<Readonly<Order>>, at: Micros): SendResult {
    if (this.capabilities.replace === 'none') return 'refused';
    if (this.#meets('replace', order.clOrdID)) return this.#lost();
    return this.#enqueue(at, { kind: 'replace', order: venueOrderOf(order), target: order.origClOrdID, doomed: this.#doomed });
  }

  cancel(request: CancelRequest, at: Micros): SendResult {
    if (this.#meets('cancel', request.clOrdID)) return this.#lost();
    return this.#enqueue(at, { kind: 'cancel', request, doomed: this.#doomed });
  }

  cancelAll(at: Micros): SendResult {
    if (!this.capabilities.massCancel) return 'refused';
    if (this.#meets('cancelAll', 0)) return this.#lost();
    return this.#enqueue(at, { kind: 'cancelAll' });
  }

  query(clOrdID: ClOrdID, at: Micros): SendResult {
    if (!this.capabilities.queryByClOrdID) return 'refused';
    if (this.#meets('query', clOrdID)) return this.#lost();
    return this.#enqueue(at, { kind: 'query', clOrdID });
  }

  statement(request: StatementRequest, at: Micros): SendResult {
    if (this.#meets('statement', request.ask)) return this.#lost();
    return this.#enqueue(at, { kind: 'statement', request });
  }

  /**
   * Loses the session from `at` to `until`: requests are uncertain and do not arrive, reports are lost; then the venue's word that it is back comes first. An outage
   * within a longer one ends with it.
   */
  disconnect(at: Micros, until: Micros): void {
    this.run(at);
    this.#deadMan.lost(this.#arrived(at), until);
    if (until <= this.#downUntil) return;
    this.#downUntil = until;
    const notice: Reconcile = { kind: 'reconcile', reason: 'reconnect', venue: this.#theFloor().venue, every: 0 };
    this.#sendBack(until, notice);
  }

  /** The desk ends its session: what was sent before still arrives, what it says after is lost, and the venue's dead man sees to the orders. It comes back by itself. */
  dropSession(at: Micros): SendResult {
    if (this.capabilities.deadManSwitch === 'none') return 'refused';
    if (at < this.#downUntil) return 'sent';
    this.run(at);
    this.#downUntil = this.#deadMan.backAt(at);
    this.#deadMan.lost(this.#arrived(at), this.#downUntil);
    this.#sendBack(this.#downUntil, { kind: 'reconcile', reason: 'reconnect', venue: this.#theFloor().venue, every: 0 });
    return 'sent';
  }

  /** When what was sent before is there: a venue notices the end of a session behind the last that came over it. */
  #arrived(at: number): number {
    return Math.max(at, this.#inbound.lastTime());
  }

  /** Lets the dead-man timer run out; the session stands, and says what it took back. */
  expireDeadMan(at: Micros): SendResult {
    if (this.capabilities.deadManSwitch !== 'timer') return 'refused';
    this.#deadMan.letRunOut(at);
    return 'sent';
  }

  /** When something is due next: an arrival, an expiry, the dead man, a report; undefined = nothing. */
  nextEventAt(): Micros | undefined {
    const next = Math.min(this.#nextInside(), this.#outbound.peekTime());
    return next === Infinity ? undefined : microsUnchecked(next);
  }

  /** Carries out what has reached the venue up to `to` and hands over the reports that are back by then, in order. */
  advance(to: Micros, sink: ReportSink, notices: NoticeSink = ignore): void {
    do {
      this.run(to);
      for (let due = this.#outbound.peekTime(); due <= to; due = this.#outbound.peekTime()) {
        const word = this.#outbound.pop();
        // the end of an outage that became longer is none
        if (word === undefined || (word.kind === 'reconcile' && due < this.#downUntil)) continue;
        if (word.kind === 'report') sink(word);
        else notices(word);
      }
    } while (this.#nextInside() <= to);
  }

  /** Carries out what has reached the venue up to `to`; reports wait. */
  run(to: Micros): void {
    for (let at = this.#nextInside(); at <= to; at = this.#nextInside()) {
      const now = microsUnchecked(at);
      this.#options.before?.(now);
      const floor = this.#theFloor();
      floor.now = now;
      if (floor.nextExpiryAt() <= at) floor.expireDue();
      else if (this.#deadMan.dueAt <= at && this.#inbound.peekTime() > at) this.#goOff(floor);
      else this.#carryOut(this.#inbound.pop(), floor, at);
      this.#options.after?.(now);
    }
  }

  #goOff(floor: Floor): void {
    this.#deadMan.done();
    floor.deadMan();
  }

  /** Takes a report of the floor on its way back. */
  post(report: Report): void {
    if (report.transactTime < this.#downUntil) return;
    const fault = this.#options.faults?.onReport(report);
    if (fault?.kind === 'lose') return;
    const due = report.transactTime + drawLatency(this.#options.reportLatency, this.#options.luck);
    if (fault?.kind === 'delay') {
      assert(this.#outbound.pushLate(due + fault.micros, report), reportsInTime);
      return;
    }
    this.#sendBack(due, report);
    if (fault?.kind === 'duplicate') this.#sendBack(due, report);
    if (fault?.kind === 'duplicateNewExecID') this.#sendBack(due, { ...report, execID: `${report.execID}-again` });
  }

  #state(page: VenueStatement): void {
    if (page.asOf < this.#downUntil) return;
    const fault = this.#options.faults?.onStatement?.(page);
    if (fault?.kind === 'lose') return;
    const due = page.asOf + drawLatency(this.#options.reportLatency, this.#options.luck);
    const stated = fault?.kind === 'alter' ? fault.change(page) : page;
    if (fault?.kind === 'delay') {
      assert(this.#outbound.pushLate(due + fault.micros, stated), reportsInTime);
      return;
    }
    this.#sendBack(due, stated);
    if (fault?.kind === 'duplicate') this.#sendBack(due, stated);
  }

  #sendBack(due: number, word: Word): void {
    assert(this.#outbound.push(due, word), reportsInTime);
  }

  /** Asks what goes wrong with a request; true when it never arrives. */
  #meets(kind: RequestKind, clOrdID: ClOrdID): boolean {
    this.#fault = this.#options.faults?.onRequest(kind, clOrdID);
    return this.#fault?.kind === 'lose';
  }

  get #doomed(): boolean {
    return this.#fault?.kind === 'reject';
  }

  #lost(): SendResult {
    return this.#fault?.kind === 'lose' ? this.#fault.result : 'sent';
  }

  #enqueue(at: Micros, request: Request): SendResult {
    if (at < this.#downUntil) return 'uncertain';
    const due = at + drawLatency(this.#options.orderLatency, this.#options.luck);
    const taken =
      this.#fault?.kind === 'delay' ? this.#inbound.pushLate(due + this.#fault.micros, request) : this.#inbound.push(due, request);
    return taken ? 'sent' : 'refused';
  }

  #nextInside(): number {
    return Math.min(this.#inbound.peekTime(), this.#floor?.nextExpiryAt() ?? Infinity, this.#deadMan.dueAt);
  }

  #carryOut(request: Request | undefined, floor: Floor, at: number): void {
    if (request === undefined || this.#deadMan.isClosed(at)) return;
    const throttled = !this.#withinThrottle(microsUnchecked(at));
    switch (request.kind) {
      case 'new':
        if (request.doomed || throttled) floor.reject(request.order, throttled ? 'THROTTLED' : 'FAULT_INJECTED');
        else floor.place(request.order, request.bracketOf);
        return;
      case 'replace':
        if (request.doomed || throttled) floor.refuseReplace(request.order, request.target, throttled ? 'THROTTLED' : 'FAULT_INJECTED');
        else floor.replace(request.order, request.target);
        return;
      case 'cancel':
        if (request.doomed || throttled) floor.refuseCancel(request.request, throttled ? 'THROTTLED' : 'FAULT_INJECTED');
        else floor.cancel(request.request);
        return;
      case 'cancelAll':
        floor.cancelAll();
        return;
      case 'query':
        floor.query(request.clOrdID);
        return;
      case 'statement':
        for (const page of floor.statement(request.request)) this.#state(page);
        return;
    }
  }

  /** The bucket that its capabilities promise, counted where requests arrive. */
  #withinThrottle(at: Micros): boolean {
    refill(this.#bucket, at);
    return takeToken(this.#bucket);
  }

  #theFloor(): Floor {
    if (this.#floor === undefined) throw new Error('order entry: expected a floor before the first request');
    return this.#floor;
  }
}

function ignore(notice: VenueStatement | Reconcile): void {
  void notice;
}
