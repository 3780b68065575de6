import { assert } from '../base/assert.ts';
import { err, ok } from '../base/result.ts';
import type { Result } from '../base/result.ts';
import type { Micros } from '../base/units.ts';
import type { Decision } from '../domain/decision.ts';
import type { Seq } from '../domain/ids.ts';
import type { Input } from '../domain/input.ts';
import type { JournalFailure, JournalFlush, JournalPort } from '../ports/journal.ts';
import type { Clock, Disk } from '../ports/world.ts';
import { CheckpointFile } from './checkpoint-file.ts';
import { Committer } from './committer.ts';
import type { Durability } from './committer.ts';
import { diskFailureOf, diskFailures } from './disk-failure.ts';
import { EmergencyFile, emergencyName } from './emergency-file.ts';
import { checkpointsName, inspectDirectory } from './inspect.ts';
import { loadSigningKey } from './key-files.ts';
import { RecordStream } from './record-stream.ts';
import { SegmentFiles } from './segment-files.ts';
import { hexOf, shapeOf } from './shape.ts';
import type { ShapeOptions } from './shape.ts';
import type { SigningKey } from './signed-note.ts';

export interface FileJournalOptions extends ShapeOptions {
  readonly disk: Disk;
  /** Of this journal alone, relative to the disk; `${directory}.key` and `${directory}.vkey` lie beside it. */
  readonly directory: string;
  /** Name of the log in its signed notes; no spaces and no '+'. */
  readonly origin: string;
  /** sync: every input with its decisions is a commit; group: whatever was appended while the last commit ran; os: written, not synced until it is closed. */
  readonly durability: Durability;
  /** Wall clock: a checkpoint is signed every second too. Absent (virtual clock): by count only, so that no clock touches a byte. */
  readonly clock?: Clock;
  /** Absent: the key file of the directory, made on first use. */
  readonly signingKey?: SigningKey;
}

/** Why no journal begins; each stands in docs/reference/journal-format.md. */
export const journalRefusals = [
  'JOURNAL_UNFINISHED',
  'JOURNAL_FINISHED',
  'KEY_UNREADABLE',
  'KEY_FOREIGN',
  'TERM_NOT_RAISED',
  ...diskFailures,
] as const;

export interface JournalRefusal {
  readonly code: (typeof journalRefusals)[number];
  readonly message: string;
}

/** Begins a journal in an empty directory; one that holds a journal is refused by name. */
export async function createFileJournal(options: FileJournalOptions): Promise<Result<FileJournal, JournalRefusal>> {
  const { disk, directory, origin } = options;
  try {
    const state = await inspectDirectory(disk, directory);
    if (state !== 'empty') return err(refusalOf(state, directory));
    await disk.makeDirectory(directory);
    const key = options.signingKey === undefined ? await loadSigningKey(disk, directory, origin) : ok(options.signingKey);
    if (!key.ok) return err({ code: 'KEY_UNREADABLE', message: key.error });
    return ok(await openFiles(options, key.value));
  } catch (error) {
    return err(diskFailureOf(error, directory));
  }
}

function refusalOf(state: 'finished' | 'unfinished', directory: string): JournalRefusal {
  if (state === 'finished') {
    const message = `${directory} holds a finished journal: its closing head covers everything, nothing follows it; choose another directory`;
    return { code: 'JOURNAL_FINISHED', message };
  }
  const message = `${directory} holds an unfinished journal (its writer crashed or still runs): it is gone on with by recovery, not begun anew`;
  return { code: 'JOURNAL_UNFINISHED', message };
}

