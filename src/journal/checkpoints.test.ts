import { expect, test } from 'vitest';
import { micros } from '../base/units.ts';
import { createMemoryDisk } from '../testing/journal/memory-disk.ts';
import type { MemoryDisk } from '../testing/journal/memory-disk.ts';
import { appendTurn, sampleTurns } from '../testing/journal/sample-records.ts';
import { openJournal, smallShape } from '../testing/journal/small-journal.ts';
import { parseCheckpoint, splitNotes } from './checkpoint.ts';
import { createFileJournal } from './file-journal.ts';
import { parseNote, parseSigningKey } from './signed-note.ts';

const turns = sampleTurns(41, 100);

function sizesIn(disk: MemoryDisk): number[] {
  const { notes } = splitNotes(new TextDecoder().decode(disk.content('journal/checkpoints')));
  return notes.map((note) => parseCheckpoint(parseNote(note)?.text ?? '')?.size ?? -1);
}

test('on a virtual clock checkpoints stand at every 64th record and at the end, however records were batched', async () => {
  for (const every of [1, 7, 1000]) {
    const disk = createMemoryDisk();
    const journal = await openJournal(disk);
    for (const [n, turn] of turns.entries()) {
      appendTurn(journal, turn);
      if (n % every === 0) await journal.flush();
    }
    await journal.close();
    const byCount = Array.from({ length: Math.floor(journal.entries / 64) }, (_, i) => 64 * (i + 1));
    expect(sizesIn(disk)).toEqual([...byCount, journal.entries]);
    expect(parseNote(journal.head())?.text).toContain(`\n${journal.entries}\n`);
  }
});

test('on a wall clock one is signed every second too, and becomes the head', async () => {
  let now = 5_000_000;
  const disk = createMemoryDisk();
  const journal = await openJournal(disk, { clock: { now: () => micros(now) }, checkpointEvery: 1000 });
  const heads: string[] = [];
  for (const turn of turns.slice(0, 30)) {
    appendTurn(journal, turn);
    await journal.flush();
    await journal.flush();
    now += 250_000;
    if (journal.head() !== heads.at(-1)) heads.push(journal.head());
  }
  await journal.close();
  expect(heads.length).toBeGreaterThanOrEqual(6);
  expect(heads.length).toBeLessThanOrEqual(9);
});

test('a checkpoint that is asked for is the head, over everything appended before', async () => {
  const journal = await openJournal(createMemoryDisk());
  expect(journal.head()).toBe('');
  for (const turn of turns.slice(0, 5)) appendTurn(journal, turn);
  const { entries } = journal;
  expect(await journal.checkpoint()).toMatchObject({ ok: true });
  expect(parseCheckpoint(parseNote(journal.head())?.text ?? '')).toMatchObject({ size: entries, closed: false });
  const head = journal.head();
  expect(await journal.checkpoint()).toMatchObject({ ok: true });
  expect(journal.head()).toBe(head);
  await journal.close();
});

test('the key is made on first use, for its owner alone, and used again', async () => {
  const disk = createMemoryDisk();
  const first = await openJournal(disk, { directory: 'data/one' });
  const secret = new TextDecoder().decode(disk.content('data/one.key'));
  expect(parseSigningKey(secret)?.verifierKey).toBe(first.publicKey);
  expect(new TextDecoder().decode(disk.content('data/one.vkey'))).toBe(`${first.publicKey}\n`);
  disk.put('data/two.key', disk.content('data/one.key'));
  expect((await openJournal(disk, { directory: 'data/two' })).publicKey).toBe(first.publicKey);
});

test('a key file that is none, or another log’s, is refused by name', async () => {
  const disk = createMemoryDisk();
  disk.put('journal.key', new TextEncoder().encode('nonsense'));
  const options = { disk, directory: 'journal', durability: 'group', ...smallShape } as const;
  expect(await createFileJournal(options)).toMatchObject({ ok: false, error: { code: 'KEY_UNREADABLE' } });
  const other = createMemoryDisk();
  await openJournal(other, { origin: 'plimsoll/other' });
  disk.put('journal.key', other.content('journal.key'));
  const refused = await createFileJournal(options);
  expect(refused).toMatchObject({
    ok: false,
    error: { message: 'journal.key: expected a key of plimsoll/test, was one of plimsoll/other' },
  });
});

test('a clock that is set an hour back, or forward, keeps nobody from signing every second', async () => {
  const disk = createMemoryDisk();
  let now = 1_700_000_000_000_000;
  const journal = await openJournal(disk, { clock: { now: () => micros(now) }, checkpointEvery: 1_000_000 });
  const heads = new Set<string>();
  for (const [n, turn] of sampleTurns(12, 12).entries()) {
    now += n === 4 ? -3_600_000_000 : n === 8 ? 3_600_000_000 : 1_000_000;
    appendTurn(journal, turn);
    await journal.flush();
    await new Promise((resolve) => void setImmediate(resolve));
    heads.add(journal.head());
  }
  await journal.close();
  expect(heads.size).toBeGreaterThan(9);
});
