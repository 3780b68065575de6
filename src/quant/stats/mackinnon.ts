import { normCdf } from '../../base/math.ts';
import { requireWhole } from '../preconditions.ts';

/** Deterministic terms of the tested regression: no constant, constant, constant and linear trend. */
export type DeterministicTerms = 'none' | 'constant' | 'trend';

/** The paper gives surfaces for up to this many integrated series. */
export const MAX_SERIES = 6;

/** The paper's surface for one number of series; the coefficients carry the scale that it prints them with. */
interface Surface {
  /** Below: p = 0. */
  readonly least: number;
  /** Up to here the left-tail polynomial holds, from here on the other. */
  readonly split: number;
  /** Above: p = 1. */
  readonly most: number;
  readonly left: readonly [constant: number, linear: number, square100: number];
  readonly right: readonly [constant: number, linear10: number, square10: number, cube100: number];
}

function surface(least: number, split: number, most: number, left: Surface['left'], right: Surface['right']): Surface {
  return { least, split, most, left, right };
}

const SURFACES: Readonly<Record<DeterministicTerms, readonly Surface[]>> = {
  none: [
    surface(-19.04, -1.04, Infinity, [0.6344, 1.2378, 3.2496], [0.4797, 9.3557, -0.6999, 3.3066]),
    surface(-19.62, -1.53, 1.51, [1.9129, 1.3857, 3.5322], [1.5578, 8.558, -2.083, -3.3549]),
    surface(-21.21, -2.68, 0.86, [2.7648, 1.4502, 3.4186], [2.2268, 6.8093, -3.2362, -5.4448]),
    surface(-23.25, -3.09, 0.88, [3.4336, 1.4835, 3.19], [2.7654, 6.4502, -3.0811, -4.4946]),
    surface(-21.63, -3.07, 1.05, [4.0999, 1.5533, 3.59], [3.2684, 6.8051, -2.6778, -3.4972]),
    surface(-25.74, -3.77, 1.24, [4.5388, 1.5344, 2.9807], [3.7268, 7.167, -2.3648, -2.8288]),
  ],
  constant: [
    surface(-18.83, -1.61, 2.74, [2.1659, 1.4412, 3.8269], [1.7339, 9.3202, -1.2745, -1.0368]),
    surface(-18.86, -2.62, 0.92, [2.92, 1.5012, 3.9796], [2.1945, 6.4695, -2.9198, -4.2377]),
    surface(-23.48, -3.13, 0.55, [3.4699, 1.4856, 3.164], [2.5893, 4.5168, -3.6529, -5.0074]),
    surface(-28.07, -3.47, 0.61, [3.9673, 1.4777, 2.6315], [3.0387, 4.5452, -3.3666, -4.1921]),
    surface(-25.96, -3.78, 0.79, [4.5509, 1.5338, 2.9545], [3.5049, 5.2098, -2.9158, -3.3468]),
    surface(-23.27, -3.93, 1, [5.1399, 1.6036, 3.4445], [3.9489, 5.8933, -2.5359, -2.721]),
  ],
  trend: [
    surface(-16.18, -2.89, 0.7, [3.2512, 1.6047, 4.9588], [2.5261, 6.1654, -3.7956, -6.0285]),
    surface(-21.15, -3.19, 0.63, [3.6646, 1.5419, 3.6448], [2.85, 5.272, -3.6622, -5.1695]),
    surface(-25.37, -3.5, 0.71, [4.0983, 1.5173, 2.9898], [3.221, 5.255, -3.2685, -4.1501]),
    surface(-26.63, -3.65, 0.93, [4.5844, 1.5338, 2.8796], [3.652, 5.9758, -2.7483, -3.2081]),
    surface(-26.53, -3.8, 1.19, [5.0722, 1.5634, 2.9472], [4.0712, 6.6428, -2.3464, -2.546]),
    surface(-26.18, -4.36, 1.42, [5.53, 1.5914, 3.0392], [4.4735, 7.1757, -2.0681, -2.1196]),
  ],
};

/**
 * Asymptotic p-value of a Dickey-Fuller or Engle-Granger t statistic, 0 ... 1, small where a unit root is refuted: a cubic in tau under
 * the normal distribution (MacKinnon 1994, J. Bus. Econ. Stat. 12(2), response surfaces of the tau tests). `seriesCount` 1 is the Dickey-Fuller
 * test, 2 the test of two series for cointegration, and so on to MAX_SERIES.
 */
export function mackinnonPValue(tau: number, terms: DeterministicTerms, seriesCount: number): number {
  requireWhole('number of series', seriesCount, 1, MAX_SERIES);
  const { least, split, most, left, right } = SURFACES[terms][seriesCount - 1];
  if (tau > most) return 1;
  if (tau < least) return 0;
  if (tau <= split) return normCdf(left[0] + tau * (left[1] + tau * (left[2] / 100)));
  return normCdf(right[0] + tau * (right[1] / 10 + tau * (right[2] / 10 + tau * (right[3] / 100))));
}
