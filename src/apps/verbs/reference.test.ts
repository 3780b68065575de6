import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { commandRefusals } from '../../domain/command.ts';
import { errorMeanings } from './error-meanings.ts';
import { errorsPage, verbsPage, withApiTables } from './reference.ts';

const pageOf = (name: string): string => readFileSync(new URL(`../../../docs/reference/${name}.md`, import.meta.url), 'utf8');

test('verbs, errors and requests stand in their reference as they are (`npm run reference` writes them)', () => {
  expect(pageOf('verbs')).toBe(verbsPage());
  expect(pageOf('errors')).toBe(errorsPage());
  expect(pageOf('http-api')).toBe(withApiTables(pageOf('http-api')));
});

test('every refusal of the core has a meaning, and a page that lacks one is another page', () => {
  expect(commandRefusals.filter((code) => errorMeanings[code] === '')).toEqual([]);
  const lacking = pageOf('errors').replace(/^\| `GATES_NOT_PASSED`.*\n/m, '');
  expect(lacking).not.toBe(errorsPage());
});
