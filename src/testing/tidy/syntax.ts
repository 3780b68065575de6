import ts from 'typescript';
import type { TextFile } from './tree.ts';

/** One `import … from`, `export … from`, `import()` or `import('…').Type`. */
export interface Import {
  readonly specifier: string;
  readonly line: number;
  /** Gone after compilation. */
  readonly typeOnly: boolean;
  readonly reExport: boolean;
  readonly dynamic: boolean;
}

/** The file that was parsed last: every rule looks at one before the next one's turn. */
let last: { readonly file: TextFile; readonly source: ts.SourceFile } | undefined;

/** Its syntax; nobody changes it. */
export function parse(file: TextFile): ts.SourceFile {
  if (last?.file === file) return last.source;
  const kind = file.path.endsWith('.ts') ? ts.ScriptKind.TS : ts.ScriptKind.JS;
  const source = ts.createSourceFile(file.path, file.text, ts.ScriptTarget.ES2023, true, kind);
  last = { file, source };
  return source;
}

export function lineOf(source: ts.SourceFile, node: ts.Node): number {
  return source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1;
}

export function visit(node: ts.Node, see: (node: ts.Node) => void): void {
  see(node);
  node.forEachChild((child) => visit(child, see));
}

export function importsOf(source: ts.SourceFile): Import[] {
  const found: Import[] = [];
  const add = (node: ts.Node, name: ts.Node | undefined, kind: Partial<Import>) => {
    if (name === undefined || !ts.isStringLiteralLike(name)) return;
    found.push({ specifier: name.text, line: lineOf(source, node), typeOnly: false, reExport: false, dynamic: false, ...kind });
  };
  visit(source, (node) => {
    if (ts.isImportDeclaration(node)) add(node, node.moduleSpecifier, { typeOnly: isTypeOnly(node) });
    else if (ts.isExportDeclaration(node)) add(node, node.moduleSpecifier, { typeOnly: node.isTypeOnly, reExport: true });
    else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) add(node, node.argument.literal, { typeOnly: true });
    else if (ts.isCallExpression(node) && loads(node)) add(node, node.arguments[0], { dynamic: true });
  });
  return found;
}

function isTypeOnly(node: ts.ImportDeclaration): boolean {
  const clause = node.importClause;
  if (clause === undefined) return false;
  if (clause.phaseModifier === ts.SyntaxKind.TypeKeyword) return true;
  const named = clause.namedBindings;
  if (clause.name !== undefined || named === undefined || !ts.isNamedImports(named) || named.elements.length === 0) return false;
  return named.elements.every((element) => element.isTypeOnly);
}

function loads(node: ts.CallExpression): boolean {
  if (node.expression.kind === ts.SyntaxKind.ImportKeyword) return true;
  return ts.isIdentifier(node.expression) && node.expression.text === 'require';
}
