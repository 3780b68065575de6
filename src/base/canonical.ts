import { err, ok } from './result.ts';
import type { Result } from './result.ts';
import type { Split } from './split.ts';
import { utf8Decode, utf8Into, utf8Length } from './utf8.ts';

/**
 * One way to write a value as bytes, for state hashes and records: little-endian, no padding, no alignment.
 * A number outside its field's range is our own bug and throws a RangeError.
 */
export interface ByteWriter {
  u8(n: number): void;
  u16(n: number): void;
  u32(n: number): void;
  i32(n: number): void;
  /** IEEE 754 double; every NaN becomes the quiet NaN 0x7ff8000000000000 and -0 becomes 0. */
  f64(x: number): void;
  /** A safe integer as a 64-bit two's complement. */
  safeInt(n: number): void;
  bool(b: boolean): void;
  /** u32 length in bytes, then UTF-8. */
  str(text: string): void;
  /** u32 length, then the bytes. */
  bytes(source: Uint8Array): void;
  /** hi, then lo, both as safeInt. */
  split(x: Split): void;
  reset(): void;
  length(): number;
  /** The bytes written so far, without a copy: valid until the next write. */
  view(): Uint8Array;
}

/** Mirror of `ByteWriter`; reading past the end or a malformed field throws a `ReadError`, which `readCanonical` turns into a value. */
export interface ByteReader {
  u8(): number;
  u16(): number;
  u32(): number;
  i32(): number;
  f64(): number;
  safeInt(): number;
  bool(): boolean;
  str(): string;
  /** A view, not a copy. */
  bytes(): Uint8Array;
  split(out: Split): void;
  offset(): number;
  remaining(): number;
}

export interface ReadFailure {
  readonly code: 'TRUNCATED' | 'MALFORMED' | 'TRAILING_BYTES';
  readonly offset: number;
  readonly expected: string;
}

export class ReadError extends RangeError {
  readonly failure: ReadFailure;

  constructor(failure: ReadFailure) {
    super(`canonical: ${failure.code} at byte ${failure.offset}: expected ${failure.expected}`);
    this.failure = failure;
  }
}

/** A writer grows by doubling up to this many bytes. */
export const MAX_WRITER_BYTES = 1 << 28;

const FIRST_BYTES = 256;
const TWO_32 = 4294967296;
const SPLIT_BASE = 281474976710656;

export function byteWriter(firstBytes: number = FIRST_BYTES, maxBytes: number = MAX_WRITER_BYTES): ByteWriter {
  let buffer = new Uint8Array(Math.max(16, firstBytes));
  let view = new DataView(buffer.buffer);
  let end = 0;

  /** May replace `buffer` and `view`: to be called before either is touched. */
  function room(n: number): number {
    const at = end;
    const next = at + n;
    if (next > buffer.length) {
      if (next > maxBytes) throw new RangeError(`canonical: expected at most ${maxBytes} bytes, was ${next}`);
      const wider = new Uint8Array(Math.min(maxBytes, Math.max(next, buffer.length * 2)));
      wider.set(buffer);
      buffer = wider;
      view = new DataView(buffer.buffer);
    }
    end = next;
    return at;
  }

  function u32(n: number): void {
    if (n !== n >>> 0) outside('u32', n);
    const at = room(4);
    view.setUint32(at, n, true);
  }

  function safeInt(n: number): void {
    if (!Number.isSafeInteger(n)) outside('safeInt', n);
    const at = room(8);
    const high = Math.floor(n / TWO_32);
    view.setUint32(at, n - high * TWO_32, true);
    view.setInt32(at + 4, high, true);
  }

  return {
    u8(n) {
      if (n !== (n & 0xff)) outside('u8', n);
      const at = room(1);
      buffer[at] = n;
    },
    u16(n) {
      if (n !== (n & 0xffff)) outside('u16', n);
      const at = room(2);
      view.setUint16(at, n, true);
    },
    u32,
    i32(n) {
      if (n !== (n | 0)) outside('i32', n);
      const at = room(4);
      view.setInt32(at, n, true);
    },
    f64(x) {
      const at = room(8);
      view.setFloat64(at, x + 0, true);
      if (x !== x) {
        view.setUint32(at, 0, true);
        view.setUint32(at + 4, 0x7ff80000, true);
      }
    },
    safeInt,
    bool(b) {
      const at = room(1);
      buffer[at] = b ? 1 : 0;
    },
    str(text) {
      const size = utf8Length(text);
      u32(size);
      const at = room(size);
      utf8Into(buffer, at, text);
    },
    bytes(source) {
      u32(source.length);
      const at = room(source.length);
      buffer.set(source, at);
    },
    split(x) {
      safeInt(x.hi);
      safeInt(x.lo);
    },
    reset() {
      end = 0;
    },
    length: () => end,
    view: () => buffer.subarray(0, end),
  };
}

