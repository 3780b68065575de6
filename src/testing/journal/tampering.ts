import type { Prng } from '../../base/prng.ts';
import { createBatchBuilder } from '../../journal/batch.ts';
import { joinNotes, parseCheckpoint, splitNotes } from '../../journal/checkpoint.ts';
import { crc32 } from '../../journal/checksum.ts';
import { digestBytes } from '../../journal/digest.ts';
import { headerBytes } from '../../journal/format.ts';
import { parseNote } from '../../journal/signed-note.ts';
import { createTree } from '../../journal/tree.ts';
import { batchesOf, bytesOf, regionsOf, segmentNames } from './regions.ts';
import type { BatchPlace, Region, RegionKind } from './regions.ts';
import type { JournalImage } from './small-journal.ts';

/** What somebody who holds the disk, but not the key, may do to a closed journal. */
export interface Tampering {
  readonly kind: string;
  readonly what: string;
  readonly image: JournalImage;
}

/** Other histories of the same desk, signed with a key of the forger's. */
export interface Victim {
  readonly image: JournalImage;
  readonly regions: readonly Region[];
  readonly batches: readonly BatchPlace[];
  readonly notes: readonly string[];
  readonly forgeries: readonly JournalImage[];
}

export function victimOf(image: JournalImage, forgeries: readonly JournalImage[]): Victim {
  const { notes } = splitNotes(new TextDecoder().decode(bytesOf(image, 'checkpoints')));
  return { image, regions: regionsOf(image), batches: batchesOf(image), notes, forgeries };
}

export const tamperingKinds = [
  'flip header',
  'flip headerPadding',
  'flip record',
  'flip recordPadding',
  'flip trailer',
  'flip batchPadding',
  'flip rest',
  'flip checkpoints',
  'rewrite header',
  'delete record',
  'delete batch',
  'delete segment',
  'delete checkpoint',
  'delete checkpoints',
  'reorder records',
  'reorder batches',
  'reorder segments',
  'reorder checkpoints',
  'truncate segments',
  'truncate checkpoints',
  'truncate at checkpoint',
  'rewrite all, old checkpoints',
  'rewrite all, own key',
  'rewrite all, own key beside it',
  'rewrite one segment',
] as const;
export type TamperingKind = (typeof tamperingKinds)[number];

/** One change of that kind; a draw that would change nothing (zeros over zeros) is drawn again. */
export function tamper(kind: TamperingKind, victim: Victim, luck: Prng): Tampering {
  for (;;) {
    const [files, what] = changed(kind, victim, luck);
    if (isSame(files, victim.image.files)) continue;
    const key = kind === 'rewrite all, own key beside it' ? victim.forgeries[0].verifierKey : victim.image.verifierKey;
    return { kind, what, image: { files, verifierKey: key } };
  }
}

function isSame(a: ReadonlyMap<string, Uint8Array>, b: ReadonlyMap<string, Uint8Array>): boolean {
  if (a.size !== b.size) return false;
  return [...a].every(([name, bytes]) => {
    const other = b.get(name);
    return other === bytes || (other !== undefined && Buffer.compare(bytes, other) === 0);
  });
}

type Change = readonly [ReadonlyMap<string, Uint8Array>, string];

function changed(kind: TamperingKind, victim: Victim, luck: Prng): Change {
  switch (kind) {
    case 'flip header':
    case 'flip headerPadding':
    case 'flip record':
    case 'flip recordPadding':
    case 'flip trailer':
    case 'flip batchPadding':
    case 'flip rest':
    case 'flip checkpoints':
      return flip(victim, kind.slice('flip '.length) as RegionKind, luck);
    case 'rewrite header':
      return rewriteHeader(victim, luck);
    case 'delete record':
      return deleteRecord(victim, luck);
    case 'delete batch':
      return deleteBatch(victim, luck);
    case 'delete segment':
      return deleteFile(victim, pick(segmentNames(victim.image), luck));
    case 'delete checkpoint':
      return withNotes(victim, without(victim.notes, luck.int(victim.notes.length)), 'one checkpoint left out');
    case 'delete checkpoints':
      return deleteFile(victim, 'checkpoints');
    case 'reorder records':
      return reorderRecords(victim, luck);
    case 'reorder batches':
      return reorderBatches(victim, luck);
    case 'reorder segments':
      return reorderSegments(victim, luck);
    case 'reorder checkpoints':
      return withNotes(victim, swapped(victim.notes, luck.int(victim.notes.length - 1)), 'two checkpoints changed places');
    case 'truncate segments':
      return truncateSegments(victim, luck);
    case 'truncate checkpoints':
      return truncateCheckpoints(victim, luck);
    case 'truncate at checkpoint':
      return rewind(victim, luck.int(victim.notes.length - 1));
    case 'rewrite all, old checkpoints':
      return [new Map([...forgeryOf(victim, luck).files, ['checkpoints', bytesOf(victim.image, 'checkpoints')]]), 'another history'];
    case 'rewrite all, own key':
    case 'rewrite all, own key beside it':
      return [forgeryOf(victim, luck).files, 'another history, signed'];
    case 'rewrite one segment':
      return rewriteSegment(victim, luck);
  }
}

