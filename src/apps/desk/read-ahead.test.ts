import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { findJournalEnd, type RecoveryOptions } from '../../journal/recover.ts';
import { nodeDisk } from '../../storage/file/node-disk.ts';
import { appendTurn, sampleTurns } from '../../testing/journal/sample-records.ts';
import { openJournal } from '../../testing/journal/small-journal.ts';
import { tailReaderOf } from './read-ahead.ts';

const root = mkdtempSync(join(tmpdir(), 'plimsoll-ahead-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const disk = nodeDisk(root);
const journal = await openJournal(disk, { checkpointEvery: 64 });
for (const [n, turn] of sampleTurns(5, 400).entries()) {
  appendTurn(journal, turn);
  if (n % 3 === 0) await journal.flush();
}
await journal.flush();
await journal.checkpoint();
const folder = join(root, 'journal');
const segments = readdirSync(folder).filter((name) => name.endsWith('.segment'));

async function found(openTail?: RecoveryOptions['openTail']): Promise<{ readonly seqs: readonly number[]; readonly found: unknown }> {
  const seqs: number[] = [];
  const outcome = await findJournalEnd({
    disk,
    directory: 'journal',
    lazyDecisions: true,
    visit: (record) => void seqs.push(record.seq),
    ...(openTail === undefined ? {} : { openTail }),
  });
  return { seqs, found: outcome };
}

test('a tail that is read by a second thread gives the same records, roots, notes and position, from wherever it takes over', async () => {
  expect(segments.length).toBeGreaterThan(3);
  const alone = await found();
  expect(alone.found).toMatchObject({ ok: true });
  expect(alone.seqs.length).toBeGreaterThan(600);
  for (const after of [1, 300]) expect(await found(tailReaderOf(root, 'journal', after))).toEqual(alone);
});

test('a tail whose writer was cut off, or whose middle was changed, ends the same way', async () => {
  const third = join(folder, segments[2]);
  const whole = readFileSync(third);
  for (const change of [(bytes: Buffer) => void (bytes[5_000] ^= 1), (bytes: Buffer) => void bytes.fill(0, 4_096)]) {
    const bytes = Buffer.from(whole);
    change(bytes);
    writeFileSync(third, bytes);
    const alone = await found();
    expect(alone.found).toMatchObject({ ok: false, error: { code: 'JOURNAL_DAMAGED' } });
    const ahead = await found(tailReaderOf(root, 'journal', 1));
    expect(ahead.found).toEqual(alone.found);
    expect(alone.seqs.slice(0, ahead.seqs.length)).toEqual(ahead.seqs);
  }
  writeFileSync(third, whole);
});

test('a thread that dies is an error by its name, not an end', async () => {
  const reader = tailReaderOf(root, 'journal', 1, {
    spawn: () => ({
      post: () => undefined,
      onMessage: () => undefined,
      onEnd: (listener) => listener('out of memory'),
      end: async () => undefined,
    }),
  })({ root: true });
  expect(await reader.visit(() => undefined)).toBeGreaterThan(0);
  await expect(reader.visit(() => undefined)).rejects.toThrow('the thread that reads the journal ended: out of memory');
  await reader.close();
});
