import { expect, test } from 'vitest';
import { zipOf } from '../../testing/zip-writer.ts';
import { Quarantine } from './quarantine.ts';
import { unzip } from './zip.ts';

const files = { 'a.csv': '1,2\n3,4\n'.repeat(500), 'b.csv': 'x\n' };

function read(archive: Buffer) {
  const quarantine = new Quarantine('a.zip');
  const entries = unzip(archive, quarantine);
  return { entries: entries?.map((one) => [one.name, one.bytes.toString()]), quarantine };
}

test('deflated and stored files come out as they went in', () => {
  expect(read(zipOf(files)).entries).toEqual(Object.entries(files));
  expect(read(zipOf(files, true)).entries).toEqual(Object.entries(files));
});

test('an archive cut off anywhere is set aside whole, with a sentence', () => {
  const whole = zipOf(files);
  let seen = 0;
  for (let length = 1; length < whole.length; length++) {
    const { entries, quarantine } = read(whole.subarray(0, length));
    expect(entries, `cut at ${length}`).toBeUndefined();
    expect(quarantine.wholeFile).toBe(true);
    expect(quarantine.faults).toHaveLength(1);
    seen++;
  }
  expect(seen).toBe(whole.length - 1);
});

test('a cut archive names the row up to which it can be read', () => {
  const text = Array.from({ length: 5_000 }, (_, i) => `${i},${(i * 7919) % 10_007},${(i * 104_729) % 1_299_709}\n`).join('');
  const whole = zipOf({ 'spy.csv': text });
  const { quarantine } = read(whole.subarray(0, Math.floor(whole.length / 2)));
  expect(quarantine.faults[0]).toMatchObject({ code: 'FILE_TRUNCATED', text: 'spy.csv: the archive ends before its directory' });
  expect(quarantine.faults[0].row).toBeGreaterThan(1_000);
  expect(quarantine.faults[0].row).toBeLessThan(4_000);
});

test('a changed byte of a file is found', () => {
  const whole = zipOf(files, true);
  whole[40] ^= 1;
  expect(read(whole).quarantine.faults[0].code).toBe('FILE_DAMAGED');
});

test('an archive that claims more than it may unpack to, or more files than it may hold, is refused', () => {
  const large = zipOf({ 'a.csv': 'x' });
  const directory = large.indexOf(Buffer.from('504b0102', 'hex'));
  large.writeUInt32LE(2_100_000_000, directory + 24);
  expect(read(large).quarantine.faults[0].code).toBe('FILE_TOO_LARGE');
  const many = zipOf({ 'a.csv': 'x' });
  many.writeUInt16LE(10_001, many.length - 12);
  expect(read(many).quarantine.faults[0].text).toContain('expected at most 10000 files');
});

test('what is no archive is refused', () => {
  expect(read(Buffer.from('date,open\n')).quarantine.faults[0]).toMatchObject({ code: 'FILE_DAMAGED', text: 'expected a zip archive' });
});
