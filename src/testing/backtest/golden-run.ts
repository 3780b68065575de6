import { createHash } from 'node:crypto';
import { metricsOf } from './obvious-money.ts';
import type { ObviousRun } from './obvious-money.ts';

/** What identifies a reference run, as it stands on the command line. */
export interface GoldenTerms {
  readonly strategy: 'mean-reversion' | 'pairs';
  readonly instruments: readonly string[];
  readonly from: string;
  readonly to: string;
  readonly capital: string;
  readonly feeBps: number;
  readonly slippageBps: number;
  readonly adjust: 'total';
}

/** Where the golden file of a run lies. */
export function goldenPath(terms: GoldenTerms): string {
  const name = `${terms.strategy}-${terms.instruments.join('-').toLowerCase()}.json`;
  return new URL(`../../../vectors/backtest/${name}`, import.meta.url).pathname;
}

/** `1056256.310364` of whole 1e-6. */
export function decimalOf(units: bigint | number): string {
  const size = BigInt(units) < 0n ? -BigInt(units) : BigInt(units);
  const digits = size.toString().padStart(7, '0');
  return `${BigInt(units) < 0n ? '-' : ''}${digits.slice(0, -6)}.${digits.slice(-6)}`;
}

/**
 * A run as JSON: one line per round trip, in the order of their exits; money and prices as decimals with six places. `equitySha256` is over the lines
 * `date,equity` of every date of the run, each ended by a line feed.
 */
export function goldenText(terms: GoldenTerms, run: ObviousRun): string {
  const { sharpe, maxDrawdown, winRate, exits } = metricsOf(run);
  const curve = run.equity.map(({ date, value }) => `${date},${decimalOf(value)}\n`).join('');
  const head = {
    ...terms,
    finalEquity: decimalOf(run.equity[run.equity.length - 1].value),
    dates: run.equity.length,
    equitySha256: createHash('sha256').update(curve).digest('hex'),
    sharpe: sharpe === null ? null : sharpe.toFixed(4),
    maxDrawdown: maxDrawdown.toFixed(4),
    winRate: winRate === null ? null : winRate.toFixed(4),
    exits,
  };
  const trades = run.trades.map((trade) => {
    const { entryPx, exitPx, fees, pnl, ...rest } = trade;
    return JSON.stringify({ ...rest, entryPx: decimalOf(entryPx), exitPx: decimalOf(exitPx), fees: decimalOf(fees), pnl: decimalOf(pnl) });
  });
  return `${JSON.stringify(head, undefined, 2).slice(0, -2)},\n  "trades": [\n    ${trades.join(',\n    ')}\n  ]\n}\n`;
}
