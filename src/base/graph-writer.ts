import type { Breathe } from './breath.ts';
import type { ByteWriter } from './canonical.ts';
import { columnKinds, maxGraphDepth, tags } from './graph-tags.ts';
import { IntMap } from './int-map.ts';
import { writeWordRuns } from './word-runs.ts';

/**
 * Writes everything reachable from a value: plain objects, arrays with their holes, maps and sets in their order, columns (views of one buffer stay views of one
 * buffer), int maps; what is reached twice is written once. So nothing that a store keeps can be left out, whatever fields it gains. Functions are code: only
 * that there is one is written, and so with the paths `leftOut`. Anything else (instances of classes, symbols, bigints) is refused by its path with a TypeError.
 */
export function writeGraph(writer: ByteWriter, root: unknown, leftOut: ReadonlySet<string> = new Set(), breathe?: Breathe): void {
  new GraphWriter(writer, leftOut, breathe).write(root);
}

/** Objects, and members of an array, between two breaths. */
const objectsPerBreath = 128;
const membersPerBreath = 4_096;

class GraphWriter {
  readonly #writer: ByteWriter;
  readonly #known = new Map<object, number>();
  readonly #texts = new Map<string, number>();
  readonly #shapes = new Map<string, number>();
  #lastKeys: readonly string[] = [];
  #lastShape = -1;
  readonly #path: (string | number)[] = [];

  readonly #leftOut: ReadonlySet<string>;
  readonly #breathe: Breathe | undefined;
  #objects = 0;
  readonly #deepest: number;

  constructor(writer: ByteWriter, leftOut: ReadonlySet<string>, breathe: Breathe | undefined) {
    this.#writer = writer;
    this.#breathe = breathe;
    this.#leftOut = leftOut;
    this.#deepest = Math.max(0, ...[...leftOut].map((path) => path.split('.').length));
  }

  write(value: unknown): void {
    switch (typeof value) {
      case 'undefined':
        return this.#writer.u8(tags.undefined);
      case 'boolean':
        return this.#writer.u8(value ? tags.true : tags.false);
      case 'number':
        return this.#number(value);
      case 'string':
        return this.#text(value);
      case 'function':
        return this.#writer.u8(tags.code);
      case 'object':
        return value === null ? this.#writer.u8(tags.null) : this.#object(value);
      case 'bigint':
      case 'symbol':
        return this.#refuse(`a ${typeof value}`);
    }
  }

