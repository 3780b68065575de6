import type { LifeKind } from './lives.ts';
import type { Site } from './sites.ts';
import { together, unreached } from './unreached.ts';

/** A row of docs/reference/planted-refusals.md: a site, and the life that notices when it is switched off. */
export interface CaughtRow {
  readonly id: string;
  readonly code: string;
  readonly life: LifeKind;
  readonly seed: number;
  /** What the rules said. */
  readonly said: string;
}

const rowForm = /^\| `([A-Z_]+)` \| `([^`]+)` \| (.*) \| (orders|commands) (\d+) \|$/;

export function rowsOfPage(page: string): readonly CaughtRow[] {
  return page.split('\n').flatMap((line) => {
    const match = rowForm.exec(line);
    if (match === null) return [];
    const [, code, place, said, life, seed] = match;
    return [{ id: place, code, life: life as LifeKind, seed: Number(seed), said }];
  });
}

/** Sites that the page names as out of reach. */
export function unreachedOfPage(page: string): readonly string[] {
  return page.split('\n').flatMap((line) => /^\| `[A-Z_]+` \| `([^`]+)` \| out of reach: .* \| \|$/.exec(line)?.[1] ?? []);
}

/** docs/reference/planted-refusals.md, whole. */
export function refusalsPage(rows: readonly CaughtRow[], sites: readonly Site[]): string {
  const lineOf = ({ id, code }: Site): string => {
    const row = rows.find((one) => one.id === id);
    if (row !== undefined) return `| \`${code}\` | \`${id}\` | ${row.said} | ${row.life} ${row.seed} |`;
    return `| \`${code}\` | \`${id}\` | out of reach: ${unreached.get(id) ?? 'no seed is known'} | |`;
  };
  const sorted = [...sites].sort((a, b) => (a.code === b.code ? 0 : a.code < b.code ? -1 : 1));
  const codes = new Set(sites.map(({ code }) => code)).size;
  return `# Refusals and their planted faults

Written by \`node scripts/bootstrap.mjs compiled scripts/ci/planted-refusals.ts --search\`. Each place of the core that refuses a command ([errors.md](errors.md)) or denies an order
([denials.md](denials.md)) is a row: ${sites.length} places of ${codes} codes. Its planted fault switches it off: the guard before it never holds, and what it guards goes on. Rules that were written from these pages and
[limits.md](limits.md), apart from the code, say of every order and every command of a random life what is due to it, in exact numbers; the row names what they said and the life in which
they said it, by kind and seed. Without the fault the same life is right. CI plants every fault anew (step \`planted-refusals\`); a test holds that every place has its row, so that a new code or a
new place without one is red. ${unreached.size} places are out of reach of a life, each with its reason; every code but those of a desk's programs and its API, which are refused before the core is asked, has a row
that is caught. Why it is done so: [0049](../decisions/0049-a-refusal-is-held-by-a-second-opinion.md).

Where two controls guard one thing both are switched off: ${[...together].map(([id, others]) => `\`${id}\` with ${others.map((one) => `\`${one}\``).join(' and ')}`).join('; ')}.

| code | place | what the rules say when it is off | life |
|---|---|---|---|
${sorted.map(lineOf).join('\n')}
`;
}
