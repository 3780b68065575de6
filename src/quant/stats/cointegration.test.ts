import { describe, expect, it } from 'vitest';
import { GENERATED_PAIRS, generatedNoise, generatedPair, generatedWalk } from '../../testing/quant/generated-pairs.ts';
import { expectClose, golden } from '../../testing/quant/golden.ts';
import { dickeyFuller, schwertLag } from './dickey-fuller.ts';
import { engleGranger } from './engle-granger.ts';
import { halfLife } from './half-life.ts';
import { type DeterministicTerms, mackinnonPValue } from './mackinnon.ts';

type Tested = readonly [statistic: number, pValue: number, lag: number, observations: number];

interface UnitRoot {
  readonly seed: number;
  readonly count: number;
  readonly terms: DeterministicTerms;
  readonly aic: Tested;
  readonly fixed3: Tested;
}

interface Golden {
  readonly statsmodels: {
    readonly unitRoots: readonly UnitRoot[];
    readonly mackinnon: { readonly taus: readonly number[] } & Readonly<Record<DeterministicTerms, readonly (readonly number[])[]>>;
  };
}

interface CointegrationGolden {
  readonly statsmodels: readonly (readonly [statistic: number, pValue: number])[];
  readonly threeSeries: readonly (readonly [statistic: number, pValue: number])[];
}

const { unitRoots, mackinnon } = golden<Golden>('stats').statsmodels;
const coint = golden<CointegrationGolden>('engle-granger');
const allTerms: readonly DeterministicTerms[] = ['none', 'constant', 'trend'];

describe('MacKinnon p-values agree with statsmodels 0.15.0 mackinnonp', () => {
  it.each(allTerms)('%s, one to six series', (terms) => {
    let compared = 0;
    mackinnon[terms].forEach((row, i) => {
      row.forEach((p, j) =>
        expectClose(mackinnonPValue(mackinnon.taus[j], terms, i + 1), p, `tau ${mackinnon.taus[j]}, N ${i + 1}`, 1e-12),
      );
      compared += row.length;
    });
    expect(compared).toBe(6 * mackinnon.taus.length);
  });
});

describe('Dickey-Fuller agrees with statsmodels 0.15.0 adfuller', () => {
  const seriesOf = ({ seed, count }: UnitRoot): Float64Array => (seed % 2 === 1 ? generatedWalk(seed, count) : generatedNoise(seed, count));
  it.each(unitRoots)('seed $seed, $count long, terms $terms', (unitRoot) => {
    const { terms } = unitRoot;
    const searched = dickeyFuller(seriesOf(unitRoot), { terms });
    const fixed = dickeyFuller(seriesOf(unitRoot), { terms, maxLag: 3, lags: 'fixed' });
    if (!searched.ok || !fixed.ok) throw new Error('expected both to be determined');
    for (const [found, expected] of [[searched.value, unitRoot.aic] as const, [fixed.value, unitRoot.fixed3] as const]) {
      expectClose(found.statistic, expected[0], 'statistic');
      expectClose(found.pValue, expected[1], 'p');
      expect([found.lag, found.observations]).toEqual(expected.slice(2));
    }
  });
  it('the largest lag is 13 for a formation window of 126', () => expect(schwertLag(126)).toBe(13));
});

describe('Engle-Granger agrees with statsmodels 0.15.0 coint', () => {
  it('p within 1e-6 and the statistic within 1e-9 on 200 generated pairs', () => {
    expect(coint.statsmodels.length).toBe(GENERATED_PAIRS);
    let significant = 0;
    coint.statsmodels.forEach(([statistic, pValue], number) => {
      const { response, regressor } = generatedPair(number);
      const found = engleGranger(response, [regressor]);
      if (!found.ok) throw new Error(`pair ${number}: ${found.error.code}`);
      expectClose(found.value.pValue, pValue, `p of pair ${number}`, 1e-6);
      expectClose(found.value.statistic, statistic, `statistic of pair ${number}`, 1e-9);
      if (pValue < 0.05) significant++;
    });
    expect(significant).toBeGreaterThan(50);
    expect(significant).toBeLessThan(GENERATED_PAIRS - 25);
  });
  it('three series, each kind of terms', () => {
    const [response, ...regressors] = [61, 62, 63].map((seed) => generatedWalk(seed, 150));
    allTerms.forEach((terms, i) => {
      const found = engleGranger(response, regressors, terms);
      if (!found.ok) throw new Error(found.error.code);
      expectClose(found.value.statistic, coint.threeSeries[i][0], `statistic, ${terms}`);
      expectClose(found.value.pValue, coint.threeSeries[i][1], `p, ${terms}`);
    });
  });
  it('collinear series are said to be so, with p 0 as statsmodels', () => {
    const walk = generatedWalk(71, 126);
    const found = engleGranger(walk, [walk.map((x) => 2 * x + 3)]);
    expect(found.ok && [found.value.collinear, found.value.pValue, found.value.statistic]).toEqual([true, 0, -Infinity]);
  });
});

describe('refusals', () => {
  it('too short, without variation, undetermined, dependent', () => {
    expect(dickeyFuller([1, 2, 1], { terms: 'constant' })).toEqual({
      ok: false,
      error: { code: 'SERIES_TOO_SHORT', observations: 3, least: 4 },
    });
    expect(dickeyFuller(new Float64Array(20).fill(2), { terms: 'none' })).toEqual({
      ok: false,
      error: { code: 'SERIES_WITHOUT_VARIATION', observations: 20 },
    });
    const straight = Float64Array.from({ length: 40 }, (_, i) => i);
    expect(dickeyFuller(straight, { terms: 'constant', maxLag: 0 })).toEqual({
      ok: false,
      error: { code: 'REGRESSION_UNDETERMINED', lag: 0 },
    });
    expect(engleGranger(new Float64Array(40).fill(3), [straight])).toEqual({
      ok: false,
      error: { code: 'SERIES_WITHOUT_VARIATION', observations: 40 },
    });
    expect(engleGranger(straight, [new Float64Array(40).fill(1)])).toEqual({ ok: false, error: { code: 'DEPENDENT_COLUMN', column: 1 } });
  });
  it('a lag that leaves too few observations is a mistake of the caller', () => {
    expect(() => dickeyFuller(generatedWalk(1, 30), { terms: 'none', maxLag: 15 })).toThrow(
      'expected largest lag to be a whole number from 0 to 14',
    );
  });
});

describe('half-life of mean reversion', () => {
  it('of an AR(1) with factor 0.9 is ln 2 / -ln 0.9 observations', () => {
    const values = Float64Array.from({ length: 50 }, (_, i) => 5 + 100 * Math.exp(i * Math.log(0.9)));
    expectClose(halfLife(values), Math.LN2 / -Math.log(0.9), 'half-life');
  });
  it('what grows or overshoots has none', () => {
    expect(halfLife([1, 2, 4, 8, 16])).toBeUndefined();
    expect(halfLife([1, -1, 1, -1, 1])).toBeUndefined();
    expect(halfLife([1, 1, 1, 1])).toBeUndefined();
  });
});
