import { columnKinds } from './graph-tags.ts';
import { IntMap } from './int-map.ts';

type Members = Record<string, unknown>;

interface KeptRecord {
  readonly into: Members;
  readonly keys: readonly string[];
  readonly values: readonly unknown[];
}

/** Bytes of a buffer; undefined = zeros. */
interface KeptBuffer {
  readonly into: Uint8Array;
  readonly bytes: Uint8Array | undefined;
}

/**
 * Remembers everything reachable from a value as it is now: plain objects, arrays with their holes, maps and sets in their order, columns, int maps; functions
 * are code. `putBack` makes all of it again what it was, in place, so that whoever holds a part of it holds that part as it was; what came since is no longer
 * reachable. It may be called any number of times. Anything else (instances of classes, accessors, symbols) is refused by its path with a TypeError.
 */
export class KeptGraph {
  readonly #seen = new Set<object>();
  readonly #records: KeptRecord[] = [];
  readonly #arrays: { readonly into: unknown[]; readonly members: readonly unknown[]; readonly isWhole: boolean }[] = [];
  readonly #maps: { readonly into: Map<unknown, unknown>; readonly entries: readonly (readonly [unknown, unknown])[] }[] = [];
  readonly #sets: { readonly into: Set<unknown>; readonly members: readonly unknown[] }[] = [];
  readonly #intMaps: { readonly into: IntMap; readonly entries: readonly (readonly [key: number, value: number])[] }[] = [];
  readonly #buffers: KeptBuffer[] = [];
  readonly #waiting: { readonly value: object; readonly path: string }[] = [];

  constructor(root: object) {
    this.#reach(root, '');
    for (let next = this.#waiting.pop(); next !== undefined; next = this.#waiting.pop()) this.#keep(next.value, next.path);
  }

  putBack(): void {
    for (const { into, bytes } of this.#buffers) {
      if (bytes === undefined) into.fill(0);
      else into.set(bytes);
    }
    for (const { into, keys, values } of this.#records) putRecord(into, keys, values);
    for (const { into, members, isWhole } of this.#arrays) putArray(into, members, isWhole);
    for (const { into, entries } of this.#maps) {
      into.clear();
      for (const [key, value] of entries) into.set(key, value);
    }
    for (const { into, members } of this.#sets) {
      into.clear();
      for (const member of members) into.add(member);
    }
    for (const { into, entries } of this.#intMaps) {
      into.clear();
      for (const [key, value] of entries) into.set(key, value);
    }
  }

  #reach(value: unknown, path: string): void {
    if (typeof value === 'symbol' || typeof value === 'bigint') refuse(path, `a ${typeof value}`);
    if (typeof value !== 'object' || value === null || this.#seen.has(value)) return;
    this.#seen.add(value);
    this.#waiting.push({ value, path });
  }

  #keep(value: object, path: string): void {
    if (Array.isArray(value)) this.#keepArray(value, path);
    else if (value instanceof Map) this.#keepMap(value, path);
    else if (value instanceof Set) {
      const members: readonly unknown[] = [...value];
      this.#sets.push({ into: value, members });
      for (const member of members) this.#reach(member, `${path}.member`);
    } else if (ArrayBuffer.isView(value)) this.#keepColumn(value, path);
    else if (value instanceof IntMap) {
      const entries: [number, number][] = [];
      value.forEach((entry, key) => entries.push([key, entry]));
      this.#intMaps.push({ into: value, entries });
    } else this.#keepRecord(value, path);
  }

  #keepRecord(value: object, path: string): void {
    const prototype: unknown = Object.getPrototypeOf(value);
    if (prototype !== Object.prototype && prototype !== null) refuse(path, 'an instance of a class');
    const into = value as Members;
    const keys = Object.keys(into);
    for (const key of keys) {
      if (!('value' in (Object.getOwnPropertyDescriptor(into, key) ?? {}))) refuse(`${path}.${key}`, 'an accessor');
    }
    const values = keys.map((key) => into[key]);
    // nothing can have changed in one that is frozen
    if (!Object.isFrozen(into)) this.#records.push({ into, keys, values });
    for (let n = 0; n < keys.length; n++) this.#reach(values[n], `${path}.${keys[n]}`);
  }

  #keepArray(into: unknown[], path: string): void {
    const members = into.slice();
    let isWhole = true;
    for (let i = 0; i < members.length; i++) {
      if (i in members) this.#reach(members[i], `${path}.${i}`);
      else isWhole = false;
    }
    this.#arrays.push({ into, members, isWhole });
  }

  #keepMap(into: Map<unknown, unknown>, path: string): void {
    const entries = [...into];
    this.#maps.push({ into, entries });
    for (const [key, value] of entries) {
      this.#reach(key, `${path}.key`);
      this.#reach(value, `${path}.value`);
    }
  }

  #keepColumn(view: ArrayBufferView, path: string): void {
    const { buffer } = view;
    if (!(buffer instanceof ArrayBuffer) || !columnKinds.some((kind) => view instanceof kind)) refuse(path, 'a view that is no column');
    if (this.#seen.has(buffer)) return;
    this.#seen.add(buffer);
    const into = new Uint8Array(buffer);
    this.#buffers.push({ into, bytes: into.some((byte) => byte !== 0) ? into.slice() : undefined });
  }
}

/**
 * What is as it was is not written: a store is no small thing to V8. A field that is written a second time is none that compiled code may take for a constant, and a
 * place that stores into arrays of several kinds makes all of them arrays of anything (docs/decisions/0058).
 */
function putRecord(into: Members, keys: readonly string[], values: readonly unknown[]): void {
  const now = Object.keys(into);
  let isSame = now.length === keys.length;
  for (let n = 0; isSame && n < keys.length; n++) isSame = now[n] === keys[n];
  if (!isSame) for (const key of now) Reflect.deleteProperty(into, key);
  for (let n = 0; n < keys.length; n++) if (!isSame || !Object.is(into[keys[n]], values[n])) into[keys[n]] = values[n];
}

/** Most members that are written at one time. */
const most = 1_000;

/**
 * By functions of the language: where code of ours loads or stores by index in lists of several kinds, V8 makes small whole numbers and doubles lists of anything, once
 * that code is compiled; these widen a list by what is put into it alone.
 */
function putArray(into: unknown[], members: readonly unknown[], isWhole: boolean): void {
  if (!isWhole) {
    into.length = members.length;
    members.forEach((member, i) => Reflect.set(into, i, member));
    for (let i = 0; i < members.length; i++) if (!(i in members)) Reflect.deleteProperty(into, i);
    return;
  }
  if (members.length > most && into.length === members.length && members.every((member) => Object.is(member, members[0]))) {
    into.fill(members[0]);
    return;
  }
  if (into.length > members.length) into.splice(members.length);
  for (let from = 0; from < members.length; from += most) into.splice(from, most, ...members.slice(from, from + most));
}

function refuse(path: string, what: string): never {
  throw new TypeError(`kept graph: ${path.slice(1)}: expected plain state, was ${what}`);
}
