import { cpSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beyond, edgeName } from '../../src/testing/refusals/edges.ts';
import type * as Lives from '../../src/testing/refusals/lives.ts';
import { faultOf, faultsOf, neverOf, refusalsPage, rowsOfPage, type CaughtRow } from '../../src/testing/refusals/page.ts';
import { findSites, guardName, shiftName } from '../../src/testing/refusals/sites.ts';
import { together, unreached } from '../../src/testing/refusals/unreached.ts';
import { projectRoot } from '../../src/testing/tidy/tree.ts';
import { COMPILED } from '../bootstrap/compile.mjs';
import { closeStep } from './live-command.ts';
import type * as Doors from './refusals/door-lives.ts';
import { transpiled } from './transpiled.ts';

// Every place that refuses is switched off and every number that it compares with is moved by one, one fault at a time, in one copy of the build, and the life of the seed that the table
// names must be told wrong by the rules that say apart what is due; without a fault the same lives must be right. `--search [PART …]` looks for seeds and writes the table.
const args = process.argv.slice(2);
const searches = args.includes('--search');
const parts = args.filter((one) => !one.startsWith('--'));
const pagePath = join(projectRoot, 'docs/reference/planted-refusals.md');
const rooms = ['base', 'domain', 'quant', 'core', 'ports', 'testing', 'sim', 'api', 'apps', 'runtime', 'journal', 'projections', 'ops'];
/** Lives of each kind that are looked at for seeds, and tried for one fault. */
const mostSeeds = Number(/--seeds=(\d+)/.exec(args.join(' '))?.[1] ?? 400);
const tried = /--tried=(\d+)/.exec(args.join(' '))?.[1];
const mostTried = Number(tried ?? (parts.length > 0 ? 60 : 16));
/** `--tried=80`: as many lives for each fault. `--kind=commands`: lives of no other kind are looked at, beside those of the table. */
const onlyKind = /--kind=(\w+)/.exec(args.join(' '))?.[1];

type Life = CaughtRow['life'];
type Place = readonly [Life, number];

function copyOf(root: string): void {
  const filter = (path: string): boolean => statSync(path).isDirectory() || (path.endsWith('.js') && !path.endsWith('.test.js'));
  for (const room of rooms) cpSync(join(projectRoot, COMPILED, 'src', room), join(root, 'src', room), { recursive: true, filter });
  cpSync(join(projectRoot, COMPILED, 'scripts/ci/refusals'), join(root, 'scripts/ci/refusals'), { recursive: true, filter });
  symlinkSync(join(projectRoot, 'node_modules'), join(root, 'node_modules'));
  writeFileSync(join(root, 'package.json'), '{ "type": "module" }');
}

/** Faults that act now; guards that have held, and moves that would have made a difference, since it was emptied. */
let off: ReadonlySet<string> = new Set();
const held = new Set<string>();
const watched = globalThis as Record<string, unknown>;
watched[guardName] = (id: string, holds: unknown): boolean => {
  if (Boolean(holds)) held.add(id);
  return Boolean(holds) && !off.has(id);
};
const [oneMore, oneLess] = [new Map<string, string>(), new Map<string, string>()];
const namedFault = (names: Map<string, string>, id: string, by: number): string => {
  const known = names.get(id);
  if (known !== undefined) return known;
  const name = faultOf(id, by);
  names.set(id, name);
  return name;
};
const shiftOf = (id: string): number => {
  if (off.size === 0) return 0;
  if (off.has(namedFault(oneMore, id, 1))) return 1;
  return off.has(namedFault(oneLess, id, -1)) ? -1 : 0;
};
watched[shiftName] = (id: string): number => {
  if (searches) for (const by of [1, -1]) held.add(faultOf(id, by));
  return shiftOf(id);
};
watched[edgeName] = (id: string, a: Parameters<typeof beyond>[0], b: Parameters<typeof beyond>[1]): number => {
  const apart = beyond(a, b);
  if (apart > 1 || apart < -1) return apart;
  // within one of each other: a unit more or less may tell
  if (searches && apart >= 0) held.add(namedFault(oneMore, id, 1));
  if (searches && apart <= 0) held.add(namedFault(oneLess, id, -1));
  return apart - shiftOf(id);
};

interface Living {
  readonly lives: typeof Lives;
  readonly doors: typeof Doors;
}

