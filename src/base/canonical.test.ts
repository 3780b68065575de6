import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MAX_JSON_DEPTH, MAX_WRITER_BYTES, byteReader, byteWriter, canonicalJson, readCanonical } from './canonical.ts';
import type { ByteReader, ByteWriter, JsonValue } from './canonical.ts';
import { splitZero } from './split.ts';

type Field =
  | { readonly kind: 'u8' | 'u16' | 'u32' | 'i32' | 'f64' | 'safeInt'; readonly value: number }
  | { readonly kind: 'bool'; readonly value: boolean }
  | { readonly kind: 'str'; readonly value: string }
  | { readonly kind: 'bytes'; readonly value: Uint8Array }
  | { readonly kind: 'split'; readonly value: { hi: number; lo: number } };

const number = (kind: 'u8' | 'u16' | 'u32' | 'i32', min: number, max: number): fc.Arbitrary<Field> =>
  fc.integer({ min, max }).map((value) => ({ kind, value }));
const field: fc.Arbitrary<Field> = fc.oneof(
  number('u8', 0, 255),
  number('u16', 0, 65_535),
  number('u32', 0, 4_294_967_295),
  number('i32', -2_147_483_648, 2_147_483_647),
  fc.double().map((value) => ({ kind: 'f64' as const, value })),
  fc.maxSafeInteger().map((value) => ({ kind: 'safeInt' as const, value })),
  fc.boolean().map((value) => ({ kind: 'bool' as const, value })),
  fc.string().map((value) => ({ kind: 'str' as const, value })),
  fc.uint8Array().map((value) => ({ kind: 'bytes' as const, value })),
  fc
    .tuple(fc.maxSafeInteger(), fc.integer({ min: 0, max: 281_474_976_710_655 }))
    .map(([hi, lo]) => ({ kind: 'split' as const, value: { hi, lo } })),
);

function write(writer: ByteWriter, f: Field): void {
  switch (f.kind) {
    case 'bool':
      return writer.bool(f.value);
    case 'str':
      return writer.str(f.value);
    case 'bytes':
      return writer.bytes(f.value);
    case 'split':
      return writer.split(f.value);
    default:
      return writer[f.kind](f.value);
  }
}

function read(reader: ByteReader, kind: Field['kind']): unknown {
  if (kind !== 'split') return reader[kind]();
  const out = splitZero();
  reader.split(out);
  return out;
}

test('what is written is read back, and every cut of the bytes is noticed', () => {
  const run = (fields: Field[]): void => {
    const writer = byteWriter();
    for (const f of fields) write(writer, f);
    const bytes = writer.view().slice();
    const all = (reader: ByteReader): unknown[] => fields.map((f) => read(reader, f.kind));
    const values = fields.map((f) => (f.kind === 'f64' ? f.value + 0 : f.value));
    expect(readCanonical(bytes, all)).toEqual({ ok: true, value: values });
    for (let end = 0; end < bytes.length; end += 1 + Math.floor(bytes.length / 8)) {
      expect(readCanonical(bytes.subarray(0, end), all)).toMatchObject({ ok: false, error: { code: 'TRUNCATED' } });
    }
    expect(readCanonical(Uint8Array.from([...bytes, 0]), all)).toMatchObject({ error: { code: 'TRAILING_BYTES', offset: bytes.length } });
  };
  fc.assert(fc.property(fc.array(field, { minLength: 1, maxLength: 20 }), run), { numRuns: 1000, seed: 1844 });
});

test('the bytes are little-endian without padding', () => {
  const writer = byteWriter(1);
  writer.u8(1);
  writer.u16(2);
  writer.u32(3);
  writer.i32(-1);
  writer.safeInt(-2);
  writer.f64(1);
  writer.str('é');
  writer.bool(true);
  const expected = '01 0200 03000000 ffffffff feffffffffffffff 000000000000f03f 02000000c3a9 01';
  expect(Buffer.from(writer.view()).toString('hex')).toBe(expected.replaceAll(' ', ''));
  expect(writer.length()).toBe(34);
  writer.reset();
  expect(writer.view().length).toBe(0);
});

test('every NaN has the same bytes and minus zero has those of zero', () => {
  const writer = byteWriter();
  const odd = new Float64Array(new BigUint64Array([0xfff8000000000abcn, 0x7ff0000000000001n]).buffer);
  for (const x of [NaN, odd[0], odd[1], -0, 0]) writer.f64(x);
  const nan = '000000000000f87f';
  expect(Buffer.from(writer.view()).toString('hex')).toBe(nan.repeat(3) + '00'.repeat(16));
});

