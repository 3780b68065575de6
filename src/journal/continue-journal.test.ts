import { describe, expect, it } from 'vitest';
import { prng } from '../base/prng.ts';
import { createMemoryDisk, systemError } from '../testing/journal/memory-disk.ts';
import type { MemoryDisk } from '../testing/journal/memory-disk.ts';
import { restartJournal } from '../testing/journal/recovered-desk.ts';
import { appendTurn, sampleTurns } from '../testing/journal/sample-records.ts';
import { imageOf, openJournal, smallShape, sourceOf } from '../testing/journal/small-journal.ts';
import { verifyFiles } from '../verify/verify.ts';
import { joinNotes, splitNotes } from './checkpoint.ts';
import { crc32 } from './checksum.ts';
import { readJournal } from './reader.ts';

const turns = sampleTurns(4, 60);

/** Writes turns until the disk is cut off at operation `cut`. @returns what a power cut then leaves, and what had been acknowledged. */
async function cutAt(
  cut: number,
  luck: () => boolean,
): Promise<{ readonly disk: MemoryDisk; readonly acknowledged: number; readonly over: boolean }> {
  let count = 0;
  const disk = createMemoryDisk({
    before: () => {
      count += 1;
      if (count >= cut) throw systemError('EIO');
    },
  });
  let acknowledged = 0;
  try {
    const journal = await openJournal(disk);
    for (const [n, turn] of turns.entries()) {
      appendTurn(journal, turn);
      if (n % 3 === 0) acknowledged = (await journal.flush()).durableSeq;
    }
    acknowledged = Math.max(acknowledged, (await journal.close()).durableSeq);
  } catch (error) {
    if (!(error instanceof Error) || count < cut) throw error;
  }
  return { disk: disk.afterPowerCut(luck), acknowledged, over: count < cut };
}

/** Starts on a disk that may be full. @returns the code of the refusal, or that it went on. */
async function startOnFull(disk: MemoryDisk): Promise<string> {
  const restart = await restartJournal(disk);
  if (restart.kind === 'refused') return restart.code;
  if (restart.kind !== 'continued') throw new Error(restart.kind);
  appendTurn(restart.journal, turns[1]);
  const flushed = await restart.journal.flush();
  await restart.journal.close();
  return flushed.ok ? 'went on' : flushed.code;
}

