import { createHash } from 'node:crypto';
import type { Breathe } from '../base/breath.ts';
import { byteWriter, ReadError, readCanonical } from '../base/canonical.ts';
import type { ByteReader } from '../base/canonical.ts';
import { microsUnchecked } from '../base/units.ts';
import type { Micros } from '../base/units.ts';
import type { Disk } from '../ports/world.ts';
import { digestBytes, digestOf } from './digest.ts';
import { writeAll } from './disk-failure.ts';
import type { JournalPosition } from './reader.ts';
import { hexOf } from './shape.ts';
import { createTree, heightsOf } from './tree.ts';
import { readWhole } from './whole-file.ts';

/** The state of a desk at a record, and where its journal goes on behind it: docs/reference/snapshot-format.md. */
export interface Snapshot {
  /** Version of what `state` means, given by whoever encodes it. */
  readonly schema: number;
  readonly term: number;
  /** Time of its last record. */
  readonly at: Micros;
  /** Build that decided everything up to here, hex. */
  readonly coreDigest: string;
  /** Of the encoded state, as the core itself hashes it, hex. */
  readonly stateHash: string;
  readonly position: JournalPosition;
  readonly state: Uint8Array;
}

export const snapshotFormat = 1;
/** Snapshots that are kept; older ones are removed when a new one is safe. */
export const snapshotsKept = 3;
/** Bytes hashed and written at once. */
const partBytes = 1 << 18;
/** Largest snapshot that is read, bytes. */
const maxSnapshotBytes = 1 << 30;

const magic = 'PLIMSNAP';
const namePattern = /^([0-9]{16})\.snapshot$/;

/** Snapshots lie beside the journal's directory, not in it: a journal is proven without them. */
export function snapshotDirectory(directory: string): string {
  return `${directory}.snapshots`;
}

/** Tree root over the records up to a position, hex. */
export function rootAt(position: JournalPosition): string {
  return hexOf(createTree({ noteEvery: 0, from: position.tree }).root());
}

/** Writes it durably under its name, then removes the oldest. @returns its path. */
export async function writeSnapshot(disk: Disk, directory: string, snapshot: Snapshot, breathe?: Breathe): Promise<string> {
  const folder = snapshotDirectory(directory);
  const name = `${String(snapshot.position.lastSeq).padStart(16, '0')}.snapshot`;
  const temporary = `${folder}/${name}.part`;
  await disk.makeDirectory(folder);
  await removeHalves(disk, directory);
  try {
    await writeParts(disk, temporary, snapshot, breathe);
    await disk.rename(temporary, `${folder}/${name}`);
  } catch (error) {
    // nor does what did not fit
    await disk.remove(temporary).catch(() => undefined);
    throw error;
  }
  await disk.syncDirectory(folder);
  await removeOld(disk, folder);
  return `${folder}/${name}`;
}

/** What a crash or an end left half written takes no room from the journal. Nobody may be writing one. */
export async function removeHalves(disk: Disk, directory: string): Promise<void> {
  const folder = snapshotDirectory(directory);
  for (const left of await disk.list(folder)) if (left.endsWith('.part')) await disk.remove(`${folder}/${left}`);
}

async function removeOld(disk: Disk, folder: string): Promise<void> {
  const names = (await disk.list(folder)).filter((name) => namePattern.test(name));
  for (const name of names.slice(0, Math.max(0, names.length - snapshotsKept))) await disk.remove(`${folder}/${name}`);
}

/** Names of the snapshots of a journal, newest first. */
export async function snapshotNames(disk: Disk, directory: string): Promise<readonly string[]> {
  const names = await disk.list(snapshotDirectory(directory));
  return names.filter((name) => namePattern.test(name)).reverse();
}

/** A snapshot by its name, or what is wrong with it. */
export async function readSnapshot(disk: Disk, directory: string, name: string): Promise<Snapshot | string> {
  const bytes = await readWhole(disk, `${snapshotDirectory(directory)}/${name}`, maxSnapshotBytes);
  const body = bytes.subarray(0, Math.max(0, bytes.length - digestBytes));
  if (hexOf(digestOf(body)) !== hexOf(bytes.subarray(body.length))) return 'its digest does not match: it is damaged or was cut short';
  const read = readCanonical(body, readBody);
  if (!read.ok) return `expected ${read.error.expected} at byte ${read.error.offset}`;
  const { snapshot, root } = read.value;
  if (rootAt(snapshot.position) !== root) return 'its tree root is not that of its subtrees';
  return snapshot.position.lastSeq === Number(name.slice(0, 16)) ? snapshot : `it is of record ${snapshot.position.lastSeq}`;
}

/** Head, state as it lies, digest: the state is long and is copied nowhere. */
async function writeParts(disk: Disk, path: string, snapshot: Snapshot, breathe: Breathe | undefined): Promise<void> {
  const { state } = snapshot;
  const head = headOf(snapshot);
  const hash = createHash('sha256').update(head);
  const file = await disk.open(path, 'create');
  try {
    await writeAll(file, head, 0, path);
    for (let from = 0; from < state.length; from += partBytes) {
      const part = state.subarray(from, from + partBytes);
      hash.update(part);
      await writeAll(file, part, head.length + from, path);
      breathe?.();
    }
    await writeAll(file, hash.digest(), head.length + state.length, path);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Everything before the bytes of the state. */
function headOf({ schema, term, at, coreDigest, stateHash, position, state }: Snapshot): Uint8Array {
  const writer = byteWriter(4096, maxSnapshotBytes);
  for (const letter of magic) writer.u8(letter.charCodeAt(0));
  writer.u32(snapshotFormat);
  writer.u32(schema);
  writer.u32(term);
  writer.safeInt(position.lastSeq);
  writer.safeInt(at);
  writer.str(coreDigest);
  writer.str(stateHash);
  writer.str(rootAt(position));
  writer.u32(position.segment);
  writer.safeInt(position.offset);
  writer.safeInt(position.lastBatch);
  writer.safeInt(position.tree.size);
  for (const subtree of position.tree.subtrees) writer.bytes(subtree);
  writer.u32(state.length);
  return writer.view();
}

function readBody(reader: ByteReader): { readonly snapshot: Snapshot; readonly root: string } {
  const letters = Array.from(magic, () => reader.u8());
  const format = reader.u32();
  if (String.fromCharCode(...letters) !== magic || format !== snapshotFormat)
    throw new ReadError({ code: 'MALFORMED', offset: 8, expected: `${magic} of format ${snapshotFormat}, was ${format}` });
  const [schema, term] = [reader.u32(), reader.u32()];
  const [lastSeq, at] = [reader.safeInt(), microsUnchecked(reader.safeInt())];
  const [coreDigest, stateHash, root] = [reader.str(), reader.str(), reader.str()];
  const [segment, offset, lastBatch, size] = [reader.u32(), reader.safeInt(), reader.safeInt(), reader.safeInt()];
  const subtrees = heightsOf(size).map(() => reader.bytes());
  const state = reader.bytes();
  const position = { segment, offset, lastBatch, lastSeq, tree: { size, subtrees } };
  return { snapshot: { schema, term, at, coreDigest, stateHash, position, state }, root };
}
