import { describe, expect, it } from 'vitest';
import { defineStrategy } from '../strategies/define-strategy.ts';
import { gridOf, parseSpace, randomPoints, type ParameterSpace } from './parameter-space.ts';

const bars = { type: 'integer', min: 1, max: 500, unit: 'bars', meaning: 'window' } as const;
const definition = defineStrategy({
  name: 'crossing',
  version: '1.0.0',
  parameters: {
    fast: { ...bars, default: 10 },
    slow: { ...bars, default: 50 },
    band: { type: 'number', default: 1, min: 0, max: 5, unit: 'sd', meaning: 'width' },
    side: { type: 'choice', default: 'both', choices: ['long', 'both'], meaning: 'side' },
    exits: { type: 'boolean', default: true, meaning: 'exits' },
  },
  create: () => ({}),
});

function spaceOf(...texts: string[]): ParameterSpace {
  const parsed = parseSpace(texts, definition);
  if (!parsed.ok) throw new Error(parsed.error.join('; '));
  return parsed.value;
}

function faultsOf(...texts: string[]): readonly string[] {
  const parsed = parseSpace(texts, definition);
  return parsed.ok ? [] : parsed.error;
}

describe('a space of parameters', () => {
  it('is a grid in the order written, the last axis fastest', () => {
    const grid = gridOf(spaceOf('fast=5:15:5', 'side=long,both', 'exits=false'), { slow: 50 });
    expect(grid.ok && grid.value.map((point) => Object.values(point).join(' '))).toEqual(
      ['5', '10', '15'].flatMap((fast) => [`50 ${fast} long false`, `50 ${fast} both false`]),
    );
  });
  it('steps in decimals, not in their doubles', () => {
    expect(spaceOf('band=0.1:0.5:0.1')).toEqual([{ kind: 'values', name: 'band', values: [0.1, 0.2, 0.3, 0.4, 0.5] }]);
  });
  it('takes every whole number of a range without a step, and draws from an interval of numbers', () => {
    expect(spaceOf('fast=3:5', 'band=0:2')).toEqual([
      { kind: 'values', name: 'fast', values: [3, 4, 5] },
      { kind: 'interval', name: 'band', min: 0, max: 2, whole: false },
    ]);
  });
  it('draws by seed, each configuration once, and no more than there are', () => {
    const space = spaceOf('fast=1:40', 'band=0:2');
    const [one, again, other] = [7, 7, 8].map((seed) => randomPoints(space, {}, 200, seed));
    expect(one).toEqual(again);
    expect(one).not.toEqual(other);
    expect(one.ok && new Set(one.value.map((point) => JSON.stringify(point))).size).toBe(200);
    const few = randomPoints(spaceOf('fast=1:3', 'exits=true,false'), {}, 100, 1);
    expect(few.ok && few.value.length).toBe(6);
  });
  it('refuses by name what it cannot mean', () => {
    expect(faultsOf('fats=1:5:1')).toEqual(['--param fats=1:5:1: crossing has no parameter fats (did you mean fast?)']);
    expect(faultsOf('fast')).toEqual(['--param fast: expected name=value, name=a,b,c or name=from:to:step']);
    expect(faultsOf('fast=0:5:1')).toEqual(['--param fast=0:5:1: expected whole numbers 1…500 bars, was 0']);
    expect(faultsOf('fast=1:5:0.5')[0]).toContain('expected whole numbers 1…500 bars, was 1.5');
    expect(faultsOf('fast=9:5:1')[0]).toContain('expected from at most to, was 9:5');
    expect(faultsOf('fast=1:5:0')[0]).toContain('expected a step above 0, was 0');
    expect(faultsOf('fast=1,x')[0]).toContain("expected a number, was 'x'");
    expect(faultsOf('fast=1,1')[0]).toContain('expected each value once');
    expect(faultsOf('fast=1', 'fast=2')).toEqual(['--param fast=2: expected fast once']);
    expect(faultsOf('side=short')).toEqual(['--param side=short: expected long or both, was short']);
    const grid = gridOf(spaceOf('band=0:2'), {});
    expect(grid.ok || grid.error).toContain('--param band: a grid needs from:to:step');
    const large = gridOf(spaceOf('fast=1:500:1', 'slow=1:500:1', 'band=0:5:1'), {});
    expect(large.ok || large.error).toContain('expected a grid of at most 1000000 configurations');
  });
});
