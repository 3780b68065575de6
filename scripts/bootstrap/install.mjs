// Packages: installed exactly as package-lock.json says, and only when they are not.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { runQuietly } from './quiet-child.mjs';
import { withProgress } from './progress.mjs';

/**
 * What node_modules was installed for. Install scripts are denied, so nothing in it is compiled for one Node version;
 * prebuilt binaries differ by system and processor.
 * @param {string} root
 */
function wanted(root) {
  const lock = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  return JSON.stringify({ lock, platform: process.platform, arch: process.arch });
}

/** @param {string} root */
function stampPath(root) {
  return join(root, 'node_modules', '.plimsoll-install.json');
}

/** @param {string} root */
export function packagesAreCurrent(root) {
  const stamp = readOrEmpty(stampPath(root));
  if (stamp === wanted(root)) return true;
  if (stamp !== '' && !stamp.includes(`"platform":"${process.platform}","arch":"${process.arch}"`)) return false;
  if (!matchesLock(root)) return false;
  writeFileSync(stampPath(root), wanted(root));
  return true;
}

/** True when npm, called by hand, has already installed what the lock file says. @param {string} root */
function matchesLock(root) {
  const installed = readOrEmpty(join(root, 'node_modules', '.package-lock.json'));
  if (installed === '') return false;
  const have = JSON.parse(installed).packages;
  const want = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  return Object.entries(want).every(([path, entry]) => {
    if (path === '') return true;
    if (have[path] === undefined) return entry.optional === true || entry.devOptional === true || entry.peer === true;
    return have[path].version === entry.version && existsSync(join(root, path));
  });
}

/** @param {string} root @param {import('./quiet-child.mjs').Turn} turn */
export async function installPackages(root, turn) {
  const step = { doing: 'installing packages (npm ci)', done: 'installed packages' };
  const flags = ['--include=dev', '--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error'];
  const failure = 'the packages could not be installed; the npm registry must be reachable the first time';
  await withProgress(step, () => runQuietly([...npm(), 'ci', ...flags], { cwd: root, failure }, turn));
  writeFileSync(stampPath(root), wanted(root));
}

/** The npm that started us, else the one on the path. */
function npm() {
  const path = process.env.npm_execpath;
  return path !== undefined && path.endsWith('npm-cli.js') ? [process.execPath, path] : ['npm'];
}

/** @param {string} path */
function readOrEmpty(path) {
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}
