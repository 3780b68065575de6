import type { Seq } from '../domain/ids.ts';
import type { Clock } from '../ports/world.ts';
import { createBatchBuilder } from './batch.ts';
import type { CheckpointFile } from './checkpoint-file.ts';
import { diskFailureOf } from './disk-failure.ts';
import type { DiskFailure } from './disk-failure.ts';
import type { EmergencyFile } from './emergency-file.ts';
import type { SegmentHeader } from './format.ts';
import type { Piece, RecordStream, Taken } from './record-stream.ts';
import type { SegmentFiles } from './segment-files.ts';
import type { TreeSize } from './tree.ts';

export type Durability = 'sync' | 'group' | 'os';

/** Between checkpoints on a wall clock. */
export const checkpointMicros = 1_000_000;

export interface CommitterParts {
  readonly stream: RecordStream;
  readonly segments: SegmentFiles;
  readonly checkpoints: CheckpointFile;
  readonly emergency: EmergencyFile;
  readonly durability: Durability;
  readonly clock: Clock | null;
  /** Told when more is durable, and when nothing more will be. */
  readonly onProgress: () => void;
}

/**
 * Commits what was appended, one batch after the other: write durably, tell, then checkpoints.
 * After the first failed write or sync nothing is written but halt records, and those to the emergency file.
 */
export class Committer {
  readonly #parts: CommitterParts;
  readonly #batches = createBatchBuilder();
  #running: Promise<void> | null = null;
  #durableSeq: Seq;
  #toldSeq: Seq;
  #durableEntries: number;
  #failure: DiskFailure | null = null;
  #header: SegmentHeader | null = null;
  #signedAt: number;
  #signWanted = false;
  #signWaiters: (() => void)[] = [];

  constructor(parts: CommitterParts) {
    this.#parts = parts;
    this.#durableSeq = parts.stream.lastSeq;
    this.#toldSeq = this.#durableSeq;
    this.#durableEntries = parts.stream.tree.size;
    this.#signedAt = parts.clock?.now() ?? 0;
  }

  get durableSeq(): Seq {
    return this.#durableSeq;
  }

  get failure(): DiskFailure | null {
    return this.#failure;
  }

  /** Commits in a microtask: what the rest of this turn appends joins in. */
  start(): void {
    this.#running ??= Promise.resolve().then(() => this.#run());
  }

  /** Resolves when a checkpoint over everything appended so far is written, or nothing will be any more. */
  sign(): Promise<void> {
    if (this.#failure !== null) return Promise.resolve();
    this.#signWanted = true;
    this.start();
    return new Promise((resolve) => this.#signWaiters.push(resolve));
  }

  /** Commits the rest, signs the closing checkpoint and leaves segments and checkpoints behind, nothing else. */
  async close(): Promise<void> {
    this.start();
    while (this.#running !== null) await this.#running;
    const { segments, checkpoints, emergency, durability, stream } = this.#parts;
    try {
      if (this.#failure === null) {
        if (durability === 'os' && segments.begun) await segments.sync();
        // The reserves go first: on a full disk they make the room that the last checkpoint needs.
        await segments.end(true);
        await this.#signDue();
        await checkpoints.append([{ size: stream.tree.size, root: stream.tree.root() }], true);
        await checkpoints.sync();
        await checkpoints.close();
        await emergency.remove();
        return;
      }
    } catch (error) {
      this.#fail(error);
    }
    await Promise.allSettled([segments.end(false), checkpoints.close(), emergency.close()]);
  }

  async #run(): Promise<void> {
    let taken: Taken | null = null;
    try {
      while (this.#failure === null) {
        taken = this.#parts.stream.take();
        const tree = this.#treeToSign(taken !== null);
        if (taken !== null) await this.#commit(taken);
        else this.#tell();
        if (tree !== null) await this.#signLast(tree);
        else if (taken === null) break;
      }
    } catch (error) {
      this.#fail(error);
      await this.#rescue(taken);
    }
    if (this.#failure !== null) await this.#rescue(this.#parts.stream.take());
    this.#running = null;
  }

  async #commit(taken: Taken): Promise<void> {
    for (const piece of taken.pieces) await this.#commitPiece(taken, piece);
    this.#parts.stream.giveBack(taken);
  }

  async #commitPiece(taken: Taken, piece: Piece): Promise<void> {
    const { segments, durability } = this.#parts;
    if (piece.header !== null) {
      this.#tell();
      if (durability === 'os' && segments.begun) await segments.sync();
      await segments.begin(piece.header);
      this.#header = piece.header;
    }
    const written = segments.write(this.#batches.build(taken.target.bytes, piece));
    this.#tell();
    await Promise.all([written, this.#signDue()]);
    this.#durableSeq = piece.lastSeq;
    this.#durableEntries = piece.firstLeaf + piece.count;
  }

  /** Tells what became durable; once the next write is under way, so that whoever hears it does not hold that up. */
  #tell(): void {
    if (this.#toldSeq === this.#durableSeq) return;
    this.#toldSeq = this.#durableSeq;
    this.#parts.onProgress();
  }

  /** Checkpoints by count whose last record is durable. */
  async #signDue(): Promise<void> {
    const { noted } = this.#parts.stream.tree;
    let due = 0;
    while (due < noted.length && noted[due].size <= this.#durableEntries) due += 1;
    if (due > 0) await this.#parts.checkpoints.append(noted.splice(0, due), false);
  }

  /** The tree over all that was taken, when a checkpoint over it is asked for or a second has passed. */
  #treeToSign(taken: boolean): TreeSize | null {
    const { clock, stream } = this.#parts;
    const now = clock?.now() ?? 0;
    // a clock that was set back counts as a second too
    const due = now - this.#signedAt >= checkpointMicros || now < this.#signedAt;
    if (!this.#signWanted && !(taken && clock !== null && due)) return null;
    this.#signWanted = false;
    this.#signedAt = now;
    return { size: stream.tree.size, root: stream.tree.root() };
  }

  async #signLast(tree: TreeSize): Promise<void> {
    const { checkpoints, segments, durability } = this.#parts;
    this.#tell();
    await this.#signDue();
    if (durability === 'os' && segments.begun) await segments.sync();
    if (tree.size > checkpoints.size) await checkpoints.append([tree], false);
    await checkpoints.sync();
    this.#wakeSigners();
  }

  #wakeSigners(): void {
    const waiters = this.#signWaiters;
    this.#signWaiters = [];
    for (const resolve of waiters) resolve();
  }

  #fail(error: unknown): void {
    this.#failure ??= diskFailureOf(error, this.#parts.segments.name);
    this.#parts.onProgress();
    this.#wakeSigners();
  }

  /** Halt records of what will never be durable here, and of what is still appended. */
  async #rescue(first: Taken | null): Promise<void> {
    const { stream, emergency } = this.#parts;
    for (let taken = first; taken !== null; taken = stream.take()) {
      for (const piece of taken.pieces) {
        this.#header = piece.header ?? this.#header;
        const durable = piece.firstLeaf + piece.count <= this.#durableEntries;
        if (!durable && this.#header !== null) await emergency.write(taken, piece, this.#header);
      }
      stream.giveBack(taken);
    }
  }
}
