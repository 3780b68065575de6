import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { projectRoot } from '../../src/testing/tidy/tree.ts';
import { beginningsOf } from './join-compiled.mjs';

let tree: string;
beforeEach(() => {
  tree = realpathSync(mkdtempSync(join(tmpdir(), 'plimsoll-join-')));
  write('package.json', '{ "type": "module" }');
  symlinkSync(join(projectRoot, 'node_modules'), join(tree, 'node_modules'));
  write('src/base/word.js', "export const word = 'told';\n");
  write('src/words.txt', 'found');
  write(
    'src/apps/program.js',
    `import { readFileSync } from 'node:fs';
     import { word } from '../base/word.js';
     console.log(word, readFileSync(new URL('../words.txt', import.meta.url), 'utf8'), import.meta.url, process.argv[2]);
     export const state = 1;\n`,
  );
  write('src/apps/thread.js', "import { word } from '../base/word.js';\nconsole.log(word);\n");
  write('src/testing/rules.js', "import { word } from '../base/word.js';\nexport const rules = word;\n");
  write(
    'scripts/starts.js',
    `programBeside(import.meta.url, '../src/apps/program');
     moduleBeside(import.meta.url, '../src/apps/thread');
     moduleBeside(import.meta.url, '../src/testing/rules');
     moduleBeside(import.meta.url, './nobody');\n`,
  );
});
afterEach(() => {
  rmSync(tree, { recursive: true });
});

function write(path: string, text: string): void {
  mkdirSync(dirname(join(tree, path)), { recursive: true });
  writeFileSync(join(tree, path), text);
}

const run = (path: string): string => execFileSync(process.execPath, [join(tree, path), 'given'], { encoding: 'utf8' });
const joinTree = (): string =>
  execFileSync(process.execPath, [fileURLToPath(new URL('./join-compiled.mjs', import.meta.url)), tree], { encoding: 'utf8' });

test('a program that was joined says what it said before, its own URL too, and opens no module any more', () => {
  const [program, thread] = [run('src/apps/program.js'), run('src/apps/thread.js')];
  expect(program).toContain('told found file:');
  joinTree();
  rmSync(join(tree, 'src/base/word.js'));
  expect([run('src/apps/program.js'), run('src/apps/thread.js')]).toEqual([program, thread]);
});

test('programs and threads are joined; what gives something to who imports it is one module for all of them', () => {
  expect(beginningsOf(tree)).toEqual(['src/apps/program.js', 'src/apps/thread.js'].map((path) => join(tree, path)));
  const rules = readFileSync(join(tree, 'src/testing/rules.js'), 'utf8');
  joinTree();
  expect(readFileSync(join(tree, 'src/testing/rules.js'), 'utf8')).toBe(rules);
});

test('a folder by another name than its URL is refused: nobody would find what lies beside it', () => {
  write('src/apps/thread.js', 'console.log(import.meta.dirname);\n');
  expect(joinTree).toThrow('expected import.meta.url in what threads and programs load');
});
