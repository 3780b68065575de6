import { assert } from '../../base/assert.ts';
import { microsUnchecked } from '../../base/units.ts';
import { createL2Book } from '../../core/market/book.ts';
import type { BookUpdate } from '../../domain/market.ts';
import { DepthSequence, type DepthNumbers } from './depth-sequence.ts';
import type { EventQueue } from './event-queue.ts';
import type { FeedReport } from './feed-report.ts';
import type { FrameFields } from './frame-fields.ts';
import type { Mutable } from '../mutable.ts';
import type { BinanceMarket } from './symbols.ts';

/** Most depth frames that wait for a snapshot; the oldest is dropped and counted. */
export const maxWaitingFrames = 4_096;

interface Waiting extends DepthNumbers {
  readonly event: Mutable<BookUpdate>;
}

/** Delivers the book while its sequence numbers follow on, and says what happened when they do not. Keeps a book of its own to see it crossed. */
export class BookTrack {
  readonly #fields: FrameFields;
  readonly #out: EventQueue;
  readonly #report: FeedReport;
  readonly #sequence: DepthSequence;
  readonly #book = createL2Book();
  #waiting: Waiting[] = [];
  /** The book was reported as gone, but no depth frame is known to be missing. */
  #suspect = false;
  #crossed = false;

  constructor(market: BinanceMarket, fields: FrameFields, out: EventQueue, report: FeedReport) {
    this.#fields = fields;
    this.#out = out;
    this.#report = report;
    this.#sequence = new DepthSequence(market);
  }

  /** False while the receivers' book is not to be believed. */
  get believed(): boolean {
    return !this.#suspect && !this.#sequence.waiting;
  }

  /** Something may be missing: the book is not believed until a depth frame follows on or a snapshot comes. */
  doubt(text: string, missing: number): void {
    this.#report.gaps++;
    this.#suspect = !this.#sequence.waiting;
    this.#out.say('gap', text, missing);
  }

  takeDepth(): void {
    const { levels, lastID, eventTime } = this.#fields;
    levels.stamp(false, lastID, eventTime, this.#out.now);
    const { event } = levels;
    switch (this.#sequence.judge(this.#fields)) {
      case 'wait':
        return this.#wait();
      case 'old':
        this.#report.duplicates++;
        return;
      case 'gap':
        return this.#lose();
      case 'apply':
        this.#book.apply(event);
        if (this.#suspect) return this.#restore();
        return this.#deliver(event);
    }
  }

  #lose(): void {
    this.#report.gaps++;
    this.#out.say('gap', this.#sequence.gapText(this.#fields), this.#sequence.missing(this.#fields));
    this.#sequence.lose();
    this.#book.invalidate();
    this.#suspect = false;
    this.#crossed = false;
    this.#wait();
  }

  /** No depth frame was lost after all: the book goes out whole. */
  #restore(): void {
    const { levels, lastID, eventTime } = this.#fields;
    this.#suspect = false;
    levels.copyBook(this.#book);
    levels.stamp(true, lastID, eventTime, this.#out.now);
    this.#deliver(levels.event);
    this.#resync(`depth frame ${lastID} follows on, no depth was lost`);
  }

  #resync(text: string): void {
    this.#report.resyncs++;
    this.#out.say('resync', text, 0);
  }

  #wait(): void {
    const { firstID, lastID, previousID, levels } = this.#fields;
    const last = this.#waiting.at(-1);
    if (last !== undefined && !this.#sequence.follows(last, this.#fields)) this.dropWaiting();
    if (this.#waiting.length === maxWaitingFrames) {
      this.#waiting.shift();
      this.#report.unusedDepthFrames++;
    }
    this.#waiting.push({ firstID, lastID, previousID, event: levels.copy() });
  }

  /** What still waits will not be used. */
  dropWaiting(): void {
    this.#report.unusedDepthFrames += this.#waiting.length;
    this.#waiting = [];
  }

  /** @param eventTime of the snapshot; a spot snapshot carries none. */
  takeSnapshot(eventTime: number): void {
    // a book that follows on needs none
    if (!this.#sequence.waiting) return;
    const { lastID, levels } = this.#fields;
    const first = this.#waiting.find((one) => one.lastID >= lastID);
    // older than what is waiting: it cannot be joined, a newer one must come
    if (first !== undefined && !this.#sequence.joins(first, lastID)) return;
    this.#sequence.stand(lastID);
    levels.stamp(true, lastID, eventTime, this.#out.now);
    this.#book.apply(levels.event);
    this.#deliver(levels.event);
    if (this.#report.gaps > 0) this.#resync(`snapshot ${lastID}`);
    for (const waiting of this.#waiting.splice(0)) {
      const verdict = this.#sequence.judge(waiting);
      assert(verdict === 'apply' || verdict === 'old', 'frames that wait follow on each other');
      if (verdict === 'old') {
        this.#report.inSnapshot++;
        continue;
      }
      const { event } = waiting;
      event.receivedAt = microsUnchecked(this.#out.now);
      this.#book.apply(event);
      this.#deliver(event);
    }
  }

  #deliver(event: BookUpdate): void {
    this.#report.levels += event.count;
    this.#out.push(event);
    const { crossed } = this.#book;
    if (crossed && !this.#crossed) {
      const [bid, ask] = [this.#book.bidPx(0), this.#book.askPx(0)];
      this.#report.crossed++;
      this.#out.say('crossed', `book: bid ${bid} at or above ask ${ask} (ticks)`, bid - ask);
    }
    this.#crossed = crossed;
  }
}
