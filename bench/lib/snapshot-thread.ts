import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { microsUnchecked } from '../../src/base/units.ts';
import { decodeCore } from '../../src/core/snapshot.ts';
import { writeSnapshot } from '../../src/journal/snapshot-file.ts';
import { dutyCycle } from '../../src/runtime/duty-cycle.ts';
import { snapshotOf } from '../../src/runtime/snapshots.ts';
import { nodeDisk } from '../../src/storage/file/node-disk.ts';

/**
 * Holds a core of its own, as a follower does, and writes snapshots of it for as long as it is told to, a second apart; or only counts for as long as a snapshot
 * takes, which shows what any thread beside the core's costs it on this machine. Says when it lies still.
 */
const { root, state, share } = (
  workerData as { readonly data: { readonly root: string; readonly state: Uint8Array; readonly share: number } }
).data;
const decoded = decodeCore(state);
if (!decoded.ok) throw new Error(decoded.error);
const core = decoded.value;
const disk = nodeDisk(root);
/** As the follower's thread takes them; `share` 1 = without a rest. */
const breathe = share < 1 ? dutyCycle(1, share) : (): void => undefined;
/** Between two snapshots (milliseconds). */
const every = 1_000;
/** What it is told to do. */
export type BesideTask = 'nothing' | 'snapshots' | 'counting';
let task: BesideTask = 'nothing';
let seq = 0;
/** How long the last snapshot took (ms). */
let took = 1_000;
let sink = 0;

parentPort?.on('message', (message: BesideTask) => {
  task = message;
  if (message === 'nothing') told = true;
});
/** To be answered when what was begun is done. */
let told = false;

/** Arithmetic that touches no memory. */
function count(millis: number): void {
  const until = performance.now() + millis;
  while (performance.now() < until) {
    for (let n = 0; n < 10_000; n++) sink = (sink * 31 + n) | 0;
    breathe();
  }
}

async function rest(of: BesideTask): Promise<void> {
  for (let waited = 0; task === of && waited < every; waited += 10) await new Promise((wake) => setTimeout(wake, 10));
}

async function run(): Promise<void> {
  parentPort?.postMessage('ready');
  for (;;) {
    if (told) {
      told = false;
      parentPort?.postMessage('still');
    }
    if (task === 'snapshots') {
      const began = performance.now();
      seq += 1;
      const position = { segment: 0, offset: 0, lastBatch: 0, lastSeq: seq, tree: { size: 0, subtrees: [] } };
      await writeSnapshot(disk, join('journal'), snapshotOf(core, microsUnchecked(seq), 'ab'.repeat(32), position, breathe), breathe);
      took = performance.now() - began;
      parentPort?.postMessage(took);
      await rest('snapshots');
    } else if (task === 'counting') {
      count(took);
      await rest('counting');
    } else await new Promise((wake) => setTimeout(wake, 10));
  }
}

void run();
