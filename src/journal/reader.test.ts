import { expect, test } from 'vitest';
import { prng } from '../base/prng.ts';
import { createMemoryDisk } from '../testing/journal/memory-disk.ts';
import type { MemoryDisk } from '../testing/journal/memory-disk.ts';
import { batchesOf } from '../testing/journal/regions.ts';
import { appendTurn, sampleTurns } from '../testing/journal/sample-records.ts';
import { imageOf, openJournal } from '../testing/journal/small-journal.ts';
import { openJournalReader, readJournal } from './reader.ts';
import type { JournalEnd } from './reader.ts';

const turns = sampleTurns(31, 170);

/** Not closed, as a crash leaves it. */
async function unfinished(): Promise<MemoryDisk> {
  const disk = createMemoryDisk();
  const journal = await openJournal(disk);
  for (const [n, turn] of turns.entries()) {
    appendTurn(journal, turn);
    if (n % 4 === 0) await journal.flush();
  }
  await journal.flush();
  return disk;
}

async function readChanged(file: string, change: (bytes: Uint8Array) => Uint8Array | undefined): Promise<JournalEnd> {
  const disk = await unfinished();
  const bytes = disk.content(`journal/${file}`);
  disk.put(`journal/${file}`, change(bytes) ?? bytes);
  return readJournal(disk, 'journal', () => undefined);
}

const batches = batchesOf(imageOf(await unfinished()));
const last = batches[batches.length - 1];
const middle = batches[Math.floor(batches.length / 2)];

test('a journal that was not closed is open at its end', async () => {
  const end = await readJournal(await unfinished(), 'journal', () => undefined);
  expect(end).toMatchObject({ kind: 'open', lastSeq: turns.reduce((sum, turn) => sum + 1 + turn.decisions.length, 0) });
});

test('a wrong byte in the last batch is a torn end, one with batches behind it is damage', async () => {
  const luck = prng('reader');
  for (let n = 0; n < 15; n++) {
    const torn = last.from + luck.int(last.to - last.from);
    const end = await readChanged(last.file, (bytes) => void (bytes[torn] ^= 1 + luck.int(255)));
    expect(end).toMatchObject({ kind: 'torn', file: last.file });
    expect(end.entries).toBe(last.firstLeaf);
    const wrong = middle.from + luck.int(middle.to - middle.from);
    const damaged = await readChanged(middle.file, (bytes) => void (bytes[wrong] ^= 1 + luck.int(255)));
    expect(damaged).toMatchObject({ kind: 'damaged', file: middle.file, entries: middle.firstLeaf });
    expect(damaged.offset).toBeGreaterThanOrEqual(middle.from);
    expect(damaged.what).not.toBe('');
  }
});

test('a last file that is cut off within a batch is torn, and whole without it', async () => {
  for (const cut of [last.to - 1, last.to - 100, last.from + 1, last.from]) {
    const end = await readChanged(last.file, (bytes) => bytes.slice(0, cut));
    expect(end.kind).toBe(cut === last.from ? 'open' : 'torn');
    expect(end.entries).toBe(last.firstLeaf);
  }
});

test('a changed header, a missing segment and a segment out of place are damage', async () => {
  expect(await readChanged('0000000002.segment', (bytes) => void (bytes[20] ^= 1))).toMatchObject({
    kind: 'damaged',
    file: '0000000002.segment',
    offset: 0,
  });
  const disk = await unfinished();
  await disk.remove('journal/0000000002.segment');
  const gap = await readJournal(disk, 'journal', () => undefined);
  expect(gap).toMatchObject({ kind: 'damaged', file: '0000000003.segment', what: 'segment 0000000002.segment before it is missing' });
  const swapped = await unfinished();
  swapped.put('journal/0000000002.segment', swapped.content('journal/0000000003.segment'));
  expect(await readJournal(swapped, 'journal', () => undefined)).toMatchObject({
    kind: 'damaged',
    file: '0000000002.segment',
    what: 'expected segment 2, was PLIMJRNL 3',
  });
});

test('a directory without a journal is empty', async () => {
  expect(await readJournal(createMemoryDisk(), 'journal', () => undefined)).toMatchObject({ kind: 'empty', entries: 0 });
});

test('a reader follows a journal that is being written, over segments, until it is closed', async () => {
  const disk = createMemoryDisk();
  const reader = openJournalReader(disk, 'journal', { root: true });
  expect(await reader.next()).toBeNull();
  expect(reader.end.kind).toBe('empty');
  const journal = await openJournal(disk);
  let read = 0;
  for (const [n, turn] of turns.entries()) {
    appendTurn(journal, turn);
    if (n % 5 !== 0) continue;
    await journal.flush();
    for (let batch = await reader.next(); batch !== null; batch = await reader.next()) read += batch.length;
    expect(reader.end).toMatchObject({ kind: 'open', lastSeq: journal.durableSeq });
  }
  await journal.close();
  for (let batch = await reader.next(); batch !== null; batch = await reader.next()) read += batch.length;
  expect(reader.end).toMatchObject({ kind: 'finished', entries: journal.entries, root: journal.root() });
  expect(read).toBe(journal.durableSeq);
  expect(await reader.next()).toBeNull();
  await reader.close();
});
