import { invariantTable } from './invariant-table.ts';
import { plantedBugs } from './planted-bugs.ts';

const head = `# Invariants, and what shows that they hold

Every invariant of the rollout is held after every event of random histories in which late, repeated, reordered and lost words of venues, fills that race cancels, lost connections, crashes at any
record, and people in every phase meet ([the faulty world](../explanation/simulation.md)). Its checker keeps books of its own and is named by its file below \`src/sim/faulty\`. Each bug is planted into a copy of the
build, one after the other, and seeds of whole worlds are run until the checker of that invariant says so (\`planted-bugs\` of CI); a fault is planted into the decisions of a turn and found by the random
lives of a desk (\`src/testing/rollout\`, 5,000 of them in \`rollout-histories\`; some of them lived twice, beside a twin with other money).

| invariant | checker | planted bug, and the seed that catches it | planted fault of the random lives | beside it |
|---|---|---|---|---|
`;

/** The page of invariants: one row each. */
export function invariantsPage(): string {
  const rows = invariantTable.map(({ id, checkers, bugs, faults, beside }) =>
    [
      id,
      checkers.map((file) => `\`${file}\``).join(' '),
      bugs.map((name) => `${name}: ${plantedBugs.find((bug) => bug.name === name)?.seed ?? NaN}`).join('; '),
      faults.join('; '),
      beside,
    ].join(' | '),
  );
  return `${head}${rows.map((text) => `| ${text} |\n`).join('')}`;
}
