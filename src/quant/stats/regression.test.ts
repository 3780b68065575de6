import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectAllClose, expectClose, golden } from '../../testing/quant/golden.ts';
import { covariance, pearson } from './covariance.ts';
import { leastSquares } from './least-squares.ts';
import { neweyWest, neweyWestLag, neweyWestMean } from './newey-west.ts';
import { fitLine } from './simple-regression.ts';

interface Golden {
  readonly statsmodels: {
    readonly regression: {
      readonly x1: readonly number[];
      readonly x2: readonly number[];
      readonly y: readonly number[];
      readonly coefficients: readonly number[];
      readonly standardErrors: readonly number[];
      readonly residualSquares: number;
      readonly neweyWest6: readonly number[];
      readonly neweyWestMean4: number;
      readonly line: readonly [intercept: number, slope: number];
      readonly pearson: number;
      readonly covarianceSample: number;
    };
  };
}

const { x1, x2, y, ...expected } = golden<Golden>('stats').statsmodels.regression;
const ones = new Float64Array(y.length).fill(1);

describe('regressions agree with statsmodels 0.15.0 and SciPy 1.17.1', () => {
  it('multiple regression: coefficients, standard errors, residual squares', () => {
    const fit = leastSquares([ones, x1, x2], y);
    if (!fit.ok) throw new Error(fit.error.code);
    expect(expectAllClose(fit.value.coefficients, expected.coefficients, 'coefficient')).toBe(3);
    expect(expectAllClose(fit.value.standardErrors, expected.standardErrors, 'standard error')).toBe(3);
    expectClose(fit.value.residualSquares, expected.residualSquares, 'residual squares');
  });
  it('Newey-West errors of coefficients and of a mean (HAC, Bartlett, no correction)', () => {
    const fit = neweyWest([ones, x1, x2], y, 6);
    if (!fit.ok) throw new Error(fit.error.code);
    expect(expectAllClose(fit.value.robustErrors, expected.neweyWest6, 'robust error')).toBe(3);
    const level = neweyWestMean(y, 4);
    if (!level.ok) throw new Error(level.error.code);
    expectClose(level.value.standardError, expected.neweyWestMean4, 'robust error of the mean');
  });
  it('line (scipy.stats.linregress), Pearson, covariance', () => {
    const line = fitLine(y, x1);
    expectClose(line?.intercept, expected.line[0], 'intercept');
    expectClose(line?.slope, expected.line[1], 'slope');
    expectClose(pearson(x1, y), expected.pearson, 'pearson');
    expectClose(covariance(x1, y, 'sample'), expected.covarianceSample, 'covariance');
  });
  it('the default lag of Newey-West is floor(4 (n / 100)^(2/9))', () => {
    expect([50, 100, 250, 1000].map(neweyWestLag)).toEqual([3, 4, 4, 6]);
  });
});

describe('refusals', () => {
  it('a column that depends on those before it, by its number', () => {
    const twice = x1.map((x) => 2 * x + 1);
    expect(leastSquares([ones, x1, twice], y)).toEqual({ ok: false, error: { code: 'DEPENDENT_COLUMN', column: 2 } });
    expect(leastSquares([new Float64Array(y.length)], y)).toEqual({ ok: false, error: { code: 'DEPENDENT_COLUMN', column: 0 } });
  });
  it('not more observations than columns', () => {
    const refusal = leastSquares(
      [
        [1, 1],
        [1, 2],
      ],
      [1, 2],
    );
    expect(refusal).toEqual({ ok: false, error: { code: 'TOO_FEW_OBSERVATIONS', observations: 2, least: 3 } });
  });
  it('a regressor or a series that does not vary has no line and no correlation', () => {
    expect(fitLine([1, 2], [3, 3])).toBeUndefined();
    expect(pearson([1, 2], [3, 3])).toBeUndefined();
  });
  it('lengths must agree', () => expect(() => fitLine([1, 2, 3], [1, 2])).toThrow('were 3 and 2'));
});

describe('least squares on random systems', () => {
  const entry = fc.integer({ min: -1000, max: 1000 });
  it('leaves residuals orthogonal to every column, and agrees with the closed form for a line', () => {
    let fitted = 0;
    fc.assert(
      fc.property(fc.array(fc.tuple(entry, entry, entry), { minLength: 6, maxLength: 30 }), (rows) => {
        const columns = [rows.map(() => 1), rows.map((row) => row[0]), rows.map((row) => row[1])];
        const response = rows.map((row) => row[2]);
        const fit = leastSquares(columns, response);
        if (!fit.ok) return;
        for (const column of columns) {
          let product = 0;
          for (let i = 0; i < column.length; i++) product += column[i] * fit.value.residuals[i];
          expect(Math.abs(product)).toBeLessThan(1e-4);
        }
        const two = leastSquares(columns.slice(0, 2), response);
        const line = fitLine(response, columns[1]);
        if (!two.ok || line === undefined) throw new Error('expected a line where three columns were independent');
        expectClose(two.value.coefficients[0], line.intercept, 'intercept');
        expectClose(two.value.coefficients[1], line.slope, 'slope');
        fitted++;
      }),
      { numRuns: 300 },
    );
    expect(fitted).toBeGreaterThan(200);
  });
});
