import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from './tidy/tree.ts';

/**
 * Path of a recorded file or folder below ../shared/data; undefined when it is absent, which is said once in one line.
 * @throws Error in CI when it is absent.
 */
export function recordedPath(relative: string): string | undefined {
  const path = join(projectRoot, '../shared/data', relative);
  if (existsSync(path)) return path;
  if (process.env['CI'] === 'true') throw new Error(`expected ../shared/data/${relative}, was absent`);
  console.log(`skipped: ../shared/data/${relative} is absent`);
  return undefined;
}
