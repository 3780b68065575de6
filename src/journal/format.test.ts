import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { crc32 as ownCrc32 } from '../base/crc32.ts';
import { payloadFailures } from '../domain/schema/codec.ts';
import { crc32 as crc32OfVerifier } from '../verify/bytes.ts';
import { crc32 } from './checksum.ts';
import {
  alignRecord,
  alignSector,
  headerBytes,
  headerSector,
  microsAt,
  putNanos,
  putU64,
  readHeader,
  recordBudget,
  sectorBytes,
  segmentMagic,
  u64At,
} from './format.ts';
import type { SegmentHeader } from './format.ts';
import { journalRefusals } from './file-journal.ts';
import { shapeOf } from './shape.ts';

const header: SegmentHeader = {
  magic: segmentMagic,
  number: 7,
  term: 3,
  checkpointEvery: 1024,
  firstSeq: 9_007_199_254_740_000,
  coreDigest: new Uint8Array(32).fill(1),
  previousRoot: new Uint8Array(32).fill(2),
  previousEntries: 5_000_000_000,
  segmentBytes: 67_108_864,
};

test('a header is read as it was written, and a changed byte of it is noticed', () => {
  const sector = headerSector(header, 0xdeadbeef);
  expect(sector.length).toBe(sectorBytes);
  expect(readHeader(sector)).toEqual(header);
  for (let at = 0; at < headerBytes; at++) {
    const changed = sector.slice();
    changed[at] ^= 64;
    expect(typeof readHeader(changed)).toBe('string');
  }
  expect(readHeader(sector.subarray(0, 100))).toBe('expected a header of 116 bytes, was 100');
});

test('times keep every microsecond as nanoseconds, before 1970 too', () => {
  const view = new DataView(new ArrayBuffer(8));
  fc.assert(
    fc.property(fc.maxSafeInteger(), (micros) => {
      fc.pre(Math.abs(micros) < 9_223_372_036_854_775);
      putNanos(view, 0, micros);
      expect(view.getBigInt64(0, true)).toBe(BigInt(micros) * 1000n);
      expect(microsAt(view, 0)).toBe(micros + 0);
    }),
    { numRuns: 2000 },
  );
});

test('whole numbers up to 2^53 keep their bits', () => {
  const view = new DataView(new ArrayBuffer(8));
  fc.assert(
    fc.property(fc.maxSafeNat(), (n) => {
      putU64(view, 0, n);
      expect(view.getBigUint64(0, true)).toBe(BigInt(n));
      expect(u64At(view, 0)).toBe(n);
    }),
  );
});

test('lengths are rounded up to eight bytes and to sectors', () => {
  expect([40, 41, 48].map(alignRecord)).toEqual([40, 48, 48]);
  expect([1, 512, 513].map(alignSector)).toEqual([512, 512, 1024]);
  expect(recordBudget(67_108_864)).toBe(58_720_256);
});

test('the checksums of writer, base and verifier agree, also continued', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(4294967295), (bytes, before) => {
      const expected = ownCrc32(bytes, before);
      expect(crc32(bytes, new DataView(bytes.buffer, bytes.byteOffset), 0, bytes.length, before)).toBe(expected);
      expect(crc32OfVerifier(bytes, 0, bytes.length, before)).toBe(expected);
    }),
    { numRuns: 500 },
  );
  const digits = new TextEncoder().encode('123456789');
  expect(crc32(digits, new DataView(digits.buffer), 0, 9, 0)).toBe(0xcbf43926);
});

test('a shape out of range is refused with its numbers', () => {
  const coreDigest = 'ab'.repeat(32);
  expect(shapeOf({ coreDigest, term: 1 })).toMatchObject({ segmentBytes: 67_108_864, checkpointEvery: 1024 });
  expect(() => shapeOf({ coreDigest: 'ab', term: 1 })).toThrow('expected 64 hex digits');
  expect(() => shapeOf({ coreDigest, term: 0 })).toThrow('term: expected 1 … 4294967295, was 0');
  expect(() => shapeOf({ coreDigest, term: 1, segmentBytes: 5000 })).toThrow('expected a multiple of 4096, was 5000');
  expect(() => shapeOf({ coreDigest, term: 1, segmentBytes: 2048 })).toThrow('expected 4096 … 2147483648, was 2048');
});

test('every code of a refusal stands in the reference, and no other', () => {
  const page = readFileSync(join(import.meta.dirname, '../../docs/reference/journal-format.md'), 'utf8');
  const listed = [...page.matchAll(/^\| `([A-Z_]+)` \|/gm)].map((match) => match[1]);
  expect(listed.sort()).toEqual([...journalRefusals, ...payloadFailures].sort());
});
