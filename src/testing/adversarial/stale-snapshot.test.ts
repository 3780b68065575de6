import { expect, test } from 'vitest';
import { microsUnchecked, type Micros } from '../../base/units.ts';
import { smallCoreCapacities, type Core } from '../../core/core.ts';
import { stateHash, step } from '../../core/engine.ts';
import { encodeCore } from '../../core/snapshot.ts';
import { createOutcome } from '../../core/outcome.ts';
import type { Input } from '../../domain/input.ts';
import { continueFileJournal } from '../../journal/continue-journal.ts';
import { createDecisionComparer } from '../../journal/diff.ts';
import type { FileJournal } from '../../journal/file-journal.ts';
import { sectorBytes } from '../../journal/format.ts';
import { segmentName } from '../../journal/segment-files.ts';
import { readSnapshot, snapshotNames, writeSnapshot } from '../../journal/snapshot-file.ts';
import { Follower } from '../../runtime/follower.ts';
import { recoverDesk, type Recovered } from '../../runtime/recovery.ts';
import { createMemoryDisk, type MemoryDisk } from '../journal/memory-disk.ts';
import { openJournal, smallShape } from '../journal/small-journal.ts';
import type { Turn } from '../rollout/rollout-desk.ts';
import { SeededScript } from '../rollout/seeded-script.ts';

const options = { directory: 'journal', capacities: smallCoreCapacities, coreDigest: smallShape.coreDigest };
const segmentBytes = 1 << 18;

async function recovered(disk: MemoryDisk): Promise<Recovered> {
  const outcome = await recoverDesk({ ...options, disk, same: createDecisionComparer() });
  if (!outcome.ok) throw new Error(outcome.error.message);
  return outcome.value;
}

/** The next desk of a directory, which says in one commit that it has begun. */
async function begun(
  disk: MemoryDisk,
  term: number,
  later: number,
): Promise<{ readonly core: Core; readonly journal: FileJournal; readonly at: Micros }> {
  const { core, found, at: last } = await recovered(disk);
  const opened = await continueFileJournal({ ...smallShape, disk, durability: 'group', directory: 'journal', term, segmentBytes }, found);
  if (!opened.ok) throw new Error(opened.error.message);
  const at = microsUnchecked(last + later);
  record(core, opened.value, at, { kind: 'start', term, coreDigest: smallShape.coreDigest, text: 'the desk before it is gone' });
  await opened.value.flush();
  return { core, journal: opened.value, at };
}

function record(core: Core, journal: FileJournal, at: Micros, input: Input): void {
  const outcome = createOutcome();
  const seq = journal.nextSeq;
  journal.appendInput(seq, at, input);
  step(core, seq, at, input, outcome);
  outcome.decisions.forEach((decision, n) => journal.appendDecision(seq + 1 + n, at, seq, decision));
}

async function written(journal: FileJournal, turns: readonly Turn[]): Promise<void> {
  for (const { at, input, decisions } of turns) {
    const seq = journal.nextSeq;
    journal.appendInput(seq, at, input);
    decisions.forEach((decision, n) => journal.appendDecision(seq + 1 + n, at, seq, decision));
  }
  await journal.flush();
}

async function snapshot(disk: MemoryDisk): Promise<void> {
  const follower = new Follower({ ...options, disk, same: createDecisionComparer() });
  expect(typeof (await follower.catchUp())).toBe('number');
  await follower.snapshot();
  await follower.close();
}

/** What a power cut leaves of a segment whose only commit was not synced yet. */
function loseCommits(disk: MemoryDisk, path: string): void {
  const bytes = disk.content(path).slice();
  bytes.fill(0, sectorBytes);
  disk.put(path, bytes);
}

test('a snapshot of a commit that a power cut took is not taken for one of the commit that stands in its place', async () => {
  const { desk } = new SeededScript(2).run(80);
  const disk = createMemoryDisk();
  const journal = await openJournal(disk, { segmentBytes, checkpointEvery: 4_096 });
  await written(journal, desk.turns);
  await snapshot(disk);

  // the second desk's follower is faster than its disk
  const second = await begun(disk, 2, 1_000_000);
  await snapshot(disk);
  const newest = (await recovered(disk)).found;
  expect(newest.snapshotSeq).toBe(second.journal.nextSeq - 1);
  loseCommits(disk, `journal/${segmentName(2)}`);

  const third = await begun(disk, 3, 2_000_000);
  expect(third.journal.nextSeq).toBe(second.journal.nextSeq);
  record(third.core, third.journal, microsUnchecked(third.at + 1), { kind: 'stateCheck', reason: 'test' });
  await third.journal.flush();

  const { core, found } = await recovered(disk);
  expect(stateHash(core)).toBe(stateHash(third.core));
  expect(found.passedOver.map(({ name }) => Number(name.slice(0, 16)))).toEqual([newest.snapshotSeq]);
});

test('a snapshot of another build, whose deployments have not all that this one hashes, is passed over', async () => {
  const { desk } = new SeededScript(2).run(80);
  const disk = createMemoryDisk();
  const journal = await openJournal(disk, { segmentBytes, checkpointEvery: 4_096 });
  await written(journal, desk.turns);
  await snapshot(disk);
  const sound = await recovered(disk);
  const [name] = await snapshotNames(disk, 'journal');
  const newest = await readSnapshot(disk, 'journal', name);
  if (typeof newest === 'string') throw new Error(newest);
  // hashed by what it holds, by its value, and by its own members
  const members = ['took', 'revision', 'spec', 'approvals'];
  const passedOver: string[] = [];
  for (const member of members) {
    const { core } = await recovered(disk);
    for (const deployment of core.rollout.deployments) Reflect.deleteProperty(deployment, member);
    await writeSnapshot(disk, 'journal', { ...newest, coreDigest: 'ef'.repeat(32), state: encodeCore(core) });
    const { core: again, found } = await recovered(disk);
    expect(stateHash(again)).toBe(stateHash(sound.core));
    if (found.passedOver.length > 0) passedOver.push(member);
    await writeSnapshot(disk, 'journal', newest);
  }
  expect(passedOver).toEqual(members);
});
