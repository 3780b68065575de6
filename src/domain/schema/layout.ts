import type { Field, FieldList } from './field.ts';

/** Bytes of the length that stands before variable-length data. */
export const lengthPrefix = 4;

export function isVariable(field: Field): boolean {
  return field.type === 'str' || field.type === 'json';
}

/** Bytes that a field takes in the fixed block; 0 for variable-length data. */
export function sizeOf(field: Field): number {
  switch (field.type) {
    case 'bool':
    case 'enum':
      return 1;
    case 'u32':
    case 'i32':
      return 4;
    case 'i64':
    case 'f64':
      return 8;
    case 'split':
      return 16;
    case 'group':
      return blockLength(field.fields);
    case 'str':
    case 'json':
      return 0;
  }
}

export function blockLength(fields: FieldList): number {
  let bytes = 0;
  for (const field of Object.values(fields)) bytes += sizeOf(field);
  return bytes;
}
