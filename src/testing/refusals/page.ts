import { moves, type Edge } from './edges.ts';
import type { AnyLife } from './lives.ts';
import type { Site, SiteFile } from './sites.ts';
import { neverAtEdge, together, unreached } from './unreached.ts';

/** A row of docs/reference/planted-refusals.md: a fault, and the life that notices it. */
export interface CaughtRow {
  /** Of a site; of an edge with `+1` or `-1` behind it. */
  readonly id: string;
  readonly life: AnyLife;
  readonly seed: number;
  /** What the rules said. */
  readonly said: string;
}

const kinds = 'orders|commands|edges|boundary|requests|http|states';
const rowForm = new RegExp(`^\\| \`([A-Z_]+)\` \\| \`([^\`]+)\` \\| (.*) \\| (${kinds}) (\\d+) \\|$`);
const edgeForm = new RegExp(`^\\| \`([^\`]+)\` \\| (one more|one less) \\| (.*) \\| (${kinds}) (\\d+) \\|$`);

const wordOf = (id: string): string => moves.find(({ by }) => id.endsWith(faultOf('', by)))?.word ?? '';

/** The fault of an edge that is moved. */
export const faultOf = (id: string, by: number): string => `${id} ${by > 0 ? '+' : ''}${by}`;

export function rowsOfPage(page: string): readonly CaughtRow[] {
  return page.split('\n').flatMap((line) => {
    const site = rowForm.exec(line);
    if (site !== null) return [{ id: site[2], life: site[4] as AnyLife, seed: Number(site[5]), said: site[3] }];
    const edge = edgeForm.exec(line);
    if (edge === null) return [];
    const [, id, word, said, life, seed] = edge;
    return [{ id: faultOf(id, word === 'one more' ? 1 : -1), life: life as AnyLife, seed: Number(seed), said }];
  });
}

/** Sites that the page names as out of reach. */
export function unreachedOfPage(page: string): readonly string[] {
  return page.split('\n').flatMap((line) => /^\| `[A-Z_]+` \| `([^`]+)` \| out of reach: .* \| \|$/.exec(line)?.[1] ?? []);
}

/** Faults of edges that the page names as never met, with their reasons. */
export function neverOfPage(page: string): readonly string[] {
  return page.split('\n').flatMap((line) => {
    const match = /^\| `([^`]+)` \| (one more|one less) \| never: .* \| \|$/.exec(line);
    return match === null ? [] : [faultOf(match[1], match[2] === 'one more' ? 1 : -1)];
  });
}

/** Every fault of the sources by its name in the table. */
export function faultsOf(files: readonly SiteFile[]): {
  readonly sites: readonly Site[];
  readonly edges: readonly (Edge & { readonly fault: string })[];
} {
  const sites = files.flatMap((one) => one.sites);
  const edges = files.flatMap((one) => one.edges.flatMap((edge) => moves.map(({ by }) => ({ ...edge, fault: faultOf(edge.id, by) }))));
  return { sites, edges };
}

/** Why an edge is not met, which holds for it however it is moved, or for one way. */
export function neverOf(fault: string): string | undefined {
  return neverAtEdge.find(([name]) => name.test(fault.replace(/ [+-]1$/, '')))?.[1];
}

/** docs/reference/planted-refusals.md, whole. */
export function refusalsPage(rows: readonly CaughtRow[], files: readonly SiteFile[]): string {
  const { sites, edges } = faultsOf(files);
  const found = new Map(rows.map((row) => [row.id, row]));
  const lineOf = ({ id, code }: Site): string => {
    const row = found.get(id);
    if (row !== undefined) return `| \`${code}\` | \`${id}\` | ${row.said} | ${row.life} ${row.seed} |`;
    return `| \`${code}\` | \`${id}\` | out of reach: ${unreached.get(id) ?? 'no seed is known'} | |`;
  };
  const edgeLine = ({ fault }: { readonly fault: string }): string => {
    const row = found.get(fault);
    const name = `\`${fault.replace(/ [+-]1$/, '')}\` | ${wordOf(fault)}`;
    if (row !== undefined) return `| ${name} | ${row.said} | ${row.life} ${row.seed} |`;
    return `| ${name} | never: ${neverOf(fault) ?? 'no seed is known'} | |`;
  };
  const sorted = [...sites].sort((a, b) => (a.code === b.code ? 0 : a.code < b.code ? -1 : 1));
  const codes = new Set(sites.map(({ code }) => code)).size;
  const never = edges.filter(({ fault }) => !found.has(fault)).length;
  return `# Refusals and their planted faults

Written by \`node scripts/bootstrap.mjs compiled scripts/ci/planted-refusals.ts --search\`. Each place that refuses a command ([errors.md](errors.md)), denies an order ([denials.md](denials.md)) or
refuses a request before the core is asked ([http-api.md](http-api.md), [verbs.md](verbs.md)) is a row: ${sites.length} places of ${codes} codes. Its planted fault switches it off: the guard before it never
holds, and what it guards goes on. A second table has every comparison with a number in a source that refuses, moved by one unit each way: ${edges.length} faults. Rules that were written from these pages and
[limits.md](limits.md), apart from the code, say of every order, every command and every request of a random life what is due to it, in exact numbers; the row names what they said and the life in
which they said it, by kind and seed. Without the fault the same life is right. CI plants every fault anew (step \`planted-refusals\`); a test holds that every place and every comparison has its row, so
that a new one without a row is red. ${unreached.size} places are out of reach of a life and ${never} moved numbers make no difference in one, each with its reason; every code has a row that is caught. Why it is done
so: [0049](../decisions/0049-a-refusal-is-held-by-a-second-opinion.md).

Where two controls guard one thing both are switched off: ${[...together].map(([id, others]) => `\`${id}\` with ${others.map((one) => `\`${one}\``).join(' and ')}`).join('; ')}.

| code | place | what the rules say when it is off | life |
|---|---|---|---|
${sorted.map(lineOf).join('\n')}

## Numbers moved by one

| comparison | its right side | what the rules say then | life |
|---|---|---|---|
${edges.map(edgeLine).join('\n')}
`;
}
