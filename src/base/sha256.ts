/** SHA-256 of FIPS 180-4, in plain integers, for rooms that may not import `node:crypto`. */
export interface Sha256Stream {
  update(bytes: Uint8Array): Sha256Stream;
  /** The 32 bytes; the stream is at its end and refuses more. */
  digest(): Uint8Array;
}

const BLOCK = 64;
/** Message schedule of the block at hand; nothing of it outlives a call. */
const w = new Int32Array(64);
/** The first 32 bits of the fractions of the cube roots of the first 64 primes, and of the square roots of the first 8. */
export const [sha256RoundConstants, sha256FirstHash] = constants();

export function sha256(bytes: Uint8Array): Uint8Array {
  return sha256Stream().update(bytes).digest();
}

export function sha256Stream(): Sha256Stream {
  const state = sha256FirstHash.slice();
  const block = new Uint8Array(BLOCK);
  let filled = 0;
  let total = 0;
  let ended = false;
  const stream: Sha256Stream = {
    update(bytes) {
      if (ended) throw new Error('sha256: the digest has been taken, expected no more bytes');
      total += bytes.length;
      let at = 0;
      if (filled > 0) {
        at = Math.min(BLOCK - filled, bytes.length);
        block.set(bytes.subarray(0, at), filled);
        filled += at;
        if (filled < BLOCK) return stream;
        compress(state, block, 0);
        filled = 0;
      }
      for (; at + BLOCK <= bytes.length; at += BLOCK) compress(state, bytes, at);
      block.set(bytes.subarray(at), 0);
      filled = bytes.length - at;
      return stream;
    },
    digest() {
      if (ended) throw new Error('sha256: the digest has been taken already');
      ended = true;
      block.fill(0, filled);
      block[filled] = 0x80;
      if (filled >= BLOCK - 8) {
        compress(state, block, 0);
        block.fill(0);
      }
      putBigEndian(block, 56, Math.floor(total / 0x20000000));
      putBigEndian(block, 60, total * 8);
      compress(state, block, 0);
      const out = new Uint8Array(32);
      for (let i = 0; i < 8; i++) putBigEndian(out, i * 4, state[i]);
      return out;
    },
  };
  return stream;
}

const hexOfByte: readonly string[] = Array.from({ length: 256 }, (_none, byte) => (byte + 256).toString(16).slice(1));

/** Joined, not added up: the engine keeps a sum of 32 strings as its 32 parts, which is forty times as much as the text. */
export function hex(bytes: Uint8Array): string {
  const parts: string[] = [];
  for (let i = 0; i < bytes.length; i++) parts.push(hexOfByte[bytes[i]]);
  return parts.join('');
}

/** FIPS 180-4, 6.2.2: one block of 64 bytes into the state. */
function compress(state: Int32Array, bytes: Uint8Array, from: number): void {
  for (let i = 0, p = from; i < 16; i++, p += 4) {
    w[i] = (bytes[p] << 24) | (bytes[p + 1] << 16) | (bytes[p + 2] << 8) | bytes[p + 3];
  }
  for (let i = 16; i < 64; i++) {
    const x = w[i - 15];
    const y = w[i - 2];
    const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
    const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
    w[i] = (w[i - 16] + s0 + w[i - 7] + s1) | 0;
  }
  let a = state[0];
  let b = state[1];
  let c = state[2];
  let d = state[3];
  let e = state[4];
  let f = state[5];
  let g = state[6];
  let h = state[7];
  for (let i = 0; i < 64; i++) {
    const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
    const t1 = (h + s1 + ((e & f) ^ (~e & g)) + sha256RoundConstants[i] + w[i]) | 0;
    const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + t1) | 0;
    d = c;
    c = b;
    b = a;
    a = (t1 + t2) | 0;
  }
  state[0] += a;
  state[1] += b;
  state[2] += c;
  state[3] += d;
  state[4] += e;
  state[5] += f;
  state[6] += g;
  state[7] += h;
}

/** The low 32 bits of `word` as four bytes. */
function putBigEndian(bytes: Uint8Array, at: number, word: number): void {
  bytes[at] = word >>> 24;
  bytes[at + 1] = (word >>> 16) & 255;
  bytes[at + 2] = (word >>> 8) & 255;
  bytes[at + 3] = word & 255;
}

function constants(): [Int32Array, Int32Array] {
  const round = new Int32Array(64);
  const start = new Int32Array(8);
  let found = 0;
  for (let n = 2; found < 64; n++) {
    let prime = true;
    for (let d = 2; d * d <= n; d++) if (n % d === 0) prime = false;
    if (!prime) continue;
    round[found] = rootBits(n, 3);
    if (found < 8) start[found] = rootBits(n, 2);
    found += 1;
  }
  return [round, start];
}

/** floor(n^(1/degree) * 2^32) mod 2^32, exact by bisection in bigint. */
function rootBits(n: number, degree: 2 | 3): number {
  const target = BigInt(n) << BigInt(32 * degree);
  let low = 0n;
  let high = 1n << 41n;
  while (high - low > 1n) {
    const mid = (low + high) >> 1n;
    if ((degree === 2 ? mid * mid : mid * mid * mid) <= target) low = mid;
    else high = mid;
  }
  return Number(BigInt.asIntN(32, low));
}
