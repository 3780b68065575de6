import { expect, test } from 'vitest';
import type { Result } from '../base/result.ts';
import { createMemoryDisk } from '../testing/journal/memory-disk.ts';
import type { MemoryDisk } from '../testing/journal/memory-disk.ts';
import { appendTurn, sampleTurns } from '../testing/journal/sample-records.ts';
import { createFileJournal } from './file-journal.ts';
import type { FileJournal, FileJournalOptions } from './file-journal.ts';
import { inspectDirectory } from './inspect.ts';
import { createMemoryJournal } from './memory-journal.ts';
import { readJournal } from './reader.ts';
import type { JournalRecord } from './record.ts';

const shape = { origin: 'plimsoll/test', coreDigest: 'ab'.repeat(32), term: 1, segmentBytes: 16384, checkpointEvery: 64 };

async function opened(disk: MemoryDisk, more: Partial<FileJournalOptions> = {}): Promise<FileJournal> {
  return value(await createFileJournal({ disk, directory: 'journal', durability: 'group', ...shape, ...more }));
}

function value<T, E extends { readonly message: string }>(result: Result<T, E>): T {
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
}

const turns = sampleTurns(7, 400);

test('what was appended is read again, in order and in full', async () => {
  const disk = createMemoryDisk();
  const journal = await opened(disk);
  for (const turn of turns) {
    appendTurn(journal, turn);
    if (turn.at % 7 === 0) expect(await journal.flush()).toEqual({ ok: true, durableSeq: journal.nextSeq - 1 });
  }
  expect(await journal.close()).toEqual({ ok: true, durableSeq: journal.nextSeq - 1 });
  const read: JournalRecord[] = [];
  const end = await readJournal(disk, 'journal', (record) => read.push(record), { root: true });
  expect(end).toEqual({
    kind: 'finished',
    entries: journal.entries,
    lastSeq: journal.nextSeq - 1,
    root: journal.root(),
    file: '',
    offset: 0,
    what: '',
  });
  const expected = turns.flatMap((turn) => [turn.input, ...turn.decisions]);
  expect(read.map((record) => (record.of === 'input' ? record.input : record.decision))).toEqual(expected);
  expect(read.map((record) => record.seq)).toEqual(expected.map((_, i) => i + 1));
  expect(disk.paths.filter((path) => path.endsWith('.segment')).length).toBeGreaterThan(3);
});

test('the root is that of the inputs: neither keys, batches nor the medium enter it', async () => {
  const memory = createMemoryJournal(shape);
  for (const turn of turns) appendTurn(memory, turn);
  for (const durability of ['sync', 'group', 'os'] as const) {
    for (const every of [1, 5, 1000]) {
      const journal = await opened(createMemoryDisk(), { durability });
      for (const [n, turn] of turns.entries()) {
        appendTurn(journal, turn);
        if (n % every === 0) await journal.flush();
      }
      await journal.close();
      expect(journal.root()).toBe(memory.root());
      expect(journal.entries).toBe(memory.entries);
    }
  }
  const others = createMemoryJournal({ ...shape, term: 2 });
  for (const turn of turns) appendTurn(others, turn);
  expect(others.root()).not.toBe(memory.root());
});

test('a memory journal gives its records back', async () => {
  const memory = createMemoryJournal(shape);
  for (const turn of turns) appendTurn(memory, turn);
  const read = [...memory.records()].map((record) => (record.of === 'input' ? record.input : record.decision));
  expect(read).toEqual(turns.flatMap((turn) => [turn.input, ...turn.decisions]));
  await memory.close();
  expect(memory.head()).toContain('closed');
  const hashing = createMemoryJournal({ ...shape, keep: false });
  for (const turn of turns) appendTurn(hashing, turn);
  expect([...hashing.records()]).toEqual([]);
  expect(hashing.root()).toBe(memory.root());
});

test('a directory is empty, then unfinished, then finished; only an empty one takes a new journal', async () => {
  const disk = createMemoryDisk();
  expect(await inspectDirectory(disk, 'journal')).toBe('empty');
  const journal = await opened(disk);
  appendTurn(journal, turns[0]);
  await journal.flush();
  expect(await inspectDirectory(disk, 'journal')).toBe('unfinished');
  expect(await createFileJournal({ disk, directory: 'journal', durability: 'group', ...shape })).toMatchObject({
    ok: false,
    error: { code: 'JOURNAL_UNFINISHED' },
  });
  await journal.close();
  expect(await inspectDirectory(disk, 'journal')).toBe('finished');
  expect(await createFileJournal({ disk, directory: 'journal', durability: 'group', ...shape })).toMatchObject({
    ok: false,
    error: { code: 'JOURNAL_FINISHED' },
  });
  expect(disk.paths).toEqual(['journal.key', 'journal.vkey', 'journal/0000000001.segment', 'journal/checkpoints']);
});
