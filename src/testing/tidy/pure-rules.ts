import ts from 'typescript';
import type { Fault } from './fault.ts';
import { isPure } from './rooms.ts';
import { lineOf, parse, visit } from './syntax.ts';
import { isTest, type TextFile } from './tree.ts';

/** Agree to the last bit on every Node version that is tested; the other functions of Math do not, or need not. */
export const allowedMath: readonly string[] = [
  ...['abs', 'floor', 'ceil', 'trunc', 'round', 'min', 'max', 'sqrt', 'exp', 'log', 'sin', 'sign', 'imul', 'clz32', 'fround'],
  ...['E', 'LN10', 'LN2', 'LOG10E', 'LOG2E', 'PI', 'SQRT1_2', 'SQRT2'],
];

const timeIsInput = 'a pure folder knows no time: it comes as an input or an argument (Micros)';
const noWaiting = 'a pure folder is synchronous: return the effect, the runtime carries it out';
const noWorld = 'a pure folder knows no world around it: what it needs comes as an argument or a port';

const bannedNames: Readonly<Record<string, string>> = {
  Date: timeIsInput,
  performance: timeIsInput,
  Intl: `${noWorld} (the locale differs between machines)`,
  setTimeout: noWaiting,
  setInterval: noWaiting,
  setImmediate: noWaiting,
  queueMicrotask: noWaiting,
  Promise: noWaiting,
  WeakRef: noWorld,
  FinalizationRegistry: noWorld,
  Atomics: noWorld,
  console: noWorld,
  process: noWorld,
  globalThis: noWorld,
  fetch: noWorld,
  crypto: noWorld,
  Buffer: `${noWorld}; bytes are Uint8Array`,
  eval: noWorld,
};

/** Compare by the machine's locale. */
const localeCalls = ['localeCompare', 'toLocaleString', 'toLocaleLowerCase', 'toLocaleUpperCase'];

/** Rooms where bigint is refused: 30 ns of split integers against 233 ns. Elsewhere it is an oracle or a border. */
const bigintFree = ['src/base/', 'src/core/', 'src/ports/', 'src/runtime/', 'src/strategies/', 'src/venues/simulated/'];
const bigintPlaces = [
  ...['canonical', 'decimal', 'sha256', 'split', 'split-kernel'].map((name) => `src/base/${name}.ts`),
  // An audit that walks everything, and the factors of a currency pair when it is registered.
  'src/core/positions/check-sums.ts',
  'src/core/risk/rates.ts',
];

/** What pure folders may not say, and bigint on the fill path. */
export function purityFaults(file: TextFile): Fault[] {
  if (isTest(file.path)) return [];
  const source = parse(file);
  const pure = isPure(file.path);
  const noBigint = bigintFree.some((folder) => file.path.startsWith(folder)) && !bigintPlaces.includes(file.path);
  const faults: Fault[] = [];
  visit(source, (node) => {
    const sentence = (pure ? impurity(node) : undefined) ?? (noBigint ? bigintUse(node) : undefined);
    if (sentence !== undefined) faults.push({ path: file.path, line: lineOf(source, node), sentence });
  });
  return faults;
}

function impurity(node: ts.Node): string | undefined {
  switch (node.kind) {
    case ts.SyntaxKind.AsyncKeyword:
    case ts.SyntaxKind.AwaitExpression:
    case ts.SyntaxKind.AwaitKeyword:
      return `async and await are not allowed here: ${noWaiting}`;
    case ts.SyntaxKind.AsteriskAsteriskToken:
    case ts.SyntaxKind.AsteriskAsteriskEqualsToken:
      return '** differs in the last bit between Node versions: write x * x, or pow of src/base/math.ts';
    case ts.SyntaxKind.MetaProperty:
      return node.getText().startsWith('import.meta') ? `import.meta is not allowed here: ${noWorld}` : undefined;
    case ts.SyntaxKind.ImportKeyword:
      return ts.isCallExpression(node.parent) ? `import() is not allowed here: ${noWaiting}` : undefined;
    case ts.SyntaxKind.Identifier:
      return nameRefusal(node as ts.Identifier);
    default:
      return undefined;
  }
}

function nameRefusal(node: ts.Identifier): string | undefined {
  if (isMember(node)) {
    if (!localeCalls.includes(node.text)) return undefined;
    return `${node.text} is not allowed here: the locale differs between machines; compare with < and >, which go by code unit`;
  }
  if (node.text === 'Math') return mathRefusal(node);
  if (node.text === 'Promise' && ts.isTypeReferenceNode(node.parent) && isPort(node)) return undefined;
  const reason = Object.hasOwn(bannedNames, node.text) ? bannedNames[node.text] : undefined;
  return reason === undefined ? undefined : `${node.text} is not allowed here: ${reason}`;
}

/** A port is a type: that its answer comes later is known there, waiting for it is not. */
function isPort(node: ts.Node): boolean {
  return node.getSourceFile().fileName.startsWith('src/ports/');
}

function mathRefusal(node: ts.Identifier): string | undefined {
  const parent = node.parent;
  if (!ts.isPropertyAccessExpression(parent)) return 'Math is used as Math.name here, so that each function can be checked';
  const name = parent.name.text;
  if (allowedMath.includes(name)) return undefined;
  if (name === 'random') return 'Math.random is not allowed here: draw from a PRNG that is handed in (src/base/prng.ts)';
  return (
    `Math.${name} differs in the last bit between Node versions: use src/base/math.ts; ` +
    `allowed of Math: ${allowedMath.filter((one) => one === one.toLowerCase()).join(', ')}`
  );
}

/** The name after a dot, of a property or of a member: says nothing about the global of that name. */
function isMember(node: ts.Identifier): boolean {
  const parent = node.parent;
  if (ts.isPropertyAccessExpression(parent) || ts.isPropertyAssignment(parent)) return parent.name === node;
  if (ts.isQualifiedName(parent)) return parent.right === node;
  if (ts.isBindingElement(parent)) return parent.propertyName === node;
  return (
    ts.isPropertySignature(parent) || ts.isPropertyDeclaration(parent) || ts.isMethodSignature(parent) || ts.isMethodDeclaration(parent)
  );
}

function bigintUse(node: ts.Node): string | undefined {
  const found =
    node.kind === ts.SyntaxKind.BigIntLiteral ||
    node.kind === ts.SyntaxKind.BigIntKeyword ||
    (ts.isIdentifier(node) && /^Big(Int|Int64|Uint64)(Array)?$/.test(node.text) && !isMember(node));
  if (!found) return undefined;
  return `bigint is too slow for the fill path: use src/base/split.ts; allowed in ${bigintPlaces.join(', ')} and in tests, as an oracle`;
}
