import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { PlainObject } from '../../domain/spec-parser/field-reader.ts';
import { parseSpec } from '../../domain/spec-parser/spec-parser.ts';
import { refuseGates } from '../../core/rollout/gate-terms.ts';
import { TrialRegistry, type TrialEntry } from '../../research/trial-registry.ts';
import { withTrials } from './trial-gates.ts';

const folder = mkdtempSync(join(tmpdir(), 'plimsoll-trial-gates-'));
afterAll(() => rmSync(folder, { recursive: true }));

const named = { algorithm: undefined, version: undefined };
const defaults = {
  accountGroup: 'main',
  currency: 'USD',
  universe: ['X.V'],
  venues: [{ venueID: 'V', accountID: 'A1' }],
  calendar: 'ALWAYS',
};

function registry(): TrialRegistry {
  const trials = new TrialRegistry(folder);
  const scope = { dataHash: 'd'.repeat(64), instruments: ['X'], from: 0, to: 1 };
  const entry = (runId: string, version: string, sharpe: number): TrialEntry => ({
    algorithm: 'momentum',
    version,
    runId,
    kind: 'sweep',
    sharpe,
    scope,
  });
  // the same run twice is one trial; another data set is no fresh start
  const other = { ...entry('c', '2.0.0', 3), scope: { ...scope, dataHash: 'e'.repeat(64), from: 5, to: 6 } };
  trials.count([entry('a', '2.1.0', 1), entry('b', '2.1.0', 2), entry('a', '2.1.0', 1), other]);
  return trials;
}

const specOf = (gate: PlainObject, more: PlainObject = {}): PlainObject => ({
  apiVersion: 'plimsoll/v1',
  kind: 'Deployment',
  strategy: 'Canary',
  algorithmId: 'momentum-v2.1.0',
  algorithm: { artifact: './m.js', parameters: { lookback: 20 } },
  ...more,
  configuration: {
    totalCapital: '1000',
    stages: [{ allocation: 0.01, minDuration: 'PT1H', entryGates: ['luck'] }],
    gates: [{ name: 'luck', metric: 'netReturn', test: 'dsr', ...gate }],
  },
});

test('deploy writes the count of the registry into the gate, sealed for this version and these parameters: the desk takes it', () => {
  const trials = registry();
  const parsed = parseSpec(
    withTrials(specOf({}), named, () => trials),
    defaults,
  );
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
  expect(parsed.value.spec.gates[0].parameters).toMatchObject({ trials: 3, trialVariance: 1 });
  expect(refuseGates(parsed.value.spec)).toBeUndefined();
  const [other] = [{ ...parsed.value.spec, parameters: { lookback: 21 } }];
  expect(refuseGates(other)).toContain('counted for another version, other parameters');
});

test('a count that the registry contradicts, and a version that was never tried, are refused by name', () => {
  const trials = registry();
  expect(() => withTrials(specOf({ trials: 1 }), named, () => trials)).toThrow('gate "luck": trials: the spec says 1, the registry');
  expect(() => withTrials(specOf({}, { algorithmId: 'momentum', version: '9.9.9' }), named, () => trials)).toThrow(
    'expected trials of momentum 9.9.9, was none',
  );
});

test('a spec without such a gate opens no registry, and what follows a paper run is counted too', () => {
  const never = (): TrialRegistry => {
    throw new Error('opened');
  };
  const plain = specOf({ test: 'psr2012' });
  expect(withTrials(plain, named, never)).toEqual(plain);
  const trials = registry();
  const chain: PlainObject = { strategy: 'PaperTrading', algorithmId: 'momentum-v2.1.0', configuration: { then: specOf({}) } };
  expect(JSON.stringify(withTrials(chain, named, () => trials))).toContain('"trials":3');
});
