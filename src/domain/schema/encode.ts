import type { ByteTarget } from './byte-target.ts';
import type { Field, FieldList } from './field.ts';
import { blockLength, isVariable, sizeOf } from './layout.ts';
import { codesOf, putBool, putF64, putI32, putI64, putJson, putSplit, putText, putU32, putWord } from './wire.ts';

/** An object whose type is forgotten; the table, typed against the domain, has vouched for its members. */
export type Members = Readonly<Record<string, unknown>>;

/** Writes `x` at `at` and returns the offset behind it. @throws RangeError when a number does not fit its field or a word is not in its list. */
export type Encode = (target: ByteTarget, at: number, x: Members) => number;

type Put = (target: ByteTarget, at: number, x: Members) => void;

/** The obvious encoder: one closure per field. `generated/` has the same bytes for the hot kinds, quicker; a test holds them together. */
export function encoderOf(fields: FieldList): Encode {
  const block = blockLength(fields);
  const puts = fixedPuts(fields, 0);
  const appends = variableAppends(fields);
  return (target, at, x) => {
    target.reserve(at + block);
    for (let i = 0; i < puts.length; i++) puts[i](target, at, x);
    let end = at + block;
    for (let i = 0; i < appends.length; i++) end = appends[i](target, end, x);
    return end;
  };
}

/** A kind that is one json value: all members but the discriminant. */
export const encodeWhole: Encode = (target, at, x) => {
  const { kind: _kind, ...body } = x;
  return putJson(target, at, body);
};

function fixedPuts(fields: FieldList, first: number): Put[] {
  const puts: Put[] = [];
  let offset = first;
  for (const [name, field] of Object.entries(fields)) {
    if (field.type === 'group') puts.push(groupPut(name, fixedPuts(field.fields, offset)));
    else if (!isVariable(field)) puts.push(fixedPut(name, field, offset));
    offset += sizeOf(field);
  }
  return puts;
}

function groupPut(name: string, puts: readonly Put[]): Put {
  return (target, at, x) => {
    const inner = x[name] as Members;
    for (let i = 0; i < puts.length; i++) puts[i](target, at, inner);
  };
}

function variableAppends(fields: FieldList): Encode[] {
  const appends: Encode[] = [];
  for (const [name, field] of Object.entries(fields)) {
    if (field.type === 'str') appends.push((target, at, x) => putText(target, at, x[name] as string));
    else if (field.type === 'json') appends.push((target, at, x) => putJson(target, at, x[name]));
    else if (field.type === 'group') {
      for (const inner of variableAppends(field.fields)) appends.push((target, at, x) => inner(target, at, x[name] as Members));
    }
  }
  return appends;
}

function fixedPut(name: string, field: Field, offset: number): Put {
  switch (field.type) {
    case 'i64':
      return (target, at, x) => putI64(target, at + offset, x[name] as number, name);
    case 'f64':
      return (target, at, x) => putF64(target, at + offset, x[name] as number);
    case 'i32':
      return (target, at, x) => putI32(target, at + offset, x[name] as number, name);
    case 'u32':
      return (target, at, x) => putU32(target, at + offset, x[name] as number, name);
    case 'bool':
      return (target, at, x) => putBool(target, at + offset, x[name] as boolean);
    case 'enum': {
      const codes = codesOf(field.values);
      return (target, at, x) => putWord(target, at + offset, x[name] as string, codes, name);
    }
    case 'split':
      return (target, at, x) => putSplit(target, at + offset, x[name] as { readonly hi: number; readonly lo: number }, name);
    case 'str':
    case 'json':
    case 'group':
      throw new Error(`schema: ${name} of type ${field.type} has no fixed form`);
  }
}
