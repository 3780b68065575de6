import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { prng } from '../base/prng.ts';
import { micros } from '../base/units.ts';
import type { Decision } from '../domain/decision.ts';
import { nodeDisk } from '../storage/file/node-disk.ts';
import { createMemoryDisk, systemError } from '../testing/journal/memory-disk.ts';
import type { MemoryDisk, Operation } from '../testing/journal/memory-disk.ts';
import { appendTurn, sampleTurns } from '../testing/journal/sample-records.ts';
import { imageOf, openJournal, smallShape, sourceOf } from '../testing/journal/small-journal.ts';
import { verifyDirectory, verifyFiles } from '../verify/verify.ts';
import { createFileJournal } from './file-journal.ts';
import type { FileJournal } from './file-journal.ts';
import { readJournal } from './reader.ts';

const turns = sampleTurns(3, 130);

interface Run {
  /** Largest seq that a flush has acknowledged. */
  readonly acknowledged: number;
  readonly journal: FileJournal | null;
  readonly refused: string;
}

/** Appends and flushes until the journal refuses or so many turns are over; closes it then. */
async function run(disk: MemoryDisk, count = turns.length): Promise<Run> {
  const created = await createFileJournal({ disk, directory: 'journal', durability: 'group', ...smallShape });
  if (!created.ok) return { acknowledged: 0, journal: null, refused: created.error.code };
  const journal = created.value;
  let acknowledged = 0;
  for (let n = 0; n < count; n++) {
    appendTurn(journal, turns[n % turns.length]);
    if (n % 5 !== 0) continue;
    const flushed = await journal.flush();
    acknowledged = flushed.durableSeq;
    if (!flushed.ok) break;
  }
  const closed = await journal.close();
  return { acknowledged: Math.max(acknowledged, closed.durableSeq), journal, refused: closed.ok ? '' : closed.code };
}

async function lastSeqOn(disk: MemoryDisk): Promise<number> {
  return (await readJournal(disk, 'journal', () => undefined)).lastSeq;
}

test('a failure at any operation of the disk loses nothing that was acknowledged, even if the power goes then', async () => {
  let operations = 0;
  await run(createMemoryDisk({ before: () => void (operations += 1) }));
  let refused = 0;
  for (let failing = 1; failing <= operations; failing++) {
    for (const code of ['EIO', 'ENOSPC']) {
      let count = 0;
      const disk = createMemoryDisk({
        before: () => {
          count += 1;
          if (count === failing) throw systemError(code);
        },
      });
      const { acknowledged, refused: why } = await run(disk);
      if (why !== '') {
        refused += 1;
        expect(why).toBe(code === 'EIO' ? 'DISK_FAILED' : 'DISK_FULL');
      }
      expect(await lastSeqOn(disk), `${code} at operation ${failing}`).toBeGreaterThanOrEqual(acknowledged);
      expect(await lastSeqOn(disk.afterPowerCut()), `power cut after ${code} at operation ${failing}`).toBeGreaterThanOrEqual(acknowledged);
    }
  }
  console.log(`${operations} operations x 2 failures, ${refused} refused by code, none lost what was acknowledged`);
  expect(refused).toBeGreaterThan(operations);
});

test('a failed write is told in its moment, though nobody waits for it', async () => {
  let broken = false;
  const disk = createMemoryDisk({
    before: () => {
      if (broken) throw systemError('EIO');
    },
  });
  const journal = await openJournal(disk);
  let told = '';
  void journal.failed.then(({ code }) => (told = code));
  appendTurn(journal, turns[0]);
  await journal.flush();
  expect([told, journal.hasFailed]).toEqual(['', false]);
  broken = true;
  appendTurn(journal, turns[1]);
  await new Promise((resolve) => setImmediate(resolve));
  expect([told, journal.hasFailed]).toEqual(['DISK_FAILED', true]);
});

test('a power cut at any operation leaves everything acknowledged, and a journal that verifies up to its torn end', async () => {
  const luck = prng('power cut');
  let cuts = 0;
  let torn = 0;
  const images: { disk: MemoryDisk; acknowledged: number }[] = [];
  let journal: FileJournal | null = null;
  const disk: MemoryDisk = createMemoryDisk({
    before: () => {
      for (let i = 0; i < 4; i++)
        images.push({ disk: disk.afterPowerCut(() => luck.int(2) === 0), acknowledged: journal?.durableSeq ?? 0 });
    },
  });
  journal = await openJournal(disk);
  for (const [n, turn] of turns.entries()) {
    appendTurn(journal, turn);
    if (n % 5 === 0) await journal.flush();
  }
  await journal.close();
  for (const image of images) {
    cuts += 1;
    const end = await readJournal(image.disk, 'journal', () => undefined);
    expect(end.lastSeq).toBeGreaterThanOrEqual(image.acknowledged);
    expect(end.kind).not.toBe('damaged');
    if (end.kind === 'torn') torn += 1;
    if (end.kind !== 'empty') expect(verifyFiles(sourceOf(imageOf(image.disk))).problems).toEqual([]);
  }
  console.log(`${cuts} power cuts, ${torn} torn ends, none lost what was acknowledged`);
  expect(cuts).toBeGreaterThan(400);
  expect(torn).toBeGreaterThan(20);
});