export function byteReader(source: Uint8Array): ByteReader {
  const view = new DataView(source.buffer, source.byteOffset, source.byteLength);
  let at = 0;

  function take(n: number, field: string): number {
    if (at + n > source.length) throw new ReadError({ code: 'TRUNCATED', offset: at, expected: `${n} bytes of ${field}` });
    const from = at;
    at += n;
    return from;
  }

  function malformed(offset: number, expected: string): never {
    throw new ReadError({ code: 'MALFORMED', offset, expected });
  }

  function safeInt(): number {
    const from = take(8, 'safeInt');
    const n = view.getInt32(from + 4, true) * TWO_32 + view.getUint32(from, true);
    return Number.isSafeInteger(n) ? n : malformed(from, 'a safe integer');
  }

  function u32(): number {
    return view.getUint32(take(4, 'u32'), true);
  }

  return {
    u8: () => source[take(1, 'u8')],
    u16: () => view.getUint16(take(2, 'u16'), true),
    u32,
    i32: () => view.getInt32(take(4, 'i32'), true),
    f64: () => view.getFloat64(take(8, 'f64'), true),
    safeInt,
    bool() {
      const from = take(1, 'bool');
      return source[from] === 1 || (source[from] === 0 ? false : malformed(from, '0 or 1'));
    },
    str() {
      const size = u32();
      const from = take(size, 'text');
      return utf8Decode(source, from, from + size) ?? malformed(from, 'well-formed UTF-8');
    },
    bytes() {
      const size = u32();
      const from = take(size, 'bytes');
      return source.subarray(from, from + size);
    },
    split(out) {
      const from = at;
      const hi = safeInt();
      const lo = safeInt();
      if (lo < 0 || lo >= SPLIT_BASE) malformed(from + 8, 'a low part from 0 to 2^48 - 1');
      out.hi = hi;
      out.lo = lo;
    },
    offset: () => at,
    remaining: () => source.length - at,
  };
}

/** Reads one value that must fill `source` to its last byte; a wrong byte is a value, any other throw of `read` goes on. */
export function readCanonical<T>(source: Uint8Array, read: (reader: ByteReader) => T): Result<T, ReadFailure> {
  const reader = byteReader(source);
  try {
    const value = read(reader);
    if (reader.remaining() === 0) return ok(value);
    return err({ code: 'TRAILING_BYTES', offset: reader.offset(), expected: 'the end' });
  } catch (e) {
    if (e instanceof ReadError) return err(e.failure);
    throw e;
  }
}

function outside(field: string, n: number): never {
  throw new RangeError(`canonical: expected a number within ${field}, was ${String(n)}`);
}

/** What canonical JSON can hold: numbers must be finite; members that are undefined are left out. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue | undefined };

/** Deeper nesting throws. */
export const MAX_JSON_DEPTH = 64;

/**
 * JSON with one text per value, after RFC 8785 (2020): members sorted by UTF-16 code units, no spaces, numbers in their shortest
 * ECMAScript form, -0 as 0. What JSON cannot say (NaN, Infinity, bigint, functions, undefined in a list) throws a RangeError.
 */
export function canonicalJson(value: JsonValue): string {
  return writeJson(value, 0);
}

function writeJson(value: unknown, depth: number): string {
  if (depth > MAX_JSON_DEPTH) throw new RangeError(`canonical JSON: expected at most ${MAX_JSON_DEPTH} levels`);
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new RangeError(`canonical JSON: expected a finite number, was ${String(value)}`);
    return String(value + 0);
  }
  if (Array.isArray(value)) return writeList(value, depth);
  if (typeof value !== 'object') throw new RangeError(`canonical JSON: expected a JSON value, was ${typeof value}`);
  return writeMembers(value as Record<string, unknown>, depth);
}

function writeList(items: readonly unknown[], depth: number): string {
  let text = '[';
  for (let i = 0; i < items.length; i++) text += (i === 0 ? '' : ',') + writeJson(items[i], depth + 1);
  return `${text}]`;
}

function writeMembers(members: Readonly<Record<string, unknown>>, depth: number): string {
  // without a comparison of its own, sort goes by UTF-16 code units
  const keys = Object.keys(members).sort();
  let text = '{';
  for (const key of keys) {
    const member = members[key];
    if (member !== undefined) text += `${text === '{' ? '' : ','}${JSON.stringify(key)}:${writeJson(member, depth + 1)}`;
  }
  return `${text}}`;
}
