import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { prng } from '../base/prng.ts';
import type { ParameterValues } from '../ports/strategy.ts';
import { crossing } from '../testing/backtest/crossing.ts';
import { barSetOf, freeCosts, plainBacktest } from '../testing/backtest/plain-backtest.ts';
import { gridOf } from './parameter-space.ts';
import { RunFolder } from './run-folder.ts';
import { sharedBars } from './shared-bars.ts';
import { countOf, deflationOf, runSweep } from './sweep.ts';
import { answerTrials, ownThreadRunner, pooledRunner, type FromWorker, type TrialLink, type TrialRunner } from './trial-pool.ts';

const run = plainBacktest([crossing]);
const base = { strategy: 'crossing', capital: '1000000', costs: freeCosts, seed: 1 };
const luck = prng('sweep test');
let price = 50;
const bars = barSetOf({ A: Array.from({ length: 300 }, () => (price *= Math.exp(0.01 * luck.normal()))) });
const grid = gridOf(
  [
    { kind: 'values', name: 'fast', values: [2, 4, 8, 16] },
    { kind: 'values', name: 'slow', values: [4, 10, 20, 40, 80] },
  ],
  {},
);
const points: readonly ParameterValues[] = grid.ok ? grid.value : [];
const plan = { strategy: 'crossing', dataHash: bars.dataHash, points: points.length };

/** A worker that answers through the event loop, each after its own while, and sees only clones. */
function link(seed: string, dieAfter = Infinity): TrialLink {
  const answer = answerTrials(run);
  const random = prng(seed);
  let listener: (message: FromWorker) => void = () => undefined;
  let end: (sentence: string) => void = () => undefined;
  let answered = 0;
  return {
    post(message) {
      const reply = answer(structuredClone(message));
      if (reply === undefined) return;
      setTimeout(() => (answered++ < dieAfter ? listener(structuredClone(reply)) : end('worker 1 is gone')), random.int(5));
    },
    onMessage: (given) => void (listener = given),
    onEnd: (given) => void (end = given),
    close: () => Promise.resolve(),
  };
}

function pool(workers: number): TrialRunner {
  return pooledRunner(
    Array.from({ length: workers }, (_, i) => link(`${workers}/${i}`)),
    base,
    sharedBars(bars),
  );
}

const quiet = { progress: () => undefined, stop: () => false };

async function sweep(runner: TrialRunner, folder?: RunFolder): Promise<string> {
  const end = await runSweep(points, runner, folder, quiet);
  return end.kind === 'done' ? JSON.stringify(end.result) : `stopped at ${end.done}`;
}

let home = '';
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'plimsoll-sweep-'));
});
afterEach(() => rmSync(home, { recursive: true }));

function opened(path: string, wanted: object = plan): RunFolder {
  const folder = RunFolder.open(path, { ...wanted });
  if (!folder.ok) throw new Error(folder.error);
  return folder.value;
}

describe('a sweep', () => {
  it('has the same bytes for any number of workers, sorted, with what was refused beside it', async () => {
    const own = await sweep(ownThreadRunner(run, base, bars));
    for (const workers of [1, 2, 5]) expect(await sweep(pool(workers)), `${workers} workers`).toBe(own);
    const result = JSON.parse(own) as { trials: { sharpe: number | null }[]; refused: { refused: string }[] };
    expect([result.trials.length, result.refused.length]).toEqual([16, 4]);
    expect(result.refused[0].refused).toBe('fast: expected less than slow 4, was 4');
    const sharpes = result.trials.map(({ sharpe }) => sharpe ?? -Infinity);
    expect(sharpes).toEqual([...sharpes].sort((a, b) => b - a));
    expect(new Set(sharpes).size).toBeGreaterThan(10);
  });
  it('stopped and gone on with, it ends with the bytes of an undisturbed one', async () => {
    const whole = await sweep(pool(2));
    let done = 0;
    const first = opened(home);
    const stopped = await runSweep(points, pool(2), first, { progress: (count) => void (done = count), stop: () => done >= 6 });
    first.close();
    expect(stopped.kind).toBe('stopped');
    const second = opened(home);
    expect(second.done.size).toBe(done);
    expect(second.done.size).toBeLessThan(points.length);
    let ran = 0;
    const counted = pool(3);
    const runner: TrialRunner = {
      ...counted,
      run: (tasks, take, stop) => counted.run(tasks, (some) => (take(some), (ran += some.length)), stop),
    };
    expect(await sweep(runner, second)).toBe(whole);
    expect(ran).toBe(points.length - done);
    second.finish(whole);
    second.close();
    expect(readFileSync(join(home, 'results.json'), 'utf8')).toBe(whole);
  });
  it('a line that a kill cut short is run again and spoils nothing', async () => {
    const folder = opened(home);
    const whole = await sweep(pool(2), folder);
    folder.close();
    const path = join(home, 'trials.jsonl');
    const text = readFileSync(path, 'utf8');
    for (const kept of [text.length - 2, Math.floor(text.length / 2), 5]) {
      writeFileSync(path, text.slice(0, kept));
      const again = opened(home);
      expect(again.done.size).toBeLessThan(points.length);
      expect(await sweep(pool(2), again)).toBe(whole);
      again.close();
    }
    appendFileSync(path, '{"index":3');
    expect(opened(home).done.size).toBe(points.length);
  });
  it('a folder of another search is refused with the first difference', () => {
    opened(home).close();
    const other = RunFolder.open(home, { ...plan, dataHash: 'other' });
    expect(other.ok || other.error).toContain('dataHash: expected "test" as this folder began with, was "other"');
    const wider = RunFolder.open(home, { ...plan, seed: 3 });
    expect(wider.ok || wider.error).toContain('seed: expected nothing as this folder began with, was 3');
  });
  it('a worker that dies ends the sweep with its sentence', async () => {
    const runner = pooledRunner([link('a'), link('b', 1)], base, sharedBars(bars));
    await expect(runSweep(points, runner, undefined, quiet)).rejects.toThrow('worker 1 is gone');
  });
});

describe('the best of many', () => {
  it('is deflated by how many there were', async () => {
    const end = await runSweep(points, ownThreadRunner(run, base, bars), undefined, quiet);
    if (end.kind !== 'done') throw new Error('stopped');
    const [best] = end.result.trials;
    const count = countOf(end.result.trials);
    expect(count.trials).toBe(16);
    const alone = deflationOf(best, 252, { trials: 1, variance: count.variance });
    const among = deflationOf(best, 252, count);
    expect(alone?.deflated).toBe(alone?.probabilistic);
    expect(among?.benchmark).toBeGreaterThan(0);
    expect(among?.deflated).toBeLessThan(alone?.deflated ?? 0);
    expect(deflationOf({ ...best, sharpe: null }, 252, count)).toBeUndefined();
  });
});
