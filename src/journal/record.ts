import { microsUnchecked } from '../base/units.ts';
import type { Micros } from '../base/units.ts';
import type { Decision } from '../domain/decision.ts';
import type { Seq } from '../domain/ids.ts';
import type { Input } from '../domain/input.ts';
import { crc32 } from './checksum.ts';
import { alignRecord, alignSector, maxRecordBytes, microsAt, recordHeaderBytes, trailerBytes, trailerMagic, u64At } from './format.ts';

/** The payload of a record as it lies in what was read. */
export interface RecordedBytes {
  readonly type: number;
  readonly bytes: Uint8Array;
  readonly from: number;
  readonly to: number;
}

export type RecordContent =
  { readonly of: 'input'; readonly input: Input } | { readonly of: 'decision'; readonly causeSeq: Seq; readonly decision: Decision };

/** A numbered record as it was read, and where it lies. */
export type JournalRecord = RecordContent & {
  readonly seq: Seq;
  readonly at: Micros;
  readonly term: number;
  readonly file: string;
  readonly offset: number;
  /** Of a decision that is decoded only when somebody looks at it (`ReaderOptions.lazyDecisions`). */
  readonly recorded?: RecordedBytes;
};

/** The fixed part of a record; the payload is bytes[payload, end). */
export interface RawRecord {
  readonly start: number;
  readonly payload: number;
  readonly end: number;
  readonly seq: Seq;
  readonly at: Micros;
  readonly term: number;
  readonly type: number;
  readonly schema: number;
  readonly causeSeq: Seq;
}

/** `offset` counts in the bytes that were given. */
export type ReadBatch =
  /** `records` may be longer: the first `count` are the batch's, until `into` is used again. */
  | {
      readonly kind: 'batch';
      readonly records: readonly RawRecord[];
      readonly count: number;
      readonly firstLeaf: number;
      readonly end: number;
    }
  | { readonly kind: 'unused' }
  /** It goes on behind the bytes given. */
  | { readonly kind: 'short' }
  | { readonly kind: 'bad'; readonly offset: number; readonly what: string };

/** The batch that begins at `at`: records, trailer, zeros. `into` takes its records, in objects that it has already. */
export function readBatch(bytes: Uint8Array, view: DataView, at: number, into: RawRecord[] = []): ReadBatch {
  let count = 0;
  let p = at;
  for (;;) {
    if (p + 4 > bytes.length) return { kind: 'short' };
    const word = view.getUint32(p, true);
    if (word === 0 && p === at) return { kind: 'unused' };
    if (word === trailerMagic) return readTrailer(bytes, view, at, p, into, count);
    if (word < recordHeaderBytes || word > maxRecordBytes)
      return { kind: 'bad', offset: p, what: `expected a record's length, was ${word}` };
    const end = p + word;
    if (p + alignRecord(word) > bytes.length) return { kind: 'short' };
    if (view.getUint32(p + 4, true) !== crc32(bytes, view, p + 8, end, word))
      return { kind: 'bad', offset: p, what: 'the checksum of a record does not match' };
    if (count < into.length) fillRecord(into[count], view, p, end);
    else into.push(rawRecord(view, p, end));
    count += 1;
    p += alignRecord(word);
    if (!isZero(bytes, end, p)) return { kind: 'bad', offset: end, what: 'expected zeros behind a record' };
  }
}

/** The record at `at`, its checksum taken for granted. */
export function rawRecord(view: DataView, at: number, end: number): RawRecord {
  const none = { start: 0, payload: 0, end: 0, seq: 0, at: microsUnchecked(0), term: 0, type: 0, schema: 0, causeSeq: 0 };
  fillRecord(none, view, at, end);
  return none;
}

export function fillRecord(record: { -readonly [K in keyof RawRecord]: RawRecord[K] }, view: DataView, at: number, end: number): void {
  record.start = at;
  record.payload = at + recordHeaderBytes;
  record.end = end;
  record.seq = u64At(view, at + 8);
  record.at = microsUnchecked(microsAt(view, at + 16));
  record.term = view.getUint32(at + 24, true);
  record.type = view.getUint16(at + 28, true);
  record.schema = view.getUint16(at + 30, true);
  record.causeSeq = u64At(view, at + 32);
}

function readTrailer(bytes: Uint8Array, view: DataView, from: number, at: number, records: readonly RawRecord[], found: number): ReadBatch {
  const bad = (what: string): ReadBatch => ({ kind: 'bad', offset: at, what });
  const end = from + alignSector(at - from + trailerBytes);
  if (end > bytes.length) return { kind: 'short' };
  if (view.getUint32(at + 4, true) !== crc32(bytes, view, at + 8, at + trailerBytes, trailerMagic))
    return bad('the checksum of a trailer does not match');
  const count = view.getUint32(at + 8, true);
  if (count !== found) return bad(`expected a trailer of ${found} records, was ${count}`);
  const length = view.getUint32(at + 12, true);
  if (length !== at - from) return bad(`expected a trailer of ${at - from} bytes, was ${length}`);
  if (!isZero(bytes, at + trailerBytes, end)) return bad('expected zeros behind a trailer');
  return { kind: 'batch', records, count, firstLeaf: u64At(view, at + 16), end };
}

export function isZero(bytes: Uint8Array, from: number, to: number): boolean {
  for (let i = from; i < to; i++) if (bytes[i] !== 0) return false;
  return true;
}
