import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { nodeDisk } from '../storage/file/node-disk.ts';
import { goldenKey, goldenValues, writeGolden } from '../testing/journal/golden.ts';
import { createMemoryDisk } from '../testing/journal/memory-disk.ts';
import { verifyDirectory } from '../verify/verify.ts';
import { readJournal } from './reader.ts';

const vectors = join(import.meta.dirname, '../../vectors/journal');
const head = readFileSync(join(vectors, 'v1.head'), 'utf8');

test('the journal of format version 1 is valid and reads as it was written', async () => {
  expect(verifyDirectory(join(vectors, 'v1'), { head, publicKey: goldenKey.verifierKey })).toMatchObject({
    valid: true,
    finished: true,
    problems: [],
  });
  const values: unknown[] = [];
  const end = await readJournal(nodeDisk(vectors), 'v1', (record) => values.push(record.of === 'input' ? record.input : record.decision));
  expect(end.kind).toBe('finished');
  expect(values).toEqual(goldenValues);
});

test('the same records give the same files to this day (`scripts/generate-journal-vectors.ts` writes them)', async () => {
  const disk = createMemoryDisk();
  expect((await writeGolden(disk, 'v1')).head).toBe(head);
  const names = readdirSync(join(vectors, 'v1')).sort();
  expect(disk.paths).toEqual(names.map((name) => `v1/${name}`));
  for (const name of names) expect(Buffer.compare(disk.content(`v1/${name}`), readFileSync(join(vectors, 'v1', name))), name).toBe(0);
  expect(names.length).toBeGreaterThanOrEqual(4);
});
