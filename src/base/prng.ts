import { hex, sha256 } from './sha256.ts';
import { utf8Encode } from './utf8.ts';

/**
 * Seeded luck: xoshiro128** 1.1 (Blackman & Vigna 2018, "Scrambled linear pseudorandom number generators"), period 2^128 - 1.
 * Same seed, same draws, on every machine. Not for secrets.
 */
export interface Prng {
  /** Uniform unsigned 32 bits. */
  next32(): number;
  /** Uniform in [0, 1), 53 bits. */
  float(): number;
  /** Uniform whole number in [0, n), without bias; n from 1 to 2^53 - 1. */
  int(n: number): number;
  /** Standard normal. */
  normal(): number;
  /** Exponential with the given mean. */
  exponential(mean: number): number;
  /** An independent stream that depends on this generator's seed and the name alone, not on what was drawn before. */
  fork(name: string): Prng;
  state(): PrngState;
  restore(state: PrngState): void;
}

/** All there is to know of a generator; plain JSON. */
export interface PrngState {
  /** Four unsigned 32-bit words. */
  readonly words: readonly [number, number, number, number];
  /** The second normal of a pair, waiting to be handed out. */
  readonly spare: number | null;
  /** What forks are derived from: 32 bytes in hex. */
  readonly key: string;
}

const TWO_32 = 4294967296;
const SMALL_RANGE = 1 << 21;

export function prng(seed: number | string): Prng {
  return fromKey(hex(sha256(utf8Encode(`${typeof seed}:${String(seed)}`))));
}

export function prngFromState(state: PrngState): Prng {
  const stream = fromKey(state.key);
  stream.restore(state);
  return stream;
}

/** The first state is the first 128 bits of the key, itself a SHA-256. */
function fromKey(firstKey: string): Prng {
  let key = firstKey;
  let [a, b, c, d] = wordsOf(firstKey);
  let spare: number | null = null;

  function next32(): number {
    const x = Math.imul(b, 5);
    const result = Math.imul((x << 7) | (x >>> 25), 9) >>> 0;
    const t = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= t;
    d = (d << 11) | (d >>> 21);
    return result;
  }

  function float(): number {
    const high = next32() >>> 5;
    return (high * 67108864 + (next32() >>> 6)) / 9007199254740992;
  }

  return {
    next32,
    float,
    int(n) {
      if (!Number.isSafeInteger(n) || n < 1) throw new RangeError(`prng: expected a whole number from 1 to 2^53 - 1, was ${String(n)}`);
      return n <= SMALL_RANGE ? smallInt(next32, n) : largeInt(float, n);
    },
    normal() {
      if (spare !== null) {
        const kept = spare;
        spare = null;
        return kept;
      }
      for (;;) {
        const u = 2 * float() - 1;
        const v = 2 * float() - 1;
        const s = u * u + v * v;
        if (s >= 1 || s === 0) continue;
        const scale = Math.sqrt((-2 * Math.log(s)) / s);
        spare = v * scale;
        return u * scale;
      }
    },
    exponential: (mean) => -mean * Math.log(1 - float()),
    fork: (name) => fromKey(hex(sha256(utf8Encode(`${key}/${name}`)))),
    state: () => ({ words: [a >>> 0, b >>> 0, c >>> 0, d >>> 0], spare, key }),
    restore(state) {
      [a, b, c, d] = state.words.map((word) => word | 0);
      if ((a | b | c | d) === 0) throw new RangeError('prng: expected a state that is not all zero');
      spare = state.spare;
      key = state.key;
    },
  };
}

/** Lemire (2019), "Fast random integer generation in an interval"; below 2^21 the product is exact in a double. */
function smallInt(next32: () => number, n: number): number {
  for (;;) {
    const product = next32() * n;
    const high = Math.floor(product / TWO_32);
    const low = product - high * TWO_32;
    // what is drawn again lies below n: the division is seldom asked for
    if (low >= n || low >= TWO_32 % n) return high;
  }
}

/** 53 bits modulo n, drawn again where the last, incomplete run of n would favor the small ones. */
function largeInt(float: () => number, n: number): number {
  const end = 9007199254740992 - (9007199254740992 % n);
  for (;;) {
    const bits = float() * 9007199254740992;
    if (bits < end) return bits % n;
  }
}

function wordsOf(key: string): [number, number, number, number] {
  const word = (i: number): number => Number(`0x${key.slice(i * 8, i * 8 + 8)}`) | 0;
  return [word(0), word(1), word(2), word(3)];
}
