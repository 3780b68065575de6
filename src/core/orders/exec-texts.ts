import { finish } from './digest.ts';

/** The letters of execIDs, one after the other in a ring of bytes. */
export interface ExecTexts {
  readonly letters: Uint8Array;
  /** Letters ever written; the letter n stands at n modulo the size of the ring. */
  written: number;
  /** Letters below this number are overwritten, or may be by the next text. */
  oldest: number;
  /** Hash of the text that was probed last, and its bucket; its letters stand behind those written. */
  hash: number;
  bucket: number;
}

/** Room for texts, letters for each report of the capacity: with longer execIDs on average, fewer reports are remembered. */
export const lettersPerExecID = 32;
/** A longer execID, or one with letters past U+00FF, cannot be remembered and is a break. */
export const maxExecIDLength = 255;
// of this file alone V8 knows it (docs/decisions/0010)
const longest = maxExecIDLength;

const start = 0x811c9dc5;
const zeroLetter = 48;

export function createExecTexts(capacity: number): ExecTexts {
  const size = Math.max(1_024, capacity * lettersPerExecID);
  return { letters: new Uint8Array(size), written: 0, oldest: 0, hash: 0, bucket: 0 };
}

/** Puts the letters of a text behind those written, without counting them, and hashes it. @returns false when it cannot be remembered. */
export function takeText(texts: ExecTexts, text: string, key: number): boolean {
  const { length } = text;
  if (length > longest) return false;
  const { letters } = texts;
  const mask = letters.length - 1;
  const from = texts.written & mask;
  const end = length - 2;
  let h = start ^ key;
  let prefix = h;
  let all = 0;
  let i = 0;
  for (; i + 3 < length; i += 4) {
    const a = text.charCodeAt(i);
    const b = text.charCodeAt(i + 1);
    const c = text.charCodeAt(i + 2);
    const d = text.charCodeAt(i + 3);
    letters[(from + i) & mask] = a;
    letters[(from + i + 1) & mask] = b;
    letters[(from + i + 2) & mask] = c;
    letters[(from + i + 3) & mask] = d;
    all |= a | b | c | d;
    h = mix(h, a | (b << 8) | (c << 16) | (d << 24));
    if (i + 4 <= end) prefix = h;
  }
  for (; i < length; i++) {
    const a = text.charCodeAt(i);
    letters[(from + i) & mask] = a;
    all |= a;
    h = mix(h, a);
  }
  const hash = finish(h ^ length);
  for (i = end & -4; i < end; i++) prefix = mix(prefix, letters[(from + i) & mask]);
  texts.hash = hash;
  texts.bucket = end < 0 ? hash >>> 12 : bucketOf(prefix, letters[(from + end) & mask], letters[(from + end + 1) & mask], hash);
  return all <= 0xff;
}

/**
 * Where the index of executions looks for a text: a hash of all but its last two digits, and one bucket further for each of the hundred texts that they tell
 * apart. Venues number their executions, so that each finds a bucket beside the one that came before, which is near the processor.
 */
export function bucketOfText(text: string, key: number, hash: number): number {
  const end = text.length - 2;
  return end < 0 ? hash >>> 12 : bucketOf(mixed(text, key, end), text.charCodeAt(end), text.charCodeAt(end + 1), hash);
}

function bucketOf(prefix: number, tensLetter: number, onesLetter: number, hash: number): number {
  const tens = tensLetter - zeroLetter;
  const ones = onesLetter - zeroLetter;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? (prefix + 10 * tens + ones) | 0 : hash >>> 12;
}

/** The same hash of a text that is not to be written. */
export function hashOfText(text: string, key: number): number {
  return finish(mixed(text, key, text.length) ^ text.length);
}

/** The hash under way behind the first `length` letters: four letters a round. */
function mixed(text: string, key: number, length: number): number {
  let h = start ^ key;
  let i = 0;
  for (; i + 3 < length; i += 4) {
    h = mix(h, text.charCodeAt(i) | (text.charCodeAt(i + 1) << 8) | (text.charCodeAt(i + 2) << 16) | (text.charCodeAt(i + 3) << 24));
  }
  for (; i < length; i++) h = mix(h, text.charCodeAt(i));
  return h;
}

/** Counts the probed text as written. Behind the letters written there is always room for one more text. */
export function keepTexts(texts: ExecTexts, length: number): void {
  texts.written += length;
  texts.oldest = texts.written + longest - texts.letters.length;
}

/** Whether the text of `length` letters at `at` (lowest 32 bits count) is the one probed. */
export function sameAsProbed(texts: ExecTexts, at: number, length: number, probed: number): boolean {
  if (length !== probed) return false;
  const { letters } = texts;
  const mask = letters.length - 1;
  const from = texts.written & mask;
  for (let i = 0; i < length; i++) if (letters[(at + i) & mask] !== letters[(from + i) & mask]) return false;
  return true;
}

export function sameText(texts: ExecTexts, at: number, length: number, text: string): boolean {
  if (length !== text.length) return false;
  const { letters } = texts;
  const mask = letters.length - 1;
  for (let i = 0; i < length; i++) if (letters[(at + i) & mask] !== text.charCodeAt(i)) return false;
  return true;
}

/** Constants of MurmurHash3 (Appleby 2008). */
function mix(hash: number, four: number): number {
  const h = Math.imul(hash ^ Math.imul(four, 0xcc9e2d51), 0x85ebca6b);
  return h ^ (h >>> 15);
}
