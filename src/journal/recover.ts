import { err, ok } from '../base/result.ts';
import type { Result } from '../base/result.ts';
import type { Seq } from '../domain/ids.ts';
import type { Disk } from '../ports/world.ts';
import { parseCheckpoint, splitNotes } from './checkpoint.ts';
import { readEmergency } from './emergency-records.ts';
import { formatVersion } from './format.ts';
import type { SegmentHeader } from './format.ts';
import { checkpointsName } from './inspect.ts';
import { openJournalReader } from './reader.ts';
import type { JournalEnd, JournalPosition, ReaderOptions, TailReader } from './reader.ts';
import type { JournalRecord } from './record.ts';
import { segmentName } from './segment-files.ts';
import { SegmentReader } from './segment-reader.ts';
import { hexOf } from './shape.ts';
import { parseNote } from './signed-note.ts';
import { readSnapshot, rootAt, snapshotNames } from './snapshot-file.ts';
import type { Snapshot } from './snapshot-file.ts';
import type { TreeSize } from './tree.ts';
import { readWhole } from './whole-file.ts';

/** Why a journal is only read: each stands in docs/reference/recovery.md. */
export const recoveryRefusals = [
  'JOURNAL_EMPTY',
  'JOURNAL_DAMAGED',
  'ACKNOWLEDGED_LOST',
  'HEAD_UNREADABLE',
  'HEAD_DIFFERS',
  'FORMAT_UNKNOWN',
] as const;

export interface RecoveryRefusal {
  readonly code: (typeof recoveryRefusals)[number];
  readonly message: string;
}

export interface RecoveryOptions {
  readonly disk: Disk;
  readonly directory: string;
  /** Signed heads that were kept outside: a witness's, or the one that was printed. */
  readonly heads?: readonly string[];
  /** Takes a snapshot; '' = taken, else why not, and an older one is tried. Absent: no snapshot is looked for. */
  readonly takeSnapshot?: (snapshot: Snapshot) => string;
  /** Decisions are decoded when `visit` looks at them: for whoever compares their bytes. */
  readonly lazyDecisions?: true;
  /** Reads the tail; absent: on this thread. */
  readonly openTail?: (options: ReaderOptions) => TailReader;
  /** Hears every numbered record behind the snapshot that was taken. */
  readonly visit: (record: JournalRecord) => void;
}

/** What a writer that is gone has left, and how it can be gone on with. */
export interface FoundJournal {
  readonly end: JournalEnd;
  /** Behind the last sound batch. */
  readonly position: JournalPosition;
  readonly header: SegmentHeader;
  readonly keyID: number;
  /** Whole notes of the checkpoint file, by size, and the checkpoints by count that are missing. */
  readonly notes: readonly Note[];
  readonly unsigned: readonly TreeSize[];
  /** Entries that were acknowledged, as far as checkpoints and heads tell. */
  readonly acknowledged: number;
  /** Seq of the snapshot that was taken; 0 = none. */
  readonly snapshotSeq: Seq;
  /** Records behind it. */
  readonly tail: number;
  readonly passedOver: readonly { readonly name: string; readonly why: string }[];
  readonly emergency: readonly JournalRecord[];
}

/**
 * Finds the end of a journal whose writer is gone: newest snapshot that holds, then the tail. Nothing is changed. A torn last commit is an end like any
 * other, as long as every acknowledged head that can be found lies before it; anything wrong before the end is a refusal.
 */
