// Writes the pages of docs/reference that are made of tables in the code: verbs, errors, invariants, the tables of the HTTP API, and the JSON Schema of a deployment.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { specSchema } from '../src/domain/spec-parser/spec-schema.ts';
import { invariantsPage } from '../src/testing/sim/invariants-page.ts';
import { errorsPage, verbsPage, withApiTables } from '../src/apps/verbs/reference.ts';

const folder = join(import.meta.dirname, '../docs/reference');
const api = join(folder, 'http-api.md');
writeFileSync(join(folder, 'verbs.md'), verbsPage());
writeFileSync(join(folder, 'errors.md'), errorsPage());
writeFileSync(join(folder, 'invariants.md'), invariantsPage());
writeFileSync(api, withApiTables(readFileSync(api, 'utf8')));
const schema = join(folder, 'deployment-schema.json');
writeFileSync(schema, await format(JSON.stringify(specSchema), { ...(await resolveConfig(schema)), filepath: schema }));
process.stdout.write('docs/reference: verbs.md, errors.md, invariants.md, http-api.md, deployment-schema.json\n');
