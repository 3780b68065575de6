import { prng } from '../base/prng.ts';
import type { BacktestRequest, RunBacktest } from '../ports/backtest.ts';
import { maxDrawdown } from '../quant/performance/drawdown.ts';
import { periodSharpe } from '../quant/performance/sharpe.ts';
import { automaticBlock } from '../quant/stats/block-length.ts';
import { quantileOfSorted, sorted } from '../quant/stats/quantile.ts';
import { resampleStationary } from '../quant/stats/stationary-bootstrap.ts';

/** Most paths of one simulation. */
export const maxPaths = 1_000_000;

/** Of many paths: the value below which 5 %, 50 % and 95 % of them lie, and what really happened. */
export interface Spread {
  readonly low: number;
  readonly median: number;
  readonly high: number;
  readonly happened: number;
}

function spread(values: ArrayLike<number>, happened: number): Spread {
  const ascending = sorted(values);
  const [low, median, high] = [0.05, 0.5, 0.95].map((probability) => quantileOfSorted(ascending, probability));
  return { low, median, high, happened };
}

export interface Reshuffle {
  readonly paths: number;
  readonly maxDrawdown: Spread;
  /** Share of the paths with a deeper drawdown than happened: near 1 = the order was lucky. */
  readonly deeper: number;
}

/**
 * The same trades in other orders: where the equity ends is the same, how deep it falls on the way is not. PnL in currency units, added to the capital one
 * after the other. Undefined with fewer than two trades.
 */
export function reshuffleTrades(pnls: readonly number[], capital: number, paths: number, seed: number): Reshuffle | undefined {
  requirePaths(paths);
  if (pnls.length < 2) return undefined;
  const random = prng(`reshuffle/${seed}`);
  const order = Float64Array.from(pnls);
  const happened = drawdownOf(capital, order);
  const depths = new Float64Array(paths);
  let deeper = 0;
  for (let path = 0; path < paths; path++) {
    for (let i = order.length - 1; i > 0; i--) {
      const other = random.int(i + 1);
      [order[i], order[other]] = [order[other], order[i]];
    }
    depths[path] = drawdownOf(capital, order);
    if (depths[path] > happened) deeper += 1;
  }
  return { paths, maxDrawdown: spread(depths, happened), deeper: deeper / paths };
}

function drawdownOf(capital: number, pnls: Float64Array): number {
  let [equity, peak, deepest] = [capital, capital, 0];
  for (const pnl of pnls) {
    equity += pnl;
    if (equity > peak) peak = equity;
    else if ((peak - equity) / peak > deepest) deepest = (peak - equity) / peak;
  }
  return deepest;
}

export interface BootstrapOutcome {
  readonly paths: number;
  /** Mean block, periods. */
  readonly meanBlock: number;
  readonly totalReturn: Spread;
  /** Annualized. */
  readonly sharpe: Spread;
  readonly maxDrawdown: Spread;
  /** Share of the paths that end below where they began. */
  readonly losing: number;
}

/** Mean block of a bootstrap: a number of periods, or found from the series (Politis & White 2004). */
export type BlockChoice = number | 'automatic';

/**
 * Other histories that the same returns could have made: blocks of geometric length drawn with replacement (Politis & Romano 1994). Undefined with fewer
 * than ten returns or when they do not vary.
 */
export function bootstrapReturns(
  returns: ArrayLike<number>,
  options: { readonly periodsPerYear: number; readonly paths: number; readonly block: BlockChoice; readonly seed: number },
): BootstrapOutcome | undefined {
  const { periodsPerYear, paths, block, seed } = options;
  requirePaths(paths);
  const happenedSharpe = periodSharpe(returns);
  if (returns.length < 10 || happenedSharpe === undefined) return undefined;
  const meanBlock = block === 'automatic' ? automaticBlock(returns) : block;
  const random = prng(`bootstrap/${seed}`);
  const indices = new Int32Array(returns.length);
  const sample = new Float64Array(returns.length);
  const [totals, depths, sharpes] = [new Float64Array(paths), new Float64Array(paths), new Float64Array(paths)];
  let losing = 0;
  for (let path = 0; path < paths; path++) {
    resampleStationary(returns.length, meanBlock, random, indices);
    for (let i = 0; i < indices.length; i++) sample[i] = returns[indices[i]];
    const equity = equityOf(sample);
    totals[path] = equity[equity.length - 1] - 1;
    depths[path] = maxDrawdown(equity);
    sharpes[path] = (periodSharpe(sample) ?? 0) * Math.sqrt(periodsPerYear);
    if (totals[path] < 0) losing += 1;
  }
  const happened = equityOf(returns);
  return {
    paths,
    meanBlock,
    totalReturn: spread(totals, happened[happened.length - 1] - 1),
    sharpe: spread(sharpes, happenedSharpe * Math.sqrt(periodsPerYear)),
    maxDrawdown: spread(depths, maxDrawdown(happened)),
    losing: losing / paths,
  };
}

function equityOf(returns: ArrayLike<number>): Float64Array {
  const equity = new Float64Array(returns.length + 1);
  equity[0] = 1;
  for (let i = 0; i < returns.length; i++) equity[i + 1] = equity[i] * (1 + returns[i]);
  return equity;
}

/** The same run with market orders and stops trading so much worse. */
export interface SlippageRow {
  /** Basis points on top of none. */
  readonly bps: number;
  readonly finalEquity: string;
  readonly totalReturn: number;
  readonly sharpe: number | null;
  readonly trades: number;
}

/** Runs the request again at each fixed slippage, whatever its own model is. */
export function slippageStress(run: RunBacktest, request: BacktestRequest, bps: readonly number[]): readonly SlippageRow[] {
  return bps.map((one) => {
    const slippage = one === 0 ? ({ kind: 'none' } as const) : ({ kind: 'fixedBps', rate: Math.round(one * 10_000) } as const);
    const { metrics } = run({ ...request, costs: { ...request.costs, slippage }, keep: 'equity' });
    const { finalEquity, totalReturn, sharpe, trades } = metrics;
    return { bps: one, finalEquity, totalReturn, sharpe, trades };
  });
}

function requirePaths(paths: number): void {
  if (!(Number.isInteger(paths) && paths >= 1 && paths <= maxPaths)) throw new RangeError(`paths: expected 1…${maxPaths}, was ${paths}`);
}
