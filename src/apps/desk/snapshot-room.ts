import { readdirSync, statfsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { snapshotDirectory } from '../../journal/snapshot-file.ts';
import { journalFolder } from './journal-folder.ts';

/** Room that a snapshot leaves to the journal, whose checkpoints grow and whose failures end the desk (bytes). */
export const keptForJournal = 4 << 20;
const mebibyte = 1 << 20;

/** '' when the disk of a data directory has room for one more snapshot as large as the newest, what it has told, and for the journal; else what it lacks. */
export function lackOfRoom(directory: string, freeBytes = freeBytesOf(directory)): string {
  const wanted = newestBytes(directory) + keptForJournal;
  if (freeBytes >= wanted) return '';
  const mebibytes = (bytes: number): string => `${(bytes / mebibyte).toFixed(1)} MiB`;
  return `the disk of ${directory} is full but for ${mebibytes(freeBytes)}, where a snapshot and the journal need ${mebibytes(wanted)}`;
}

/** One sentence of what failed. */
export function whyUnsaved(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOSPC' || code === 'EDQUOT') return `the disk is full (${code})`;
  return error instanceof Error ? error.message : String(error);
}

/** What it means for whoever reads it. */
export function unsavedText(why: string): string {
  return `no snapshot is taken: ${why}; the desk goes on, and its next start has more records to derive again`;
}

function freeBytesOf(directory: string): number {
  const { bavail, bsize } = statfsSync(directory);
  return bavail * bsize;
}

/** Bytes of the newest snapshot and of what lies beside it; 0 = there is none. */
function newestBytes(directory: string): number {
  const folder = join(directory, snapshotDirectory(journalFolder));
  try {
    const names = readdirSync(folder).sort();
    return ['.snapshot', '.told'].reduce((sum, ending) => {
      const newest = names.findLast((name) => name.endsWith(ending));
      return sum + (newest === undefined ? 0 : statSync(join(folder, newest)).size);
    }, 0);
  } catch {
    // the folder is made with the first one
    return 0;
  }
}
