import { requireWhole } from '../preconditions.ts';
import { mean, squaredDistances } from './moments.ts';

/**
 * Autocorrelations at lags 0 ... maxLag, dimensionless: r_k = sum (x_t - m)(x_{t+k} - m) / sum (x_t - m)^2, the whole-sample mean and
 * divisor at each lag (Box & Jenkins 1976, section 2.1). `undefined` when the series does not vary. maxLag < n.
 */
export function autocorrelations(values: ArrayLike<number>, maxLag: number): Float64Array | undefined {
  requireWhole('lag', maxLag, 0, values.length - 1);
  const center = mean(values);
  const squares = squaredDistances(values, center);
  if (!(squares > 0)) return undefined;
  return Float64Array.from({ length: maxLag + 1 }, (_, lag) => {
    let sum = 0;
    for (let i = lag; i < values.length; i++) sum += (values[i] - center) * (values[i - lag] - center);
    return sum / squares;
  });
}
