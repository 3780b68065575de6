// dist: built from the sources into a folder aside, then put into place whole, so that nobody ever runs half a build.
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runQuietly } from './quiet-child.mjs';
import { withProgress } from './progress.mjs';

const CONFIGS = ['tsconfig.base.json', 'tsconfig.build.json', 'package-lock.json'];
/** Joins the built modules; its text is part of what a build was made from. */
const BUNDLER = fileURLToPath(new URL('./bundle.mjs', import.meta.url));

/** @param {string} root */
function stampPath(root) {
  return join(root, 'dist', '.plimsoll-build.json');
}

/**
 * First by sizes and times alone; where these differ (a clone, a switch of branches) by content.
 * @param {string} root
 */
export function distIsCurrent(root) {
  if (!existsSync(stampPath(root))) return false;
  const stamp = JSON.parse(readFileSync(stampPath(root), 'utf8'));
  const inputs = buildInputs(root);
  const quick = quickDigest(root, inputs);
  if (stamp.quick === quick) return true;
  if (stamp.content !== contentDigest(root, inputs)) return false;
  writeFileSync(stampPath(root), JSON.stringify({ ...stamp, quick }));
  return true;
}

/** @param {string} root @param {import('./quiet-child.mjs').Turn} turn */
export async function buildDist(root, turn) {
  const inputs = buildInputs(root);
  const stamp = { quick: quickDigest(root, inputs), content: contentDigest(root, inputs) };
  const aside = join(root, '.plimsoll', `build-${process.pid}`);
  const old = `${aside}-old`;
  rmSync(aside, { recursive: true, force: true });
  mkdirSync(aside, { recursive: true });
  try {
    const command = [process.execPath, compiler(root), '-p', 'tsconfig.build.json', '--outDir', aside];
    const step = { doing: `building dist from ${inputs.length - CONFIGS.length} files (tsc)`, done: 'built dist' };
    const bundling = [process.execPath, BUNDLER, aside];
    await withProgress(step, async () => {
      await runQuietly(command, { cwd: root, failure: 'the build failed' }, turn);
      await runQuietly(bundling, { cwd: root, failure: 'the build could not be bundled' }, turn);
    });
    writeFileSync(join(aside, '.plimsoll-build.json'), JSON.stringify(stamp));
    if (existsSync(join(root, 'dist'))) renameSync(join(root, 'dist'), old);
    renameSync(aside, join(root, 'dist'));
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

/** Paths relative to root, sorted. @param {string} root @returns {string[]} */
function buildInputs(root) {
  /** @type {string[]} */
  const found = [];
  const walk = (/** @type {string} */ folder) => {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      const path = `${folder}/${entry.name}`;
      if (entry.isDirectory()) walk(path);
      else if (/\.ts$/.test(path) && !/\.(test|bench)\.ts$/.test(path)) found.push(path);
    }
  };
  if (existsSync(join(root, 'src'))) walk('src');
  return [...found.sort(), ...CONFIGS];
}

/** @param {string} root @param {string[]} inputs */
function quickDigest(root, inputs) {
  const hash = createHash('sha256').update(readFileSync(BUNDLER));
  for (const path of inputs) {
    const { size, mtimeMs } = statSync(join(root, path));
    hash.update(`${path} ${size} ${mtimeMs}\n`);
  }
  return hash.digest('hex');
}

/** @param {string} root @param {string[]} inputs */
function contentDigest(root, inputs) {
  const hash = createHash('sha256').update(readFileSync(BUNDLER));
  for (const path of inputs)
    hash
      .update(`${path}\n`)
      .update(readFileSync(join(root, path)))
      .update('\n');
  return hash.digest('hex');
}