export async function findJournalEnd(options: RecoveryOptions): Promise<Result<FoundJournal, RecoveryRefusal>> {
  const { disk, directory } = options;
  const { notes, expected, given, wrong } = await headsOf(disk, directory, options.heads ?? []);
  if (wrong !== undefined) return err(wrong);
  const passedOver: { name: string; why: string }[] = [];
  const noteEvery = await checkpointEveryOf(disk, directory);
  const snapshot = await takeNewest(options, { noteEvery, sizes: expected, given }, passedOver);
  const openTail = options.openTail ?? ((of: ReaderOptions) => openJournalReader(disk, directory, of));
  const reader = openTail({
    root: true,
    ...(options.lazyDecisions === true ? { lazyDecisions: true } : {}),
    noteEvery,
    expected,
    ...(snapshot === undefined ? {} : { from: snapshot.position }),
  });
  let tail = 0;
  try {
    for (let read = await reader.visit(options.visit); read !== null; read = await reader.visit(options.visit)) tail += read;
  } finally {
    await reader.close();
  }
  const { end } = reader;
  const refusal = refuseEnd(end, directory) ?? refuseLoss(end, expected, directory);
  if (refusal !== undefined) return err(refusal);
  const position = reader.position();
  const last = await SegmentReader.open(disk, directory, position.segment, position.offset);
  if (typeof last === 'string') return err({ code: 'JOURNAL_DAMAGED', message: `${directory}: ${last}: it is only read` });
  const behind = await last.anyBatchBehind();
  await last.close();
  if (behind) return err(lostInMiddle(end, position, directory));
  return ok({
    end,
    position,
    header: last.header,
    keyID: last.keyID,
    notes: notes.filter((note) => note.size <= end.entries),
    unsigned: reader.noted.filter(({ size }) => !notes.some((note) => note.size === size)),
    acknowledged: Math.max(0, ...expected.keys()),
    snapshotSeq: snapshot?.position.lastSeq ?? 0,
    tail,
    passedOver,
    emergency: await readEmergency(disk, directory),
  });
}

/** Records between checkpoints, as the first segment says; 0 = it says nothing. */
async function checkpointEveryOf(disk: Disk, directory: string): Promise<number> {
  if (!(await disk.exists(`${directory}/${segmentName(1)}`))) return 0;
  const first = await SegmentReader.open(disk, directory, 1);
  if (typeof first === 'string') return 0;
  await first.close();
  return first.header.checkpointEvery;
}

async function takeNewest(
  options: RecoveryOptions,
  checkpoints: Checkpoints,
  passedOver: { name: string; why: string }[],
): Promise<Snapshot | undefined> {
  const { disk, directory, takeSnapshot } = options;
  if (takeSnapshot === undefined) return undefined;
  for (const name of await snapshotNames(disk, directory)) {
    const snapshot = await readSnapshot(disk, directory, name);
    const why =
      typeof snapshot === 'string'
        ? snapshot
        : (await aheadOf(disk, directory, snapshot)) || unprovenBy(snapshot.position, checkpoints) || takeSnapshot(snapshot);
    if (typeof snapshot !== 'string' && why === '') return snapshot;
    passedOver.push({ name, why });
  }
  return undefined;
}

interface Checkpoints {
  readonly noteEvery: number;
  readonly sizes: ReadonlyMap<number, string>;
  /** Size of the smallest head that was given; Infinity = none was. */
  readonly given: number;
}

/** Why the records before it have to be read; '' = they need not. */
function unprovenBy(position: JournalPosition, checkpoints: Checkpoints): string {
  const { size } = position.tree;
  const { sizes, given } = checkpoints;
  const root = sizes.get(size);
  // who gives a head wants to know whether the records lead to it
  if (given < size) return `a head over ${given} entries before it was given, and what lies before that has to be read`;
  if (root !== undefined && root !== rootAt(position)) return `its root is not that of the checkpoint over ${size} entries`;
  return lackingBefore(position, checkpoints);
}

/** Checkpoints by count that a power cut took can be signed again from the records only: a snapshot skips no record that one of them needs. */
function lackingBefore({ tree }: JournalPosition, { noteEvery, sizes }: Checkpoints): string {
  for (let size = noteEvery; noteEvery > 0 && size <= tree.size; size += noteEvery) {
    if (!sizes.has(size)) return `the checkpoint over ${size} entries before it is missing and has to be made from the records`;
  }
  return '';
}

/**
 * '' when the journal has the batch that a snapshot ends with: a snapshot may have outlived records that no power cut let stand, and another desk may have written as
 * many of its own in their place.
 */
async function aheadOf(disk: Disk, directory: string, { position, term, at }: Snapshot): Promise<string> {
  const lacking = `the journal does not hold record ${position.lastSeq}, which it ends with`;
  if (position.segment === 0 || position.lastBatch === 0) return lacking;
  const segment = await SegmentReader.open(disk, directory, position.segment, position.lastBatch).catch(() => lacking);
  if (typeof segment === 'string') return lacking;
  const batch = await segment.next(false);
  await segment.close();
  const last = batch.kind === 'batch' ? batch.records[batch.count - 1] : undefined;
  if (last?.seq !== position.lastSeq || segment.position !== position.offset) return lacking;
  return last.term === term && last.at === at
    ? ''
    : `record ${position.lastSeq} of the journal is another one than it ends with: of term ${last.term} and time ${last.at}, not ${term} and ${at}`;
}

