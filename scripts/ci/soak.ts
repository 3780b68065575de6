import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { busyMarkets, listings } from '../../bench/lib/busy-markets.ts';
import { soakStrategies, type SoakVersion } from '../../bench/lib/soak-strategies.ts';
import { numberOption } from '../../bench/lib/options.ts';
import { paperSpec } from '../../src/apps/desk/specs.ts';
import { deskEntries, DeskThreads } from '../../src/apps/up/desk-threads.ts';
import type { LatencyBody } from '../../src/apps/up/threads-desk.ts';
import { liveBudget } from '../../src/runtime/hosts/budget.ts';
import { moduleBeside, nodeWorld } from '../../src/runtime/threads.ts';
import { Checks } from './checks.ts';

// A desk on threads under steady quotes and faults (a strategy that never returns, one that throws, in turns): what it keeps after a collection may not
// grow, and it may not fall behind. Usage: scripts/ci/soak.ts [--minutes N] [--gap MICROSECONDS]
const minutes = numberOption('minutes', 30);
const gap = numberOption('gap', 1_000);
const mostGrowth = 0.05;
/** In a few minutes resident memory still takes in what was compiled and pages that are touched for the first time. */
const mostResident = minutes >= 10 ? mostGrowth : 0.15;
/** A lag that a busy machine makes is not one that grows (microseconds). */
const mostLag = 250_000;

process.env['PLIMSOLL_QUOTE_GAP'] = String(gap);
const millis = minutes * 60_000;
const directory = mkdtempSync(join(tmpdir(), 'plimsoll-soak-'));
const module = moduleBeside(import.meta.url, '../../bench/lib/soak-strategies');
const checks = new Checks();
let deaths = '';
const threads = new DeskThreads(
  nodeWorld,
  {
    markets: busyMarkets,
    versions: soakStrategies.map(({ name, version }) => ({ name, version, module })),
    directory,
    coreDigest: '0'.repeat(64),
    seed: '1',
    firmCapital: '1000000000',
    sliceCapital: '1000000',
    hosts: 1,
    spinning: false,
    budget: liveBudget,
  },
  1,
  { line: () => undefined, died: ({ thread, why }) => (deaths += `${thread}: ${why}; `) },
  { ...deskEntries, gateway: moduleBeside(import.meta.url, '../../bench/lib/busy-gateway') },
);

async function deploy({ name, version }: SoakVersion, n: number): Promise<void> {
  const spec = { ...paperSpec(`${name}-${version}`, name, version, 'USD', '1000000'), universe: [busyMarkets[n % listings].listingID] };
  const answer = await threads.ask({ verb: 'deploy', spec }, 30_000);
  if (answer?.exitCode !== 0) throw new Error(`soak: ${name} ${version}: ${answer?.text ?? 'no answer'}`);
}

interface Sample {
  readonly heap: number;
  readonly resident: number;
  readonly lag: number;
  readonly events: number;
  readonly hostsEnded: number;
}

/** What is kept after every thread has collected, and how late the core and the hosts were since the last sample. */
async function sample(): Promise<Sample> {
  const latency = (await threads.ask({ verb: 'latency', reset: true }, 30_000))?.body as LatencyBody | undefined;
  const heaps: number[] = [];
  for (let n = 0; n < 3; n++) {
    heaps.push(
      ((await threads.ask({ verb: 'memory' }, 30_000))?.body as { readonly heapBytes: number } | undefined)?.heapBytes ?? Infinity,
    );
    await sleep(200);
  }
  if (latency === undefined) throw new Error('soak: the core did not answer');
  const { latencies, counts } = latency;
  const lag = Math.max(latencies.tickToStrategy.p50, latencies.loopLag.p50);
  return { heap: Math.min(...heaps), resident: process.memoryUsage.rss(), lag, events: counts.marketEvents, hostsEnded: counts.hostsEnded };
}

const mib = (bytes: number): string => `${(bytes / 1_048_576).toFixed(1)} MiB`;

async function soak(): Promise<void> {
  await threads.ready;
  const good = soakStrategies.filter(({ bad }) => !bad);
  const bad = soakStrategies.filter((one) => one.bad);
  for (const [n, one] of good.entries()) await deploy(one, n);
  const began = performance.now();
  const samples: Sample[] = [];
  // the first third fills rings and compiles code
  const every = millis / 12;
  for (let n = 0; n < 12; n++) {
    await deploy(bad[n], n);
    await sleep(Math.max(0, began + (n + 1) * every - performance.now()));
    const taken = await sample();
    samples.push(taken);
    const { heap, resident, lag, events } = taken;
    console.log(
      `minute ${((performance.now() - began) / 60_000).toFixed(1)}: core keeps ${mib(heap)}, resident ${mib(resident)}, lag p50 ${lag.toFixed(0)} us, ${events} events, load ${loadavg()[0].toFixed(1)}`,
    );
  }
  judge(samples);
}

function judge(samples: readonly Sample[]): void {
  const median = (of: (one: Sample) => number, from: number, to: number): number =>
    samples
      .slice(from, to)
      .map(of)
      .sort((a, b) => a - b)[1];
  const [early, late] = [[4, 7] as const, [9, 12] as const];
  for (const [what, of, most] of [
    ['what the core keeps', (one: Sample) => one.heap, mostGrowth],
    ['resident memory', (one: Sample) => one.resident, mostResident],
  ] as const) {
    const [before, after] = [median(of, ...early), median(of, ...late)];
    const growth = after / before - 1;
    checks.check(
      `${what}: ${mib(before)}, then ${mib(after)}, ${(growth * 100).toFixed(1)} % more, at most ${most * 100} %`,
      growth < most,
    );
  }
  const lag = median((one) => one.lag, ...late);
  checks.check(`lag at the end, p50: ${lag.toFixed(0)} us, at most ${mostLag} us`, lag < mostLag);
  const [last] = samples.slice(-1);
  checks.check('every strategy that never returned had its host ended', last.hostsEnded === 6, `${last.hostsEnded} hosts ended of 6`);
  const wanted = (millis / 12 / gap) * 1_000;
  checks.check(`market events of the last stretch: ${last.events}, at least ${Math.round(wanted * 0.9)}`, last.events >= wanted * 0.9);
}

try {
  await soak();
  const ending = await threads.stop('the soak is over', 30_000);
  checks.check('the desk ended in good order', ending !== undefined && ending.trouble === '', ending?.trouble ?? 'it did not end');
  checks.equal('no thread died', deaths, '');
} finally {
  await threads.stop('the end', 1_000);
  rmSync(directory, { recursive: true, force: true });
}
checks.close('soak');
