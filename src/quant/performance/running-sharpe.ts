import type { RunningMoments } from '../stats/running-moments.ts';
import type { SharpeEstimate } from './probabilistic-sharpe.ts';

/**
 * Per-period Sharpe ratio, skewness and kurtosis from running sums, the deviation over n - 1 and the moments over n as `estimateSharpe` has them.
 * `undefined` with fewer than two returns or without variation.
 */
export function sharpeOfMoments(moments: RunningMoments): SharpeEstimate | undefined {
  const { count, mean, second, third, fourth } = moments;
  if (count < 2 || !(second > 0)) return undefined;
  const variance = second / count;
  return {
    sharpe: mean / Math.sqrt(second / (count - 1)),
    observations: count,
    skewness: third / count / (variance * Math.sqrt(variance)),
    kurtosis: fourth / count / (variance * variance),
  };
}
