import ts from 'typescript';
import type { Fault } from './fault.ts';
import { lineOf, parse, visit } from './syntax.ts';
import { isTest, type TextFile } from './tree.ts';

const threadPlace = 'src/runtime/threads.ts';

/** Threads are started at one place, so that a simulated world can stand in for it. */
export function threadFaults(file: TextFile): Fault[] {
  if (!file.path.startsWith('src/') || isTest(file.path) || file.path === threadPlace) return [];
  const source = parse(file);
  const faults: Fault[] = [];
  visit(source, (node) => {
    if (!ts.isNewExpression(node) || !ts.isIdentifier(node.expression) || node.expression.text !== 'Worker') return;
    faults.push({
      path: file.path,
      line: lineOf(source, node),
      sentence: `threads are started in ${threadPlace} only, through World.spawn`,
    });
  });
  return faults;
}
