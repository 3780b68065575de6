import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { paperSpec } from '../src/apps/desk/specs.ts';
import { deskEntries, DeskThreads } from '../src/apps/up/desk-threads.ts';
import type { LatencyBody } from '../src/apps/up/threads-desk.ts';
import { liveBudget } from '../src/runtime/hosts/budget.ts';
import { maySpin } from '../src/runtime/rings/doorbell.ts';
import { moduleBeside, nodeWorld } from '../src/runtime/threads.ts';
import { busyMarkets, listings } from './lib/busy-markets.ts';
import { busyStrategies } from './lib/busy-strategies.ts';
import { incidentOf } from './lib/host-incident.ts';
import { hostLines, textOfLine, type Line } from './lib/host-lines.ts';
import { machine } from './lib/machine.ts';
import { hasFlag, numberOption } from './lib/options.ts';

/**
 * A desk on threads with 100 strategies and 10,000 quotes a second, each quote heard by two; one strategy begins to spin and one leaks. What the running desk
 * measures of itself, and from its journal: how long each innocent was without an order, how long cancels took. Venues answer at once. Excluded: starting.
 * Ends with a line for each promise. Usage: node --import tsx bench/hosts.ts [--seconds N] [--seed N] [--no-faults] [--json]
 */
const seconds = Math.max(10, numberOption('seconds', 30));
/** A run that is not over by then has hung: it ends with that sentence (ms). */
const longest = (seconds + 60) * 1_000;
setTimeout(() => {
  console.error(`bench/hosts.ts: expected to be over within ${longest / 1_000} s`);
  process.exit(1);
}, longest).unref();
const seed = numberOption('seed', 1);
const faults = !hasFlag('no-faults');
const cores = availableParallelism();
const directory = mkdtempSync(join(tmpdir(), 'plimsoll-bench-'));
const module = moduleBeside(import.meta.url, './lib/busy-strategies');
const load = loadavg()[0];

const threads = new DeskThreads(
  nodeWorld,
  {
    markets: busyMarkets,
    versions: busyStrategies.map(({ name, version }) => ({ name, version, module })),
    directory,
    coreDigest: '0'.repeat(64),
    seed: String(seed),
    firmCapital: '1000000000',
    sliceCapital: '1000000',
    hosts: Math.max(1, cores - 1),
    spinning: maySpin(cores),
    budget: { ...liveBudget, heapMebibytes: 64 },
  },
  seed,
  { line: () => undefined, died: ({ thread, why }) => console.error(`${thread} died: ${why}`) },
  { ...deskEntries, gateway: moduleBeside(import.meta.url, './lib/busy-gateway') },
);

async function deploy(n: number): Promise<void> {
  const { name, version } = busyStrategies[n];
  const bad = name === 'spinner' || name === 'leaker';
  const spec = {
    ...paperSpec(`${name}-${version}`, name, version, 'USD', '1000000'),
    universe: [n % listings, (n + 37) % listings].map((ix) => busyMarkets[ix].listingID),
    ...(bad ? { algorithm: { artifact: name, parameters: { after: name === 'spinner' ? 1_200 : 1 } } } : {}),
  };
  const answer = await threads.ask({ verb: 'deploy', spec }, 30_000);
  if (answer?.exitCode !== 0) throw new Error(`bench/hosts.ts: ${name} ${version}: ${answer?.text ?? 'no answer'}`);
}

async function measure(): Promise<Readonly<Record<string, unknown>> & { readonly lines: readonly Line[] }> {
  await threads.ready;
  const last = busyStrategies.length - (faults ? 0 : 2);
  for (let n = 0; n < last; n++) await deploy(n);
  // what was deployed has begun when nobody is behind any more
  await sleep(2_000);
  await threads.ask({ verb: 'latency', reset: true });
  const began = performance.now();
  const cpu = process.cpuUsage();
  await sleep(seconds * 1_000);
  const { user, system } = process.cpuUsage(cpu);
  const answer = await threads.ask({ verb: 'latency' }, 10_000);
  const body = answer?.body as LatencyBody | undefined;
  if (body === undefined) throw new Error('bench/hosts.ts: the core did not answer');
  const elapsed = (performance.now() - began) / 1_000;
  const ending = await threads.stop('measured', 20_000);
  if (ending?.trouble !== '') throw new Error(`bench/hosts.ts: ${ending?.trouble ?? 'the core did not end'}`);
  const incident = await incidentOf(directory, faults);
  return {
    seconds: Math.round(elapsed * 10) / 10,
    cpuShare: Math.round(((user + system) / 1e6 / elapsed) * 100) / 100,
    marketEventsPerSecond: Math.round(body.counts.marketEvents / elapsed),
    counts: body.counts,
    lines: hostLines(body.latencies, incident, faults),
    latencies: body.latencies,
    incident,
  };
}

try {
  const measured = await measure();
  const figures = {
    bench: 'hosts',
    seed,
    ...machine(),
    load,
    loadAfter: loadavg()[0],
    excluded: 'starting',
    strategies: busyStrategies.length,
    faults,
    ...measured,
  };
  if (hasFlag('json')) console.log(JSON.stringify(figures));
  else {
    console.log(JSON.stringify(figures, null, 1));
    for (const line of measured.lines) console.log(textOfLine(line));
  }
} finally {
  await threads.stop('the end', 1_000);
  rmSync(directory, { recursive: true, force: true });
}
