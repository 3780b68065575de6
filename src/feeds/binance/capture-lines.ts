import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

/** Largest capture that is read whole, unpacked (bytes). */
export const maxCaptureBytes = 2_000_000_000;

/** What is wrong with a line, in words that name file, line and field. */
export interface LineFault {
  readonly file: string;
  readonly line: number;
  readonly field: string;
  readonly text: string;
}

/** Reads a gzip capture, a line = receive time in ns, a space, the JSON frame. @throws Error with one sentence when the file is missing or no gzip. */
export function openCapture(file: string): Buffer {
  let packed: Buffer;
  try {
    packed = readFileSync(file);
  } catch (error) {
    throw new Error(`capture ${file}: cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
  try {
    return gunzipSync(packed, { maxOutputLength: maxCaptureBytes });
  } catch (error) {
    throw new Error(`capture ${file}: ${unpackFault(error)}`);
  }
}

function unpackFault(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'Z_BUF_ERROR') return 'the gzip ends early, its last lines are missing';
  if (code === 'ERR_BUFFER_TOO_LARGE') return `expected at most ${maxCaptureBytes} bytes unpacked, was more`;
  return `expected gzip, ${error instanceof Error ? error.message : String(error)}`;
}

const newline = 10;
const space = 32;
const zero = 48;
const openObject = 123;
const digitsOfTime = 19;
const digitsOfMicros = 16;

/** Walks the lines of an unpacked capture in place. */
export class LineCursor {
  readonly bytes: Buffer;
  #next = 0;
  /** Number of the line, from 1. */
  line = 0;
  /** Microseconds, rounded down from the file's nanoseconds; NaN = the line does not begin with 19 digits and a space. */
  receivedAt = 0;
  /** Where the frame stands in the bytes. */
  start = 0;
  end = 0;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }

  /** Moves to the next line that is not empty; false at the end. */
  next(): boolean {
    const { bytes } = this;
    while (this.#next < bytes.length) {
      const start = this.#next;
      let end = bytes.indexOf(newline, start);
      if (end < 0) end = bytes.length;
      this.#next = end + 1;
      this.line++;
      if (end === start) continue;
      this.start = Math.min(start + digitsOfTime + 1, end);
      this.end = end;
      this.receivedAt = bytes[start + digitsOfTime] === space ? this.#time(start) : NaN;
      return true;
    }
    return false;
  }

  /** The first 16 digits are microseconds, the last three nanoseconds below them. */
  #time(start: number): number {
    const { bytes } = this;
    let micros = 0;
    for (let i = 0; i < digitsOfTime; i++) {
      const digit = bytes[start + i] - zero;
      if (digit < 0 || digit > 9) return NaN;
      if (i < digitsOfMicros) micros = micros * 10 + digit;
    }
    return micros;
  }
}

/** Lines at the beginning of which one must look like a capture's, or the file is none. */
export const maxLinesBeforeFirst = 100;

/** A sentence that says why the bytes are no capture of raw frames; undefined = they look like one. */
export function notACapture(file: string, bytes: Buffer): string | undefined {
  const cursor = new LineCursor(bytes);
  while (cursor.line < maxLinesBeforeFirst && cursor.next()) {
    if (!Number.isNaN(cursor.receivedAt) && bytes[cursor.start] === openObject) return undefined;
  }
  const first = bytes.subarray(0, 40).toString('utf8').split('\n', 1)[0];
  return `capture ${file}: expected lines of 19 digits (nanoseconds), a space and a JSON frame, was ${bytes.length === 0 ? 'empty' : JSON.stringify(first)}`;
}
