import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { prng } from '../../base/prng.ts';
import { expectClose, golden } from '../../testing/quant/golden.ts';
import { deviation, kurtosis, mean, skewness } from '../stats/moments.ts';
import { cholesky } from './cholesky.ts';
import { christoffersenCoverage, christoffersenIndependence, countTransitions, exceptionsOf, kupiecTest } from './coverage-tests.ts';
import { historicalTail } from './historical.ts';
import { monteCarloTail, simulatePnls } from './monte-carlo.ts';
import { cornishFisherValueAtRisk, normalTail } from './parametric.ts';

interface Golden {
  readonly returns: readonly number[];
  readonly numpy: { readonly valueAtRisk: number; readonly valueAtRiskLinear: number };
  readonly scipy: { readonly level: number; readonly normalValueAtRisk: number; readonly normalExpectedShortfall: number };
}

const { returns, numpy, scipy } = golden<Golden>('performance');

describe('historical and normal tails agree with NumPy 2.4.6 and SciPy 1.17.1', () => {
  it('historical value at risk (numpy.quantile, inverted_cdf and linear)', () => {
    expect(historicalTail(returns, scipy.level).valueAtRisk).toBe(numpy.valueAtRisk);
    expectClose(historicalTail(returns, scipy.level, 'linear').valueAtRisk, numpy.valueAtRiskLinear, 'linear', 1e-12);
  });
  it('normal value at risk and expected shortfall (norm.ppf, norm.expect)', () => {
    const tail = normalTail(mean(returns), deviation(returns, 'sample'), scipy.level);
    expectClose(tail.valueAtRisk, scipy.normalValueAtRisk, 'value at risk', 1e-12);
    expectClose(tail.expectedShortfall, scipy.normalExpectedShortfall, 'expected shortfall');
  });
  it('standard normal at 99 %: 2.3263 and 2.6652, over ten periods sqrt(10) times that', () => {
    const tail = normalTail(0, 1, 0.99);
    expect([tail.valueAtRisk.toFixed(4), tail.expectedShortfall.toFixed(4)]).toEqual(['2.3263', '2.6652']);
    expectClose(normalTail(0, 1, 0.99, 10).valueAtRisk, tail.valueAtRisk * Math.sqrt(10), 'ten periods', 1e-15);
  });
});

