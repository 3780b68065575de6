import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

/** Largest capture that is read whole, unpacked (bytes). */
export const maxCaptureBytes = 2_000_000_000;

/** One line of a raw capture: when it was received (microseconds, rounded down from the file's nanoseconds) and the frame. */
export interface CaptureLine {
  readonly number: number;
  readonly receivedAt: number;
  readonly frame: string;
}

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
    throw new Error(`capture ${file}: expected gzip, ${error instanceof Error ? error.message : String(error)}`);
  }
}

const newline = 10;
const space = 32;

/** Walks the lines of an unpacked capture without splitting it into a list. */
export class LineCursor {
  readonly #bytes: Buffer;
  #at = 0;
  line = 0;
  receivedAt = 0;
  frame = '';

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  /** Moves to the next line; false at the end. A line without a receive time has receivedAt NaN. */
  next(): boolean {
    const bytes = this.#bytes;
    while (this.#at < bytes.length) {
      let end = bytes.indexOf(newline, this.#at);
      if (end < 0) end = bytes.length;
      const start = this.#at;
      this.#at = end + 1;
      this.line++;
      if (end === start) continue;
      this.#split(start, end);
      return true;
    }
    return false;
  }

  #split(start: number, end: number): void {
    const bytes = this.#bytes;
    let micros = 0;
    let i = start;
    for (; i < end && bytes[i] !== space; i++) {
      const digit = bytes[i] - 48;
      if (digit < 0 || digit > 9) {
        micros = NaN;
        continue;
      }
      // the last three digits are nanoseconds below the microsecond
      if (i - start < 16) micros = micros * 10 + digit;
    }
    this.receivedAt = i - start === 19 ? micros : NaN;
    this.frame = bytes.toString('latin1', i + 1, end);
  }
}
