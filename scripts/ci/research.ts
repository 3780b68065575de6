import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createRunBacktest } from '../../src/apps/backtest/run-backtest.ts';
import { prng } from '../../src/base/prng.ts';
import type { BarSet } from '../../src/ports/backtest.ts';
import { foldPlan } from '../../src/research/fold-plan.ts';
import { detectLookAhead, type LookAheadReport } from '../../src/research/look-ahead.ts';
import { closeTimesOf } from '../../src/research/shared-bars.ts';
import { deflationOf } from '../../src/research/sweep.ts';
import { ownThreadRunner } from '../../src/research/trial-pool.ts';
import { walkForward } from '../../src/research/walk-forward.ts';
import { variance } from '../../src/quant/stats/moments.ts';
import { cleanSignals } from '../../src/testing/backtest/clean-signals.ts';
import { leakMarket } from '../../src/testing/backtest/leak-market.ts';
import { barSetOf, freeCosts } from '../../src/testing/backtest/plain-backtest.ts';
import { plantedLeaks } from '../../src/testing/backtest/planted-leaks.ts';
import { signalStrategy } from '../../src/testing/backtest/signal-strategy.ts';
import { projectRoot } from '../../src/testing/tidy/tree.ts';
import { Checks } from './checks.ts';
import { list, member, objectOf, plimsoll, start } from './plimsoll.ts';

// Research on the desk's own engine: leaks found, noise without edge, an edge found, and a sweep that is the same for any threads and after a kill.
const checks = new Checks();
const run = createRunBacktest('c'.repeat(64));
const began = performance.now();
const said = (what: string): string => `${what} (${((performance.now() - began) / 1_000).toFixed(0)} s)`;

function judgeLeaks(): void {
  const bars = leakMarket();
  const judged = (name: string, maker: (typeof plantedLeaks)[string]): LookAheadReport =>
    detectLookAhead({
      run,
      request: { strategy: name, parameters: {}, bars, capital: '1000000', costs: freeCosts, seed: 1, keep: 'equity' },
      definitionOf: (visible, until) => signalStrategy('judged', maker(visible, until)),
    });
  const missed = Object.entries(plantedLeaks).filter(([name, maker]) => judged(name, maker).leaks.length === 0);
  // a clean strategy that decides nothing would be clean for no reason
  const blamed = Object.entries(cleanSignals).filter(([name, maker]) => {
    const { leaks, decisions } = judged(name, maker);
    return leaks.length > 0 || decisions <= 5;
  });
  const of = Object.keys(plantedLeaks).length;
  checks.check(
    said(`look-ahead: ${of - missed.length} of ${of} planted leaks found`),
    of === 20 && missed.length === 0,
    missed.map(([name]) => name),
  );
  const clean = Object.keys(cleanSignals).length;
  checks.check(
    said(`look-ahead: none in ${clean} clean strategies`),
    clean === 20 && blamed.length === 0,
    blamed.map(([name]) => name),
  );
}

/** Daily moves of 1 %: independent, or carried on by a drift whose shocks are as large and last some two weeks. */
function market(seed: number, edge: boolean): BarSet {
  const luck = prng(`research step ${seed} ${edge}`);
  let [price, drift] = [50, 0];
  const closes = Array.from({ length: 500 }, () => {
    drift = edge ? 0.93 * drift + 0.01 * luck.normal() : 0;
    return (price *= Math.exp(drift + 0.01 * luck.normal()));
  });
  return barSetOf({ A: closes }, `research ${seed} ${edge}`);
}

const points = [2, 5, 12].flatMap((fast) => [16, 40].map((slow) => ({ fast, slow, capBps: 10_000 })));

async function deflatedOf(bars: BarSet): Promise<number> {
  const base = { strategy: 'moving-average', capital: '1000000', costs: freeCosts, seed: 1 };
  const folds = foldPlan(closeTimesOf(bars), { inSample: 200, outOfSample: 100, mode: 'rolling', purge: 2, embargo: 0 });
  if (!folds.ok) throw new Error(folds.error);
  const plan = { base, bars, points, folds: folds.value };
  const end = await walkForward(plan, ownThreadRunner(run, base, bars), run, { progress: () => undefined, stop: () => false });
  if (end.kind !== 'done') throw new Error(end.kind);
  const { outOfSample, trials } = end.result;
  const sharpes = trials.map(({ sharpe }) => sharpe).filter((sharpe) => sharpe !== null);
  const spread = sharpes.length < 2 ? 0 : variance(sharpes, 'sample');
  return deflationOf(outOfSample, bars.periodsPerYear, { trials: trials.length, variance: spread })?.deflated ?? 0;
}

