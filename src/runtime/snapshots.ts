import type { Breathe } from '../base/breath.ts';
import type { Core } from '../core/core.ts';
import { stateHash } from '../core/engine.ts';
import { decodeCore, encodeCore } from '../core/snapshot.ts';
import type { Micros } from '../base/units.ts';
import type { JournalPosition } from '../journal/reader.ts';
import type { Snapshot } from '../journal/snapshot-file.ts';

/**
 * Raised when a store keeps its fields and changes what they mean, or the bytes around the graph change. Another list of fields refuses itself: the digest of every
 * record's shape stands before the state (core/snapshot.ts). Snapshots of before then need a migration.
 */
export const snapshotSchema = 15;

/** Turns a state of an older schema into one of the next, by the older one's version. */
export type Migrations = ReadonlyMap<number, (state: Uint8Array) => Uint8Array>;

/** The core at a position of its journal. Its bytes are good until the next snapshot. */
export function snapshotOf(core: Core, at: Micros, coreDigest: string, position: JournalPosition, breathe?: Breathe): Snapshot {
  const [hash, state] = [stateHash(core, breathe), encodeCore(core, breathe)];
  return { schema: snapshotSchema, term: core.term, at, coreDigest, stateHash: hash, position, state };
}

/** The core of a snapshot, brought to this build's schema; or why it is none that this build goes on from. */
export function coreOf(snapshot: Snapshot, migrations: Migrations): Core | string {
  let { schema, state } = snapshot;
  for (; schema < snapshotSchema; schema++) {
    const migrate = migrations.get(schema);
    if (migrate === undefined)
      return `its schema is ${snapshot.schema}, this build's is ${snapshotSchema}, and nothing migrates from ${schema}`;
    state = migrate(state);
  }
  if (schema > snapshotSchema) return `its schema is ${schema}, this build's is ${snapshotSchema}: a newer build wrote it`;
  const core = decodeCore(state);
  if (!core.ok) return `this build cannot read its state (${core.error})`;
  const hash = hashOf(core.value);
  if (hash === '') return 'this build cannot hash its state: another one left out what is hashed here';
  return hash === snapshot.stateHash
    ? core.value
    : `its state has the hash ${hash.slice(0, 16)}…, it names ${snapshot.stateHash.slice(0, 16)}…`;
}

/** '' where this build cannot hash it: another one's records may lack what is hashed here. */
function hashOf(core: Core): string {
  try {
    return stateHash(core);
  } catch {
    return '';
  }
}
