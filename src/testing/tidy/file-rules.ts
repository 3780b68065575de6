import ts from 'typescript';
import type { Fault } from './fault.ts';
import { surface } from './rooms.ts';
import { lineOf, parse } from './syntax.ts';
import type { TextFile } from './tree.ts';

/** Past this a file holds a second noun. */
export const maxLines = 400;

const code = /\.(ts|js|mjs|sh)$|^\.ci\/run$|^bin\/plimsoll$/;
/** The version at the end is that of a strategy: maker-1.0.0.ts. */
const kebab = /^[a-z0-9]+(-[a-z0-9]+)*(-\d+\.\d+\.\d+)?(\.(test|property\.test|bench|config|d))?\.(ts|js|mjs|sh)$/;
const vagueWords = ['manager', 'handler', 'service', 'util', 'utils', 'helper', 'helpers', 'data', 'info', 'process', 'misc', 'common'];

/** Names and lengths of a file. */
export function fileFaults(file: TextFile): Fault[] {
  if (!code.test(file.path)) return [];
  const faults: Fault[] = [];
  const add = (sentence: string) => faults.push({ path: file.path, line: 0, sentence });
  const lines = file.text.split('\n').length - (file.text.endsWith('\n') ? 1 : 0);
  if (lines > maxLines) add(`a file has at most ${maxLines} lines, was ${lines}: find the second noun in it and give it a file of its own`);
  const name = file.path.split('/').at(-1) ?? '';
  if (name.includes('.') && !kebab.test(name))
    add(`a file is named in kebab-case after its one noun, as order-table.ts or order.property.test.ts`);
  const vague = name.split(/[-.]/).find((word) => vagueWords.includes(word));
  if (vague !== undefined) add(`'${vague}' says nothing: name the file after the one noun that it holds`);
  if (name === 'index.ts' && file.path !== surface.path)
    add(`no barrels: import from the file that declares it; ${surface.path} is the only index`);
  return faults;
}

/** What the shape of a module may be: named exports of its own, nothing that needs more than erasing the types. */
export function moduleFaults(file: TextFile): Fault[] {
  if (!file.path.endsWith('.ts') || file.path.endsWith('.config.ts')) return [];
  const source = parse(file);
  const faults: Fault[] = [];
  for (const statement of source.statements) {
    const sentence = statementRefusal(file.path, statement);
    if (sentence !== undefined) faults.push({ path: file.path, line: lineOf(source, statement), sentence });
  }
  return faults;
}

function statementRefusal(path: string, statement: ts.Statement): string | undefined {
  const isDefault =
    ts.canHaveModifiers(statement) && (ts.getModifiers(statement) ?? []).some((one) => one.kind === ts.SyntaxKind.DefaultKeyword);
  if (isDefault || ts.isExportAssignment(statement))
    return 'export by name (export function …): default exports are for tool configuration only';
  if (ts.isEnumDeclaration(statement)) return "no enums: write a union of strings, type Side = 'buy' | 'sell'";
  if (ts.isModuleDeclaration(statement) && !ts.isStringLiteral(statement.name)) return 'no namespaces: a file is the module';
  if (ts.isExportDeclaration(statement) && statement.moduleSpecifier !== undefined && path !== surface.path) {
    return `no re-exports: import from the file that declares it; they are for ${surface.path} only`;
  }
  return undefined;
}
