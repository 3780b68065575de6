import * as crypto from 'node:crypto';
import { sha256 } from '../base/sha256.ts';

/** SHA-256 as the tree needs it: RFC 6962 (2013) section 2.1, leaf = SHA-256(0x00 || record), node = SHA-256(0x01 || left || right). */
export const digestBytes = 32;

const pair = new Uint8Array(1 + 2 * digestBytes);
pair[0] = 1;

/** SHA-256 of bytes into out[at]. `crypto.hash` (Node 20.12, 21.7) costs a third of a hash object; as a binary string its result needs no buffer. */
export const hashInto: (bytes: Uint8Array, out: Uint8Array, at: number) => void =
  typeof crypto.hash === 'function'
    ? (bytes, out, at) => {
        const text = crypto.hash('sha256', bytes, 'binary');
        for (let i = 0; i < digestBytes; i++) out[at + i] = text.charCodeAt(i);
      }
    : (bytes, out, at) => out.set(sha256(bytes), at);

/** Hashes bytes[from, to) as a leaf into out[at]. `from` must be at least 1: the byte before it carries the prefix for a moment. */
export function leafInto(bytes: Uint8Array, from: number, to: number, out: Uint8Array, at: number): void {
  const before = bytes[from - 1];
  bytes[from - 1] = 0;
  hashInto(bytes.subarray(from - 1, to), out, at);
  bytes[from - 1] = before;
}

/** Hashes two nodes into out[at]; out may hold either of them. */
export function nodeInto(left: Uint8Array, leftAt: number, right: Uint8Array, rightAt: number, out: Uint8Array, at: number): void {
  for (let i = 0; i < digestBytes; i++) {
    pair[1 + i] = left[leftAt + i];
    pair[1 + digestBytes + i] = right[rightAt + i];
  }
  hashInto(pair, out, at);
}

/** Root of a tree without leaves: SHA-256 of nothing. */
export function emptyRoot(): Uint8Array {
  const out = new Uint8Array(digestBytes);
  hashInto(new Uint8Array(0), out, 0);
  return out;
}

/** SHA-256 of a text's UTF-8 or of bytes. */
export function digestOf(content: string | Uint8Array): Uint8Array {
  const out = new Uint8Array(digestBytes);
  hashInto(typeof content === 'string' ? new TextEncoder().encode(content) : content, out, 0);
  return out;
}
