import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Folder of package.json. The compiled tree has a link to the documents of the one that it was made of. */
export const projectRoot = rootOf(dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url))))));

function rootOf(tree: string): string {
  const docs = join(tree, 'docs');
  return existsSync(docs) ? dirname(realpathSync(docs)) : tree;
}

/** A file of the project as the rules see it; tests hand in files that are nowhere on disk. */
export interface TextFile {
  /** Relative to the root, with `/`. */
  readonly path: string;
  readonly text: string;
}

/** Folders whose files are written by hand. */
const folders = ['.ci', 'bench', 'bin', 'deploy', 'docs', 'examples', 'scripts', 'src'];
const text = /\.(ts|js|mjs|cjs|json|md|sh|svg|txt|ya?ml)$/;
const withoutEnding = ['.ci/run', 'bin/plimsoll'];
/** Written by npm and by its licensor. */
const notOurs = ['package-lock.json', 'LICENSE'];

/** Every text file of the project, sorted by path. */
export function projectFiles(root = projectRoot): TextFile[] {
  const paths = readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isFile() && text.test(entry.name) && !notOurs.includes(entry.name))
    .map((entry) => entry.name);
  for (const folder of folders) walk(root, folder, paths);
  return paths.sort().map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));
}

function walk(root: string, folder: string, found: string[]): void {
  if (statSync(join(root, folder), { throwIfNoEntry: false }) === undefined) return;
  for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) walk(root, path, found);
    else if (text.test(entry.name) || withoutEnding.includes(path)) found.push(path);
  }
}

export function isTypeScript(file: TextFile): boolean {
  return file.path.endsWith('.ts');
}

/** Code that only tests run: test files and the room `testing`. */
export function isTest(path: string): boolean {
  return path.endsWith('.test.ts') || path.startsWith('src/testing/');
}
