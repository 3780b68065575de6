import fc from 'fast-check';
import { expect, test } from 'vitest';
import { casesOf } from '../../testing/cases.ts';
import { arbitraryValue } from '../../testing/journal/arbitrary-value.ts';
import { byteTarget } from './byte-target.ts';
import { decodePayload, obviousCodec } from './codec.ts';
import { hotDecisions, hotInputs } from './hot-kinds.ts';
import { decisionTable } from './decision-table.ts';
import { hotDecisionCodecs } from './generated/hot-decisions.ts';
import { hotInputCodecs } from './generated/hot-inputs.ts';
import { inputTable } from './input-table.ts';
import { entries } from './table.ts';

const runs = casesOf(300);
const place = 40;

function encoded(encode: (typeof hotInputCodecs)[string]['encode'], value: Readonly<Record<string, unknown>>): Uint8Array {
  const target = byteTarget(16, 1 << 24, 'test');
  const end = encode(target, place, value);
  return target.bytes.slice(place, end);
}

test('decoding what was encoded gives the value back, for every kind', () => {
  let kinds = 0;
  for (const entry of entries) {
    const codec = { ...obviousCodec(entry), ...hotInputCodecs[entry.kind], ...hotDecisionCodecs[entry.kind] };
    let cases = 0;
    fc.assert(
      fc.property(arbitraryValue(entry), (value) => {
        cases += 1;
        const bytes = encoded(codec.encode, value);
        const back = decodePayload(entry.id, entry.version, { bytes, view: new DataView(bytes.buffer), end: bytes.length }, 0);
        expect(back).toEqual({ ok: true, value: { of: entry.of, [entry.of]: value } });
      }),
      { numRuns: runs },
    );
    expect(cases).toBeGreaterThanOrEqual(runs);
    kinds += 1;
  }
  expect(kinds).toBe(Object.keys(inputTable).length + Object.keys(decisionTable).length);
  console.log(`${kinds} kinds of records, ${kinds * runs} values`);
});

test('generated encoders write the bytes of the obvious ones, and generated decoders read them alike', () => {
  let kinds = 0;
  for (const entry of entries) {
    const hot = hotInputCodecs[entry.kind] ?? hotDecisionCodecs[entry.kind];
    if (hot === undefined) continue;
    kinds += 1;
    const obvious = obviousCodec(entry);
    fc.assert(
      fc.property(arbitraryValue(entry), (value) => {
        const bytes = encoded(obvious.encode, value);
        expect(encoded(hot.encode, value)).toEqual(bytes);
        const from = { bytes, view: new DataView(bytes.buffer), end: bytes.length };
        expect(hot.decode(from, 0)).toEqual(obvious.decode(from, 0));
      }),
      { numRuns: runs },
    );
  }
  expect(kinds).toBe(hotInputs.length + hotDecisions.length);
  console.log(`${kinds} hot kinds, ${kinds * runs} values`);
});

test('a hot decision is the same as exactly the bytes that it is written as: no byte of them may change, and none be missing or behind them', () => {
  let kinds = 0;
  let cases = 0;
  for (const entry of entries) {
    const hot = hotDecisionCodecs[entry.kind];
    if (entry.of !== 'decision' || hot === undefined) continue;
    kinds += 1;
    const here = (bytes: Uint8Array, value: Readonly<Record<string, unknown>>): boolean => {
      const wide = new Uint8Array([...new Uint8Array(place).fill(7), ...bytes]);
      return hot.same({ bytes: wide, view: new DataView(wide.buffer), end: wide.length }, place, value);
    };
    fc.assert(
      fc.property(arbitraryValue(entry), arbitraryValue(entry), fc.nat(), fc.integer({ min: 1, max: 255 }), (value, other, at, mask) => {
        cases += 1;
        const bytes = encoded(hot.encode, value);
        expect(here(bytes, value)).toBe(true);
        expect(here(bytes, other)).toBe(Buffer.compare(bytes, encoded(hot.encode, other)) === 0);
        const flipped = bytes.slice();
        flipped[at % bytes.length] ^= mask;
        expect(here(flipped, value)).toBe(false);
        expect(here(bytes.slice(0, at % bytes.length), value)).toBe(false);
        expect(here(new Uint8Array([...bytes, 0]), value)).toBe(false);
        // one member of another value in it
        for (const name of Object.keys(value)) {
          if (name === 'kind') continue;
          const mixed = { ...value, [name]: other[name] };
          expect(here(bytes, mixed)).toBe(Buffer.compare(bytes, encoded(hot.encode, mixed)) === 0);
        }
      }),
      { numRuns: runs },
    );
  }
  expect(kinds).toBe(hotDecisions.length);
  expect(cases).toBeGreaterThanOrEqual(kinds * runs);
});

test('a payload with a wrong byte, cut short or made longer is another value or a refusal, never a crash', () => {
  let refused = 0;
  let cases = 0;
  for (const entry of entries) {
    const codec = obviousCodec(entry);
    fc.assert(
      fc.property(
        arbitraryValue(entry),
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        fc.constantFrom('flip', 'cut', 'add'),
        (value, at, mask, how) => {
          const whole = encoded(codec.encode, value);
          const bytes = how === 'cut' ? whole.slice(0, at % whole.length) : how === 'add' ? new Uint8Array([...whole, mask]) : whole;
          if (how === 'flip') bytes[at % bytes.length] ^= mask;
          const read = decodePayload(entry.id, entry.version, { bytes, view: new DataView(bytes.buffer), end: bytes.length }, 0);
          if (how !== 'flip') expect(read.ok).toBe(false);
          cases += 1;
          if (!read.ok) refused += 1;
        },
      ),
      { numRuns: runs },
    );
  }
  expect(refused).toBeGreaterThan(cases / 2);
  console.log(`${cases} wrong payloads, ${refused} refused, the others another value`);
});
