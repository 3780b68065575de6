import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { commandRefusals } from '../../domain/command.ts';
import { denialCodes } from '../../domain/denial.ts';
import { doorCodes, doorFolders, doorHelpers, doorsBySight, notDoorFiles, notDoors } from './doors-by-sight.ts';
import { edgesIn, type Edge } from './edges.ts';
import { bySight, edgeFiles, edgesBySight, helpers, notSites, sightOnly, type EditBySight } from './sites-by-sight.ts';

/**
 * A place of the sources where a command, an order or a request is refused, and the edit that switches it off: the guard before it never holds. All are made into one copy of the
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
  /** Comparisons with a number, each of which can be moved by one. */
  readonly edges: readonly Edge[];
}

export interface Sites {
  readonly files: readonly SiteFile[];
  /** Codes that stand where no guard was found and nobody has said what to do: each is a fault of the table. */
  readonly unguarded: readonly string[];
}

/** Name of the function, on the global object, that says by how much a number is moved that is handed on to be compared. */
export const shiftName = 'plimsollShift';

/** Name of the function, on the global object, that every guard asks with its name and whether it holds: it says whether it may. */
export const guardName = 'plimsollGuard';

const ask = (id: string): string => `globalThis.${guardName}(${JSON.stringify(id)}, `;
/** What is booked has codes of its own, of which some have the same names. */
const elsewhere = ['src/core/positions/'];

/** Where refusals are looked for, and what their form does not show. */
interface Place {
  readonly codes: ReadonlySet<string>;
  readonly helpers: ReadonlyMap<string, string>;
  readonly notSites: ReadonlySet<string>;
  readonly bySight: readonly EditBySight[];
  /** Beginning of paths that ids leave out. */
  readonly below: string;
}

const inCore: Place = { codes: new Set<string>([...commandRefusals, ...denialCodes]), helpers, notSites, bySight, below: 'src/core/' };

/** Requests are refused before the core is asked: by codes of a desk, of HTTP, and of the core in its stead. */
function atDoors(root: string): Place {
  return {
    codes: new Set([...doorCodes(root), ...commandRefusals]),
    helpers: doorHelpers,
    notSites: notDoors,
    bySight: doorsBySight,
    below: 'src/',
  };
}

/** Every site below `src/core` and at the doors of a desk, in the order of files and lines. @throws where an edit that was made by sight has lost its place. */
export function findSites(root: string): Sites {
  const files: SiteFile[] = [];
  const unguarded: string[] = [];
  const doors = atDoors(root);
  const look = (file: string, place: Place): void => {
    const found = sitesIn(file, readFileSync(join(root, file), 'utf8'), unguarded, place);
    // in the core every source that refuses is looked through for numbers, at the doors those that are named
    const compares = edgeFiles.has(file) || (place === inCore && found.sites.length > 0);
    if (compares) files.push(withEdges(found, place));
    else if (found.sites.length > 0) files.push(found);
  };
  for (const file of sourcesBelow(root, 'src/core').filter((path) => !elsewhere.some((folder) => path.startsWith(folder))))
    look(file, inCore);
  for (const file of [...doorFolders.flatMap((folder) => sourcesBelow(root, folder)), 'src/runtime/exported-state.ts'])
    if (!notDoorFiles.has(file)) look(file, doors);
  for (const { file, id } of [...bySight, ...doorsBySight])
    if (!files.some((one) => one.sites.some((site) => site.id === id))) throw new Error(`${id}: expected a site in ${file}, was none`);
  return { files, unguarded };
}

/** The comparisons of a file behind their names, too. @throws as `findSites` */
function withEdges(found: SiteFile, { below }: Place): SiteFile {
  const { file } = found;
  const { text, edges } = sightOnly.has(file) ? { text: found.text, edges: [] } : edgesIn(file, nameOf(file, below), found.text);
  const sighted = edgesBySight.filter((one) => one.file === file);
  const seen = sighted.map(({ id, find, replace }) => ({ id, file, find, replace: () => replace(shift(id)) }));
  return { ...found, text: withSight(file, text, seen), edges: [...edges, ...sighted.map(({ id }) => ({ id, file }))] };
}

const shift = (id: string): string => `globalThis.${shiftName}(${JSON.stringify(id)})`;

const nameOf = (file: string, below: string): string => (file.startsWith(below) ? file.slice(below.length) : file).replace(/\.ts$/, '');

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
export function sitesIn(file: string, text: string, unguarded: string[], place: Place = inCore): SiteFile {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.ES2023, true);
  const sites: Site[] = [];
  const insertions: Insertion[] = [];
  const counted = new Map<string, number>();
  const visit = (node: ts.Node): void => {
    const code = codeAt(node, place);
    if (code !== undefined) {
      const name = `${nameOf(file, place.below)} ${code}`;
      const nth = (counted.get(name) ?? 0) + 1;
      counted.set(name, nth);
      const id = nth === 1 ? name : `${name} ${nth}`;
      if (!place.notSites.has(id)) {
        const { line } = source.getLineAndCharacterOfPosition(node.getStart());
        const seen = place.bySight.some((one) => one.id === id);
        const edit = seen ? undefined : editOf(node, ask(id));
        if (edit !== undefined) insertions.push(...edit);
        else if (!seen) unguarded.push(`${id}: line ${line + 1} of ${file} has no guard that is known`);
        sites.push({ id, code, file, line: line + 1 });
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  const seen = place.bySight.filter((one) => one.file === file);
  for (const { id, code } of seen) if (code !== undefined) sites.push({ id, code, file, line: 0 });
  return { file, text: withSight(file, inserted(text, insertions), seen), sites, edges: [] };
}

/** The code that a node stands for: a literal that is a value, or a call of a helper that always refuses with one. */
function codeAt(node: ts.Node, place: Place): string | undefined {
  if (ts.isCallExpression(node) && ts.isIdentifier(node.expression)) return place.helpers.get(node.expression.text);
  if (!ts.isStringLiteral(node) || !place.codes.has(node.text)) return undefined;
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
function withSight(file: string, text: string, edits: readonly EditBySight[]): string {
  let out = text;
  for (const { find, replace, id } of edits) {
    const parts = out.split(find);
    if (parts.length !== 2) throw new Error(`${id}: expected its place in ${file} once, was there ${parts.length - 1} times`);
    out = parts.join(replace(ask(id)));
  }
  return out;
}
