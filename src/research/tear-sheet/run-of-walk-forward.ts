import type { BarSet } from '../../ports/backtest.ts';
import type { TrialBase } from '../trial.ts';
import type { WalkForwardResult } from '../walk-forward.ts';
import { groupedDecimal } from './figure-text.ts';
import { costTerms } from './run-of-result.ts';
import type { SheetRun } from './sheet-run.ts';

export interface WalkForwardTerms {
  readonly strategy: string;
  readonly base: TrialBase;
  readonly bars: BarSet;
  /** More name-value pairs for the heading. */
  readonly terms: readonly (readonly [name: string, value: string])[];
}

/** The judged dates of a walk-forward as a tear sheet reads them: the capital at the last date learned from first, so that no return is lost. */
export function runOfWalkForward(result: WalkForwardResult, { strategy, base, bars, terms }: WalkForwardTerms): SheetRun {
  const { equity, outOfSample, folds, trials } = result;
  const equityMicros = Float64Array.from([Math.round(Number(base.capital) * 1e6), ...equity.value]);
  return {
    kind: 'walk-forward',
    strategy,
    parameters: [
      ['folds', String(folds.length)],
      ['configurations', String(trials.length)],
    ],
    terms: [['capital', `${groupedDecimal(base.capital)} ${bars.currency}`], ...costTerms(base.costs, bars.currency), ...terms],
    runId: outOfSample.runId,
    dataHash: bars.dataHash,
    resultHash: '',
    currency: bars.currency,
    periodsPerYear: bars.periodsPerYear,
    instruments: bars.series.map(({ instrumentID }) => instrumentID),
    time: Float64Array.from([folds[0].fold.learnTo, ...equity.time]),
    equityMicros,
    equity: equityMicros.map((value) => value / 1e6),
    finalEquity: outOfSample.finalEquity,
    trades: [],
    fills: [],
    prices: [],
    denials: 0,
  };
}
