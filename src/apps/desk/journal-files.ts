import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { smallCoreCapacities } from '../../core/core.ts';
import { continueFileJournal } from '../../journal/continue-journal.ts';
import { createDecisionComparer } from '../../journal/diff.ts';
import { createFileJournal, type FileJournal, type FileJournalOptions } from '../../journal/file-journal.ts';
import { inspectDirectory } from '../../journal/inspect.ts';
import { readJournal } from '../../journal/reader.ts';
import { recoverDesk, type Recovered } from '../../runtime/recovery.ts';
import { nodeDisk } from '../../storage/file/node-disk.ts';
import { lockDirectory, type DirectoryLock } from './control-socket.ts';
import { exitCodes, Refusal, type ExitCode } from './exit-codes.ts';
import { journalFolder } from './journal-folder.ts';
import { nothingTold, tellDecision, tellInput, tellStep, type Told } from './past-fold.ts';
import { firstTerm } from './session.ts';
import type { Past } from './resume.ts';
import type { StartClock } from './start-times.ts';
import { tailReaderOf } from './read-ahead.ts';
import { readTold } from './told-file.ts';

/** File beside the journal that holds its last signed head: the outside witness of a demonstration. */
export const headFile = 'head.txt';
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

type Durability = 'sync' | 'group' | 'os';

/** A journal to write to, and what an earlier desk left in it. */
export interface OpenedJournal {
  readonly journal: FileJournal;
  readonly past?: Past;
}

function optionsOf(directory: string, coreDigest: string, durability: Durability): Omit<FileJournalOptions, 'term'> {
  return { disk: nodeDisk(directory), directory: journalFolder, origin: 'plimsoll', durability, coreDigest, segmentBytes };
}

/** Begins the journal of a directory; one that holds a journal already is refused by name. */
export async function beginJournal(directory: string, coreDigest: string, durability: Durability): Promise<FileJournal> {
  const created = await createFileJournal({ ...optionsOf(directory, coreDigest, durability), term: firstTerm });
  if (!created.ok) throw refusalAt(directory, created.error.message);
  return created.value;
}

/** Begins the journal of a directory, or goes on with one whose desk is gone; what cannot be gone on with is refused by name. */
export async function openJournal(
  directory: string,
  coreDigest: string,
  durability: Durability,
  clock?: StartClock,
): Promise<OpenedJournal> {
  const disk = nodeDisk(directory);
  if ((await inspectDirectory(disk, journalFolder)) !== 'unfinished')
    return { journal: await beginJournal(directory, coreDigest, durability) };
  const { told, ...recovered } = await recoverDirectory(directory, coreDigest);
  clock?.done('state recovered');
  const term = recovered.found.header.term + 1;
  const journal = await continueFileJournal({ ...optionsOf(directory, coreDigest, durability), term }, recovered.found);
  if (!journal.ok) throw refusalAt(directory, journal.error.message);
  return { journal: journal.value, past: { ...recovered, directory, told: told ?? (await toldByAll(directory)) } };
}

/** The desk that an unfinished journal leaves, and what it has told where that is known without reading it all; changes nothing. */
export async function recoverDirectory(
  directory: string,
  coreDigest: string,
  heads: readonly string[] = [],
): Promise<Recovered & { readonly told: Told | undefined }> {
  let told: Told | undefined = nothingTold();
  const recovered = await recoverDesk({
    disk: nodeDisk(directory),
    directory: journalFolder,
    capacities: smallCoreCapacities,
    coreDigest,
    same: createDecisionComparer(),
    openTail: tailReaderOf(directory, journalFolder),
    heads: [...heads, ...headsBeside(directory)],
    onSnapshot: (position) => {
      told = readTold(directory, position, coreDigest);
    },
    onStep: (record, { decisions }) => {
      if (told !== undefined) tellStep(told, record, decisions);
    },
  });
  if (!recovered.ok) throw refusalOf(directory, recovered.error);
  return { ...recovered.value, told };
}

/** What the whole journal has told. */
export async function toldByAll(directory: string): Promise<Told> {
  const told = nothingTold();
  await readJournal(nodeDisk(directory), journalFolder, (record) => {
    if (record.of === 'input') tellInput(told, record.seq, record.at, record.input);
    else tellDecision(told, record.seq, record.at, record.decision);
  });
  return told;
}

/** The head that an earlier command has printed into the data directory. */
function headsBeside(directory: string): readonly string[] {
  const file = join(directory, headFile);
  return existsSync(file) ? [readFileSync(file, 'utf8')] : [];
}

/** What is wrong with the journal itself, not with the asking. */
const damage: ReadonlySet<string> = new Set(['JOURNAL_DAMAGED', 'ACKNOWLEDGED_LOST', 'HEAD_DIFFERS', 'DECISIONS_DIFFER']);

/** Why nothing goes on with a directory, with the exit code that it has. */
export function refusalOf(directory: string, { code, message }: { readonly code: string; readonly message: string }): Refusal {
  return refusalAt(directory, message, damage.has(code) ? exitCodes.aborted : exitCodes.refused);
}

function refusalAt(directory: string, message: string, exitCode: ExitCode = exitCodes.refused): Refusal {
  return new Refusal(exitCode, message.replace(journalFolder, join(directory, journalFolder)));
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
