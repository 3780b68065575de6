import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commandRefusals } from '../../domain/command.ts';
import { denialCodes } from '../../domain/denial.ts';
import { projectRoot } from '../tidy/tree.ts';
import { CommandLife } from './command-life.ts';
import { OrderLife } from './order-life.ts';
import { lived, livedInTests } from './lives.ts';
import { faultsOf, neverOf, neverOfPage, refusalsPage, rowsOfPage, unreachedOfPage } from './page.ts';
import { doorCodes } from './doors-by-sight.ts';
import { beyond, edgeName, edgesIn } from './edges.ts';
import { guardName, findSites, sitesIn } from './sites.ts';
import { neverAtEdge, unreached } from './unreached.ts';

const page = readFileSync(join(projectRoot, 'docs/reference/planted-refusals.md'), 'utf8');
const { files, unguarded } = findSites(projectRoot);
const { sites, edges } = faultsOf(files);
const known = rowsOfPage(page);
const caughtSites = known.filter(({ id }) => sites.some((site) => site.id === id));

describe('docs/reference/planted-refusals.md', () => {
  it('has a row for every place that refuses, and no other', () => {
    const ids = sites.map(({ id }) => id);
    expect(ids.length).toBeGreaterThan(150);
    expect(unguarded).toEqual([]);
    const rows = [...caughtSites.map(({ id }) => id), ...unreachedOfPage(page)];
    expect(
      ids
        .filter((id) => !rows.includes(id))
        .map((id) => `${id} has no row: node scripts/bootstrap.mjs compiled scripts/ci/planted-refusals.ts --search`),
    ).toEqual([]);
    expect(rows.filter((id) => !ids.includes(id))).toEqual([]);
    expect(page).toBe(refusalsPage(known, files));
  });
  it('has a row, or a reason, for every number that is compared with in a source that refuses, one more and one less', () => {
    const faults = edges.map(({ fault }) => fault);
    expect(faults.length).toBeGreaterThan(150);
    expect(new Set(faults).size).toBe(faults.length);
    const rows = [...known.map(({ id }) => id), ...neverOfPage(page)];
    expect(faults.filter((fault) => !rows.includes(fault))).toEqual([]);
    expect(neverOfPage(page).filter((fault) => (neverOf(fault) ?? '').length < 20)).toEqual([]);
    // a reason that stands for nothing any more is taken out
    expect(neverAtEdge.filter(([name]) => !neverOfPage(page).some((fault) => name.test(fault)))).toEqual([]);
  });
  it('has a place of every code of commands, denials and requests that is caught', () => {
    const caught = new Set(caughtSites.map(({ id }) => id));
    const codes = new Set(sites.filter(({ id }) => caught.has(id)).map(({ code }) => code));
    // statuses that stand for codes of the desk
    const statuses = ['CONFLICT', 'NOT_ALLOWED', 'REFUSED'];
    const wanted = [...commandRefusals, ...denialCodes, ...doorCodes(projectRoot)].filter((code) => !statuses.includes(code));
    expect(wanted.filter((code) => !codes.has(code))).toEqual([]);
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
  it('compare with a number that can be moved, loops apart', () => {
    const text = 'for (let i = 0; i < n; i++) if (a[i] > limit || cmp(x, y) <= 0) return f(z >= 1);';
    const found = edgesIn('src/core/a.ts', 'a', text);
    expect(found.edges.map(({ id }) => id)).toEqual(['a a[i] > limit', 'a cmp(x, y) <= 0', 'a z >= 1']);
    const ask = (id: string): string => `globalThis.${edgeName}("${id}", `;
    expect(found.text).toBe(
      `for (let i = 0; i < n; i++) if (${ask('a a[i] > limit')}a[i], limit) > 0 || ${ask('a cmp(x, y) <= 0')}x, y) <= 0) return f(${ask('a z >= 1')}z, 1) >= 0);`,
    );
    expect([beyond(3, 1), beyond(1n, 3n), beyond({ hi: 1, lo: 0 }, { hi: 0, lo: 2 ** 48 - 1 }), beyond('a', 'b')]).toEqual([2, -2, 1, -1]);
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
    for (let seed = 1; seed <= livedInTests.orders; seed++) {
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
  it('give the answer that is due where a limit, capital or time is just at the edge of an order', () => {
    for (let seed = 1; seed <= livedInTests.edges; seed++) expect([seed, lived('edges', seed)]).toEqual([seed, '']);
  });
  it('give what is due at a boundary that they are led to, and one unit to each side of it', () => {
    for (let seed = 1; seed <= livedInTests.boundary; seed++) expect([seed, lived('boundary', seed)]).toEqual([seed, '']);
    expect(livedInTests.boundary).toBeGreaterThan(20);
  });
  it('give to every command the answer that is due to it, and many different ones', () => {
    const wrong: string[] = [];
    const codes = new Set<string>();
    let [asked, accepted] = [0, 0];
    for (let seed = 1; seed <= livedInTests.commands; seed++) {
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
