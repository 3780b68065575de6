import { err, ok } from '../base/result.ts';
import type { Result } from '../base/result.ts';
import type { Disk } from '../ports/world.ts';
import { checkpointText } from './checkpoint.ts';
import { CheckpointFile } from './checkpoint-file.ts';
import { Committer } from './committer.ts';
import { diskFailureOf, writeAll } from './disk-failure.ts';
import { emergencyNames } from './emergency-records.ts';
import { EmergencyFile, emergencyName } from './emergency-file.ts';
import { FileJournal } from './file-journal.ts';
import type { FileJournalOptions, JournalRefusal } from './file-journal.ts';
import { sectorBytes } from './format.ts';
import { loadSigningKey, secretKeyPath } from './key-files.ts';
import { isZero } from './record.ts';
import type { FoundJournal } from './recover.ts';
import { RecordStream } from './record-stream.ts';
import { SegmentFiles, segmentName } from './segment-files.ts';
import { shapeOf } from './shape.ts';
import type { SigningKey } from './signed-note.ts';
import { readWhole } from './whole-file.ts';

/** A journal that goes on behind what an earlier writer left: a new segment of a higher term begins with the next record. A finished one stays closed. */
export async function continueFileJournal(options: FileJournalOptions, found: FoundJournal): Promise<Result<FileJournal, JournalRefusal>> {
  const { disk, directory, origin, term } = options;
  if (found.end.kind === 'finished') {
    return err({
      code: 'JOURNAL_FINISHED',
      message: `${directory} holds a finished journal: its closing head covers everything, nothing follows it`,
    });
  }
  if (term <= found.header.term) {
    return err({
      code: 'TERM_NOT_RAISED',
      message: `${directory}: expected a term above ${found.header.term}, was ${term}: another desk has taken over`,
    });
  }
  try {
    const key = await keyOf(options, found);
    if (!key.ok) return key;
    await cutTorn(disk, directory, found);
    return ok(await openFiles(options, found, key.value));
  } catch (error) {
    return err(diskFailureOf(error, `${directory} (${origin})`));
  }
}

async function keyOf(
  { disk, directory, origin, signingKey }: FileJournalOptions,
  found: FoundJournal,
): Promise<Result<SigningKey, JournalRefusal>> {
  const foreign = (what: string): Result<SigningKey, JournalRefusal> =>
    err({ code: 'KEY_FOREIGN', message: `${secretKeyPath(directory)}: ${what}: nobody else can sign its checkpoints` });
  if (signingKey === undefined && !(await disk.exists(secretKeyPath(directory))))
    return foreign('the key that signed this journal is missing');
  const key = signingKey === undefined ? await loadSigningKey(disk, directory, origin) : ok(signingKey);
  if (!key.ok) return err({ code: 'KEY_UNREADABLE', message: key.error });
  if (key.value.keyID === found.keyID) return key;
  const hex = (id: number): string => id.toString(16).padStart(8, '0');
  return foreign(`expected the key ${hex(found.keyID)} that signed this journal, was ${hex(key.value.keyID)}`);
}

/** Segment of the last batch; one that was begun and got none is begun anew. */
function lastSegment({ position }: FoundJournal): number {
  return position.offset === sectorBytes ? position.segment - 1 : position.segment;
}

const zeros = new Uint8Array(1 << 20);

/** Zeros over what a torn last commit left, as if it had not been tried; lengths end at whole sectors. */
async function cutTorn(disk: Disk, directory: string, found: FoundJournal): Promise<void> {
  const { position } = found;
  if (position.segment !== lastSegment(found)) return;
  const path = `${directory}/${segmentName(position.segment)}`;
  const file = await disk.open(path, 'readWrite');
  try {
    const size = Math.ceil((await file.size()) / sectorBytes) * sectorBytes;
    const piece = new Uint8Array(zeros.length);
    for (let at = position.offset; at < size; at += zeros.length) {
      const wanted = Math.min(zeros.length, size - at);
      const read = await file.read(piece.subarray(0, wanted), at);
      if (read < wanted || !isZero(piece, 0, wanted)) await writeAll(file, zeros.subarray(0, wanted), at, path);
    }
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Halt records wait there until they are merged: `removeEmergency`. A start that died before its first record has left the term as it was: nothing is overwritten. */
async function putEmergencyAside(disk: Disk, directory: string, term: number): Promise<void> {
  const names = await emergencyNames(disk, directory);
  if (!names.includes(emergencyName)) return;
  const path = `${directory}/${emergencyName}`;
  const bytes = await readWhole(disk, path);
  const taken = names.filter((name) => name !== emergencyName).map((name) => Number(name.slice(emergencyName.length + 1)));
  if (isZero(bytes, 0, bytes.length)) await disk.remove(path);
  else await disk.rename(path, `${path}-${Math.max(term, ...taken.map((n) => n + 1))}`);
  await disk.syncDirectory(directory);
}

/** To be called when everything that was merged from them is durable in the journal. */
export async function removeEmergency(disk: Disk, directory: string): Promise<void> {
  for (const name of await emergencyNames(disk, directory)) if (name !== emergencyName) await disk.remove(`${directory}/${name}`);
}

/** What was signed, and what has to be signed again, by size. */
function notesOf({ notes, unsigned }: FoundJournal, key: SigningKey): readonly string[] {
  const again = unsigned.map((tree) => ({ size: tree.size, text: key.sign(checkpointText(key.name, tree, false)) }));
  return [...notes, ...again].sort((a, b) => a.size - b.size).map(({ text }) => text);
}

async function openFiles(options: FileJournalOptions, found: FoundJournal, key: SigningKey): Promise<FileJournal> {
  const { disk, directory, durability, clock = null } = options;
  const shape = shapeOf({ ...options, checkpointEvery: found.header.checkpointEvery });
  const segments = new SegmentFiles(disk, directory, shape.segmentBytes, key.keyID, durability !== 'os');
  // a disk without room for a segment is told before anything that the desk before has left is moved
  await segments.prepare();
  await putEmergencyAside(disk, directory, found.header.term);
  const emergency = await EmergencyFile.create(disk, directory, key.keyID);
  const checkpoints = await CheckpointFile.goOn(disk, directory, key, notesOf(found, key));
  const { lastSeq, tree } = found.position;
  const stream = new RecordStream(shape, durability === 'sync', { segment: lastSegment(found), lastSeq, tree });
  return new FileJournal(
    key,
    stream,
    checkpoints,
    (onProgress) => new Committer({ stream, segments, checkpoints, emergency, durability, clock, onProgress }),
  );
}
