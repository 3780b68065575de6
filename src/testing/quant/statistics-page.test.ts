import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const quant = join(root, 'src/quant');
const page = readFileSync(join(root, 'docs/reference/statistics.md'), 'utf8');
/** The table's rows: module, what it is held to, how closely, the test and words that stand in it. */
const rows = [...page.matchAll(/^\| `([a-z-]+\/[a-z-]+)` *\| [^|]+\| ([^|]+)\| ([^|]+)\| `([^`]+)`: ([^|]+?) *\|$/gm)].map(
  ([, module, held, within, file, words]) => ({ module, held, within, file, words }),
);

/** Every module of quant that a test reaches through imports. */
function reached(file: string, seen = new Set<string>()): Set<string> {
  for (const [, path] of readFileSync(file, 'utf8').matchAll(/from '(\.{1,2}\/[^']+\.ts)'/g)) {
    const found = normalize(join(dirname(file), path));
    if (seen.has(found) || !found.startsWith(quant)) continue;
    seen.add(found);
    reached(found, seen);
  }
  return seen;
}

test('the page lists every module of quant that lies in a folder, once, and nothing else', () => {
  const modules = (readdirSync(quant, { recursive: true }) as string[])
    .filter((path) => path.includes('/') && path.endsWith('.ts') && !path.endsWith('.test.ts'))
    .map((path) => path.replace(/\.ts$/, ''));
  expect(modules.length).toBeGreaterThan(40);
  expect(rows.map((row) => row.module).sort()).toEqual(modules.sort());
});

test.for(rows)(
  '$module is held to what the page says, in a test of those words that reaches it',
  ({ module, held, within, file, words }) => {
    const path = join(quant, file);
    const source = readFileSync(path, 'utf8');
    expect(source).toContain(words);
    expect([...reached(path)]).toContain(join(quant, `${module}.ts`));
    expect([held.trim().length > 5, within.trim() !== '']).toEqual([true, true]);
  },
);

test('a version that the page names is the pinned one', () => {
  const pinned = Object.fromEntries(
    readFileSync(join(root, 'vectors/quant/requirements.txt'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => line.split('==') as [string, string]),
  );
  const named = [...page.matchAll(/\b(TA-Lib|NumPy|SciPy|statsmodels|pandas|arch|empyrical-reloaded) (\d+\.\d+\.\d+)/g)];
  expect(named.length).toBeGreaterThan(20);
  for (const [, name, version] of named) expect(version, name).toBe(pinned[name] ?? pinned[name.toLowerCase()]);
});
