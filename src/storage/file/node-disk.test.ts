import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Disk } from '../../ports/world.ts';
import { nodeDisk } from './node-disk.ts';

let root: string;
let disk: Disk;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'plimsoll-disk-'));
  disk = nodeDisk(root);
});

afterEach(() => rmSync(root, { recursive: true }));

test('what is written at a position is read there', async () => {
  await disk.makeDirectory('a/b');
  const file = await disk.open('a/b/c', 'create');
  expect(await file.write(new Uint8Array([1, 2, 3]), 4)).toBe(3);
  await file.sync();
  expect(await file.size()).toBe(7);
  const into = new Uint8Array(8);
  expect(await file.read(into, 3)).toBe(4);
  expect([...into.subarray(0, 4)]).toEqual([0, 1, 2, 3]);
  await file.close();
});

test('creating a file that exists is refused, a secret is its owner’s alone', async () => {
  await (await disk.open('secret', 'createSecret')).close();
  expect(statSync(join(root, 'secret')).mode & 0o777).toBe(0o600);
  await expect(disk.open('secret', 'create')).rejects.toMatchObject({ code: 'EEXIST' });
  await expect(disk.open('absent', 'read')).rejects.toMatchObject({ code: 'ENOENT' });
});

test('names are listed in order, renamed and removed; a missing directory has none', async () => {
  for (const name of ['b', 'a']) await (await disk.open(name, 'create')).close();
  await disk.rename('b', 'c');
  await disk.syncDirectory('.');
  expect(await disk.list('.')).toEqual(['a', 'c']);
  await disk.remove('a');
  expect(await disk.exists('a')).toBe(false);
  expect(await disk.exists('c')).toBe(true);
  expect(await disk.list('nowhere')).toEqual([]);
});
