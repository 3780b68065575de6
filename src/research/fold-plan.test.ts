import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foldPlan, type Fold, type FoldTerms } from './fold-plan.ts';

const times = (count: number): number[] => Array.from({ length: count }, (_, i) => 1000 + 10 * i);

function folds(count: number, terms: Partial<FoldTerms>): readonly Fold[] {
  const plan = foldPlan(times(count), { inSample: 100, outOfSample: 20, mode: 'rolling', purge: 0, embargo: 0, ...terms });
  if (!plan.ok) throw new Error(plan.error);
  return plan.value;
}

const index = (time: number): number => (time - 1000) / 10;

describe('folds of a walk-forward', () => {
  it('roll or stay anchored', () => {
    const shown = (mode: FoldTerms['mode']): string[] =>
      folds(145, { mode, purge: 3, embargo: 2 }).map(({ learnFrom, learnTo, judgeFrom, judgeTo }) =>
        [learnFrom, learnTo, judgeFrom, judgeTo].map(index).join(' '),
      );
    expect(shown('rolling')).toEqual(['0 99 105 124', '20 119 125 144']);
    expect(shown('anchored')).toEqual(['0 99 105 124', '0 119 125 144']);
  });
  it('judge every date after the first once, and never one that was learned from', () => {
    fc.assert(
      fc.property(
        fc.record({
          count: fc.integer({ min: 60, max: 400 }),
          inSample: fc.integer({ min: 10, max: 40 }),
          outOfSample: fc.integer({ min: 10, max: 60 }),
          mode: fc.constantFrom('anchored' as const, 'rolling' as const),
          purge: fc.integer({ min: 0, max: 5 }),
          embargo: fc.integer({ min: 0, max: 5 }),
        }),
        ({ count, ...terms }) => {
          const judged = new Set<number>();
          for (const { learnFrom, learnTo, judgeFrom, judgeTo } of folds(count, terms)) {
            expect(index(judgeFrom) - index(learnTo) - 1).toBe(terms.purge + terms.embargo);
            const learned = index(learnTo) - index(learnFrom) + 1;
            if (terms.mode === 'rolling') expect(learned).toBe(terms.inSample);
            else expect(index(learnFrom)).toBe(0);
            for (let i = index(judgeFrom); i <= index(judgeTo); i++) {
              expect(judged.has(i)).toBe(false);
              judged.add(i);
            }
          }
          expect(judged.size).toBe(count - terms.inSample - terms.purge - terms.embargo);
        },
      ),
      { numRuns: 200 },
    );
  });
  it('are refused by name where they cannot be', () => {
    const refusal = (terms: Partial<FoldTerms>, count = 500): string => {
      const plan = foldPlan(times(count), { inSample: 100, outOfSample: 20, mode: 'rolling', purge: 0, embargo: 0, ...terms });
      return plan.ok ? '' : plan.error;
    };
    expect(refusal({ inSample: 5 })).toBe('in-sample: expected a whole number of at least 10 dates, was 5');
    expect(refusal({ purge: -1 })).toBe('purge: expected a whole number of at least 0 dates, was -1');
    expect(refusal({}, 105)).toContain('expected at least 110 dates for in-sample, purge, embargo and 10 to judge, was 105');
    expect(refusal({ inSample: 10, outOfSample: 10 }, 20_000)).toContain('expected at most 1000 folds');
  });
});
