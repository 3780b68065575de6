import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { commandRefusals } from '../../domain/command.ts';
import { denialCodes } from '../../domain/denial.ts';
import { bySight, helpers, notSites } from './sites-by-sight.ts';

/**
 * A place of the core's sources where a command or an order is refused, and the edit that switches it off: the guard before it never holds. All are made into one copy of the
 * sources, each behind a name, so that one build holds every fault and none acts until it is named (mutant schemata: Untch, Offutt & Harrold 1993).
 */
export interface Site {
  /** `rollout/deploy UNKNOWN_SLICE`, with ` 2` for the second one of the file. */
  readonly id: string;
  readonly code: string;
  /** Relative to the root. */
  readonly file: string;
  readonly line: number;
}

/** A text that goes into a source at a place. */
interface Insertion {
  readonly at: number;
  readonly text: string;
}

export interface SiteFile {
  readonly file: string;
  /** The source with every site behind its name. */
  readonly text: string;
  readonly sites: readonly Site[];
}

export interface Sites {
  readonly files: readonly SiteFile[];
  /** Codes that stand where no guard was found and nobody has said what to do: each is a fault of the table. */
  readonly unguarded: readonly string[];
}

/** Name of the function, on the global object, that every guard asks with its name and whether it holds: it says whether it may. */
export const guardName = 'plimsollGuard';

const ask = (id: string): string => `globalThis.${guardName}(${JSON.stringify(id)}, `;
const codes: ReadonlySet<string> = new Set<string>([...commandRefusals, ...denialCodes]);
/** What is booked has codes of its own, of which some have the same names. */
const elsewhere = ['src/core/positions/'];

/** Every site below `src/core`, in the order of files and lines. @throws where an edit that was made by sight has lost its place. */
export function findSites(root: string): Sites {
  const files: SiteFile[] = [];
  const unguarded: string[] = [];
  for (const file of sourcesBelow(root, 'src/core').filter((path) => !elsewhere.some((folder) => path.startsWith(folder)))) {
    const found = sitesIn(file, readFileSync(join(root, file), 'utf8'), unguarded);
    if (found.sites.length > 0) files.push(found);
  }
  for (const { file, id } of bySight)
    if (!files.some((one) => one.sites.some((site) => site.id === id))) throw new Error(`${id}: expected a site in ${file}, was none`);
  return { files, unguarded };
}

function sourcesBelow(root: string, folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true })
    .flatMap((entry) => {
      const path = `${folder}/${entry.name}`;
      if (entry.isDirectory()) return sourcesBelow(root, path);
      return path.endsWith('.ts') && !path.endsWith('.test.ts') ? [path] : [];
    })
    .sort();
}

/** Sites of one source; what has no guard goes into `unguarded`. */
export function sitesIn(file: string, text: string, unguarded: string[]): SiteFile {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.ES2023, true);
  const sites: Site[] = [];
  const insertions: Insertion[] = [];
  const counted = new Map<string, number>();
  const visit = (node: ts.Node): void => {
    const code = codeAt(node);
    if (code !== undefined) {
      const name = `${file.replace(/^src\/core\/|\.ts$/g, '')} ${code}`;
      const nth = (counted.get(name) ?? 0) + 1;
      counted.set(name, nth);
      const id = nth === 1 ? name : `${name} ${nth}`;
      if (!notSites.has(id)) {
        const { line } = source.getLineAndCharacterOfPosition(node.getStart());
        const edit = editOf(node, ask(id));
        if (edit !== undefined) insertions.push(...edit);
        else if (!bySight.some((one) => one.id === id)) unguarded.push(`${id}: line ${line + 1} of ${file} has no guard that is known`);
        sites.push({ id, code, file, line: line + 1 });
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return { file, text: withSight(file, inserted(text, insertions)), sites };
}

/** The code that a node stands for: a literal that is a value, or a call of a helper that always refuses with one. */
function codeAt(node: ts.Node): string | undefined {
  if (ts.isCallExpression(node) && ts.isIdentifier(node.expression)) return helpers.get(node.expression.text);
  if (!ts.isStringLiteral(node) || !codes.has(node.text)) return undefined;
  const { parent } = node;
  if (ts.isLiteralTypeNode(parent) || isComparison(parent)) return undefined;
  return node.text;
}

function isComparison(node: ts.Node): boolean {
  return (
    ts.isBinaryExpression(node) &&
    (node.operatorToken.kind === ts.SyntaxKind.EqualsEqualsEqualsToken ||
      node.operatorToken.kind === ts.SyntaxKind.ExclamationEqualsEqualsToken)
  );
}

/** How the nearest guard of a node is switched off; undefined = it has none. */
function editOf(node: ts.Node, name: string): readonly Insertion[] | undefined {
  const never = (guard: ts.Node): readonly Insertion[] => around(guard, `${name}(`);
  const always = (guard: ts.Node): readonly Insertion[] => around(guard, `!${name}!(`);
  const denial = ts.isCallExpression(node.parent) && node.parent.expression.getText() === 'deny' ? node.parent : undefined;
  let below = node;
  for (let at = node.parent; !ts.isFunctionLike(at) && !ts.isSourceFile(at); below = at, at = at.parent) {
    if (ts.isIfStatement(at) && below === at.thenStatement) return never(at.expression);
    if (ts.isIfStatement(at) && below === at.elseStatement) return always(at.expression);
    if (ts.isConditionalExpression(at) && below === at.whenTrue) return never(at.condition);
    if (ts.isConditionalExpression(at) && below === at.whenFalse) return always(at.condition);
    if (ts.isBinaryExpression(at) && below === at.right) {
      if (at.operatorToken.kind === ts.SyntaxKind.BarBarToken) return always(at.left);
      if (at.operatorToken.kind === ts.SyntaxKind.AmpersandAmpersandToken) return never(at.left);
    }
    // a case of its own: the check goes on as if it were none of its cases
    if (ts.isReturnStatement(at) && ts.isCaseClause(at.parent)) return [{ at: at.getStart(), text: `if (${name}true)) ` }];
  }
  if (denial === undefined || !ts.isReturnStatement(denial.parent)) return undefined;
  // the last word of a check: it passes instead
  return [
    { at: denial.getStart(), text: `(!${name}true) || ` },
    { at: denial.getEnd(), text: ')' },
  ];
}

function around(guard: ts.Node, before: string): readonly Insertion[] {
  return [
    { at: guard.getStart(), text: before },
    { at: guard.getEnd(), text: '))' },
  ];
}

function inserted(text: string, insertions: readonly Insertion[]): string {
  let out = text;
  for (const { at, text: more } of [...insertions].sort((a, b) => b.at - a.at)) out = out.slice(0, at) + more + out.slice(at);
  return out;
}

/** Edits that were made by sight, each in a place that is there exactly once. */
function withSight(file: string, text: string): string {
  let out = text;
  for (const { find, replace, id } of bySight.filter((one) => one.file === file)) {
    const parts = out.split(find);
    if (parts.length !== 2) throw new Error(`${id}: expected its place in ${file} once, was there ${parts.length - 1} times`);
    out = parts.join(replace(ask(id)));
  }
  return out;
}
