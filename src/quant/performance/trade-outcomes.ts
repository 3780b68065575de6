import { requireFinite } from '../preconditions.ts';

/** Sums over closed trades, in the currency of their PnL. Ratios are `undefined` where they would divide by nothing. */
export interface TradeOutcomes {
  readonly trades: number;
  /** Trades with PnL above 0. */
  readonly wins: number;
  /** Trades with PnL below 0; what is exactly 0 is neither. */
  readonly losses: number;
  /** wins / trades. */
  readonly winRate: number | undefined;
  readonly grossProfit: number;
  /** A magnitude >= 0. */
  readonly grossLoss: number;
  /** Gross profit over gross loss. */
  readonly profitFactor: number | undefined;
  /** Mean PnL of a trade. */
  readonly expectancy: number | undefined;
  /** Mean win over mean loss (magnitude). */
  readonly payoff: number | undefined;
}

/** PnL of closed trades net of fees, one number each. */
export function tradeOutcomes(pnls: ArrayLike<number>): TradeOutcomes {
  let wins = 0;
  let losses = 0;
  let grossProfit = 0;
  let grossLoss = 0;
  for (let i = 0; i < pnls.length; i++) {
    requireFinite('PnL', pnls[i]);
    if (pnls[i] > 0) {
      wins++;
      grossProfit += pnls[i];
    } else if (pnls[i] < 0) {
      losses++;
      grossLoss -= pnls[i];
    }
  }
  const trades = pnls.length;
  return {
    trades,
    wins,
    losses,
    winRate: trades > 0 ? wins / trades : undefined,
    grossProfit,
    grossLoss,
    profitFactor: losses > 0 ? grossProfit / grossLoss : undefined,
    expectancy: trades > 0 ? (grossProfit - grossLoss) / trades : undefined,
    payoff: wins > 0 && losses > 0 ? grossProfit / wins / (grossLoss / losses) : undefined,
  };
}
