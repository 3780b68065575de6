import { prng, type Prng } from '../../base/prng.ts';
import { micros } from '../../base/units.ts';
import type { FileJournal } from '../../journal/file-journal.ts';
import type { Durability } from '../../journal/committer.ts';
import { openJournalReader } from '../../journal/reader.ts';
import { findJournalEnd } from '../../journal/recover.ts';
import { writeSnapshot } from '../../journal/snapshot-file.ts';
import { createMemoryDisk } from './memory-disk.ts';
import type { MemoryDisk, MemoryDiskOptions } from './memory-disk.ts';
import { restartJournal } from './recovered-desk.ts';
import { appendTurn, sampleTurns } from './sample-records.ts';
import { openJournal, smallShape } from './small-journal.ts';

/** What a power cut leaves of sectors that were written and not synced. */
const variants = ['lost', 'kept', 'half', 'few', 'most'] as const;
const shares: Readonly<Record<(typeof variants)[number], number>> = { lost: 0, kept: 100, half: 50, few: 10, most: 90 };

export interface CrashCount {
  points: number;
  torn: number;
  empty: number;
  snapshots: number;
  /** Sentences about points that do not hold; at most `mostFaults`. */
  readonly faults: string[];
}

export interface CrashStory {
  readonly seed: number;
  readonly durability?: Durability;
  readonly disk?: Omit<MemoryDiskOptions, 'before'>;
}

const mostFaults = 8;

/** Where the disk stood at one operation, and what had been acknowledged before it. */
interface Point {
  readonly at: string;
  readonly image: MemoryDisk;
  readonly acknowledged: number;
}

/**
 * A journal that is written, snapshotted, abandoned, recovered and gone on with, cut off at every operation that changes the disk, in every variant of what the
 * cache keeps: whatever is left must be recovered with everything that was acknowledged, and with the tree that it had.
 */
export async function crashEverywhere(story: CrashStory, count: CrashCount): Promise<void> {
  const luck = prng(`crash ${story.seed}`);
  const points: Point[] = [];
  const roots = new Map<number, string>();
  let journal: FileJournal | null = null;
  let operations = 0;
  const disk: MemoryDisk = createMemoryDisk({
    ...story.disk,
    before: (operation, path) => {
      if (operation === 'read' || operation === 'open') return;
      operations += 1;
      const acknowledged = journal?.durableSeq ?? 0;
      for (const variant of variants) {
        const image = disk.afterPowerCut(() => luck.int(100) < shares[variant]);
        points.push({ at: `operation ${operations} (${operation} ${path}, cache ${variant})`, image, acknowledged });
      }
    },
  });
  const turns = sampleTurns(story.seed, 48);
  const append = (from: number, to: number): void => {
    for (const turn of turns.slice(from, to)) {
      appendTurn(opened(journal), turn);
      roots.set(opened(journal).entries, opened(journal).root());
    }
  };
  const durability = story.durability ?? 'group';
  journal = await openJournal(disk, { durability });
  await live(opened(journal), luck, append, 0, 16);
  await snapshot(disk);
  await live(opened(journal), luck, append, 16, 32);
  const again = await restartJournal(disk, { durability });
  if (again.kind !== 'continued') throw new Error(`crash story ${story.seed}: ${again.kind}`);
  journal = again.journal;
  await live(opened(journal), luck, append, 32, 48);
  await snapshot(disk);
  await opened(journal).close();
  for (const point of points) await judge(story.seed, point, roots, count);
}

function opened(journal: FileJournal | null): FileJournal {
  if (journal === null) throw new Error('crash story: no journal is open');
  return journal;
}

async function live(journal: FileJournal, luck: Prng, append: (from: number, to: number) => void, from: number, to: number): Promise<void> {
  for (let n = from; n < to;) {
    const next = Math.min(to, n + 1 + luck.int(5));
    append(n, next);
    n = next;
    if (luck.int(8) === 0) await journal.checkpoint();
    else await journal.flush();
  }
}

async function snapshot(disk: MemoryDisk): Promise<void> {
  const reader = openJournalReader(disk, 'journal', { root: true });
  while ((await reader.next()) !== null);
  const state = new TextEncoder().encode('state');
  const { coreDigest } = smallShape;
  await writeSnapshot(disk, 'journal', {
    schema: 1,
    term: 1,
    at: micros(1),
    coreDigest,
    stateHash: coreDigest,
    position: reader.position(),
    state,
  });
}

async function judge(
  seed: number,
  { at, image, acknowledged }: Point,
  roots: ReadonlyMap<number, string>,
  count: CrashCount,
): Promise<void> {
  count.points += 1;
  const found = await findJournalEnd({ disk: image, directory: 'journal', takeSnapshot: () => '', visit: () => undefined });
  const fault = (what: string): void => {
    if (count.faults.length < mostFaults) count.faults.push(`seed ${seed}, ${at}: ${what}`);
  };
  if (!found.ok) {
    if (found.error.code !== 'JOURNAL_EMPTY') fault(found.error.message);
    else if (acknowledged > 0) fault(`nothing is left of ${acknowledged} records that were acknowledged`);
    count.empty += 1;
    return;
  }
  const { end, snapshotSeq } = found.value;
  if (end.kind === 'torn') count.torn += 1;
  if (snapshotSeq > 0) count.snapshots += 1;
  if (end.lastSeq < acknowledged) fault(`record ${acknowledged} was acknowledged, the last one is ${end.lastSeq}`);
  const root = roots.get(end.entries);
  if (root !== undefined && root !== end.root) fault(`the root over ${end.entries} entries is not that of the journal`);
}
