import type { SheetRun } from './sheet-run.ts';

/** Currency units. */
export interface TradingCosts {
  /** Running totals at each point of the equity. */
  readonly fees: Float64Array;
  readonly slippage: Float64Array;
  readonly totalFees: number;
  readonly totalSlippage: number;
  /** At the rolls of what was held, beside those of the fills. */
  readonly rollFees: number;
  /** Notional of the fills, added up. */
  readonly traded: number;
  readonly fills: number;
  /** One-sided traded notional (half of buys and sells) of each calendar year over the mean equity of its points. */
  readonly turnover: readonly { readonly year: number; readonly turnover: number }[];
}

/** Costs and turnover of the fills; `yearOf` gives the calendar year of a time. */
export function tradingCosts(run: SheetRun, yearOf: (time: number) => number): TradingCosts {
  const fees = new Float64Array(run.time.length);
  const slippage = new Float64Array(run.time.length);
  const years = new Map<number, { traded: number; equity: number; points: number }>();
  let [totalFees, totalSlippage, traded, next] = [0, 0, 0, 0];
  for (let i = 0; i < run.time.length; i++) {
    const year = yearOf(run.time[i]);
    const ofYear = years.get(year) ?? { traded: 0, equity: 0, points: 0 };
    years.set(year, ofYear);
    ofYear.equity += run.equity[i];
    ofYear.points++;
    for (; next < run.fills.length && run.fills[next].time <= run.time[i]; next++) {
      const { notional, fee, slippage: slipped } = run.fills[next];
      totalFees += fee;
      totalSlippage += slipped;
      traded += notional;
      ofYear.traded += notional;
    }
    fees[i] = totalFees;
    slippage[i] = totalSlippage;
  }
  const turnover = [...years].map(([year, of]) => ({ year, turnover: of.traded / 2 / (of.equity / of.points) }));
  return { fees, slippage, totalFees, totalSlippage, rollFees: run.rollFees ?? 0, traded, fills: next, turnover };
}
