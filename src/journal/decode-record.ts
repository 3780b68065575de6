import { ok } from '../base/result.ts';
import type { Result } from '../base/result.ts';
import { decodePayload, payloadOf } from '../domain/schema/codec.ts';
import type { PayloadFailure } from '../domain/schema/codec.ts';
import { segmentRecordType } from './format.ts';
import type { JournalRecord, RawRecord } from './record.ts';
import type { StoredDecision } from './stored-decision.ts';

/** The value of a record; a decision only in `stored`, where that is given, to be decoded when it is looked at; null for the record that repeats a segment's header. */
export function decodeRecord(
  bytes: Uint8Array,
  view: DataView,
  raw: RawRecord,
  file: string,
  offset: number,
  stored?: StoredDecision,
): Result<JournalRecord | null, PayloadFailure> {
  if (raw.type === segmentRecordType) return ok(null);
  if (stored !== undefined) {
    const of = payloadOf(raw.type, raw.schema);
    if (!of.ok) return of;
    if (of.value === 'decision') return ok(stored.hold(raw, bytes, view, file, offset));
  }
  const content = decodePayload(raw.type, raw.schema, { bytes, view, end: raw.end }, raw.payload);
  if (!content.ok) return content;
  const { seq, at, term, causeSeq } = raw;
  return ok(
    content.value.of === 'input'
      ? { of: 'input', seq, at, term, file, offset, input: content.value.input }
      : { of: 'decision', seq, at, term, file, offset, causeSeq, decision: content.value.decision },
  );
}
