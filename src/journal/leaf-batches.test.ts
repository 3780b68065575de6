import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { prng } from '../base/prng.ts';
import { fourDigests } from './four-digests.ts';
import { createReadTree } from './leaf-batches.ts';
import { createTree } from './tree.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

test('four messages at once have the digests that each of them has alone', () => {
  const four = fourDigests(1 << 16);
  expect(four).toBeDefined();
  if (four === undefined) return;
  const luck = prng('four digests');
  for (let blocks = 1; blocks <= 16; blocks++) {
    const [stride, at, out] = [blocks * 64 + luck.int(40), four.free + luck.int(9), four.free + 40_000 + luck.int(9)];
    const messages = Array.from({ length: 4 }, (_, lane) => {
      const message = Uint8Array.from({ length: blocks * 64 - 9 - luck.int(lane === 0 ? 1 : 55) }, () => luck.int(256));
      const place = at + lane * stride;
      four.bytes.fill(0, place, place + blocks * 64);
      four.bytes.set(message, place);
      four.bytes[place + message.length] = 0x80;
      new DataView(four.bytes.buffer).setUint32(place + blocks * 64 - 4, message.length * 8);
      return message;
    });
    four.digest(at, stride, blocks, out);
    for (const [lane, message] of messages.entries())
      expect(hex(four.bytes.subarray(out + lane * 32, out + lane * 32 + 32)), `${blocks} blocks, lane ${lane}`).toBe(
        createHash('sha256').update(message).digest('hex'),
      );
  }
});

/** Records of every length that a message of so many blocks may have, at any place in their memory. */
const records = fc.array(
  fc.record({ length: fc.oneof(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 0, max: 1_400 })), gap: fc.nat(9) }),
  {
    minLength: 1,
    maxLength: 300,
  },
);

test('a tree that hashes four at a time has the roots, notes and positions of the one that hashes each alone, from wherever it begins and whenever it is asked', () => {
  const luck = prng('leaf batches');
  fc.assert(
    fc.property(records, fc.nat(70), fc.nat(3_000), fc.nat(12), (list, noteEvery, already, askEvery) => {
      const begun = createTree({ noteEvery: 0 });
      for (let n = 0; n < already; n++) begun.addRecord(Uint8Array.of(0, n & 255, n >> 8), 1, 3);
      const from = begun.position();
      const [alone, together] = [createTree({ noteEvery, from }), createReadTree({ noteEvery, from })];
      for (const [n, { length, gap }] of list.entries()) {
        const bytes = Uint8Array.from({ length: 1 + gap + length + 1 }, () => luck.int(256));
        const before = bytes.slice();
        const of = luck.int(2) === 0 ? bytes : new Uint8Array([7, 7, 7, ...bytes]).subarray(3);
        for (const tree of [alone, together]) tree.addRecord(of, 1 + gap, 1 + gap + length);
        expect(of).toEqual(before);
        if (askEvery > 0 && n % askEvery === 0) expect(hex(together.root())).toBe(hex(alone.root()));
      }
      expect(together.size).toBe(alone.size);
      expect(together.noted).toEqual(alone.noted);
      expect(together.position()).toEqual(alone.position());
      expect(hex(together.root())).toBe(hex(alone.root()));
    }),
    { numRuns: 60 },
  );
});

test('a long tree is right where thousands of leaves wait for each other', () => {
  const luck = prng('long');
  const [alone, together] = [createTree({ noteEvery: 1_024 }), createReadTree({ noteEvery: 0 })];
  const bytes = Uint8Array.from({ length: 4_096 }, () => luck.int(256));
  for (let n = 0; n < 9_000; n++) {
    const from = 8 + luck.int(300) * 8;
    const to = from + 60 + luck.int(200);
    for (const tree of [alone, together]) tree.addRecord(bytes, from, to);
  }
  expect(together.position()).toEqual(alone.position());
});
