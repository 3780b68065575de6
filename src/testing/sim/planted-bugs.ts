import type { FaultName } from '../../sim/faulty/fault-plan.ts';
import { plantedInCore } from './planted-core.ts';
import { plantedInInvariants } from './planted-invariants.ts';
import { plantedInRollout } from './planted-rollout.ts';
import { plantedInStandbys } from './planted-standbys.ts';
import { plantedInSwaps } from './planted-swaps.ts';

/** A bug as an edit of one source file: the control that it removes, and the properties whose checker must notice. */
export interface PlantedBug {
  readonly name: string;
  /** Path below the root; `find` stands there exactly once. */
  readonly file: string;
  readonly find: string;
  readonly replace: string;
  /** A second control that would catch it too is removed with it. */
  readonly also?: { readonly file: string; readonly find: string; readonly replace: string };
  readonly caughtBy: readonly string[];
  /** Seed at which it was last caught: the search begins there. */
  readonly seed: number;
  /** Seeds that it is searched in, from there; left out: 24. */
  readonly seeds?: number;
  /** Distance of two of them; left out: 1. One seed in sixteen lives beside a worse twin (13, 29, …), one beside a larger one (5, 21, …). */
  readonly every?: number;
  /** What the worlds are to have; left out: what the seed draws. */
  readonly faults?: readonly FaultName[];
}

const journal = 'src/journal';

const plantedInJournal: readonly PlantedBug[] = [
  {
    name: 'no fsync: segments are written and never synced',
    file: `${journal}/segment-files.ts`,
    find: "this.#durableWrites ? 'durable' : 'readWrite'",
    replace: "'readWrite'",
    caughtBy: ['ACKNOWLEDGED'],
    seed: 1,
    faults: ['powerCut'],
  },
  {
    name: 'acknowledged before it is written',
    file: `${journal}/committer.ts`,
    find: 'const written = segments.write(',
    replace: 'this.#durableSeq = piece.lastSeq;\n    this.#parts.onProgress();\n    const written = segments.write(',
    caughtBy: ['ACKNOWLEDGED'],
    seed: 1,
    faults: ['powerCut', 'slowDisk'],
  },
  {
    name: 'a segment begins and its directory is not synced',
    file: `${journal}/segment-files.ts`,
    find: 'await this.#disk.rename(path, this.#name);\n    await this.#disk.syncDirectory(this.#directory);',
    replace: 'await this.#disk.rename(path, this.#name);',
    caughtBy: ['ACKNOWLEDGED'],
    seed: 1,
    faults: ['powerCut'],
  },
  {
    name: 'a snapshot is renamed and its directory is not synced',
    file: `${journal}/snapshot-file.ts`,
    find: '  await disk.syncDirectory(folder);\n',
    replace: '',
    caughtBy: ['SNAPSHOT'],
    seed: 52,
    seeds: 300,
    faults: ['powerCut'],
  },
  {
    name: 'a short write passes for a whole one',
    file: `${journal}/disk-failure.ts`,
    find: 'if (written === bytes.length) return;',
    replace: 'if (written <= bytes.length) return;',
    caughtBy: ['ACKNOWLEDGED', 'REPLAY', 'THROWN'],
    seed: 1,
    faults: ['diskFull', 'kill9', 'powerCut'],
  },
  {
    name: 'a failed write is passed over',
    file: `${journal}/segment-files.ts`,
    find: 'await writeAll(this.#open(), batch, this.#position, this.#name);',
    replace: 'await writeAll(this.#open(), batch, this.#position, this.#name).catch(() => undefined);',
    caughtBy: ['ACKNOWLEDGED', 'REPLAY'],
    seed: 38,
    faults: ['eio', 'powerCut'],
  },
  {
    name: 'a torn end is left where it is',
    file: `${journal}/continue-journal.ts`,
    find: '    await cutTorn(disk, directory, found);\n',
    replace: '',
    caughtBy: ['ACKNOWLEDGED', 'REPLAY'],
    seed: 1,
    faults: ['powerCut', 'slowDisk'],
  },
  {
    name: 'no CRC: a record is taken as it is read',
    file: `${journal}/record.ts`,
    find: 'if (view.getUint32(p + 4, true) !== crc32(bytes, view, p + 8, end, word))',
    replace: 'if (view.getUint32(p + 4, true) !== view.getUint32(p + 4, true))',
    caughtBy: ['ACKNOWLEDGED', 'REPLAY', 'THROWN', 'READ'],
    seed: 157,
    seeds: 300,
    faults: ['powerCut', 'slowDisk'],
  },
  {
    name: 'no CRC: a record with a turned bit is taken as it is read',
    file: `${journal}/record.ts`,
    find: 'if (view.getUint32(p + 4, true) !== crc32(bytes, view, p + 8, end, word))',
    replace: 'if (view.getUint32(p + 4, true) !== view.getUint32(p + 4, true))',
    caughtBy: ['READ'],
    seed: 27,
    seeds: 48,
    faults: ['bitRot', 'kill9'],
  },
  {
    name: 'effects leave without waiting for the disk',
    file: 'src/runtime/outbox.ts',
    find: 'if (effect.reducing) leave(effect);',
    replace: 'if (effect.reducing || waiting.length === 0) leave(effect);',
    caughtBy: ['DURABLE'],
    seed: 1,
    faults: [],
  },
  {
    name: 'effects wait for the record before theirs',
    file: 'src/runtime/sequencer.ts',
    find: 'this.#outbox.accept(seq + decisions.length, effects);',
    replace: 'this.#outbox.accept(seq - 1, effects);',
    caughtBy: ['DURABLE'],
    seed: 1,
    faults: [],
  },
  {
    name: 'restricting effects wait for the disk',
    file: 'src/core/rollout/kill.ts',
    find: "outcome.effects.push({ kind: 'kill', reducing: engaged,",
    replace: "outcome.effects.push({ kind: 'kill', reducing: false,",
    caughtBy: ['ROL6'],
    seed: 1,
    faults: ['personKill', 'personRollback'],
  },
  {
    name: 'a state is not in its snapshot',
    file: 'src/core/snapshot.ts',
    find: "  'capacities',",
    replace: "  'lastTag',\n  'capacities',",
    caughtBy: ['REPLAY', 'THROWN', 'SNAPSHOT', 'ACKNOWLEDGED'],
    seed: 4,
    faults: ['kill9', 'powerCut'],
  },
];

/** Every planted bug of the faulty world (FW2). */
export const plantedBugs: readonly PlantedBug[] = [
  ...plantedInJournal,
  ...plantedInCore,
  ...plantedInRollout,
  ...plantedInSwaps,
  ...plantedInStandbys,
  ...plantedInInvariants,
];
