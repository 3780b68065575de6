import type { JsonValue } from '../../base/canonical.ts';
import type { FieldList } from './field.ts';
import { blockLength, isVariable, sizeOf } from './layout.ts';
import { entries } from './table.ts';

/** The schema as others may read it: every kind with its id, version, block length and the place of each field. */
export function publishedSchema(): JsonValue {
  return {
    description:
      'Payloads of journal records. Little-endian. The fixed block comes first, without gaps; the variable-length fields follow in order, each a u32 length and UTF-8 bytes (json: RFC 8785). i64 holds safe integers; split is i64 high and i64 low part (0 <= low < 2^48), value = high * 2^48 + low; bool is 0 or 1; enum is a u8, the place in words.',
    messages: entries.map((entry) => ({
      kind: entry.kind,
      of: entry.of,
      type: entry.id,
      schema: entry.version,
      blockLength: entry.fields === undefined ? 0 : blockLength(entry.fields),
      fields: entry.fields === undefined ? [{ name: '*', type: 'json' }] : publishedFields(entry.fields),
    })),
  };
}

function publishedFields(fields: FieldList): JsonValue[] {
  const fixed: JsonValue[] = [];
  const variable: JsonValue[] = [];
  collect(fields, '', 0, fixed, variable);
  return [...fixed, ...variable];
}

function collect(fields: FieldList, prefix: string, first: number, fixed: JsonValue[], variable: JsonValue[]): void {
  let offset = first;
  for (const [member, field] of Object.entries(fields)) {
    const name = prefix + member;
    if (field.type === 'group') collect(field.fields, `${name}.`, offset, fixed, variable);
    else if (isVariable(field)) variable.push({ name, type: field.type });
    else if (field.type === 'enum') fixed.push({ name, type: 'enum', offset, words: field.values });
    else fixed.push({ name, type: field.type, offset });
    offset += sizeOf(field);
  }
}
