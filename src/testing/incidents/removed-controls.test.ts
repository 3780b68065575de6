import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { projectRoot } from '../tidy/tree.ts';
import { removedControls } from './removed-controls.ts';

const files = readdirSync(import.meta.dirname).filter((name) => name.endsWith('.test.ts') && name !== 'removed-controls.test.ts');
const tests = files.flatMap((name) =>
  [...readFileSync(join(import.meta.dirname, name), 'utf8').matchAll(/^ {2}it\('(.+)', (?:async )?\(\) => \{$/gm)].map(
    ([, test]) => `${name.slice(0, -'.test.ts'.length)}: ${test}`,
  ),
);

describe('the incidents that must not be possible here', () => {
  it('have each a control that is taken out, in places that are there exactly once', () => {
    expect(tests.length).toBeGreaterThan(40);
    expect(removedControls.map(({ incident, test }) => `${incident}: ${test}`).sort()).toEqual([...tests].sort());
    const astray: string[] = [];
    for (const { test, edits } of removedControls) {
      for (const { file, find } of edits) {
        const times = readFileSync(join(projectRoot, file), 'utf8').split(find).length - 1;
        if (times !== 1) astray.push(`${test}: ${times} times in ${file}`);
      }
    }
    expect(astray).toEqual([]);
  });

  it('stand each in the page that tells them', () => {
    const page = readFileSync(join(projectRoot, 'docs/explanation/incidents.md'), 'utf8');
    const told = removedControls.filter(({ test }) => !page.includes(`| ${test} |`)).map(({ test }) => test);
    expect(told).toEqual([]);
    for (const name of files) expect(page).toContain(`src/testing/incidents/${name}`);
  });
});
