import { crc32, firstNonZero, u64 } from './bytes.ts';

/** The files of a journal as `docs/reference/journal-format.md` describes them, read here a second time from that text. */
export const sector = 512;
export const recordHead = 40;
export const longestRecord = 16_777_216;
const trailerWord = 0x4c525442;
const trailerLength = 56;
const headLength = 116;
export const headBody = 108;

export interface Header {
  readonly body: Uint8Array;
  readonly number: number;
  readonly term: number;
  readonly checkpointEvery: number;
  readonly firstSeq: number;
  readonly coreDigest: Uint8Array;
  readonly previousRoot: Uint8Array;
  readonly previousEntries: number;
  readonly segmentBytes: number;
  readonly keyID: number;
  /** What is wrong with it; '' = nothing. */
  readonly wrong: string;
}

export function headerOf(bytes: Uint8Array, magic: string): Header | undefined {
  if (bytes.length < sector) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, sector);
  return {
    body: bytes.subarray(0, headBody),
    number: view.getUint32(12, true),
    term: view.getUint32(16, true),
    checkpointEvery: view.getUint32(20, true),
    firstSeq: u64(view, 24),
    coreDigest: bytes.subarray(32, 64),
    previousRoot: bytes.subarray(64, 96),
    previousEntries: u64(view, 96),
    segmentBytes: view.getUint32(104, true),
    keyID: view.getUint32(108, true),
    wrong: headerFault(bytes, view, magic),
  };
}

function headerFault(bytes: Uint8Array, view: DataView, magic: string): string {
  if (Buffer.from(bytes.subarray(0, 8)).toString('latin1') !== magic) return `expected the magic ${magic}`;
  if (view.getUint32(8, true) !== 1) return `expected format version 1, was ${view.getUint32(8, true)}`;
  if (view.getUint32(112, true) !== crc32(bytes, 0, 112, 0)) return 'the checksum of the header does not match';
  return firstNonZero(bytes, headLength, sector) < 0 ? '' : 'expected zeros behind the header';
}

export interface Entry {
  readonly offset: number;
  /** Its bytes without padding. */
  readonly bytes: Uint8Array;
  readonly seq: number;
  readonly term: number;
  readonly type: number;
  readonly causeSeq: number;
  /** What is wrong with it; '' = nothing. */
  readonly wrong: string;
}

export interface Trailer {
  readonly offset: number;
  readonly count: number;
  readonly recordBytes: number;
  readonly firstEntry: number;
  readonly root: Uint8Array;
  readonly wrong: string;
  /** First byte behind it that should be zero and is not; -1 = none. */
  readonly dirt: number;
}

/** A batch, or why none could be told apart at `offset`; `end` is where the next one begins. */
export type Batch =
  | { readonly whole: true; readonly entries: readonly Entry[]; readonly trailer: Trailer; readonly end: number }
  | { readonly whole: false; readonly offset: number; readonly what: string };

export function batchOf(file: Uint8Array, from: number): Batch {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const entries: Entry[] = [];
  for (let at = from; ;) {
    if (at + 4 > file.length) return { whole: false, offset: at, what: 'the file ends within a batch' };
    const length = view.getUint32(at, true);
    if (length === trailerWord) return closedBatch(file, view, from, at, entries);
    if (length < recordHead || length > longestRecord)
      return { whole: false, offset: at, what: `expected a record's length, was ${length}` };
    const next = at + Math.ceil(length / 8) * 8;
    if (next > file.length) return { whole: false, offset: at, what: 'the file ends within a record' };
    entries.push(entryOf(file, view, at, length, next));
    at = next;
  }
}

function entryOf(file: Uint8Array, view: DataView, at: number, length: number, next: number): Entry {
  const sound = view.getUint32(at + 4, true) === crc32(file, at + 8, at + length, length);
  const clean = firstNonZero(file, at + length, next) < 0;
  return {
    offset: at,
    bytes: file.subarray(at, at + length),
    seq: u64(view, at + 8),
    term: view.getUint32(at + 24, true),
    type: view.getUint16(at + 28, true),
    causeSeq: u64(view, at + 32),
    wrong: !sound ? 'the checksum of the record does not match' : clean ? '' : 'expected zeros behind the record',
  };
}

function closedBatch(file: Uint8Array, view: DataView, from: number, at: number, entries: readonly Entry[]): Batch {
  const end = from + Math.ceil((at + trailerLength - from) / sector) * sector;
  if (end > file.length) return { whole: false, offset: at, what: 'the file ends within a trailer' };
  const sound = view.getUint32(at + 4, true) === crc32(file, at + 8, at + trailerLength, trailerWord);
  const trailer = {
    offset: at,
    count: view.getUint32(at + 8, true),
    recordBytes: view.getUint32(at + 12, true),
    firstEntry: u64(view, at + 16),
    root: file.subarray(at + 24, at + trailerLength),
    wrong: sound ? '' : 'the checksum of the trailer does not match',
    dirt: firstNonZero(file, at + trailerLength, end),
  };
  return { whole: true, entries, trailer, end };
}

/** Whether any batch without a fault begins at a sector in [from, end of file). */
export function soundBatchBehind(file: Uint8Array, from: number): boolean {
  for (let at = from; at + sector <= file.length; at += sector) {
    if (firstNonZero(file, at, at + 4) < 0) continue;
    const batch = batchOf(file, at);
    if (
      batch.whole &&
      batch.trailer.wrong === '' &&
      batch.trailer.count === batch.entries.length &&
      batch.entries.every((entry) => entry.wrong === '')
    )
      return true;
  }
  return false;
}
