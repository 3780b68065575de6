import { execFile } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { projectRoot } from '../../src/testing/tidy/tree.ts';
import { distIsCurrent } from './build.mjs';
import { packagesAreCurrent } from './install.mjs';
import { isOldNode } from './node-version.mjs';

/** A tree with one source, a lock file without packages, and the compilers of this tree. */
let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'plimsoll-tree-'));
  for (const name of ['tsconfig.base.json', 'tsconfig.build.json']) copyFileSync(join(projectRoot, name), join(root, name));
  writeFileSync(join(root, 'package.json'), JSON.stringify({ type: 'module' }));
  writeFileSync(join(root, 'package-lock.json'), JSON.stringify({ packages: {} }));
  mkdirSync(join(root, 'src'));
  mkdirSync(join(root, 'node_modules'));
  writeFileSync(join(root, 'node_modules', '.package-lock.json'), JSON.stringify({ packages: {} }));
  for (const name of ['typescript', 'typescript-7', '@typescript', '@types', 'undici-types']) {
    symlinkSync(join(projectRoot, 'node_modules', name), join(root, 'node_modules', name));
  }
  writeSource('1');
});
afterEach(() => {
  rmSync(root, { recursive: true });
});

function writeSource(value: string): void {
  writeFileSync(join(root, 'src', 'a.ts'), `export const a: number = ${value};\n`);
}

/** In a process of its own, as two `npm start` at once would. */
async function prepareApart(): Promise<string> {
  const module = new URL('./prepare.mjs', import.meta.url).href;
  const script = `await (await import(${JSON.stringify(module)})).prepare(process.argv[1]).catch((error) => { console.error(error.message); process.exit(1); });`;
  const { stderr } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script, root]);
  return stderr;
}

test('two at once build once, and nothing is built when nothing changed', async () => {
  const [one, other] = await Promise.all([prepareApart(), prepareApart()]);
  expect([one, other].filter((said) => said.includes('built dist'))).toHaveLength(1);
  expect(readFileSync(join(root, 'dist', 'a.js'), 'utf8')).toContain('const a = 1');
  expect(await prepareApart()).toBe('');
});

test('a changed source is built again, a source written anew with the same content is not', async () => {
  await prepareApart();
  writeSource('1');
  expect(distIsCurrent(root)).toBe(true);
  writeSource('22');
  expect(distIsCurrent(root)).toBe(false);
  expect(await prepareApart()).toContain('built dist');
  expect(readFileSync(join(root, 'dist', 'a.js'), 'utf8')).toContain('const a = 22');
});

test('a build that fails says why and leaves the build before it in place', async () => {
  await prepareApart();
  writeSource("'text'");
  await expect(prepareApart()).rejects.toThrow(/the build failed[\s\S]*src.a\.ts\(1,14\): error TS2322/);
  expect(readFileSync(join(root, 'dist', 'a.js'), 'utf8')).toContain('const a = 1');
  expect(existsSync(join(root, '.plimsoll', 'bootstrap.lock'))).toBe(false);
});

test('packages count as current only while they are what the lock file says', () => {
  expect(packagesAreCurrent(root)).toBe(true);
  mkdirSync(join(root, 'node_modules', 'a'));
  writeFileSync(join(root, 'package-lock.json'), JSON.stringify({ packages: { '': {}, 'node_modules/a': { version: '1.0.0' } } }));
  const install = (version: string) =>
    writeFileSync(
      join(root, 'node_modules', '.package-lock.json'),
      JSON.stringify({ packages: version === '' ? {} : { 'node_modules/a': { version } } }),
    );
  install('');
  expect(packagesAreCurrent(root)).toBe(false);
  install('0.9.0');
  expect(packagesAreCurrent(root)).toBe(false);
  install('1.0.0');
  expect(packagesAreCurrent(root)).toBe(true);
});

test('Node 20.19 is the oldest that is accepted', () => {
  expect(['18.20.4', '20.18.3'].map(isOldNode)).toEqual([true, true]);
  expect(['20.19.0', '22.0.0', '24.1.0'].map(isOldNode)).toEqual([false, false, false]);
});
