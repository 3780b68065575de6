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
