import type { Seq } from '../../../domain/ids.ts';
import { sectorBytes } from '../../../journal/format.ts';
import { readJournal, type JournalPosition } from '../../../journal/reader.ts';
import type { JournalRecord } from '../../../journal/record.ts';
import { segmentNumber } from '../../../journal/segment-files.ts';
import { SegmentReader } from '../../../journal/segment-reader.ts';
import type { Disk } from '../../../ports/world.ts';
import type { Say, Turn } from './turn.ts';

/**
 * READ: what a journal gives back is what was written into it, record by record, whatever the disk did; what is not, has to be noticed as damage. Reads
 * by itself, before anybody goes on with it. Where reading ends is no matter of this check. @param from what lies before it was compared before, on a disk that has kept its word since.
 * @returns records that were compared.
 */
export async function compareRecords(disk: Disk, directory: string, turns: readonly Turn[], say: Say, from: Seq): Promise<number> {
  let compared = 0;
  let at = 0;
  const visit = (record: JournalRecord): void => {
    if (record.seq < from) return;
    while (at < turns.length && turns[at].lastSeq < record.seq) at += 1;
    const turn = turns.at(at);
    if (turn === undefined || turn.seq > record.seq) return;
    compared += 1;
    if (!isAsWritten(record, turn)) say('READ', `record ${record.seq} is read otherwise than it was written, and nothing tells`);
  };
  const begin = from === 0 ? undefined : await segmentOf(disk, directory, from);
  await readJournal(disk, directory, visit, begin === undefined ? {} : { from: begin });
  return compared;
}

/** Where the segment begins that holds a record; undefined = no header says so, and reading begins with the first. */
async function segmentOf(disk: Disk, directory: string, seq: Seq): Promise<JournalPosition | undefined> {
  const numbers = (await disk.list(directory)).map(segmentNumber).filter((number) => number > 0);
  for (const number of numbers.sort((a, b) => b - a)) {
    const segment = await SegmentReader.open(disk, directory, number);
    if (typeof segment === 'string') return undefined;
    await segment.close();
    const { firstSeq, previousEntries } = segment.header;
    if (firstSeq > seq) continue;
    return { segment: number, offset: sectorBytes, lastBatch: 0, lastSeq: firstSeq - 1, tree: { size: previousEntries, subtrees: [] } };
  }
  return undefined;
}

function isAsWritten(record: JournalRecord, turn: Turn): boolean {
  if (record.at !== turn.at || record.term !== turn.term) return false;
  if (record.of === 'input') return record.seq === turn.seq && isSame(record.input, turn.input);
  if (record.of === 'decision') return isSame(record.decision, turn.decisions[record.seq - turn.seq - 1]);
  return true;
}

/** Equal in every field, with the same fields: plain objects, lists and numbers only, which is all that a record holds. */
function isSame(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null || Array.isArray(a) !== Array.isArray(b)) return false;
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  for (const key of keys) {
    if (!Object.hasOwn(b, key) || !isSame(a[key as keyof typeof a], b[key as keyof typeof b])) return false;
  }
  return true;
}
