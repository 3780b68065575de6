import zlib from 'node:zlib';
import { expect, test } from 'vitest';
import { crc32 } from './crc32.ts';
import { prng } from './prng.ts';
import { utf8Encode } from './utf8.ts';

test('the check value of the polynomial comes out', () => {
  expect(crc32(utf8Encode('123456789'))).toBe(0xcbf43926);
  expect(crc32(new Uint8Array(0))).toBe(0);
});

test('random bytes agree with the platform, also in two parts', () => {
  const random = prng('crc');
  for (let i = 0; i < 500; i++) {
    const bytes = Uint8Array.from({ length: random.int(300) }, () => random.int(256));
    const cut = random.int(bytes.length + 1);
    expect(crc32(bytes)).toBe(zlib.crc32(bytes));
    expect(crc32(bytes.subarray(cut), crc32(bytes.subarray(0, cut)))).toBe(crc32(bytes));
  }
});

test('a single flipped bit changes the checksum', () => {
  const bytes = utf8Encode('plimsoll');
  const whole = crc32(bytes);
  for (let bit = 0; bit < bytes.length * 8; bit++) {
    const flipped = bytes.slice();
    flipped[bit >> 3] ^= 1 << (bit & 7);
    expect(crc32(flipped)).not.toBe(whole);
  }
});
