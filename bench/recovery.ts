import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { tailReaderOf } from '../src/apps/desk/read-ahead.ts';
import { defaultCoreCapacities } from '../src/core/core.ts';
import { stateHash } from '../src/core/engine.ts';
import { createDecisionComparer } from '../src/journal/diff.ts';
import { createFileJournal } from '../src/journal/file-journal.ts';
import { openJournalReader } from '../src/journal/reader.ts';
import { writeSnapshot } from '../src/journal/snapshot-file.ts';
import { inlineMore } from '../src/runtime/inlining.ts';
import { recoverDesk } from '../src/runtime/recovery.ts';
import { snapshotOf } from '../src/runtime/snapshots.ts';
import { nodeDisk } from '../src/storage/file/node-disk.ts';
import { projectRoot } from '../src/testing/tidy/tree.ts';
import { machine } from './lib/machine.ts';
import { hasFlag, numberOption } from './lib/options.ts';
import { createOrderFlow } from './lib/order-flow.ts';

/**
 * A tail recovered: records read, their checksums and tree, every decision derived again through the core and compared; and the same from a snapshot at its end.
 * The journal is that of bench/lib/order-flow.ts with 100 versions and 100 listings. Records per second of processor time and of the clock. Excluded: writing the
 * journal. Usage: node --import tsx bench/recovery.ts [--seed N] [--seconds N, a hundred thousand records each] [--rounds N] [--json]
 */
const recordsPerSecondAsked = 100_000;
// as the core's thread of a desk that stays up
inlineMore();
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
  const reader = openJournalReader(disk, 'journal', { root: true });
  while ((await reader.next()) !== null);
  const began = performance.now();
  const snapshot = snapshotOf(flow.desk.core, flow.desk.at, coreDigest, reader.position());
  const snapshotMillis = performance.now() - began;
  await writeSnapshot(disk, 'journal', snapshot);
  await reader.close();
  return { hash: stateHash(flow.desk.core), records: journal.nextSeq - 1, snapshotMillis, snapshotBytes: snapshot.state.length };
}

interface Lap {
  readonly millis: number;
  readonly cpuMillis: number;
  /** Of the thread that steps, which is what a start waits for where there is a processor for the other one. */
  readonly ownMillis: number;
}

/** Processor time of the main thread so far (Linux, in hundredths of a second). */
function ownMillis(): number {
  const fields = readFileSync(`/proc/self/task/${process.pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

async function recovered(hash: string): Promise<Lap> {
  const cpu = process.cpuUsage();
  const own = ownMillis();
  const began = performance.now();
  const found = await recoverDesk({
    disk,
    directory: 'journal',
    capacities: defaultCoreCapacities,
    coreDigest,
    same: createDecisionComparer(),
    openTail: tailReaderOf(root, 'journal'),
  });
  const millis = performance.now() - began;
  const { user, system } = process.cpuUsage(cpu);
  if (!found.ok) throw new Error(found.error.message);
  if (stateHash(found.value.core) !== hash) throw new Error('bench: the recovered state has another hash');
  return { millis, cpuMillis: (user + system) / 1_000, ownMillis: ownMillis() - own };
}

async function best(hash: string): Promise<Lap> {
  const laps: Lap[] = [];
  for (let n = 0; n < rounds; n++) laps.push(await recovered(hash));
  return laps.reduce((a, b) => (b.cpuMillis < a.cpuMillis ? b : a));
}

try {
  const { hash, records, snapshotMillis, snapshotBytes } = await written();
  const fromSnapshot = await best(hash);
  rmSync(join(root, 'journal.snapshots'), { recursive: true });
  const tail = await best(hash);
  const perSecond = Math.round((records / tail.millis) * 1_000);
  const perOwnSecond = Math.round((records / tail.ownMillis) * 1_000);
  const perCpuSecond = Math.round((records / tail.cpuMillis) * 1_000);
  const report = {
    bench: 'recovery',
    seed,
    rounds,
    ...machine(),
    excluded: 'writing the journal',
    records,
    recordsPerSecond: perSecond,
    recordsPerCpuSecond: perCpuSecond,
    recordsPerOwnSecond: perOwnSecond,
    secondsForTenMillion: Math.round((tailOfTarget / perSecond) * 10) / 10,
    fromSnapshotMillis: Math.round(fromSnapshot.millis),
    snapshotMillis: Math.round(snapshotMillis),
    snapshotBytes,
  };
  if (hasFlag('json')) console.log(JSON.stringify(report));
  else {
    console.log(
      `recovery of ${records.toLocaleString('en-US')} records, seed ${seed}, best of ${rounds}; ${report.cpu} x ${report.cores}, Node ${report.node}`,
    );
    console.log(
      `  ${perSecond.toLocaleString('en-US')} records/s, ${perCpuSecond.toLocaleString('en-US')} per second of processor time, ${perOwnSecond.toLocaleString('en-US')} per second of the thread that steps: ten million in ${report.secondsForTenMillion} s`,
    );
    console.log(
      `  from a snapshot at the end: ${report.fromSnapshotMillis} ms; the snapshot: ${report.snapshotMillis} ms, ${(snapshotBytes / 1e6).toFixed(1)} MB`,
    );
  }
} finally {
  rmSync(root, { recursive: true, force: true });
}
