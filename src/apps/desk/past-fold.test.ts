import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { smallCoreCapacities } from '../../core/core.ts';
import { createDecisionComparer } from '../../journal/diff.ts';
import { snapshotsKept } from '../../journal/snapshot-file.ts';
import { Follower } from '../../runtime/follower.ts';
import { nodeDisk } from '../../storage/file/node-disk.ts';
import { openJournal, smallShape } from '../../testing/journal/small-journal.ts';
import { SeededScript } from '../../testing/rollout/seeded-script.ts';
import { recoverDirectory, toldByAll } from './journal-files.ts';
import { nothingTold, tellStep } from './past-fold.ts';
import { writeTold } from './told-file.ts';

const { coreDigest } = smallShape;
let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'plimsoll-told-'));
});
afterEach(() => {
  rmSync(root, { recursive: true });
});

/** A life of a desk with a snapshot every `every` turns, as the follower's thread takes them, and some records behind the last one. */
async function life(every: number): Promise<void> {
  const { desk } = new SeededScript(3).run(120);
  const disk = nodeDisk(root);
  const journal = await openJournal(disk, { segmentBytes: 1 << 18 });
  const told = nothingTold();
  const follower = new Follower({
    disk,
    directory: 'journal',
    capacities: smallCoreCapacities,
    coreDigest,
    same: createDecisionComparer(),
    onStep: (record, { decisions }) => tellStep(told, record, decisions),
    beside: (position, hash) => writeTold(root, told, position, hash, coreDigest),
  });
  for (const [n, turn] of desk.turns.entries()) {
    const seq = journal.nextSeq;
    journal.appendInput(seq, turn.at, turn.input);
    turn.decisions.forEach((decision, i) => journal.appendDecision(seq + 1 + i, turn.at, seq, decision));
    if (n % every !== every - 1) continue;
    await journal.flush();
    expect(typeof (await follower.catchUp())).toBe('number');
    await follower.snapshot();
  }
  await journal.flush();
  await follower.close();
}

const toldFiles = (): string[] => readdirSync(join(root, 'journal.snapshots')).filter((name) => name.endsWith('.told'));

test('what lies beside a snapshot and the records behind it tell what the whole journal tells', async () => {
  await life(60);
  expect(toldFiles().length).toBe(snapshotsKept);
  const { told, found } = await recoverDirectory(root, coreDigest);
  expect(found.snapshotSeq).toBeGreaterThan(0);
  expect(found.tail).toBeGreaterThan(0);
  const all = await toldByAll(root);
  expect(all.view.orderCount).toBeGreaterThan(0);
  expect(told).toEqual(all);
});

test('a file that is damaged, missing or of another journal is not believed', async () => {
  await life(100);
  const newest = join(root, 'journal.snapshots', toldFiles().sort().at(-1) ?? '');
  const whole = readFileSync(newest);
  const told = async (): Promise<boolean> => (await recoverDirectory(root, coreDigest)).told !== undefined;
  expect(await told()).toBe(true);
  for (const at of [40, whole.length - 1]) {
    const flipped = Buffer.from(whole);
    flipped[at] ^= 1;
    writeFileSync(newest, flipped);
    expect(await told()).toBe(false);
  }
  writeFileSync(newest, whole.subarray(0, whole.length >> 1));
  expect(await told()).toBe(false);
  rmSync(newest);
  expect(await told()).toBe(false);
  const seq = Number(/\d{16}/.exec(newest)?.[0]);
  const position = { lastSeq: seq } as Parameters<typeof writeTold>[2];
  writeTold(root, nothingTold(), position, 'ab'.repeat(32), coreDigest);
  expect(await told()).toBe(false);
});

test('what another build has told is not believed: what it keeps of a record may lack what this one looks at', async () => {
  await life(100);
  expect((await recoverDirectory(root, 'ef'.repeat(32))).told).toBeUndefined();
});

test('without a snapshot the pass that recovers tells everything', async () => {
  await life(100_000);
  const { told } = await recoverDirectory(root, coreDigest);
  expect(told).toEqual(await toldByAll(root));
});
