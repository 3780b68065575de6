// Joins the modules of a build that a process or thread begins with into few files: a start that opens seven hundred files spends most of its time on opening them.
// Usage: node bundle.mjs DIST
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

/** Below the build, as deep as the rooms are: what a module finds relative to its own URL it finds from here too. */
export const BUNDLE = 'apps/bundle';

/** What the bundler writes where it rewrites syntax; it brings them along. */
const HELPERS = '@oxc-project/runtime';

/**
 * The command line, and every module that another one names by `moduleBeside`: threads, and what threads load.
 * @param {string} dist
 * @returns {string[]} paths, the command line first
 */
export function entriesOf(dist) {
  const main = join(dist, 'apps/cli/main.js');
  if (!existsSync(main)) return [];
  const entries = new Set([main]);
  for (const name of readdirSync(dist, { recursive: true, encoding: 'utf8' })) {
    if (!name.endsWith('.js') || name.replaceAll('\\', '/').startsWith(`${BUNDLE}/`)) continue;
    const path = join(dist, name);
    for (const [, beside] of readFileSync(path, 'utf8').matchAll(/moduleBeside\(import\.meta\.url, '([^']+)'\)/g))
      entries.add(resolve(dirname(path), `${beside}.js`));
  }
  const paths = [...entries];
  const twice = paths.find((path, n) => paths.findIndex((other) => basename(other) === basename(path)) < n);
  if (twice !== undefined) throw new Error(`bundle: expected each entry under a name of its own, was ${basename(twice)} twice`);
  return paths;
}

/**
 * Joins what modules reach into files below `folder`, each module's under its name. Constants stay constants: where a bundler makes variables of them, V8
 * fetches and tests each at every use (docs/decisions/0010, 0034).
 * @param {Record<string, string>} modules paths by name
 * @param {string} folder
 * @param {(code: string, id: string) => string} [rewrite] what becomes of a module's text before it is joined
 */
export async function joinModules(modules, folder, rewrite) {
  const { rolldown } = await import('rolldown');
  const joined = await rolldown({
    input: modules,
    platform: 'node',
    // packages, and what Node has itself; helpers of the bundler belong to what it writes
    external: (id) => !id.startsWith('.') && !isAbsolute(id) && !id.startsWith(HELPERS),
    logLevel: 'warn',
    plugins: rewrite === undefined ? [] : [{ name: 'rewrite', transform: rewrite }],
  });
  await joined.write({ dir: folder, format: 'esm', entryFileNames: '[name].js', chunkFileNames: 'part-[hash].js' });
  await joined.close();
}

/** @param {string} dist */
async function bundle(dist) {
  const entryPoints = entriesOf(dist);
  if (entryPoints.length === 0) return;
  await joinModules(Object.fromEntries(entryPoints.map((path) => [basename(path, '.js'), path])), join(dist, BUNDLE));
  const digest = join(dist, 'apps/desk/core-digest.js');
  if (!existsSync(digest)) return;
  const { coreDigest } = await import(pathToFileURL(digest).href);
  writeFileSync(join(dist, BUNDLE, 'core-digest.txt'), `${coreDigest()}\n`);
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href)
  await bundle(resolve(process.argv[2] ?? 'dist'));
