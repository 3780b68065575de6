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

// Bars per second of CPU beside backtrader, the same bars and rules, one after the other in one run: `backtrader-peer.ts PYTHON [RUNS]`. The bars are all daily files of the S&P 500 folder
// from 2000 to 2020, which are those of the benchmark. Taken off on both sides is loading alone: here the bars are in memory before the clock starts, there opening, reading and
// parsing of the files. Counted on both sides are indicators, orders, broker, the way from bar to bar and the figures of the run: its equity by day with Sharpe ratio and deepest
// drawdown, and what each trade made; there by backtrader's own analyzers. Here also core, gate and ledger. What is had against a backtrader without any figures is said beside it.
// Here the best of twenty runs counts, when V8 has compiled the code (it does through the first ones, in threads whose time counts too; the first is said too), there the best of
// RUNS (one of half a minute where nothing is said).
// The target is 100 times; what is measured is printed, and the step fails where it is less than `least` times either backtrader.
const target = 100;
const least = 60;
const python = process.argv[2] ?? 'python3';
const runs = process.argv[3] ?? '1';
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
    keep: 'equity',
  };
  let [seconds, first, trades, count] = [Infinity, 0, 0, 0];
  let figures: { readonly sharpe: number | null; readonly maxDrawdown: number } = { sharpe: null, maxDrawdown: 0 };
  for (let n = 0; n < 20; n++) {
    const before = process.cpuUsage();
    const { metrics } = run(request);
    const { user, system } = process.cpuUsage(before);
    if (n === 0) first = (user + system) / 1e6;
    seconds = Math.min(seconds, (user + system) / 1e6);
    [trades, count] = [metrics.trades, metrics.bars];
    figures = metrics;
  }
  const peer = JSON.parse(
    execFileSync(python, [join(projectRoot, 'scripts/ci/backtrader-peer.py'), runs, ...files], { encoding: 'utf8' }),
  ) as {
    readonly bars: number;
    readonly seconds: number;
    readonly bareSeconds: number;
    readonly trades: number;
    readonly closed: number;
    readonly sharpe: number;
    readonly maxDrawdown: number;
  };
  const [ours, theirs, bare] = [count / seconds, peer.bars / peer.seconds, peer.bars / peer.bareSeconds];
  const shown = (sharpe: number | null, drawdown: number): string =>
    `Sharpe ${(sharpe ?? NaN).toFixed(2)}, drawdown ${(drawdown * 100).toFixed(1)} %`;
  console.log(
    `plimsoll ${Math.round(ours)} bars/s (${Math.round(count / first)} in its first run), ${trades} trades, ${shown(figures.sharpe, figures.maxDrawdown)}`,
  );
  console.log(`backtrader ${Math.round(theirs)} bars/s, ${peer.trades} trades, ${shown(peer.sharpe, peer.maxDrawdown)}`);
  console.log(
    `${Math.round(ours / theirs)} times, the target is ${target}; without figures backtrader makes ${Math.round(bare)} bars/s: ${Math.round(ours / bare)} times`,
  );
  checks.equal('both saw the same bars', peer.bars, count);
  // stops and sizes differ in detail (no participation, cash is checked): the same kind of run, not the same trades
  checks.check('both traded about as often', peer.trades > 0.7 * trades && peer.trades < 1.4 * trades, `${peer.trades} and ${trades}`);
  checks.check('both made the figures of their trades', peer.closed > 0 && figures.sharpe !== null, `${peer.closed} trades`);
  checks.check(
    `at least ${least} times the bars per second`,
    Math.min(ours / bare, ours / theirs) >= least,
    `${Math.round(Math.min(ours / bare, ours / theirs))} times`,
  );
} finally {
  rmSync(folder, { recursive: true });
}
checks.close('backtrader');
