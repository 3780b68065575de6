import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parse } from 'yaml';
import { isPlainObject, type PlainObject, type PlainValue } from '../../domain/spec-parser/field-reader.ts';
import { maxChain } from '../../domain/spec-parser/spec-parser.ts';
import { exitCodes, Refusal } from '../desk/exit-codes.ts';

/** Largest spec file (bytes). */
const maxSpecBytes = 1_048_576;

/** Reads a YAML or JSON spec as plain values; a `then` that names a file is read in from beside it. */
export function readSpecFile(file: string, depth = 0): PlainObject {
  if (depth > maxChain) throw new Refusal(exitCodes.refused, `${file}: expected a chain of at most ${maxChain} specs`);
  const value = parseText(file, readText(file));
  if (!isPlainObject(value)) throw new Refusal(exitCodes.refused, `${file}: expected an object`);
  return withThen(value, file, depth);
}

function readText(file: string): string {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new Refusal(exitCodes.refused, `${file}: cannot be read: ${reasonOf(error)}`);
  }
  if (text.length > maxSpecBytes)
    throw new Refusal(exitCodes.refused, `${file}: expected at most ${maxSpecBytes} bytes, was ${text.length}`);
  return text;
}

function parseText(file: string, text: string): PlainValue {
  try {
    const value: unknown = parse(text, { maxAliasCount: 100 });
    if (isPlain(value, 0)) return value;
  } catch (error) {
    throw new Refusal(exitCodes.refused, `${file}: ${reasonOf(error).split('\n', 1)[0]}`);
  }
  throw new Refusal(exitCodes.refused, `${file}: expected texts, numbers, true/false, lists and objects, at most ${maxDepth} deep`);
}

/** Deepest nesting of a spec. */
const maxDepth = 32;

/** Only what JSON knows: YAML may make dates and the like. */
function isPlain(value: unknown, depth: number): value is PlainValue {
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return true;
  if (typeof value !== 'object' || depth > maxDepth) return false;
  return Object.values(value).every((item) => isPlain(item, depth + 1));
}

function withThen(value: PlainObject, file: string, depth: number): PlainObject {
  const configuration = value['configuration'];
  const holder = isPlainObject(configuration) ? configuration : value;
  const then = holder['then'];
  if (typeof then !== 'string') return value;
  const next = readSpecFile(resolve(dirname(file), then), depth + 1);
  const filled = { ...holder, then: next };
  return holder === value ? filled : { ...value, configuration: filled };
}

function reasonOf(error: unknown): string {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return 'no such file';
  return error instanceof Error ? error.message : String(error);
}
