import { lotsUnchecked, microsUnchecked, ticksUnchecked, type Micros } from '../../base/units.ts';
import { orderByClOrdID, type Core } from '../../core/core.ts';
import type { Effect } from '../../domain/effect.ts';
import type { Seq } from '../../domain/ids.ts';
import type { Input } from '../../domain/input.ts';
import type { Order } from '../../domain/order.ts';
import type { Report } from '../../domain/report.ts';
import type { FileJournal } from '../../journal/file-journal.ts';
import type { CancelRequest } from '../../ports/venue.ts';
import { Gateway, type OrderEffect } from '../../runtime/gateway.ts';
import { heldOf } from '../../runtime/held.ts';
import { reportOfNote } from '../../runtime/note-report.ts';
import { Sequencer } from '../../runtime/sequencer.ts';
import type { Agenda } from './agenda.ts';
import type { ForeignFills } from './foreign-fills.ts';
import { PaperVenue } from './paper-venue.ts';
import { capabilities, middle } from './stage.ts';
import type { HostEffect, Traders } from './traders.ts';
import type { VenueLine } from './venue-line.ts';
import { VenueSession } from './venue-session.ts';
import type { HeldOrder, VenueWord } from './faulty-venue.ts';
import type { Watch } from './watch.ts';

export interface DeskOptions {
  readonly agenda: Agenda;
  readonly core: Core;
  readonly journal: FileJournal;
  readonly term: number;
  /** Its clock beside the world's, microseconds: set once, so that it never goes back. */
  readonly clockOffset: number;
  readonly lines: readonly VenueLine[];
  readonly traders: Traders;
  readonly watch: Watch;
  readonly foreign: ForeignFills;
  /** Venues state their books: what no record names is left to the desk's comparison with them, not taken back by the adapter. */
  readonly stated: boolean;
  /** The journal takes no more. */
  readonly onFailure: (why: string) => void;
}

/** One life of a desk: the real sequencer, outbox, gateway and journal around a core, from its start to its death. */
export class SimDesk {
  readonly core: Core;
  readonly journal: FileJournal;
  readonly term: number;
  readonly gateway: Gateway;
  readonly sessions: readonly VenueSession[];
  readonly #options: DeskOptions;
  readonly #sequencer: Sequencer;
  readonly #pending: Input[] = [];
  readonly #hostWork: HostEffect[] = [];
  readonly #taken: { readonly seq: Seq; readonly line: VenueLine; readonly number: number }[] = [];
  /** Hears every order that goes to the gateway. */
  onOrder: (effect: OrderEffect) => void = () => undefined;
  #alive = true;
  #flushing = false;
  #settling = false;
  #timerAt = Infinity;
  #pumpAt = Infinity;

  constructor(options: DeskOptions) {
    this.#options = options;
    const { core, journal, term, agenda } = options;
    this.core = core;
    this.journal = journal;
    this.term = term;
    this.gateway = new Gateway({ term, onNote: (note) => this.#pending.push(reportOfNote(note, this.now())) });
    void journal.failed.then(({ message }) => {
      if (this.#alive) options.onFailure(message);
    });
    this.#sequencer = new Sequencer({
      core,
      journal,
      leave: (effect) => this.#leave(effect),
      observe: (seq, at, input, decisions) => options.watch.stepped(this, seq, at, input, decisions),
    });
    this.sessions = options.lines.map((line, venue) => this.#session(line, venue));
    const papers = options.lines.map(
      (_, venue) =>
        new PaperVenue(
          agenda,
          capabilities[venue],
          venue,
          (report) => this.#paperSays(report),
          (clOrdID) => orderByClOrdID(core, clOrdID)?.listing ?? 0,
        ),
    );
    this.gateway.connect(new Map(this.sessions.entries()), new Map(papers.entries()));
  }

  get alive(): boolean {
    return this.#alive;
  }

  /** The desk's own clock. */
  now(): Micros {
    const { agenda, clockOffset } = this.#options;
    return microsUnchecked(agenda.now + clockOffset);
  }

  /** Opens the lines to the venues; words that the journal does not hold come again. */
  attach(lastSeq: Seq): void {
    this.#options.lines.forEach((line, venue) => {
      line.attach(
        {
          word: (number, word) => this.#word(line, venue, number, word),
          reconnected: () => this.sessions[venue].reconnected(),
          stated: (page) => this.submit(page),
        },
        lastSeq,
      );
    });
  }

