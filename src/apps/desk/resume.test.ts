import { expect, test } from 'vitest';
import { micros } from '../../base/units.ts';
import { createCore, smallCoreCapacities } from '../../core/core.ts';
import { readEmergency } from '../../journal/emergency-records.ts';
import type { JournalRecord } from '../../journal/record.ts';
import { findJournalEnd } from '../../journal/recover.ts';
import { createMemoryDisk } from '../../testing/journal/memory-disk.ts';
import { restartJournal } from '../../testing/journal/recovered-desk.ts';
import { appendTurn, sampleTurns } from '../../testing/journal/sample-records.ts';
import { openJournal } from '../../testing/journal/small-journal.ts';
import { removeEmergency } from '../../journal/continue-journal.ts';
import { haltsOf, type Past } from './resume.ts';

const kill = {
  kind: 'command',
  commandID: 'kill-7',
  actor: { personID: 'ann', roles: ['Trader'] },
  approvedBy: null,
  expectedRevision: null,
  command: { verb: 'kill', reason: 'the disk is full' },
} as const;

test('a kill on a full disk is asked for again by the next start, under its own key, until it is durable', async () => {
  const disk = createMemoryDisk({ capacity: 345_000 });
  const journal = await openJournal(disk);
  const turns = sampleTurns(3, 130);
  for (let n = 0; (await journal.flush()).ok; n++) appendTurn(journal, turns[n % turns.length]);
  const seq = journal.nextSeq;
  journal.appendInput(seq, micros(1), kill);
  journal.appendDecision(seq + 1, micros(1), seq, { kind: 'killLatched', engaged: true, actor: 'ann', reason: 'the disk is full' });
  await journal.close();
  const roomy = createMemoryDisk();
  for (const path of disk.paths) roomy.put(path, disk.content(path));
  const found = await findJournalEnd({ disk: roomy, directory: 'journal', visit: () => undefined });
  if (!found.ok) throw new Error(found.error.message);
  const past = { found: found.value } as unknown as Past;
  const halts = haltsOf(past, createCore(1, smallCoreCapacities));
  expect(halts).toContainEqual(kill);
  expect(halts.filter((input) => input.kind === 'command' && input.command.verb === 'kill')).toHaveLength(2);
  const restart = await restartJournal(roomy);
  expect(restart.kind).toBe('continued');
  // put aside, and still there for a start after this one
  expect((await readEmergency(roomy, 'journal')).map((record) => record.seq)).toContain(seq);
  await removeEmergency(roomy, 'journal');
  expect(await readEmergency(roomy, 'journal')).toEqual([]);
});

test('what only restricts is asked for, and only what no segment holds', () => {
  const record = (seq: number, verb: 'kill' | 'promote' | 'release'): JournalRecord => ({
    of: 'input',
    seq,
    at: micros(1),
    term: 1,
    file: 'emergency',
    offset: 0,
    input: {
      ...kill,
      commandID: `${verb}-${seq}`,
      command: verb === 'promote' ? { verb, deploymentID: 'd', reason: '' } : { verb, reason: '' },
    },
  });
  const emergency = [record(5, 'kill'), record(11, 'promote'), record(12, 'release'), record(13, 'kill')];
  const past = { found: { emergency, end: { lastSeq: 10 }, header: { term: 1 } } } as unknown as Past;
  const asked = haltsOf(past, createCore(1, smallCoreCapacities));
  expect(asked.map((input) => (input.kind === 'command' ? input.commandID : ''))).toEqual(['kill-13']);
});
