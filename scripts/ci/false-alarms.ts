import { spawn } from 'node:child_process';
import { bernoulliMixture } from '../../src/quant/evidence/bernoulli-mixture.ts';
import { createBetting } from '../../src/quant/evidence/betting.ts';
import { deflatedSharpe, expectedMaximum } from '../../src/quant/performance/deflated-sharpe.ts';
import { programBeside } from '../../src/testing/program-beside.ts';
import { Checks } from './checks.ts';
import { jobs, paths, type AlarmCount } from './false-alarm-jobs.ts';

// Every sequential test of the evidence is looked at after every datum on at least 20,000 paths that have nothing to be found: how often it speaks is at most
// what it promises, and two tests that promise what they do not keep are seen. Then the printed values of the rollout rules.
const here = programBeside(import.meta.url, './false-alarms');
const share = process.argv[2];
if (share === undefined) await judge();
else for (const job of jobs[Number(share)] ?? []) console.log(JSON.stringify(job()));

async function judge(): Promise<void> {
  const checks = new Checks();
  const started = performance.now();
  const counts = (await Promise.all(jobs.map((_, ix) => work(ix)))).flat();
  for (const count of counts) judgeCount(checks, count);
  const expected = jobs.reduce((sum, one) => sum + one.length, 0);
  checks.equal('every test was counted, each on its paths', [counts.length, counts.every((one) => one.paths >= paths)], [expected, true]);
  console.log(`${counts.length} tests in ${((performance.now() - started) / 1_000).toFixed(1)} s`);
  printedValues(checks);
  checks.close('false-alarms');
}

/** One share in a process of its own: a JSON line per test. */
function work(ix: number): Promise<readonly AlarmCount[]> {
  return new Promise((resolve, reject) => {
    const worker = spawn(process.execPath, [...here, String(ix)], { stdio: ['ignore', 'pipe', 'inherit'] });
    let said = '';
    worker.stdout.setEncoding('utf8').on('data', (chunk: string) => (said += chunk));
    worker.on('error', reject);
    worker.on('close', () => {
      resolve(
        said
          .split('\n')
          .filter((line) => line !== '')
          .map((line) => JSON.parse(line) as AlarmCount),
      );
    });
  });
}

function judgeCount(checks: Checks, { name, alpha, alarms, paths: of, data, planted }: AlarmCount): void {
  const [low, high] = interval(alarms, of);
  const text = `${name}: ${alarms} of ${of} paths of ${data} data, ${percent(alarms / of)} (95 %: ${percent(low)} to ${percent(high)}), promised at most ${percent(alpha)}`;
  // all of the interval lies within the promise; that of a planted fault lies above it
  checks.check(text, planted ? low > alpha : high <= alpha, alarms);
}

/** 95 % interval of a rate (Wilson 1927). */
function interval(events: number, trials: number): readonly [number, number] {
  const z = 1.959_963_985;
  const rate = events / trials;
  const center = rate + (z * z) / (2 * trials);
  const spread = z * Math.sqrt((rate * (1 - rate)) / trials + (z * z) / (4 * trials * trials));
  const scale = 1 + (z * z) / trials;
  return [(center - spread) / scale, (center + spread) / scale];
}

function percent(rate: number): string {
  return `${(100 * rate).toFixed(2)} %`;
}

/** rollout.md 2: error rates, deflated Sharpe, expected maximum; a tail that is not declared is no evidence whatever it earns. */
function printedValues(checks: Checks): void {
  const near = (what: string, found: number | undefined, expected: number, within: number): void => {
    checks.check(`${what} is ${String(found)}, printed ${expected}`, found !== undefined && Math.abs(found - expected) <= within, found);
  };
  near('1 error of 99 at 1 %', bernoulliMixture(1, 99, 0.01), 0.26, 0.005);
  near('3 errors of 20 at 1 %', bernoulliMixture(3, 20, 0.01), 89, 0.5);
  near('5 errors of 50 at 1 %', bernoulliMixture(5, 50, 0.01), 379, 0.5);
  near('E[max Z] of 10', expectedMaximum(10), 1.574598, 1e-6);
  near('E[max Z] of 100', expectedMaximum(100), 2.530603, 1e-6);
  const estimate = { sharpe: 2.5 / Math.sqrt(250), observations: 1_250, skewness: -3, kurtosis: 10 };
  near('SR0 of 100 trials', deflatedSharpe(estimate, 100, 0.5 / 250)?.benchmark, 0.113172, 1e-6);
  near('DSR of 100 trials', deflatedSharpe(estimate, 100, 0.5 / 250)?.probability, 0.9004, 5e-5);
  near('DSR of 46 trials', deflatedSharpe(estimate, 46, 0.5 / 250)?.probability, 0.9505, 5e-5);
  const unknown = createBetting({ side: 'edge', nullMean: 0, grid: [1], stressMove: undefined });
  checks.equal('a tail that is not declared', unknown.ok ? 'bets' : unknown.error.code, 'UNBOUNDED_TAIL');
}
