import type { JsonValue } from '../../base/canonical.ts';
import { splitString } from '../../base/split.ts';
import type { RecordValue } from './codec.ts';
import type { Field, FieldList } from './field.ts';
import { entryOf } from './table.ts';

/** A value of a record as JSON for people: money as a decimal integer string, numbers that JSON lacks as words. */
export function jsonView(value: RecordValue): { readonly [key: string]: JsonValue } {
  const content = value.of === 'input' ? value.input : value.decision;
  const { fields } = entryOf(value.of, content.kind);
  const members = content as unknown as Readonly<Record<string, unknown>>;
  const { kind: _kind, ...rest } = members;
  return { kind: content.kind, ...(fields === undefined ? (rest as { readonly [key: string]: JsonValue }) : membersView(fields, members)) };
}

function membersView(fields: FieldList, members: Readonly<Record<string, unknown>>): { readonly [key: string]: JsonValue } {
  return Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, fieldView(field, members[name])]));
}

function fieldView(field: Field, value: unknown): JsonValue {
  switch (field.type) {
    case 'f64': {
      const x = value as number;
      return Number.isFinite(x) ? x + 0 : String(x);
    }
    case 'split':
      return splitString(value as { hi: number; lo: number });
    case 'group':
      return membersView(field.fields, value as Readonly<Record<string, unknown>>);
    case 'u32':
    case 'i32':
    case 'i64':
    case 'bool':
    case 'enum':
    case 'str':
    case 'json':
      return value as JsonValue;
  }
}