/** A signed checkpoint of the journal. */
export interface Note {
  readonly size: number;
  readonly text: string;
}

interface Heads {
  readonly notes: readonly Note[];
  readonly expected: ReadonlyMap<number, string>;
  /** Size of the smallest head that was given; Infinity = none was. */
  readonly given: number;
  readonly wrong?: RecoveryRefusal;
}

/** Roots by size of every checkpoint of the journal and every head given. */
async function headsOf(disk: Disk, directory: string, heads: readonly string[]): Promise<Heads> {
  const path = `${directory}/${checkpointsName}`;
  const { notes } = (await disk.exists(path)) ? splitNotes(new TextDecoder().decode(await readWhole(disk, path))) : { notes: [] };
  const expected = new Map<number, string>();
  const sound = notes.flatMap((text) => (add(expected, text) === '' ? [{ size: sizeOf(text), text }] : []));
  let given = Infinity;
  for (const head of heads) {
    const note = head.endsWith('\n') ? head : `${head}\n`;
    const wrong = add(expected, note);
    given = Math.min(given, sizeOf(note));
    if (wrong !== '')
      return {
        notes: sound,
        expected,
        given,
        wrong: { code: wrong === 'unreadable' ? 'HEAD_UNREADABLE' : 'HEAD_DIFFERS', message: sentenceOf(wrong, directory) },
      };
  }
  return { notes: sound, expected, given };
}

function sizeOf(note: string): number {
  return parseCheckpoint(parseNote(note)?.text ?? '')?.size ?? 0;
}

function sentenceOf(wrong: string, directory: string): string {
  return wrong === 'unreadable'
    ? `${directory}: the head given is no signed checkpoint (expected origin, size, root and a signature): nothing is changed`
    : `${directory}: the head given has another root over ${wrong} entries than the journal's own checkpoint: it is only read`;
}

/** '' or what is wrong: 'unreadable', or the size at which two heads differ. */
function add(expected: Map<number, string>, note: string): string {
  const parsed = parseNote(note);
  const checkpoint = parsed === undefined ? undefined : parseCheckpoint(parsed.text);
  if (checkpoint === undefined) return 'unreadable';
  const root = hexOf(checkpoint.root);
  const before = expected.get(checkpoint.size);
  if (before !== undefined && before !== root) return String(checkpoint.size);
  expected.set(checkpoint.size, root);
  return '';
}

function refuseEnd(end: JournalEnd, directory: string): RecoveryRefusal | undefined {
  switch (end.kind) {
    case 'empty':
      return { code: 'JOURNAL_EMPTY', message: `${directory} holds no journal` };
    case 'damaged':
      return end.what.startsWith('expected format version')
        ? {
            code: 'FORMAT_UNKNOWN',
            message: `${directory}/${end.file}: ${end.what}; this build reads version ${formatVersion}: it is only read by the build that wrote it`,
          }
        : {
            code: 'JOURNAL_DAMAGED',
            message: `${directory} is damaged behind record ${end.lastSeq} (${end.file} at byte ${end.offset}: ${end.what}): it is only read, and no trading begins on it`,
          };
    case 'finished':
    case 'open':
    case 'torn':
      return undefined;
  }
}

/** Sound commits behind a place where nothing, or nothing whole, stands: a write was lost or went elsewhere. */
function lostInMiddle(end: JournalEnd, { segment, offset }: JournalPosition, directory: string): RecoveryRefusal {
  const message = `${directory} is damaged behind record ${end.lastSeq} (${segmentName(segment)} at byte ${offset}: a commit is missing, sound ones follow): it is only read, and no trading begins on it`;
  return { code: 'JOURNAL_DAMAGED', message };
}

function refuseLoss(end: JournalEnd, expected: ReadonlyMap<number, string>, directory: string): RecoveryRefusal | undefined {
  const acknowledged = Math.max(0, ...expected.keys());
  if (acknowledged <= end.entries) return undefined;
  const torn = end.what === '' ? '' : ` (${end.file} at byte ${end.offset}: ${end.what})`;
  return {
    code: 'ACKNOWLEDGED_LOST',
    message: `${directory} holds ${end.entries} entries, its acknowledged head covers ${acknowledged}${torn}: what was acknowledged is missing, it is only read`,
  };
}