async function lifeSaid({ lives, doors }: Living, kind: Life, seed: number, ...faults: readonly string[]): Promise<string> {
  off = new Set(faults.flatMap((one) => [one, ...(together.get(one) ?? [])]));
  held.clear();
  const isOfDoor = (one: Life): one is Doors.DoorKind => doors.doorKinds.some((door) => door === one);
  try {
    return isOfDoor(kind) ? await doors.livedAtDoor(kind, seed) : lives.lived(kind, seed);
  } catch (error) {
    return `nothing due, and the life threw: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** By fault: lives in which it would make a difference, the first few. Every one of them is right. */
async function reachOf(living: Living): Promise<ReadonlyMap<string, readonly Place[]>> {
  const reach = new Map<string, Place[]>();
  for (let seed = 1; seed <= mostSeeds; seed++) {
    for (const kind of [...living.lives.lifeKinds, ...living.doors.doorKinds]) {
      if (onlyKind !== undefined && kind !== onlyKind) continue;
      if (living.doors.doorKinds.some((one) => one === kind) && seed > mostSeeds / 2) continue;
      const said = await lifeSaid(living, kind, seed);
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

async function searchFor(living: Living, id: string, tried: readonly Place[]): Promise<CaughtRow | undefined> {
  for (const [life, seed] of tried) {
    const said = await lifeSaid(living, life, seed, id);
    if (said !== '') return { id, life, seed, said: living.lives.shortly(said) };
  }
  return undefined;
}

/** Whether the table says of a fault that no life tells it. */
const isNever = (id: string): boolean => unreached.has(id) || neverOf(id) !== undefined;

const root = mkdtempSync(join(tmpdir(), 'plimsoll-refusals-'));
let [caught, missed, right, wrong] = [0, 0, 0, 0];
const cpu = process.cpuUsage();
try {
  copyOf(root);
  const { files, unguarded } = findSites(projectRoot);
  for (const { file, text } of files) writeFileSync(join(root, file.replace(/\.ts$/, '.js')), transpiled(text));
  for (const one of unguarded) console.log(`FAILED  ${one}`);
  const living: Living = {
    lives: (await import(pathToFileURL(join(root, 'src/testing/refusals/lives.js')).href)) as typeof Lives,
    doors: (await import(pathToFileURL(join(root, 'scripts/ci/refusals/door-lives.js')).href)) as typeof Doors,
  };
  const rows = new Map(rowsOfPage(readFileSync(pagePath, 'utf8')).map((row) => [row.id, row]));
  const { sites, edges } = faultsOf(files);
  const all = [...sites.map(({ id }) => id), ...edges.map(({ fault }) => fault)];
  const wanted = all.filter((id) => parts.length === 0 || parts.some((part) => id.includes(part)));
  const found: CaughtRow[] = [];
  const reach = searches ? await reachOf(living) : new Map<string, never>();
  for (const id of wanted) {
    const known = rows.get(id);
    if (known === undefined && isNever(id) && !searches) continue;
    const places = [
      ...(known === undefined ? [] : [[known.life, known.seed] as const]),
      ...[id, ...(together.get(id) ?? [])].flatMap((one) => reach.get(one) ?? []),
    ];
    const few = isNever(id) && parts.length === 0 && tried === undefined;
    const row = searches ? await searchFor(living, id, places.slice(0, few ? 6 : mostTried + 1)) : known;
    const said = row === undefined ? '' : searches ? row.said : await lifeSaid(living, row.life, row.seed, id);
    if (row !== undefined && said !== '') {
      found.push(row);
      caught += 1;
      if (searches) console.log(`caught  ${id}: ${row.life} ${row.seed}: ${living.lives.shortly(said)}`);
    } else if (!isNever(id)) {
      missed += 1;
      const why = row === undefined ? `told in ${places.length} lives, and nothing noticed it` : `${row.life} ${row.seed} notices nothing`;
      console.log(`MISSED  ${id}: ${why}`);
    }
  }
  // the same lives without a fault, but for those that the tests run so
  for (const key of new Set(found.map(({ life, seed }) => `${life} ${seed}`))) {
    const [life, seed] = key.split(' ');
    const kind = living.lives.lifeKinds.find((one) => one === life);
    if (!searches && kind !== undefined && Number(seed) <= living.lives.livedInTests[kind]) continue;
    const said = await lifeSaid(living, life as Life, Number(seed));
    if (said === '') right += 1;
    else {
      wrong += 1;
      console.log(`FAILED  ${key} without a fault: ${said}`);
    }
  }
  if (searches && parts.length === 0) writeFileSync(pagePath, refusalsPage(found, files));
  missed += unguarded.length;
  const { user, system } = process.cpuUsage(cpu);
  const spent = ((user + system) / 1e6).toFixed(1);
  const moved = caught - found.filter(({ id }) => sites.some((site) => site.id === id)).length;
  console.log(
    `${sites.length} places that refuse, ${unreached.size} out of reach, ${caught - moved} switched off and caught; ${edges.length} numbers moved by one, ${moved} caught; ${right} lives right without a fault, ${spent} s of CPU`,
  );
} finally {
  rmSync(root, { recursive: true, force: true });
}
closeStep('planted-refusals', caught + right, missed + wrong);
