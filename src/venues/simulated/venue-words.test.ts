import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const here = import.meta.dirname;
const word = /'([A-Z]+(?:_[A-Z]+)+|THROTTLED)'/g;

/** Words of the venues for ticks and books; the venue for bars has a page of its own. */
function wordsOfTheCode(): Set<string> {
  const files = readdirSync(here).filter((name) => name.endsWith('.ts') && !name.includes('.test.') && !name.startsWith('bar-'));
  const words = files.flatMap((name) => [...readFileSync(join(here, name), 'utf8').matchAll(word)].map((match) => match[1]));
  return new Set(words);
}

test('the page on the simulated venue lists every word of its reports, and no other', () => {
  const page = readFileSync(join(here, '../../../docs/reference/simulated-venue.md'), 'utf8');
  const listed = new Set([...page.slice(page.indexOf('## Words')).matchAll(/`([A-Z][A-Z_]+)`/g)].map((match) => match[1]));
  const said = wordsOfTheCode();
  console.log(`venue words: ${said.size}`);
  expect(said.size).toBeGreaterThan(30);
  expect([...listed].sort()).toEqual([...said].sort());
});