describe('tails', () => {
  it('of ten outcomes at 85 %: the second worst, and the worst with half of the second', () => {
    const tail = historicalTail([-10, -6, -3, 1, 2, 3, 4, 5, 6, 7], 0.85);
    expect(tail.valueAtRisk).toBe(6);
    expectClose(tail.expectedShortfall, (10 + 0.5 * 6) / 1.5, 'expected shortfall');
  });
  it('expected shortfall is never below value at risk, and both grow with the level', () => {
    let cases = 0;
    const outcomes = fc.array(fc.integer({ min: -100, max: 100 }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(
        outcomes,
        fc.double({ min: 0.01, max: 0.99, noNaN: true }),
        fc.double({ min: 0.01, max: 0.99, noNaN: true }),
        (pnls, a, b) => {
          const low = historicalTail(pnls, Math.min(a, b));
          const high = historicalTail(pnls, Math.max(a, b));
          expect(low.expectedShortfall).toBeGreaterThanOrEqual(low.valueAtRisk - 1e-9);
          expect(high.valueAtRisk).toBeGreaterThanOrEqual(low.valueAtRisk);
          expect(high.expectedShortfall).toBeGreaterThanOrEqual(low.expectedShortfall - 1e-9);
          cases++;
        },
      ),
      { numRuns: 500 },
    );
    expect(cases).toBe(500);
  });
  it('Cornish-Fisher is the normal one without skewness and excess, larger with fat tails to the left, undefined out of its range', () => {
    const normal = { mean: 0.001, deviation: 0.02, skewness: 0, kurtosis: 3 };
    expectClose(cornishFisherValueAtRisk(normal, 0.99), normalTail(0.001, 0.02, 0.99).valueAtRisk, 'normal moments', 1e-12);
    const fat = cornishFisherValueAtRisk({ ...normal, skewness: -0.5, kurtosis: 5 }, 0.99) ?? NaN;
    expect(fat).toBeGreaterThan(normalTail(0.001, 0.02, 0.99).valueAtRisk);
    expect(cornishFisherValueAtRisk({ ...normal, skewness: 4, kurtosis: 3 }, 0.99)).toBeUndefined();
  });
  it('the shape of real returns goes in as it is measured', () => {
    const moments = {
      mean: mean(returns),
      deviation: deviation(returns, 'sample'),
      skewness: skewness(returns) ?? 0,
      kurtosis: kurtosis(returns) ?? 3,
    };
    expect(cornishFisherValueAtRisk(moments, 0.99)).toBeGreaterThan(0);
  });
});

it('an outcome that is not a number is refused', () => expect(() => historicalTail([1, NaN], 0.9)).toThrow('expected PnL'));

describe('Monte Carlo', () => {
  const covariance = [
    [0.0004, 0.00018, 0],
    [0.00018, 0.0009, -0.0001],
    [0, -0.0001, 0.0001],
  ];
  const factors = { means: [0.0005, 0, 0.0002], covariance };
  const exposures = [1000, -500, 2000];

  it('comes to the closed form of a linear portfolio, and repeats by seed', () => {
    let variance = 0;
    exposures.forEach((a, i) => exposures.forEach((b, j) => (variance += a * b * covariance[i][j])));
    const drift = exposures.reduce((sum, exposure, i) => sum + exposure * factors.means[i], 0);
    const exact = normalTail(drift, Math.sqrt(variance), 0.975);
    const drawn = monteCarloTail(exposures, factors, 0.975, 200_000, prng(5));
    const again = monteCarloTail(exposures, factors, 0.975, 200_000, prng(5));
    if (!drawn.ok) throw new Error(drawn.error.code);
    expect(Math.abs(drawn.value.valueAtRisk / exact.valueAtRisk - 1)).toBeLessThan(0.015);
    expect(Math.abs(drawn.value.expectedShortfall / exact.expectedShortfall - 1)).toBeLessThan(0.015);
    expect(again).toEqual(drawn);
  });
  it('revalues what is not linear in every scenario', () => {
    const pnls = simulatePnls(factors, (scenario) => Math.max(0, scenario[0]) - 0.001, 1000, prng(6));
    if (!pnls.ok) throw new Error(pnls.error.code);
    expect(Math.min(...pnls.value)).toBe(-0.001);
  });
  it('a covariance with a negative direction is refused by its row; a dependent factor is not', () => {
    expect(
      cholesky([
        [1, 2],
        [2, 1],
      ]),
    ).toEqual({ ok: false, error: { code: 'COVARIANCE_NOT_POSITIVE', row: 1, pivot: -3 } });
    const dependent = cholesky([
      [1, 2, 0],
      [2, 4, 0],
      [0, 0, 9],
    ]);
    expect(dependent.ok && dependent.value.map((row) => Array.from(row))).toEqual([[1], [2, 0], [0, 0, 3]]);
  });
});

describe('Kupiec test, non-rejection regions of Kupiec (1995) at 5 %', () => {
  // N in the open interval is not rejected; the table prints N < 7 in its first row, but 0 has the statistic -510 ln 0.99 = 5.13 > 3.84
  it.each([
    [0.99, 255, 0, 7],
    [0.99, 510, 1, 11],
    [0.99, 1000, 4, 17],
    [0.95, 255, 6, 21],
    [0.95, 510, 16, 36],
    [0.95, 1000, 37, 65],
    [0.9, 255, 16, 36],
    [0.9, 510, 38, 65],
    [0.9, 1000, 81, 120],
  ])('level %d, %d days: %d < N < %d', (level, days, below, above) => {
    const kept = (exceptions: number): boolean => kupiecTest(exceptions, days, level).pValue > 0.05;
    expect([kept(below), kept(below + 1), kept(above - 1), kept(above)]).toEqual([false, true, true, false]);
  });
});

describe('coverage tests, published example of MathWorks varbacktest (1043 days, 95 %, 57 failures)', () => {
  const transitions = { calmToCalm: 932, calmToException: 53, exceptionToCalm: 53, exceptionToException: 4 };
  it('proportion of failures 0.46147, p 0.49694', () => {
    const test = kupiecTest(57, 1043, 0.95);
    expect([test.statistic.toFixed(5), test.pValue.toFixed(5)]).toEqual(['0.46147', '0.49694']);
  });
  it('independence 0.25866, p 0.61104', () => {
    const test = christoffersenIndependence(transitions);
    expect([test.statistic.toFixed(5), test.pValue.toFixed(5)]).toEqual(['0.25866', '0.61104']);
  });
  it('conditional coverage 0.72013, p 0.69763, from a sequence with those transitions', () => {
    const runs = [...new Array<number>(49).fill(1), ...new Array<number>(4).fill(2)]; // 53 runs of exceptions, 4 of them of two days
    const days: boolean[] = [false];
    for (const length of runs) days.push(...new Array<boolean>(length).fill(true), false);
    while (days.length < 1043) days.push(false);
    expect(countTransitions(days)).toEqual(transitions);
    const test = christoffersenCoverage(days, 0.95);
    expect([test.statistic.toFixed(5), test.pValue.toFixed(5), test.degrees]).toEqual(['0.72013', '0.69763', 2]);
  });
  it('no exceptions at all leave nothing to be dependent', () => {
    expect(christoffersenIndependence(countTransitions(new Array<boolean>(250).fill(false)))).toMatchObject({ statistic: 0, pValue: 1 });
  });
  it('clustered exceptions are found where their number alone is right', () => {
    const days = Array.from({ length: 250 }, (_, i) => i >= 100 && i < 110);
    expect(kupiecTest(10, 250, 0.96).pValue).toBeCloseTo(1, 6);
    expect(christoffersenIndependence(countTransitions(days)).pValue).toBeLessThan(1e-6);
  });
  it('an exception is a loss beyond the forecast', () => {
    expect(exceptionsOf([-3, -2, 5], [2, 2, 2])).toEqual([true, false, false]);
  });
});
