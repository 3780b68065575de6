import * as crypto from 'node:crypto';

/** Reading primitives of the verifier. It shares no code with the writer, so that a mistake there is not repeated here. */

/** An unsigned 64-bit number; beyond 2^53 it is not exact, and never equal to a count that is. */
export function u64(view: DataView, at: number): number {
  return Number(view.getBigUint64(at, true));
}

export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}

/** Offset of the first byte in [from, to) that is not zero; -1 when all are. */
export function firstNonZero(bytes: Uint8Array, from: number, to: number): number {
  for (let i = from; i < to; i++) if (bytes[i] !== 0) return i;
  return -1;
}

/** `crypto.hash` (Node 20.12, 21.7) is quicker for short inputs; a binary string is its cheapest result. */
export const sha256: (bytes: Uint8Array) => Uint8Array =
  typeof crypto.hash === 'function'
    ? (bytes) => Buffer.from(crypto.hash('sha256', bytes, 'binary'), 'latin1')
    : (bytes) => crypto.createHash('sha256').update(bytes).digest();

/** CRC-32 with the reflected polynomial 0xEDB88320 (ISO 3309), four bytes at a time; `before` continues a checksum. */
export function crc32(bytes: Uint8Array, from: number, to: number, before: number): number {
  let c = ~before;
  let i = from;
  for (; i + 4 <= to; i += 4) {
    c ^= bytes[i] | (bytes[i + 1] << 8) | (bytes[i + 2] << 16) | (bytes[i + 3] << 24);
    c = tables[3][c & 255] ^ tables[2][(c >>> 8) & 255] ^ tables[1][(c >>> 16) & 255] ^ tables[0][c >>> 24];
  }
  for (; i < to; i++) c = tables[0][(c ^ bytes[i]) & 255] ^ (c >>> 8);
  return ~c >>> 0;
}

/** tables[k][b]: what byte b does to the checksum k bytes later. */
const tables: readonly Int32Array[] = slicingTables();

function slicingTables(): Int32Array[] {
  const first = new Int32Array(256);
  for (let b = 0; b < 256; b++) {
    let c = b;
    for (let bit = 0; bit < 8; bit++) c = (c & 1) === 0 ? c >>> 1 : (c >>> 1) ^ 0xedb88320;
    first[b] = c;
  }
  const all = [first];
  for (let k = 1; k < 4; k++) {
    const before = all[k - 1];
    all.push(before.map((c) => first[c & 255] ^ (c >>> 8)));
  }
  return all;
}