describe('a journal whose writer is gone', () => {
  it('goes on in a new segment of a higher term, whole and verifiable, after a cut at any operation', async () => {
    const luck = prng('continue');
    const seen = new Map<string, number>();
    for (let cut = 1, over = false; !over; cut++) {
      const left = await cutAt(cut, () => luck.int(2) === 0);
      over = left.over;
      const restart = await restartJournal(left.disk);
      seen.set(restart.kind, (seen.get(restart.kind) ?? 0) + 1);
      if (restart.kind === 'refused') throw new Error(restart.message);
      if (restart.kind === 'empty') {
        expect(left.acknowledged).toBe(0);
        continue;
      }
      if (restart.kind === 'finished') {
        expect(restart.lastSeq).toBe(left.acknowledged);
        continue;
      }
      const { journal, found } = restart;
      expect(found.end.lastSeq).toBeGreaterThanOrEqual(left.acknowledged);
      expect(journal.nextSeq).toBe(found.end.lastSeq + 1);
      for (const turn of turns.slice(0, 9)) appendTurn(journal, turn);
      expect(await journal.close()).toMatchObject({ ok: true });
      const verdict = verifyFiles(sourceOf(imageOf(left.disk)), { head: journal.head() });
      expect(verdict.problems, `cut at operation ${cut}`).toEqual([]);
      expect(verdict.finished).toBe(true);
      expect(verdict.lastSeq).toBe(journal.nextSeq - 1);
    }
    console.log(`cuts: ${[...seen].map(([kind, count]) => `${count} ${kind}`).join(', ')}`);
    expect(seen.get('continued')).toBeGreaterThan(50);
  });

  it('is recovered again after a cut at any operation of the recovery itself', async () => {
    const luck = prng('again');
    let cuts = 0;
    for (const first of [40, 55, 70, 85]) {
      const { disk: left } = await cutAt(first, () => luck.int(2) === 0);
      const before = (await readJournal(left, 'journal', () => undefined)).lastSeq;
      for (let cut = 1, over = false; !over; cut++) {
        let [count, acknowledged] = [0, before];
        const disk = createMemoryDisk({
          before: () => {
            count += 1;
            if (count >= cut) throw systemError('EIO');
          },
        });
        for (const path of left.paths) disk.put(path, left.content(path));
        try {
          const restart = await restartJournal(disk);
          if (restart.kind !== 'continued') throw new Error(restart.kind);
          appendTurn(restart.journal, turns[1]);
          acknowledged = (await restart.journal.flush()).durableSeq;
          over = count < cut;
        } catch (error) {
          if (!(error instanceof Error) || count < cut) throw error;
        }
        cuts += 1;
        const again = await restartJournal(
          disk.afterPowerCut(() => luck.int(2) === 0),
          { term: 9 },
        );
        if (again.kind !== 'continued') throw new Error(`cut ${cut}: ${again.kind === 'refused' ? again.message : 'nothing left'}`);
        expect(again.found.end.lastSeq).toBeGreaterThanOrEqual(acknowledged);
        appendTurn(again.journal, turns[0]);
        expect(await again.journal.close()).toMatchObject({ ok: true });
      }
    }
    console.log(`${cuts} cuts of a recovery, each recovered`);
    expect(cuts).toBeGreaterThan(100);
  });

  it('goes on where there is room for one segment and not for two, and leaves what lies there where there is room for none', async () => {
    const { disk: left, acknowledged } = await cutAt(70, () => true);
    const there = left.paths.filter((path) => !path.includes('reserve-'));
    const used = there.reduce((sum, path) => sum + left.content(path).length, 0);
    for (const [room, expected] of [
      [smallShape.segmentBytes * 1.9 + (1 << 18), 'went on'],
      [smallShape.segmentBytes * 0.9, 'DISK_FULL'],
    ] as const) {
      const disk = createMemoryDisk({ capacity: used + Math.floor(room) });
      for (const path of there) disk.put(path, left.content(path));
      expect(await startOnFull(disk)).toBe(expected);
      if (expected === 'DISK_FULL') {
        expect(disk.paths).toEqual(there);
        for (const path of there) expect(disk.content(path), path).toEqual(left.content(path));
      }
      const again = await restartJournal(disk, { term: 9 });
      if (again.kind === 'continued') expect(again.found.end.lastSeq).toBeGreaterThanOrEqual(acknowledged);
    }
  });

  it('says that the disk is full wherever a start meets it, and goes on with everything once there is room', async () => {
    const { disk: left, acknowledged } = await cutAt(70, () => true);
    expect(acknowledged).toBeGreaterThan(0);
    const met = new Map<string, number>();
    for (let full = 1, over = false; !over; full++) {
      let count = 0;
      let room = false;
      const disk = createMemoryDisk({
        before: (operation) => {
          if (operation === 'open' || operation === 'read' || operation === 'remove') return;
          count += 1;
          if (count >= full && !room) throw systemError('ENOSPC');
        },
      });
      for (const path of left.paths) disk.put(path, left.content(path));
      const told = await startOnFull(disk);
      over = count < full;
      met.set(told, (met.get(told) ?? 0) + 1);
      room = true;
      const again = await restartJournal(disk, { term: 9 });
      if (again.kind === 'finished') {
        expect(again.lastSeq).toBeGreaterThan(acknowledged);
        continue;
      }
      if (again.kind !== 'continued')
        throw new Error(`full at operation ${full}: ${again.kind === 'refused' ? again.message : again.kind}`);
      expect(again.found.end.lastSeq).toBeGreaterThanOrEqual(acknowledged);
      appendTurn(again.journal, turns[0]);
      expect(await again.journal.close()).toMatchObject({ ok: true });
      const verdict = verifyFiles(sourceOf(imageOf(disk)), { head: again.journal.head() });
      expect(verdict.problems, `full at operation ${full}`).toEqual([]);
    }
    console.log(`a full disk at a start: ${[...met].map(([told, times]) => `${times} ${told}`).join(', ')}`);
    expect([...met.keys()].sort()).toEqual(['DISK_FULL', 'went on']);
    expect(met.get('DISK_FULL')).toBeGreaterThan(10);
  });

  it('is only read where an acknowledged head that can be found lies behind its end, or has another root', async () => {
    const disk = createMemoryDisk();
    const journal = await openJournal(disk);
    for (const turn of turns) appendTurn(journal, turn);
    await journal.close();
    const other = createMemoryDisk();
    const elsewhere = await openJournal(other);
    for (const turn of sampleTurns(5, 60)) appendTurn(elsewhere, turn);
    await elsewhere.close();
    const shorter = createMemoryDisk();
    const cut = await openJournal(shorter);
    for (const turn of turns.slice(0, 5)) appendTurn(cut, turn);
    await cut.flush();
    const lost = await restartJournal(shorter, {}, [journal.head()]);
    expect(lost).toMatchObject({ kind: 'refused', code: 'ACKNOWLEDGED_LOST' });
    expect(await restartJournal(disk, {}, [elsewhere.head()])).toMatchObject({ kind: 'refused' });
    expect(await restartJournal(disk, {}, ['no head'])).toMatchObject({ kind: 'refused', code: 'HEAD_UNREADABLE' });
    expect(await restartJournal(disk)).toMatchObject({ kind: 'finished' });
    expect(await restartJournal(shorter, { term: 1 })).toMatchObject({ kind: 'refused', code: 'TERM_NOT_RAISED' });
    expect(await restartJournal(shorter)).toMatchObject({ kind: 'continued' });
  });

  it('is only read where its middle is damaged, its key is another or missing, or its format is of another time', async () => {
    const disk = createMemoryDisk();
    const journal = await openJournal(disk);
    for (const turn of turns) {
      appendTurn(journal, turn);
      await journal.flush();
    }
    const changed = (change: (bytes: Uint8Array) => void, path = 'journal/0000000001.segment'): MemoryDisk => {
      const copy = createMemoryDisk();
      for (const name of disk.paths) copy.put(name, disk.content(name));
      const bytes = disk.content(path);
      change(bytes);
      copy.put(path, bytes);
      return copy;
    };
    const flipped = await restartJournal(changed((bytes) => void (bytes[700] ^= 1)));
    expect(flipped).toMatchObject({ kind: 'refused', code: 'JOURNAL_DAMAGED' });
    expect(flipped.kind === 'refused' ? flipped.message : '').toMatch(
      /^journal is damaged behind record 0 \(0000000001\.segment at byte \d+: .*\): it is only read, and no trading begins on it$/,
    );
    const noKey = changed(() => undefined);
    await noKey.remove('journal.key');
    expect(await restartJournal(noKey)).toMatchObject({ kind: 'refused', code: 'KEY_FOREIGN' });
    const foreign = createMemoryDisk();
    await openJournal(foreign);
    const withKey = changed(() => undefined);
    withKey.put('journal.key', foreign.content('journal.key'));
    expect(await restartJournal(withKey)).toMatchObject({ kind: 'refused', code: 'KEY_FOREIGN' });
    const older = await restartJournal(changed((bytes) => asVersion(bytes, 0)));
    expect(older).toMatchObject({ kind: 'refused', code: 'FORMAT_UNKNOWN' });
    expect(older.kind === 'refused' ? older.message : '').toContain('expected format version 1, was 0');
  });
});

