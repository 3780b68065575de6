import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SimFixture } from '../../sim/faulty/shrink.ts';
import { projectRoot } from '../tidy/tree.ts';

/** Runs that did not hold once, as `npm run sim` wrote them. */
export function simFixtures(): readonly (readonly [string, SimFixture])[] {
  const folder = join(projectRoot, 'vectors', 'sim');
  const names = readdirSync(folder).filter((name) => name.endsWith('.json'));
  return names.sort().map((name) => [name, JSON.parse(readFileSync(join(folder, name), 'utf8')) as SimFixture]);
}