  #number(n: number): void {
    const writer = this.#writer;
    if (n === 0 && 1 / n < 0) return writer.u8(tags.negativeZero);
    if (n === (n & 0xff)) {
      writer.u8(tags.byte);
      writer.u8(n);
    } else if (n === (n | 0)) {
      writer.u8(tags.int32);
      writer.i32(n);
    } else if (Number.isSafeInteger(n)) {
      writer.u8(tags.safeInt);
      writer.safeInt(n);
    } else {
      writer.u8(tags.double);
      writer.f64(n);
    }
  }

  #text(text: string): void {
    const known = this.#texts.get(text);
    this.#writer.u8(known === undefined ? tags.text : tags.knownText);
    if (known !== undefined) return this.#writer.u32(known);
    this.#texts.set(text, this.#texts.size);
    this.#writer.str(text);
  }

  #object(value: object): void {
    if (this.#path.length <= this.#deepest && this.#leftOut.has(this.#path.join('.'))) return this.#writer.u8(tags.code);
    this.#objects += 1;
    if (this.#objects % objectsPerBreath === 0) this.#breathe?.();
    const known = this.#known.get(value);
    if (known !== undefined) {
      this.#writer.u8(tags.known);
      return this.#writer.u32(known);
    }
    if (this.#path.length >= maxGraphDepth) this.#refuse(`more than ${maxGraphDepth} levels`);
    // a column is numbered after its buffer, see #column
    if (!ArrayBuffer.isView(value)) this.#known.set(value, this.#known.size);
    if (Array.isArray(value)) this.#array(value);
    else if (value instanceof Map) this.#map(value);
    else if (value instanceof Set) this.#set(value);
    else if (ArrayBuffer.isView(value)) this.#column(value);
    else if (value instanceof IntMap) this.#intMap(value);
    else this.#record(value);
  }

  #record(value: object): void {
    const prototype: unknown = Object.getPrototypeOf(value);
    if (prototype !== Object.prototype && prototype !== null) this.#refuse('an instance of a class');
    const keys = Object.keys(value);
    this.#shape(keys);
    const members = value as Readonly<Record<string, unknown>>;
    for (let n = 0; n < keys.length; n++) {
      const member = members[keys[n]];
      // most members are numbers and cannot be refused: they need no path
      if (typeof member === 'number') this.#number(member);
      else this.#inside(keys[n], member);
    }
  }

  #shape(keys: readonly string[]): void {
    // members of one array follow each other: most records have the shape of the one before
    if (!isSame(keys, this.#lastKeys)) {
      this.#lastKeys = keys;
      this.#lastShape = this.#shapes.get(keys.join('\n')) ?? this.#shapes.size;
    }
    const isNew = this.#lastShape === this.#shapes.size;
    this.#writer.u8(isNew ? tags.object : tags.shaped);
    if (!isNew) return this.#writer.u32(this.#lastShape);
    this.#shapes.set(keys.join('\n'), this.#lastShape);
    this.#writer.u32(keys.length);
    for (const key of keys) this.#text(key);
  }

  #array(value: readonly unknown[]): void {
    this.#writer.u8(tags.array);
    this.#writer.u32(value.length);
    for (let i = 0; i < value.length; i++) {
      const member = value[i];
      if (i % membersPerBreath === membersPerBreath - 1) this.#breathe?.();
      if (typeof member === 'number') this.#number(member);
      else if (i in value) this.#inside(i, member);
      else this.#writer.u8(tags.hole);
    }
  }

  #map(value: ReadonlyMap<unknown, unknown>): void {
    this.#writer.u8(tags.map);
    this.#writer.u32(value.size);
    for (const [key, member] of value) {
      this.#inside('key', key);
      this.#inside(typeof key === 'string' || typeof key === 'number' ? key : 'value', member);
    }
  }

  #set(value: ReadonlySet<unknown>): void {
    this.#writer.u8(tags.set);
    this.#writer.u32(value.size);
    for (const member of value) this.#inside('member', member);
  }

  #intMap(value: IntMap): void {
    this.#writer.u8(tags.intMap);
    this.#writer.u32(value.size());
    value.forEach((entry, key) => {
      this.#writer.safeInt(key);
      this.#writer.i32(entry);
    });
  }

  #column(value: ArrayBufferView): void {
    const kind = columnKinds.findIndex((one) => value instanceof one);
    const { buffer } = value;
    if (kind < 0 || !(buffer instanceof ArrayBuffer)) this.#refuse('a view that is no column');
    const writer = this.#writer;
    writer.u8(tags.column);
    writer.u8(kind);
    writer.u32(value.byteOffset);
    writer.u32(value.byteLength / columnKinds[kind].BYTES_PER_ELEMENT);
    const known = this.#known.get(buffer);
    writer.bool(known !== undefined);
    if (known !== undefined) writer.u32(known);
    else {
      this.#known.set(buffer, this.#known.size);
      writeWordRuns(writer, new Uint8Array(buffer));
    }
    this.#known.set(value, this.#known.size);
  }

  #inside(place: string | number, value: unknown): void {
    this.#path.push(place);
    this.write(value);
    this.#path.pop();
  }

  #refuse(what: string): never {
    throw new TypeError(`graph: ${this.#path.join('.')}: expected plain state, was ${what}`);
  }
}

function isSame(a: readonly string[], b: readonly string[]): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