/** The journal as it was at a checkpoint: whole batches, fitting trailer, later files gone. Valid in itself; only a head from outside tells. */
export function rewind(victim: Victim, note: number): Change {
  const size = sizeOfNote(victim.notes[note]);
  const last = victim.batches.findLast((batch) => batch.firstLeaf < size);
  if (last === undefined) throw new Error('rewind: expected a batch below the checkpoint');
  const files = new Map(victim.image.files);
  for (const name of segmentNames(victim.image)) if (name > last.file) files.delete(name);
  const bytes = bytesOf(victim.image, last.file).slice();
  const kept = last.records.slice(0, size - last.firstLeaf);
  const batch = batchAgain(bytes, kept, last.firstLeaf);
  bytes.fill(0, last.from);
  bytes.set(batch, last.from);
  files.set(last.file, bytes);
  files.set('checkpoints', new TextEncoder().encode(joinNotes(victim.notes.slice(0, note + 1))));
  return [files, `wound back to ${size} entries`];
}

function batchAgain(bytes: Uint8Array, records: BatchPlace['records'], firstLeaf: number): Uint8Array {
  const tree = createTree({ noteEvery: 0 });
  const leaf = new Uint8Array(digestBytes);
  // The place of the range in the tree decides its root, what lies before it does not.
  for (let i = 0; i < firstLeaf; i++) tree.add(leaf, 0);
  if (firstLeaf > 0) tree.endRange();
  for (const record of records) tree.addRecord(bytes, record.start, record.end);
  const from = records[0].start;
  const to = from + records.reduce((sum, record) => sum + Math.ceil((record.end - record.start) / 8) * 8, 0);
  return createBatchBuilder().build(bytes, { from, to, firstLeaf, count: records.length, root: tree.endRange() });
}

function flip(victim: Victim, kind: RegionKind, luck: Prng): Change {
  const region = pick(
    victim.regions.filter((candidate) => candidate.kind === kind),
    luck,
  );
  const at = region.from + luck.int(region.to - region.from);
  const bytes = bytesOf(victim.image, region.file).slice();
  bytes[at] ^= 1 + luck.int(255);
  return [replaced(victim, region.file, bytes), `${region.file} byte ${at}`];
}

/** A changed header with a checksum that fits. */
function rewriteHeader(victim: Victim, luck: Prng): Change {
  const name = pick(segmentNames(victim.image), luck);
  const bytes = bytesOf(victim.image, name).slice();
  const at = 12 + luck.int(headerBytes - 16);
  bytes[at] ^= 1 + luck.int(255);
  const view = new DataView(bytes.buffer);
  view.setUint32(headerBytes - 4, crc32(bytes, view, 0, headerBytes - 4, 0), true);
  return [replaced(victim, name, bytes), `${name} header byte ${at}`];
}

function deleteRecord(victim: Victim, luck: Prng): Change {
  const batch = pick(victim.batches, luck);
  const n = luck.int(batch.records.length);
  const bytes = bytesOf(victim.image, batch.file).slice();
  const kept = without(batch.records, n);
  const clever = kept.length > 0 && luck.int(2) === 0;
  if (clever) {
    const { start } = batch.records[n];
    const next = n + 1 < batch.records.length ? batch.records[n + 1].start : -1;
    if (next > 0) bytes.copyWithin(start, next, batch.to);
    const shift = next > 0 ? next - start : 0;
    const moved = kept.map((record, i) => (i < n ? record : { ...record, start: record.start - shift, end: record.end - shift }));
    const again = batchAgain(bytes, moved, batch.firstLeaf);
    bytes.fill(0, batch.from, batch.to);
    bytes.set(again, batch.from);
    if (again.length < batch.to - batch.from) closeGap(bytes, batch.from + again.length, batch.to);
  } else {
    const { start, end } = batch.records[n];
    closeGap(bytes, start, start + Math.ceil((end - start) / 8) * 8);
  }
  return [
    replaced(victim, batch.file, bytes),
    `${batch.file} record ${n} of the batch at ${batch.from}${clever ? ', trailer made to fit' : ''}`,
  ];
}

function deleteBatch(victim: Victim, luck: Prng): Change {
  const batch = pick(victim.batches, luck);
  const bytes = bytesOf(victim.image, batch.file).slice();
  closeGap(bytes, batch.from, batch.to);
  return [replaced(victim, batch.file, bytes), `${batch.file} batch at ${batch.from}`];
}

