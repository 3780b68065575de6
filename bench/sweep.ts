import { coreDigest } from '../src/apps/desk/core-digest.ts';
import { trialThreads } from '../src/apps/research/trial-threads.ts';
import { prng } from '../src/base/prng.ts';
import type { BarSet } from '../src/ports/backtest.ts';
import { gridOf, parseSpace } from '../src/research/parameter-space.ts';
import { sharedBars } from '../src/research/shared-bars.ts';
import { runSweep } from '../src/research/sweep.ts';
import { pooledRunner } from '../src/research/trial-pool.ts';
import { nodeWorld } from '../src/runtime/threads.ts';
import { movingAverage100 } from '../src/strategies/moving-average/moving-average-1.0.0.ts';
import { machine } from './lib/machine.ts';
import { hasFlag, numberOption } from './lib/options.ts';

/**
 * 1,000 moving-average configurations over 2,500 daily bars of one name, on two threads that share the bars, results ranked: the whole sweep in this process.
 * `seconds` is the best round with threads that have run one sweep before, `coldSeconds` the first one, with starting the threads and compiling the sources
 * in them. Excluded from both: making the bars. Usage: node --import tsx bench/sweep.ts [--rounds 3] [--workers 2] [--seed 1] [--json]
 */
const dates = 2_500;
const configurations = 1_000;

function walk(seed: number): BarSet {
  const luck = prng(`bench sweep ${seed}`);
  let price = 50_000_000;
  const close = Float64Array.from({ length: dates }, () => Math.round((price *= Math.exp(0.012 * luck.normal()))));
  const open = close.map((_, i) => close[Math.max(0, i - 1)]);
  const range = (pick: (a: number, b: number) => number, by: number): Float64Array =>
    close.map((one, i) => Math.round(pick(one, open[i]) * by));
  const series = {
    instrumentID: 'WALK',
    closeTime: Float64Array.from({ length: dates }, (_, i) => (10_959 + i) * 86_400_000_000 + 75_600_000_000),
    open,
    high: range(Math.max, 1.002),
    low: range(Math.min, 0.998),
    close,
    volume: new Float64Array(dates).fill(10_000_000),
  };
  return sharedBars({ series: [series], dataHash: `walk ${seed}`, currency: 'USD', priceUnit: '0.000001', periodsPerYear: 252 });
}

async function main(): Promise<void> {
  const [rounds, workers, seed] = [numberOption('rounds', 3), numberOption('workers', 2), numberOption('seed', 1)];
  const space = parseSpace(['fast=2:21:1', 'slow=30:128:2'], movingAverage100);
  const points = space.ok ? gridOf(space.value, {}) : undefined;
  if (points?.ok !== true || points.value.length !== configurations) throw new Error(`expected ${configurations} configurations`);
  const bars = walk(seed);
  const costs = { fees: { kind: 'bps', rate: 100_000 }, slippage: { kind: 'none' }, maxParticipationBps: 1_000 } as const;
  const base = { strategy: 'moving-average', capital: '1000000', costs, seed };
  const beganAt = performance.now();
  const runner = pooledRunner(trialThreads(nodeWorld, workers, coreDigest()), base, bars);
  const seconds: number[] = [];
  let best = '';
  try {
    for (let round = 0; round <= rounds; round++) {
      const began = round === 0 ? beganAt : performance.now();
      const end = await runSweep(points.value, runner, undefined, { progress: () => undefined, stop: () => false });
      seconds.push((performance.now() - began) / 1_000);
      if (end.kind !== 'done' || end.result.trials.length !== configurations) throw new Error('expected every configuration to be run');
      const ranking = JSON.stringify(end.result);
      if (round > 0 && ranking !== best) throw new Error('a round differs');
      best = ranking;
    }
  } finally {
    await runner.close();
  }
  const [coldSeconds, ...warm] = seconds;
  const fastest = Math.min(...warm);
  const figures = { configurations, dates, workers, seconds: fastest, coldSeconds, barsPerSecond: (configurations * dates) / fastest };
  const excluded = 'making the bars; from seconds also starting the threads and compiling in them (coldSeconds)';
  if (hasFlag('json')) console.log(JSON.stringify({ bench: 'sweep', ...machine(), rounds, excluded, ...figures }));
  else
    console.log(
      `sweep: ${configurations} x ${dates} bars on ${workers} threads in ${fastest.toFixed(2)} s, the first time ${coldSeconds.toFixed(2)} s, best of ${rounds}`,
    );
}

await main();
