import { requireBetween, requireSameLength, requireWhole } from '../preconditions.ts';
import { chiSquareTail } from '../stats/gamma.ts';
import type { ChiSquareTest } from '../stats/ljung-box.ts';

/** Whether each period's loss exceeded the value at risk forecast for it. Both arrays have one length; losses are positive. */
export function exceptionsOf(pnls: ArrayLike<number>, valuesAtRisk: ArrayLike<number>): boolean[] {
  requireSameLength('outcomes and forecasts', pnls, valuesAtRisk);
  return Array.from({ length: pnls.length }, (_, i) => -pnls[i] > valuesAtRisk[i]);
}

/**
 * Proportion of failures (Kupiec 1995): likelihood ratio of `exceptions` in `periods` under the promised rate 1 - level and under
 * the observed one, chi-square with 1 degree.
 */
export function kupiecTest(exceptions: number, periods: number, level: number): ChiSquareTest {
  requireWhole('number of periods', periods, 1, Number.MAX_SAFE_INTEGER);
  requireWhole('number of exceptions', exceptions, 0, periods);
  requireBetween('level', level, 0, 1);
  const calm = periods - exceptions;
  const promised = logLikelihood(exceptions, calm, 1 - level);
  const observed = logLikelihood(exceptions, calm, exceptions / periods);
  return ratioTest(promised, observed, 1);
}

/** Transitions between consecutive periods: `calmToException` counts exceptions that follow a period without one. */
export interface Transitions {
  readonly calmToCalm: number;
  readonly calmToException: number;
  readonly exceptionToCalm: number;
  readonly exceptionToException: number;
}

export function countTransitions(exceptions: readonly boolean[]): Transitions {
  const counts = [0, 0, 0, 0];
  for (let i = 1; i < exceptions.length; i++) counts[(exceptions[i - 1] ? 2 : 0) + (exceptions[i] ? 1 : 0)]++;
  return { calmToCalm: counts[0], calmToException: counts[1], exceptionToCalm: counts[2], exceptionToException: counts[3] };
}

/**
 * Independence of exceptions (Christoffersen 1998): likelihood ratio of one exception rate against a rate that depends on
 * whether the period before was an exception, chi-square with 1 degree. A factor without trials counts as 1.
 */
export function christoffersenIndependence(transitions: Transitions): ChiSquareTest {
  const { calmToCalm, calmToException, exceptionToCalm, exceptionToException } = transitions;
  const calm = calmToCalm + exceptionToCalm;
  const exceptions = calmToException + exceptionToException;
  const single = logLikelihood(exceptions, calm, share(exceptions, calm));
  const afterCalm = logLikelihood(calmToException, calmToCalm, share(calmToException, calmToCalm));
  const afterException = logLikelihood(exceptionToException, exceptionToCalm, share(exceptionToException, exceptionToCalm));
  return ratioTest(single, afterCalm + afterException, 1);
}

/** Conditional coverage (Christoffersen 1998): both statistics added, chi-square with 2 degrees. */
export function christoffersenCoverage(exceptions: readonly boolean[], level: number): ChiSquareTest {
  const count = exceptions.filter(Boolean).length;
  const coverage = kupiecTest(count, exceptions.length, level);
  const independence = christoffersenIndependence(countTransitions(exceptions));
  const statistic = coverage.statistic + independence.statistic;
  return { statistic, pValue: chiSquareTail(statistic, 2), degrees: 2 };
}

function share(exceptions: number, calm: number): number {
  return exceptions + calm > 0 ? exceptions / (exceptions + calm) : 0;
}

/** exceptions ln rate + calm ln (1 - rate), with 0 ln 0 = 0. */
function logLikelihood(exceptions: number, calm: number, rate: number): number {
  return (exceptions > 0 ? exceptions * Math.log(rate) : 0) + (calm > 0 ? calm * Math.log(1 - rate) : 0);
}

function ratioTest(restricted: number, free: number, degrees: number): ChiSquareTest {
  const statistic = Math.max(0, 2 * (free - restricted));
  return { statistic, pValue: chiSquareTail(statistic, degrees), degrees };
}
