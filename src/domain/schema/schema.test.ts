import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { schemaFiles } from '../../testing/journal/schema-files.ts';
import type { Mark } from '../input.ts';
import { byteTarget } from './byte-target.ts';
import { decodePayload, encodePayload, inputCodec } from './codec.ts';
import { maxWords, words } from './field.ts';
import type { EnumField, Fields, FieldOf, NumberField } from './field.ts';
import { entries, firstDecisionID, firstInputID } from './table.ts';

const root = join(import.meta.dirname, '../../..');

type Is<A, B> = A extends B ? true : false;

test('a list that lacks a word of its type, and a table that lacks a member, do not compile', () => {
  const whole: Is<EnumField<'a' | 'b'>, FieldOf<'a' | 'b'>> = true;
  const short: Is<EnumField<'a'>, FieldOf<'a' | 'b'>> = false;
  const long: Is<EnumField<'a' | 'b' | 'c'>, FieldOf<'a' | 'b'>> = false;
  const lacking: Is<{ bid: NumberField; listing: NumberField }, Fields<Mark>> = false;
  expect([whole, short, long, lacking]).toEqual([true, false, false, false]);
});

test('ids are unique and lie in the range of their sort', () => {
  expect(new Set(entries.map((entry) => entry.id)).size).toBe(entries.length);
  for (const { of, id, version } of entries) {
    expect(id).toBeGreaterThanOrEqual(of === 'input' ? firstInputID : firstDecisionID);
    expect(id).toBeLessThan(of === 'input' ? firstDecisionID : 65536);
    expect(version).toBeGreaterThanOrEqual(1);
  }
});

test('no enumeration outgrows its u8 and none has a word twice', () => {
  let lists = 0;
  for (const { fields } of entries) {
    for (const field of Object.values(fields ?? {})) {
      if (field.type !== 'enum') continue;
      lists += 1;
      expect(field.values.length).toBeLessThanOrEqual(maxWords);
      expect(new Set(field.values).size).toBe(field.values.length);
    }
  }
  expect(lists).toBeGreaterThan(20);
});

test('generated codecs and the published schema are what the table says (`npm run schema` writes them)', async () => {
  const files = await schemaFiles();
  expect(files.length).toBe(3);
  for (const { path, text } of files) expect(readFileSync(join(root, path), 'utf8'), path).toBe(text);
});

test('a number outside its field throws and names the field', () => {
  const target = byteTarget(64, 4096, 'test');
  const input = { kind: 'timer', deadline: 1.5 } as unknown as Parameters<typeof inputCodec>[0];
  expect(() => encodePayload(inputCodec(input), target, 0, input)).toThrow('field deadline: expected a safe integer, was 1.5');
});

test('an unknown type and another version are refused by number', () => {
  const bytes = new Uint8Array(8);
  const from = { bytes, view: new DataView(bytes.buffer), end: 8 };
  expect(decodePayload(999, 1, from, 0)).toMatchObject({ ok: false, error: { code: 'UNKNOWN_TYPE' } });
  expect(decodePayload(31, 2, from, 0)).toMatchObject({
    ok: false,
    error: { code: 'UNKNOWN_VERSION', message: 'timer: expected version 1, was 2' },
  });
});

test('a target past its limit says what is full', () => {
  const target = byteTarget(16, 32, 'record');
  expect(() => target.reserve(33)).toThrow('record: expected at most 32 bytes, was 33');
  target.reserve(32);
  expect(target.bytes.length).toBe(32);
});

test('words have the places of their list', () => {
  expect(words(['x', 'y']).values).toEqual(['x', 'y']);
});
