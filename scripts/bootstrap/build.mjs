// dist: built from the sources into a folder aside, then put into place whole, so that nobody ever runs half a build.
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runQuietly } from './quiet-child.mjs';
import { withProgress } from './progress.mjs';
import { isCurrent, stampOf } from './stamp.mjs';

const CONFIGS = ['tsconfig.base.json', 'tsconfig.build.json', 'package-lock.json'];
/** Joins the built modules; its text is part of what a build was made from. */
const BUNDLER = fileURLToPath(new URL('./bundle.mjs', import.meta.url));

/** @param {string} root */
const dist = (root) => ({
  path: join(root, 'dist', '.plimsoll-build.json'),
  inputs: () => [...filesBelow(root, 'src').filter((path) => /\.ts$/.test(path) && !/\.(test|bench)\.ts$/.test(path)), ...CONFIGS],
  tools: [BUNDLER],
});

/** @param {string} root */
export function distIsCurrent(root) {
  return isCurrent(root, dist(root));
}

/** @param {string} root @param {import('./quiet-child.mjs').Turn} turn */
export async function buildDist(root, turn) {
  const stamp = stampOf(root, dist(root));
  await putWhole(root, join(root, 'dist'), async (aside) => {
    const command = [process.execPath, compiler(root), '-p', 'tsconfig.build.json', '--outDir', aside];
    const step = { doing: `building dist from ${dist(root).inputs().length - CONFIGS.length} files (tsc)`, done: 'built dist' };
    const bundling = [process.execPath, BUNDLER, aside];
    await withProgress(step, async () => {
      await runQuietly(command, { cwd: root, failure: 'the build failed' }, turn);
      await runQuietly(bundling, { cwd: root, failure: 'the build could not be bundled' }, turn);
    });
    writeFileSync(join(aside, '.plimsoll-build.json'), stamp);
  });
}

/**
 * Makes a folder aside and puts it into place at once; what fails leaves the one before it.
 * @param {string} root
 * @param {string} place
 * @param {(aside: string) => Promise<void>} make
 */
export async function putWhole(root, place, make) {
  const aside = join(root, '.plimsoll', `build-${process.pid}`);
  const old = `${aside}-old`;
  rmSync(aside, { recursive: true, force: true });
  mkdirSync(aside, { recursive: true });
  try {
    await make(aside);
    if (existsSync(place)) renameSync(place, old);
    renameSync(aside, place);
  } finally {
    rmSync(aside, { recursive: true, force: true });
    rmSync(old, { recursive: true, force: true });
  }
}

/** The native compiler where it exists for this system, else the one written in JavaScript; they emit the same. @param {string} root */
export function compiler(root) {
  const modules = join(root, 'node_modules');
  const native = existsSync(join(modules, '@typescript', `typescript-${process.platform}-${process.arch}`));
  return join(modules, native ? 'typescript-7' : 'typescript', 'bin', 'tsc');
}

/** Paths relative to root, sorted; none where the folder is not there. @param {string} root @param {string} folder @returns {string[]} */
export function filesBelow(root, folder) {
  /** @type {string[]} */
  const found = [];
  const walk = (/** @type {string} */ at) => {
    for (const entry of readdirSync(join(root, at), { withFileTypes: true })) {
      const path = `${at}/${entry.name}`;
      if (entry.isDirectory()) walk(path);
      else found.push(path);
    }
  };
  if (existsSync(join(root, folder))) walk(folder);
  return found.sort();
}
