import { createFileJournal } from '../../journal/file-journal.ts';
import type { FileJournal, FileJournalOptions } from '../../journal/file-journal.ts';
import type { Disk } from '../../ports/world.ts';
import type { FileSource } from '../../verify/source.ts';
import type { MemoryDisk } from './memory-disk.ts';
import { createMemoryDisk } from './memory-disk.ts';
import { appendTurn, sampleTurns } from './sample-records.ts';

/** Small segments and frequent checkpoints, so that a few hundred records have several of both. */
export const smallShape = {
  origin: 'plimsoll/test',
  coreDigest: 'ab'.repeat(32),
  term: 1,
  segmentBytes: 16384,
  checkpointEvery: 64,
} as const;

export async function openJournal(disk: Disk, more: Partial<FileJournalOptions> = {}): Promise<FileJournal> {
  const journal = await createFileJournal({ disk, directory: 'journal', durability: 'group', ...smallShape, ...more });
  if (!journal.ok) throw new Error(journal.error.message);
  return journal.value;
}

/** The files of a directory by name, and the verifier key beside it. */
export interface JournalImage {
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly verifierKey: string;
}

/** A closed journal of `count` turns, with its head. */
export async function closedJournal(
  seed: number,
  count: number,
  more: Partial<FileJournalOptions> = {},
): Promise<JournalImage & { readonly head: string; readonly journal: FileJournal; readonly disk: MemoryDisk }> {
  const disk = createMemoryDisk();
  const journal = await openJournal(disk, more);
  for (const [n, turn] of sampleTurns(seed, count).entries()) {
    appendTurn(journal, turn);
    if (n % 4 === 0) await journal.flush();
  }
  const closed = await journal.close();
  if (!closed.ok) throw new Error(closed.message);
  return { ...imageOf(disk), verifierKey: journal.publicKey, head: journal.head(), journal, disk };
}

export function imageOf(disk: MemoryDisk, directory = 'journal'): JournalImage {
  const prefix = `${directory}/`;
  const files = disk.paths
    .filter((path) => path.startsWith(prefix))
    .map((path) => [path.slice(prefix.length), disk.content(path)] as const);
  const verifierKey = disk.paths.includes(`${directory}.vkey`) ? new TextDecoder().decode(disk.content(`${directory}.vkey`)) : '';
  return { files: new Map(files), verifierKey };
}

export function sourceOf(image: JournalImage): FileSource {
  return {
    names: () => [...image.files.keys()],
    read: (name) => image.files.get(name) ?? new Uint8Array(),
    verifierKey: () => (image.verifierKey === '' ? undefined : image.verifierKey),
  };
}
