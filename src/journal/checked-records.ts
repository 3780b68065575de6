import { microsUnchecked } from '../base/units.ts';
import type { Seq } from '../domain/ids.ts';
import { decodeRecord } from './decode-record.ts';
import { alignRecord, segmentRecordType, trailerMagic } from './format.ts';
import { fillRecord } from './record.ts';
import type { JournalRecord, RawRecord } from './record.ts';
import { StoredDecision } from './stored-decision.ts';

/** Batches that `JournalReader.checked` gave, in memory that is used again and again. */
export interface CheckedBytes {
  readonly bytes: Uint8Array;
  readonly view: DataView;
}

/** What is wrong with a record whose checksum is right. */
export interface MalformedRecord {
  /** Leaves before it in its batch. */
  readonly leaves: number;
  readonly seq: Seq;
  readonly offset: number;
  readonly what: string;
}

/** Visits records that somebody else has checked: no checksum is worked out again. */
export class CheckedRecords {
  readonly #raw: { -readonly [K in keyof RawRecord]: RawRecord[K] } = {
    start: 0,
    payload: 0,
    end: 0,
    seq: 0,
    at: microsUnchecked(0),
    term: 0,
    type: 0,
    schema: 0,
    causeSeq: 0,
  };
  readonly #stored: StoredDecision | undefined;

  /** @param lazyDecisions they are decoded when they are looked at; one object stands for all of them, good during its visit */
  constructor(lazyDecisions: boolean) {
    this.#stored = lazyDecisions ? new StoredDecision() : undefined;
  }

  /** The batch at `from`, which lies at `offset` of its file. @returns records visited and leaves, or what is wrong with one: those before it have been visited */
  visit(
    { bytes, view }: CheckedBytes,
    from: number,
    file: string,
    offset: number,
    visit: (record: JournalRecord) => void,
  ): { readonly visited: number; readonly leaves: number } | MalformedRecord {
    const raw = this.#raw;
    let visited = 0;
    let leaves = 0;
    for (let p = from; ;) {
      const word = view.getUint32(p, true);
      if (word === trailerMagic) return { visited, leaves };
      fillRecord(raw, view, p, p + word);
      if (raw.type !== segmentRecordType) {
        const place = offset + p - from;
        const record = decodeRecord(bytes, view, raw, file, place, this.#stored);
        if (!record.ok) return { leaves, seq: raw.seq, offset: place, what: record.error.message };
        if (record.value !== null) visit(record.value);
        visited += 1;
      }
      leaves += 1;
      p += alignRecord(word);
    }
  }
}
