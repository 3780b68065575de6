import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectAllClose, expectClose, golden } from '../../testing/quant/golden.ts';
import { controlFalseDiscovery } from './false-discovery.ts';
import { chiSquareTail, upperGamma } from './gamma.ts';
import { type Alternative, mannWhitney } from './mann-whitney.ts';

type Test = readonly [u: number, pValue: number];

interface Golden {
  readonly values: readonly number[];
  readonly other: readonly number[];
  readonly tiedFirst: readonly number[];
  readonly tiedSecond: readonly number[];
  readonly scipy: {
    readonly mannWhitney: Readonly<Record<Alternative, { readonly plain: Test; readonly tied: Test }>>;
    readonly upperGamma: readonly (readonly [shape: number, x: number, expected: number])[];
  };
  readonly statsmodels: {
    readonly pValues: readonly number[];
    readonly benjaminiHochberg: readonly number[];
    readonly benjaminiYekutieli: readonly number[];
  };
}

const { values, other, tiedFirst, tiedSecond, scipy, statsmodels } = golden<Golden>('stats');

describe('Mann-Whitney agrees with SciPy 1.17.1 mannwhitneyu (asymptotic, continuity and ties corrected)', () => {
  it.each(['twoSided', 'greater', 'less'] as const)('%s', (alternative) => {
    const { plain, tied } = scipy.mannWhitney[alternative];
    const first = mannWhitney(values, other, alternative);
    const second = mannWhitney(tiedFirst, tiedSecond, alternative);
    expect([first?.u, second?.u]).toEqual([plain[0], tied[0]]);
    expectClose(first?.pValue, plain[1], 'p');
    expectClose(second?.pValue, tied[1], 'p with ties');
  });
  it('superiority counts the pairs won, ties half', () => {
    let pairs = 0;
    const small = fc.array(fc.integer({ min: 0, max: 6 }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(small, small, (a, b) => {
        const found = mannWhitney(a, b);
        if (found === undefined) return;
        let won = 0;
        for (const x of a) for (const y of b) won += x > y ? 1 : x === y ? 0.5 : 0;
        expect(found.u).toBe(won);
        expect(found.superiority).toBe(won / (a.length * b.length));
        expect(found.pValue).toBeGreaterThan(0);
        expect(found.pValue).toBeLessThanOrEqual(1);
        pairs++;
      }),
      { numRuns: 300 },
    );
    expect(pairs).toBeGreaterThan(200);
  });
  it('equal values say nothing; NaN is refused', () => {
    expect(mannWhitney([1, 1], [1, 1])).toBeUndefined();
    expect(() => mannWhitney([1, NaN], [2])).toThrow('was NaN');
    expect(() => mannWhitney([], [2])).toThrow(RangeError);
  });
});

describe('incomplete gamma agrees with SciPy 1.17.1 gammaincc', () => {
  it.each(scipy.upperGamma)('Q(%d, %d)', (shape, x, expected) => {
    expectClose(upperGamma(shape, x), expected, 'Q', 1e-12);
    if (expected > 1e-300) expect(Math.abs(upperGamma(shape, x) / expected - 1)).toBeLessThan(1e-9);
  });
  it('chi-square: 5 % points of published tables', () => {
    for (const [degrees, point] of [
      [1, 3.841],
      [2, 5.991],
      [10, 18.307],
    ] as const)
      expect(chiSquareTail(point, degrees)).toBeCloseTo(0.05, 4);
  });
  it('ends of the range', () => {
    expect([upperGamma(2, 0), upperGamma(2, Infinity)]).toEqual([1, 0]);
    expect(() => upperGamma(0, 1)).toThrow(RangeError);
    expect(() => upperGamma(1, NaN)).toThrow(RangeError);
  });
});

describe('false-discovery control agrees with statsmodels 0.15.0 multipletests', () => {
  it('Benjamini-Hochberg and Benjamini-Yekutieli', () => {
    const hochberg = controlFalseDiscovery(statsmodels.pValues, 0.05);
    const yekutieli = controlFalseDiscovery(statsmodels.pValues, 0.05, 'benjamini-yekutieli-2001');
    expect(expectAllClose(hochberg.adjusted, statsmodels.benjaminiHochberg, 'BH', 1e-12)).toBe(25);
    expect(expectAllClose(yekutieli.adjusted, statsmodels.benjaminiYekutieli, 'BY', 1e-12)).toBe(25);
  });
  it('rejects the largest prefix under the line i q / m, in the order given', () => {
    let rejections = 0;
    fc.assert(
      fc.property(
        fc.array(
          fc.double({ min: 0, max: 1, noNaN: true }).map((p) => p * p),
          { maxLength: 30 },
        ),
        (pValues) => {
          const ascending = [...pValues].sort((a, b) => a - b);
          let cut = -1;
          ascending.forEach((p, i) => {
            if ((pValues.length * p) / (i + 1) <= 0.2) cut = i;
          });
          const expected = pValues.map((p) => cut >= 0 && p <= ascending[cut]);
          expect(controlFalseDiscovery(pValues, 0.2).rejected).toEqual(expected);
          rejections += expected.filter(Boolean).length;
        },
      ),
      { numRuns: 300 },
    );
    expect(rejections).toBeGreaterThan(100);
  });
  it('what is no probability is refused', () => expect(() => controlFalseDiscovery([1.1], 0.05)).toThrow('p-value from 0 to 1'));
});
