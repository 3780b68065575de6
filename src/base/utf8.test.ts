import fc from 'fast-check';
import { expect, test } from 'vitest';
import { utf8Decode, utf8Encode, utf8Length } from './utf8.ts';

const SETTINGS = { numRuns: 5000, seed: 1844 };

test('any text, also one with lone surrogates, becomes the bytes of the platform', () => {
  const run = (text: string): void => {
    const bytes = new TextEncoder().encode(text);
    expect(Buffer.compare(utf8Encode(text), bytes)).toBe(0);
    expect(utf8Length(text)).toBe(bytes.length);
    expect(utf8Decode(bytes)).toBe(new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes));
  };
  fc.assert(fc.property(fc.string({ unit: 'binary' }), run), SETTINGS);
  const unpaired = fc.array(fc.constantFrom('\ud800', '\udc00', '\udbff', '\udfff', 'a', 'é')).map((list) => list.join(''));
  fc.assert(fc.property(unpaired, run), SETTINGS);
});

test('any bytes decode as the platform decodes them, or are refused with it', () => {
  let refused = 0;
  const run = (bytes: Uint8Array): void => {
    let expected: string | undefined;
    try {
      expected = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    } catch {
      refused += 1;
    }
    expect(utf8Decode(bytes)).toBe(expected);
  };
  const lead = fc.constantFrom(
    0x00,
    0x41,
    0x7f,
    0x80,
    0xbf,
    0xc0,
    0xc1,
    0xc2,
    0xdf,
    0xe0,
    0xed,
    0xef,
    0xf0,
    0xf4,
    0xf5,
    0xff,
    0x9f,
    0xa0,
    0x8f,
    0x90,
  );
  fc.assert(
    fc.property(
      fc.array(lead, { maxLength: 6 }).map((list) => Uint8Array.from(list)),
      run,
    ),
    SETTINGS,
  );
  console.log(`utf8: 5000 byte strings, ${refused} refused`);
  expect(refused).toBeGreaterThan(1000);
  expect(refused).toBeLessThan(5000);
});

test('a long text decodes over the seams of its pieces, and a part of the bytes by itself', () => {
  const text = 'aé€😀'.repeat(2000);
  expect(utf8Decode(utf8Encode(text))).toBe(text);
  expect(utf8Decode(utf8Encode('xéy'), 1, 3)).toBe('é');
  expect(utf8Decode(utf8Encode('xéy'), 1, 2)).toBeUndefined();
});