async function openFiles(options: FileJournalOptions, key: SigningKey): Promise<FileJournal> {
  const { disk, directory } = options;
  const shape = shapeOf(options);
  for (const name of [emergencyName, checkpointsName]) {
    if (await disk.exists(`${directory}/${name}`)) await disk.remove(`${directory}/${name}`);
  }
  const segments = new SegmentFiles(disk, directory, shape.segmentBytes, key.keyID, options.durability !== 'os');
  await segments.prepare();
  const emergency = await EmergencyFile.create(disk, directory, key.keyID);
  const checkpoints = await CheckpointFile.create(disk, directory, key);
  await disk.syncDirectory(directory);
  const stream = new RecordStream(shape, options.durability === 'sync');
  return new FileJournal(key, stream, checkpoints, (onProgress) => {
    const { durability, clock = null } = options;
    return new Committer({ stream, segments, checkpoints, emergency, durability, clock, onProgress });
  });
}

interface Waiter {
  readonly seq: Seq;
  readonly resolve: (answer: JournalFlush) => void;
}

/** A journal in segments on a disk. Appending is synchronous and in memory; commits follow one another behind it. */
export class FileJournal implements JournalPort {
  readonly publicKey: string;
  readonly #stream: RecordStream;
  readonly #checkpoints: CheckpointFile;
  readonly #committer: Committer;
  readonly failed: Promise<JournalFailure>;
  #waiters: Waiter[] = [];
  #tellFailure: (failure: JournalFailure) => void = () => undefined;
  #closing: Promise<JournalFlush> | null = null;

  constructor(key: SigningKey, stream: RecordStream, checkpoints: CheckpointFile, committer: (onProgress: () => void) => Committer) {
    this.publicKey = key.verifierKey;
    this.#stream = stream;
    this.#checkpoints = checkpoints;
    this.#committer = committer(() => this.#wake());
    this.failed = new Promise((resolve) => (this.#tellFailure = resolve));
  }

  get nextSeq(): Seq {
    return this.#stream.lastSeq + 1;
  }

  get durableSeq(): Seq {
    return this.#committer.durableSeq;
  }

  /** It takes no more: what is appended now will never be durable. */
  get hasFailed(): boolean {
    return this.#committer.failure !== null;
  }

  /** Leaves of the tree: every record, those that repeat a segment's header included. */
  get entries(): number {
    return this.#stream.tree.size;
  }

  /** Appended and not yet taken to the disk; who does not yield should flush before this passes 64 MiB. */
  get backlogBytes(): number {
    return this.#stream.waitingBytes;
  }

  /** Tree root over everything appended, hex. */
  root(): string {
    return hexOf(this.#stream.tree.root());
  }

  /** The newest signed checkpoint that is safe on the disk (by `checkpoint`, a second passed or `close`); '' before the first. */
  head(): string {
    return this.#checkpoints.head;
  }

  appendInput(seq: Seq, at: Micros, input: Input): void {
    assert(this.#closing === null, 'journal: it is closed');
    this.#stream.appendInput(seq, at, input);
    this.#committer.start();
  }

  appendDecision(seq: Seq, at: Micros, causeSeq: Seq, decision: Decision): void {
    assert(this.#closing === null, 'journal: it is closed');
    this.#stream.appendDecision(seq, at, causeSeq, decision);
    this.#committer.start();
  }

  flush(): Promise<JournalFlush> {
    const seq = this.#stream.lastSeq;
    if (this.#committer.failure !== null || seq <= this.durableSeq) return Promise.resolve(this.#answer());
    return new Promise((resolve) => this.#waiters.push({ seq, resolve }));
  }

  /** Flushes and signs a checkpoint over everything appended so far. */
  async checkpoint(): Promise<JournalFlush> {
    await this.#committer.sign();
    return this.#answer();
  }

  close(): Promise<JournalFlush> {
    this.#closing ??= this.#committer.close().then(() => this.#answer());
    return this.#closing;
  }

  #answer(): JournalFlush {
    const { failure, durableSeq } = this.#committer;
    return failure === null ? { ok: true, durableSeq } : { ok: false, ...failure, durableSeq };
  }

  /** Waiters stand in the order of their seq. */
  #wake(): void {
    const answer = this.#answer();
    if (!answer.ok) this.#tellFailure(answer);
    while (this.#waiters.length > 0 && (!answer.ok || this.#waiters[0].seq <= answer.durableSeq)) this.#waiters.shift()?.resolve(answer);
  }
}
