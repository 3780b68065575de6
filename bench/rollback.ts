import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ladderSpec, paperSpec } from '../src/apps/desk/specs.ts';
import { DeskThreads, type ThreadEntries } from '../src/apps/up/desk-threads.ts';
import type { Command } from '../src/domain/command.ts';
import { liveBudget } from '../src/runtime/hosts/budget.ts';
import { maySpin } from '../src/runtime/rings/doorbell.ts';
import { monotonicMicros } from '../src/runtime/shared-clock.ts';
import { moduleBeside, nodeWorld } from '../src/runtime/threads.ts';
import { busyMarkets, listings } from './lib/busy-markets.ts';
import { machine } from './lib/machine.ts';
import { hasFlag, numberOption } from './lib/options.ts';
import { restingOrders, rollbackStrategies } from './lib/rollback-strategies.ts';
import type { Collection, Moment } from './lib/thread-clock.ts';
import { collectionsOf, whereTimeWent, type Span } from './lib/where-time-went.ts';
import { WireStamps } from './lib/wire-stamps.ts';

/**
 * How quickly a version loses its authority, on a whole desk on threads under load: 100 strategies, 10,000 quotes a second, 500 open orders of the version at a venue that
 * is 5 ms away each way and takes 1,000 messages a second (a bucket of 1,000, of which orders leave 200). Each repetition deploys the version, lowers its allocation,
 * tightens a limit of its orders, rolls it back and lifts it. Times are counted from the moment at which the core has the command; `toAnswer` is the caller's view, the durable record included. Then kills of
 * desks of their own, each with a spinning strategy and a disk that takes nothing from the kill on.
 * Usage: node --import tsx bench/rollback.ts [--repetitions N] [--kills N] [--quotes PER SECOND] [--seed N] [--json]
 */
const repetitions = Math.max(1, numberOption('repetitions', 1_000));
const kills = Math.max(1, numberOption('kills', Math.ceil(repetitions / 10)));
const seed = numberOption('seed', 1);
const quotes = Math.max(100, numberOption('quotes', 10_000));
const cores = availableParallelism();
const module = moduleBeside(import.meta.url, './lib/rollback-strategies');
const entries: ThreadEntries = {
  core: moduleBeside(import.meta.url, './lib/rollback-core'),
  gateway: moduleBeside(import.meta.url, './lib/rollback-gateway'),
};
/** After so many repetitions the heap of the core is what the later one is held against. */
const settled = 20;
const total = 1_000_000;
/** Allocation of the version in 0.0001, and what it is lowered to. */
const [granted, lowered] = [1_000, 333];
/** Base units of the first limit on its orders; each repetition tightens it by one. */
const tightest = 1_000_000_000;
const load = loadavg()[0];
const died: string[] = [];
/** What the desk said last, shown when it does not do what is measured. */
const lastLines: string[] = [];
const keptLines = 12;

interface Marks {
  readonly asked: Moment;
  readonly registered: Moment;
  readonly fenced: Moment;
  readonly changed: Moment;
  readonly limited: Moment;
  readonly completed: Moment;
  readonly uncertain: number;
  readonly venueMicros: number;
  readonly capHi: number;
  readonly capLo: number;
  readonly accepted?: boolean;
  readonly text?: string;
}

function begin(directory: string, callMillis: number): DeskThreads {
  process.env['PLIMSOLL_QUOTE_GAP'] = String(1_000_000 / quotes);
  const settings = {
    markets: busyMarkets,
    versions: rollbackStrategies.map(({ name, version }) => ({ name, version, module })),
    directory,
    coreDigest: '0'.repeat(64),
    seed: String(seed),
    firmCapital: '1000000000',
    sliceCapital: String(total),
    hosts: Math.max(2, cores - 1),
    spinning: maySpin(cores),
    budget: { ...liveBudget, callMillis, heapMebibytes: 64, proposalsPerSecond: 100_000 },
  };
  return new DeskThreads(nodeWorld, settings, seed, { line: keepLine, died: ({ thread, why }) => died.push(`${thread}: ${why}`) }, entries);
}

function keepLine(text: string): void {
  lastLines.push(text);
  if (lastLines.length > keptLines) lastLines.shift();
}

/** The core's own words beside a failure. */
function trouble(what: string): Error {
  return new Error([`bench/rollback.ts: ${what}`, ...died, ...lastLines].join('\n  '));
}

async function deploy(threads: DeskThreads, spec: object): Promise<void> {
  const answer = await threads.ask({ verb: 'deploy', spec }, 30_000);
  if (answer?.exitCode !== 0) throw trouble(answer?.text ?? 'no answer');
}

