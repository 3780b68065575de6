import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { projectRoot } from '../tidy/tree.ts';
import { plantedBugs } from './planted-bugs.ts';

describe('the planted bugs of the faulty world', () => {
  it('stand each in a place that is there exactly once', () => {
    const astray: string[] = [];
    for (const { name, also, ...edit } of plantedBugs) {
      for (const { file, find } of also === undefined ? [edit] : [edit, also]) {
        const times = readFileSync(join(projectRoot, file), 'utf8').split(find).length - 1;
        if (times !== 1) astray.push(`${name}: ${times} times in ${file}`);
      }
    }
    console.log(`planted bugs: ${plantedBugs.length}`);
    expect(astray).toEqual([]);
  });

  it('have names of their own', () => {
    expect(new Set(plantedBugs.map(({ name }) => name)).size).toBe(plantedBugs.length);
  });
});
