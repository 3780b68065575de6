import { microsUnchecked, ticksUnchecked, type Micros } from '../base/units.ts';
import type { EventSeq, ListingIx } from '../domain/ids.ts';
import type { Input } from '../domain/input.ts';
import { blankBar, readBar, type BarBatch, type BarTape, type RateTape } from './bar-tape.ts';
import type { Conflator } from './conflator.ts';
import type { PulledVenue } from './desk-options.ts';
import type { HostAnswer, HostPort } from './host-port.ts';

/** What a desk lends to the one who plays a tape on it. */
export interface TapeDesk {
  readonly host: HostPort;
  readonly conflator: Conflator;
  readonly venues: readonly PulledVenue[];
  /** Does everything due before `at`; `isTimerDue`: a timer of a strategy is, up to it. Then the clock stands at it. @returns whether anything is due at it, but for bars */
  readonly begin: (at: Micros, isTimerDue: boolean) => boolean;
  /** Reports that are due now, and what follows from them, until there are none. */
  readonly meetVenues: (at: Micros) => void;
  /** Gives the next `count` numbers of events. @returns the first of them */
  readonly numberEvents: (count: number) => EventSeq;
  /** Steps an input at the clock's time. */
  readonly submit: (input: Input) => void;
  /** Sends the listing's mark to the core if it is due. */
  readonly mark: (listing: ListingIx, at: Micros) => void;
  readonly answer: (answer: HostAnswer) => void;
  /** Whether nothing hangs on a delivery that is not answered. */
  readonly isCalm: () => boolean;
  /** Whatever waits in memory. */
  readonly settle: () => void;
  /** The rest of the turn: timers, and everything that is not settled. */
  readonly end: (at: Micros) => void;
}

/** Shows recorded bars to venues, core and strategies as a feed of them would, without an object per bar. */
export class TapePlay {
  readonly #desk: TapeDesk;
  readonly #tape: BarTape;
  /** The bar that is being shown. */
  readonly #bar = blankBar();
  readonly #batch: BarBatch;
  /** By listing: its newest bar, -1 = none, and the number of that event; 0 = the conflator has it. */
  readonly #newest: Int32Array;
  readonly #newestSeq: Float64Array;

  readonly #calendar: string;
  #day = NaN;
  #nextRate = 0;

  /** `calendar`: the one whose sessions the bars are of, told to the core as they pass; '' = of none. */
  constructor(desk: TapeDesk, tape: BarTape, calendar: string) {
    this.#desk = desk;
    this.#tape = tape;
    this.#batch = { tape, bar: this.#bar, at: microsUnchecked(0), next: 0, eventSeq: 0, end: 0 };
    this.#calendar = calendar;
    this.#newest = new Int32Array(tape.listingCount).fill(-1);
    this.#newestSeq = new Float64Array(tape.listingCount);
  }

