/**
 * WebAssembly (core specification 2.0, 2022, section 5 and the vector instructions) that hashes four messages at once: SHA-256 of FIPS 180-4 (2015) section 6.2.2, each
 * of the four in its lane of every vector. Written out here instead of compiled, so that what runs can be read.
 *
 *   digest(at, stride, blocks, out): messages of `blocks` whole blocks, padded, at `at`, `at + stride`, …; their digests go to `out`, one behind the other
 */

/** Where the round constants lie in the memory. */
export const roundConstantsAt = 0;

const v128 = 0x7b;
const i32 = 0x7f;
/** Parameters first, then locals, in the order of the module. */
const [at, stride, blocks, out, round, second, third, fourth] = [0, 1, 2, 3, 4, 5, 6, 7];
const lanes = [at, second, third, fourth];
const paramCount = 4;
const wordLocals = 4;
const state = locals(8, 8);
const words = locals(16, 16);
const before = locals(32, 8);
const [t1, t2, pairNow, pairBefore, x0, x1, x2, x3] = locals(40, 8);
const vectorLocals = 40;

const op = {
  loop: 0x03,
  end: 0x0b,
  branchIf: 0x0d,
  get: 0x20,
  set: 0x21,
  tee: 0x22,
  i32const: 0x41,
  i32ne: 0x47,
  i32add: 0x6a,
  i32sub: 0x6b,
};
const vector = {
  load: 0x00,
  loadSplat: 0x09,
  store: 0x0b,
  shuffle: 0x0d,
  constant: 0x0c,
  and: 0x4e,
  or: 0x50,
  xor: 0x51,
  bitselect: 0x52,
  shl: 0xab,
  shr: 0xad,
  add: 0xae,
};
const nothing = 0x40;

function locals(from: number, count: number): number[] {
  return Array.from({ length: count }, (_, n) => from + n);
}

function leb(n: number): number[] {
  const bytes: number[] = [];
  for (let rest = n; ; rest >>>= 7) {
    if (rest < 0x80) return [...bytes, rest];
    bytes.push((rest & 0x7f) | 0x80);
  }
}

/** Signed, for constants. */
function sleb(n: number): number[] {
  const bytes: number[] = [];
  for (let rest = n; ; rest >>= 7) {
    const byte = rest & 0x7f;
    const over = (rest >> 7 === 0 && (byte & 0x40) === 0) || (rest >> 7 === -1 && (byte & 0x40) !== 0);
    bytes.push(over ? byte : byte | 0x80);
    if (over) return bytes;
  }
}

const simd = (code: number): number[] => [0xfd, ...leb(code)];
const get = (local: number): number[] => [op.get, ...leb(local)];
const set = (local: number): number[] => [op.set, ...leb(local)];
const tee = (local: number): number[] => [op.tee, ...leb(local)];
const number = (n: number): number[] => [op.i32const, ...sleb(n)];
/** Unaligned: alignment 2^0. */
const memory = (code: number, offset: number): number[] => [...simd(code), 0, ...leb(offset)];
const both = (code: number, a: readonly number[], b: readonly number[]): number[] => [...a, ...b, ...simd(code)];
const add = (a: readonly number[], b: readonly number[]): number[] => both(vector.add, a, b);
const xor = (a: readonly number[], b: readonly number[]): number[] => both(vector.xor, a, b);
const shift = (code: number, local: number, by: number): number[] => [...get(local), ...number(by), ...simd(code)];
const rotated = (local: number, by: number): number[] => both(vector.or, shift(vector.shr, local, by), shift(vector.shl, local, 32 - by));

/** Bytes of two vectors, picked: 0 to 15 of the first, 16 to 31 of the second. */
const shuffled = (a: number, b: number, picks: readonly number[]): number[] => [...get(a), ...get(b), ...simd(vector.shuffle), ...picks];
const wordsPicked = (picks: readonly number[], swap: boolean): number[] =>
  picks.flatMap((word) => (swap ? [3, 2, 1, 0] : [0, 1, 2, 3]).map((byte) => word * 4 + byte));

/** Rows become columns: four vectors of four words each. `swap` turns the bytes of each word, on the way in or out. */
function transposed(rows: readonly number[], into: readonly number[], swap: 'in' | 'out'): number[] {
  const [a, b, c, d] = rows;
  const [first, last] = [swap === 'in', swap === 'out'];
  const low = wordsPicked([0, 4, 1, 5], first);
  const high = wordsPicked([2, 6, 3, 7], first);
  const left = wordsPicked([0, 1, 4, 5], last);
  const right = wordsPicked([2, 3, 6, 7], last);
  return [
    ...[...shuffled(a, b, low), ...set(t1), ...shuffled(c, d, low), ...set(t2)],
    ...[...shuffled(a, b, high), ...set(pairNow), ...shuffled(c, d, high), ...set(pairBefore)],
    ...[...shuffled(t1, t2, left), ...set(into[0]), ...shuffled(t1, t2, right), ...set(into[1])],
    ...[...shuffled(pairNow, pairBefore, left), ...set(into[2]), ...shuffled(pairNow, pairBefore, right), ...set(into[3])],
  ];
}