  die(): void {
    this.#alive = false;
    for (const line of this.#options.lines) line.detach();
  }

  /** Steps an input and everything that follows from it at once. @returns its seq; 0 = nobody is there. */
  submit(input: Input): Seq {
    if (!this.#alive) return 0;
    const seq = this.#sequencer.submit(this.now(), input);
    this.#settle();
    return seq;
  }

  /** An effect of long ago that a queue still held. */
  stray(effect: OrderEffect): void {
    if (!this.#alive) return;
    this.gateway.submit(effect, this.now());
    this.#settle();
  }

  /** Looks for what is late; called again and again. */
  beat(): void {
    if (!this.#alive) return;
    for (const session of this.sessions) session.watch();
    for (const line of this.#options.lines) line.beat();
    this.#settle();
  }

  #session(line: VenueLine, venue: number): VenueSession {
    return new VenueSession({
      venue,
      capabilities: capabilities[venue],
      term: this.term,
      line,
      now: () => this.now(),
      sink: (report) => this.#hear(report),
      onWire: (kind, what) => this.#options.watch.left(this, kind, what as Readonly<Order> & CancelRequest),
      listingOf: (clOrdID) => {
        const order = orderByClOrdID(this.core, clOrdID);
        return order === undefined ? undefined : { listing: order.listing, term: order.slot < 0 ? this.term : order.term };
      },
    });
  }

  /** A numbered word of a venue. */
  #word(line: VenueLine, venue: number, number: number, word: VenueWord): void {
    if (!this.#alive) return;
    const { report } = word;
    const seq = this.journal.nextSeq;
    if (this.#isOurs(word)) this.sessions[venue].hear(report);
    // under a number that another order may have by now: told apart by its term, it is an order of nobody's here
    else if (this.#options.stated) this.#hear({ ...report, clOrdID: 0, origClOrdID: 0 });
    else {
      const booked = this.#foreign(line, word);
      if (booked !== seq) {
        line.takenAt[number] = booked;
        return;
      }
    }
    this.#taken.push({ seq, line, number });
    this.#settle();
  }

  #isOurs({ term, report }: VenueWord): boolean {
    const { clOrdID, origClOrdID } = report;
    const order = (origClOrdID === 0 ? undefined : orderByClOrdID(this.core, origClOrdID)) ?? orderByClOrdID(this.core, clOrdID);
    return order !== undefined && (order.slot < 0 || order.term === term);
  }

  /**
   * Words about orders that no record names: a reducing order may leave before its record, and the record may be lost. It is taken back; what it traded is
   * booked to the custodian. @returns seq of the record that has it, 0 = it needs none.
   */
  #foreign(line: VenueLine, { report, side, term, account }: VenueWord): Seq {
    const { foreign } = this.#options;
    const { clOrdID, listing, leavesQty } = report;
    if (leavesQty > 0) line.ask({ kind: 'cancel', clOrdID: 0, target: clOrdID, term, listing });
    const known = foreign.seqOf(report);
    if (known !== undefined) return known;
    const lots = foreign.changeOf(report);
    if (lots === 0) return 0;
    const seq = this.#sequencer.submit(this.now(), {
      kind: 'externalFill',
      account,
      listing,
      side: lots > 0 === (side === 'buy') ? 'buy' : 'sell',
      lastQty: lotsUnchecked(Math.abs(lots)),
      lastPx: report.lastPx > 0 ? report.lastPx : ticksUnchecked(middle),
      execID: report.execID,
      transactTime: report.transactTime,
    });
    foreign.note(report, lots, seq);
    return seq;
  }

  /** A venue's statement of its open orders: those that no record names are taken back. @returns whether there were none. */
  takeBackUnknown(venue: number, held: readonly HeldOrder[]): boolean {
    let none = true;
    for (const { clOrdID, order } of held) {
      const known = orderByClOrdID(this.core, clOrdID);
      if (known !== undefined && (known.slot < 0 || known.term === order.term)) continue;
      none = false;
      this.#options.lines[venue].ask({ kind: 'cancel', clOrdID: 0, target: clOrdID, term: order.term, listing: order.listing });
    }
    return none;
  }

  #hear(report: Report): void {
    if (!this.#alive) return;
    this.gateway.onReport(report);
    this.#sequencer.submit(this.now(), report);
  }

  #paperSays(report: Report): void {
    if (!this.#alive) return;
    this.#hear(report);
    this.#settle();
  }

  #settle(): void {
    if (this.#settling) return;
    this.#settling = true;
    this.#release();
    for (;;) {
      const input = this.#pending.shift();
      if (input !== undefined) {
        this.#sequencer.submit(this.now(), input);
        continue;
      }
      const work = this.#hostWork.shift();
      if (work === undefined) break;
      this.#options.traders.take(this, work, this.#tagFor(work));
    }
    this.#settling = false;
    this.#flush();
    this.#arm();
    this.#options.agenda.stir();
  }

  /** Highest tag of the row that begins anew, or goes on with the orders of another. */
  #tagFor(work: HostEffect): number {
    if (work.kind === 'load') return heldOf(this.core, work.row).tag;
    return work.kind === 'handover' ? (this.core.lastTag[work.to] ?? 0) : 0;
  }

  #release(): void {
    this.#sequencer.release();
    const { durableSeq } = this.journal;
    this.#options.watch.durable(durableSeq);
    while (this.#taken.length > 0 && this.#taken[0].seq <= durableSeq) {
      const taken = this.#taken.shift();
      if (taken !== undefined) taken.line.takenAt[taken.number] = taken.seq;
    }
  }

