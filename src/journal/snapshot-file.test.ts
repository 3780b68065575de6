import { describe, expect, it } from 'vitest';
import { micros, type Micros } from '../base/units.ts';
import { createMemoryDisk, systemError } from '../testing/journal/memory-disk.ts';
import type { MemoryDisk } from '../testing/journal/memory-disk.ts';
import { appendTurn, sampleTurns } from '../testing/journal/sample-records.ts';
import { openJournal } from '../testing/journal/small-journal.ts';
import { checkpointText } from './checkpoint.ts';
import { openJournalReader } from './reader.ts';
import type { JournalPosition } from './reader.ts';
import { findJournalEnd } from './recover.ts';
import { readSnapshot, rootAt, snapshotNames, snapshotsKept, writeSnapshot } from './snapshot-file.ts';
import { generateSigningKey } from './signed-note.ts';
import type { Snapshot } from './snapshot-file.ts';

const turns = sampleTurns(8, 90);
/** Of the journal's records. */
const times = new Map<number, Micros>();

/** A journal in many segments, and positions in it: one behind each batch. */
async function journalWithPositions(): Promise<{ readonly disk: MemoryDisk; readonly positions: readonly JournalPosition[] }> {
  const disk = createMemoryDisk();
  const journal = await openJournal(disk);
  for (const [n, turn] of turns.entries()) {
    appendTurn(journal, turn);
    if (n % 4 === 0) await journal.flush();
  }
  await journal.checkpoint();
  const positions: JournalPosition[] = [];
  const reader = openJournalReader(disk, 'journal', { root: true });
  for (let records = await reader.next(); records !== null; records = await reader.next()) {
    positions.push(reader.position());
    for (const { seq, at } of records) times.set(seq, at);
  }
  return { disk, positions };
}

function snapshotAt(position: JournalPosition, text = 'state'): Snapshot {
  const at = times.get(position.lastSeq) ?? micros(1_700_000_000_000_000);
  return {
    schema: 1,
    term: 1,
    at,
    coreDigest: 'ab'.repeat(32),
    stateHash: 'cd'.repeat(32),
    position,
    state: new TextEncoder().encode(text),
  };
}

/** Seqs that recovery visits, and what it says. */
async function recovered(disk: MemoryDisk, take: (snapshot: Snapshot) => string = () => '') {
  const seqs: number[] = [];
  const found = await findJournalEnd({ disk, directory: 'journal', takeSnapshot: take, visit: (record) => void seqs.push(record.seq) });
  if (!found.ok) throw new Error(found.error.message);
  return { seqs, found: found.value };
}