test('a number outside its field is our own bug', () => {
  const writer = byteWriter();
  expect(() => writer.u8(256)).toThrow('canonical: expected a number within u8, was 256');
  expect(() => writer.u8(-1)).toThrow(RangeError);
  expect(() => writer.u16(65_536)).toThrow(RangeError);
  expect(() => writer.u32(-1)).toThrow(RangeError);
  expect(() => writer.i32(0.5)).toThrow(RangeError);
  expect(() => writer.safeInt(9007199254740992)).toThrow(RangeError);
  expect(writer.length()).toBe(0);
});

test('a writer ends at its named limit', () => {
  const writer = byteWriter(16, 100);
  for (let i = 0; i < 100; i++) writer.u8(i);
  expect(() => writer.u8(0)).toThrow('canonical: expected at most 100 bytes, was 101');
  expect(writer.view()).toEqual(Uint8Array.from({ length: 100 }, (_, i) => i));
  expect(() => byteWriter().bytes(new Uint8Array(MAX_WRITER_BYTES))).toThrow(`canonical: expected at most ${MAX_WRITER_BYTES} bytes`);
});

test('every field may be the one that makes the writer grow', () => {
  const fill: ((w: ByteWriter) => void)[] = [
    (w) => w.u16(7),
    (w) => w.u32(7),
    (w) => w.i32(7),
    (w) => w.f64(7),
    (w) => w.safeInt(7),
    (w) => w.str('seven'),
    (w) => w.bytes(Uint8Array.of(7)),
  ];
  for (const one of fill) {
    const [tight, wide] = [byteWriter(16), byteWriter(1000)];
    for (let i = 0; i < 20; i++) {
      tight.u8(1);
      wide.u8(1);
      one(tight);
      one(wide);
    }
    expect(tight.view()).toEqual(wide.view());
  }
});

test('a malformed field is a value that says where', () => {
  const wrong = (bytes: number[], one: (r: ByteReader) => unknown): unknown => readCanonical(Uint8Array.from(bytes), one);
  const far = [0, 0, 0, 0, 0, 0, 0, 0x40];
  expect(wrong([2], (r) => r.bool())).toEqual({ ok: false, error: { code: 'MALFORMED', offset: 0, expected: '0 or 1' } });
  expect(wrong(far, (r) => r.safeInt())).toMatchObject({ error: { code: 'MALFORMED', expected: 'a safe integer' } });
  expect(wrong([1, 0, 0, 0, 0xff], (r) => r.str())).toMatchObject({ error: { code: 'MALFORMED', offset: 4 } });
  expect(wrong([...Array<number>(8).fill(0), ...Array<number>(8).fill(0xff)], (r) => r.split(splitZero()))).toMatchObject({
    error: { code: 'MALFORMED', offset: 8 },
  });
  expect(wrong([255, 255, 255, 255], (r) => r.bytes())).toEqual({
    ok: false,
    error: { code: 'TRUNCATED', offset: 4, expected: '4294967295 bytes of bytes' },
  });
  expect(() => byteReader(new Uint8Array(0)).u8()).toThrow('canonical: TRUNCATED at byte 0: expected 1 bytes of u8');
});

test('a throw of the reading code itself goes on', () => {
  const broken = (): never => {
    throw new Error('our own');
  };
  expect(() => readCanonical(new Uint8Array(0), broken)).toThrow('our own');
});

test('a reader starts at the beginning of a part', () => {
  const part = Uint8Array.from([9, 9, 7, 0, 0, 0]).subarray(2);
  const reader = byteReader(part);
  expect([reader.u32(), reader.offset(), reader.remaining()]).toEqual([7, 4, 0]);
});

test('canonical JSON sorts members by code unit, leaves out undefined ones and knows one zero', () => {
  expect(canonicalJson({ b: 1, a: [true, null, 'é"\n'], c: undefined, B: -0, 10: 1e21, 9: 0.1 })).toBe(
    '{"10":1e+21,"9":0.1,"B":0,"a":[true,null,"é\\"\\n"],"b":1}',
  );
  expect(canonicalJson([])).toBe('[]');
});

test('canonical JSON says the same whatever the order of the members, and JSON reads it back', () => {
  const run = (value: unknown): void => {
    const text = canonicalJson(value as JsonValue);
    expect(canonicalJson(reversed(value) as JsonValue)).toBe(text);
    expect(canonicalJson(JSON.parse(text) as JsonValue)).toBe(text);
  };
  fc.assert(fc.property(fc.jsonValue({ maxDepth: 4 }), run), { numRuns: 1000, seed: 1844 });
});

test('canonical JSON refuses what JSON cannot say', () => {
  for (const x of [NaN, Infinity, [undefined], 1n, () => 1] as unknown[]) expect(() => canonicalJson(x as JsonValue)).toThrow(RangeError);
  let deep: JsonValue = 1;
  for (let i = 0; i <= MAX_JSON_DEPTH; i++) deep = [deep];
  expect(() => canonicalJson(deep)).toThrow('canonical JSON: expected at most 64 levels');
});

function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, member]) => [key, reversed(member)]),
  );
}
