import type { Field, FieldList } from './field.ts';
import { blockLength, isVariable, lengthPrefix, sizeOf } from './layout.ts';
import { boolAt, expectBlock, expectEnd, i64At, parseJson, splitAt, textAt, textBytesAt, wordAt } from './wire.ts';
import type { Payload } from './wire.ts';

type Draft = Record<string, unknown>;
type Take = (from: Payload, at: number, out: Draft) => void;
type TakeNext = (from: Payload, at: number, out: Draft) => number;

/** The value at `at`. @throws PayloadError when the bytes up to the payload's end are not exactly one. */
export type Decode = (from: Payload, at: number) => Readonly<Draft>;

/** Whether the bytes from `at` to the payload's end are those that the value is written as. */
export type Same = (from: Payload, at: number, value: Readonly<Draft>) => boolean;

/** The obvious decoder: one closure per field. */
export function decoderOf(kind: string, fields: FieldList): Decode {
  const block = blockLength(fields);
  const takes = fixedTakes(fields, 0);
  const texts = variableTakes(fields);
  const groups = Object.keys(fields).filter((name) => fields[name].type === 'group');
  return (from, at) => {
    expectBlock(from, at, block);
    const out: Draft = { kind };
    for (const name of groups) out[name] = {};
    for (let i = 0; i < takes.length; i++) takes[i](from, at, out);
    let p = at + block;
    for (let i = 0; i < texts.length; i++) p = texts[i](from, p, out);
    expectEnd(from, p);
    return out;
  };
}

/** A kind that is one json value: all members but the discriminant. */
export function decodeWhole(kind: string): Decode {
  return (from, at) => {
    const bytes = textBytesAt(from, at, 'value');
    expectEnd(from, at + lengthPrefix + bytes);
    return { kind, ...(parseJson(textAt(from, at, bytes, 'value'), 'value') as Draft) };
  };
}

function fixedTakes(fields: FieldList, first: number): Take[] {
  const takes: Take[] = [];
  let offset = first;
  for (const [name, field] of Object.entries(fields)) {
    if (field.type === 'group') takes.push(groupTake(name, fixedTakes(field.fields, offset)));
    else if (!isVariable(field)) takes.push(fixedTake(name, field, offset));
    offset += sizeOf(field);
  }
  return takes;
}

function groupTake(name: string, takes: readonly Take[]): Take {
  return (from, at, out) => {
    const inner = out[name] as Draft;
    for (let i = 0; i < takes.length; i++) takes[i](from, at, inner);
  };
}

function variableTakes(fields: FieldList): TakeNext[] {
  const takes: TakeNext[] = [];
  for (const [name, field] of Object.entries(fields)) {
    if (isVariable(field)) takes.push(textTake(name, field.type === 'json'));
    else if (field.type === 'group') {
      for (const inner of variableTakes(field.fields)) takes.push((from, at, out) => inner(from, at, out[name] as Draft));
    }
  }
  return takes;
}

function textTake(name: string, json: boolean): TakeNext {
  return (from, at, out) => {
    const bytes = textBytesAt(from, at, name);
    const text = textAt(from, at, bytes, name);
    out[name] = json ? parseJson(text, name) : text;
    return at + lengthPrefix + bytes;
  };
}

function fixedTake(name: string, field: Field, offset: number): Take {
  switch (field.type) {
    case 'u32':
      return (from, at, out) => void (out[name] = from.view.getUint32(at + offset, true));
    case 'i32':
      return (from, at, out) => void (out[name] = from.view.getInt32(at + offset, true));
    case 'i64':
      return (from, at, out) => void (out[name] = i64At(from, at + offset, name));
    case 'f64':
      return (from, at, out) => void (out[name] = from.view.getFloat64(at + offset, true));
    case 'bool':
      return (from, at, out) => void (out[name] = boolAt(from, at + offset, name));
    case 'enum':
      return (from, at, out) => void (out[name] = wordAt(from, at + offset, field.values, name));
    case 'split':
      return (from, at, out) => void (out[name] = splitAt(from, at + offset, name));
    case 'str':
    case 'json':
    case 'group':
      throw new Error(`schema: ${name} of type ${field.type} has no fixed form`);
  }
}
