import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { parse } from 'yaml';
import { deploymentStrategies } from '../spec.ts';
import { FieldReader, isPlainObject, type PlainObject, type PlainValue } from './field-reader.ts';
import { parseSpec } from './spec-parser.ts';
import { specSchema } from './spec-schema.ts';

const root = join(import.meta.dirname, '../../..');
const published = JSON.parse(readFileSync(join(root, 'docs/reference/deployment-schema.json'), 'utf8')) as PlainObject;
const [document, fragment] = published['anyOf'] as readonly PlainObject[];

/** Fields that the parser asks for, by the path of their object. */
function asked(): ReadonlyMap<string, ReadonlySet<string>> {
  const seen = new Map<string, Set<string>>();
  const raw: unknown = Reflect.get(FieldReader.prototype, 'raw');
  if (typeof raw !== 'function') throw new Error('expected FieldReader.raw');
  vi.spyOn(FieldReader.prototype, 'raw').mockImplementation(function (this: FieldReader, name: string, ...aliases: string[]) {
    const path = this.path.replace(/\[\d+\]/g, '[]');
    for (const one of [name, ...aliases]) seen.set(path, (seen.get(path) ?? new Set<string>()).add(one));
    return raw.call(this, name, ...aliases) as PlainValue | undefined;
  });
  const rung = [{ entryApproval: {} }];
  const inner = {
    clock: {},
    freezeWindows: [{}],
    expect: {},
    baseline: {},
    stages: rung,
    gates: [{}],
    rollbackThresholds: {},
    rollback: {},
    handover: {},
  };
  const configuration = { ...inner, promotionCriteria: {}, confidenceThresholds: rung, entryApproval: {} };
  for (const more of [{}, { promotionCriteria: {} }])
    for (const strategy of deploymentStrategies)
      parseSpec(
        { strategy, algorithm: {}, venues: [{}], configuration, ...more },
        { accountGroup: 'main', currency: 'USD', universe: ['X.V'], venues: [], calendar: 'ALWAYS' },
      );
  return seen;
}

/** Fields of a schema, by the path of their object. */
function fields(schema: PlainObject, path: string, into: Map<string, ReadonlySet<string>>): typeof into {
  const { items, properties } = schema;
  if (isPlainObject(items)) fields(items, `${path}[]`, into);
  if (!isPlainObject(properties)) return into;
  into.set(path, new Set(Object.keys(properties)));
  for (const [name, one] of Object.entries(properties)) if (isPlainObject(one)) fields(one, path === '' ? name : `${path}.${name}`, into);
  return into;
}

const typeOf = (value: PlainValue): string => (value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value);

/** The part of JSON Schema that is used here. */
function fits(schema: PlainObject, value: PlainValue): boolean {
  const { type, properties, required, items, pattern, minimum, maximum } = schema;
  const among = schema['enum'];
  if (Array.isArray(among)) return among.includes(value);
  const types = (typeof type === 'string' ? [type] : (type as readonly string[])).map((one) => (one === 'integer' ? 'number' : one));
  if (!types.includes(typeOf(value))) return false;
  if (
    typeof value === 'number' &&
    !(value >= ((minimum as number | undefined) ?? -Infinity) && value <= ((maximum as number | undefined) ?? Infinity))
  )
    return false;
  if (typeof value === 'string' && typeof pattern === 'string' && !new RegExp(pattern).test(value)) return false;
  if (Array.isArray(value)) return value.every((one: PlainValue) => !isPlainObject(items) || fits(items, one));
  if (!isPlainObject(value) || !isPlainObject(properties)) return true;
  const known = Object.entries(value).every(([name, one]) => isPlainObject(properties[name]) && fits(properties[name], one));
  return known && (required as readonly string[]).every((name) => name in value);
}

afterEach(() => {
  vi.restoreAllMocks();
});

describe('the published JSON Schema of a deployment', () => {
  it('is what npm run reference writes', () => {
    expect(published).toEqual(JSON.parse(JSON.stringify(specSchema)));
  });

  it('has exactly the fields that the parser reads, object by object', () => {
    const plain = (map: ReadonlyMap<string, ReadonlySet<string>>): unknown =>
      Object.fromEntries([...map].sort(([a], [b]) => (a < b ? -1 : 1)).map(([path, names]) => [path, [...names].sort()]));
    expect(plain(fields(document, '', new Map()))).toEqual(plain(asked()));
  });

  it.each(['canary', 'paper-then-canary', 'reference-ladder'])('takes examples/%s.yaml, and not with a field that nobody knows', (name) => {
    const spec = parse(readFileSync(join(root, `examples/${name}.yaml`), 'utf8')) as PlainObject;
    expect(fits(document, spec)).toBe(true);
    expect(fits(document, { ...spec, configuration: { ...(spec['configuration'] as PlainObject), stagges: [] } })).toBe(false);
    expect(fits(document, { ...spec, strategy: 'Canari' })).toBe(false);
  });

  it('takes a fragment of the seeds with its fields at the top', () => {
    const seed = { strategy: 'PaperTrading', duration: 'P7D', capital: 100_000, promotionCriteria: { minSharpeRatio: 1.5 } };
    expect([fits(fragment, seed), fits(document, seed)]).toEqual([true, false]);
  });
});
