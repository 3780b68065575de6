// Writes what is generated from the schema table: codecs of the hot kinds and the published schema.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { schemaFiles } from '../src/testing/journal/schema-files.ts';

const root = dirname(import.meta.dirname);
for (const { path, text } of await schemaFiles()) {
  const file = join(root, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  process.stdout.write(`${path}\n`);
}
