import type { Duration } from '../../base/duration.ts';
import { roundHalfEven } from '../../base/decimal.ts';
import { roles, type Role } from '../actor.ts';
import type { Expectations, GateSpec, RollbackPolicy, RollbackThresholds, Stage } from '../spec.ts';
import { flattenModes } from '../spec.ts';
import { isPlainObject, shown, type FieldReader } from './field-reader.ts';

/** Most rungs of a ladder. */
export const maxStages = 32;
const fullAllocation = 10_000;
const noDuration: Duration = { days: 0, micros: 0 };

const defaultNames = new Map([
  [100, 'Micro'],
  [500, 'Small'],
  [1_000, 'Medium'],
  [2_500, 'Large'],
  [5_000, 'Half'],
  [10_000, 'Full'],
]);

/** What a rung is called that has no name of its own; allocation in 0.0001. */
export function stageName(allocation: number): string {
  return defaultNames.get(allocation) ?? `${allocation / 100} %`;
}

export function readStages(readers: readonly FieldReader[]): readonly Stage[] {
  const stages: Stage[] = [];
  let before = 0;
  for (const reader of readers) {
    const fraction = reader.number('allocation', 0, 1);
    const allocation = fraction === undefined ? 0 : roundHalfEven(fraction * fullAllocation);
    if (fraction !== undefined && Math.abs(fraction * fullAllocation - allocation) > 1e-9)
      reader.fault('allocation', `expected steps of 0.0001, was ${fraction}`);
    else if (fraction !== undefined && allocation <= before)
      reader.fault('allocation', `expected more than the stage before (${before / fullAllocation}), was ${fraction ?? 'nothing'}`);
    if (fraction === undefined && !reader.has('allocation')) reader.fault('allocation', 'expected a share of the capital 0…1, was nothing');
    before = Math.max(before, allocation);
    const minDuration = reader.duration('minDuration');
    if (minDuration === undefined && !reader.has('minDuration'))
      reader.fault('minDuration', 'expected how long the stage lasts at least, was nothing');
    stages.push({
      name: reader.text('name') ?? stageName(allocation),
      allocation,
      minDuration: minDuration ?? noDuration,
      minPnL: reader.money('minPnL') ?? '0',
      minTrades: reader.integer('minTrades', 0, 1e9) ?? 1,
      entryGates: reader.texts('entryGates') ?? [],
      entryApproval: readApproval(reader),
    });
    reader.refuseUnknown();
  }
  return stages;
}

export function readApproval(stage: FieldReader): Stage['entryApproval'] {
  const approval = stage.object('entryApproval');
  if (approval === undefined) return null;
  const named = approval.texts('roles') ?? [];
  const known = named.filter((role): role is Role => roles.some((one) => one === role));
  if (known.length !== named.length || known.length === 0)
    approval.fault('roles', `expected roles of ${roles.join(', ')}, was ${named.join(', ')}`);
  const count = approval.integer('count', 1, 8) ?? 1;
  approval.refuseUnknown();
  return { roles: known, count };
}

export const gateFields = [
  'grid',
  'minE',
  'margin',
  'alpha',
  'against',
  'm0',
  'minimum',
  'maximum',
  'samples',
  'stress',
  'effect',
  'benchmark',
  'trials',
  'trialVariance',
  'sealed',
];

export function readGates(readers: readonly FieldReader[]): readonly GateSpec[] {
  return readers.map((reader) => {
    const parameters: Record<string, string | number | readonly number[]> = {};
    for (const field of gateFields) {
      const value = reader.raw(field);
      if (typeof value === 'string' || typeof value === 'number') parameters[field] = value;
      else if (Array.isArray(value) && value.every((item) => typeof item === 'number')) parameters[field] = value.map(Number);
      else if (value !== undefined) reader.fault(field, `expected a number, a text or a list of numbers, was ${shown(value)}`);
    }
    const gate = { name: required(reader, 'name'), metric: required(reader, 'metric'), test: required(reader, 'test'), parameters };
    reader.refuseUnknown();
    return gate;
  });
}

export function required(reader: FieldReader, name: string): string {
  const value = reader.text(name);
  if (value === undefined && !reader.has(name)) reader.fault(name, 'expected a text, was nothing');
  return value ?? '';
}

export function readThresholds(reader: FieldReader | undefined): RollbackThresholds {
  const thresholds: RollbackThresholds = {
    maxDailyLoss: reader?.number('maxDailyLoss', 0, 1) ?? null,
    maxLossAbsolute: reader?.money('maxLossAbsolute') ?? null,
    maxDrawdown: reader?.number('maxDrawdown', 0, 1) ?? null,
    maxErrorRate: reader?.number('maxErrorRate', 0, 1) ?? null,
    maxLatency: reader?.number('maxLatency', 0, 1e6) ?? null,
    harmE: reader?.number('harmE', 1, 1e9) ?? null,
  };
  reader?.refuseUnknown();
  return thresholds;
}

const oneHour: Duration = { days: 0, micros: 3_600_000_000 };

export function readExpectations(reader: FieldReader | undefined): Expectations {
  const interval = reader?.duration('interval') ?? oneHour;
  if (interval.days === 0 && interval.micros < 1_000_000) reader?.fault('interval', 'expected at least PT1S');
  const expect: Expectations = {
    annualVol: reader?.number('annualVol', 1e-6, 100) ?? null,
    stressLossPerInterval: reader?.number('stressLossPerInterval', 1e-9, 1) ?? null,
    interval,
  };
  reader?.refuseUnknown();
  return expect;
}

export function readRollback(reader: FieldReader | undefined): RollbackPolicy {
  const flatten = readFlatten(reader);
  const policy: RollbackPolicy = {
    flatten,
    flattenSlippageBps: reader?.number('flattenSlippageBps', 0, 10_000) ?? 50,
    reactivatePrevious: reader?.choice('reactivatePrevious', ['never', 'versionFault']) ?? 'versionFault',
    rollbackWindow: reader?.duration('rollbackWindow') ?? { days: 1, micros: 0 },
    onStale: reader?.choice('onStale', ['cancelOnly', 'rollback']) ?? 'cancelOnly',
  };
  reader?.refuseUnknown();
  return policy;
}

/** flattenPositions: false = none, true = limit; `flatten` names the way. */
function readFlatten(reader: FieldReader | undefined): RollbackPolicy['flatten'] {
  const named = reader?.choice('flatten', flattenModes);
  const flag = reader?.flag('flattenPositions');
  return named ?? (flag === true ? 'limit' : 'none');
}

export function readLimits(reader: FieldReader): Readonly<Record<string, number>> {
  const value = reader.raw('limits');
  if (value === undefined) return {};
  const limits: Record<string, number> = {};
  if (!isPlainObject(value)) {
    reader.fault('limits', `expected an object of numbers, was ${shown(value)}`);
    return limits;
  }
  for (const [name, number] of Object.entries(value)) {
    if (typeof number === 'number' && Number.isSafeInteger(number) && number >= 0) limits[name] = number;
    else reader.fault(`limits.${name}`, `expected a whole number of at least 0, was ${shown(number)}`);
  }
  return limits;
}