const rows = [x0, x1, x2, x3];

/** The sixteen words of the block at hand, of all four messages. */
function loadBlock(): number[] {
  return [0, 1, 2, 3].flatMap((group) => [
    ...lanes.flatMap((lane, n) => [...get(lane), ...memory(vector.load, group * 16), ...set(rows[n])]),
    ...transposed(rows, words.slice(group * 4, group * 4 + 4), 'in'),
  ]);
}

/** Word `n` of the next sixteen. */
function schedule(n: number): number[] {
  const word = (ahead: number): number => words[(n + ahead) % 16];
  const [near, far] = [word(1), word(14)];
  const small0 = xor(xor(rotated(near, 7), rotated(near, 18)), shift(vector.shr, near, 3));
  const small1 = xor(xor(rotated(far, 17), rotated(far, 19)), shift(vector.shr, far, 10));
  return [...add(add(get(words[n]), get(word(9))), add(small0, small1)), ...set(words[n])];
}

/** Round `n` of sixteen; names of the state move, not the values. `pairBefore` holds b xor c. */
function oneRound(n: number): number[] {
  const name = (letter: number): number => state[(letter + 16 - n) % 8];
  const [a, b, d, e, f, g, h] = [name(0), name(1), name(3), name(4), name(5), name(6), name(7)];
  const constant = [...get(round), ...memory(vector.loadSplat, roundConstantsAt + n * 4)];
  const big1 = xor(xor(rotated(e, 6), rotated(e, 11)), rotated(e, 25));
  const choice = [...get(f), ...get(g), ...get(e), ...simd(vector.bitselect)];
  const big0 = xor(xor(rotated(a, 2), rotated(a, 13)), rotated(a, 22));
  const majority = xor(get(b), both(vector.and, [...xor(get(a), get(b)), ...tee(pairNow)], get(pairBefore)));
  return [
    ...[...add(add(get(h), add(constant, get(words[n]))), add(big1, choice)), ...set(t1)],
    ...[...add(get(d), get(t1)), ...set(d)],
    ...[...add(get(t1), add(big0, majority)), ...set(h)],
    ...[...get(pairNow), ...set(pairBefore)],
  ];
}

const sixteen = Array.from({ length: 16 }, (_, n) => n);
const advance = (local: number, by: number): number[] => [...get(local), ...number(by), op.i32add, ...set(local)];

function digestBody(firstHash: Int32Array): number[] {
  const splat = (n: number): number[] => {
    const bytes = [n & 255, (n >> 8) & 255, (n >> 16) & 255, (n >> 24) & 255];
    return [...simd(vector.constant), ...bytes, ...bytes, ...bytes, ...bytes];
  };
  return [
    ...lanes.slice(1).flatMap((lane, n) => [...get(lanes[n]), ...get(stride), op.i32add, ...set(lane)]),
    ...state.flatMap((local, n) => [...splat(firstHash[n]), ...set(local)]),
    ...[op.loop, nothing],
    ...state.flatMap((local, n) => [...get(local), ...set(before[n])]),
    ...loadBlock(),
    ...[...xor(get(state[1]), get(state[2])), ...set(pairBefore)],
    ...[...number(0), ...set(round)],
    ...sixteen.flatMap(oneRound),
    ...[op.loop, nothing, ...advance(round, 64)],
    ...sixteen.flatMap((n) => [...schedule(n), ...oneRound(n)]),
    ...[...get(round), ...number(192), op.i32ne, op.branchIf, 0, op.end],
    ...state.flatMap((local, n) => [...add(get(local), get(before[n])), ...set(local)]),
    ...lanes.flatMap((lane) => advance(lane, 64)),
    ...[...get(blocks), ...number(1), op.i32sub, ...tee(blocks), op.branchIf, 0, op.end],
    ...[0, 4].flatMap((from) => [
      ...transposed(state.slice(from, from + 4), rows, 'out'),
      ...rows.flatMap((row, n) => [...get(out), ...get(row), ...memory(vector.store, n * 32 + from * 4)]),
    ]),
    op.end,
  ];
}

/** @param firstHash the hash value before the first block, eight words. @param pages memory that it has, of 64 KiB each. */
export function digestModule(firstHash: Int32Array, pages: number): Uint8Array {
  const section = (id: number, content: readonly number[]): number[] => [id, ...leb(content.length), ...content];
  const text = (name: string): number[] => [name.length, ...Array.from(name, (letter) => letter.charCodeAt(0))];
  const parameters = Array.from({ length: paramCount }, () => i32);
  const body = [2, wordLocals, i32, vectorLocals, v128, ...digestBody(firstHash)];
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [1, 0x60, paramCount, ...parameters, 0]),
    ...section(3, [1, 0]),
    ...section(5, [1, 1, ...leb(pages), ...leb(pages)]),
    ...section(7, [2, ...text('memory'), 2, 0, ...text('digest'), 0, 0]),
    ...section(10, [1, ...leb(body.length), ...body]),
  ]);
}