describe('a snapshot', () => {
  it('lets recovery read only what follows it, from any batch of any segment, to the same root', async () => {
    const { disk, positions } = await journalWithPositions();
    const whole = (await recovered(disk)).found;
    for (const position of positions) {
      await writeSnapshot(disk, 'journal', snapshotAt(position));
      const { seqs, found } = await recovered(disk);
      expect(found.snapshotSeq).toBe(position.lastSeq);
      expect(seqs.length).toBe(whole.end.lastSeq - position.lastSeq);
      expect(seqs[0] ?? position.lastSeq + 1).toBe(position.lastSeq + 1);
      expect(found.end).toEqual(whole.end);
      expect(rootAt(found.position)).toBe(whole.end.root);
      expect(found.position).toEqual(whole.position);
    }
    console.log(`snapshots behind ${positions.length} batches`);
    expect(await snapshotNames(disk, 'journal')).toHaveLength(snapshotsKept);
  });

  it('is passed over for an older one when it is damaged, of an unknown form, ahead of the journal, or not taken', async () => {
    const { disk, positions } = await journalWithPositions();
    const [older, newer, newest] = [positions[3], positions[7], positions[11]];
    for (const position of [older, newer, newest]) await writeSnapshot(disk, 'journal', snapshotAt(position));
    const [name, second] = await snapshotNames(disk, 'journal');
    const bytes = disk.content(`journal.snapshots/${name}`);
    bytes[bytes.length - 40] ^= 1;
    disk.put(`journal.snapshots/${name}`, bytes);
    const { found } = await recovered(disk);
    expect(found.snapshotSeq).toBe(newer.lastSeq);
    expect(found.passedOver).toEqual([{ name, why: 'its digest does not match: it is damaged or was cut short' }]);
    const refusedTwice = await recovered(disk, (snapshot) => (snapshot.position.lastSeq === newer.lastSeq ? 'of another build' : ''));
    expect(refusedTwice.found.snapshotSeq).toBe(older.lastSeq);
    expect(refusedTwice.found.passedOver.map(({ why }) => why)).toContain('of another build');
    disk.put(`journal.snapshots/${second}`, new Uint8Array(0));
    expect((await recovered(disk)).found.snapshotSeq).toBe(older.lastSeq);
    const shorter = createMemoryDisk();
    const cut = await openJournal(shorter);
    for (const turn of turns.slice(0, 10)) appendTurn(cut, turn);
    await cut.flush();
    await writeSnapshot(shorter, 'journal', snapshotAt(newest));
    const ahead = (await recovered(shorter)).found;
    expect(ahead.snapshotSeq).toBe(0);
    expect(ahead.passedOver[0].why).toContain('the journal does not hold record');
  });

  it('takes nothing away from a head that was given: what lies before it is read, and a rewritten journal refused', async () => {
    const { disk, positions } = await journalWithPositions();
    const other = createMemoryDisk();
    const elsewhere = await openJournal(other);
    const heads: string[] = [];
    for (const turn of sampleTurns(9, 60)) {
      appendTurn(elsewhere, turn);
      await elsewhere.checkpoint();
      heads.push(elsewhere.head());
    }
    const covered = heads.filter((head) => Number(head.split('\n')[1]) <= positions[11].tree.size);
    expect(covered.length).toBeGreaterThan(3);
    await writeSnapshot(disk, 'journal', snapshotAt(positions[11]));
    const find = (head: string) =>
      findJournalEnd({ disk, directory: 'journal', heads: [head], takeSnapshot: () => '', visit: () => undefined });
    for (const head of covered) {
      const found = await find(head);
      // where the journal has a checkpoint of its own of that size, the two differ already
      expect(found.ok ? 'taken' : found.error.code).toMatch(/^(JOURNAL_DAMAGED|HEAD_DIFFERS)$/);
    }
    // its own head, as large as the snapshot is: the snapshot has that root, and serves
    const at = positions[11];
    const key = generateSigningKey('plimsoll/test');
    const own = (root: Uint8Array) => key.sign(checkpointText(key.name, { size: at.tree.size, root }, false));
    const sound = await find(own(Buffer.from(rootAt(at), 'hex')));
    expect(sound.ok && sound.value.snapshotSeq).toBe(at.lastSeq);
    expect(await find(own(new Uint8Array(32)))).toMatchObject({ ok: false, error: { code: 'JOURNAL_DAMAGED' } });
  });

  it('is there whole or not at all, whatever its writing met, and never without an older one', async () => {
    const { disk, positions } = await journalWithPositions();
    await writeSnapshot(disk, 'journal', snapshotAt(positions[2]));
    let cuts = 0;
    for (let cut = 1, over = false; !over; cut++) {
      let count = 0;
      const faulty = createMemoryDisk({
        before: () => {
          count += 1;
          if (count >= cut) throw systemError('ENOSPC');
        },
      });
      for (const path of disk.paths) faulty.put(path, disk.content(path));
      over = await writeSnapshot(faulty, 'journal', snapshotAt(positions[9])).then(
        () => true,
        () => false,
      );
      const { found } = await recovered(faulty.afterPowerCut());
      expect([positions[2].lastSeq, positions[9].lastSeq]).toContain(found.snapshotSeq);
      expect(found.passedOver).toEqual([]);
      if (over) expect(found.snapshotSeq).toBe(positions[9].lastSeq);
      cuts += 1;
    }
    expect(cuts).toBeGreaterThan(4);
  });

  it('that did not fit takes no room, nor does what a crash left half written', async () => {
    const { disk, positions } = await journalWithPositions();
    let failed = 0;
    for (let cut = 1, over = false; !over; cut++) {
      let count = 0;
      const faulty = createMemoryDisk({
        before: () => {
          count += 1;
          if (count === cut) throw systemError('ENOSPC');
        },
      });
      for (const path of disk.paths) faulty.put(path, disk.content(path));
      faulty.put('journal.snapshots/0000000000000001.snapshot.part', new Uint8Array(10));
      over = await writeSnapshot(faulty, 'journal', snapshotAt(positions[9])).then(
        () => true,
        () => false,
      );
      const left = faulty.paths.filter((path) => path.endsWith('.part') && !path.includes('0000000000000001'));
      expect(left, `after operation ${cut} failed`).toEqual([]);
      if (over) expect(faulty.paths.filter((path) => path.endsWith('.part'))).toEqual([]);
      else failed += 1;
    }
    expect(failed).toBeGreaterThan(3);
  });

  it('is read back as it was written', async () => {
    const { disk, positions } = await journalWithPositions();
    const snapshot = snapshotAt(positions[5], 'some state');
    await writeSnapshot(disk, 'journal', snapshot);
    const [name] = await snapshotNames(disk, 'journal');
    expect(await readSnapshot(disk, 'journal', name)).toEqual(snapshot);
  });
});
