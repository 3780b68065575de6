import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commandRefusals } from '../../domain/command.ts';
import { denialCodes } from '../../domain/denial.ts';
import { projectRoot } from '../tidy/tree.ts';
import { CommandLife } from './command-life.ts';
import { commandThemes } from './command-themes.ts';
import { OrderLife } from './order-life.ts';
import { orderThemes } from './order-world.ts';
import { refusalsPage, rowsOfPage, unreachedOfPage } from './page.ts';
import { guardName, findSites, sitesIn } from './sites.ts';
import { unreached } from './unreached.ts';

const page = readFileSync(join(projectRoot, 'docs/reference/planted-refusals.md'), 'utf8');
const { files, unguarded } = findSites(projectRoot);
const sites = files.flatMap((one) => one.sites);

describe('docs/reference/planted-refusals.md', () => {
  it('has a row for every place that refuses, and no other', () => {
    const ids = sites.map(({ id }) => id);
    expect(ids.length).toBeGreaterThan(150);
    expect(unguarded).toEqual([]);
    const rows = [...rowsOfPage(page).map(({ id }) => id), ...unreachedOfPage(page)];
    expect(
      ids
        .filter((id) => !rows.includes(id))
        .map((id) => `${id} has no row: node scripts/bootstrap.mjs compiled scripts/ci/planted-refusals.ts --search`),
    ).toEqual([]);
    expect(rows.filter((id) => !ids.includes(id))).toEqual([]);
    expect(page).toBe(refusalsPage(rowsOfPage(page), sites));
  });
  it('has a place of every code of commands and denials that is caught', () => {
    const codes = new Set(rowsOfPage(page).map(({ code }) => code));
    expect([...commandRefusals, ...denialCodes].filter((code) => !codes.has(code))).toEqual([]);
  });
  it('names what is out of reach with its reason, and nothing that is caught', () => {
    expect([...unreached.keys()].sort()).toEqual([...unreachedOfPage(page)].sort());
    expect([...unreached.values()].filter((reason) => reason.length < 20)).toEqual([]);
  });
});

describe('places that refuse', () => {
  it('are switched off by their guard, each by a name of its own', () => {
    const text = `
function a(x: number) {
  if (x > 1) return refused('UNKNOWN_SLICE', 'one');
  return x < 0 ? refused('UNKNOWN_SLICE', 'two') : x === 0 || deny(risk, 'SELF_TRADE', 0, 0);
}`;
    const found = sitesIn('src/core/a.ts', text, []);
    expect(found.sites.map(({ id }) => id)).toEqual(['a UNKNOWN_SLICE', 'a UNKNOWN_SLICE 2', 'a SELF_TRADE']);
    const ask = (id: string): string => `globalThis.${guardName}("${id}", `;
    expect(found.text).toContain(`if (${ask('a UNKNOWN_SLICE')}(x > 1))) return`);
    expect(found.text).toContain(`return ${ask('a UNKNOWN_SLICE 2')}(x < 0)) ?`);
    expect(found.text).toContain(`: !${ask('a SELF_TRADE')}!(x === 0)) ||`);
  });
  it('without a guard are named', () => {
    const unknown: string[] = [];
    sitesIn('src/core/b.ts', "const b = () => refused('UNKNOWN_SLICE', 'always');", unknown);
    expect(unknown).toEqual(['b UNKNOWN_SLICE: line 1 of src/core/b.ts has no guard that is known']);
  });
});

describe('random lives', () => {
  it('give to every order the answer that is due to it, and many different ones', () => {
    const wrong: string[] = [];
    const codes = new Set<string>();
    let passed = 0;
    for (let seed = 1; seed <= 2 * orderThemes.length; seed++) {
      const life = new OrderLife(seed);
      const said = life.run(250);
      if (said !== '') wrong.push(`seed ${seed}: ${said}`);
      for (const code of life.codes.keys()) codes.add(code);
      passed += life.passed;
    }
    console.log(`orders: ${passed} passed, ${codes.size} codes of denials`);
    expect(wrong).toEqual([]);
    expect(codes.size).toBeGreaterThan(40);
    expect(passed).toBeGreaterThan(3_000);
  });
  it('give to every command the answer that is due to it, and many different ones', () => {
    const wrong: string[] = [];
    const codes = new Set<string>();
    let [asked, accepted] = [0, 0];
    for (let seed = 1; seed <= 4 * commandThemes.length; seed++) {
      const life = new CommandLife(seed);
      const said = life.run(90);
      if (said !== '') wrong.push(`seed ${seed}: ${said}`);
      for (const code of life.codes.keys()) codes.add(code);
      asked += life.asked;
      accepted += life.accepted;
    }
    console.log(`commands: ${asked} asked, ${accepted} accepted, ${codes.size} different answers`);
    expect(wrong).toEqual([]);
    expect(codes.size).toBeGreaterThan(35);
    expect(accepted).toBeGreaterThan(asked / 10);
  });
});
