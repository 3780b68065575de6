import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { projectRoot } from '../../src/testing/tidy/tree.ts';
import { entriesOf } from './bundle.mjs';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'plimsoll-bundle-'));
  write('package.json', '{ "type": "module" }');
  symlinkSync(join(projectRoot, 'node_modules'), join(root, 'node_modules'));
});
afterEach(() => {
  rmSync(root, { recursive: true });
});

function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

function bundle(): void {
  execFileSync(process.execPath, [fileURLToPath(new URL('./bundle.mjs', import.meta.url)), join(root, 'dist')]);
}

const besides = 'export const moduleBeside = (importer, name) => new URL(`${name}.js`, importer).href;\n';

test('a command in a bundle finds its threads, and what its modules find by their own URL', () => {
  write('dist/base/beside.js', besides);
  write('dist/base/word.js', "export const word = 'told';\n");
  write('words.txt', 'found');
  write(
    'dist/apps/cli/main.js',
    `import { readFileSync } from 'node:fs';
     import { moduleBeside } from '../../base/beside.js';
     import { word } from '../../base/word.js';
     const { told } = await import(moduleBeside(import.meta.url, './a-thread'));
     console.log(word === told, readFileSync(new URL('../../../words.txt', import.meta.url), 'utf8'));`,
  );
  write('dist/apps/cli/a-thread.js', "export { word as told } from '../../base/word.js';\n");
  bundle();
  rmSync(join(root, 'dist/base'), { recursive: true });
  rmSync(join(root, 'dist/apps/cli'), { recursive: true });
  const said = execFileSync(process.execPath, [join(root, 'dist/apps/bundle/main.js')], { encoding: 'utf8' });
  expect(said).toBe('true found\n');
});

test('what the bundler writes for syntax that it rewrites is in the bundle', () => {
  write('dist/base/beside.js', besides);
  write('dist/apps/cli/main.js', 'console.log(String.raw`</script>`.length);');
  bundle();
  expect(execFileSync(process.execPath, [join(root, 'dist/apps/bundle/main.js')], { encoding: 'utf8' })).toBe('9\n');
});

test('a bundle says the digest of the code that it was made from, whatever lies in its place since then', () => {
  const source = readFileSync(join(projectRoot, 'src/apps/desk/core-digest.ts'), 'utf8');
  const { outputText } = ts.transpileModule(source, { compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2023 } });
  write('dist/apps/desk/core-digest.js', outputText);
  for (const room of ['base', 'core', 'domain', 'quant']) write(`dist/${room}/limit.js`, 'export const limit = 1;\n');
  write(
    'dist/apps/cli/main.js',
    "import { coreDigest } from '../desk/core-digest.js';\nimport { limit } from '../../core/limit.js';\nconsole.log(limit, coreDigest());\n",
  );
  const said = (path: string): string => execFileSync(process.execPath, [join(root, path)], { encoding: 'utf8' });
  bundle();
  const built = said('dist/apps/bundle/main.js');
  expect(built).toBe(said('dist/apps/cli/main.js'));
  write('dist/core/limit.js', 'export const limit = 2;\n');
  expect(said('dist/apps/cli/main.js')).not.toBe(built);
  expect(said('dist/apps/bundle/main.js')).toBe(built);
});

test('two entries of one name are refused, and a tree without a command line has no bundle', () => {
  write('dist/base/beside.js', besides);
  bundle();
  expect(readdirSync(join(root, 'dist'))).toEqual(['base']);
  write('dist/apps/cli/main.js', "moduleBeside(import.meta.url, './thread')");
  write('dist/apps/up/up.js', "moduleBeside(import.meta.url, './thread')");
  expect(() => entriesOf(join(root, 'dist'))).toThrow('expected each entry under a name of its own, was thread.js twice');
});

test('every thread of the project is named in the way that the bundle looks for', () => {
  const sources = join(projectRoot, 'src');
  const names = readdirSync(sources, { recursive: true, encoding: 'utf8' }).filter(
    (name) => name.endsWith('.ts') && !name.startsWith('testing'),
  );
  const named = names.flatMap((name) =>
    [...readFileSync(join(sources, name), 'utf8').matchAll(/moduleBeside\(import\.meta\.url, '\.\/([^']+)'\)/g)].map(([, beside]) =>
      join(dirname(name), `${beside}.ts`),
    ),
  );
  const threads = names.filter(
    (name) =>
      /from 'node:worker_threads'/.test(readFileSync(join(sources, name), 'utf8')) &&
      /\bworkerData as\b/.test(readFileSync(join(sources, name), 'utf8')),
  );
  expect(threads.length).toBeGreaterThan(4);
  for (const thread of threads) expect(named).toContain(thread);
});
