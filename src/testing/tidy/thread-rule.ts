import ts from 'typescript';
import type { Fault } from './fault.ts';
import { lineOf, parse, visit } from './syntax.ts';
import { isTest, type TextFile } from './tree.ts';

const threadPlace = 'src/runtime/threads.ts';

/** What runs on a thread of its own speaks with who began it. */
const entryMark = "from 'node:worker_threads'";

function awaitsAtTop(node: ts.Node): ts.Node | undefined {
  if (ts.isFunctionLike(node) || ts.isClassLike(node)) return undefined;
  if (ts.isAwaitExpression(node) || (ts.isForOfStatement(node) && node.awaitModifier !== undefined)) return node;
  return ts.forEachChild(node, awaitsAtTop);
}

/** A thread that is ended while its module still awaits takes the process with it: V8 aborts in `AsyncModuleExecutionFulfilled` (Node 20, 22 and 24). */
export function entryFaults(file: TextFile): Fault[] {
  if (isTest(file.path) || !file.path.endsWith('.ts') || !file.text.includes(entryMark)) return [];
  const source = parse(file);
  const found = awaitsAtTop(source);
  if (found === undefined) return [];
  const sentence =
    'what runs on a thread starts its work and does not await it at the top: V8 ends the process when the thread is ended meanwhile';
  return [{ path: file.path, line: lineOf(source, found), sentence }];
}

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
