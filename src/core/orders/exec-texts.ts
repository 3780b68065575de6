import { finish } from './digest.ts';

/** The letters of execIDs, one after the other in a ring of bytes. */
export interface ExecTexts {
  readonly letters: Uint8Array;
  /** Letters ever written; the letter n stands at n modulo the size of the ring. */
  written: number;
  /** Letters below this number are overwritten, or may be by the next text. */
  oldest: number;
  /** Hash of the text that was probed last, and its line; its letters stand behind those written. */
  hash: number;
  line: number;
}

/** Room for texts, letters for each report of the capacity: with longer execIDs on average, fewer reports are remembered. */
export const lettersPerExecID = 32;
/** A longer execID, or one with letters past U+00FF, cannot be remembered and is a break. */
export const maxExecIDLength = 255;

const start = 0x811c9dc5;
const zeroLetter = 48;

export function createExecTexts(capacity: number): ExecTexts {
  const size = Math.max(1_024, capacity * lettersPerExecID);
  return { letters: new Uint8Array(size), written: 0, oldest: 0, hash: 0, line: 0 };
}

/** Puts the letters of a text behind those written, without counting them, and hashes it. @returns false when it cannot be remembered. */
export function takeText(texts: ExecTexts, text: string, key: number): boolean {
  const { length } = text;
  if (length > maxExecIDLength) return false;
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
  texts.hash = finish(h ^ length);
  texts.line = lineOfLetters(letters, from, end, prefix, texts.hash);
  return all <= 0xff;
}

/** What `lineOfText` says of the text whose letters stand at `from`; `prefix`: the hash under way behind the last four letters that end within the first `end`. */
function lineOfLetters(letters: Uint8Array, from: number, end: number, prefix: number, hash: number): number {
  const mask = letters.length - 1;
  if (end < 0) return hash >>> 12;
  const tens = letters[(from + end) & mask] - zeroLetter;
  const ones = letters[(from + end + 1) & mask] - zeroLetter;
  if (tens < 0 || tens > 9 || ones < 0 || ones > 9) return hash >>> 12;
  let h = prefix;
  for (let i = end & -4; i < end; i++) h = mix(h, letters[(from + i) & mask]);
  return (finish(h ^ end) + ((10 * tens + ones) >> 1)) | 0;
}

/**
 * Where the index of executions looks for a text: a hash of all but its last two digits, and one line further for every second of the hundred texts that
 * they tell apart. Venues number their executions, so that each finds a line that the one before it has brought into the cache.
 */
export function lineOfText(text: string, key: number, hash: number): number {
  const end = text.length - 2;
  if (end < 0) return hash >>> 12;
  const tens = text.charCodeAt(end) - zeroLetter;
  const ones = text.charCodeAt(end + 1) - zeroLetter;
  if (tens < 0 || tens > 9 || ones < 0 || ones > 9) return hash >>> 12;
  return (hashOfText(text, key, end) + ((10 * tens + ones) >> 1)) | 0;
}

/** The same hash of a text that is not to be written, or of its first `length` letters: four letters a round. */
export function hashOfText(text: string, key: number, length: number = text.length): number {
  let h = start ^ key;
  let i = 0;
  for (; i + 3 < length; i += 4) {
    h = mix(h, text.charCodeAt(i) | (text.charCodeAt(i + 1) << 8) | (text.charCodeAt(i + 2) << 16) | (text.charCodeAt(i + 3) << 24));
  }
  for (; i < length; i++) h = mix(h, text.charCodeAt(i));
  return finish(h ^ length);
}

/** Counts the probed text as written. Behind the letters written there is always room for one more text. */
export function keepTexts(texts: ExecTexts, length: number): void {
  texts.written += length;
  texts.oldest = texts.written + maxExecIDLength - texts.letters.length;
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
