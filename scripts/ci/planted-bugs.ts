import { copyFileSync, cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { invariantTable } from '../../src/testing/sim/invariant-table.ts';
import { plantedBugs, type PlantedBug } from '../../src/testing/sim/planted-bugs.ts';
import { propertyOf } from '../../src/sim/faulty/shrink.ts';
import { projectRoot } from '../../src/testing/tidy/tree.ts';
import { closeStep } from './live-command.ts';
import { prepare } from '../bootstrap/prepare.mjs';
import { onWorkers, type SimLine } from './sim-workers.ts';
import { transpiled } from './transpiled.ts';

// Each bug is planted into a copy of the build, where its sources are compiled anew, and searched for by seeds of the faulty world: `planted-bugs.ts [NAME PART …]`.
const rooms = ['base', 'domain', 'quant', 'core', 'ports', 'journal', 'runtime', 'sim'];
/** Seeds that a bug is searched in, and their events. */
const mostSeeds = 24;
const events = 6_000;
const workers = 2;
/** A worker lives for a bug, a second or two: what is optimized as early as in a program that goes on (67,584) is optimized for nothing. docs/decisions/0067. */
const flags = ['--interrupt-budget=270000'];
let [seeds, allEvents] = [0, 0];

interface Found {
  readonly bug: PlantedBug;
  readonly seed: number;
  readonly said: string;
  /** What other checkers said before. */
  readonly others: string;
}

/** The build that the worlds are made of, without a bug: one bug after the other is planted into it. */
function copyOfBuild(): string {
  const root = mkdtempSync(join(tmpdir(), 'plimsoll-planted-'));
  const filter = (path: string): boolean => !path.endsWith('.d.ts');
  for (const room of rooms) cpSync(join(projectRoot, 'dist', room), join(root, room), { recursive: true, filter });
  writeFileSync(join(root, 'package.json'), '{ "type": "module" }');
  return root;
}

/** Puts the bug into the copy. @returns takes it out again. @throws when its place is not there exactly once; then the copy is as it was. */
function plant({ name, also, ...edit }: PlantedBug, root: string): () => void {
  const edited = new Map<string, string>();
  for (const { file, find, replace } of also === undefined ? [edit] : [edit, also]) {
    const parts = (edited.get(file) ?? readFileSync(join(projectRoot, file), 'utf8')).split(find);
    if (parts.length !== 2) throw new Error(`${name}: expected its place in ${file} once, was there ${parts.length - 1} times`);
    edited.set(file, parts.join(replace));
  }
  const places = [...edited].map(([file, text]) => ({ place: file.replace(/^src\//, '').replace(/\.ts$/, '.js'), file, text }));
  for (const { place, file } of places) if (!existsSync(join(root, place))) throw new Error(`${name}: expected ${file} in the build`);
  for (const { place, text } of places) writeFileSync(join(root, place), transpiled(text));
  return () => {
    for (const { place } of places) copyFileSync(join(projectRoot, 'dist', place), join(root, place));
  };
}

async function search(bug: PlantedBug, root: string): Promise<Found> {
  let found: Found = { bug, seed: 0, said: '', others: '' };
  let tried = 0;
  const proves = invariantTable.filter(({ bugs }) => bugs.includes(bug.name)).map(({ id }) => id);
  const hear = ({ seed, events: happened, violation, violations }: SimLine): void => {
    seeds += 1;
    allEvents += happened;
    if (violation === '') return;
    const said = new Set(violations.map(propertyOf));
    // a bug that stands for an invariant is caught by the checker of that one, whatever others say of it
    const caught = proves.length > 0 ? proves.every((id) => said.has(id)) : bug.caughtBy.includes(propertyOf(violation));
    if (caught) found = { ...found, seed, said: violations.find((text) => proves.includes(propertyOf(text))) ?? violation };
    else found = { ...found, others: `seed ${seed} ${violations.join(' | ')}` };
  };
  let takeOut = (): void => undefined;
  try {
    takeOut = plant(bug, root);
    const next = (): { seed: number; events: number; off: readonly string[]; faults?: readonly string[] } | undefined => {
      if (found.seed !== 0 || tried >= (bug.seeds ?? mostSeeds)) return undefined;
      return { seed: bug.seed + tried++ * (bug.every ?? 1), events, off: [], ...(bug.faults === undefined ? {} : { faults: bug.faults }) };
    };
    const ends = await onWorkers(1, next, hear, root, flags);
    if (found.seed === 0 && ends.length > 0) found = { ...found, others: `${found.others} the worker ended with ${ends.join(', ')}` };
    return found;
  } catch (error) {
    return { ...found, others: error instanceof Error ? error.message : String(error) };
  } finally {
    takeOut();
  }
}

await prepare(projectRoot);
const parts = process.argv.slice(2);
const wanted = plantedBugs.filter(({ name }) => parts.length === 0 || parts.some((part) => name.includes(part)));
let next = 0;
let caught = 0;
async function work(): Promise<void> {
  const root = copyOfBuild();
  try {
    while (next < wanted.length) {
      const { bug, seed, said, others } = await search(wanted[next++], root);
      if (seed > 0) caught += 1;
      console.log(
        seed > 0 ? `caught  ${bug.name}: seed ${seed}: ${said}` : `MISSED  ${bug.name}: expected ${bug.caughtBy.join(' or ')} ${others}`,
      );
    }
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}
const began = performance.now();
await Promise.all(Array.from({ length: workers }, work));
console.log(`${wanted.length} bugs, ${seeds} seeds, ${allEvents} events, ${((performance.now() - began) / 1000).toFixed(0)} s`);
closeStep('planted-bugs', caught, wanted.length - caught);
