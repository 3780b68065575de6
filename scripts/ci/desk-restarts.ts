import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { prng } from '../../src/base/prng.ts';
import { Checks } from './checks.ts';
import { plimsoll, start } from './plimsoll.ts';
import { PhaseTimes } from './phase-times.ts';

// Whole desks, killed again and again on one directory: each next one goes on, restricted until the venues are compared. Measured from the start of the process to its
// authority back, the start of Node, the recovery and the comparison included: `up` on the wall clock, and the story, whose simulated venue is led through its past.
// Usage: desk-restarts.ts [KILLS of `up`] [KILLS of the story] [SEED]
const kills = Number(process.argv[2] ?? 3);
const storyKills = Number(process.argv[3] ?? Math.min(3, kills));
const seed = Number(process.argv[4] ?? 1);
const limitMillis = 2_000;
/** Kills of which a p99 says something. */
const enoughForP99 = 100;
/** A new directory after so many: a story is an hour and a half long. */
const killsPerStory = 10;
/** Virtual seconds per second. */
const speed = '60';

const checks = new Checks();
const root = mkdtempSync(join(tmpdir(), 'plimsoll-restarts-'));
const luck = prng(`restarts ${seed}`);
const ladder = join(root, 'ladder.yaml');

writeFileSync(
  ladder,
  `apiVersion: plimsoll/v1
kind: Deployment
deploymentId: maker-ladder
strategy: Canary
algorithmId: maker
version: 1.0.0
configuration:
  totalCapital: "10000000"
  currency: USD
  clock: { kind: wall }
  stages: [{ name: Micro, allocation: 0.01, minDuration: PT8H, minPnL: 0, minTrades: 1000 }]
  autoProgress: true
  rollbackThresholds: { maxDailyLoss: 0.9, maxDrawdown: 0.9, maxErrorRate: 0.9 }
  rollback: { flatten: limit, flattenSlippageBps: 100 }
`,
);

interface Kind {
  readonly name: string;
  readonly args: (directory: string) => readonly string[];
  /** What a first desk says when there is something to go on with. */
  readonly begun: RegExp;
  readonly prepare?: (directory: string) => Promise<unknown>;
}

const up: Kind = {
  name: 'up',
  args: (directory) => ['up', '--dir', directory, '--port', '0'],
  begun: /granted\s+Micro/,
  prepare: (directory) => plimsoll(['deploy', '-f', ladder, '--dir', directory]),
};
const story: Kind = { name: 'demo', args: (directory) => ['demo', '--dir', directory, '--speed', speed], begun: /granted\s+Micro/ };

/** Starts a desk and kills it a little later. @returns what it said until it traded; undefined = it did not. */
async function once(
  kind: Kind,
  directory: string,
  first: boolean,
): Promise<{ readonly millis: number; readonly said: string } | undefined> {
  const began = performance.now();
  const desk = start(kind.args(directory));
  if (first && kind.prepare !== undefined && (await desk.says(/started in/))) await kind.prepare(directory);
  const traded = await desk.says(first ? kind.begun : /trading\s/);
  const millis = performance.now() - began;
  // a story tells what its start took when it goes on only
  if (!first) await desk.says(/started in/);
  await sleep(luck.int(first ? 2_000 : 300));
  desk.signal('SIGKILL');
  const { stdout, stderr } = await desk.ended;
  if (!traded) console.log(stdout.slice(-600), stderr.slice(-600));
  return traded ? { millis, said: stdout } : undefined;
}

async function restarts(kind: Kind, count: number, perDirectory: number): Promise<void> {
  const times = new PhaseTimes();
  for (let n = 0; n < count; n++) {
    const directory = join(root, `${kind.name}-${Math.floor(n / perDirectory)}`);
    if (n % perDirectory === 0) await once(kind, directory, true);
    const traded = await once(kind, directory, false);
    const phased = traded !== undefined && times.take(traded.millis, traded.said);
    checks.check(`${kind.name}, restart ${n + 1}: traded again after ${traded?.millis.toFixed(0) ?? '?'} ms and said what took it`, phased);
  }
  console.log(times.text(`${kind.name}, from the start of a process to trading, ${times.count} kills (target p99 ${limitMillis} ms)`));
  if (count >= enoughForP99)
    checks.check(`${kind.name}: p99 of ${count} kills below ${limitMillis} ms`, times.p99 < limitMillis, times.p99);
}

try {
  await restarts(up, kills, kills);
  await restarts(story, storyKills, killsPerStory);
} catch (error) {
  checks.check('the step came to its end', false, String(error));
} finally {
  rmSync(root, { recursive: true, force: true });
}
checks.close('desk-restarts');
