import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { microsUnchecked } from '../../src/base/units.ts';
import { decodeCore } from '../../src/core/snapshot.ts';
import { writeSnapshot } from '../../src/journal/snapshot-file.ts';
import { snapshotOf } from '../../src/runtime/snapshots.ts';
import { nodeDisk } from '../../src/storage/file/node-disk.ts';

/** Holds a core of its own, as a follower does, and writes snapshots of it for as long as it is told to, a second apart. */
const { root, state } = (workerData as { readonly data: { readonly root: string; readonly state: Uint8Array } }).data;
const decoded = decodeCore(state);
if (!decoded.ok) throw new Error(decoded.error);
const core = decoded.value;
const disk = nodeDisk(root);
/** Between two snapshots (milliseconds). */
const every = 1_000;
let writing = false;
let seq = 0;

parentPort?.on('message', (message) => {
  writing = message === true;
});

async function run(): Promise<void> {
  parentPort?.postMessage('ready');
  for (;;) {
    if (writing) {
      seq += 1;
      const position = { segment: 0, offset: 0, lastBatch: 0, lastSeq: seq, tree: { size: 0, subtrees: [] } };
      await writeSnapshot(disk, join('journal'), snapshotOf(core, microsUnchecked(seq), 'ab'.repeat(32), position));
      parentPort?.postMessage(seq);
      for (let waited = 0; writing && waited < every; waited += 10) await new Promise((wake) => setTimeout(wake, 10));
    } else await new Promise((wake) => setTimeout(wake, 10));
  }
}

await run();
