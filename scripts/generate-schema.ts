// Writes what is generated from the schema table (codecs of the hot kinds, the published schema) and from the types of the state (digests of their shapes).
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { schemaFiles } from '../src/testing/journal/schema-files.ts';
import { stateShapeFiles } from '../src/testing/journal/state-shapes.ts';

const root = dirname(import.meta.dirname);
for (const { path, text } of [...(await schemaFiles()), ...stateShapeFiles()]) {
  const file = join(root, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  process.stdout.write(`${path}\n`);
}
