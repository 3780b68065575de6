import { assert } from '../base/assert.ts';
import type { Micros } from '../base/units.ts';
import type { Decision } from '../domain/decision.ts';
import type { Seq } from '../domain/ids.ts';
import type { Input } from '../domain/input.ts';
import type { JournalFlush, JournalPort } from '../ports/journal.ts';
import { checkpointText } from './checkpoint.ts';
import { decodeRecord } from './decode-record.ts';
import { alignRecord } from './format.ts';
import { rawRecord } from './record.ts';
import type { JournalRecord } from './record.ts';
import { RecordStream } from './record-stream.ts';
import { hexOf, shapeOf } from './shape.ts';
import type { ShapeOptions } from './shape.ts';
import type { SigningKey } from './signed-note.ts';

export interface MemoryJournalOptions extends ShapeOptions {
  /** Name of the log in its checkpoints. */
  readonly origin: string;
  /** Absent: the head is a text without a signature. */
  readonly signingKey?: SigningKey;
  /** false: records are hashed and dropped (backtests of any length). Default true. */
  readonly keep?: boolean;
}

/** Taken from the stream when this many bytes wait. */
const chunkBytes = 1 << 20;

export function createMemoryJournal(options: MemoryJournalOptions): MemoryJournal {
  return new MemoryJournal(options);
}

/** A journal that no disk holds. Its root is that of a file journal of the same shape and inputs; everything is durable at once. */
export class MemoryJournal implements JournalPort {
  readonly #options: MemoryJournalOptions;
  readonly #stream: RecordStream;
  readonly #chunks: Uint8Array[] = [];
  #closed = false;

  constructor(options: MemoryJournalOptions) {
    this.#options = options;
    this.#stream = new RecordStream(shapeOf(options), false);
  }

  get nextSeq(): Seq {
    return this.#stream.lastSeq + 1;
  }

  get durableSeq(): Seq {
    return this.#stream.lastSeq;
  }

  /** Leaves of the tree: every record, those that repeat a segment's header included. */
  get entries(): number {
    return this.#stream.tree.size;
  }

  /** Tree root over everything appended, hex. */
  root(): string {
    return hexOf(this.#stream.tree.root());
  }

  /** Checkpoint over everything appended, signed when there is a key. */
  head(): string {
    const { tree } = this.#stream;
    const text = checkpointText(this.#options.origin, { size: tree.size, root: tree.root() }, this.#closed);
    return this.#options.signingKey?.sign(text) ?? text;
  }

  appendInput(seq: Seq, at: Micros, input: Input): void {
    assert(!this.#closed, 'journal: it is closed');
    this.#stream.appendInput(seq, at, input);
    if (this.#stream.waitingBytes > chunkBytes) this.#takeChunk();
  }

  appendDecision(seq: Seq, at: Micros, causeSeq: Seq, decision: Decision): void {
    assert(!this.#closed, 'journal: it is closed');
    this.#stream.appendDecision(seq, at, causeSeq, decision);
  }

  flush(): Promise<JournalFlush> {
    return Promise.resolve({ ok: true, durableSeq: this.durableSeq });
  }

  close(): Promise<JournalFlush> {
    this.#closed = true;
    return this.flush();
  }

  /** Every numbered record in order; nothing when records are not kept. */
  *records(): Generator<JournalRecord> {
    this.#takeChunk();
    for (const bytes of this.#chunks) {
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      for (let at = 0; at < bytes.length;) {
        const length = view.getUint32(at, true);
        const record = decodeRecord(bytes, view, rawRecord(view, at, at + length), 'memory', at);
        if (!record.ok) throw new Error(`journal: a record in memory does not decode: ${record.error.message}`);
        if (record.value !== null) yield record.value;
        at += alignRecord(length);
      }
    }
  }

  #takeChunk(): void {
    const taken = this.#stream.take();
    if (taken === null) return;
    const { pieces } = taken;
    if (this.#options.keep ?? true) this.#chunks.push(taken.target.bytes.slice(pieces[0].from, pieces[pieces.length - 1].to));
    this.#stream.giveBack(taken);
  }
}
