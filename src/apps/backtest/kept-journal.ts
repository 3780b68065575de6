import type { Micros } from '../../base/units.ts';
import type { Decision } from '../../domain/decision.ts';
import type { Seq } from '../../domain/ids.ts';
import type { Input } from '../../domain/input.ts';
import type { FileJournal } from '../../journal/file-journal.ts';
import type { JournalFlush, JournalPort } from '../../ports/journal.ts';

/** Most bytes of a run on bars that wait for the disk: such a run does not yield, its whole journal is written at its end. */
export const maxKeptBytes = 1_073_741_824;

/** The journal of a run whose world is simulated: nothing outside waits for the disk, so what was appended counts as durable at once. */
export class KeptJournal implements JournalPort {
  readonly #file: FileJournal;

  constructor(file: FileJournal) {
    this.#file = file;
  }

  get nextSeq(): Seq {
    return this.#file.nextSeq;
  }

  get durableSeq(): Seq {
    return this.#file.nextSeq - 1;
  }

  /** @throws RangeError when more waits than `maxKeptBytes` */
  appendInput(seq: Seq, at: Micros, input: Input): void {
    if (this.#file.backlogBytes > maxKeptBytes)
      throw new RangeError(`journal: expected a run of at most ${maxKeptBytes} bytes, was more: choose fewer names or a shorter time`);
    this.#file.appendInput(seq, at, input);
  }

  appendDecision(seq: Seq, at: Micros, causeSeq: Seq, decision: Decision): void {
    this.#file.appendDecision(seq, at, causeSeq, decision);
  }

  flush(): Promise<JournalFlush> {
    return this.#file.flush();
  }

  close(): Promise<JournalFlush> {
    return this.#file.close();
  }
}