function deleteFile(victim: Victim, name: string): Change {
  const files = new Map(victim.image.files);
  files.delete(name);
  return [files, name];
}

function reorderRecords(victim: Victim, luck: Prng): Change {
  const batch = pick(
    victim.batches.filter((candidate) => candidate.records.length > 1),
    luck,
  );
  const n = luck.int(batch.records.length - 1);
  const [first, second] = [batch.records[n], batch.records[n + 1]];
  const bytes = bytesOf(victim.image, batch.file).slice();
  const end = second.start + Math.ceil((second.end - second.start) / 8) * 8;
  exchange(bytes, first.start, second.start, end);
  return [replaced(victim, batch.file, bytes), `${batch.file} records ${n} and ${n + 1} of the batch at ${batch.from}`];
}

function reorderBatches(victim: Victim, luck: Prng): Change {
  const pairs = victim.batches.slice(1).map((second, n) => [victim.batches[n], second] as const);
  const [first, second] = pick(
    pairs.filter(([a, b]) => a.file === b.file),
    luck,
  );
  const bytes = bytesOf(victim.image, first.file).slice();
  exchange(bytes, first.from, second.from, second.to);
  return [replaced(victim, first.file, bytes), `${first.file} batches at ${first.from} and ${second.from}`];
}

function reorderSegments(victim: Victim, luck: Prng): Change {
  const names = segmentNames(victim.image);
  const n = luck.int(names.length - 1);
  const files = new Map(victim.image.files);
  files.set(names[n], bytesOf(victim.image, names[n + 1]));
  files.set(names[n + 1], bytesOf(victim.image, names[n]));
  return [files, `${names[n]} and the next`];
}

/** At any byte before the end of the last batch; what lies behind is gone, with or without zeros in its place. */
function truncateSegments(victim: Victim, luck: Prng): Change {
  const names = segmentNames(victim.image);
  const ends = names.map((name) => Math.max(...victim.batches.filter((batch) => batch.file === name).map((batch) => batch.to)));
  const n = luck.int(names.length);
  const at = luck.int(ends[n]);
  const bytes = bytesOf(victim.image, names[n]).slice();
  const files = replaced(victim, names[n], luck.int(2) === 0 ? bytes.subarray(0, at) : bytes.fill(0, at));
  for (const name of names.slice(n + 1)) files.delete(name);
  return [files, `${names[n]} at byte ${at}`];
}

function truncateCheckpoints(victim: Victim, luck: Prng): Change {
  const bytes = bytesOf(victim.image, 'checkpoints');
  const at = luck.int(bytes.length);
  return [replaced(victim, 'checkpoints', bytes.slice(0, at)), `checkpoints at byte ${at}`];
}

function rewriteSegment(victim: Victim, luck: Prng): Change {
  const forged = forgeryOf(victim, luck);
  const names = segmentNames(victim.image).filter((name) => {
    const other = forged.files.get(name);
    return other !== undefined && Buffer.compare(other, bytesOf(victim.image, name)) !== 0;
  });
  const name = pick(names, luck);
  return [replaced(victim, name, bytesOf(forged, name)), name];
}

function forgeryOf(victim: Victim, luck: Prng): JournalImage {
  return pick(victim.forgeries, luck);
}

function sizeOfNote(note: string): number {
  return parseCheckpoint(parseNote(note)?.text ?? '')?.size ?? 0;
}

function withNotes(victim: Victim, notes: readonly string[], what: string): Change {
  return [replaced(victim, 'checkpoints', new TextEncoder().encode(joinNotes(notes))), what];
}

function replaced(victim: Victim, name: string, bytes: Uint8Array): Map<string, Uint8Array> {
  return new Map(victim.image.files).set(name, bytes);
}

/** Moves what lies behind `to` down to `from`; zeros at the end. */
function closeGap(bytes: Uint8Array, from: number, to: number): void {
  bytes.copyWithin(from, to);
  bytes.fill(0, bytes.length - (to - from));
}

/** Bytes [a, b) and [b, end) change places. */
function exchange(bytes: Uint8Array, a: number, b: number, end: number): void {
  const first = bytes.slice(a, b);
  bytes.copyWithin(a, b, end);
  bytes.set(first, a + (end - b));
}

function without<T>(list: readonly T[], n: number): T[] {
  return list.filter((_, i) => i !== n);
}

function swapped<T>(list: readonly T[], n: number): T[] {
  const out = [...list];
  [out[n], out[n + 1]] = [out[n + 1], out[n]];
  return out;
}

function pick<T>(list: readonly T[], luck: Prng): T {
  if (list.length === 0) throw new Error('tampering: expected something to choose from');
  return list[luck.int(list.length)];
}
