import { isDeepStrictEqual } from 'node:util';
import { readJournal } from '../../../journal/reader.ts';
import type { JournalRecord } from '../../../journal/record.ts';
import type { Disk } from '../../../ports/world.ts';
import type { Say, Turn } from './turn.ts';

/**
 * READ: what a journal gives back is what was written into it, record by record, whatever the disk did; what is not, has to be noticed as damage. Reads all of
 * it by itself, before anybody goes on with it. Where reading ends is no matter of this check. @returns records that were compared.
 */
export async function compareRecords(disk: Disk, directory: string, turns: readonly Turn[], say: Say): Promise<number> {
  let compared = 0;
  let at = 0;
  const visit = (record: JournalRecord): void => {
    while (at < turns.length && turns[at].lastSeq < record.seq) at += 1;
    const turn = turns.at(at);
    if (turn === undefined || turn.seq > record.seq) return;
    compared += 1;
    if (!isAsWritten(record, turn)) say('READ', `record ${record.seq} is read otherwise than it was written, and nothing tells`);
  };
  await readJournal(disk, directory, visit);
  return compared;
}

function isAsWritten(record: JournalRecord, turn: Turn): boolean {
  if (record.at !== turn.at || record.term !== turn.term) return false;
  if (record.of === 'input') return record.seq === turn.seq && isDeepStrictEqual(record.input, turn.input);
  if (record.of === 'decision') return isDeepStrictEqual(record.decision, turn.decisions[record.seq - turn.seq - 1]);
  return true;
}
