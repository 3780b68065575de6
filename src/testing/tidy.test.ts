import { expect, test } from 'vitest';
import { inspect } from './tidy/all-rules.ts';
import { faultText } from './tidy/fault.ts';
import { rooms, roomOf } from './tidy/rooms.ts';
import { projectFiles } from './tidy/tree.ts';

const files = projectFiles();

test('the house is tidy: every file keeps every rule', () => {
  const { files: seen, sources, imports, faults } = inspect(files);
  console.log(`tidy: ${seen} files, ${sources} of them sources with ${imports} imports`);
  expect(sources).toBeGreaterThan(0);
  expect(imports).toBeGreaterThan(0);
  expect(faults.map(faultText)).toEqual([]);
});

test('the checker sees the rooms that carry the engine', () => {
  const seen = new Set(files.map((file) => roomOf(file.path)));
  for (const room of ['base', 'domain', 'core', 'ports']) expect(seen).toContain(room);
  expect(rooms.length).toBeGreaterThan(0);
});
