import type { DailyBar } from './daily-bars.ts';

/** What a second implementation of the backtest is told. Money in whole 1e-6 currency units. */
export interface ObviousTerms {
  readonly capital: bigint;
  readonly feeBps: bigint;
}

/** One instrument of a run with its bars, oldest first. */
export interface ObviousInput {
  readonly id: string;
  readonly bars: readonly DailyBar[];
}

/** A round trip: one match of an entry fill with an exit fill, first in, first out. */
export interface ObviousTrade {
  readonly instrumentID: string;
  readonly side: 'long' | 'short';
  readonly qty: number;
  readonly entryDate: string;
  readonly entryPx: number;
  readonly exitDate: string;
  readonly exitPx: number;
  readonly fees: bigint;
  readonly pnl: bigint;
  readonly reason: string;
}

export interface ObviousRun {
  readonly trades: readonly ObviousTrade[];
  /** Equity at each date of the run. */
  readonly equity: readonly { readonly date: string; readonly value: bigint }[];
}

interface OpenFill {
  readonly side: 'long' | 'short';
  readonly date: string;
  readonly px: number;
  readonly qty: number;
  readonly fee: bigint;
  matched: number;
  feeGiven: bigint;
}

const cent = 10_000n;

/** Cash, positions and round trips, on paper. */
export class ObviousBook {
  cash: bigint;
  readonly trades: ObviousTrade[] = [];
  readonly #feeBps: bigint;
  readonly #open = new Map<string, OpenFill[]>();

  constructor(terms: ObviousTerms) {
    this.cash = terms.capital;
    this.#feeBps = terms.feeBps;
  }

  /** Signed units held. */
  position(id: string): number {
    return (this.#open.get(id) ?? []).reduce((sum, fill) => sum + (fill.side === 'long' ? 1 : -1) * (fill.qty - fill.matched), 0);
  }

  /** Books a fill that opens a position or closes (a part of) one. `reason` stands on the trades that it closes. */
  fill(id: string, side: 'buy' | 'sell', qty: number, px: number, date: string, reason: string): void {
    const notional = BigInt(qty) * BigInt(px);
    const fee = divideHalfEven(notional * this.#feeBps, 10_000n * cent) * cent;
    this.cash += (side === 'sell' ? notional : -notional) - fee;
    const open = this.#open.get(id) ?? [];
    this.#open.set(id, open);
    const opens = side === 'buy' ? 'long' : 'short';
    if (open.length === 0 || open[0].side === opens) {
      open.push({ side: opens, date, px, qty, fee, matched: 0, feeGiven: 0n });
      return;
    }
    const exit: OpenFill = { side: opens, date, px, qty, fee, matched: 0, feeGiven: 0n };
    while (exit.matched < qty) this.#match(id, open, exit, reason);
  }

  #match(id: string, open: OpenFill[], exit: OpenFill, reason: string): void {
    const entry = open[0];
    if (entry === undefined) throw new Error(`${id}: an exit of more than is held`);
    const qty = Math.min(entry.qty - entry.matched, exit.qty - exit.matched);
    const fees = shareOfFee(entry, qty) + shareOfFee(exit, qty);
    const move = BigInt(qty) * BigInt(exit.px - entry.px);
    this.trades.push({
      instrumentID: id,
      side: entry.side,
      qty,
      entryDate: entry.date,
      entryPx: entry.px,
      exitDate: exit.date,
      exitPx: exit.px,
      fees,
      pnl: (entry.side === 'long' ? move : -move) - fees,
      reason,
    });
    if (entry.matched === entry.qty) open.shift();
  }
}

/** Takes `qty` more of a fill; what it owes so far is rounded half-even to the cent, and what it gave before is taken off. */
function shareOfFee(fill: OpenFill, qty: number): bigint {
  fill.matched += qty;
  const owed = divideHalfEven(fill.fee * BigInt(fill.matched), BigInt(fill.qty) * cent) * cent;
  const share = owed - fill.feeGiven;
  fill.feeGiven = owed;
  return share;
}

/** a / b to the nearest whole number, ties to the even one; a >= 0, b > 0. */
export function divideHalfEven(a: bigint, b: bigint): bigint {
  const below = a / b;
  const twice = 2n * (a % b);
  if (twice !== b) return twice < b ? below : below + 1n;
  return below % 2n === 0n ? below : below + 1n;
}

/** Figures of a run as the specification defines them. */
export function metricsOf(run: ObviousRun): {
  sharpe: number | null;
  maxDrawdown: number;
  winRate: number | null;
  exits: Record<string, number>;
} {
  const equity = run.equity.map((point) => Number(point.value));
  const returns = equity.slice(1).map((value, i) => value / equity[i] - 1);
  const mean = sum(returns) / returns.length;
  const deviation = Math.sqrt(sum(returns.map((x) => (x - mean) * (x - mean))) / (returns.length - 1));
  let peak = equity[0];
  let maxDrawdown = 0;
  for (const value of equity) {
    peak = Math.max(peak, value);
    maxDrawdown = Math.max(maxDrawdown, (peak - value) / peak);
  }
  const exits: Record<string, number> = {};
  for (const { reason } of run.trades) exits[reason] = (exits[reason] ?? 0) + 1;
  const wins = run.trades.filter((trade) => trade.pnl > 0n).length;
  return {
    sharpe: deviation > 0 ? (mean / deviation) * Math.sqrt(252) : null,
    maxDrawdown,
    winRate: run.trades.length === 0 ? null : wins / run.trades.length,
    exits,
  };
}

export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
