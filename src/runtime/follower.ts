import type { Breathe } from '../base/breath.ts';
import type { Micros } from '../base/units.ts';
import type { Core, CoreCapacities } from '../core/core.ts';
import type { Seq } from '../domain/ids.ts';
import type { DecisionComparer } from '../journal/diff.ts';
import { openJournalReader } from '../journal/reader.ts';
import type { JournalPosition, JournalReader } from '../journal/reader.ts';
import { writeSnapshot } from '../journal/snapshot-file.ts';
import type { Disk } from '../ports/world.ts';
import { Replay, type ReplayDifference, type ReplayRecord } from './replay.ts';
import { snapshotOf } from './snapshots.ts';

export interface FollowerOptions {
  readonly disk: Disk;
  readonly directory: string;
  readonly capacities: CoreCapacities;
  readonly coreDigest: string;
  /** Whether two decisions are one, by their record bytes. */
  readonly same: DecisionComparer;
  /** Goes on from a snapshot; absent: from the first record. */
  readonly from?: { readonly core: Core; readonly at: Micros; readonly position: JournalPosition };
  /** Hears every input with what was decided on it. */
  readonly onStep?: Replay['onStep'];
  /** Called all along a snapshot: the follower may sleep in it. */
  readonly breathe?: Breathe;
  /** Told before a snapshot is written: what lies beside it. `root` of the journal's tree there, hex. */
  readonly beside?: (position: JournalPosition, root: string) => void;
}

/**
 * Folds a journal that somebody else writes, as a standby does: it derives every decision again, the state hashes that the core says at agreed numbers among
 * them, and compares. Takes the snapshots, so that the core's thread takes none.
 */
export class Follower {
  readonly #options: FollowerOptions;
  readonly #replay: Replay;
  readonly #reader: JournalReader;
  #snapshotSeq: Seq = 0;

  constructor(options: FollowerOptions) {
    this.#options = options;
    const { capacities, same, from, onStep } = options;
    this.#replay = new Replay(capacities, same, from?.core);
    if (from !== undefined) this.#replay.at = from.at;
    if (onStep !== undefined) this.#replay.onStep = onStep;
    const begin = from === undefined ? {} : { from: from.position };
    this.#reader = openJournalReader(options.disk, options.directory, { root: true, lazyDecisions: true, ...begin });
    this.#snapshotSeq = from?.position.lastSeq ?? 0;
  }

  /** First differences between what was recorded and what is derived; not empty = the desk may not go on. */
  get differences(): readonly ReplayDifference[] {
    return this.#replay.differences;
  }

  get core(): Core | undefined {
    return this.#replay.core;
  }

  /** Folds what has been written since. @returns how many records, or the sentence that says what is wrong with the journal. */
  async catchUp(): Promise<number | string> {
    let records = 0;
    const take = (record: ReplayRecord): void => this.#replay.take(record);
    for (let read = await this.#reader.visit(take); read !== null; read = await this.#reader.visit(take)) records += read;
    const { kind, file, offset, what } = this.#reader.end;
    return kind === 'damaged' ? `the journal is damaged (${file} at byte ${offset}: ${what})` : records;
  }

  /** Writes the state that it holds, unless nothing came since the last one. @returns the seq of the newest snapshot. */
  async snapshot(): Promise<Seq> {
    const { disk, directory, coreDigest, breathe } = this.#options;
    const position = this.#reader.position();
    const { core } = this.#replay;
    if (core === undefined || position.lastSeq === this.#snapshotSeq || !this.#replay.settled || this.differences.length > 0)
      return this.#snapshotSeq;
    this.#options.beside?.(position, this.#reader.root());
    await writeSnapshot(disk, directory, snapshotOf(core, this.#replay.at, coreDigest, position, breathe), breathe);
    this.#snapshotSeq = position.lastSeq;
    return position.lastSeq;
  }

  close(): Promise<void> {
    return this.#reader.close();
  }
}
