import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { generateSigningKey } from '../journal/signed-note.ts';
import { nodeDisk } from '../storage/file/node-disk.ts';
import { createMemoryDisk } from '../testing/journal/memory-disk.ts';
import { regionsOf } from '../testing/journal/regions.ts';
import { appendTurn, sampleTurns } from '../testing/journal/sample-records.ts';
import { closedJournal, imageOf, openJournal, sourceOf } from '../testing/journal/small-journal.ts';
import { verifyDirectory, verifyFiles } from './verify.ts';

const turns = sampleTurns(21, 120);
const root = mkdtempSync(join(tmpdir(), 'plimsoll-verify-'));
const directory = join(root, 'journal');
let head = '';
let entries = 0;

beforeAll(async () => {
  const journal = await openJournal(nodeDisk(root));
  for (const turn of turns) {
    appendTurn(journal, turn);
    if (turn.at % 3 === 0) await journal.flush();
  }
  expect((await journal.close()).ok).toBe(true);
  head = journal.head();
  entries = journal.entries;
});

afterAll(() => rmSync(root, { recursive: true }));

function copied(change: (copy: string) => void): string {
  const copy = mkdtempSync(join(tmpdir(), 'plimsoll-verify-'));
  cpSync(root, copy, { recursive: true });
  change(join(copy, 'journal'));
  return copy;
}

function verdictOn(
  change: (copy: string) => void,
  options: { readonly head?: string; readonly publicKey?: string } = { head },
): ReturnType<typeof verifyDirectory> {
  const copy = copied(change);
  try {
    return verifyDirectory(join(copy, 'journal'), options);
  } finally {
    rmSync(copy, { recursive: true });
  }
}

function edit(path: string, change: (bytes: Uint8Array) => void): void {
  const bytes = readFileSync(path);
  change(bytes);
  writeFileSync(path, bytes);
}

test('a journal that nobody touched is valid, with and without a head, and is left as it was', () => {
  const before = readdirSync(directory).map((name) => readFileSync(join(directory, name)).toString('base64'));
  const verdict = verifyDirectory(directory, { head });
  expect(verdict).toMatchObject({ valid: true, finished: true, entries, head, problems: [], emergencyRecords: 0 });
  expect(verdict.verdict).toBe(`valid: ${entries} entries, the head given over ${entries} of them holds`);
  const alone = verifyDirectory(directory);
  expect(alone.valid).toBe(true);
  expect(alone.verdict).toBe(`valid up to head ${entries} ${alone.root}, nothing proven about truncation`);
  expect(readdirSync(directory).map((name) => readFileSync(join(directory, name)).toString('base64'))).toEqual(before);
});

test('a changed byte is named by file and offset', () => {
  const verdict = verdictOn((copy) => edit(join(copy, '0000000001.segment'), (bytes) => (bytes[600] ^= 1)));
  expect(verdict.valid).toBe(false);
  expect(verdict.problems[0]).toEqual({
    check: 'record',
    file: '0000000001.segment',
    offset: 512,
    what: 'the checksum of the record does not match',
  });
  expect(verdict.verdict).toMatch(/^damaged or tampered with \(\d+ found\): 0000000001.segment at byte 512: /);
});

test('a file cut short, a file gone and a file under another name are found on a real disk', () => {
  const segments = readdirSync(directory).filter((name) => name.endsWith('.segment'));
  const [first, second] = segments;
  const last = segments[segments.length - 1];
  expect(segments.length).toBeGreaterThan(2);
  const faults: ((copy: string) => void)[] = [
    (copy) => truncateSync(join(copy, last), 700),
    (copy) => truncateSync(join(copy, first), readFileSync(join(copy, first)).length - 1),
    (copy) => rmSync(join(copy, last)),
    (copy) => rmSync(join(copy, first)),
    (copy) => cpSync(join(copy, first), join(copy, second)),
    (copy) => rmSync(join(copy, 'checkpoints')),
    (copy) => truncateSync(join(copy, 'checkpoints'), 10),
    (copy) => edit(join(copy, last), (bytes) => (bytes[bytes.length - 1] = 1)),
  ];
  for (const fault of faults) expect(verdictOn(fault).valid).toBe(false);
  expect(verdictOn(() => undefined).valid).toBe(true);
});

test('a non-zero byte in the unused rest of a closed segment is reported', () => {
  const files = new Map(readdirSync(directory).map((file) => [file, new Uint8Array(readFileSync(join(directory, file)))]));
  const rests = regionsOf({ files, verifierKey: '' }).filter((region) => region.kind === 'rest');
  expect(rests.length).toBeGreaterThan(0);
  for (const { file, to } of rests) {
    const verdict = verdictOn((copy) => edit(join(copy, file), (bytes) => (bytes[to - 1] = 9)), {});
    expect(verdict.problems).toMatchObject([{ check: 'unusedRest', file }]);
  }
});

test('without a verifier key signatures are not checked, and the verdict says so', () => {
  const verdict = verdictOn((copy) => rmSync(`${copy}.vkey`));
  expect(verdict.valid).toBe(true);
  expect(verdict.verdict).toContain('signatures not checked, no verifier key');
  const own = readFileSync(`${directory}.vkey`, 'utf8');
  expect(verdictOn((copy) => rmSync(`${copy}.vkey`), { head, publicKey: own }).verdict).not.toContain('not checked');
});

test('another key, a head of another journal and a head that is none are refused', async () => {
  const stranger = generateSigningKey('plimsoll/test');
  expect(verdictOn(() => undefined, { head, publicKey: stranger.verifierKey }).problems[0]).toMatchObject({ check: 'signatures' });
  expect(verdictOn(() => undefined, { publicKey: 'nonsense' }).problems[0].what).toBe('the verifier key is none (expected name+id+base64)');
  const other = await closedJournal(5, 30);
  expect(verdictOn(() => undefined, { head: other.head }).valid).toBe(false);
  expect(verdictOn(() => undefined, { head: 'no head' }).problems[0].what).toContain('the head given is no signed note');
  expect(verdictOn(() => undefined, { head: head.trimEnd() }).valid).toBe(true);
});

test('an empty directory holds no journal', () => {
  const empty = mkdtempSync(join(tmpdir(), 'plimsoll-verify-'));
  expect(verifyDirectory(empty).verdict).toBe('damaged or tampered with (1 found): expected a first segment, found none');
  rmSync(empty, { recursive: true });
});

test('a journal that is still written is valid as far as it goes, by the head of a checkpoint too', async () => {
  const disk = createMemoryDisk();
  const journal = await openJournal(disk);
  for (const turn of turns.slice(0, 50)) appendTurn(journal, turn);
  expect((await journal.checkpoint()).ok).toBe(true);
  const then = journal.head();
  for (const turn of turns.slice(50)) appendTurn(journal, turn);
  await journal.flush();
  const verdict = verifyFiles(sourceOf(imageOf(disk)), { head: then });
  expect(verdict).toMatchObject({ valid: true, finished: false, entries: journal.entries });
  expect(verdict.verdict).toContain('; not closed');
  await journal.close();
  expect(verifyFiles(sourceOf(imageOf(disk)), { head: then })).toMatchObject({ valid: true, finished: true });
});
