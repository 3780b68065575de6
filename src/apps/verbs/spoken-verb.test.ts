import { expect, test } from 'vitest';
import { spokenVerb } from '../../domain/spoken-verb.ts';
import { spokenVerbs, verbTable } from './verb-table.ts';

test('a verb of the core is told by the word that people type', () => {
  const told = spokenVerbs.flatMap((verb) => {
    const { roles } = verbTable[verb];
    return roles === null ? [] : [[verb, spokenVerb(roles)]];
  });
  expect(told.length).toBeGreaterThan(15);
  // limits have a command of their own
  for (const [verb, word] of told) expect(word).toBe(verb === 'set-limit' ? 'limit set' : verb);
  expect([spokenVerb('setSlice'), spokenVerb('pauseStrategy')]).toEqual(['allocation', 'pause-strategy']);
});
