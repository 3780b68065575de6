import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Seq } from '../../domain/ids.ts';
import type { JournalPosition } from '../../journal/reader.ts';
import { digestBytes, digestOf } from '../../journal/digest.ts';
import { hexOf } from '../../journal/shape.ts';
import { rootAt, snapshotDirectory, snapshotsKept } from '../../journal/snapshot-file.ts';
import { journalFolder } from './journal-folder.ts';
import { decodeTold, encodeTold, type Told } from './past-fold.ts';

const namePattern = /^[0-9]{16}\.told$/;

/**
 * What the journal of a data directory has told up to a snapshot lies beside it, so that a start folds what came behind and nothing else. It is made of the
 * journal and can be made again: where it is missing, damaged or another build's, the journal is read from its beginning.
 */
export function writeTold(directory: string, told: Told, { lastSeq }: JournalPosition, root: string, coreDigest: string): void {
  const folder = join(directory, snapshotDirectory(journalFolder));
  if (!existsSync(folder)) return;
  const body = encodeTold(told, lastSeq, root, coreDigest);
  const path = join(folder, nameOf(lastSeq));
  try {
    writeFileSync(`${path}.part`, Buffer.concat([body, digestOf(body)]));
  } catch (error) {
    // what did not fit takes no room from the journal
    rmSync(`${path}.part`, { force: true });
    throw error;
  }
  renameSync(`${path}.part`, path);
  // one whose snapshot was never written may not crowd out those that have theirs
  const there = readdirSync(folder);
  const others = there.filter((name) => namePattern.test(name) && name !== nameOf(lastSeq)).sort();
  const useful = others.filter((name) => there.includes(snapshotOf(name))).slice(1 - snapshotsKept);
  for (const name of others) if (!useful.includes(name)) rmSync(join(folder, name), { force: true });
}

function snapshotOf(told: string): string {
  return told.replace(/told$/, 'snapshot');
}

/** What was told up to that snapshot; undefined = it has to be read. */
export function readTold(directory: string, position: JournalPosition, coreDigest: string): Told | undefined {
  const path = join(directory, snapshotDirectory(journalFolder), nameOf(position.lastSeq));
  if (!existsSync(path)) return undefined;
  const bytes = readFileSync(path);
  const body = bytes.subarray(0, Math.max(0, bytes.length - digestBytes));
  if (hexOf(digestOf(body)) !== hexOf(bytes.subarray(body.length))) return undefined;
  return decodeTold(body, position.lastSeq, rootAt(position), coreDigest);
}

function nameOf(seq: Seq): string {
  return `${String(seq).padStart(16, '0')}.told`;
}
