import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const shared = new URL('../../../shared/data/', import.meta.url);

/**
 * Path of a recorded file or folder below ../shared/data; undefined when it is absent, which is said once in one line.
 * @throws Error in CI when it is absent.
 */
export function recordedPath(relative: string): string | undefined {
  const url = new URL(relative, shared);
  if (existsSync(url)) return fileURLToPath(url);
  if (process.env['CI'] === 'true') throw new Error(`expected ../shared/data/${relative}, was absent`);
  console.log(`skipped: ../shared/data/${relative} is absent`);
  return undefined;
}
