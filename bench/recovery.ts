import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { joinModules } from '../scripts/bootstrap/bundle.mjs';
import { stateHash } from '../src/core/engine.ts';
import { createFileJournal } from '../src/journal/file-journal.ts';
import { openJournalReader } from '../src/journal/reader.ts';
import { writeSnapshot } from '../src/journal/snapshot-file.ts';
import { snapshotOf } from '../src/runtime/snapshots.ts';
import { nodeDisk } from '../src/storage/file/node-disk.ts';
import { projectRoot } from '../src/testing/tidy/tree.ts';
import { machine } from './lib/machine.ts';
import { hasFlag, numberOption } from './lib/options.ts';
import { createOrderFlow } from './lib/order-flow.ts';
import type { Lap } from './lib/recovery-lap.ts';

/**
 * A tail recovered: records read, their checksums and tree, every decision derived again through the core and compared; and the same from a snapshot at its end. Each in
 * a process of its own, its modules joined as a build joins them, which has written nothing before. The journal is that of bench/lib/order-flow.ts with 100 versions and
 * 100 listings. Records per second of the clock, and of the processor time of each thread. Excluded: writing the journal, loading the modules. Ten million: --seconds 100.
 * Usage: node --import tsx bench/recovery.ts [--seed N] [--seconds N, a hundred thousand records each] [--rounds N] [--keep, the journal stays] [--json]
 */
const recordsPerSecondAsked = 100_000;
const coreDigest = 'cd'.repeat(32);
const tailOfTarget = 10_000_000;

const [seed, seconds, rounds] = [numberOption('seed', 1), numberOption('seconds', 3), numberOption('rounds', 2)];
const parent = join(projectRoot, '.plimsoll');
mkdirSync(parent, { recursive: true });
const root = mkdtempSync(join(parent, 'bench-recovery-'));
const disk = nodeDisk(root);

async function written(): Promise<{
  readonly hash: string;
  readonly records: number;
  readonly snapshotMillis: number;
  readonly snapshotBytes: number;
}> {
  const created = await createFileJournal({ disk, directory: 'journal', origin: 'bench', durability: 'os', coreDigest, term: 1 });
  if (!created.ok) throw new Error(created.error.message);
  const journal = created.value;
  const flow = createOrderFlow(seed, 100, 100, journal);
  while (journal.nextSeq < seconds * recordsPerSecondAsked) {
    flow.run(2_000);
    await journal.flush();
  }
  flow.check();
  await journal.checkpoint();
  const reader = openJournalReader(disk, 'journal', { root: true, together: true });
  while ((await reader.checked()) !== null);
  const began = performance.now();
  const snapshot = snapshotOf(flow.desk.core, flow.desk.at, coreDigest, reader.position());
  const snapshotMillis = performance.now() - began;
  await writeSnapshot(disk, 'journal', snapshot);
  await reader.close();
  return { hash: stateHash(flow.desk.core), records: journal.nextSeq - 1, snapshotMillis, snapshotBytes: snapshot.state.length };
}

/** The program of a lap and the thread that it begins, joined. @returns its path. */
async function joined(): Promise<string> {
  const folder = join(root, 'joined');
  mkdirSync(folder);
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  const path = (beside: string): string => fileURLToPath(new URL(beside, import.meta.url));
  await joinModules(
    { 'recovery-lap': path('./lib/recovery-lap.ts'), 'read-ahead-thread': path('../src/apps/desk/read-ahead-thread.ts') },
    folder,
  );
  return join(folder, 'recovery-lap.js');
}

function recovered(program: string, hash: string): Lap {
  const { status, stdout } = spawnSync(process.execPath, [program, '--root', root, '--digest', coreDigest], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (status !== 0) throw new Error(`bench: a recovery ended with ${String(status)}`);
  const lap = JSON.parse(stdout) as Lap;
  if (lap.hash !== hash) throw new Error('bench: the recovered state has another hash');
  return lap;
}

function best(program: string, hash: string): Lap {
  return Array.from({ length: rounds }, () => recovered(program, hash)).reduce((a, b) => (b.cpuMillis < a.cpuMillis ? b : a));
}

try {
  const program = await joined();
  const { hash, records, snapshotMillis, snapshotBytes } = await written();
  const fromSnapshot = best(program, hash);
  rmSync(join(root, 'journal.snapshots'), { recursive: true });
  const tail = best(program, hash);
  if (tail.tail !== records) throw new Error(`bench: ${records} records were written, ${tail.tail} recovered`);
  const perSecond = (millis: number): number => Math.round((records / millis) * 1_000);
  const tenMillion = (millis: number): number => Math.round((tailOfTarget * millis) / records / 100) / 10;
  const report = {
    bench: 'recovery',
    seed,
    rounds,
    ...machine(),
    excluded: 'writing the journal, loading the modules',
    records,
    seconds: Math.round(tail.millis / 100) / 10,
    recordsPerSecond: perSecond(tail.millis),
    recordsPerCpuSecond: perSecond(tail.cpuMillis),
    recordsPerSteppingSecond: perSecond(tail.steppingMillis),
    recordsPerReadingSecond: perSecond(tail.readingMillis),
    secondsForTenMillion: tenMillion(tail.millis),
    steppingSecondsForTenMillion: tenMillion(tail.steppingMillis),
    readingSecondsForTenMillion: tenMillion(tail.readingMillis),
    fromSnapshotMillis: Math.round(fromSnapshot.millis),
    snapshotMillis: Math.round(snapshotMillis),
    snapshotBytes,
  };
  if (hasFlag('json')) console.log(JSON.stringify(report));
  else {
    const count = (n: number): string => n.toLocaleString('en-US');
    console.log(
      `recovery of ${count(records)} records in ${report.seconds} s, seed ${seed}, best of ${rounds}; ${report.cpu} x ${report.cores}, Node ${report.node}`,
    );
    console.log(
      `  ${count(report.recordsPerSecond)} records/s of the clock: ten million in ${report.secondsForTenMillion} s; of processor time ${count(report.recordsPerSteppingSecond)} the thread that steps (${report.steppingSecondsForTenMillion} s), ${count(report.recordsPerReadingSecond)} the one that reads (${report.readingSecondsForTenMillion} s), ${count(report.recordsPerCpuSecond)} all threads`,
    );
    console.log(
      `  from a snapshot at the end: ${report.fromSnapshotMillis} ms; the snapshot: ${report.snapshotMillis} ms, ${(snapshotBytes / 1e6).toFixed(1)} MB`,
    );
  }
} finally {
  if (hasFlag('keep')) console.log(root);
  else rmSync(root, { recursive: true, force: true });
}
