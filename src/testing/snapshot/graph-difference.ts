import type { IntMap } from '../../base/int-map.ts';

/**
 * First place where two graphs differ, '' = nowhere. The obvious second look at what a snapshot carries: values one by one, holes, the order of maps, int maps by
 * their entries, and that what is shared in one is shared in the other.
 */
export function graphDifference(a: unknown, b: unknown, leftOut: ReadonlySet<string> = new Set()): string {
  return differs(a, b, 'core', new Map(), leftOut);
}

function differs(a: unknown, b: unknown, path: string, seen: Map<object, object>, leftOut: ReadonlySet<string>): string {
  if (leftOut.has(path.slice('core.'.length))) return '';
  if (typeof a === 'function' && typeof b === 'function') return '';
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return Object.is(a, b) ? '' : path;
  const before = seen.get(a);
  if (before !== undefined) return before === b ? '' : `${path} (shared with another)`;
  seen.set(a, b);
  if (Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) return `${path} (kind)`;
  if ('sortedKeys' in a) return sameIntMaps(a as IntMap, b as IntMap) ? '' : path;
  if (ArrayBuffer.isView(a) && ArrayBuffer.isView(b)) {
    return Buffer.compare(bytesOf(a), bytesOf(b)) === 0 ? differs(a.buffer, b.buffer, `${path}.buffer`, seen, leftOut) : path;
  }
  if (a instanceof Map && b instanceof Map) return differs([...a], [...b], path, seen, leftOut);
  if (a instanceof Set && b instanceof Set) return differs([...a], [...b], path, seen, leftOut);
  const [left, right] = [Object.entries(a), new Map(Object.entries(b))];
  if (left.length !== right.size || ('length' in a && 'length' in b && a.length !== b.length)) return `${path} (fields)`;
  for (const [key, value] of left) {
    const found = right.has(key) ? differs(value, right.get(key), `${path}.${key}`, seen, leftOut) : `${path}.${key}`;
    if (found !== '') return found;
  }
  return '';
}

function bytesOf(view: ArrayBufferView): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
}

function sameIntMaps(a: IntMap, b: IntMap): boolean {
  const keys = a.sortedKeys();
  return keys.length === b.size() && keys.every((key) => a.get(key) === b.get(key));
}

/** Visits every field of every object of a graph once, with the object that has it. */
export function eachField(root: object, visit: (owner: Record<string, unknown>, key: string, path: string) => void): void {
  const seen = new Set<object>();
  const walk = (value: unknown, path: string): void => {
    if (typeof value !== 'object' || value === null || seen.has(value) || ArrayBuffer.isView(value) || 'sortedKeys' in value) return;
    seen.add(value);
    if (value instanceof Map || value instanceof Set) {
      for (const member of value.values()) walk(member, `${path}[]`);
      return;
    }
    for (const [key, member] of Object.entries(value)) {
      if (!Array.isArray(value)) visit(value as Record<string, unknown>, key, `${path}.${key}`);
      walk(member, `${path}.${Array.isArray(value) ? '[]' : key}`);
    }
  };
  walk(root, 'core');
}
