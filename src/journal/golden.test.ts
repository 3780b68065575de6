import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { publishedSchema } from '../domain/schema/published.ts';
import { nodeDisk } from '../storage/file/node-disk.ts';
import { goldenKey, goldenValues, writeGolden } from '../testing/journal/golden.ts';
import { createMemoryDisk } from '../testing/journal/memory-disk.ts';
import { verifyDirectory } from '../verify/verify.ts';
import { readJournal } from './reader.ts';

const vectors = join(import.meta.dirname, '../../vectors/journal');
const head = readFileSync(join(vectors, 'v1.head'), 'utf8');

/** `v1-parted` is of the time when a segment could end between an input and its decisions; nothing writes such files any more, and they are read for ever. */
test.each(['v1', 'v1-parted'])('the journal of format version 1 in %s is valid and reads as it was written', async (name) => {
  const given = readFileSync(join(vectors, `${name}.head`), 'utf8');
  expect(verifyDirectory(join(vectors, name), { head: given, publicKey: goldenKey.verifierKey })).toMatchObject({
    valid: true,
    finished: true,
    problems: [],
  });
  const values: unknown[] = [];
  const end = await readJournal(nodeDisk(vectors), name, (record) => values.push(record.of === 'input' ? record.input : record.decision));
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

interface Schema {
  readonly messages: readonly {
    readonly kind: string;
    readonly type: number;
    readonly schema: number;
    readonly fields: readonly Field[];
  }[];
}

interface Field {
  readonly name: string;
  readonly type: string;
  readonly offset?: number;
  readonly words?: readonly string[];
}

test('kinds, numbers and layouts of version 1 still mean the same: new words stand at the end, a changed layout has a new version', () => {
  const old = JSON.parse(readFileSync(join(vectors, 'v1.schema.json'), 'utf8')) as Schema;
  const now = new Map((publishedSchema() as unknown as Schema).messages.map((message) => [message.kind, message]));
  for (const message of old.messages) {
    const today = now.get(message.kind);
    expect(today?.type, message.kind).toBe(message.type);
    if (today === undefined || today.schema !== message.schema) continue;
    const placed = (fields: readonly Field[]) => fields.map(({ name, type, offset }) => ({ name, type, offset }));
    expect(placed(today.fields), message.kind).toEqual(placed(message.fields));
    for (const [n, field] of message.fields.entries()) {
      expect(today.fields[n].words?.slice(0, field.words?.length), `${message.kind}.${field.name}`).toEqual(field.words);
    }
  }
  expect(old.messages.length).toBeGreaterThan(40);
});
