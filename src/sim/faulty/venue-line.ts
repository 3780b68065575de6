import type { Prng } from '../../base/prng.ts';
import type { VenueIx } from '../../domain/ids.ts';
import type { VenueStatement } from '../../domain/statement.ts';
import type { SendResult } from '../../ports/venue.ts';
import type { Agenda } from './agenda.ts';
import type { FaultPlan } from './fault-plan.ts';
import type { FaultyVenue, VenueRequest, VenueWord } from './faulty-venue.ts';
import { Link } from './link.ts';

const baseDelay = 1_500;
/** Between two heartbeats of a line (microseconds). */
export const heartbeatMicros = 300_000;
/** Silence after which the desk's end gives the connection up, and how long a gap may stand before it is asked for. */
const silenceMicros = 1_000_000;
const gapMicros = 200_000;

/** Who hears the venue at the desk's end. */
export interface LineEnd {
  word(number: number, word: VenueWord): void;
  reconnected(): void;
  stated(page: VenueStatement): void;
}

/**
 * The connection between a desk and a venue, with numbered words, heartbeats and resends as a session protocol has them. A desk that dies leaves it; what the
 * next one has not taken durably it asks for again.
 */
export class VenueLine {
  readonly out: Link;
  readonly back: Link;
  /** Journal seq at which each word was stepped; -1 = not yet. Kept outside the desk, as a session store is. */
  readonly takenAt: number[] = [];
  readonly #ix: VenueIx;
  readonly #agenda: Agenda;
  readonly #luck: Prng;
  readonly #faults: FaultPlan;
  readonly #venue: FaultyVenue;
  #end: LineEnd | undefined;
  #up = false;
  /** The venue's side believes in the connection. */
  #venueUp = true;
  #connection = 0;
  #heardAt = 0;
  /** Words that came, of this connection's end. */
  #come = new Set<number>();
  #askedFrom = 0;
  #gapSince = 0;
  #announced = 0;

  constructor(ix: VenueIx, agenda: Agenda, luck: Prng, faults: FaultPlan, venue: FaultyVenue) {
    this.#ix = ix;
    this.#agenda = agenda;
    this.#luck = luck;
    this.#faults = faults;
    this.#venue = venue;
    this.out = new Link(agenda, luck, faults, baseDelay);
    this.back = new Link(agenda, luck, faults, baseDelay);
    venue.onStatement = (pages) => this.#state(pages);
    venue.onWord = (number) => {
      this.takenAt[number] = -1;
      this.#tell(number);
    };
  }

  /** A statement comes behind what was said before it, or not at all. */
  #state(pages: readonly VenueStatement[]): void {
    const connection = this.#connection;
    for (const page of pages) {
      if (!this.#venueUp || this.#hits('dropReport')) continue;
      this.back.send(() => {
        if (connection === this.#connection) this.#end?.stated(page);
      });
    }
  }

  /** The venue drops the connection and tells nobody. */
  halfOpen(): void {
    this.#venueUp = false;
  }

  /** A desk takes its end; words that no record up to `lastSeq` holds come again. */
  attach(end: LineEnd, lastSeq: number): void {
    this.#end = end;
    this.#come = new Set();
    for (let n = 0; n < this.takenAt.length; n++) {
      if (this.takenAt[n] >= 0 && this.takenAt[n] <= lastSeq) this.#come.add(n);
      else this.takenAt[n] = -1;
    }
    this.#askedFrom = 0;
    this.#connect();
  }

  detach(): void {
    this.#end = undefined;
    this.#up = false;
    this.#connection += 1;
  }

  /** Into a connection that is known to be down nothing is written, or it is not known how much was. */
  ask(request: VenueRequest): SendResult {
    const lost = (): void => {
      if (request.kind === 'new') this.#venue.truth.closed(this.#ix, request.order);
    };
    if (!this.#up) {
      const uncertain = this.#luck.int(4) === 0;
      if (uncertain && this.#luck.int(2) === 0) this.out.send(() => this.#venue.receive(request), false, lost);
      else lost();
      return uncertain ? 'uncertain' : 'refused';
    }
    if (this.#faults.dropRequest > 0 && this.#luck.float() < this.#faults.dropRequest) {
      lost();
      return 'sent';
    }
    const connection = this.#connection;
    const arrive = (): void => {
      if (connection === this.#connection && this.#venueUp) this.#venue.receive(request);
      else lost();
    };
    this.out.send(arrive, false, lost);
    return 'sent';
  }

  /** Every word that the venue said has come. */
  get caughtUp(): boolean {
    return this.#up && this.#come.size >= this.#venue.words.length;
  }

  /** Heartbeats, gaps and silence; called again and again while a desk holds the line. */
  beat(): void {
    if (this.#venueUp) {
      const connection = this.#connection;
      const said = this.#venue.words.length;
      this.back.send(() => {
        if (connection !== this.#connection) return;
        this.#heardAt = this.#agenda.now;
        this.#announced = Math.max(this.#announced, said);
      });
    }
    if (!this.#up) return this.#connect();
    if (this.#agenda.now - this.#heardAt > silenceMicros) {
      this.#up = false;
      this.#connection += 1;
      return;
    }
    this.#askForGaps();
  }

  #connect(): void {
    if (this.#end === undefined || this.out.cut || this.back.cut) return;
    this.#connection += 1;
    this.#up = true;
    this.#venueUp = true;
    this.#heardAt = this.#agenda.now;
    this.#announced = this.#venue.words.length;
    this.#resend();
    this.#end.reconnected();
  }

  #askForGaps(): void {
    while (this.#come.has(this.#askedFrom)) this.#askedFrom += 1;
    if (this.#askedFrom >= this.#announced) {
      this.#gapSince = 0;
      return;
    }
    if (this.#gapSince === 0) this.#gapSince = this.#agenda.now;
    if (this.#agenda.now - this.#gapSince < gapMicros) return;
    this.#gapSince = 0;
    const connection = this.#connection;
    this.out.send(() => {
      if (connection === this.#connection && this.#venueUp) this.#resend();
    });
  }

  #resend(): void {
    while (this.#come.has(this.#askedFrom)) this.#askedFrom += 1;
    for (let n = this.#askedFrom; n < this.#venue.words.length; n++) if (!this.#come.has(n)) this.#deliver(n, false);
  }

  #tell(number: number): void {
    if (!this.#venueUp) return;
    if (this.#hits('dropReport')) return;
    this.#deliver(number, this.#hits('reorderReports'));
    if (this.#hits('duplicateReport')) this.#deliver(number, true);
  }

  #deliver(number: number, jumps: boolean): void {
    const connection = this.#connection;
    const word = this.#venue.words[number];
    const arrive = (): void => {
      if (connection !== this.#connection || this.#end === undefined) return;
      this.#heardAt = this.#agenda.now;
      this.#announced = Math.max(this.#announced, number + 1);
      // what undoes a word is no use before it: it comes again with the gap
      if (word.refersTo >= 0 && !this.#come.has(word.refersTo)) return;
      this.#come.add(number);
      this.#end.word(number, word);
    };
    if (jumps) this.#agenda.after(this.#luck.exponential(60_000), () => this.back.send(arrive, true));
    else this.back.send(arrive);
  }

  #hits(name: 'dropReport' | 'reorderReports' | 'duplicateReport'): boolean {
    return this.#faults[name] > 0 && this.#luck.float() < this.#faults[name];
  }
}
