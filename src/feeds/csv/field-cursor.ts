import { MAX_DECIMAL_LENGTH } from '../../base/decimal.ts';

/** Most fields of a row; a row with more has `maxFields + 1`. */
export const maxFields = 128;

const newline = 10;
const carriageReturn = 13;
const quote = 34;
const minus = 45;
const point = 46;
const MAX_SAFE = Number.MAX_SAFE_INTEGER;
/** Powers of ten that are exact doubles. */
const POW10 = Array.from({ length: 23 }, (_, n) => Number(`1e${n}`));
const plainNumber = /^-?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?$/;

/** Walks the rows of a text of separated fields. Quoted fields may hold separators, not line ends. */
export class FieldCursor {
  readonly #bytes: Buffer;
  readonly #separator: number;
  readonly #starts = new Int32Array(maxFields + 1);
  readonly #ends = new Int32Array(maxFields + 1);
  #at = 0;
  /** Number of the line, from 1. */
  row = 0;
  /** Fields of the row. */
  count = 0;

  constructor(bytes: Buffer, separator = ',') {
    this.#bytes = bytes;
    this.#separator = separator.charCodeAt(0);
  }

  /** Moves to the next line that is not empty; false at the end. */
  next(): boolean {
    const bytes = this.#bytes;
    while (this.#at < bytes.length) {
      this.row++;
      const start = this.#at;
      let end = bytes.indexOf(newline, start);
      if (end < 0) end = bytes.length;
      this.#at = end + 1;
      if (end > start && bytes[end - 1] === carriageReturn) end--;
      if (end === start) continue;
      this.#split(start, end);
      return true;
    }
    return false;
  }

  isEmpty(field: number): boolean {
    return field >= this.count || this.#starts[field] === this.#ends[field];
  }

  /** Text of a field without its quotes; '' beyond the last. */
  text(field: number): string {
    if (field >= this.count) return '';
    const raw = this.#bytes.toString('utf8', this.#starts[field], this.#ends[field]);
    return raw.startsWith('"') && raw.endsWith('"') && raw.length >= 2 ? raw.slice(1, -1).replaceAll('""', '"') : raw;
  }

  /** The nearest double of a plain decimal (an exponent is allowed), NaN for everything else. The same bits as `Number(text)`. */
  number(field: number): number {
    if (field >= this.count) return NaN;
    const bytes = this.#bytes;
    const end = this.#ends[field];
    let i = this.#starts[field];
    const negative = bytes[i] === minus;
    if (negative) i++;
    const first = i;
    let mantissa = 0;
    let places = -1;
    for (; i < end; i++) {
      const digit = bytes[i] - 48;
      if (digit >= 0 && digit <= 9) {
        mantissa = mantissa * 10 + digit;
        if (places >= 0) places++;
      } else if (bytes[i] === point && places < 0) places = 0;
      else break;
    }
    const digits = i - first - (places < 0 ? 0 : 1);
    // a mantissa and a power of ten that are exact give the correctly rounded quotient (Clinger, 1990)
    if (i === end && digits > 0 && mantissa <= MAX_SAFE && places <= 22) {
      const size = places > 0 ? mantissa / POW10[places] : mantissa;
      return negative ? 0 - size : size;
    }
    return this.#slowNumber(field);
  }

  /** A whole number of plain digits; NaN for everything else. */
  whole(field: number): number {
    const bytes = this.#bytes;
    let n = 0;
    if (this.isEmpty(field)) return NaN;
    for (let i = this.#starts[field]; i < this.#ends[field]; i++) {
      const digit = bytes[i] - 48;
      if (!(digit >= 0 && digit <= 9)) return NaN;
      n = n * 10 + digit;
    }
    return n <= MAX_SAFE ? n : NaN;
  }

  /** Byte at a place of a field; 0 beyond its end. */
  byteAt(field: number, place: number): number {
    return place < this.length(field) ? this.#bytes[this.#starts[field] + place] : 0;
  }

  /** `n` digits from place `from` of a field as a whole number; NaN when they are no digits. */
  digits(field: number, from: number, n: number): number {
    const start = this.#starts[field] + from;
    if (field >= this.count || start + n > this.#ends[field]) return NaN;
    let value = 0;
    for (let i = start; i < start + n; i++) {
      const digit = this.#bytes[i] - 48;
      if (!(digit >= 0 && digit <= 9)) return NaN;
      value = value * 10 + digit;
    }
    return value;
  }

  length(field: number): number {
    return field >= this.count ? 0 : this.#ends[field] - this.#starts[field];
  }

  #slowNumber(field: number): number {
    if (this.length(field) > MAX_DECIMAL_LENGTH) return NaN;
    const text = this.text(field);
    return plainNumber.test(text) ? Number(text) + 0 : NaN;
  }

  #split(start: number, end: number): void {
    const bytes = this.#bytes;
    this.count = 0;
    let from = start;
    for (let i = start; i <= end && this.count <= maxFields; i++) {
      if (i === from && bytes[i] === quote) {
        i++;
        while (i < end && !(bytes[i] === quote && bytes[i + 1] !== quote)) i += bytes[i] === quote ? 2 : 1;
      }
      if (i < end && bytes[i] !== this.#separator) continue;
      this.#starts[this.count] = from;
      this.#ends[this.count] = Math.min(i, end);
      this.count++;
      from = i + 1;
    }
  }
}