function restingSpec(n: number, listing: number): object {
  const terms = { paper: 'PT1H', micro: 'PT1H', small: 'PT1H', medium: 'PT1H', minTrades: 1, totalCapital: String(total), currency: 'USD' };
  const { configuration, ...rest } = ladderSpec(`r${n}`, 'resting', '1.0.0', {
    ...terms,
    maxDailyLoss: 0.5,
    maxDrawdown: 0.5,
    parameters: {},
  });
  const stages = [{ name: 'Only', allocation: granted / 10_000, minDuration: 'PT10H', minPnL: 0, minTrades: 1 }];
  const rollback = { flatten: 'none', reactivatePrevious: 'never' };
  return {
    ...rest,
    universe: [0, 1].map((k) => busyMarkets[(listing + k) % listings].listingID),
    configuration: { ...(configuration as object), stages, rollback, rollbackThresholds: { maxDailyLoss: 0.5 } },
  };
}

async function command(threads: DeskThreads, asked: Command): Promise<Marks> {
  const answer = await threads.ask({ verb: 'command', command: asked }, 30_000);
  const marks = answer?.body as Marks | undefined;
  if (marks?.accepted !== true) throw trouble(`${asked.verb}: ${marks?.text ?? 'no answer'}`);
  return marks;
}

async function marksOf(threads: DeskThreads): Promise<Marks> {
  const answer = await threads.ask({ verb: 'marks' }, 30_000);
  if (answer === undefined) throw trouble('the core did not answer');
  return answer.body as Marks;
}

/** What the core keeps, bytes, after every thread has collected its garbage. */
async function heapOf(threads: DeskThreads): Promise<number> {
  await threads.ask({ verb: 'memory' }, 30_000);
  const answer = await threads.ask({ verb: 'heap' }, 30_000);
  if (answer === undefined) throw trouble('the core did not answer');
  return (answer.body as { readonly heapBytes: number }).heapBytes;
}

async function until(what: () => boolean | Promise<boolean>, millis: number, name: string): Promise<void> {
  for (const end = performance.now() + millis; !(await what()); await sleep(2))
    if (performance.now() > end) throw trouble(`${name} took longer than ${millis} ms`);
}

/** Microseconds by name, one of each repetition. */
const times = new Map<string, number[]>();
function note(name: string, micros: number): void {
  const list = times.get(name) ?? [];
  list.push(micros);
  times.set(name, list);
}
type Spans = Record<'deploy' | 'allocation' | 'limit' | 'fence' | 'complete', Span[]>;
const spans: Spans = { deploy: [], allocation: [], limit: [], fence: [], complete: [] };
function noteSpan(name: keyof Spans, from: Moment, to: Moment): void {
  note(name, to.at - from.at);
  spans[name].push({ from, to });
}
let collections: readonly Collection[] = [];
let [heapBefore, heapAfter] = [0, 0];
let [inexact, uncertain, marketEvents, marketSeconds, fewest] = [0, 0, 0, 0, Infinity];

/** Cancels that were sent again have left. */
async function quiet(wire: WireStamps): Promise<void> {
  for (let before = -1; before !== wire.get('cancels'); await sleep(60)) before = wire.get('cancels');
}

/** One life of the version, from its deployment to the two people who lift it. */
async function repetition(threads: DeskThreads, wire: WireStamps, n: number): Promise<void> {
  await quiet(wire);
  wire.clear();
  const asked = monotonicMicros();
  await deploy(threads, restingSpec(n, n));
  note('deployToAnswer', monotonicMicros() - asked);
  const deployed = await marksOf(threads);
  noteSpan('deploy', deployed.asked, deployed.registered);
  await until(() => wire.get('sends') >= restingOrders, 60_000, 'placing the orders');
  // the last of them is acknowledged
  await sleep(20);
  const slice = { sliceID: 'resting@main.USD', version: '1.0.0', reason: 'measured' } as const;
  const lower = await command(threads, { verb: 'allocate', ...slice, allocation: lowered });
  noteSpan('allocation', lower.asked, lower.changed);
  // exact: floor(total x allocation / 10,000), in 10^-12 of the currency
  const cap = BigInt(lower.capHi) * 2n ** 48n + BigInt(lower.capLo);
  if (cap !== (BigInt(total) * 10n ** 12n * BigInt(lowered)) / 10_000n) inexact++;
  const tightened = monotonicMicros();
  const key = { scope: 'version', scopeID: 'resting@main.USD/1.0.0', limit: 'maxOrderQty' } as const;
  const limit = await command(threads, { verb: 'setLimit', key, value: tightest - n });
  note('limitToAnswer', monotonicMicros() - tightened);
  noteSpan('limit', limit.asked, limit.limited);
  const pressed = monotonicMicros();
  const rollback = await command(threads, { verb: 'rollback', deploymentID: `r${n}`, reason: 'measured' });
  const arrived = rollback.asked.at;
  note('rollbackToAnswer', monotonicMicros() - pressed);
  noteSpan('fence', rollback.asked, rollback.fenced);
  await until(async () => (await marksOf(threads)).completed.at > 0, 5_000, 'the rollback');
  const over = await marksOf(threads);
  // what the throttle still held never left, and needs no cancel
  fewest = Math.min(fewest, wire.get('cancels'));
  note('firstCancel', wire.get('firstCancelAt') - arrived);
  note('allCancels', wire.get('lastCancelAt') - arrived);
  note('venueClock', over.venueMicros);
  noteSpan('complete', rollback.asked, over.completed);
  uncertain += over.uncertain;
  // on a machine that was taken away for a second, orders are uncertain until the venue has answered
  const unhalt = { verb: 'command', command: { verb: 'unhalt', ...slice } };
  await until(
    async () => ((await threads.ask(unhalt, 30_000))?.body as Marks | undefined)?.accepted === true,
    30_000,
    'lifting the version',
  );
}

