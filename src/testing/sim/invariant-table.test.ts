import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cloneFaults } from '../rollout/clone-faults.ts';
import { lifeFaults } from '../rollout/life-faults.ts';
import { plantedFaults } from '../rollout/planted-faults.ts';
import { progressiveFaults } from '../rollout/progressive-faults.ts';
import { sliceFaults } from '../rollout/several-slices.ts';
import { projectRoot } from '../tidy/tree.ts';
import { invariantTable } from './invariant-table.ts';
import { invariantsPage } from './invariants-page.ts';
import { plantedBugs } from './planted-bugs.ts';

const specification = join(projectRoot, '../shared/spec/rollout.md');

/** Names of the invariants in section 6 of the specification. */
function idsOf(page: string): readonly string[] {
  const section = /\n## 6\.[^]*?(?=\n## )/.exec(page)?.[0] ?? '';
  return [...section.matchAll(/\*\*([A-Z]+\d+)\b/g)].map(([, id]) => id);
}

describe('the table of invariants', () => {
  it.skipIf(!existsSync(specification))('has each of rollout.md 6, in its order, and no other', () => {
    const ids = idsOf(readFileSync(specification, 'utf8'));
    console.log(`invariants of rollout.md 6: ${ids.length}`);
    expect(invariantTable.map(({ id }) => id)).toEqual(ids);
  });

  it('tells of an invariant that has no row', () => {
    const page =
      '\n## 5. a\n**CAP9** no\n## 6. Invariants\nA: **CAP1** one · **POS4 identity swap**: two ·\n**NEW1** three\n\n## 7. b\n**CAP8** no\n';
    expect(idsOf(page)).toEqual(['CAP1', 'POS4', 'NEW1']);
  });

  it('names planted bugs that are there and that its invariant is to catch', () => {
    const wrong = invariantTable.flatMap(({ id, bugs }) =>
      bugs.filter((name) => plantedBugs.find((bug) => bug.name === name)?.caughtBy.includes(id) !== true).map((name) => `${id}: ${name}`),
    );
    expect(wrong).toEqual([]);
  });

  it('names planted faults of the random lives that are there, by their invariant', () => {
    const all = [
      ...plantedFaults,
      ...lifeFaults,
      ...progressiveFaults,
      ...sliceFaults,
      ...cloneFaults.map(([name]) => ['POS4', name] as const),
    ];
    const known = new Set(all.map(([id, name]) => `${id}: ${name}`));
    const wrong = invariantTable.flatMap(({ id, faults }) => faults.map((name) => `${id}: ${name}`).filter((text) => !known.has(text)));
    expect(wrong).toEqual([]);
  });

  it('has for each a checker that is there and something that it catches', () => {
    for (const { id, checkers, bugs, faults, beside } of invariantTable) {
      for (const file of checkers) expect([id, file, existsSync(join(projectRoot, 'src/sim/faulty', file))]).toEqual([id, file, true]);
      expect([id, bugs.length > 0 || (faults.length > 0 && beside !== '')]).toEqual([id, true]);
    }
  });

  it('stands in docs/reference/invariants.md as it is', () => {
    expect(readFileSync(join(projectRoot, 'docs/reference/invariants.md'), 'utf8')).toBe(invariantsPage());
  });
});