  /** Group commit: whatever queued while the last one ran is the next one. */
  #flush(): void {
    if (this.#flushing || !this.#sequencer.holding) return;
    this.#flushing = true;
    void this.#sequencer.flush().then(() => {
      this.#flushing = false;
      if (this.#alive) this.#settle();
    });
  }

  /** The core's next deadline and the throttles of the gateway become events. */
  #arm(): void {
    const { agenda, clockOffset } = this.#options;
    const deadline = this.core.nextDeadline();
    if (deadline !== undefined && deadline < this.#timerAt) {
      this.#timerAt = deadline;
      agenda.at(deadline - clockOffset, () => this.#ring(deadline));
    }
    const pump = this.gateway.nextPumpAt();
    if (pump !== undefined && pump < this.#pumpAt) {
      this.#pumpAt = pump;
      agenda.at(pump - clockOffset, () => this.#pump());
    }
  }

  #ring(armed: number): void {
    if (!this.#alive || armed !== this.#timerAt) return;
    this.#timerAt = Infinity;
    const now = this.now();
    for (let n = 0; n < 64; n++) {
      const deadline = this.core.nextDeadline();
      if (deadline === undefined || deadline > now) break;
      this.#sequencer.submit(now, { kind: 'timer', deadline });
    }
    this.#settle();
  }

  #pump(): void {
    if (!this.#alive) return;
    this.#pumpAt = Infinity;
    this.gateway.pump(this.now());
    this.#settle();
  }

  #leave(effect: Effect): void {
    this.#options.watch.effect(this, effect);
    switch (effect.kind) {
      case 'load':
      case 'unload':
      case 'authority':
      case 'handover':
        this.#hostWork.push(effect);
        return;
      case 'answer':
      case 'alert':
        return;
      default:
        if (effect.kind === 'send') this.onOrder(effect);
        this.gateway.submit(effect, this.now());
    }
  }
}
