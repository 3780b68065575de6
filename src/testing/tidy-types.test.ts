import { join } from 'node:path';
import { ESLint } from 'eslint';
import { beforeAll, expect, test } from 'vitest';
import type ts from 'typescript';
import { compilerSays, plantedProgram } from './tidy/planted-program.ts';
import { projectRoot } from './tidy/tree.ts';
import { whatIsAllowed } from './tidy/what-is-allowed.ts';

/** Faults that only the types show, planted among the real sources. */
const planted = {
  uncheckedOrder: {
    path: 'src/runtime/planted-order.ts',
    text: `import type { Micros } from '../base/units.ts';
import type { Order } from '../domain/order.ts';
import type { VenuePort } from '../ports/venue.ts';
export function leave(venue: VenuePort, order: Order, at: Micros): void {
  venue.send(order, at);
}
`,
  },
  checkedOrder: {
    path: 'src/runtime/planted-checked-order.ts',
    text: `import type { Micros } from '../base/units.ts';
import type { Order } from '../domain/order.ts';
import type { RiskChecked } from '../domain/risk-checked.ts';
import type { VenuePort } from '../ports/venue.ts';
export function leave(venue: VenuePort, order: RiskChecked<Order>, at: Micros): void {
  venue.send(order, at);
}
`,
  },
  missingCase: {
    path: 'src/core/planted-case.ts',
    text: `import { never } from '../base/assert.ts';
import type { Side } from '../domain/order.ts';
export function sign(side: Side): number {
  switch (side) {
    case 'buy':
      return 1;
    default:
      return never(side, 'sign');
  }
}
export function say(side: Side, out: string[]): void {
  switch (side) {
    case 'sell':
      out.push('sell');
  }
}
`,
  },
  bareNumber: {
    path: 'src/core/planted-unit.ts',
    text: `import type { Lots, Ticks } from '../base/units.ts';
export const cast = 5 as Ticks;
export const castInside = [5] as unknown as readonly Lots[];
export function price(): Ticks {
  return 5;
}
`,
  },
  environment: {
    path: 'src/core/planted-environment.ts',
    text: `import { readFileSync } from 'node:fs';
export const now = performance.now();
export const home = process.env['HOME'];
setTimeout(readFileSync, 5);
`,
  },
} as const;

let program: ts.Program;
beforeAll(() => {
  program = plantedProgram('tsconfig.json', Object.values(planted));
});

test('an unchecked order is refused at the venue port, a checked one is not', () => {
  const said = compilerSays(program, planted.uncheckedOrder.path).join('\n');
  expect(said).toContain('RiskChecked');
  expect(whatIsAllowed(said).join('\n')).toContain('only src/core/risk/checked.ts mints them');
  expect(compilerSays(program, planted.checkedOrder.path)).toEqual([]);
});

test('a switch with a missing case is refused by the compiler where it closes with never', () => {
  const said = compilerSays(program, planted.missingCase.path).join('\n');
  expect(said).toContain("not assignable to parameter of type 'never'");
  expect(whatIsAllowed(said).join('\n')).toContain('A switch over a union names every case');
});

test('a bare number is no price', () => {
  const said = compilerSays(program, planted.bareNumber.path).join('\n');
  expect(said).toContain("Type 'number' is not assignable to type 'Ticks'");
  expect(whatIsAllowed(said).join('\n')).toContain('make them with ticks()');
});

test('a pure folder does not see the names of Node', () => {
  const said = compilerSays(plantedProgram('tsconfig.pure.json', [planted.environment]), planted.environment.path);
  for (const name of ["'node:fs'", "'performance'", "'process'", "'setTimeout'"]) expect(said.join('\n')).toContain(name);
  expect(whatIsAllowed(said.join('\n')).join('\n')).toContain('Pure folders know no time, disk or luck');
});

test('the linter refuses a missing case and a cast to a unit', async () => {
  const [cases] = await lint(planted.missingCase);
  expect(cases).toContain('switch-exhaustiveness-check: Switch is not exhaustive. Cases not matched: "buy"');
  expect(whatIsAllowed(cases ?? '').join('\n')).toContain('A switch over a union names every case');
  const casts = await lint(planted.bareNumber);
  expect(casts.map((one) => one.split(':')[0])).toEqual(['house/no-brand-cast', 'house/no-brand-cast']);
  expect(casts[0]).toContain('Units are made in src/base/units.ts only');
});

/** The project's own lint configuration over a planted file, with the types of the planted program. */
async function lint(file: { path: string; text: string }): Promise<string[]> {
  const parserOptions = { projectService: false, programs: [program] };
  const eslint = new ESLint({ cwd: projectRoot, overrideConfig: { languageOptions: { parserOptions } } });
  const results = await eslint.lintText(file.text, { filePath: join(projectRoot, file.path) });
  return results.flatMap((result) => result.messages.map((one) => `${one.ruleId ?? 'parser'}: ${one.message}`));
}
