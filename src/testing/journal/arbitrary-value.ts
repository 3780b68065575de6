import fc from 'fast-check';
import type { Field, FieldList } from '../../domain/schema/field.ts';
import type { Entry } from '../../domain/schema/table.ts';

type Members = Record<string, unknown>;

/** Values of a kind of record, drawn from its table entry: every fixed field over its whole range, texts in all scripts, JSON of any shape. */
export function arbitraryValue(entry: Entry): fc.Arbitrary<Members> {
  const members = entry.fields === undefined ? fc.dictionary(memberName, arbitraryJson, { maxKeys: 4 }) : arbitraryMembers(entry.fields);
  return members.map((value) => ({ ...value, kind: entry.kind }));
}

const memberName = fc.stringMatching(/^[a-jl-z][a-zA-Z]{0,8}$/);
const text = fc.string({ unit: 'binary', maxLength: 40 });
const int64 = fc
  .oneof(
    fc.maxSafeInteger(),
    fc.integer({ min: -3, max: 3 }),
    fc.constantFrom(Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER, 2 ** 31, -(2 ** 31) - 1, 2 ** 32),
  )
  .map(positiveZero);
/** JSON has one zero. */
const arbitraryJson = fc.jsonValue({ maxDepth: 3 }).map((value) => JSON.parse(JSON.stringify(value)) as unknown);

function arbitraryMembers(fields: FieldList): fc.Arbitrary<Members> {
  return fc.record(Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, arbitraryField(field)])));
}

function arbitraryField(field: Field): fc.Arbitrary<unknown> {
  switch (field.type) {
    case 'u32':
      return fc.integer({ min: 0, max: 4294967295 });
    case 'i32':
      return fc.integer({ min: -2147483648, max: 2147483647 });
    case 'i64':
      return int64;
    case 'f64':
      return fc.double();
    case 'bool':
      return fc.boolean();
    case 'enum':
      return fc.constantFrom(...field.values);
    case 'split':
      return fc.record({ hi: int64, lo: fc.integer({ min: 0, max: 281474976710655 }) });
    case 'str':
      return text;
    case 'json':
      return arbitraryJson;
    case 'group':
      return arbitraryMembers(field.fields);
  }
}

function positiveZero(n: number): number {
  return n + 0;
}