async function rollbacks(): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'plimsoll-bench-'));
  // the machine may be shared: nobody but the one that spins is to be blamed for its time
  const threads = begin(directory, 2_000);
  try {
    await threads.ready;
    for (const [n, { name, version }] of rollbackStrategies.slice(0, -2).entries()) {
      const universe = [n % listings, (n + 37) % listings].map((ix) => busyMarkets[ix].listingID);
      await deploy(threads, { ...paperSpec(`${name}-${version}`, name, version, 'USD', String(total)), universe });
    }
    await threads.ask({ verb: 'latency', reset: true });
    const began = performance.now();
    const wire = new WireStamps(threads.gatewayBoard);
    for (let n = 0; n < repetitions; n++) {
      await repetition(threads, wire, n);
      if (n === Math.min(settled, repetitions - 1)) heapBefore = await heapOf(threads);
    }
    heapAfter = await heapOf(threads);
    collections =
      ((await threads.ask({ verb: 'collections' }, 10_000))?.body as { collections?: Collection[] } | undefined)?.collections ?? [];
    const answer = await threads.ask({ verb: 'latency' }, 10_000);
    marketEvents = (answer?.body as { counts?: { marketEvents?: number } } | undefined)?.counts?.marketEvents ?? 0;
    marketSeconds = (performance.now() - began) / 1_000;
    const ending = await threads.stop('measured', 20_000);
    if (ending?.trouble !== '') throw new Error(`bench/rollback.ts: ${ending?.trouble ?? 'the core did not end'}`);
  } finally {
    await threads.stop('the end', 1_000);
    rmSync(directory, { recursive: true, force: true });
  }
}

/** From the kill to the first and the last cancel at the venue, while a strategy spins and the disk takes nothing. */
async function killed(n: number): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'plimsoll-bench-'));
  process.env['PLIMSOLL_FULL_DISK'] = '1';
  // the one that spins is to spin throughout
  const threads = begin(directory, 60_000);
  try {
    await threads.ready;
    const wire = new WireStamps(threads.gatewayBoard);
    await deploy(threads, restingSpec(n, n));
    await until(() => wire.get('sends') >= restingOrders, 60_000, 'placing the orders');
    await deploy(threads, { ...paperSpec('spins', 'spinning', '1.0.0', 'USD', String(total)), universe: [busyMarkets[50].listingID] });
    await sleep(50);
    const pressed = monotonicMicros();
    void threads.kill('measured');
    await until(() => wire.get('cancels') >= restingOrders * 0.95, 10_000, 'the cancels of the kill');
    note('killFirstCancel', wire.get('firstCancelAt') - pressed);
    note('killAllCancels', wire.get('lastCancelAt') - pressed);
  } finally {
    await threads.stop('the end', 500);
    delete process.env['PLIMSOLL_FULL_DISK'];
    rmSync(directory, { recursive: true, force: true });
  }
}

function quantile(sorted: readonly number[], q: number): number {
  return Math.round(sorted[Math.min(sorted.length - 1, Math.ceil(q * sorted.length) - 1)]) / 1_000;
}

const mebibytes = (bytes: number): number => Math.round(bytes / 2 ** 20);

await rollbacks();
for (let n = 0; n < kills; n++) await killed(n);
const millis = Object.fromEntries(
  [...times].map(([name, list]) => {
    const sorted = [...list].sort((a, b) => a - b);
    return [name, { n: list.length, p50: quantile(sorted, 0.5), p99: quantile(sorted, 0.99), max: quantile(sorted, 1) }];
  }),
);
const figures = {
  bench: 'rollback',
  seed,
  ...machine(),
  load,
  loadAfter: loadavg()[0],
  excluded: 'starting, placing the orders',
  strategies: rollbackStrategies.length - 1,
  repetitions,
  kills,
  marketEventsPerSecond: Math.round(marketEvents / marketSeconds),
  openOrders: restingOrders,
  inexactAllocations: inexact,
  fewestCancels: fewest,
  uncertainOrders: uncertain,
  core: Object.fromEntries(Object.entries(spans).map(([stage, list]) => [stage, whereTimeWent(list, collections)])),
  coreHeapMebibytes: { early: mebibytes(heapBefore), late: mebibytes(heapAfter) },
  collections: collectionsOf(collections, marketSeconds),
  millis,
};
console.log(hasFlag('json') ? JSON.stringify(figures) : JSON.stringify(figures, null, 1));
