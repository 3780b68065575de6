import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const here = import.meta.dirname;
const word = /'([A-Z]+(?:_[A-Z]+)+)'/g;

test('the page on the venue for bars lists every word that it says itself, and no other', () => {
  const files = readdirSync(here).filter((name) => name.startsWith('bar-') && name.endsWith('.ts') && !name.includes('.test.'));
  const said = new Set(files.flatMap((name) => [...readFileSync(join(here, name), 'utf8').matchAll(word)].map((match) => match[1])));
  const page = readFileSync(join(here, '../../../docs/reference/bar-venue.md'), 'utf8');
  const listed = new Set([...page.slice(page.indexOf('## Words')).matchAll(/`([A-Z][A-Z_]+)`/g)].map((match) => match[1]));
  console.log(`words of the venue for bars: ${said.size}`);
  expect(said.size).toBeGreaterThan(15);
  expect([...listed].sort()).toEqual([...said].sort());
});
