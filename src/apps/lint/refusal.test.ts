import { expect, it } from 'vitest';
import { parseSpec } from '../../domain/spec-parser/spec-parser.ts';
import type { PlainObject } from '../../domain/spec-parser/field-reader.ts';
import { refusalWhenDeployed } from './refusal.ts';

function refusal(configuration: PlainObject): string | undefined {
  const stages = [{ allocation: 0.01, minDuration: 'PT1H' }];
  const parsed = parseSpec(
    { strategy: 'Canary', algorithmId: 'algo', version: '1.0.0', configuration: { totalCapital: '1000', stages, ...configuration } },
    { accountGroup: 'main', currency: 'USD', universe: ['X.V'], venues: [{ venueID: 'V', accountID: 'A1' }], calendar: 'ALWAYS' },
  );
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
  return refusalWhenDeployed(parsed.value.spec)?.code;
}

const edge = { name: 'edge', metric: 'netReturn', test: 'bettingE', minE: 2 };
const stages = [{ allocation: 0.25, minDuration: 'PT1H', entryGates: ['edge'] }];

it('lint says what a desk would refuse: gates that nothing judges, bets that a loss could ruin, hand-overs of a ladder', () => {
  expect(refusal({})).toBeUndefined();
  expect(refusal({ gates: [{ name: 'g', metric: 'netReturn', test: 'tea-leaves' }] })).toBe('GATE_NOT_JUDGED');
  expect(refusal({ stages, expect: { stressLossPerInterval: 0.03 }, gates: [{ ...edge, grid: [64] }] })).toBe('BETS_NOT_BOUNDED');
  expect(refusal({ rollbackThresholds: { harmE: 20 } })).toBe('BETS_NOT_BOUNDED');
  expect(refusal({ handover: { positions: 'transfer' } })).toBe('NOT_BUILT');
});

it('trials of a deflated gate come with the deployment, so that lint does not ask for them', () => {
  const dsr = { name: 'd', metric: 'netReturn', test: 'dsr' };
  expect(refusal({ gates: [dsr] })).toBeUndefined();
  expect(refusal({ gates: [{ ...dsr, trials: 3, trialVariance: 0.1, sealed: 'of something else' }] })).toBe('GATE_NOT_JUDGED');
});
