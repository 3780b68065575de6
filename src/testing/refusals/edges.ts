import ts from 'typescript';

/**
 * A comparison of two numbers in a source that refuses, and the edit that moves it by one unit: its right side is one more or one less than it should be, so that what is just at
 * a limit is refused, or what is one past it is let through.
 */
export interface Edge {
  /** `risk/checks/lease sum <= limit`, with ` (2)` for the second one of the file that reads like it. */
  readonly id: string;
  /** Relative to the root. */
  readonly file: string;
}

/** How far an edge is moved, with the word for it in the table. */
export const moves = [
  { by: 1, word: 'one more' },
  { by: -1, word: 'one less' },
] as const;

/** Name of the function, on the global object, that says by how much a comparison is off: of the doubles, or of the two parts of money, that it compares. */
export const edgeName = 'plimsollEdge';

const relations: ReadonlySet<ts.SyntaxKind> = new Set([
  ts.SyntaxKind.LessThanToken,
  ts.SyntaxKind.LessThanEqualsToken,
  ts.SyntaxKind.GreaterThanToken,
  ts.SyntaxKind.GreaterThanEqualsToken,
]);

interface Replacement {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/** Sources as they are with every edge behind its name. @param name of the file in ids: `risk/checks/lease` */
export function edgesIn(file: string, name: string, text: string): { readonly text: string; readonly edges: readonly Edge[] } {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.ES2023, true);
  const edges: Edge[] = [];
  const replacements: Replacement[] = [];
  const counted = new Map<string, number>();
  const visit = (node: ts.Node): void => {
    if (ts.isBinaryExpression(node) && relations.has(node.operatorToken.kind) && !counts(node)) {
      const said = `${name} ${node.getText().replace(/\s+/g, ' ').replaceAll('|', '¦').replaceAll('`', '´')}`;
      const nth = (counted.get(said) ?? 0) + 1;
      counted.set(said, nth);
      const id = nth === 1 ? said : `${said} (${nth})`;
      edges.push({ id, file });
      replacements.push(...moved(node, id));
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return { text: replaced(text, replacements), edges };
}

/** The condition of a loop: where it ends is no limit of anybody. */
function counts(node: ts.Node): boolean {
  let below = node;
  for (let at = node.parent; !ts.isSourceFile(at) && !ts.isFunctionLike(at); below = at, at = at.parent)
    if (ts.isForStatement(at)) return below === at.condition || below === at.incrementor;
  return false;
}

/** `a <= b` becomes what `a` is beyond `b` and the move, compared with nothing. */
function moved({ left, operatorToken, right }: ts.BinaryExpression, id: string): readonly Replacement[] {
  const call = `globalThis.${edgeName}(${JSON.stringify(id)}, `;
  const end = { from: right.getEnd(), to: right.getEnd(), text: `) ${operatorToken.getText()} 0` };
  // of money, which has two parts, the comparison itself is undone
  if (ts.isCallExpression(left) && left.expression.getText() === 'cmp' && right.getText() === '0' && left.arguments.length === 2) {
    const [a, b] = left.arguments;
    return [
      { from: left.getStart(), to: a.getStart(), text: call },
      { from: a.getEnd(), to: b.getStart(), text: ', ' },
      { from: b.getEnd(), to: right.getEnd(), text: end.text },
    ];
  }
  return [{ from: left.getStart(), to: left.getStart(), text: call }, { from: left.getEnd(), to: right.getStart(), text: ', ' }, end];
}

function replaced(text: string, replacements: readonly Replacement[]): string {
  let out = text;
  for (const { from, to, text: by } of [...replacements].sort((a, b) => b.from - a.from || b.to - a.to))
    out = out.slice(0, from) + by + out.slice(to);
  return out;
}

type Compared = number | bigint | string | { readonly hi: number; readonly lo: number };

/** What `a` is beyond `b`: exact near nothing, of whole numbers and of money. */
export function beyond(a: Compared, b: Compared): number {
  if (typeof a === 'number' && typeof b === 'number') return a === b ? 0 : a - b;
  if (typeof a === 'object' && typeof b === 'object') return (a.hi - b.hi) * 2 ** 48 + (a.lo - b.lo);
  if (typeof a === 'bigint' && typeof b === 'bigint') return Number(a - b);
  return a < b ? -1 : a > b ? 1 : a === b ? 0 : NaN;
}
