import { posix } from 'node:path';
import type { Fault } from './fault.ts';
import type { TextFile } from './tree.ts';

const link = /\]\(([^)#\s]+)(#[^)]*)?\)/g;
const index = 'docs/decisions/README.md';

/** Links of documents lead somewhere; `known` are all paths of the project. */
export function linkFaults(file: TextFile, known: ReadonlySet<string>): Fault[] {
  if (!file.path.endsWith('.md')) return [];
  const faults: Fault[] = [];
  for (const [at, line] of file.text.split('\n').entries()) {
    for (const [, target = ''] of line.matchAll(link)) {
      if (/^[a-z]+:/.test(target)) continue;
      const path = posix.normalize(posix.join(posix.dirname(file.path), target)).replace(/\/$/, '');
      if (known.has(path) || [...known].some((one) => one.startsWith(`${path}/`))) continue;
      faults.push({
        path: file.path,
        line: at + 1,
        sentence: `the link leads nowhere: ${target}; name a file of the project, relative to this one`,
      });
    }
  }
  return faults;
}

/** Every decision stands in the index of decisions. */
export function indexFaults(files: readonly TextFile[]): Fault[] {
  const listed = files.find((file) => file.path === index)?.text ?? '';
  return files
    .filter((file) => file.path.startsWith('docs/decisions/') && file.path !== index && !listed.includes(`(${posix.basename(file.path)})`))
    .map((file) => ({ path: file.path, line: 0, sentence: `a decision is listed in ${index}` }));
}
