import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { nodeWorld } from '../src/runtime/threads.ts';
import { snapshotOf } from '../src/runtime/snapshots.ts';
import { LatencyCounts } from './lib/latency.ts';
import { machine } from './lib/machine.ts';
import { hasFlag, numberOption } from './lib/options.ts';
import { createRestingDesk } from './lib/resting-desk.ts';

/**
 * What snapshots cost the core: p99 of a step (a new order, its acknowledgement, its end) with 100,000 orders open, while another thread writes snapshots of the
 * same state all the time, and while it writes none; by turns, so that what else runs on the machine hits both. Usage: node --import tsx bench/snapshot.ts [--seed N]
 * [--seconds N of a window] [--rounds N pairs] [--json]
 */
const openOrders = 100_000;
const [seed, seconds, pairs] = [numberOption('seed', 1), numberOption('seconds', 1), numberOption('rounds', 15)];
const parent = join(import.meta.dirname, '../.plimsoll');
mkdirSync(parent, { recursive: true });
const root = mkdtempSync(join(parent, 'bench-snapshot-'));

const desk = createRestingDesk(openOrders);
const none = { segment: 0, offset: 0, lastBatch: 0, lastSeq: 1, tree: { size: 0, subtrees: [] } };
const snapshot = snapshotOf(desk.core, desk.at, 'ab'.repeat(32), none);
const snapshotBytes = snapshot.state.length;
const thread = nodeWorld.spawn({
  name: 'snapshots',
  entry: new URL('./lib/snapshot-thread.ts', import.meta.url).href,
  data: { root, state: snapshot.state.slice() },
  heapMebibytes: 0,
});
let taken = 0;
let ready: () => void = () => undefined;
const whenReady = new Promise<void>((resolve) => {
  ready = resolve;
});
thread.onMessage((message) => {
  if (message === 'ready') ready();
  else taken += 1;
});
await whenReady;

/** One window. @returns p99 of a step in nanoseconds. */
async function window(writing: boolean): Promise<number> {
  thread.post(writing);
  const latency = new LatencyCounts();
  const until = performance.now() + seconds * 1_000;
  while (performance.now() < until) {
    desk.run(200, latency);
    // messages of the other thread
    await new Promise((resolve) => void setImmediate(resolve));
  }
  thread.post(false);
  return latency.at(0.99);
}

try {
  await window(false);
  const shares: number[] = [];
  const [on, off]: [number[], number[]] = [[], []];
  for (let n = 0; n < pairs; n++) {
    // which comes first changes from pair to pair
    const first = await window(n % 2 === 0);
    const second = await window(n % 2 === 1);
    const [withThem, without] = n % 2 === 0 ? [first, second] : [second, first];
    on.push(withThem);
    off.push(without);
    shares.push(withThem / without);
  }
  const median = (list: number[]): number => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];
  const addedPercent = Math.round((median(shares) - 1) * 1_000) / 10;
  const report = {
    bench: 'snapshot',
    seed,
    pairs,
    seconds,
    ...machine(),
    excluded: 'making the desk',
    openOrders: desk.open,
    addedPercent,
    p99With: median(on),
    p99Without: median(off),
    snapshots: taken,
    snapshotBytes,
  };
  if (hasFlag('json')) console.log(JSON.stringify(report));
  else {
    console.log(
      `snapshots beside ${report.openOrders.toLocaleString('en-US')} open orders, ${pairs} pairs of ${seconds} s; ${report.cpu} x ${report.cores}, Node ${report.node}`,
    );
    console.log(
      `  p99 of a step ${report.p99Without} ns without, ${report.p99With} ns with (${taken} written, ${(snapshotBytes / 1e6).toFixed(1)} MB each): ${addedPercent} % more, median of the pairs`,
    );
  }
} finally {
  await thread.end();
  rmSync(root, { recursive: true, force: true });
}
