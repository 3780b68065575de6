import { canonicalJson } from '../../base/canonical.ts';
import type { JsonValue } from '../../base/canonical.ts';
import { utf8Decode, utf8Encode, utf8Into, utf8Length } from '../../base/utf8.ts';
import type { ByteTarget } from './byte-target.ts';
import { lengthPrefix } from './layout.ts';

/** Little-endian primitives of the encoding. `put…` throws a RangeError when a value does not fit, `…At` a PayloadError when bytes are not a value. */

const TWO_32 = 4294967296;
const INVERSE_TWO_32 = 1 / TWO_32;
const SPLIT_BASE = 281474976710656;
/** Longest UTF-8 form of one UTF-16 unit. */
const UTF8_PER_UNIT = 3;
/** Longer texts go through the general decoder. */
const SHORT_TEXT = 256;

/** Thrown inside decoders only; `codec.ts` turns it into a value. */
export class PayloadError extends RangeError {}

export interface Payload {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  /** First byte behind the payload. */
  readonly end: number;
}

/** Places of words in their enumeration. */
export type Codes = ReadonlyMap<unknown, number>;

export function codesOf(values: readonly string[]): Codes {
  return new Map(values.map((word, code) => [word, code]));
}

export function putI64(t: ByteTarget, at: number, v: number, name: string): void {
  if (v === (v | 0)) {
    t.view.setInt32(at, v, true);
    t.view.setInt32(at + 4, v >> 31, true);
    return;
  }
  if (!Number.isSafeInteger(v)) outside(name, 'a safe integer', v);
  t.view.setInt32(at, v, true);
  t.view.setInt32(at + 4, Math.floor(v * INVERSE_TWO_32), true);
}

export function putI32(t: ByteTarget, at: number, v: number, name: string): void {
  if (v !== (v | 0)) outside(name, 'an i32', v);
  t.view.setInt32(at, v, true);
}

export function putU32(t: ByteTarget, at: number, v: number, name: string): void {
  if (v !== v >>> 0) outside(name, 'a u32', v);
  t.view.setUint32(at, v, true);
}

/** Every NaN has the bits of the quiet one, so that equal values have equal bytes on every engine. */
export function putF64(t: ByteTarget, at: number, v: number): void {
  t.view.setFloat64(at, v, true);
  if (v !== v) {
    t.view.setUint32(at, 0, true);
    t.view.setUint32(at + 4, 0x7ff80000, true);
  }
}

export function putBool(t: ByteTarget, at: number, v: boolean): void {
  t.bytes[at] = v ? 1 : 0;
}

export function putWord(t: ByteTarget, at: number, word: string, codes: Codes, name: string): void {
  const code = codes.get(word);
  if (code === undefined) outside(name, 'a word of its enumeration', word);
  t.bytes[at] = code;
}

export function putSplit(t: ByteTarget, at: number, v: { readonly hi: number; readonly lo: number }, name: string): void {
  putI64(t, at, v.hi, name);
  putI64(t, at + 8, v.lo, name);
}

/** Appends u32 length and UTF-8; returns the offset behind them. */
export function putText(t: ByteTarget, at: number, text: string): number {
  const from = at + lengthPrefix;
  t.reserve(from + text.length * UTF8_PER_UNIT);
  const { bytes } = t;
  let end = from;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c > 127) {
      end = utf8Into(bytes, from, text);
      break;
    }
    bytes[end++] = c;
  }
  t.view.setUint32(at, end - from, true);
  return end;
}

export function putJson(t: ByteTarget, at: number, value: unknown): number {
  return putText(t, at, canonicalJson(value as JsonValue));
}

export function i64At(from: Payload, at: number, name: string): number {
  const v = from.view.getInt32(at + 4, true) * TWO_32 + from.view.getUint32(at, true);
  if (!Number.isSafeInteger(v)) throw new PayloadError(`field ${name}: expected a safe integer, was about ${v}`);
  return v;
}

export function boolAt(from: Payload, at: number, name: string): boolean {
  const byte = from.bytes[at];
  if (byte > 1) throw new PayloadError(`field ${name}: expected 0 or 1, was ${byte}`);
  return byte === 1;
}

export function wordAt(from: Payload, at: number, values: readonly string[], name: string): string {
  const code = from.bytes[at];
  if (code >= values.length) throw new PayloadError(`field ${name}: expected a place in its ${values.length} words, was ${code}`);
  return values[code];
}