/** Another version with a right checksum. */
function asVersion(bytes: Uint8Array, version: number): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  view.setUint32(8, version, true);
  view.setUint32(112, crc32(bytes, view, 0, 112, 0), true);
}

describe('checkpoints that lie there', () => {
  it('stay where they are when a journal goes on: only missing ones are written, behind them', async () => {
    const touched: string[] = [];
    const disk = createMemoryDisk({
      before: (operation, path) => void (path.includes('checkpoints') && operation !== 'read' && touched.push(`${operation} ${path}`)),
    });
    const journal = await openJournal(disk, { checkpointEvery: 16 });
    for (const turn of turns) appendTurn(journal, turn);
    await journal.checkpoint();
    const whole = disk.content('journal/checkpoints').slice();
    touched.length = 0;
    expect((await restartJournal(disk)).kind).toBe('continued');
    expect(touched.filter((one) => !one.startsWith('open'))).toEqual(['sync journal/checkpoints']);
    expect(Buffer.compare(disk.content('journal/checkpoints'), whole)).toBe(0);
  });

  it('are written anew as a whole where something follows that is no note', async () => {
    const disk = createMemoryDisk();
    const journal = await openJournal(disk, { checkpointEvery: 16 });
    for (const turn of turns) appendTurn(journal, turn);
    await journal.checkpoint();
    const whole = disk.content('journal/checkpoints').slice();
    const file = await disk.open('journal/checkpoints', 'readWrite');
    await file.write(new TextEncoder().encode('plimsoll/test\n16'), whole.length);
    expect((await restartJournal(disk)).kind).toBe('continued');
    expect(Buffer.compare(disk.content('journal/checkpoints'), whole)).toBe(0);
  });

  it('that are missing at the end are signed again behind those that are there', async () => {
    const disk = createMemoryDisk();
    const journal = await openJournal(disk, { checkpointEvery: 16 });
    for (const turn of turns) appendTurn(journal, turn);
    await journal.checkpoint();
    const whole = disk.content('journal/checkpoints').slice();
    const { notes } = splitNotes(new TextDecoder().decode(whole));
    expect(notes.length).toBeGreaterThan(2);
    const kept = new TextEncoder().encode(joinNotes(notes.slice(0, -2)));
    const shorter = createMemoryDisk();
    for (const path of disk.paths) {
      const bytes = path === 'journal/checkpoints' ? kept : disk.content(path);
      const copy = await shorter.open(path, 'create');
      await copy.write(bytes, 0);
      await copy.sync();
    }
    expect((await restartJournal(shorter)).kind).toBe('continued');
    // the very last was one that people had asked for; the one before it was due by count
    expect(splitNotes(new TextDecoder().decode(shorter.content('journal/checkpoints'))).notes).toEqual(notes.slice(0, -1));
  });
});
