import fc from 'fast-check';
import { expect, test } from 'vitest';
import { arbitraryValue } from '../../testing/journal/arbitrary-value.ts';
import type { RecordValue } from './codec.ts';
import { jsonView } from './json-view.ts';
import { entries } from './table.ts';

test('money reads as a decimal integer and a number that JSON lacks as a word', () => {
  const overdraft = { of: 'decision', decision: { kind: 'capitalOverdraft', row: 3, beyond: { hi: -1, lo: 281474976710655 } } } as const;
  expect(jsonView(overdraft)).toEqual({ kind: 'capitalOverdraft', row: 3, beyond: '-1' });
  const fired = { kind: 'triggerFired', row: 0, rule: 'manual', class: 'human', value: Number.NaN, limit: Infinity, text: '' } as const;
  expect(jsonView({ of: 'decision', decision: fired })).toMatchObject({ value: 'NaN', limit: 'Infinity' });
});

test('every kind has a view that JSON can hold', () => {
  for (const entry of entries) {
    fc.assert(
      fc.property(arbitraryValue(entry), (value) => {
        const view = jsonView({ of: entry.of, [entry.of]: value } as unknown as RecordValue);
        expect(JSON.parse(JSON.stringify(view))).toEqual(view);
        expect(view.kind).toBe(entry.kind);
      }),
      { numRuns: 20 },
    );
  }
});