  /** All bars of one close time; `time` is its place in the tape. */
  show(time: number): void {
    const at = microsUnchecked(this.#tape.times[time]);
    const from = this.#tape.starts[time];
    const to = this.#tape.starts[time + 1];
    let acts = this.#desk.begin(at, this.#isTimerDue(at));
    if (this.#tape.rates !== undefined) this.#showRates(this.#tape.rates, at);
    acts = this.#beginDay(this.#tape.days[time]) || acts;
    this.#bar.eventTime = at;
    this.#bar.receivedAt = at;
    this.#batch.at = at;
    acts = this.#show(from, to) || acts;
    if (acts) this.#desk.meetVenues(at);
    const first = this.#desk.numberEvents(to - from);
    acts = this.#mark(from, to, first, at) || acts;
    acts = this.#deliver(from, to, first) || acts;
    acts = this.#group(at) || acts;
    // most bars meet nobody and are answered by nobody: then there is nothing to be ended
    if (acts || this.#isTimerDue(at)) this.#desk.end(at);
  }

  /** The newest rate of each listing that is known by now: hosts and core have it before anything of this time is filled. */
  #showRates({ times, listings, prices }: RateTape, at: Micros): void {
    const newest = new Map<ListingIx, number>();
    for (; this.#nextRate < times.length && times[this.#nextRate] <= at; this.#nextRate++)
      newest.set(listings[this.#nextRate], this.#nextRate);
    const { host, conflator } = this.#desk;
    for (const [listing, n] of newest) {
      const price = ticksUnchecked(prices[n]);
      const [eventSeq, known] = [this.#desk.numberEvents(1), microsUnchecked(times[n])];
      const bar = { ...blankBar(), listing, eventSeq, feedSeq: n + 1, eventTime: known, receivedAt: at, close: price };
      host.deliver({ kind: 'market', eventSeq, at, event: { ...bar, open: price, high: price, low: price } });
      conflator.takeClose(listing, bar.feed, n + 1, price, known, eventSeq);
      this.#desk.mark(listing, at);
    }
  }

  #group(at: Micros): boolean {
    const answer = this.#desk.host.deliver({ kind: 'group', eventSeq: this.#desk.numberEvents(1), at });
    if (!says(answer)) return false;
    this.#desk.answer(answer);
    return true;
  }

  #isTimerDue(at: Micros): boolean {
    const timer = this.#desk.host.nextTimerAt();
    return timer !== undefined && timer <= at;
  }

  /** A bar is known when its session is over: the day is told, and that it is closed. @returns whether it was */
  #beginDay(day: number): boolean {
    if (this.#calendar === '' || day === this.#day) return false;
    this.#day = day;
    this.#desk.submit({ kind: 'session', calendar: this.#calendar, phase: 'closed', sessionDay: day, until: microsUnchecked(0) });
    return true;
  }

  /** Gives the conflator the listing's newest bar: for those whose marks do not go by themselves, when somebody asks for one. */
  catchUp(listing: ListingIx): void {
    const n = listing < this.#newest.length ? this.#newest[listing] : -1;
    if (n < 0 || this.#newestSeq[listing] === 0) return;
    const { numbers, close } = this.#tape;
    this.#desk.conflator.takeClose(listing, this.#bar.feed, numbers[n], close[n], this.#timeOf(n), this.#newestSeq[listing]);
    this.#newestSeq[listing] = 0;
  }

  /** Close time of the bar number `n`. */
  #timeOf(n: number): Micros {
    const { times, starts } = this.#tape;
    let low = 0;
    let high = times.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (starts[middle] <= n) low = middle;
      else high = middle - 1;
    }
    return microsUnchecked(times[low]);
  }

  /** The bars to the venues. @returns whether one of them has orders that they meet: what is filled is settled before anybody else sees the bars */
  #show(from: number, to: number): boolean {
    const tape = this.#tape;
    const bar = this.#bar;
    let heard = false;
    for (const venue of this.#desk.venues) {
      for (let n = from; n < to; n++) {
        if (venue.hears?.(tape.listings[n]) === false) continue;
        heard = true;
        readBar(tape, n, bar);
        venue.onMarket?.(bar);
      }
    }
    return heard;
  }

  /** Marks that go by themselves; of the other listings it is remembered which bar is the newest. @returns whether there were any */
  #mark(from: number, to: number, first: EventSeq, at: Micros): boolean {
    const { conflator } = this.#desk;
    const { listings } = this.#tape;
    let marked = false;
    for (let n = from; n < to; n++) {
      const listing = listings[n];
      this.#newest[listing] = n;
      this.#newestSeq[listing] = first + n - from;
      if (!conflator.wants(listing)) continue;
      marked = true;
      this.catchUp(listing);
      this.#desk.mark(listing, at);
    }
    return marked;
  }

  /** Each bar to its subscribers; whatever one of them is answered with is stepped before the next. @returns whether anything came of it */
  #deliver(from: number, to: number, first: EventSeq): boolean {
    const batch = this.#batch;
    batch.next = from;
    batch.eventSeq = first;
    let acts = false;
    while (batch.next < to) {
      const isCalm = this.#desk.isCalm();
      batch.end = isCalm ? to : batch.next + 1;
      const answer = this.#hand(batch);
      if (isCalm && !says(answer)) continue;
      acts = true;
      this.#desk.answer(answer);
      this.#desk.settle();
    }
    return acts;
  }

  #hand(batch: BarBatch): HostAnswer {
    const { host } = this.#desk;
    if (host.deliverBars !== undefined) return host.deliverBars(batch);
    const { bar, at } = batch;
    readBar(this.#tape, batch.next++, bar);
    bar.eventSeq = batch.eventSeq++;
    return host.deliver({ kind: 'market', eventSeq: bar.eventSeq, at, event: bar });
  }
}

function says({ intents, faults }: HostAnswer): boolean {
  return intents.length > 0 || faults.length > 0;
}
