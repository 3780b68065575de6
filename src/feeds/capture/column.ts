/**
 * A column of a chunk. On disk: u32 count, u32 width, f64 base, then `count` values of `width` bytes, filled up to a multiple of 8. Width 0: every value is the
 * base; 1, 2, 4: base + an unsigned offset; 8: the double itself. All little endian.
 */
export type ColumnWidth = 0 | 1 | 2 | 4 | 8;

const columnHead = 16;

/** The typed arrays of a chunk lie on its bytes as they are. */
export const littleEndian = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

/** Values of a column that is being written; grows to the largest chunk and stays. */
export class Column {
  values = new Float64Array(256);
  count = 0;

  push(value: number): void {
    if (this.count === this.values.length) {
      const values = new Float64Array(this.count * 2);
      values.set(this.values);
      this.values = values;
    }
    this.values[this.count++] = value;
  }
}

interface Shape {
  readonly width: ColumnWidth;
  readonly base: number;
}

/** The narrowest width that holds every value exactly. */
function shapeOf({ values, count }: Column): Shape {
  let low = Infinity;
  let high = -Infinity;
  for (let i = 0; i < count; i++) {
    const value = values[i];
    if (!Number.isSafeInteger(value)) return { width: 8, base: 0 };
    if (value < low) low = value;
    if (value > high) high = value;
  }
  if (count === 0) return { width: 0, base: 0 };
  const span = high - low;
  if (span === 0) return { width: 0, base: low };
  if (span < 0x100) return { width: 1, base: low };
  if (span < 0x10000) return { width: 2, base: low };
  return span < 0x100000000 ? { width: 4, base: low } : { width: 8, base: 0 };
}

const padded = (bytes: number): number => Math.ceil(bytes / 8) * 8;

/** Most bytes that a column can take. */
export function mostBytes(column: Column): number {
  return columnHead + column.count * 8;
}

/** Writes a column at a place that is a multiple of 8. @returns the place after it. */
export function writeColumn(target: DataView, at: number, column: Column): number {
  const { values, count } = column;
  const { width, base } = shapeOf(column);
  target.setUint32(at, count, true);
  target.setUint32(at + 4, width, true);
  target.setFloat64(at + 8, base, true);
  const start = at + columnHead;
  switch (width) {
    case 0:
      break;
    case 1:
      for (let i = 0; i < count; i++) target.setUint8(start + i, values[i] - base);
      break;
    case 2:
      for (let i = 0; i < count; i++) target.setUint16(start + 2 * i, values[i] - base, true);
      break;
    case 4:
      for (let i = 0; i < count; i++) target.setUint32(start + 4 * i, values[i] - base, true);
      break;
    case 8:
      for (let i = 0; i < count; i++) target.setFloat64(start + 8 * i, values[i], true);
      break;
  }
  const end = start + count * width;
  const next = start + padded(count * width);
  for (let i = end; i < next; i++) target.setUint8(i, 0);
  return next;
}

/** Reads columns one after another from bytes that begin at a multiple of 8 of their buffer. What does not fit together is thrown as a RangeError. */
export class ColumnCursor {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get at(): number {
    return this.#at;
  }

  /** How many values the next column says it has; 0 at the end. */
  nextCount(): number {
    return this.#at + columnHead > this.#bytes.length ? 0 : this.#view.getUint32(this.#at, true);
  }

  /** Reads the next column into `into`, whose length is the most it may hold. @returns how many values it has. */
  read(into: Float64Array | Uint8Array): number {
    const at = this.#at;
    if (at + columnHead > this.#bytes.length) throw new RangeError('the chunk ends before its columns do');
    const count = this.#view.getUint32(at, true);
    const width = this.#view.getUint32(at + 4, true);
    const base = this.#view.getFloat64(at + 8, true);
    const start = at + columnHead;
    if (count > into.length) throw new RangeError(`expected a column of at most ${into.length} values, was ${count}`);
    if (start + padded(count * width) > this.#bytes.length) throw new RangeError('the chunk ends within a column');
    this.#at = start + padded(count * width);
    const place = this.#bytes.byteOffset + start;
    switch (width) {
      case 0:
        into.fill(base, 0, count);
        break;
      case 1:
        addBase(into, new Uint8Array(this.#bytes.buffer, place, count), base);
        break;
      case 2:
        addBase16(into, new Uint16Array(this.#bytes.buffer, place, count), base);
        break;
      case 4:
        addBase32(into, new Uint32Array(this.#bytes.buffer, place, count), base);
        break;
      case 8:
        into.set(new Float64Array(this.#bytes.buffer, place, count));
        break;
      default:
        throw new RangeError(`expected a column width of 0, 1, 2, 4 or 8, was ${width}`);
    }
    return count;
  }
}

// one function for each width, so that each loop sees one kind of array
function addBase(into: Float64Array | Uint8Array, from: Uint8Array, base: number): void {
  for (let i = 0; i < from.length; i++) into[i] = base + from[i];
}

function addBase16(into: Float64Array | Uint8Array, from: Uint16Array, base: number): void {
  for (let i = 0; i < from.length; i++) into[i] = base + from[i];
}

function addBase32(into: Float64Array | Uint8Array, from: Uint32Array, base: number): void {
  for (let i = 0; i < from.length; i++) into[i] = base + from[i];
}
