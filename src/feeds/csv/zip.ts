import { constants, inflateRawSync } from 'node:zlib';
import { crc32 } from '../../base/crc32.ts';
import type { Quarantine } from './quarantine.ts';
import { isTruncated, maxUnpackedBytes, readBounded, rowsIn, wordsOf } from './unpack.ts';

/** Most files in one archive. */
export const maxZipEntries = 10_000;

export interface ZipEntry {
  readonly name: string;
  readonly bytes: Buffer;
}

interface Listed {
  readonly name: string;
  readonly method: number;
  readonly crc: number;
  readonly packed: number;
  readonly size: number;
  readonly offset: number;
}

// APPNOTE 6.3: signatures and fixed lengths of the records that are read
const endSignature = 0x06054b50;
const endLength = 22;
const maxComment = 65_535;
const listSignature = 0x02014b50;
const listLength = 46;
const longEndSignature = 0x06064b50;
const longEndLength = 56;
const longLocatorSignature = 0x07064b50;
const longLocatorLength = 20;
const longExtra = 1;
/** Stands where the long form has the number. */
const elsewhere32 = 0xffffffff;
const localSignature = 0x04034b50;
const localLength = 30;
const stored = 0;
const deflated = 8;
const encryptedFlag = 1;

/** All files of a zip archive, unpacked and checked against their CRC-32; undefined when the archive is set aside. No encryption, no other method than deflate; the long form (zip64) is read. */
export function readZip(path: string, quarantine: Quarantine): readonly ZipEntry[] | undefined {
  const archive = readBounded(path, quarantine);
  return archive === undefined ? undefined : unzip(archive, quarantine);
}

export function unzip(archive: Buffer, quarantine: Quarantine): readonly ZipEntry[] | undefined {
  const list = listOf(archive, quarantine);
  if (list === undefined) return undefined;
  const total = list.reduce((sum, one) => sum + one.size, 0);
  if (!(total <= maxUnpackedBytes)) {
    quarantine.addFile('FILE_TOO_LARGE', `expected at most ${maxUnpackedBytes} bytes unpacked, was ${total}`);
    return undefined;
  }
  const entries: ZipEntry[] = [];
  for (const one of list) {
    if (one.name.endsWith('/')) continue;
    const bytes = unpack(archive, one, quarantine);
    if (bytes === undefined) return undefined;
    entries.push({ name: one.name, bytes });
  }
  return entries;
}

/** The central directory, found from its end record. */
function listOf(archive: Buffer, quarantine: Quarantine): readonly Listed[] | undefined {
  const end = endOf(archive);
  if (end < 0) return refuseTruncated(archive, quarantine);
  const { count, bytes, start } = directoryOf(archive, end);
  if (!(count <= maxZipEntries && start + bytes <= end)) {
    return damaged(quarantine, `expected at most ${maxZipEntries} files and a directory before its end, was ${count} files at ${start}`);
  }
  const list: Listed[] = [];
  for (let i = 0, at = start; i < count; i++) {
    if (at + listLength > end || archive.readUInt32LE(at) !== listSignature)
      return damaged(quarantine, `expected a directory record at ${at}`);
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((place) => archive.readUInt16LE(at + place));
    const next = at + listLength + nameLength + extraLength + commentLength;
    if (next > end) return damaged(quarantine, `the directory record at ${at} passes the end`);
    const one = listedAt(archive, at, nameLength, extraLength);
    if ((archive.readUInt16LE(at + 8) & encryptedFlag) !== 0) return damaged(quarantine, `${one.name}: encrypted files are not read`);
    if (one.method !== stored && one.method !== deflated)
      return damaged(quarantine, `${one.name}: expected method 0 or 8, was ${one.method}`);
    list.push(one);
    at = next;
  }
  return list;
}

function directoryOf(archive: Buffer, end: number): { readonly count: number; readonly bytes: number; readonly start: number } {
  const short = { count: archive.readUInt16LE(end + 10), bytes: archive.readUInt32LE(end + 12), start: archive.readUInt32LE(end + 16) };
  const locator = end - longLocatorLength;
  if (locator < 0 || archive.readUInt32LE(locator) !== longLocatorSignature) return short;
  const long = long64(archive, locator + 8);
  if (!(long + longEndLength <= locator) || archive.readUInt32LE(long) !== longEndSignature) return short;
  return { count: long64(archive, long + 32), bytes: long64(archive, long + 40), start: long64(archive, long + 48) };
}

