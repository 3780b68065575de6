import { expect, test } from 'vitest';
import { prng } from '../base/prng.ts';
import { createMemoryDisk } from '../testing/journal/memory-disk.ts';
import type { MemoryDisk } from '../testing/journal/memory-disk.ts';
import { batchesOf } from '../testing/journal/regions.ts';
import { appendTurn, sampleTurns } from '../testing/journal/sample-records.ts';
import { imageOf, openJournal } from '../testing/journal/small-journal.ts';
import { CheckedRecords } from './checked-records.ts';
import { crc32 } from './checksum.ts';
import { recordHeaderBytes } from './format.ts';
import { openJournalReader, readJournal, type JournalEnd } from './reader.ts';
import type { JournalRecord } from './record.ts';

const turns = sampleTurns(47, 170);

async function written(): Promise<MemoryDisk> {
  const disk = createMemoryDisk();
  const journal = await openJournal(disk);
  for (const [n, turn] of turns.entries()) {
    appendTurn(journal, turn);
    if (n % 4 === 0) await journal.flush();
  }
  await journal.flush();
  return disk;
}

const image = imageOf(await written());
const batches = batchesOf(image);

function seen(record: JournalRecord): string {
  const { of, seq, at, term, file, offset } = record;
  const what = record.of === 'input' ? record.input : { causeSeq: record.causeSeq, ...record.decision };
  return JSON.stringify([of, seq, at, term, file, offset, what]);
}

interface Read {
  readonly records: readonly string[];
  readonly end: Pick<JournalEnd, 'kind' | 'entries' | 'lastSeq' | 'file' | 'offset' | 'what'>;
}

async function inOnePlace(disk: MemoryDisk, lazy: boolean): Promise<Read> {
  const records: string[] = [];
  const { root: _root, ...end } = await readJournal(disk, 'journal', (one) => records.push(seen(one)), {
    root: true,
    ...(lazy ? { lazyDecisions: true } : {}),
  });
  return { records, end };
}

/** One side checks, the other visits a copy of what it was given. */
async function inTwo(disk: MemoryDisk, lazy: boolean): Promise<Read> {
  const records: string[] = [];
  const reader = openJournalReader(disk, 'journal', { root: true });
  const visitor = new CheckedRecords(lazy);
  let entries = 0;
  for (let batch = await reader.checked(); batch !== null; batch = await reader.checked()) {
    const copy = new Uint8Array(batch.bytes.length + 64);
    copy.set(batch.bytes, 64);
    const done = visitor.visit({ bytes: copy, view: new DataView(copy.buffer) }, 64, batch.file, batch.offset, (one) =>
      records.push(seen(one)),
    );
    if ('what' in done) {
      const { leaves, seq, offset, what } = done;
      return { records, end: { kind: 'damaged', entries: entries + leaves, lastSeq: seq, file: batch.file, offset, what } };
    }
    entries += done.leaves;
  }
  const { root: _root, ...end } = reader.end;
  return { records, end };
}

/** Damage within a batch is seen before any of its records is visited where two sides share the work, else behind those before it. */
function alike(one: Read, two: Read): void {
  expect(two.end).toEqual(one.end);
  expect(one.records.slice(0, two.records.length)).toEqual(two.records);
}

test('a journal that is checked in one place and visited in another gives the same records, and ends the same wherever a byte is changed', async () => {
  const luck = prng('checked records');
  const sound = await inOnePlace(await written(), true);
  for (const lazy of [true, false]) expect(await inTwo(await written(), lazy)).toEqual(sound);
  expect(sound.records.length).toBe(turns.reduce((sum, turn) => sum + 1 + turn.decisions.length, 0));
  const kinds = new Set<string>();
  for (let n = 0; n < 150; n++) {
    const disk = await written();
    const batch = batches[luck.int(batches.length)];
    const bytes = disk.content(`journal/${batch.file}`);
    bytes[batch.from + luck.int(batch.to - batch.from)] ^= 1 + luck.int(255);
    disk.put(`journal/${batch.file}`, luck.int(5) === 0 ? bytes.slice(0, batch.to - luck.int(200)) : bytes);
    const one = await inOnePlace(disk, true);
    alike(one, await inTwo(disk, true));
    kinds.add(one.end.kind);
  }
  expect([...kinds].sort()).toEqual(['damaged', 'torn']);
});

test('a record with a right checksum that says what none of its kind says is damage at the same place, those before it visited', async () => {
  for (const which of [3, 10, batches.length - 1]) {
    const disk = await written();
    const { file, from } = batches[which];
    const bytes = disk.content(`journal/${file}`);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const length = view.getUint32(from, true);
    // longer by what stands in none of its fields, or of a type that nobody knows
    if (which === 3) view.setUint16(from + 28, 65_000, true);
    else bytes.fill(255, from + recordHeaderBytes, from + length);
    view.setUint32(from + 4, crc32(bytes, view, from + 8, from + length, length), true);
    disk.put(`journal/${file}`, bytes);
    const one = await inOnePlace(disk, false);
    expect(one.end.kind).toBe('damaged');
    expect(await inTwo(disk, false)).toEqual(one);
  }
});
