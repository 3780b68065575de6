import { expect, test } from 'vitest';
import { closedJournal, sourceOf } from '../testing/journal/small-journal.ts';
import { verifyFiles } from './verify.ts';

test('a journal that nobody touched is valid, with and without a head', async () => {
  const image = await closedJournal(1, 60);
  const verdict = verifyFiles(sourceOf(image), { head: image.head });
  expect(verdict.problems).toEqual([]);
  expect(verdict).toMatchObject({
    valid: true,
    finished: true,
    entries: image.journal.entries,
    lastSeq: image.journal.nextSeq - 1,
    root: image.journal.root(),
    head: image.head,
  });
  expect(verdict.verdict).toBe(`valid: ${image.journal.entries} entries, the head given over ${image.journal.entries} of them holds`);
  const alone = verifyFiles(sourceOf(image));
  expect(alone.valid).toBe(true);
  expect(alone.verdict).toMatch(/^valid up to head \d+ [0-9a-f]{64}, nothing proven about truncation$/);
});
