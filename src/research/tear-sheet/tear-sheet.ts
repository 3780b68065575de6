import { civilFromMicros } from '../../base/time.ts';
import { micros } from '../../base/units.ts';
import { drawdowns, worstDrawdowns, type Drawdown } from '../../quant/performance/drawdown.ts';
import { exposureOf, type Exposure } from '../../quant/performance/exposure.ts';
import { annualGrowth, annualTurnover, calmarRatio } from '../../quant/performance/growth.ts';
import { rollingSharpe, type RollingSharpe } from '../../quant/performance/rolling-sharpe.ts';
import { simpleReturns } from '../../quant/performance/sharpe.ts';
import { sortinoRatio } from '../../quant/performance/sortino.ts';
import { tradeOutcomes, type TradeOutcomes } from '../../quant/performance/trade-outcomes.ts';
import { deviation } from '../../quant/stats/moments.ts';
import { histogramOf, type HistogramBin } from './histogram.ts';
import { holdingsOf, type Holdings } from './holdings.ts';
import { monthlyReturns, type ReturnYear } from './monthly-returns.ts';
import { sharpeEvidence, type SharpeEvidence } from './sharpe-evidence.ts';
import type { SheetNote, SheetRun, SheetTable, SheetTrials } from './sheet-run.ts';
import { tradingCosts, type TradingCosts } from './trading-costs.ts';

/** Drawdowns listed. */
const listedDrawdowns = 5;

/** Everything a tear sheet says, as numbers. */
export interface TearSheet {
  readonly run: SheetRun;
  readonly notes: readonly SheetNote[];
  readonly tables: readonly SheetTable[];
  readonly returns: Float64Array;
  readonly years: number;
  readonly totalReturn: number;
  readonly growth: number;
  /** Annualized deviation of the returns; `undefined` with fewer than two. */
  readonly volatility: number | undefined;
  readonly sortino: number | undefined;
  readonly calmar: number | undefined;
  readonly evidence: SharpeEvidence | undefined;
  readonly drawdown: Float64Array;
  readonly worst: readonly Drawdown[];
  readonly calendar: readonly ReturnYear[];
  readonly rollingWindow: number;
  readonly rolling: readonly RollingSharpe[];
  readonly holdings: Holdings;
  readonly exposure: Exposure;
  readonly costs: TradingCosts;
  /** One-sided, a multiple of mean equity a year. */
  readonly turnover: number | undefined;
  readonly outcomes: TradeOutcomes;
  /** Of the returns that are not exactly zero: an idle strategy has more zeros than anything else. */
  readonly returnBins: readonly HistogramBin[] | undefined;
  readonly pnlBins: readonly HistogramBin[] | undefined;
}

export interface TearSheetOptions {
  readonly notes: readonly SheetNote[];
  /** None when absent. */
  readonly tables?: readonly SheetTable[];
  readonly trials: SheetTrials;
  /** Draws the bootstrap. */
  readonly seed: number | string;
}

/** @throws RangeError when the run has fewer than two points of equity, or an equity that is not above 0 */
export function tearSheetOf(run: SheetRun, options: TearSheetOptions): TearSheet {
  if (run.equity.length < 2) throw new RangeError(`expected at least 2 points of equity for a tear sheet, was ${run.equity.length}`);
  const { equity, equityMicros, periodsPerYear } = run;
  const returns = simpleReturns(equityMicros);
  if (returns === undefined) throw new RangeError('expected equity above 0 at every point of a tear sheet, was 0 or less');
  const years = returns.length / periodsPerYear;
  const holdings = holdingsOf(run);
  const costs = tradingCosts(run, (time) => civilFromMicros(micros(time)).year);
  const rollingWindow = Math.max(2, Math.round(periodsPerYear));
  const pnls = run.trades.map(({ pnl }) => pnl);
  return {
    run,
    notes: options.notes,
    tables: options.tables ?? [],
    returns,
    years,
    totalReturn: equityMicros[equityMicros.length - 1] / equityMicros[0] - 1,
    growth: annualGrowth(equityMicros, periodsPerYear),
    volatility: returns.length > 1 ? deviation(returns, 'sample') * Math.sqrt(periodsPerYear) : undefined,
    sortino: sortinoRatio(returns, periodsPerYear),
    calmar: calmarRatio(equityMicros, periodsPerYear),
    evidence: sharpeEvidence(returns, periodsPerYear, options.trials, options.seed),
    drawdown: drawdowns(equityMicros),
    worst: worstDrawdowns(equityMicros, listedDrawdowns),
    calendar: monthlyReturns(run.time, equityMicros),
    rollingWindow,
    rolling: rollingSharpe(returns, rollingWindow, periodsPerYear),
    holdings,
    exposure: exposureOf(holdings.long, holdings.short, equity),
    costs,
    turnover: annualTurnover(costs.traded, meanOf(equity), years),
    outcomes: tradeOutcomes(pnls),
    returnBins: histogramOf(returns.filter((value) => value !== 0)),
    pnlBins: histogramOf(pnls),
  };
}

function meanOf(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  return sum / values.length;
}
