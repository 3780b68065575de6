import { decodePayload } from '../domain/schema/codec.ts';
import { PayloadError } from '../domain/schema/wire.ts';
import type { Decision } from '../domain/decision.ts';
import type { Seq } from '../domain/ids.ts';
import { microsUnchecked, type Micros } from '../base/units.ts';
import type { RawRecord, RecordedBytes } from './record.ts';

const nothing = new Uint8Array(0);

/** A decision of a journal that is decoded when somebody looks at it: whoever derives it again compares bytes, and seldom does. */
export class StoredDecision {
  readonly of = 'decision';
  seq: Seq = 0;
  at: Micros = microsUnchecked(0);
  term = 0;
  causeSeq: Seq = 0;
  file = '';
  offset = 0;
  readonly recorded: { -readonly [K in keyof RecordedBytes]: RecordedBytes[K] } = { type: 0, bytes: nothing, from: 0, to: 0 };
  #schema = 0;
  #view: DataView = new DataView(nothing.buffer);

  /** Stands for this record from now on. */
  hold(raw: RawRecord, bytes: Uint8Array, view: DataView, file: string, offset: number): this {
    this.seq = raw.seq;
    this.at = raw.at;
    this.term = raw.term;
    this.causeSeq = raw.causeSeq;
    this.file = file;
    this.offset = offset;
    const { recorded } = this;
    recorded.type = raw.type;
    recorded.bytes = bytes;
    recorded.from = raw.payload;
    recorded.to = raw.end;
    this.#schema = raw.schema;
    this.#view = view;
    return this;
  }

  /** @throws PayloadError when the payload, whose checksum is right, is none of its kind. */
  get decision(): Decision {
    const { type, bytes, from, to } = this.recorded;
    const content = decodePayload(type, this.#schema, { bytes, view: this.#view, end: to }, from);
    if (!content.ok) throw new PayloadError(content.error.message);
    if (content.value.of !== 'decision') throw new PayloadError('expected a decision, was an input');
    return content.value.decision;
  }
}
