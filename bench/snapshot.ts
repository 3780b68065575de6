import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { moduleBeside, niceness, nodeWorld } from '../src/runtime/threads.ts';
import { snapshotOf } from '../src/runtime/snapshots.ts';
import { projectRoot } from '../src/testing/tidy/tree.ts';
import { LatencyCounts } from './lib/latency.ts';
import { machine } from './lib/machine.ts';
import { hasFlag, numberOption } from './lib/options.ts';
import { createRestingDesk } from './lib/resting-desk.ts';
import type { BesideTask } from './lib/snapshot-thread.ts';

/**
 * What snapshots cost the core: p99 of a step (a new order, its acknowledgement, its end) with 100,000 orders open, while another thread writes snapshots of the
 * same state a second apart, while it only counts for as long, and while it lies still; by turns, so that what else runs on the machine hits all three. The core's own
 * thread takes no part in a snapshot: what counting costs it is the machine's, the rest the snapshot's (memory, collections, disk). Usage: node --import tsx bench/snapshot.ts [--seed N]
 * [--seconds N of a window] [--rounds N pairs] [--percent N, the share of the time that the other thread works at most; 100 = it takes no rest] [--json]
 */
const openOrders = 100_000;
const tasks = ['nothing', 'snapshots', 'counting'] as const satisfies readonly BesideTask[];
const [seed, seconds, pairs] = [numberOption('seed', 1), numberOption('seconds', 3), numberOption('rounds', 15)];
const share = numberOption('percent', 10) / 100;
const parent = join(projectRoot, '.plimsoll');
mkdirSync(parent, { recursive: true });
const root = mkdtempSync(join(parent, 'bench-snapshot-'));

const desk = createRestingDesk(openOrders);
const none = { segment: 0, offset: 0, lastBatch: 0, lastSeq: 1, tree: { size: 0, subtrees: [] } };
const snapshot = snapshotOf(desk.core, desk.at, 'ab'.repeat(32), none);
const snapshotBytes = snapshot.state.length;
const thread = nodeWorld.spawn({
  name: 'snapshots',
  entry: moduleBeside(import.meta.url, './lib/snapshot-thread'),
  data: { root, state: snapshot.state.slice(), share },
  heapMebibytes: 0,
  niceness: niceness.others,
});
const times: number[] = [];
let ready: () => void = () => undefined;
let still: () => void = () => undefined;
const whenReady = new Promise<void>((resolve) => {
  ready = resolve;
});
thread.onMessage((message) => {
  if (message === 'ready') ready();
  else if (message === 'still') still();
  else times.push(Number(message));
});
await whenReady;

/** One window. @returns p99 of a step in nanoseconds. */
async function window(task: BesideTask): Promise<number> {
  thread.post(task);
  const latency = new LatencyCounts();
  const until = performance.now() + seconds * 1_000;
  while (performance.now() < until) {
    desk.run(200, latency);
    // messages of the other thread
    await new Promise((resolve) => void setImmediate(resolve));
  }
  // a snapshot that is under way belongs to no other window
  const lain = new Promise<void>((resolve) => {
    still = resolve;
  });
  thread.post('nothing');
  await lain;
  return latency.at(0.99);
}

try {
  await window('nothing');
  const [shares, counted]: [number[], number[]] = [[], []];
  const [on, off]: [number[], number[]] = [[], []];
  for (let n = 0; n < pairs; n++) {
    // which comes first changes from pair to pair
    const order = [...tasks.slice(n % tasks.length), ...tasks.slice(0, n % tasks.length)];
    const p99 = { nothing: 0, snapshots: 0, counting: 0 };
    for (const task of order) p99[task] = await window(task);
    on.push(p99.snapshots);
    off.push(p99.nothing);
    shares.push(p99.snapshots / p99.nothing);
    counted.push(p99.counting / p99.nothing);
  }
  const median = (list: number[]): number => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];
  const percent = (list: number[]): number => Math.round((median(list) - 1) * 1_000) / 10;
  const [addedPercent, countingPercent] = [percent(shares), percent(counted)];
  const report = {
    bench: 'snapshot',
    seed,
    pairs,
    seconds,
    share,
    ...machine(),
    excluded: 'making the desk',
    openOrders: desk.open,
    addedPercent,
    countingPercent,
    p99With: median(on),
    p99Without: median(off),
    snapshots: times.length,
    snapshotMillis: Math.round(median(times)),
    snapshotBytes,
  };
  if (hasFlag('json')) console.log(JSON.stringify(report));
  else {
    console.log(
      `snapshots beside ${report.openOrders.toLocaleString('en-US')} open orders, ${pairs} pairs of ${seconds} s; ${report.cpu} x ${report.cores}, Node ${report.node}`,
    );
    console.log(
      `  p99 of a step ${report.p99Without} ns without, ${report.p99With} ns with (${times.length} written, ${(snapshotBytes / 1e6).toFixed(1)} MB and ${report.snapshotMillis} ms each): ${addedPercent} % more, median of the pairs; ${countingPercent} % beside a thread that only counts`,
    );
  }
} finally {
  await thread.end();
  rmSync(root, { recursive: true, force: true });
}
