import type { Prng } from '../../base/prng.ts';
import { lotsUnchecked, microsUnchecked, ticksUnchecked, type Micros } from '../../base/units.ts';
import type { ClOrdID, ListingIx, VenueIx } from '../../domain/ids.ts';
import type { Order, Side } from '../../domain/order.ts';
import { blankReport, type Report } from '../../domain/report.ts';
import type { VenueStatement } from '../../domain/statement.ts';
import type { StatementRequest } from '../../ports/venue.ts';
import type { Agenda } from './agenda.ts';
import type { FaultPlan } from './fault-plan.ts';
import { Statements } from './venue-statement.ts';
import type { VenueTruth } from './venue-truth.ts';

/** What the desk asks of a venue. `term` is part of every number that a venue sees. */
export type VenueRequest =
  | { readonly kind: 'new' | 'replace'; readonly order: Readonly<Order> }
  | { readonly kind: 'cancel'; readonly clOrdID: ClOrdID; readonly target: ClOrdID; readonly term: number; readonly listing: ListingIx }
  | { readonly kind: 'cancelAll' }
  | { readonly kind: 'statement'; readonly request: StatementRequest }
  | { readonly kind: 'query'; readonly clOrdID: ClOrdID; readonly term: number; readonly listing: ListingIx };

/** A report with the term and the side of the order that it is about. */
export interface VenueWord {
  readonly term: number;
  /** Of the order that it is about. */
  readonly account: number;
  readonly side: Side;
  readonly report: Report;
  /** Number of the word that this one takes back or puts right; -1 = none. */
  readonly refersTo: number;
}

export interface HeldOrder {
  readonly order: Readonly<Order>;
  clOrdID: ClOrdID;
  qty: number;
  price: number;
  cum: number;
  over: boolean;
  acknowledged: boolean;
}

export interface Execution {
  readonly held: HeldOrder;
  readonly execID: string;
  qty: number;
  px: number;
  /** Taken back, or told under two numbers: neither is revised. */
  final: boolean;
  readonly word: number;
  readonly at: Micros;
  /** Executed lots of the order with it, as it was told. */
  readonly cum: number;
}

/** A venue that is right about its own books and does everything else that venues do. */
export class FaultyVenue {
  /** Everything that it ever said, by number from 0. */
  readonly words: VenueWord[] = [];
  readonly truth: VenueTruth;
  /** Hears of each new word. */
  onWord: (number: number) => void = () => undefined;
  onStatement: (pages: readonly VenueStatement[]) => void = () => undefined;
  readonly #ix: VenueIx;
  readonly #agenda: Agenda;
  readonly #luck: Prng;
  readonly #faults: FaultPlan;
  readonly #held = new Map<string, HeldOrder>();
  readonly #open = new Set<HeldOrder>();
  readonly #executions: Execution[] = [];
  readonly #mids: readonly number[];
  readonly #statements: Statements;
  /** Of each execution, units of 10^-6 USD. */
  readonly #commission: number;
  #bannedUntil = 0;
  #execs = 0;

  constructor(ix: VenueIx, agenda: Agenda, luck: Prng, faults: FaultPlan, mids: readonly number[], truth: VenueTruth, commission = 0) {
    this.#commission = commission;
    this.#ix = ix;
    this.#agenda = agenda;
    this.#luck = luck;
    this.#faults = faults;
    this.#mids = mids;
    this.truth = truth;
    this.#statements = new Statements(ix, luck.fork('statements'), faults, truth);
  }

