import type { Field, FieldList } from './field.ts';
import { blockLength, isVariable, lengthPrefix, sizeOf } from './layout.ts';
import { entryOf } from './table.ts';

/** Writes straight-line encoders and decoders of some kinds as TypeScript; the same bytes as `encode.ts`, without a look-up per field. */
export function emitCodecs(of: 'input' | 'decision', kinds: readonly string[]): string {
  const union = of === 'input' ? 'Input' : 'Decision';
  const body = distinctLayouts(of, kinds)
    .map((same) => emitKind(of, same[0]))
    .join('\n');
  const rows = distinctLayouts(of, kinds).flatMap((same) =>
    same.map(
      (kind) =>
        `  ${kind}: { encode: encode${pascal(same[0])}, decode: (from, at) => decode${pascal(same[0])}(from, at, '${kind}')${of === 'decision' ? `, same: isSame${pascal(same[0])}` : ''} },`,
    ),
  );
  const used = [
    ...new Set(
      [...body.matchAll(/\b(put\w+|\w+At|is(?:I64|I32|U32|F64|Bool|Word|Split)|behindText|codesOf|expectBlock|expectEnd)\(/g)].map(
        (match) => match[1],
      ),
    ),
  ].sort();
  return [
    '// Generated from the schema table by `npm run schema`; a test keeps it fresh.',
    `import type { ${union} } from '../../${of}.ts';`,
    "import type { ByteTarget } from '../byte-target.ts';",
    `import type { Decode${of === 'decision' ? ', Same' : ''} } from '../decode.ts';`,
    "import type { Encode, Members } from '../encode.ts';",
    "import { wordsOf } from '../table.ts';",
    `import { ${used.join(', ')} } from '../wire.ts';`,
    "import type { Payload } from '../wire.ts';",
    '',
    `type Of<K extends ${union}['kind']> = Extract<${union}, { readonly kind: K }>;`,
    '',
    body,
    `export const hot${union}Codecs: Readonly<Record<string, { readonly encode: Encode; readonly decode: Decode${of === 'decision' ? '; readonly same: Same' : ''} }>> = {`,
    ...rows,
    '};',
    '',
  ].join('\n');
}

/** Kinds of equal fields share their functions. */
function distinctLayouts(of: 'input' | 'decision', kinds: readonly string[]): string[][] {
  const byLayout = new Map<string, string[]>();
  for (const kind of kinds) {
    const layout = JSON.stringify(fieldsOf(of, kind));
    byLayout.set(layout, [...(byLayout.get(layout) ?? []), kind]);
  }
  return [...byLayout.values()];
}

function fieldsOf(of: 'input' | 'decision', kind: string): FieldList {
  const { fields } = entryOf(of, kind);
  if (fields === undefined) throw new Error(`schema: ${kind} has no fixed layout`);
  return fields;
}

function emitKind(of: 'input' | 'decision', kind: string): string {
  const fields = fieldsOf(of, kind);
  const block = blockLength(fields);
  const name = pascal(kind);
  const flat = flatten(fields, '', 0);
  const texts = flat.filter((leaf) => isVariable(leaf.field));
  const enums = flat.filter((leaf) => leaf.field.type === 'enum');
  return [
    ...enums.flatMap(({ path }) => [
      `const ${wordsName(kind, path)} = wordsOf('${of}', '${kind}', '${path}');`,
      `const ${wordsName(kind, path)}Codes = codesOf(${wordsName(kind, path)});`,
    ]),
    enums.length > 0 ? '' : undefined,
    `function encode${name}(t: ByteTarget, at: number, members: Members): number {`,
    `  const x = members as unknown as Of<'${kind}'>;`,
    `  t.reserve(at + ${block});`,
    ...flat.filter((leaf) => !isVariable(leaf.field)).map((leaf) => `  ${emitPut(kind, leaf)};`),
    ...(texts.length === 0 ? [`  return at + ${block};`] : emitAppends(texts, block)),
    '}',
    '',
    `function decode${name}(from: Payload, at: number, kind: string): Members {`,
    `  expectBlock(from, at, ${block});`,
    ...emitTextPlaces(texts, block),
    `  return { kind, ${emitMembers(kind, fields, flat)} };`,
    '}',
    '',
    ...(of === 'decision' ? emitSame(kind, name, flat, block) : []),
  ]
    .filter((line) => line !== undefined)
    .join('\n');
}

/** A decision that was derived again is compared with the bytes of its record, not with a value made of them. */
function emitSame(kind: string, name: string, flat: readonly Leaf[], block: number): string[] {
  const texts = flat.filter((leaf) => isVariable(leaf.field));
  const fixed = flat.filter((leaf) => !isVariable(leaf.field)).map((leaf) => `    ${emitIs(kind, leaf)}`);
  const last = texts.length === 0 ? `at + ${block}` : `p${texts.length}`;
  return [
    `function isSame${name}(from: Payload, at: number, members: Members): boolean {`,
    `  const x = members as unknown as Of<'${kind}'>;`,
    `  if (at + ${block} > from.end) return false;`,
    `  const same =\n${fixed.join(' &&\n')};`,
    '  if (!same) return false;',
    ...texts.flatMap(({ path, field }, i) => {
      if (field.type !== 'str') throw new Error(`schema: ${path}: a hot decision has no ${field.type}`);
      const place = i === 0 ? `at + ${block}` : `p${i}`;
      return [`  const p${i + 1} = behindText(from, ${place}, x.${path});`, `  if (p${i + 1} < 0) return false;`];
    }),
    `  return ${last} === from.end;`,
    '}',
    '',
  ];
}

function emitIs(kind: string, { path, field, offset }: Leaf): string {
  const place = offset === 0 ? 'at' : `at + ${offset}`;
  if (field.type === 'enum') return `isWord(from, ${place}, x.${path}, ${wordsName(kind, path)})`;
  return `is${pascal(field.type)}(from, ${place}, x.${path})`;
}

interface Leaf {
  /** `order.side` */
  readonly path: string;
  readonly name: string;
  readonly field: Field;
  readonly offset: number;
}

function flatten(fields: FieldList, prefix: string, first: number): Leaf[] {
  const leaves: Leaf[] = [];
  let offset = first;
  for (const [name, field] of Object.entries(fields)) {
    if (field.type === 'group') leaves.push(...flatten(field.fields, `${prefix}${name}.`, offset));
    else leaves.push({ path: prefix + name, name, field, offset });
    offset += sizeOf(field);
  }
  return leaves;
}

function emitPut(kind: string, { path, name, field, offset }: Leaf): string {
  const place = offset === 0 ? 'at' : `at + ${offset}`;
  switch (field.type) {
    case 'f64':
    case 'bool':
      return `put${pascal(field.type)}(t, ${place}, x.${path})`;
    case 'enum':
      return `putWord(t, ${place}, x.${path}, ${wordsName(kind, path)}Codes, '${name}')`;
    case 'u32':
    case 'i32':
    case 'i64':
    case 'split':
      return `put${pascal(field.type)}(t, ${place}, x.${path}, '${name}')`;
    case 'str':
    case 'json':
    case 'group':
      throw new Error(`schema: ${path} of type ${field.type} has no fixed form`);
  }
}

function emitAppends(texts: readonly Leaf[], block: number): string[] {
  return texts.map(({ path, field }, i) => {
    const place = i === 0 ? `at + ${block}` : `p${i}`;
    const call = `${field.type === 'str' ? 'putText' : 'putJson'}(t, ${place}, x.${path})`;
    return i === texts.length - 1 ? `  return ${call};` : `  const p${i + 1} = ${call};`;
  });
}

/** `n0, p1, n1 …`: where each text begins and how long it is. */
function emitTextPlaces(texts: readonly Leaf[], block: number): string[] {
  const lines: string[] = [];
  texts.forEach(({ name }, i) => {
    lines.push(i === 0 ? `  const p0 = at + ${block};` : `  const p${i} = p${i - 1} + n${i - 1} + ${lengthPrefix};`);
    lines.push(`  const n${i} = textBytesAt(from, p${i}, '${name}');`);
  });
  const last = texts.length - 1;
  lines.push(last < 0 ? `  expectEnd(from, at + ${block});` : `  expectEnd(from, p${last} + n${last} + ${lengthPrefix});`);
  return lines;
}

function emitMembers(kind: string, fields: FieldList, flat: readonly Leaf[], prefix = ''): string {
  const texts = flat.filter((leaf) => isVariable(leaf.field));
  return Object.entries(fields)
    .map(([name, field]) => {
      const path = prefix + name;
      if (field.type === 'group') return `${name}: { ${emitMembers(kind, field.fields, flat, `${path}.`)} }`;
      const leaf = flat.find((candidate) => candidate.path === path);
      if (leaf === undefined) throw new Error(`schema: ${path} was not laid out`);
      return `${name}: ${emitTake(kind, leaf, texts.indexOf(leaf))}`;
    })
    .join(', ');
}

function emitTake(kind: string, { path, name, field, offset }: Leaf, text: number): string {
  const place = offset === 0 ? 'at' : `at + ${offset}`;
  switch (field.type) {
    case 'u32':
    case 'i32':
    case 'f64':
      return `from.view.get${{ u32: 'Uint32', i32: 'Int32', f64: 'Float64' }[field.type]}(${place}, true)`;
    case 'i64':
    case 'bool':
    case 'split':
      return `${field.type}At(from, ${place}, '${name}')`;
    case 'enum':
      return `wordAt(from, ${place}, ${wordsName(kind, path)}, '${name}')`;
    case 'str':
      return `textAt(from, p${text}, n${text}, '${name}')`;
    case 'json':
      return `parseJson(textAt(from, p${text}, n${text}, '${name}'), '${name}')`;
    case 'group':
      throw new Error(`schema: ${path} of type ${field.type} has no fixed form`);
  }
}

function wordsName(kind: string, path: string): string {
  return `${kind}${path.split('.').map(pascal).join('')}`;
}

function pascal(name: string): string {
  return name[0].toUpperCase() + name.slice(1);
}
