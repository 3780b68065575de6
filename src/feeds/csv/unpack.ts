import { readFileSync, statSync } from 'node:fs';
import { constants, gunzipSync } from 'node:zlib';
import type { Quarantine } from './quarantine.ts';

/** Largest file that is read, packed and unpacked, bytes. */
export const maxPackedBytes = 1_000_000_000;
export const maxUnpackedBytes = 2_000_000_000;

/** Bytes of a file, unpacked when its name ends in `.gz`; undefined when it is set aside whole. */
export function readUnpacked(path: string, quarantine: Quarantine): Buffer | undefined {
  const packed = readBounded(path, quarantine);
  if (packed === undefined || !path.endsWith('.gz')) return packed;
  try {
    return gunzipSync(packed, { maxOutputLength: maxUnpackedBytes });
  } catch (error) {
    const readable = partOf(packed);
    const truncated = isTruncated(error);
    const expected = truncated ? 'the file ends before its last block' : `expected gzip: ${wordsOf(error)}`;
    quarantine.addFile(truncated ? 'FILE_TRUNCATED' : 'FILE_DAMAGED', expected, rowsIn(readable));
    return undefined;
  }
}

export function readBounded(path: string, quarantine: Quarantine): Buffer | undefined {
  try {
    const { size } = statSync(path);
    if (size > maxPackedBytes) quarantine.addFile('FILE_TOO_LARGE', `expected at most ${maxPackedBytes} bytes, was ${size}`);
    else if (size === 0) quarantine.addFile('FILE_EMPTY', 'expected rows, was empty');
    else return readFileSync(path);
  } catch (error) {
    quarantine.addFile('FILE_UNREADABLE', wordsOf(error));
  }
  return undefined;
}

/** Line in which the readable part of a broken file ends; 0 = nothing of it can be read. */
export function rowsIn(bytes: Uint8Array): number {
  if (bytes.length === 0) return 0;
  let rows = 1;
  for (const byte of bytes) if (byte === 10) rows++;
  return rows;
}

export function isTruncated(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'Z_BUF_ERROR';
}

export function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** What can be unpacked of a truncated or damaged stream. */
function partOf(packed: Buffer): Uint8Array {
  try {
    return gunzipSync(packed, { maxOutputLength: maxUnpackedBytes, finishFlush: constants.Z_SYNC_FLUSH });
  } catch {
    return new Uint8Array(0);
  }
}