  get openOrders(): readonly HeldOrder[] {
    return [...this.#open];
  }

  ban(until: number): void {
    this.#bannedUntil = until;
  }

  receive(request: VenueRequest): void {
    switch (request.kind) {
      case 'new':
        return this.#accept(request.order);
      case 'replace':
        return this.#replace(request.order);
      case 'cancel':
        return this.#cancel(request);
      case 'cancelAll':
        for (const held of this.openOrders) this.#end(held, 'canceled', 0);
        return;
      case 'query':
        return this.#answer(request);
      case 'statement':
        return this.onStatement(this.#statements.of(request.request, microsUnchecked(this.#agenda.now), this.openOrders, this.#executions));
    }
  }

  /** It restarts and has forgotten some of the orders that it worked. */
  restart(): void {
    for (const held of this.openOrders) {
      if (this.#luck.int(2) === 0) continue;
      this.#close(held);
      this.#held.delete(keyOf(held.order.term, held.clOrdID));
    }
  }

  /** One of the orders that it works trades. */
  trade(): void {
    if (this.#open.size === 0) return;
    const open = this.openOrders;
    const held = open[this.#luck.int(open.length)];
    if (held.acknowledged || this.#hits('fillBeforeAck')) this.#fill(held);
  }

  /** Takes an execution back or puts it right. */
  revise(kind: 'bust' | 'correction'): void {
    if (this.#executions.length === 0) return;
    const execution = this.#executions[Math.max(0, this.#executions.length - 1 - this.#luck.int(6))];
    if (execution.final) return;
    const { held } = execution;
    const revised = kind === 'bust' ? 0 : Math.max(1, execution.qty - this.#luck.int(2));
    const change = revised - execution.qty;
    execution.final = kind === 'bust';
    execution.qty = revised;
    held.cum += change;
    this.truth.traded(held.order, change, true);
    const leavesQty = held.over ? 0 : held.qty - held.cum;
    const px = execution.px;
    const revision: Partial<Report> = {
      execType: kind === 'bust' ? 'tradeCancel' : 'tradeCorrect',
      execRefID: execution.execID,
      lastQty: lotsUnchecked(kind === 'bust' ? 0 : revised),
      lastPx: ticksUnchecked(kind === 'bust' ? 0 : px),
      cumQty: held.cum,
      leavesQty,
    };
    const report = blank(this.#ix, held.order.listing, held.clOrdID, this.#agenda.now);
    this.#speak(held.order.term, report, revision, held.order.side, execution.word, held.order.account);
  }

  #accept(order: Readonly<Order>): void {
    const held: HeldOrder = {
      order,
      clOrdID: order.clOrdID,
      qty: order.orderQty,
      price: order.price,
      cum: 0,
      over: false,
      acknowledged: false,
    };
    const banned = this.#agenda.now < this.#bannedUntil;
    if (banned || this.#hits('reject')) {
      this.truth.closed(this.#ix, numberOf(held));
      return this.#say(held, { execType: 'rejected', text: banned ? 'rate limit' : 'no' });
    }
    this.#held.set(keyOf(order.term, order.clOrdID), held);
    this.#open.add(held);
    this.truth.opened(this.#ix, held);
    if (this.#hits('fillBeforeAck')) this.#fill(held);
    if (this.#hits('lateAck')) this.#agenda.after(this.#luck.exponential(400_000), () => this.#acknowledge(held));
    else if (!this.#hits('lostAck')) this.#acknowledge(held);
    if (order.timeInForce === 'ioc' || order.ordType === 'market') {
      if (!held.over && this.#luck.int(4) > 0) this.#fill(held);
      if (!held.over) this.#end(held, 'expired', 0);
    } else if (this.#hits('rejectAfterAck')) {
      this.#agenda.after(this.#luck.exponential(50_000), () => {
        if (held.over || held.cum > 0) return;
        this.#close(held);
        this.#say(held, { execType: 'rejected', text: 'not after all', cumQty: 0, leavesQty: 0 });
        // and some venues contradict themselves
        if (this.#luck.int(3) === 0)
          this.#agenda.after(this.#luck.exponential(30_000), () => {
            this.truth.excuse(order, held.qty);
            this.#execute(held, 1 + this.#luck.int(held.qty));
          });
      });
    }
  }

  #acknowledge(held: HeldOrder): void {
    held.acknowledged = true;
    if (!held.over) this.#say(held, { execType: 'new', cumQty: held.cum, leavesQty: held.qty - held.cum });
  }

  #fill(held: HeldOrder): void {
    const left = held.qty - held.cum;
    if (left <= 0) return;
    this.#execute(held, 1 + this.#luck.int(left));
    if (held.cum === held.qty) this.#close(held);
  }

  #execute(held: HeldOrder, qty: number, before = microsUnchecked(this.#agenda.now)): void {
    const { order } = held;
    const mid = this.#mids[order.listing];
    const better = this.#luck.int(20);
    const px =
      held.price === 0 ? mid : order.side === 'buy' ? Math.min(held.price, mid + 10) - better : Math.max(held.price, mid - 10) + better;
    held.cum += qty;
    const execID = this.#execID();
    const twice = this.#hits('newExecID');
    this.#executions.push({ held, execID, qty, px, final: twice, word: this.words.length, at: before, cum: held.cum });
    this.truth.traded(order, qty, false);
    const leavesQty = held.over ? 0 : held.qty - held.cum;
    const commissionLo = this.#commission;
    const trade = {
      execType: 'trade',
      commissionLo,
      lastQty: lotsUnchecked(qty),
      lastPx: ticksUnchecked(px),
      cumQty: held.cum,
      leavesQty,
    } as const;
    this.#say(held, { ...trade, execID, transactTime: before });
    if (twice) this.#say(held, { ...trade, execID: this.#execID(), transactTime: before });
  }

  #cancel(request: Extract<VenueRequest, { kind: 'cancel' }>): void {
    const held = this.#held.get(keyOf(request.term, request.target));
    if (held === undefined || held.over || this.#agenda.now < this.#bannedUntil) {
      const known = held === undefined ? {} : { cumQty: held.cum, leavesQty: held.over ? 0 : held.qty - held.cum };
      this.#speak(request.term, blank(this.#ix, request.listing, request.clOrdID, this.#agenda.now), {
        execType: 'cancelRejected',
        origClOrdID: request.target,
        text: held === undefined ? 'unknown order' : held.over ? 'too late' : 'rate limit',
        ...known,
      });
      return;
    }
    this.#end(held, 'canceled', request.clOrdID);
  }

  #end(held: HeldOrder, execType: 'canceled' | 'expired', request: ClOrdID): void {
    this.#close(held);
    const late = held.qty - held.cum;
    // the lots that trade while the cancel is on its way count in what the venue says then, and are told later
    const traded = late > 0 && this.#hits('fillAfterCancel') ? 1 + this.#luck.int(late) : 0;
    const more = request === 0 ? {} : { clOrdID: request, origClOrdID: held.clOrdID };
    const end = { execType, cumQty: held.cum + traded, leavesQty: 0, ...more } as const;
    this.#say(held, end);
    if (traded > 0) {
      const at = microsUnchecked(this.#agenda.now);
      this.truth.opened(this.#ix, { ...held, qty: held.cum + traded });
      this.#agenda.after(this.#luck.exponential(80_000), () => {
        this.truth.closed(this.#ix, numberOf(held));
        this.#execute(held, traded, at);
      });
    }
  }

  #replace(order: Readonly<Order>): void {
    const held = this.#held.get(keyOf(order.term, order.origClOrdID));
    const { origClOrdID } = order;
    if (held === undefined || held.over || order.orderQty <= held.cum || this.#agenda.now < this.#bannedUntil) {
      this.#speak(order.term, blank(this.#ix, order.listing, order.clOrdID, this.#agenda.now), {
        execType: 'replaceRejected',
        origClOrdID,
        text: 'no',
      });
      return;
    }
    this.truth.closed(this.#ix, numberOf(held));
    this.#held.set(keyOf(order.term, order.clOrdID), held);
    held.clOrdID = order.clOrdID;
    held.qty = order.orderQty;
    held.price = order.price;
    held.acknowledged = true;
    this.truth.opened(this.#ix, held);
    const leavesQty = held.qty - held.cum;
    this.#say(held, { execType: 'replaced', origClOrdID, cumQty: held.cum, leavesQty, orderQty: order.orderQty, price: order.price });
  }

  #answer({ clOrdID, term, listing }: Extract<VenueRequest, { kind: 'query' }>): void {
    const held = this.#held.get(keyOf(term, clOrdID));
    if (held === undefined) {
      this.truth.closed(this.#ix, { term, clOrdID });
      this.#speak(term, blank(this.#ix, listing, clOrdID, this.#agenda.now), { execType: 'unknownOrder' });
      return;
    }
    held.acknowledged = true;
    // a stale answer was true a while ago
    const cumQty = this.#hits('staleStatus') && held.cum > 0 ? this.#luck.int(held.cum) : held.cum;
    this.#say(held, { execType: 'orderStatus', cumQty, leavesQty: held.over && cumQty === held.cum ? 0 : held.qty - cumQty });
  }

  #close(held: HeldOrder): void {
    held.over = true;
    this.#open.delete(held);
    this.truth.closed(this.#ix, numberOf(held));
  }

  #say(held: HeldOrder, more: Partial<Report>): void {
    const { term, listing, side, account } = held.order;
    this.#speak(term, blank(this.#ix, listing, held.clOrdID, this.#agenda.now), more, side, -1, account);
  }

  #speak(term: number, report: Report, more: Partial<Report>, side: Side = 'buy', refersTo = -1, account: number = this.#ix): void {
    this.words.push({ term, side, refersTo, account, report: { ...report, execID: this.#execID(), ...more } });
    this.onWord(this.words.length - 1);
  }

  #execID(): string {
    return `${this.#ix}x${++this.#execs}`;
  }

  #hits(
    name: 'reject' | 'rejectAfterAck' | 'fillBeforeAck' | 'lateAck' | 'lostAck' | 'newExecID' | 'fillAfterCancel' | 'staleStatus',
  ): boolean {
    return this.#faults[name] > 0 && this.#luck.float() < this.#faults[name];
  }
}

function numberOf({ order, clOrdID }: HeldOrder): { readonly term: number; readonly clOrdID: ClOrdID } {
  return { term: order.term, clOrdID };
}

function keyOf(term: number, clOrdID: ClOrdID): string {
  return `${term}-${clOrdID}`;
}

export function blank(venue: VenueIx, listing: ListingIx, clOrdID: ClOrdID, at: number): Report {
  return { ...blankReport, venue, listing, clOrdID, transactTime: microsUnchecked(at) };
}
