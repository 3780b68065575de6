import { err, ok, type Result } from '../base/result.ts';
import type { Micros } from '../base/units.ts';
import type { Core, CoreCapacities } from '../core/core.ts';
import type { DecisionComparer } from '../journal/diff.ts';
import { findJournalEnd, type FoundJournal, type RecoveryOptions, type RecoveryRefusal } from '../journal/recover.ts';
import type { JournalPosition } from '../journal/reader.ts';
import { hexOf } from '../journal/shape.ts';
import type { Disk } from '../ports/world.ts';
import { Replay } from './replay.ts';
import { coreOf, type Migrations } from './snapshots.ts';

export interface RecoverOptions {
  readonly disk: Disk;
  readonly directory: string;
  readonly capacities: CoreCapacities;
  /** This build's. */
  readonly coreDigest: string;
  readonly same: DecisionComparer;
  readonly heads?: readonly string[];
  readonly migrations?: Migrations;
  /** Reads the tail; absent: on this thread. */
  readonly openTail?: NonNullable<RecoveryOptions['openTail']>;
  /** Hears of the snapshot that is gone on from, before of anything behind it. */
  readonly onSnapshot?: (position: JournalPosition) => void;
  /** Hears every input behind it, with what was decided on it. */
  readonly onStep?: Replay['onStep'];
}

/** Why no desk goes on: those of the journal, and its decisions. Each stands in docs/reference/recovery.md. */
export interface RecoverRefusal {
  readonly code: RecoveryRefusal['code'] | (typeof stateRefusals)[number];
  readonly message: string;
}

export const stateRefusals = ['DECISIONS_DIFFER', 'TAIL_OF_ANOTHER_BUILD', 'NO_STATE'] as const;

/** The desk as its journal leaves it; nothing has been changed yet. */
export interface Recovered {
  readonly core: Core;
  readonly found: FoundJournal;
  /** Time of the last record. */
  readonly at: Micros;
  /** Build that wrote the last segment, when it is not this one. */
  readonly otherBuild: string;
  /** Inputs behind the snapshot that were stepped again. */
  readonly inputs: number;
}

/** The newest snapshot that holds and the tail, every decision derived again and compared. Changes nothing. */
export async function recoverDesk(options: RecoverOptions): Promise<Result<Recovered, RecoverRefusal>> {
  const { capacities, same, migrations = new Map(), onStep } = options;
  const replayFrom = (core?: Core): Replay => {
    const fresh = new Replay(capacities, same, core);
    if (onStep !== undefined) fresh.onStep = onStep;
    return fresh;
  };
  let replay = replayFrom();
  const found = await findJournalEnd({
    ...options,
    lazyDecisions: true,
    takeSnapshot: (snapshot) => {
      const core = coreOf(snapshot, migrations);
      if (typeof core === 'string') return core;
      replay = replayFrom(core);
      replay.at = snapshot.at;
      options.onSnapshot?.(snapshot.position);
      return '';
    },
    visit: (record) => replay.take(record),
  });
  if (!found.ok) return found;
  const digest = hexOf(found.value.header.coreDigest);
  const otherBuild = digest === options.coreDigest ? '' : digest;
  const { core, inputs, at } = replay;
  if (core === undefined) return err({ code: 'NO_STATE', message: `${options.directory} holds no record: there is no desk to go on with` });
  replay.settle();
  const [difference] = replay.differences;
  if (difference !== undefined) return err(refusalOf(difference.seq, otherBuild, found.value, options));
  return ok({ core, found: found.value, at, otherBuild, inputs });
}

function refusalOf(seq: number, otherBuild: string, found: FoundJournal, { directory, coreDigest }: RecoverOptions): RecoverRefusal {
  const advice = `plimsoll journal diff shows it`;
  if (otherBuild === '') {
    const message = `${directory}: record ${seq} is not what this build derives from its inputs, though it wrote it: no trading begins on it (${advice})`;
    return { code: 'DECISIONS_DIFFER', message };
  }
  const [passed] = found.passedOver;
  const without =
    passed === undefined ? 'there is no snapshot to start from' : `no snapshot can be started from (${passed.name}: ${passed.why})`;
  const since = found.snapshotSeq === 0 ? without : `the newest snapshot is of record ${found.snapshotSeq}`;
  const message = `${directory}: build ${otherBuild.slice(0, 12)}… decided record ${seq} otherwise than this build (${coreDigest.slice(0, 12)}…) and ${since}: recover with that build first (${advice})`;
  return { code: 'TAIL_OF_ANOTHER_BUILD', message };
}
