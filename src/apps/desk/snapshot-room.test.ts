import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { systemError } from '../../testing/journal/memory-disk.ts';
import { keptForJournal, lackOfRoom, unsavedText, whyUnsaved } from './snapshot-room.ts';

const root = mkdtempSync(join(tmpdir(), 'plimsoll-room-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

test('a snapshot leaves the journal its room: one as large as the newest has to fit beside it', () => {
  expect(lackOfRoom(root, keptForJournal)).toBe('');
  expect(lackOfRoom(root, keptForJournal - 1)).toContain('is full but for 4.0 MiB');
  const folder = join(root, 'journal.snapshots');
  mkdirSync(folder);
  for (const [name, bytes] of [
    ['0000000000000007.snapshot', 5 << 20],
    ['0000000000000009.snapshot', 2 << 20],
    ['0000000000000009.told', 1 << 20],
  ] as const)
    writeFileSync(join(folder, name), new Uint8Array(bytes));
  expect(lackOfRoom(root, keptForJournal + (3 << 20))).toBe('');
  expect(lackOfRoom(root, keptForJournal + (3 << 20) - 1)).toContain('need 7.0 MiB');
});

test('a full disk is told as one, whoever refused', () => {
  expect(unsavedText(whyUnsaved(systemError('ENOSPC')))).toBe(
    'no snapshot is taken: the disk is full (ENOSPC); the desk goes on, and its next start has more records to derive again',
  );
  expect(whyUnsaved(new Error('a bug'))).toBe('a bug');
});
