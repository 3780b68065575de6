import { log1p } from '../../base/math.ts';
import { requireWhole } from '../preconditions.ts';
import { fitLine } from './simple-regression.ts';

/**
 * Observations until half of a deviation from the mean is expected to be gone: -ln 2 / ln(1 + lambda), lambda the slope of Delta x_t on
 * x_{t-1} with a constant, that is the half-life of the fitted AR(1) (its continuous limit -ln 2 / lambda is that of Chan 2013,
 * Algorithmic Trading, chapter 2). Needs three values. `undefined` when nothing reverts smoothly: lambda >= 0, lambda <= -1, or no variation.
 */
export function halfLife(values: ArrayLike<number>): number | undefined {
  requireWhole('number of values', values.length, 3, Number.MAX_SAFE_INTEGER);
  const rows = values.length - 1;
  const level = new Float64Array(rows);
  const change = new Float64Array(rows);
  for (let i = 0; i < rows; i++) {
    level[i] = values[i];
    change[i] = values[i + 1] - values[i];
  }
  const line = fitLine(change, level);
  if (line === undefined || !(line.slope < 0 && line.slope > -1)) return undefined;
  return -Math.LN2 / log1p(line.slope);
}
