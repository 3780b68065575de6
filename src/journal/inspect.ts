import type { Disk } from '../ports/world.ts';
import { parseCheckpoint, splitNotes } from './checkpoint.ts';
import type { Checkpoint } from './checkpoint.ts';
import { headerBytes, readHeader, sectorBytes } from './format.ts';
import { segmentNumber } from './segment-files.ts';
import { parseNote } from './signed-note.ts';
import { readWhole } from './whole-file.ts';

export const checkpointsName = 'checkpoints';

/** empty: no segment yet; finished: closed over its last record; unfinished: whoever wrote it ended without closing it, or still writes. */
export type DirectoryState = 'empty' | 'finished' | 'unfinished';

/** Looks at names, the last segment's header and the last checkpoint; whether all of it is sound is for `verify` to say. */
export async function inspectDirectory(disk: Disk, directory: string): Promise<DirectoryState> {
  const segments = (await disk.list(directory)).filter((name) => segmentNumber(name) > 0);
  const last = segments.at(-1);
  if (last === undefined) return 'empty';
  const checkpoint = await lastCheckpoint(disk, directory);
  if (checkpoint === undefined || !checkpoint.closed) return 'unfinished';
  const file = await disk.open(`${directory}/${last}`, 'read');
  try {
    const sector = new Uint8Array(sectorBytes);
    const read = await file.read(sector, 0);
    const header = readHeader(sector.subarray(0, Math.min(read, headerBytes)));
    return typeof header !== 'string' && header.previousEntries < checkpoint.size ? 'finished' : 'unfinished';
  } finally {
    await file.close();
  }
}

/** The newest checkpoint, its signature unchecked; undefined when there is none or the file's end is torn. */
export async function lastCheckpoint(disk: Disk, directory: string): Promise<Checkpoint | undefined> {
  const path = `${directory}/${checkpointsName}`;
  if (!(await disk.exists(path))) return undefined;
  const { notes, rest } = splitNotes(new TextDecoder().decode(await readWhole(disk, path)));
  const note = rest === '' ? parseNote(notes.at(-1) ?? '') : undefined;
  return note === undefined ? undefined : parseCheckpoint(note.text);
}