export function splitAt(from: Payload, at: number, name: string): { hi: number; lo: number } {
  const hi = i64At(from, at, name);
  const lo = i64At(from, at + 8, name);
  if (lo < 0 || lo >= SPLIT_BASE) throw new PayloadError(`field ${name}: expected a low part from 0 to 2^48 - 1, was ${lo}`);
  return { hi, lo };
}

/** Bytes of the text at `at`, without its length. */
export function textBytesAt(from: Payload, at: number, name: string): number {
  const start = at + lengthPrefix;
  const bytes = start <= from.end ? from.view.getUint32(at, true) : 0;
  if (start + bytes > from.end) throw new PayloadError(`field ${name}: expected ${bytes} bytes of text, was ${from.end - start}`);
  return bytes;
}

export function textAt(from: Payload, at: number, bytes: number, name: string): string {
  const start = at + lengthPrefix;
  if (bytes <= SHORT_TEXT) {
    let text = '';
    let i = 0;
    for (; i < bytes; i++) {
      const c = from.bytes[start + i];
      if (c > 127) break;
      text += String.fromCharCode(c);
    }
    if (i === bytes) return text;
  }
  const text = utf8Decode(from.bytes, start, start + bytes);
  if (text === undefined) throw new PayloadError(`field ${name}: expected well-formed UTF-8`);
  return text;
}

export function parseJson(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new PayloadError(`field ${name}: expected JSON`);
  }
}

export function expectBlock(from: Payload, at: number, block: number): void {
  if (at + block > from.end) throw new PayloadError(`expected a block of ${block} bytes, was ${from.end - at}`);
}

export function expectEnd(from: Payload, at: number): void {
  if (at !== from.end) throw new PayloadError(`expected the end at byte ${at}, was ${from.end}`);
}

// `is…`: whether the bytes at `at` are those that `put…` writes of a value; a value that `put…` refuses is none.

export function isI64(from: Payload, at: number, v: number): boolean {
  const { view } = from;
  if (v === (v | 0)) return view.getInt32(at, true) === v && view.getInt32(at + 4, true) === v >> 31;
  return Number.isSafeInteger(v) && view.getInt32(at, true) === (v | 0) && view.getInt32(at + 4, true) === Math.floor(v * INVERSE_TWO_32);
}

export function isI32(from: Payload, at: number, v: number): boolean {
  return from.view.getInt32(at, true) === v;
}

export function isU32(from: Payload, at: number, v: number): boolean {
  return from.view.getUint32(at, true) === v;
}

export function isF64(from: Payload, at: number, v: number): boolean {
  if (v !== v) return from.view.getUint32(at, true) === 0 && from.view.getUint32(at + 4, true) === 0x7ff80000;
  const there = from.view.getFloat64(at, true);
  return there === v && (v !== 0 || 1 / there === 1 / v);
}

export function isBool(from: Payload, at: number, v: boolean): boolean {
  return from.bytes[at] === (v ? 1 : 0);
}

export function isWord(from: Payload, at: number, word: string, values: readonly string[]): boolean {
  return values[from.bytes[at]] === word;
}

export function isSplit(from: Payload, at: number, v: { readonly hi: number; readonly lo: number }): boolean {
  return isI64(from, at, v.hi) && isI64(from, at + 8, v.lo);
}

/** @returns the offset behind a text that is this one; -1 = another one stands there. */
export function behindText(from: Payload, at: number, text: string): number {
  const start = at + lengthPrefix;
  const { bytes, view, end } = from;
  if (start + text.length > end) return -1;
  const length = view.getUint32(at, true);
  if (length === text.length) {
    let i = 0;
    while (i < length) {
      const c = text.charCodeAt(i);
      if (c > 127) break;
      if (bytes[start + i] !== c) return -1;
      i++;
    }
    if (i === length) return start + length;
  }
  if (length !== utf8Length(text) || start + length > end) return -1;
  const own = utf8Encode(text);
  for (let i = 0; i < length; i++) if (bytes[start + i] !== own[i]) return -1;
  return start + length;
}

function outside(name: string, expected: string, was: unknown): never {
  throw new RangeError(`schema: field ${name}: expected ${expected}, was ${String(was)}`);
}
