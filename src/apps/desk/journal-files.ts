import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { createFileJournal, type FileJournal } from '../../journal/file-journal.ts';
import { inspectDirectory } from '../../journal/inspect.ts';
import { nodeDisk } from '../../storage/file/node-disk.ts';
import { lockDirectory, type DirectoryLock } from './control-socket.ts';
import { exitCodes, Refusal } from './exit-codes.ts';
import { firstTerm } from './session.ts';

/** Folder of the journal inside a data directory; its keys lie beside it. */
export const journalFolder = 'journal';
/** Segments of a demonstration: small enough that an hour of story needs one or two. */
const segmentBytes = 16 * 1024 * 1024;

/** A data directory that this process holds. */
export interface DeskDirectory {
  readonly path: string;
  readonly kept: boolean;
  readonly lock: DirectoryLock;
  release(): Promise<void>;
}

/** Takes a directory (a temporary one when none is named) for this process alone. */
export async function takeDirectory(named: string | undefined): Promise<DeskDirectory> {
  if (named !== undefined && existsSync(named) && !statSync(named).isDirectory())
    throw new Refusal(exitCodes.refused, `${named}: expected a directory, is a file`);
  const path = named === undefined ? mkdtempSync(join(tmpdir(), 'plimsoll-')) : resolve(named);
  mkdirSync(path, { recursive: true });
  const lock = await lockDirectory(path);
  if (lock === undefined) throw new Refusal(exitCodes.refused, `${named ?? path}: another process holds this data directory`);
  const kept = named !== undefined;
  return {
    path,
    kept,
    lock,
    release: async () => {
      await lock.release();
      if (!kept) rmSync(path, { recursive: true, force: true });
    },
  };
}

/** Begins the journal of a directory; one that holds a journal already is refused by name. */
export async function beginJournal(directory: string, coreDigest: string, durability: 'sync' | 'group' | 'os'): Promise<FileJournal> {
  const created = await createFileJournal({
    disk: nodeDisk(directory),
    directory: journalFolder,
    origin: 'plimsoll',
    durability,
    coreDigest,
    term: firstTerm,
    segmentBytes,
  });
  if (!created.ok) throw new Refusal(exitCodes.refused, created.error.message.replace(journalFolder, join(directory, journalFolder)));
  return created.value;
}

/** Where the journal of a directory lies: the directory itself may be given too. */
export async function findJournal(given: string): Promise<{ readonly root: string; readonly folder: string }> {
  if (!existsSync(given)) throw new Refusal(exitCodes.refused, `${given}: no such directory`);
  for (const [root, folder] of [
    [resolve(given), journalFolder],
    [dirname(resolve(given)), resolve(given).split(/[\\/]/).at(-1) ?? ''],
  ] as const) {
    if ((await inspectDirectory(nodeDisk(root), folder)) !== 'empty') return { root, folder };
  }
  throw new Refusal(exitCodes.refused, `${given}: holds no journal`);
}
