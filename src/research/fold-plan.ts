import { err, ok, type Result } from '../base/result.ts';
import { microsUnchecked, type Micros } from '../base/units.ts';

/** Lengths in dates on which any instrument has a bar. */
export interface FoldTerms {
  readonly inSample: number;
  readonly outOfSample: number;
  /** anchored: every fold learns from the first date on; rolling: from the last `inSample` dates. */
  readonly mode: 'anchored' | 'rolling';
  /**
   * Dates between the last that is learned from and the first that is judged. Purged ones are cut off the end of what is learned from, because positions
   * opened in them end in what is judged; embargoed ones are left out after that, because what is learned fades slowly (Lopez de Prado 2018, section 7.4).
   */
  readonly purge: number;
  readonly embargo: number;
}

/** Close times of first and last dates, both included. */
export interface Fold {
  readonly learnFrom: Micros;
  readonly learnTo: Micros;
  readonly judgeFrom: Micros;
  readonly judgeTo: Micros;
}

/** Most folds of one walk-forward. */
export const maxFolds = 1_000;
/** Fewer dates than this say nothing about a Sharpe ratio. */
const leastDates = 10;

/**
 * Folds over close times: the first is judged after `inSample` + purge + embargo dates, each next one right after it, so that together they cover what is
 * left without a gap and without a date twice; the last may be shorter.
 */
export function foldPlan(times: ArrayLike<number>, terms: FoldTerms): Result<readonly Fold[], string> {
  const { inSample, outOfSample, mode, purge, embargo } = terms;
  const lengths = { 'in-sample': inSample, 'out-of-sample': outOfSample, purge, embargo };
  for (const [name, value] of Object.entries(lengths)) {
    const least = name === 'purge' || name === 'embargo' ? 0 : leastDates;
    if (!(Number.isInteger(value) && value >= least))
      return err(`${name}: expected a whole number of at least ${least} dates, was ${value}`);
  }
  const first = inSample + purge + embargo;
  if (times.length < first + leastDates)
    return err(
      `bars: expected at least ${first + leastDates} dates for in-sample, purge, embargo and ${leastDates} to judge, was ${times.length}`,
    );
  const folds: Fold[] = [];
  for (let judge = first; judge < times.length; judge += outOfSample) {
    const learnEnd = judge - purge - embargo;
    folds.push({
      learnFrom: microsUnchecked(times[mode === 'anchored' ? 0 : learnEnd - inSample]),
      learnTo: microsUnchecked(times[learnEnd - 1]),
      judgeFrom: microsUnchecked(times[judge]),
      judgeTo: microsUnchecked(times[Math.min(judge + outOfSample, times.length) - 1]),
    });
  }
  return folds.length <= maxFolds ? ok(folds) : err(`out-of-sample: expected at most ${maxFolds} folds, was ${folds.length}`);
}
