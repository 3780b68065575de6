import { prng } from '../base/prng.ts';
import { err, ok, type Result } from '../base/result.ts';
import { suggest } from '../base/suggest.ts';
import type { ParameterSpec, ParameterValues, StrategyDefinition } from '../ports/strategy.ts';

/** Most configurations of one sweep. */
export const maxPoints = 1_000_000;
/** Draws after which a random search stops looking for configurations that it has not had yet, per configuration wanted. */
const drawsPerPoint = 20;

/** The values that one parameter takes: a list, or an interval to draw from. */
export type Axis =
  | { readonly kind: 'values'; readonly name: string; readonly values: readonly (string | number | boolean)[] }
  | { readonly kind: 'interval'; readonly name: string; readonly min: number; readonly max: number; readonly whole: boolean };

export type ParameterSpace = readonly Axis[];

/**
 * Axes from texts `fast=5:50:5` (from, to, step), `fast=5,10,20` (a list), `fast=5:50` (every whole number, or an interval to draw from) and `fast=10`.
 * A parameter named twice, unknown or outside its declared range is refused.
 */
export function parseSpace(texts: readonly string[], definition: StrategyDefinition): Result<ParameterSpace, readonly string[]> {
  const axes: Axis[] = [];
  const faults: string[] = [];
  for (const text of texts) {
    const at = text.indexOf('=');
    const name = text.slice(0, Math.max(at, 0));
    if (at < 1) faults.push(`--param ${text}: expected name=value, name=a,b,c or name=from:to:step`);
    else if (!Object.hasOwn(definition.parameters, name))
      faults.push(`--param ${text}: ${definition.name} has no parameter ${name}${suggest(name, Object.keys(definition.parameters))}`);
    else if (axes.some((axis) => axis.name === name)) faults.push(`--param ${text}: expected ${name} once`);
    else {
      const axis = axisOf(name, text.slice(at + 1), definition.parameters[name]);
      if (axis.ok) axes.push(axis.value);
      else faults.push(`--param ${text}: ${axis.error}`);
    }
  }
  return faults.length > 0 ? err(faults) : ok(axes);
}

function axisOf(name: string, text: string, spec: ParameterSpec): Result<Axis, string> {
  if (spec.type === 'boolean' || spec.type === 'choice') {
    const known = spec.type === 'choice' ? spec.choices : ['true', 'false'];
    const words = text.split(',');
    const wrong = words.find((word) => !known.includes(word));
    if (wrong !== undefined) return err(`expected ${known.join(' or ')}, was ${wrong}`);
    return ok({ kind: 'values', name, values: spec.type === 'choice' ? words : words.map((word) => word === 'true') });
  }
  const axis = text.includes(':') ? rangeOf(name, text, spec.type === 'integer') : listOf(name, text);
  if (!axis.ok) return axis;
  const bounds = axis.value.kind === 'values' ? axis.value.values : [axis.value.min, axis.value.max];
  const outside = bounds.find(
    (value) => !(Number(value) >= spec.min && Number(value) <= spec.max) || (spec.type === 'integer' && !Number.isInteger(value)),
  );
  if (outside === undefined) return axis;
  return err(`expected ${spec.type === 'integer' ? 'whole numbers' : 'numbers'} ${spec.min}…${spec.max} ${spec.unit}, was ${outside}`);
}

function listOf(name: string, text: string): Result<Axis, string> {
  const words = text.split(',').map((word) => word.trim());
  const wrong = words.find((word) => decimalsOf(word) === undefined);
  if (wrong !== undefined) return err(`expected a number, was '${wrong}'`);
  const values = words.map(Number);
  if (new Set(values).size < values.length) return err('expected each value once');
  return ok({ kind: 'values', name, values });
}

function rangeOf(name: string, text: string, whole: boolean): Result<Axis, string> {
  const words = text.split(':').map((word) => word.trim());
  const places = words.map(decimalsOf);
  if (words.length > 3 || places.includes(undefined)) return err('expected from:to:step in numbers');
  const [min, max] = words.map(Number);
  if (min > max) return err(`expected from at most to, was ${words[0]}:${words[1]}`);
  if (words.length === 2 && !whole) return ok({ kind: 'interval', name, min, max, whole });
  // in whole units of the finest decimal place, so that the third step of 0.1 is 0.3
  const scale = Math.max(...places.map((place) => place ?? 0));
  const unit = Number(`1e${scale}`);
  const [first, last, step] = [min, max, words.length === 3 ? Number(words[2]) : 1].map((value) => Math.round(value * unit));
  if (step <= 0) return err(`expected a step above 0, was ${words[2]}`);
  const count = Math.floor((last - first) / step) + 1;
  if (count > maxPoints) return err(`expected at most ${maxPoints} values, was ${count}`);
  if (words.length === 2 && count > 1000) return ok({ kind: 'interval', name, min, max, whole });
  return ok({ kind: 'values', name, values: Array.from({ length: count }, (_, i) => (first + i * step) / unit) });
}

/** Decimal places of a plain decimal, undefined when the text is none. */
function decimalsOf(word: string): number | undefined {
  const match = /^-?\d{1,15}(?:\.(\d{1,9}))?$/.exec(word);
  return match === null ? undefined : (match[1] ?? '').length;
}

/** Every combination, the last axis fastest. Each in full: what the space does not name has its default. */
export function gridOf(space: ParameterSpace, fixed: ParameterValues): Result<readonly ParameterValues[], string> {
  const interval = space.find((axis) => axis.kind === 'interval');
  if (interval !== undefined) return err(`--param ${interval.name}: a grid needs from:to:step; a random search draws from an interval`);
  const count = space.reduce((product, axis) => product * (axis.kind === 'values' ? axis.values.length : 1), 1);
  if (count > maxPoints) return err(`expected a grid of at most ${maxPoints} configurations, was ${count}`);
  let points: ParameterValues[] = [fixed];
  for (const axis of space) {
    if (axis.kind !== 'values') continue;
    points = points.flatMap((point) => axis.values.map((value) => ({ ...point, [axis.name]: value })));
  }
  return ok(points);
}

/** `count` different configurations drawn by seed, fewer where the space has no more. */
export function randomPoints(
  space: ParameterSpace,
  fixed: ParameterValues,
  count: number,
  seed: number,
): Result<readonly ParameterValues[], string> {
  if (!(Number.isInteger(count) && count >= 1 && count <= maxPoints))
    return err(`expected 1…${maxPoints} random configurations, was ${count}`);
  const random = prng(`sweep/${seed}`);
  const points = new Map<string, ParameterValues>();
  for (let draw = 0; points.size < count && draw < count * drawsPerPoint; draw++) {
    const point: Record<string, string | number | boolean> = { ...fixed };
    for (const axis of space) point[axis.name] = drawn(axis, random.float());
    const key = JSON.stringify(point);
    if (!points.has(key)) points.set(key, point);
  }
  return ok([...points.values()]);
}

function drawn(axis: Axis, luck: number): string | number | boolean {
  if (axis.kind === 'values') return axis.values[Math.floor(luck * axis.values.length)];
  if (axis.whole) return axis.min + Math.floor(luck * (axis.max - axis.min + 1));
  return axis.min + luck * (axis.max - axis.min);
}
