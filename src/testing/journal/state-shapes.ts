import { createHash } from 'node:crypto';
import { join } from 'node:path';
import ts from 'typescript';
import { plantedProgram } from '../tidy/planted-program.ts';
import { projectRoot, type TextFile } from '../tidy/tree.ts';

/** Types whose values are written as graphs, and the constant of each that a reader compares. */
const roots = [
  { type: 'Core', of: 'src/core/core.ts', name: 'coreShape', path: 'src/core/generated/core-shape.ts' },
  { type: 'Told', of: 'src/apps/desk/past-fold.ts', name: 'toldShape', path: 'src/apps/desk/generated/told-shape.ts' },
] as const;

/** What a type is as a value: each record once with its members and theirs, in an order that no line of source has a part in. */
export type ShapeLines = readonly string[];

/** Shapes by the name of their constant, as the sources are, or as they would be with these files in place of their own. */
export function stateShapes(planted: readonly TextFile[] = []): ReadonlyMap<string, ShapeLines> {
  const beside: TextFile = {
    path: 'src/testing/journal/planted-roots.ts',
    text: roots.map(({ type, of }) => `export type { ${type} } from '../../../${of}';\n`).join(''),
  };
  const program = plantedProgram('tsconfig.json', [beside, ...planted]);
  const checker = program.getTypeChecker();
  return new Map(
    roots.map(({ type, of, name }) => {
      const source = program.getSourceFile(join(projectRoot, of));
      const symbol = source && checker.getSymbolAtLocation(source);
      const found = symbol && checker.getExportsOfModule(symbol).find((one) => one.name === type);
      if (found === undefined) throw new Error(`${of}: expected the type ${type}`);
      return [name, new ShapeWriter(checker).linesOf(checker.getDeclaredTypeOfSymbol(found))];
    }),
  );
}

/** Every file with the digest of a shape, as it must stand in the repository. */
export function stateShapeFiles(): { readonly path: string; readonly text: string }[] {
  const shapes = stateShapes();
  return roots.map(({ name, path, type }) => ({
    path,
    text: [
      '// Generated from the types by `npm run schema`; a test keeps it fresh.',
      `/** Digest of what every record of a ${type} has as members: bytes that were written under another one are not read. */`,
      `export const ${name} = '${digestOf(shapes.get(name) ?? [])}';`,
      '',
    ].join('\n'),
  }));
}

function digestOf(lines: ShapeLines): string {
  return createHash('sha256').update(lines.join('\n')).digest('hex').slice(0, 16);
}

class ShapeWriter {
  readonly #checker: ts.TypeChecker;
  readonly #known = new Map<ts.Type, number>();
  readonly #lines: string[] = [];

  constructor(checker: ts.TypeChecker) {
    this.#checker = checker;
  }

  linesOf(type: ts.Type): ShapeLines {
    this.#text(type);
    return this.#lines;
  }

  #text(type: ts.Type): string {
    if (type.isUnion()) return this.#union(type);
    // a unit is a number with a brand that no value has
    if (type.isIntersection()) {
      const plain = type.types.find((one) => (one.flags & simple) !== 0);
      if (plain !== undefined) return this.#text(plain);
    }
    if (type.isStringLiteral()) return JSON.stringify(type.value);
    if (type.isNumberLiteral()) return String(type.value);
    if ((type.flags & simple) !== 0) return this.#checker.typeToString(type);
    return this.#object(type);
  }

  /** Words may be added to an enumeration: old values keep what they mean. */
  #union(type: ts.UnionType): string {
    const texts = type.types.map((one) =>
      one.isStringLiteral()
        ? 'string'
        : one.isNumberLiteral()
          ? 'number'
          : (one.flags & ts.TypeFlags.BooleanLike) !== 0
            ? 'boolean'
            : this.#text(one),
    );
    return [...new Set(texts)].sort().join(' | ');
  }

  #object(type: ts.Type): string {
    const checker = this.#checker;
    if (type.getCallSignatures().length > 0) return 'code';
    const name = type.symbol?.name ?? '';
    const args = (): string =>
      checker
        .getTypeArguments(type as ts.TypeReference)
        .map((one) => this.#text(one))
        .join(', ');
    if (checker.isTupleType(type)) return `[${args()}]`;
    if (checker.isArrayType(type)) return `(${args()})[]`;
    // what the language itself has, and what is written as a whole
    if (isForeign(type.symbol) || (type.symbol?.flags & ts.SymbolFlags.Class) !== 0)
      return columns.test(name) ? name : `${name}<${args()}>`;
    const known = this.#known.get(type);
    if (known !== undefined) return `#${known}`;
    const number = this.#known.size;
    this.#known.set(type, number);
    const at = this.#lines.push('') - 1;
    this.#lines[at] = `#${number} { ${this.#members(type).join('; ')} }`;
    return `#${number}`;
  }

  #members(type: ts.Type): string[] {
    const checker = this.#checker;
    const members = checker.getPropertiesOfType(type).filter((one) => !one.name.startsWith('__@'));
    members.sort((a, b) => (a.name < b.name ? -1 : 1));
    const index = checker.getIndexInfosOfType(type).map((one) => `[${this.#text(one.keyType)}]: ${this.#text(one.type)}`);
    return [
      ...members.map((one) => {
        const optional = (one.flags & ts.SymbolFlags.Optional) === 0 ? '' : '?';
        return `${one.name}${optional}: ${this.#text(checker.getTypeOfSymbol(one))}`;
      }),
      ...index,
    ];
  }
}

const simple =
  ts.TypeFlags.StringLike |
  ts.TypeFlags.NumberLike |
  ts.TypeFlags.BooleanLike |
  ts.TypeFlags.Undefined |
  ts.TypeFlags.Null |
  ts.TypeFlags.Never |
  ts.TypeFlags.Unknown |
  ts.TypeFlags.Any |
  ts.TypeFlags.TypeParameter;
const columns = /^(Big)?(Int|Uint|Float)\d+(Clamped)?Array$/;

/** Declared by the language and not by this project. */
function isForeign(symbol: ts.Symbol | undefined): boolean {
  const file = symbol?.declarations?.at(0)?.getSourceFile().fileName ?? '';
  return file.includes('/node_modules/');
}
