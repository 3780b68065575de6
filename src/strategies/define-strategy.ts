import { err, ok, type Result } from '../base/result.ts';
import { suggest } from '../base/suggest.ts';
import type { Adoption, ParameterSpec, ParameterValues, StrategyDefinition, StrategyInstance } from '../ports/strategy.ts';

/** Most parameters of one strategy. */
export const maxParameters = 64;

/** Value that a parameter's spec stands for. */
type ValueOf<S extends ParameterSpec> = S extends { type: 'integer' | 'number' }
  ? number
  : S extends { type: 'boolean' }
    ? boolean
    : S extends { choices: readonly (infer C)[] }
      ? C
      : never;

export type Parameters<P extends Readonly<Record<string, ParameterSpec>>> = { readonly [K in keyof P]: ValueOf<P[K]> };

export interface StrategyDraft<P extends Readonly<Record<string, ParameterSpec>>> {
  readonly name: string;
  readonly version: string;
  readonly parameters: P;
  /** A new instance; it owns its own state and reaches nothing but the context that its callbacks are given. */
  create(parameters: Parameters<P>): StrategyInstance;
  /** State that an instance of another version exported; left out = nothing is carried over and `migrate` refuses every schema by name. */
  migrate?(parameters: Parameters<P>, fromSchema: string, bytes: Uint8Array): Result<StrategyInstance, string>;
}

/**
 * A strategy with validated parameters. Instances get the hand-over callbacks that every version owes: an `adopt` that accepts only what it can go on
 * from (flat and without orders), unless the draft brings its own.
 * @throws RangeError when the draft itself contradicts (a default outside its range).
 */
export function defineStrategy<const P extends Readonly<Record<string, ParameterSpec>>>(draft: StrategyDraft<P>): StrategyDefinition {
  const names = Object.keys(draft.parameters);
  if (names.length > maxParameters)
    throw new RangeError(`strategy ${draft.name}: expected at most ${maxParameters} parameters, was ${names.length}`);
  for (const name of names) {
    const fault = faultOf(name, draft.parameters[name], draft.parameters[name].default);
    if (fault !== undefined) throw new RangeError(`strategy ${draft.name}: default of ${fault}`);
  }
  const parse = (values: ParameterValues): Result<ParameterValues, readonly string[]> => parseParameters(draft.parameters, values);
  const typed = (values: ParameterValues): Parameters<P> => values as Parameters<P>;
  return {
    name: draft.name,
    version: draft.version,
    parameters: draft.parameters,
    parse,
    create: (values) => withAdopt(draft.create(typed(values))),
    migrate: (values, fromSchema, bytes) => {
      if (draft.migrate === undefined) return err(`${draft.name} ${draft.version} takes no state over, was offered ${fromSchema}`);
      const migrated = draft.migrate(typed(values), fromSchema, bytes);
      return migrated.ok ? ok(withAdopt(migrated.value)) : migrated;
    },
  };
}

function withAdopt(instance: StrategyInstance): StrategyInstance {
  return 'adopt' in instance ? instance : Object.assign(instance, { adopt: acceptFlat });
}

/** Goes on from nothing but a flat start. */
function acceptFlat({ positions, orders }: Adoption): Result<'accepted', readonly string[]> {
  const held = positions.filter(({ position }) => position !== 0).length;
  if (held === 0 && orders.length === 0) return ok('accepted');
  return err([`expected to start flat, was offered ${held} positions and ${orders.length} orders`]);
}

function parseParameters(
  specs: Readonly<Record<string, ParameterSpec>>,
  values: ParameterValues,
): Result<ParameterValues, readonly string[]> {
  const faults: string[] = [];
  const parsed: Record<string, string | number | boolean> = {};
  for (const name of Object.keys(values)) {
    if (!(name in specs)) faults.push(`unknown parameter ${name}${suggest(name, Object.keys(specs))}`);
  }
  for (const [name, spec] of Object.entries(specs)) {
    const value = name in values ? values[name] : spec.default;
    const fault = faultOf(name, spec, value);
    if (fault === undefined) parsed[name] = value;
    else faults.push(fault);
  }
  return faults.length === 0 ? ok(parsed) : err(faults);
}

function faultOf(name: string, spec: ParameterSpec, value: string | number | boolean): string | undefined {
  switch (spec.type) {
    case 'integer':
    case 'number': {
      const fits =
        typeof value === 'number' &&
        Number.isFinite(value) &&
        value >= spec.min &&
        value <= spec.max &&
        (spec.type === 'number' || Number.isInteger(value));
      return fits
        ? undefined
        : `${name}: expected ${spec.type === 'integer' ? 'a whole number' : 'a number'} ${spec.min}…${spec.max} ${spec.unit}, was ${value}`;
    }
    case 'boolean':
      return typeof value === 'boolean' ? undefined : `${name}: expected true or false, was ${value}`;
    case 'choice':
      return typeof value === 'string' && spec.choices.includes(value)
        ? undefined
        : `${name}: expected one of ${spec.choices.join(', ')}, was ${value}`;
  }
}
