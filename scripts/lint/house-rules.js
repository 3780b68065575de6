// Rules of this house that no published plugin has; part of the lint configuration.

/** Who may cast to a type that carries the mark: the marks are `unique symbol` properties, named by the constant that declares them. */
const MINTS = {
  brand: {
    file: 'src/base/units.ts',
    sentence:
      'Units are made in src/base/units.ts only: call ticks(), lots(), micros(), bps() or baseQty() there (or their Unchecked forms), do not cast.',
  },
  checked: {
    file: 'src/core/risk/checked.ts',
    sentence:
      'An order is RiskChecked only when the gate said so: src/core/risk/checked.ts alone mints it, everywhere else it is passed on.',
  },
};

/** Name of the mark that a type carries, or one of its parts or elements: `brand` in `Ticks`, `Ticks | undefined`, `Ticks[]`. */
function markOf(type, checker, seen = new Set()) {
  if (seen.has(type)) return undefined;
  seen.add(type);
  const parts = type.isUnionOrIntersection() ? type.types : [];
  const elements = checker.isArrayLikeType(type) ? checker.getTypeArguments(type) : [];
  for (const part of [...parts, ...elements]) {
    const inner = markOf(part, checker, seen);
    if (inner !== undefined) return inner;
  }
  for (const property of type.getProperties()) {
    const mark = /^__@(\w+)@/.exec(String(property.escapedName))?.[1];
    if (mark !== undefined && mark in MINTS) return mark;
  }
  return undefined;
}

const noBrandCast = {
  meta: {
    type: 'problem',
    schema: [],
    messages: Object.fromEntries(Object.entries(MINTS).map(([mark, mint]) => [mark, mint.sentence])),
  },
  create(context) {
    const services = context.sourceCode.parserServices;
    const checker = services.program.getTypeChecker();
    const path = context.filename.replaceAll('\\', '/');
    function check(node) {
      const target = services.getTypeAtLocation(node.typeAnnotation);
      const mark = markOf(target, checker);
      if (mark === undefined || path.endsWith(MINTS[mark].file)) return;
      if (checker.isTypeAssignableTo(services.getTypeAtLocation(node.expression), target)) return;
      context.report({ node, messageId: mark });
    }
    return { TSAsExpression: check, TSTypeAssertion: check };
  },
};

const MAX_OWN_LINES = 60;

/** Lines of code of a function without those of the functions inside it: a factory of closures may be long, none of its parts may. */
const shortFunctions = {
  meta: {
    type: 'suggestion',
    schema: [],
    messages: {
      long: `A function fits a screen: at most ${MAX_OWN_LINES} lines of its own (functions inside it count apart), was {{lines}}.`,
    },
  },
  create(context) {
    const nested = [];
    const span = (node) => node.loc.end.line - node.loc.start.line + 1;
    function enter() {
      nested.push(0);
    }
    function leave(node) {
      const inner = nested.pop();
      const lines = countCode(context.sourceCode, node) - inner;
      if (lines > MAX_OWN_LINES) context.report({ node, loc: node.loc.start, messageId: 'long', data: { lines: String(lines) } });
      if (nested.length > 0 && span(node) > 1) nested[nested.length - 1] += lines + inner;
    }
    return Object.fromEntries(
      ['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression'].flatMap((kind) => [
        [kind, enter],
        [`${kind}:exit`, leave],
      ]),
    );
  },
};

/** Lines of a node that hold a token. */
function countCode(sourceCode, node) {
  const lines = new Set();
  for (const token of sourceCode.getTokens(node)) {
    for (let line = token.loc.start.line; line <= token.loc.end.line; line++) lines.add(line);
  }
  return lines.size;
}

export const house = { rules: { 'no-brand-cast': noBrandCast, 'short-functions': shortFunctions } };
