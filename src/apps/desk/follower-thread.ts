import { parentPort, workerData } from 'node:worker_threads';
import { smallCoreCapacities } from '../../core/core.ts';
import { createDecisionComparer } from '../../journal/diff.ts';
import { readSnapshot, snapshotNames } from '../../journal/snapshot-file.ts';
import { dutyCycle } from '../../runtime/duty-cycle.ts';
import { Follower, type FollowerOptions } from '../../runtime/follower.ts';
import { coreOf } from '../../runtime/snapshots.ts';
import { nodeDisk } from '../../storage/file/node-disk.ts';
import { journalFolder } from './journal-folder.ts';
import type { FollowerOrder, FollowerWord } from './follower-words.ts';
import { nothingTold, tellStep, type Told } from './past-fold.ts';
import { lackOfRoom, unsavedText, whyUnsaved } from './snapshot-room.ts';
import { readTold, writeTold } from './told-file.ts';

/** Between two looks at the journal, and at least between two snapshots (milliseconds). */
const lookEvery = 100;
const snapshotEvery = 1_000;
/**
 * A snapshot is taken in slices of this length (ms), at most this share of the time: the core's p99 is the time of one step in a hundred, and a neighbour that works costs
 * each step that meets it (decision 0036).
 */
const sliceMillis = 1;
const snapshotShare = 0.1;

const order = workerData as { readonly data: FollowerOrder };
const { directory, coreDigest, snapshotSeq } = order.data;
const disk = nodeDisk(directory);
let ending = false;
let nextSnapshot = performance.now() + snapshotEvery;
let saidWrong = false;
/** Of the newest snapshot that is there. */
let savedSeq = snapshotSeq;

/** The snapshot that the desk itself went on from, and what the journal had told there; undefined = one of them cannot be had, and everything is folded. */
async function begunFrom(seq: number): Promise<{ readonly from: NonNullable<FollowerOptions['from']>; readonly told: Told } | undefined> {
  const name = (await snapshotNames(disk, journalFolder)).find((one) => Number(one.slice(0, 16)) === seq);
  const snapshot = name === undefined ? '' : await readSnapshot(disk, journalFolder, name);
  if (typeof snapshot === 'string') return undefined;
  const past = readTold(directory, snapshot.position, coreDigest);
  const core = past === undefined ? '' : coreOf(snapshot, new Map());
  if (past === undefined || typeof core === 'string') return undefined;
  return { from: { core, at: snapshot.at, position: snapshot.position }, told: past };
}

function say(word: FollowerWord): void {
  parentPort?.postMessage(word);
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

parentPort?.on('message', () => {
  ending = true;
});

async function begin(): Promise<Follower> {
  const begun = snapshotSeq > 0 ? await begunFrom(snapshotSeq) : undefined;
  const told = begun?.told ?? nothingTold();
  return new Follower({
    disk,
    directory: journalFolder,
    capacities: smallCoreCapacities,
    coreDigest,
    same: createDecisionComparer(),
    ...(begun === undefined ? {} : { from: begun.from }),
    onStep: (record, { decisions }) => tellStep(told, record, decisions),
    breathe: dutyCycle(sliceMillis, snapshotShare),
    beside: (position, root) => writeTold(directory, told, position, root, coreDigest),
  });
}

async function look(follower: Follower): Promise<void> {
  const caught = await follower.catchUp();
  const [difference] = follower.differences;
  const wrong =
    typeof caught === 'string' ? caught : difference === undefined ? '' : `record ${difference.seq} is not what its inputs give`;
  if (wrong !== '' && !saidWrong) {
    saidWrong = true;
    say({ kind: 'wrong', text: wrong });
  }
  if (wrong === '' && performance.now() >= nextSnapshot) await snapshot(follower);
}

async function snapshot(follower: Follower): Promise<void> {
  const began = performance.now();
  const unsaved = (text: string): number => {
    say({ kind: 'unsaved', text: unsavedText(text) });
    return 0;
  };
  const lack = lackOfRoom(directory);
  const seq = lack === '' ? await follower.snapshot().catch((error: unknown) => unsaved(whyUnsaved(error))) : unsaved(lack);
  const took = performance.now() - began;
  nextSnapshot = performance.now() + snapshotEvery;
  if (seq <= savedSeq) return;
  savedSeq = seq;
  say({ kind: 'snapshot', seq, millis: took });
}

async function run(): Promise<void> {
  const follower = await begin();
  while (!ending) {
    await look(follower);
    await new Promise((resolve) => setTimeout(resolve, lookEvery));
  }
  await follower.close();
  process.exit(0);
}

run().catch((error: unknown) => {
  // a follower that cannot go on is never the reason why an order was or was not sent
  say({ kind: 'lame', text: `the follower ended: ${textOf(error)}` });
});
