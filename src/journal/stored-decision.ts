import { decodePayload } from '../domain/schema/codec.ts';
import { PayloadError } from '../domain/schema/wire.ts';
import type { Decision } from '../domain/decision.ts';
import type { Seq } from '../domain/ids.ts';
import type { Micros } from '../base/units.ts';
import type { RawRecord, RecordedBytes } from './record.ts';

/** A decision of a journal that is decoded when somebody looks at it: whoever derives it again compares bytes, and seldom does. */
export class StoredDecision {
  readonly of = 'decision';
  readonly seq: Seq;
  readonly at: Micros;
  readonly term: number;
  readonly causeSeq: Seq;
  readonly file: string;
  readonly offset: number;
  readonly recorded: RecordedBytes;
  readonly #schema: number;
  readonly #view: DataView;

  constructor(raw: RawRecord, bytes: Uint8Array, view: DataView, file: string, offset: number) {
    this.seq = raw.seq;
    this.at = raw.at;
    this.term = raw.term;
    this.causeSeq = raw.causeSeq;
    this.file = file;
    this.offset = offset;
    this.recorded = { type: raw.type, bytes, from: raw.payload, to: raw.end };
    this.#schema = raw.schema;
    this.#view = view;
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
