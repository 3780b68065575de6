// Joins what threads and programs of the compiled tree begin with, as `bundle.mjs` does for a build: half a second of processor for each that begins goes into opening
// seven hundred files otherwise. A file that begins one stays where it is and loads the joined one. Usage: node join-compiled.mjs TREE
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { joinModules } from './bundle.mjs';

/** Below the tree. */
export const JOINED = 'src/joined';

const beside = /(module|program)Beside\(import\.meta\.url, '([^']+)'\)/gi;

/**
 * Every program that another module names by `programBeside`, and every thread that one names by `moduleBeside`: what runs when it is loaded and has nothing to give to who imports it. A
 * module of strategies is imported by tests too, which share it with what they test.
 * @param {string} tree
 * @returns {string[]} paths, in order
 */
export function beginningsOf(tree) {
  /** @type {Set<string>} */
  const found = new Set();
  for (const name of readdirSync(tree, { recursive: true, encoding: 'utf8' })) {
    if (!name.endsWith('.js')) continue;
    const path = join(tree, name);
    for (const [, what, to] of readFileSync(path, 'utf8').matchAll(beside)) {
      const named = `${resolve(dirname(path), to)}.js`;
      // one that is not there is told of by whoever starts it
      if (!existsSync(named)) continue;
      if (what.toLowerCase() === 'program' || !/^export (?!\{\s*\})/m.test(readFileSync(named, 'utf8'))) found.add(named);
    }
  }
  return [...found].sort();
}

/** @param {string} tree */
async function joinTree(tree) {
  const folder = join(tree, JOINED);
  const beginnings = beginningsOf(tree);
  if (beginnings.length === 0) return;
  const nameOf = (/** @type {string} */ path) => relative(tree, path).replaceAll(sep, '-').replace(/\.js$/, '');
  await joinModules(Object.fromEntries(beginnings.map((path) => [nameOf(path), path])), folder, (code, id) => {
    if (/import\.meta\.(dirname|filename)/.test(code)) throw new Error(`${id}: expected import.meta.url in what threads and programs load`);
    // what a module finds relative to itself it finds from the joined file too
    return code.replaceAll('import.meta.url', `new URL(${JSON.stringify(slashed(relative(folder, id)))}, import.meta.url).href`);
  });
  for (const path of beginnings)
    writeFileSync(path, `import ${JSON.stringify(slashed(relative(dirname(path), join(folder, `${nameOf(path)}.js`))))};\n`);
}

/** @param {string} path */
function slashed(path) {
  const slashes = path.replaceAll(sep, '/');
  return slashes.startsWith('.') ? slashes : `./${slashes}`;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) await joinTree(resolve(process.argv[2]));
