import { expect, test } from 'vitest';
import { micros } from '../../base/units.ts';
import { haltsOf, type Past } from './resume.ts';
import { createCore, smallCoreCapacities } from '../../core/core.ts';
import { readEmergency } from '../../journal/emergency-records.ts';
import type { FileJournal } from '../../journal/file-journal.ts';
import { findJournalEnd } from '../../journal/recover.ts';
import { createMemoryDisk, type MemoryDisk } from '../../testing/journal/memory-disk.ts';
import { restartJournal } from '../../testing/journal/recovered-desk.ts';
import { appendTurn, sampleTurns } from '../../testing/journal/sample-records.ts';
import { openJournal } from '../../testing/journal/small-journal.ts';

const killBy = (commandID: string) =>
  ({
    kind: 'command',
    commandID,
    actor: { personID: 'ann', roles: ['Trader'] },
    approvedBy: null,
    expectedRevision: null,
    command: { verb: 'kill', reason: 'the disk is full' },
  }) as const;

/** Writes until the disk takes no more, then a kill: its record goes to the emergency file. */
async function killOnFullDisk(journal: FileJournal, commandID: string): Promise<void> {
  // nothing of them is kept in the emergency file
  const turns = sampleTurns(3, 130).flatMap((turn) => (turn.input.kind === 'command' ? [] : [{ ...turn, decisions: [] }]));
  for (let n = 0; (await journal.flush()).ok; n++) appendTurn(journal, turns[n % turns.length]);
  journal.appendInput(journal.nextSeq, micros(1), killBy(commandID));
  await journal.close();
}

function sameFiles(disk: MemoryDisk, capacity?: number): MemoryDisk {
  const copy = createMemoryDisk(capacity === undefined ? undefined : { capacity });
  for (const path of disk.paths) copy.put(path, disk.content(path));
  return copy;
}

async function killedDisk(): Promise<MemoryDisk> {
  const disk = createMemoryDisk({ capacity: 345_000 });
  await killOnFullDisk(await openJournal(disk), 'kill-1');
  return sameFiles(disk);
}

async function askedAgain(disk: MemoryDisk): Promise<readonly string[]> {
  const found = await findJournalEnd({ disk, directory: 'journal', visit: () => undefined });
  if (!found.ok) throw new Error(found.error.message);
  const halts = haltsOf({ found: found.value } as unknown as Past, createCore(1, smallCoreCapacities));
  return halts.flatMap((input) => (input.kind === 'command' ? [input.commandID] : []));
}

test('a kill of the emergency file outlives any number of starts that end before their first record', async () => {
  let disk = await killedDisk();
  for (let start = 0; start < 3; start++) {
    expect((await restartJournal(disk)).kind).toBe('continued');
    // the process ends here: nothing was written
    disk = sameFiles(disk);
    expect(await askedAgain(disk)).toEqual(['kill-1']);
  }
});

test('a kill of the emergency file outlives a start that dies after its own records are durable', async () => {
  const disk = await killedDisk();
  const restart = await restartJournal(disk);
  if (restart.kind !== 'continued') throw new Error(restart.kind);
  for (const turn of sampleTurns(5, 40)) appendTurn(restart.journal, turn);
  expect((await restart.journal.flush()).ok).toBe(true);
  expect(await askedAgain(sameFiles(disk))).toEqual(['kill-1']);
});

test('halt records of two terms with the same seq are both asked for', async () => {
  const disk = await killedDisk();
  const later = createMemoryDisk({ capacity: 345_000 });
  await killOnFullDisk(await openJournal(later, { term: 2 }), 'kill-2');
  disk.put('journal/emergency-1', disk.content('journal/emergency'));
  disk.put('journal/emergency', later.content('journal/emergency'));
  const records = await readEmergency(disk, 'journal');
  expect(new Set(records.map(({ seq }) => seq)).size).toBe(1);
  expect(await askedAgain(disk)).toEqual(['kill-1', 'kill-2']);
});
