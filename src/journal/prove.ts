import { err, ok } from '../base/result.ts';
import type { Result } from '../base/result.ts';
import type { Seq } from '../domain/ids.ts';
import type { Disk } from '../ports/world.ts';
import { parseCheckpoint, splitNotes } from './checkpoint.ts';
import { checkpointsName } from './inspect.ts';
import { consistencyProof, inclusionProof } from './proof.ts';
import { openJournalReader } from './reader.ts';
import { segmentNumber } from './segment-files.ts';
import { hexOf } from './shape.ts';
import { parseNote } from './signed-note.ts';
import { TileRows } from './tiles.ts';
import { readWhole } from './whole-file.ts';

/** A proof as it is handed to others; `verify/proof.ts` checks it without the journal. */
export type JournalProof =
  | {
      readonly kind: 'inclusion';
      readonly seq: Seq;
      readonly index: number;
      readonly record: string;
      readonly proof: readonly string[];
      readonly head: string;
    }
  | { readonly kind: 'consistency'; readonly before: string; readonly proof: readonly string[]; readonly head: string };

interface Head {
  readonly note: string;
  readonly size: number;
}

/** That a record is in the journal, against `head` or its newest checkpoint. */
export async function proveRecord(disk: Disk, directory: string, seq: Seq, head?: string): Promise<Result<JournalProof, string>> {
  const against = await headOf(disk, directory, head);
  if (typeof against === 'string') return err(against);
  let place: { readonly file: string; readonly offset: number } | undefined;
  const rows = await readRows(disk, directory, (record) => {
    if (record.seq === seq) place = record;
  });
  if (place === undefined) return err(`record ${seq}: this journal does not hold it`);
  // each segment begins with a leaf that repeats its header
  const index = seq - 1 + segmentNumber(place.file);
  if (index >= against.size) return err(`record ${seq} is entry ${index}, the head covers ${against.size}: ask with a newer head`);
  const record = await recordAt(disk, `${directory}/${place.file}`, place.offset);
  const proof = (await inclusionProof(rows, index, against.size)).map(hexOf);
  return ok({ kind: 'inclusion', seq, index, record: Buffer.from(record).toString('base64'), proof, head: against.note });
}

/** That the journal at its newest checkpoint, or at `head`, begins with what the older head `before` covers. */
export async function proveConsistency(
  disk: Disk,
  directory: string,
  before: string,
  head?: string,
): Promise<Result<JournalProof, string>> {
  const [older, against] = [readHead(before), await headOf(disk, directory, head)];
  if (typeof older === 'string') return err(older);
  if (typeof against === 'string') return err(against);
  if (older.size < 1 || older.size > against.size) return err(`the older head covers ${older.size} entries: expected 1 to ${against.size}`);
  const rows = await readRows(disk, directory, () => undefined);
  if (rows.count(0) < against.size) return err(`the journal holds ${rows.count(0)} entries, the head covers ${against.size}`);
  const proof = (await consistencyProof(rows, older.size, against.size)).map(hexOf);
  return ok({ kind: 'consistency', before: older.note, proof, head: against.note });
}

async function readRows(
  disk: Disk,
  directory: string,
  visit: (record: { readonly seq: Seq; readonly file: string; readonly offset: number }) => void,
): Promise<TileRows> {
  const rows = new TileRows();
  const reader = openJournalReader(disk, directory, { root: true, onTileHash: (level, hash, at) => rows.add(level, hash, at) });
  for (let records = await reader.next(); records !== null; records = await reader.next()) for (const record of records) visit(record);
  await reader.close();
  return rows;
}

async function headOf(disk: Disk, directory: string, given: string | undefined): Promise<Head | string> {
  if (given !== undefined) return readHead(given);
  const path = `${directory}/${checkpointsName}`;
  const { notes } = (await disk.exists(path)) ? splitNotes(new TextDecoder().decode(await readWhole(disk, path))) : { notes: [] };
  const last = notes.at(-1);
  return last === undefined ? 'the journal has no checkpoint yet: there is nothing to prove against' : readHead(last);
}

function readHead(text: string): Head | string {
  const note = text.endsWith('\n') ? text : `${text}\n`;
  const checkpoint = parseCheckpoint(parseNote(note)?.text ?? '');
  return checkpoint === undefined ? 'the head given is no signed checkpoint' : { note, size: checkpoint.size };
}

async function recordAt(disk: Disk, path: string, offset: number): Promise<Uint8Array> {
  const file = await disk.open(path, 'read');
  try {
    const length = new Uint8Array(4);
    await file.read(length, offset);
    const record = new Uint8Array(new DataView(length.buffer).getUint32(0, true));
    for (let at = 0; at < record.length;) {
      const read = await file.read(record.subarray(at), offset + at);
      if (read === 0) break;
      at += read;
    }
    return record;
  } finally {
    await file.close();
  }
}
