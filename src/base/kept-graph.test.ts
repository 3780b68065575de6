import { setFlagsFromString } from 'node:v8';
import { runInThisContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { IntMap, intMap } from './int-map.ts';
import { KeptGraph } from './kept-graph.ts';
import { prng, type Prng } from './prng.ts';

type Members = Record<string, unknown>;

/** Everything that can be seen of a graph, in words; a part that was reached before is a number. */
function seen(root: unknown): string {
  const known = new Map<object, number>();
  const say = (value: unknown): string => {
    if (Object.is(value, -0)) return '-0';
    if (typeof value === 'function') return 'code';
    if (typeof value !== 'object' || value === null) return `${typeof value} ${String(value)}`;
    const number = known.get(value);
    if (number !== undefined) return `#${number}`;
    known.set(value, known.size);
    if (value instanceof Map) return `map(${[...value].map(([key, member]) => `${say(key)}=>${say(member)}`).join(',')})`;
    if (value instanceof Set) return `set(${[...value].map(say).join(',')})`;
    if (value instanceof IntMap) return `intMap(${[...value.sortedKeys()].map((key) => `${key}:${value.get(key)}`).join(',')})`;
    if (ArrayBuffer.isView(value)) return `column ${value.byteOffset} ${[...new Uint8Array(value.buffer)].join(' ')}`;
    if (Array.isArray(value)) return `[${Array.from(value, (member, i) => (i in value ? say(member) : 'hole')).join(',')}]`;
    return `{${Object.entries(value)
      .map(([key, member]) => `${key}:${say(member)}`)
      .join(',')}}`;
  };
  return say(root);
}

function graphOf(luck: Prng, depth: number): unknown {
  const member = (): unknown => (depth === 0 ? luck.int(5) - 2 : graphOf(luck, depth - 1));
  const count = luck.int(4);
  switch (luck.int(9)) {
    case 0: {
      const made: unknown[] = Array.from({ length: count }, member);
      if (luck.int(2) === 0) made.length += 2;
      return made;
    }
    case 1:
      return new Map(Array.from({ length: count }, (_none, n) => [`k${n}`, member()]));
    case 2:
      return new Set(Array.from({ length: count }, member));
    case 3: {
      const made = intMap(64);
      for (let n = 0; n < count; n++) made.set(luck.int(100), n);
      return made;
    }
    case 4: {
      const buffer = new ArrayBuffer(64);
      const words = new Float64Array(buffer, 0, 4);
      if (luck.int(2) === 0) words[luck.int(4)] = luck.float();
      return { words, halves: new Int32Array(buffer, 32, 8) };
    }
    case 5:
      return [-0, undefined, null, 'text', NaN, true][luck.int(6)];
    default:
      return Object.fromEntries(Array.from({ length: count + 1 }, (_none, n) => [`m${n}`, member()]));
  }
}

/** Changes whatever it meets, in every way that code can. */
function spoil(value: unknown, luck: Prng, met = new Set<unknown>()): void {
  if (typeof value !== 'object' || value === null || met.has(value)) return;
  met.add(value);
  const what = luck.int(4);
  if (value instanceof Map) {
    for (const member of value.values()) spoil(member, luck, met);
    if (what > 1) value.clear();
    value.set(`new${luck.int(9)}`, [what]);
  } else if (value instanceof Set) {
    for (const member of value) spoil(member, luck, met);
    if (what > 1) value.clear();
    value.add({ what });
  } else if (value instanceof IntMap) {
    if (what > 1) value.clear();
    for (let n = 0; n < 40; n++) value.set(luck.int(1_000), n);
  } else if (ArrayBuffer.isView(value)) {
    new Uint8Array(value.buffer).fill(what + 1);
  } else if (Array.isArray(value)) {
    for (const member of value) spoil(member, luck, met);
    if (what === 0) value.length = 0;
    else if (what === 1) value.push('more', { what });
    else value[luck.int(5)] = 'other';
  } else {
    const members = value as Members;
    const keys = Object.keys(members);
    for (const key of keys) spoil(members[key], luck, met);
    if (keys.length > 0) members[keys[0]] = new Float64Array(2);
    if (what === 0) Reflect.deleteProperty(members, keys[keys.length - 1] ?? '');
    else if (what === 1) members['gained'] = what;
    else if (what === 2 && keys.length > 1) {
      // back again, but in another place
      const first = members[keys[0]];
      Reflect.deleteProperty(members, keys[0]);
      members[keys[0]] = first;
    }
  }
}

describe('a graph that is kept', () => {
  it('is put back to the last bit, as often as one likes, whatever was done to it', () => {
    let spoiled = 0;
    for (let seed = 0; seed < 400; seed++) {
      const luck = prng(`kept/${seed}`);
      const shared = graphOf(luck, 2);
      const root = { one: graphOf(luck, 4), shared, again: shared, code: () => seed };
      const before = seen(root);
      const kept = new KeptGraph(root);
      for (let time = 0; time < 3; time++) {
        spoil(root, luck);
        if (seen(root) !== before) spoiled++;
        kept.putBack();
        expect(seen(root), `seed ${seed}, time ${time}`).toBe(before);
      }
    }
    expect(spoiled).toBe(1_200);
  });

  it('stays where it was: whoever holds a part holds it as it was', () => {
    const part = { n: 1, column: new Float64Array([1, 0]), list: [1, 2] };
    const root: { part: typeof part | undefined } = { part };
    const kept = new KeptGraph(root);
    part.n = 2;
    part.column[1] = 7;
    part.list.push(3);
    root.part = undefined;
    kept.putBack();
    expect(root.part).toBe(part);
    expect(part).toEqual({ n: 1, column: new Float64Array([1, 0]), list: [1, 2] });
  });

  it('leaves lists and records the kind of memory that V8 has given them', () => {
    setFlagsFromString('--allow-natives-syntax');
    const kindOf = runInThisContext(
      '(list) => (%HasSmiElements(list) ? "small" : %HasDoubleElements(list) ? "doubles" : "any") + (%HasHoleyElements(list) ? ", holes" : "")',
    ) as (list: unknown[]) => string;
    // it is compiled when it is called first
    expect(kindOf(Array.from<unknown>({ length: 1 }).concat([{}]))).toBe('any');
    setFlagsFromString('--no-allow-natives-syntax');
    const lists = { small: [1, 2], doubles: [0.5, 1.5], any: [{}, 'text'] };
    // one after the other: a place that has met lists of several kinds is where V8 widens them
    for (let time = 0; time < 3_000; time++) {
      const root = { small: [...lists.small], doubles: [...lists.doubles], any: [...lists.any] };
      const kept = new KeptGraph(root);
      root.small[0] = 7;
      root.doubles[1] = 2.5;
      root.any[0] = {};
      kept.putBack();
      root.small.push(3);
      root.doubles.pop();
      kept.putBack();
      expect([root.small, root.doubles, root.any].map(kindOf)).toEqual(['small', 'doubles', 'any']);
    }
  });

  it('goes round in a circle and past what is frozen', () => {
    const root: Members = { frozen: Object.freeze({ inner: [1] }) };
    root['self'] = root;
    const kept = new KeptGraph(root);
    (root['frozen'] as { inner: number[] }).inner.push(2);
    kept.putBack();
    expect(root).toEqual({ frozen: { inner: [1] }, self: root });
  });

  it('is refused by its path where it has what cannot be put back', () => {
    const sharing = new Float64Array(new SharedArrayBuffer(8));
    expect(() => new KeptGraph({ a: { b: new (class Hidden {})() } })).toThrow(
      'kept graph: a.b: expected plain state, was an instance of a class',
    );
    expect(() => new KeptGraph({ a: [Symbol('s')] })).toThrow('kept graph: a.0: expected plain state, was a symbol');
    expect(
      () =>
        new KeptGraph({
          get a() {
            return 1;
          },
        }),
    ).toThrow('kept graph: a: expected plain state, was an accessor');
    expect(() => new KeptGraph({ sharing })).toThrow('kept graph: sharing: expected plain state, was a view that is no column');
  });
});
