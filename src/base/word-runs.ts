import type { ByteReader, ByteWriter } from './canonical.ts';

/** Equal words in a row from which on they are written as one. */
const leastRun = 8;
const wordBytes = 8;

/**
 * Bytes of a large, mostly uniform table: words of eight bytes, runs of equal words written once, the rest as it is. u32 of words that are literal, their
 * bytes, u32 of words that repeat the word that follows; until all is said; then what is left of a last word.
 */
export function writeWordRuns(writer: ByteWriter, bytes: Uint8Array): void {
  const words = Math.floor(bytes.length / wordBytes);
  const halves = halvesOf(bytes, words);
  writer.u32(bytes.length);
  let from = 0;
  let at = 0;
  while (at < words) {
    const run = runLength(halves, at, words);
    if (run < leastRun) {
      at += run;
      continue;
    }
    writer.bytes(bytes.subarray(from * wordBytes, at * wordBytes));
    writer.u32(run);
    writer.bytes(bytes.subarray(at * wordBytes, (at + 1) * wordBytes));
    at += run;
    from = at;
  }
  writer.bytes(bytes.subarray(from * wordBytes));
}

/** Reads them into `to`, which has their length. @returns false when they are not what `writeWordRuns` writes for that length. */
export function readWordRuns(reader: ByteReader, to: Uint8Array): boolean {
  let at = 0;
  for (;;) {
    const literal = reader.bytes();
    if (at + literal.length > to.length) return false;
    to.set(literal, at);
    at += literal.length;
    if (at === to.length) return true;
    const run = reader.u32() * wordBytes;
    const word = reader.bytes();
    if (run === 0 || word.length !== wordBytes || at + run > to.length) return false;
    fillWords(to, at, run, word);
    at += run;
  }
}

function fillWords(to: Uint8Array, at: number, length: number, word: Uint8Array): void {
  if (word.every((byte) => byte === word[0])) {
    to.fill(word[0], at, at + length);
    return;
  }
  to.set(word, at);
  for (let done = wordBytes; done < length; done *= 2) to.copyWithin(at + done, at, at + Math.min(done, length - done));
}

function halvesOf(bytes: Uint8Array, words: number): Int32Array {
  if (bytes.byteOffset % 4 === 0) return new Int32Array(bytes.buffer, bytes.byteOffset, 2 * words);
  const copy = bytes.slice(0, words * wordBytes);
  return new Int32Array(copy.buffer, 0, 2 * words);
}

function runLength(halves: Int32Array, at: number, words: number): number {
  const low = halves[2 * at];
  const high = halves[2 * at + 1];
  let end = at + 1;
  while (end < words && halves[2 * end] === low && halves[2 * end + 1] === high) end++;
  return end - at;
}
