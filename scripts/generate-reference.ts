// Writes the pages of docs/reference that are made of tables in the code: verbs, errors, and the tables of the HTTP API.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { errorsPage, verbsPage, withApiTables } from '../src/apps/verbs/reference.ts';

const folder = join(import.meta.dirname, '../docs/reference');
const api = join(folder, 'http-api.md');
writeFileSync(join(folder, 'verbs.md'), verbsPage());
writeFileSync(join(folder, 'errors.md'), errorsPage());
writeFileSync(api, withApiTables(readFileSync(api, 'utf8')));
process.stdout.write('docs/reference: verbs.md, errors.md, http-api.md\n');
