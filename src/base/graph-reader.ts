import { ReadError, type ByteReader } from './canonical.ts';
import { columnKinds, maxGraphDepth, tags } from './graph-tags.ts';
import { IntMap } from './int-map.ts';
import { readWordRuns } from './word-runs.ts';

/** By the path of an array: how its members are made before they are filled, where their making matters to the machine. */
export type MadeMembers = ReadonlyMap<string, (place: number) => object>;

/** A graph that does not fit what it is read into: where, and why. */
export class GraphMismatch extends Error {}

/**
 * Reads what `writeGraph` wrote into `template`, a graph made by the same code: its objects, arrays, maps and int maps are filled in place, so that whoever holds
 * one of them holds the state that was read; functions and int maps are the template's own. @throws ReadError, GraphMismatch.
 */
export function readGraphInto(reader: ByteReader, template: object, made: MadeMembers = new Map()): void {
  const read = new GraphReader(reader, made).read(template);
  if (read !== template) throw new GraphMismatch('the root is of another kind');
}

type Plain = Record<string, unknown>;
/** What stands where an array has nothing. */
const hole = Symbol('hole');

class GraphReader {
  readonly #reader: ByteReader;
  readonly #known: object[] = [];
  readonly #texts: string[] = [];
  readonly #shapes: (readonly string[])[] = [];
  readonly #path: (string | number)[] = [];
  readonly #made: MadeMembers;

  constructor(reader: ByteReader, made: MadeMembers) {
    this.#reader = reader;
    this.#made = made;
  }

  read(template: unknown): unknown {
    const tag = this.#reader.u8();
    switch (tag) {
      case tags.undefined:
        return undefined;
      case tags.null:
        return null;
      case tags.false:
        return false;
      case tags.true:
        return true;
      case tags.byte:
        return this.#reader.u8();
      case tags.int32:
        return this.#reader.i32();
      case tags.safeInt:
        return this.#reader.safeInt();
      case tags.double:
        return this.#reader.f64();
      case tags.negativeZero:
        return -0;
      case tags.text:
      case tags.knownText:
        return this.#textOf(tag);
      case tags.hole:
        return hole;
      case tags.code:
        if (template === undefined) this.#differ('code that is not there');
        return template;
      default:
        return this.#object(tag, template);
    }
  }

  #object(tag: number, template: unknown): unknown {
    if (this.#path.length >= maxGraphDepth) this.#differ(`more than ${maxGraphDepth} levels`);
    switch (tag) {
      case tags.known:
        return this.#knownAt(this.#reader.u32());
      case tags.object:
      case tags.shaped:
        return this.#record(this.#shapeOf(tag), template);
      case tags.array:
        return this.#array(Array.isArray(template) ? template : []);
      case tags.map:
        return this.#map(template instanceof Map ? template : new Map());
      case tags.set:
        return this.#set(template instanceof Set ? template : new Set());
      case tags.intMap:
        if (!(template instanceof IntMap)) this.#differ('an int map that is not there');
        return this.#intMap(template);
      case tags.column:
        return this.#column(template);
      default:
        return this.#malformed(`a tag, was ${tag}`);
    }
  }

  #textOf(tag: number): string {
    if (tag === tags.text) {
      const text = this.#reader.str();
      this.#texts.push(text);
      return text;
    }
    const at = this.#reader.u32();
    if (tag !== tags.knownText || at >= this.#texts.length) this.#malformed('a text');
    return this.#texts[at];
  }

  #knownAt(at: number): object {
    if (at >= this.#known.length) this.#malformed('something written before');
    return this.#known[at];
  }

  #count(): number {
    const count = this.#reader.u32();
    if (count > this.#reader.remaining()) this.#malformed(`a count of at most ${this.#reader.remaining()}, was ${count}`);
    return count;
  }

