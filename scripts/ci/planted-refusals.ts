import { cpSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type * as Lives from '../../src/testing/refusals/lives.ts';
import { rowsOfPage, refusalsPage, type CaughtRow } from '../../src/testing/refusals/page.ts';
import { findSites, guardName, type Site } from '../../src/testing/refusals/sites.ts';
import { together, unreached } from '../../src/testing/refusals/unreached.ts';
import { projectRoot } from '../../src/testing/tidy/tree.ts';
import { COMPILED } from '../bootstrap/compile.mjs';
import { closeStep } from './live-command.ts';
import { transpiled } from './transpiled.ts';

// Every place of the core that refuses is switched off, one at a time, in one copy of the build, and the life of the seed that the table names must be told wrong by the rules that
// say apart what is due; without a fault the same lives must be right. `--search [PART …]` looks for seeds and writes the table.
const args = process.argv.slice(2);
const searches = args.includes('--search');
const parts = args.filter((one) => !one.startsWith('--'));
const pagePath = join(projectRoot, 'docs/reference/planted-refusals.md');
const rooms = ['base', 'domain', 'quant', 'core', 'ports', 'testing'];
/** Lives of each kind that are looked at for seeds, and tried for one fault. */
const mostSeeds = Number(/--seeds=(\d+)/.exec(args.join(' '))?.[1] ?? 400);
const mostTried = 60;

function copyOf(root: string): void {
  const filter = (path: string): boolean => statSync(path).isDirectory() || (path.endsWith('.js') && !path.endsWith('.test.js'));
  for (const room of rooms) cpSync(join(projectRoot, COMPILED, 'src', room), join(root, 'src', room), { recursive: true, filter });
  writeFileSync(join(root, 'package.json'), '{ "type": "module" }');
}

/** Faults that act now, and guards that have held since it was emptied. */
let off: ReadonlySet<string> = new Set();
const held = new Set<string>();
(globalThis as Record<string, unknown>)[guardName] = (id: string, holds: unknown): boolean => {
  if (Boolean(holds)) held.add(id);
  return Boolean(holds) && !off.has(id);
};

function lifeSaid(lives: typeof Lives, kind: CaughtRow['life'], seed: number, ...faults: readonly string[]): string {
  off = new Set(faults.flatMap((one) => [one, ...(together.get(one) ?? [])]));
  held.clear();
  return lives.lived(kind, seed);
}

/** By site: lives in which its guard holds, the first few. Every one of them is right. */
function reachOf(lives: typeof Lives): ReadonlyMap<string, readonly (readonly [CaughtRow['life'], number])[]> {
  const reach = new Map<string, (readonly [CaughtRow['life'], number])[]>();
  for (let seed = 1; seed <= mostSeeds; seed++) {
    for (const kind of lives.lifeKinds) {
      const said = lifeSaid(lives, kind, seed);
      if (said !== '') console.log(`FAILED  ${kind} ${seed} without a fault: ${said}`);
      if (said !== '') wrong += 1;
      for (const id of held) {
        const known = reach.get(id) ?? [];
        if (known.length < mostTried) known.push([kind, seed]);
        reach.set(id, known);
      }
    }
  }
  return reach;
}

function searchFor(
  lives: typeof Lives,
  { id, code }: Site,
  tried: readonly (readonly [CaughtRow['life'], number])[],
): CaughtRow | undefined {
  for (const [life, seed] of tried) {
    const said = lifeSaid(lives, life, seed, id);
    if (said !== '') return { id, code, life, seed, said: lives.shortly(said) };
  }
  return undefined;
}

const root = mkdtempSync(join(tmpdir(), 'plimsoll-refusals-'));
let [caught, missed, right, wrong] = [0, 0, 0, 0];
const cpu = process.cpuUsage();
try {
  copyOf(root);
  const { files, unguarded } = findSites(projectRoot);
  for (const { file, text } of files) writeFileSync(join(root, file.replace(/\.ts$/, '.js')), transpiled(text));
  for (const one of unguarded) console.log(`FAILED  ${one}`);
  const lives = (await import(pathToFileURL(join(root, 'src/testing/refusals/lives.js')).href)) as typeof Lives;
  const rows = new Map(rowsOfPage(readFileSync(pagePath, 'utf8')).map((row) => [row.id, row]));
  const sites = files.flatMap((one) => one.sites).filter(({ id }) => parts.length === 0 || parts.some((part) => id.includes(part)));
  const found: CaughtRow[] = [];
  const reach = searches ? reachOf(lives) : new Map<string, never>();
  for (const site of sites) {
    const known = rows.get(site.id);
    if (unreached.has(site.id) && !searches) continue;
    const tried = [
      ...(known === undefined ? [] : [[known.life, known.seed] as const]),
      ...[site.id, ...(together.get(site.id) ?? [])].flatMap((id) => reach.get(id) ?? []),
    ];
    const row = searches ? searchFor(lives, site, tried) : known;
    const said = row === undefined ? '' : searches ? row.said : lifeSaid(lives, row.life, row.seed, site.id);
    if (row !== undefined && said !== '') {
      found.push(row);
      caught += 1;
      if (parts.length > 0 || searches) console.log(`caught  ${site.id}: ${row.life} ${row.seed}: ${lives.shortly(said)}`);
    } else if (!unreached.has(site.id)) {
      missed += 1;
      console.log(
        `MISSED  ${site.id}${row === undefined ? `: held in ${tried.length} lives, and nothing noticed it off` : `: ${row.life} ${row.seed} notices nothing`}`,
      );
    }
  }
  // the same lives without a fault
  for (const key of new Set(found.map(({ life, seed }) => `${life} ${seed}`))) {
    const [life, seed] = key.split(' ');
    const said = lifeSaid(lives, life as CaughtRow['life'], Number(seed));
    if (said === '') right += 1;
    else {
      wrong += 1;
      console.log(`FAILED  ${key} without a fault: ${said}`);
    }
  }
  if (searches && parts.length === 0)
    writeFileSync(
      pagePath,
      refusalsPage(
        found,
        files.flatMap((one) => one.sites),
      ),
    );
  missed += unguarded.length;
  const { user, system } = process.cpuUsage(cpu);
  const spent = ((user + system) / 1e6).toFixed(0);
  console.log(
    `${sites.length} places that refuse, ${unreached.size} out of reach, ${caught} switched off and caught, ${right} lives right without a fault, ${spent} s of CPU`,
  );
} finally {
  rmSync(root, { recursive: true, force: true });
}
closeStep('planted-refusals', caught + right, missed + wrong);
