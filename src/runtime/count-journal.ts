import type { Seq } from '../domain/ids.ts';
import type { JournalFlush, JournalPort } from '../ports/journal.ts';

/** Numbers records and keeps none: for backtests whose proof is the digest of their result. Everything is durable at once. */
export class CountJournal implements JournalPort {
  #last: Seq;

  /** @param last number of the last record of before. */
  constructor(last: Seq = 0) {
    this.#last = last;
  }

  get nextSeq(): Seq {
    return this.#last + 1;
  }

  get durableSeq(): Seq {
    return this.#last;
  }

  appendInput(seq: Seq): void {
    this.#last = seq;
  }

  appendDecision(seq: Seq): void {
    this.#last = seq;
  }

  flush(): Promise<JournalFlush> {
    return Promise.resolve({ ok: true, durableSeq: this.#last });
  }

  close(): Promise<JournalFlush> {
    return this.flush();
  }
}
