import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadBarSet } from '../../src/apps/backtest/load-bar-set.ts';
import { createRunBacktest } from '../../src/apps/backtest/run-backtest.ts';
import { dayFromCivil, isoFromDay } from '../../src/base/time.ts';
import type { BacktestRequest, BarSeries } from '../../src/ports/backtest.ts';
import { projectRoot } from '../../src/testing/tidy/tree.ts';
import { Checks } from './checks.ts';

// Bars per second of CPU beside backtrader, same bars and rules, one after the other in one run, loading taken off on both sides: `backtrader-peer.ts PYTHON`.
// The target is 100 times; what is measured is printed, and the step fails below the floor that is held today.
const names = ['AAPL', 'CVX', 'HD', 'JPM', 'KO', 'MSFT', 'PEP', 'PG', 'WMT', 'XOM'];
const target = 100;
const least = 8;
const python = process.argv[2] ?? 'python3';
const checks = new Checks();
const folder = mkdtempSync(join(tmpdir(), 'plimsoll-backtrader-'));

function csvOf({ closeTime, day, open, high, low, close, volume }: BarSeries): string {
  const rows = Array.from(closeTime, (_, i) => {
    const prices = [open, high, low, close].map((column) => (column[i] / 1e6).toFixed(6));
    return [isoFromDay(day?.[i] ?? 0), ...prices, volume[i]].join();
  });
  return `date,open,high,low,close,volume\n${rows.join('\n')}\n`;
}

try {
  const days = { fromDay: dayFromCivil(2000, 1, 3), toDay: dayFromCivil(2020, 12, 31) };
  const loaded = await loadBarSet({
    folder: join(projectRoot, '../shared/data/sp500/daily'),
    instruments: names,
    adjust: 'total',
    ...days,
  });
  if (!loaded.ok) throw new Error(`the daily bars could not be loaded: ${loaded.error.code}`);
  const bars = loaded.value.set;
  const files = bars.series.map((series) => {
    const file = join(folder, `${series.instrumentID}.csv`);
    writeFileSync(file, csvOf(series));
    return file;
  });
  const run = createRunBacktest('peer');
  const costs = { fees: { kind: 'bps', rate: 100_000 }, slippage: { kind: 'none' }, maxParticipationBps: 1_000 } as const;
  const request: BacktestRequest = {
    strategy: 'mean-reversion',
    parameters: {},
    bars,
    capital: '1000000',
    costs,
    seed: 1,
    keep: 'everything',
  };
  let [seconds, trades, count] = [Infinity, 0, 0];
  for (let n = 0; n < 8; n++) {
    const before = process.cpuUsage();
    const { metrics } = run(request);
    const { user, system } = process.cpuUsage(before);
    seconds = Math.min(seconds, (user + system) / 1e6);
    [trades, count] = [metrics.trades, metrics.bars];
  }
  const peer = JSON.parse(execFileSync(python, [join(projectRoot, 'scripts/ci/backtrader-peer.py'), ...files], { encoding: 'utf8' })) as {
    readonly bars: number;
    readonly seconds: number;
    readonly trades: number;
  };
  const [ours, theirs] = [count / seconds, peer.bars / peer.seconds];
  console.log(
    `plimsoll ${Math.round(ours)} bars/s, ${trades} trades; backtrader ${Math.round(theirs)} bars/s, ${peer.trades} trades; ${Math.round(ours / theirs)} times, the target is ${target}`,
  );
  checks.equal('both saw the same bars', peer.bars, count);
  // stops and sizes differ in detail (no participation, cash is checked): the same kind of run, not the same trades
  checks.check('both traded about as often', peer.trades > 0.7 * trades && peer.trades < 1.4 * trades, `${peer.trades} and ${trades}`);
  checks.check(`at least ${least} times the bars per second`, ours / theirs >= least, `${Math.round(ours / theirs)} times`);
} finally {
  rmSync(folder, { recursive: true });
}
checks.close('backtrader');
