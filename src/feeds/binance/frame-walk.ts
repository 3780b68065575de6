import { basename } from 'node:path';
import { LineCursor, notACapture, openCapture } from './capture-lines.ts';
import type { FrameFault, FrameScales } from './frame.ts';
import type { FrameFields } from './frame-fields.ts';
import { FrameReader } from './frame-reader.ts';

const noTime: FrameFault = { kind: 'fault', field: 'receivedAt', text: 'expected 19 digits of nanoseconds and a space' };

/** Walks the frames of one capture after another, each file opened when the one before is through. */
export class FrameWalk {
  readonly #files: readonly string[];
  readonly #reader: FrameReader;
  #file = 0;
  #cursor: LineCursor;
  /** Lines so far, empty ones not counted. */
  lines = 0;
  /** What is wrong with the line at hand. */
  fault: FrameFault | undefined;

  /** @throws Error with one sentence when the first file is missing, no whole gzip, or holds no frames; later ones throw in `next`. */
  constructor(files: readonly string[], scales: FrameScales, fields: FrameFields) {
    this.#files = files;
    this.#reader = new FrameReader(scales, fields);
    this.#cursor = open(files[0]);
  }

  get file(): string {
    return this.#files[this.#file];
  }

  get line(): number {
    return this.#cursor.line;
  }

  /** Microseconds; NaN = the line has no receive time. */
  get receivedAt(): number {
    return this.#cursor.receivedAt;
  }

  /** `btcusdt_20240808.gz:17 U` for the field of a fault; without its folder, so that what is journaled does not depend on where the file lies. */
  place(fault: FrameFault): string {
    return `${basename(this.file)}:${this.line} ${fault.field}`;
  }

  /** Reads the next line into the fields; false at the end of the last file. */
  next(): boolean {
    while (!this.#cursor.next()) {
      if (this.#file + 1 === this.#files.length) return false;
      this.#file++;
      this.#cursor = open(this.#files[this.#file]);
    }
    this.lines++;
    const { bytes, start, end, receivedAt } = this.#cursor;
    this.fault = Number.isNaN(receivedAt) ? noTime : this.#reader.read(bytes, start, end);
    return true;
  }
}

function open(file: string): LineCursor {
  const bytes = openCapture(file);
  const refusal = notACapture(file, bytes);
  if (refusal !== undefined) throw new Error(refusal);
  return new LineCursor(bytes);
}
