import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { prng } from './prng.ts';
import { hex, sha256, sha256Stream } from './sha256.ts';
import { utf8Encode } from './utf8.ts';

/** FIPS 180-4 examples (NIST, SHA256.pdf and "additional"). */
test.each([
  ['', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
  ['abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
  ['abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq', '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1'],
  ['a'.repeat(1_000_000), 'cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0'],
])('the standard example number %# comes out', (text, digest) => {
  expect(hex(sha256(utf8Encode(text)))).toBe(digest);
});

test('every length around the block borders agrees with the platform', () => {
  const random = prng('sha256');
  for (let length = 0; length <= 300; length++) {
    const bytes = Uint8Array.from({ length }, () => random.int(256));
    expect(hex(sha256(bytes))).toBe(createHash('sha256').update(bytes).digest('hex'));
  }
});

test('a stream fed in pieces gives the digest of the whole', () => {
  const random = prng('pieces');
  for (let i = 0; i < 200; i++) {
    const bytes = Uint8Array.from({ length: random.int(400) }, () => random.int(256));
    const stream = sha256Stream();
    for (let at = 0; at < bytes.length;) {
      const size = 1 + random.int(100);
      stream.update(bytes.subarray(at, at + size));
      at += size;
    }
    expect(hex(stream.digest())).toBe(hex(sha256(bytes)));
  }
});

test('a stream at its end refuses more', () => {
  const stream = sha256Stream();
  stream.digest();
  expect(() => stream.update(new Uint8Array(1))).toThrow('sha256: the digest has been taken, expected no more bytes');
  expect(() => stream.digest()).toThrow('sha256: the digest has been taken already');
});