async function judgeWalkForward(): Promise<void> {
  // neither the size of the edge nor the bar was chosen on these seeds; what is found is a rate, and the bar lies below it
  const [noiseSeeds, edgeSeeds, firstEdge, leastFound] = [100, 40, 3_001, 32];
  const noise: number[] = [];
  for (let seed = 1; seed <= noiseSeeds; seed++) noise.push(await deflatedOf(market(seed, false)));
  const quiet = noise.filter((deflated) => deflated < 0.95).length;
  checks.check(said(`walk-forward on noise: deflated below 0.95 in ${quiet} of ${noiseSeeds} seeds, at least 95`), quiet >= 95);
  const edges: number[] = [];
  for (let n = 0; n < edgeSeeds; n++) edges.push(await deflatedOf(market(firstEdge + n, true)));
  const found = edges.filter((deflated) => deflated >= 0.95).length;
  checks.check(
    said(`walk-forward on a planted edge: found in ${found} of ${edgeSeeds} seeds, at least ${leastFound}`),
    found >= leastFound,
    edges,
  );
}

/** A sweep in a process of its own; its outcomes stay in `dir`. */
function sweepArgs(root: string, dir: string, workers: number): string[] {
  const what = ['sweep', '--strategy', 'moving-average', '--data', '../shared/data/sp500/daily', '--instruments', 'KO,PEP'];
  const dates = ['--from', '2005-01-01', '--to', '2008-12-31', '--fee-bps', '10'];
  const grid = ['--param', 'fast=2:20:2', '--param', 'slow=20:60:5'];
  return [...what, ...dates, ...grid, '--workers', String(workers), '--dir', join(root, dir), '--registry', join(root, 'registry')];
}

async function judgeSweep(root: string): Promise<void> {
  const bytes = (dir: string): string => readFileSync(join(root, dir, 'results.json'), 'utf8');
  const whole = await plimsoll(sweepArgs(root, 'one', 1));
  const two = await plimsoll(sweepArgs(root, 'two', 2));
  checks.equal('sweep on one thread and on two ends well', [whole.status, two.status], [0, 0]);
  checks.check(said('sweep: the same bytes on one thread and on two'), bytes('one') === bytes('two'));
  const lines = (dir: string): number => {
    const path = join(root, dir, 'trials.jsonl');
    return existsSync(path) ? readFileSync(path, 'utf8').split('\n').filter(Boolean).length : 0;
  };
  for (const [dir, signal] of [
    ['killed', 'SIGKILL'],
    ['stopped', 'SIGINT'],
  ] as const) {
    const running = start(sweepArgs(root, dir, 2));
    while (!running.over && lines(dir) < 10) await sleep(20);
    running.signal(signal);
    const ended = await running.ended;
    const kept = lines(dir);
    checks.check(
      `sweep, ${signal}: some of it is kept, not all, and no results`,
      kept >= 10 && kept < 90 && !existsSync(join(root, dir, 'results.json')),
      kept,
    );
    if (signal === 'SIGINT')
      checks.check(
        'sweep, Ctrl-C: exit 1 and one sentence after the lines of progress',
        ended.status === 1 && /^plimsoll: sweep: stopped after \d+ of 90 configurations; the same command goes on$/m.test(ended.stderr),
        `${ended.status}: ${ended.stderr}`,
      );
    const again = await plimsoll(sweepArgs(root, dir, 2));
    checks.check(
      said(`sweep, ${signal}: the same command goes on to the same bytes`),
      again.status === 0 && bytes(dir) === bytes('one'),
      again.stderr,
    );
  }
  const trials = await plimsoll(['trials', '--registry', join(root, 'registry'), '--json']);
  const ran = list(JSON.parse(bytes('one')), 'trials').length;
  checks.equal(
    'trials: four sweeps of the same are as many trials as one',
    [member(objectOf(trials), ['algorithms', '0', 'trials'])],
    [ran],
  );
  const other = await plimsoll([...sweepArgs(root, 'one', 1), '--seed', '9']);
  checks.check(
    'sweep: a folder of another search is refused',
    other.status === 4 && other.stderr.includes('seed: expected 1'),
    other.stderr,
  );
}

judgeLeaks();
await judgeWalkForward();
const root = mkdtempSync(join(tmpdir(), 'plimsoll-research-'));
try {
  if (existsSync(join(projectRoot, '../shared/data/sp500/daily'))) await judgeSweep(root);
  else checks.skip('sweeps over recorded bars', '../shared/data is absent');
} finally {
  rmSync(root, { recursive: true });
}
checks.close('research');