test('a disk that only says it has synced is found out', async () => {
  const disk = createMemoryDisk({ lyingSync: true });
  const { acknowledged, refused } = await run(disk);
  expect(refused).toBe('');
  expect(await lastSeqOn(disk.afterPowerCut())).toBeLessThan(acknowledged);
});

test.each([150_000, 300_000, 310_000, 320_000, 330_000, 340_000])(
  'a disk of %i bytes fills up: short writes stop the journal, nothing acknowledged is lost',
  async (capacity) => {
    const disk = createMemoryDisk({ capacity });
    const { acknowledged, refused } = await run(disk, 5000);
    expect(refused).toBe('DISK_FULL');
    expect(await lastSeqOn(disk)).toBeGreaterThanOrEqual(acknowledged);
    expect(await lastSeqOn(disk.afterPowerCut())).toBeGreaterThanOrEqual(acknowledged);
  },
);

test('after a failed sync the segment is neither written nor synced again', async () => {
  const after: string[] = [];
  let failed = false;
  const disk = createMemoryDisk({
    before: (operation: Operation, path: string) => {
      if (failed) after.push(`${operation} ${path}`);
      if (operation !== 'sync' || !path.endsWith('reserve-1') || failed) return;
      if (journal !== null && journal.durableSeq > 20) {
        failed = true;
        throw systemError('EIO');
      }
    },
  });
  let journal: FileJournal | null = null;
  journal = await openJournal(disk);
  for (const turn of turns.slice(0, 60)) {
    appendTurn(journal, turn);
    await journal.flush();
  }
  expect(failed).toBe(true);
  const answer = await journal.flush();
  expect(answer).toMatchObject({ ok: false, code: 'DISK_FAILED' });
  expect(await journal.close()).toEqual(answer);
  expect(after.filter((line) => !line.endsWith('journal/emergency'))).toEqual([]);
});

test('halt records go to the emergency file when the segments take no more, also those appended later', async () => {
  const disk = createMemoryDisk({ capacity: 345_000 });
  const journal = await openJournal(disk);
  for (let n = 0; (await journal.flush()).ok; n++) appendTurn(journal, turns[n % turns.length]);
  // what could not be committed goes to the emergency file behind the answer
  await new Promise((resolve) => void setImmediate(resolve));
  const kill: Decision = { kind: 'killLatched', engaged: true, actor: 'ann', reason: 'disk full' };
  const before = verifyFiles(sourceOf(imageOf(disk))).emergencyRecords;
  const seq = journal.nextSeq;
  journal.appendInput(seq, micros(1), {
    kind: 'command',
    commandID: 'k',
    actor: { personID: 'ann', roles: [] },
    approvedBy: null,
    expectedRevision: null,
    command: { verb: 'kill', reason: 'disk full' },
  });
  journal.appendDecision(seq + 1, micros(1), seq, kill);
  await journal.close();
  const verdict = verifyFiles(sourceOf(imageOf(disk)));
  expect(verdict.problems).toEqual([]);
  expect(verdict.finished).toBe(false);
  expect(verdict.emergencyRecords).toBe(before + 2);
  expect(new TextDecoder('latin1').decode(disk.content('journal/emergency'))).toContain('disk full');
});

function systemTool(name: string): string {
  return join('/bin', name);
}

test('a full file system of the machine ends the same way', async () => {
  if (process.getuid?.() !== 0 || process.platform !== 'linux') {
    console.log('not run: mounting a small tmpfs needs root on Linux');
    return;
  }
  const root = mkdtempSync(join(tmpdir(), 'plimsoll-full-'));
  const mounted = spawnSync(systemTool('mount'), ['-t', 'tmpfs', '-o', 'size=512k', 'tmpfs', root], { encoding: 'utf8' });
  if (mounted.status !== 0) {
    rmSync(root, { recursive: true });
    console.log(`not run: the system refuses to mount a tmpfs (${mounted.stderr.trim()})`);
    return;
  }
  try {
    const disk = nodeDisk(root);
    const journal = await openJournal(disk);
    let acknowledged = 0;
    let code = '';
    for (let n = 0; code === ''; n++) {
      appendTurn(journal, turns[n % turns.length]);
      const flushed = await journal.flush();
      acknowledged = flushed.durableSeq;
      if (!flushed.ok) code = flushed.code;
    }
    await journal.close();
    expect(code).toBe('DISK_FULL');
    const verdict = verifyDirectory(join(root, 'journal'));
    expect(verdict.problems).toEqual([]);
    expect(verdict.lastSeq).toBeGreaterThanOrEqual(acknowledged);
    console.log(`tmpfs of 512 KiB: ${acknowledged} records acknowledged, ${verdict.lastSeq} found`);
  } finally {
    execFileSync(systemTool('umount'), [root]);
    rmSync(root, { recursive: true });
  }
});
