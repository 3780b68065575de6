import { readFileSync } from 'node:fs';

/** Version of the package, from the package.json two folders above dist/apps/cli. */
export const version = versionOf(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'));

function versionOf(text: string): string {
  const value: unknown = JSON.parse(text);
  return typeof value === 'object' && value !== null && 'version' in value ? String(value.version) : 'unknown';
}