  #shapeOf(tag: number): readonly string[] {
    if (tag === tags.object) {
      const shape = Array.from({ length: this.#count() }, () => this.#textOf(this.#reader.u8()));
      this.#shapes.push(shape);
      return shape;
    }
    const at = this.#reader.u32();
    if (at >= this.#shapes.length) this.#malformed('a shape');
    return this.#shapes[at];
  }

  #record(keys: readonly string[], template: unknown): Plain {
    const into = isPlain(template) ? template : {};
    this.#known.push(into);
    if (isPlain(template)) this.#compareKeys(keys, Object.keys(template));
    for (const key of keys) into[key] = this.#inside(key, into[key]);
    return into;
  }

  /** What the code that reads has, the snapshot has, and in the same order: anything else was written by code with other stores. */
  #compareKeys(written: readonly string[], own: readonly string[]): void {
    for (const key of own) if (!written.includes(key)) this.#differ(`no ${key}`);
    for (const key of written) if (!own.includes(key)) this.#differ(`${key}, which is unknown here`);
  }

  #array(into: unknown[]): unknown[] {
    this.#known.push(into);
    const length = this.#count();
    const before = into.length;
    const make = this.#made.get(this.#path.join('.'));
    into.length = Math.min(before, length);
    for (let i = 0; i < length; i++) {
      const member = this.#inside(i, i < before ? into[i] : make?.(i));
      if (member !== hole) into[i] = member;
      else if (i in into) Reflect.deleteProperty(into, i);
    }
    into.length = length;
    return into;
  }

  #map(into: Map<unknown, unknown>): Map<unknown, unknown> {
    this.#known.push(into);
    const before = new Map(into);
    into.clear();
    for (let left = this.#count(); left > 0; left--) {
      const key = this.#inside('key', undefined);
      into.set(key, this.#inside('value', before.get(key)));
    }
    return into;
  }

  #set(into: Set<unknown>): Set<unknown> {
    this.#known.push(into);
    into.clear();
    for (let left = this.#count(); left > 0; left--) into.add(this.#inside('member', undefined));
    return into;
  }

  #intMap(into: IntMap): IntMap {
    this.#known.push(into);
    into.clear();
    for (let left = this.#count(); left > 0; left--) {
      const key = this.#reader.safeInt();
      if (!into.set(key, this.#reader.i32())) this.#differ('more entries than its maximum');
    }
    return into;
  }

  #column(template: unknown): ArrayBufferView {
    const kind = this.#reader.u8();
    const offset = this.#reader.u32();
    const length = this.#reader.u32();
    if (kind >= columnKinds.length) this.#malformed('a kind of column');
    const make = columnKinds[kind];
    const known = this.#reader.bool() ? this.#knownAt(this.#reader.u32()) : this.#buffer(template);
    if (!(known instanceof ArrayBuffer) || offset + length * make.BYTES_PER_ELEMENT > known.byteLength)
      this.#malformed('a column in its buffer');
    const same = template instanceof make && template.buffer === known && template.byteOffset === offset && template.length === length;
    const column = same ? template : new make(known, offset, length);
    this.#known.push(column);
    return column;
  }

  /** The template's own memory where it is as long. */
  #buffer(template: unknown): ArrayBuffer {
    const bytes = this.#reader.u32();
    const own: unknown = ArrayBuffer.isView(template) ? template.buffer : undefined;
    const buffer = own instanceof ArrayBuffer && own.byteLength === bytes ? own : new ArrayBuffer(bytes);
    this.#known.push(buffer);
    if (!readWordRuns(this.#reader, new Uint8Array(buffer))) this.#malformed('runs of words');
    return buffer;
  }

  #inside(place: string | number, template: unknown): unknown {
    this.#path.push(place);
    const value = this.read(template);
    this.#path.pop();
    return value;
  }

  #differ(what: string): never {
    throw new GraphMismatch(`${this.#path.join('.')}: the snapshot has ${what}`);
  }

  #malformed(expected: string): never {
    throw new ReadError({ code: 'MALFORMED', offset: this.#reader.offset(), expected: `${this.#path.join('.')}: ${expected}` });
  }
}

function isPlain(value: unknown): value is Plain {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
