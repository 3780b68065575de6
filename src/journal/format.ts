import { crc32 } from './checksum.ts';
import { digestBytes } from './digest.ts';

/** Bytes of the files, as `docs/reference/journal-format.md` tells them. Everything is little-endian. */

/** Batches and headers begin and end at multiples of it, so that a torn commit touches no committed sector. */
export const sectorBytes = 512;
export const formatVersion = 1;
export const segmentMagic = 'PLIMJRNL';
export const emergencyMagic = 'PLIMEMRG';
/** 'BTRL' as a u32: larger than any record's length. */
export const trailerMagic = 0x4c525442;

export const recordHeaderBytes = 40;
export const trailerBytes = 56;
/** What a record repeats of its segment's header: all but key id and checksum. */
export const headerBodyBytes = 108;
export const headerBytes = 116;
/** Record type and schema version of that repetition; the journal's own ids are below 16. */
export const segmentRecordType = 1;
export const segmentRecordSchema = 1;

/** Longest record, header included. */
export const maxRecordBytes = 1 << 24;
/** A batch is closed at the next record once it is this long. */
export const maxBatchBytes = 1 << 20;
export const defaultSegmentBytes = 1 << 26;
export const minSegmentBytes = 1 << 12;
export const segmentBytesStep = 1 << 12;
export const defaultCheckpointEvery = 1024;

const TWO_32 = 4294967296;

export interface SegmentHeader {
  readonly magic: string;
  /** From 1. */
  readonly number: number;
  readonly term: number;
  /** Records between checkpoints by count. */
  readonly checkpointEvery: number;
  /** Seq of its first numbered record. */
  readonly firstSeq: number;
  readonly coreDigest: Uint8Array;
  /** Tree root and leaves before this segment. */
  readonly previousRoot: Uint8Array;
  readonly previousEntries: number;
  readonly segmentBytes: number;
}

/** Bytes of records (padded, without trailers) that a segment takes before the next one begins; a rule of counting, so that equal inputs part alike. */
export function recordBudget(segmentBytes: number): number {
  return (segmentBytes / 8) * 7;
}

export function alignRecord(bytes: number): number {
  return (bytes + 7) & ~7;
}

export function alignSector(bytes: number): number {
  return Math.ceil(bytes / sectorBytes) * sectorBytes;
}

export function putU64(view: DataView, at: number, n: number): void {
  const high = Math.floor(n / TWO_32);
  view.setUint32(at, n - high * TWO_32, true);
  view.setInt32(at + 4, high, true);
}

export function u64At(view: DataView, at: number): number {
  return view.getInt32(at + 4, true) * TWO_32 + view.getUint32(at, true);
}

/** Whole microseconds as nanoseconds, i64, without a bigint: 1000 * (high * 2^32 + low). */
export function putNanos(view: DataView, at: number, micros: number): void {
  const high = Math.floor(micros / TWO_32);
  const low = (micros - high * TWO_32) * 1000;
  const carry = Math.floor(low / TWO_32);
  view.setUint32(at, low - carry * TWO_32, true);
  view.setInt32(at + 4, high * 1000 + carry, true);
}

/** Microseconds of the nanoseconds at `at`; finer ones are cut off. */
export function microsAt(view: DataView, at: number): number {
  const high = view.getInt32(at + 4, true);
  const whole = Math.floor(high / 1000);
  return whole * TWO_32 + Math.floor(((high - whole * 1000) * TWO_32 + view.getUint32(at, true)) / 1000);
}

/** The first `headerBodyBytes` of a segment's header. */
export function headerBody(header: SegmentHeader): Uint8Array {
  const bytes = new Uint8Array(headerBodyBytes);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < 8; i++) bytes[i] = header.magic.charCodeAt(i);
  view.setUint32(8, formatVersion, true);
  view.setUint32(12, header.number, true);
  view.setUint32(16, header.term, true);
  view.setUint32(20, header.checkpointEvery, true);
  putU64(view, 24, header.firstSeq);
  bytes.set(header.coreDigest, 32);
  bytes.set(header.previousRoot, 32 + digestBytes);
  putU64(view, 96, header.previousEntries);
  view.setUint32(104, header.segmentBytes, true);
  return bytes;
}

/** The header's sector: body, key id, checksum, zeros. */
export function headerSector(header: SegmentHeader, keyID: number): Uint8Array {
  const bytes = new Uint8Array(sectorBytes);
  const view = new DataView(bytes.buffer);
  bytes.set(headerBody(header));
  view.setUint32(headerBodyBytes, keyID, true);
  view.setUint32(headerBodyBytes + 4, crc32(bytes, view, 0, headerBodyBytes + 4, 0), true);
  return bytes;
}

/** The header in bytes[0, 116), or what is wrong with it. */
export function readHeader(bytes: Uint8Array): SegmentHeader | string {
  if (bytes.length < headerBytes) return `expected a header of ${headerBytes} bytes, was ${bytes.length}`;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const magic = String.fromCharCode(...bytes.subarray(0, 8));
  if (magic !== segmentMagic && magic !== emergencyMagic) return `expected the magic ${segmentMagic}, was ${JSON.stringify(magic)}`;
  if (view.getUint32(headerBodyBytes + 4, true) !== crc32(bytes, view, 0, headerBodyBytes + 4, 0))
    return 'the checksum of the header does not match';
  const version = view.getUint32(8, true);
  if (version !== formatVersion) return `expected format version ${formatVersion}, was ${version}`;
  return {
    magic,
    number: view.getUint32(12, true),
    term: view.getUint32(16, true),
    checkpointEvery: view.getUint32(20, true),
    firstSeq: u64At(view, 24),
    coreDigest: bytes.slice(32, 32 + digestBytes),
    previousRoot: bytes.slice(64, 64 + digestBytes),
    previousEntries: u64At(view, 96),
    segmentBytes: view.getUint32(104, true),
  };
}

/** Id of the key that signs the checkpoints of a journal, from a header that `readHeader` takes. */
export function keyIDOf(bytes: Uint8Array): number {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(headerBodyBytes, true);
}