/** 64 bits without sign; past 2^53 no archive that we read. */
function long64(archive: Buffer, at: number): number {
  return archive.readUInt32LE(at) + archive.readUInt32LE(at + 4) * 4_294_967_296;
}

function listedAt(archive: Buffer, at: number, nameLength: number, extraLength: number): Listed {
  let size = archive.readUInt32LE(at + 24);
  let packed = archive.readUInt32LE(at + 20);
  let offset = archive.readUInt32LE(at + 42);
  const extraEnd = at + listLength + nameLength + extraLength;
  for (let extra = at + listLength + nameLength; extra + 4 <= extraEnd; extra += 4 + archive.readUInt16LE(extra + 2)) {
    if (archive.readUInt16LE(extra) !== longExtra) continue;
    // the numbers that do not fit above, in this order
    let place = extra + 4;
    const take = () => (place + 8 <= extraEnd ? long64(archive, (place += 8) - 8) : NaN);
    if (size === elsewhere32) size = take();
    if (packed === elsewhere32) packed = take();
    if (offset === elsewhere32) offset = take();
  }
  const name = archive.toString('utf8', at + listLength, at + listLength + nameLength);
  return { name, method: archive.readUInt16LE(at + 10), crc: archive.readUInt32LE(at + 16), packed, size, offset };
}

/** Offset of the end record, which stands before a comment of any length; -1 = none. */
function endOf(archive: Buffer): number {
  const last = archive.length - endLength;
  for (let at = last; at >= Math.max(0, last - maxComment); at--) {
    if (archive.readUInt32LE(at) === endSignature && at + endLength + archive.readUInt16LE(at + 20) === archive.length) return at;
  }
  return -1;
}

function unpack(archive: Buffer, one: Listed, quarantine: Quarantine): Buffer | undefined {
  const at = one.offset;
  if (!(at + localLength <= archive.length) || archive.readUInt32LE(at) !== localSignature)
    return damaged(quarantine, `${one.name}: expected a file at ${at}`);
  const from = at + localLength + archive.readUInt16LE(at + 26) + archive.readUInt16LE(at + 28);
  const packed = archive.subarray(from, from + one.packed);
  try {
    const bytes = one.method === stored ? packed : inflateRawSync(packed, { maxOutputLength: Math.max(1, one.size) });
    if (bytes.length !== one.size)
      return damaged(quarantine, `${one.name}: expected ${one.size} bytes, was ${bytes.length}`, rowsIn(bytes));
    const sum = crc32(bytes);
    if (sum !== one.crc) return damaged(quarantine, `${one.name}: expected CRC-32 ${one.crc}, was ${sum}`);
    return bytes;
  } catch (error) {
    return damaged(quarantine, `${one.name}: ${isTruncated(error) ? 'ends too early' : wordsOf(error)}`, rowsIn(readable(packed)));
  }
}

/** An archive without its end record: names the row of its first file up to which it can be read. */
function refuseTruncated(archive: Buffer, quarantine: Quarantine): undefined {
  if (archive.length < localLength || archive.readUInt32LE(0) !== localSignature) return damaged(quarantine, 'expected a zip archive');
  const from = localLength + archive.readUInt16LE(26) + archive.readUInt16LE(28);
  const name = archive.toString('utf8', localLength, localLength + archive.readUInt16LE(26));
  const row = archive.readUInt16LE(8) === deflated ? rowsIn(readable(archive.subarray(from))) : rowsIn(archive.subarray(from));
  quarantine.addFile('FILE_TRUNCATED', `${name}: the archive ends before its directory`, row);
  return undefined;
}

function readable(packed: Buffer): Uint8Array {
  try {
    return inflateRawSync(packed, { maxOutputLength: maxUnpackedBytes, finishFlush: constants.Z_SYNC_FLUSH });
  } catch {
    return new Uint8Array(0);
  }
}

function damaged(quarantine: Quarantine, text: string, row = 0): undefined {
  quarantine.addFile('FILE_DAMAGED', text, row);
  return undefined;
}
