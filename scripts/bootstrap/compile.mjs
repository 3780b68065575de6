// The whole tree as JavaScript, with tests and harnesses: what loads TypeScript compiles each module again in every process, thread and test file that begins, and calls
// each import through a getter. It lies in a folder as deep as the tree is, files that are no TypeScript beside it as they are, so that what a module finds
// relative to itself it finds there too. Types are not checked here: `npm run check` does.
import { copyFileSync, cpSync, existsSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compiler, filesBelow, putWhole } from './build.mjs';
import { runQuietly } from './quiet-child.mjs';
import { withProgress } from './progress.mjs';
import { isCurrent, stampOf } from './stamp.mjs';

/** Relative to the root. */
export const COMPILED = '.plimsoll/compiled';

const FOLDERS = ['src', 'scripts', 'bench'];
const CONFIGS = ['tsconfig.base.json', 'tsconfig.compiled.json', 'package.json', 'package-lock.json'];
/** Joins what threads and programs begin with; its text is part of what the tree was made from. */
const JOINER = fileURLToPath(new URL('./join-compiled.mjs', import.meta.url));
/** What tests read beside the sources. */
const BESIDE = ['docs', 'examples', 'vectors'];

/** @param {string} root */
const tree = (root) => ({
  path: join(root, COMPILED, '.plimsoll-build.json'),
  inputs: () => [...FOLDERS.flatMap((folder) => filesBelow(root, folder)), ...CONFIGS],
  tools: [JOINER],
});

/** @param {string} root */
export function compiledIsCurrent(root) {
  return isCurrent(root, tree(root));
}

/** @param {string} root @param {import('./quiet-child.mjs').Turn} turn */
export async function compileTree(root, turn) {
  const stamp = stampOf(root, tree(root));
  await putWhole(root, join(root, COMPILED), async (aside) => {
    for (const folder of FOLDERS) if (existsSync(join(root, folder))) cpSync(join(root, folder), join(aside, folder), { recursive: true });
    copyFileSync(join(root, 'package.json'), join(aside, 'package.json'));
    // 'junction' is what Windows lets everybody make
    for (const name of BESIDE) if (existsSync(join(root, name))) symlinkSync(join(root, name), join(aside, name), 'junction');
    const command = [process.execPath, compiler(root), '-p', 'tsconfig.compiled.json', '--outDir', aside];
    const joining = [process.execPath, JOINER, aside];
    await withProgress({ doing: 'compiling tests and harnesses (tsc)', done: 'compiled tests and harnesses' }, async () => {
      await runQuietly(command, { cwd: root, failure: 'tests and harnesses could not be compiled' }, turn);
      await runQuietly(joining, { cwd: root, failure: 'threads and programs of the compiled tree could not be joined' }, turn);
    });
    writeFileSync(join(aside, '.plimsoll-build.json'), stamp);
  });
}
