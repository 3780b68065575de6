import { MICROS_PER_DAY, microsFromCivil } from '../../base/time.ts';
import type { SheetRun, SheetTrade } from '../../research/tear-sheet/sheet-run.ts';

/** Close of the n-th day from 2020-01-01 on. */
export function dayAt(n: number): number {
  return microsFromCivil(2020, 1, 1, 21) + n * MICROS_PER_DAY;
}

/** A run of one instrument whose equity is given, currency units, one point a day; nothing traded unless `more` says so. */
export function runWith(equity: readonly number[], more: Partial<SheetRun> = {}): SheetRun {
  return {
    kind: 'backtest',
    strategy: 'by-hand 1.0.0',
    parameters: [['window', '3']],
    terms: [['capital', '100 USD']],
    runId: 'a'.repeat(64),
    dataHash: 'b'.repeat(64),
    resultHash: 'c'.repeat(64),
    currency: 'USD',
    periodsPerYear: 252,
    instruments: ['AAA'],
    time: equity.map((_, n) => dayAt(n)),
    equity,
    equityMicros: equity.map((value) => Math.round(value * 1e6)),
    finalEquity: equity[equity.length - 1].toFixed(6),
    trades: [],
    fills: [],
    prices: [{ instrumentID: 'AAA', time: equity.map((_, n) => dayAt(n)), close: equity.map((_, n) => 10 + n) }],
    denials: 0,
    ...more,
  };
}

/** A round trip with this PnL. */
export function tripOf(pnl: number, day = 1): SheetTrade {
  const times = { entryTime: dayAt(day), exitTime: dayAt(day + 1) };
  return { instrumentID: 'AAA', side: 'long', qty: 1, ...times, entryPx: 10, exitPx: 10 + pnl, fees: 0, pnl, reason: 'time' };
}
