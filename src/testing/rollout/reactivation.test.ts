import { expect, test } from 'vitest';
import { splitZero, toBigInt } from '../../base/split.ts';
import type { DeploymentSpec } from '../../domain/spec.ts';
import { capInto, modeOf } from '../../core/risk/order-gate.ts';
import { answerOf, openDesk, risk, senior2, trader, type RolloutDesk } from './rollout-desk.ts';
import { canary } from './rollout-specs.ts';
import { activeVersion, blueGreen, deployGreen, FakeHost, settleNow } from './swap-desk.ts';

/** What RB5 of the last rollback said. */
function said(desk: RolloutDesk): string {
  for (const { decisions } of [...desk.turns].reverse())
    for (const one of decisions) if (one.kind === 'rollbackStepDone' && one.step === 'RB5') return one.text;
  return '';
}

/** 1.1.0 took over from 1.0.0, which stands by, and is rolled back by `end`. */
function rolledBack(reactivatePrevious: DeploymentSpec['rollback']['reactivatePrevious'], end: (desk: RolloutDesk, green: number) => void) {
  const desk = openDesk();
  const host = new FakeHost(desk);
  const blue = activeVersion(desk, '1.0.0');
  const spec = blueGreen('bg', '1.0.0', '1.1.0');
  const green = deployGreen(desk, host, { ...spec, rollback: { ...spec.rollback, reactivatePrevious } });
  settleNow(desk, host);
  end(desk, green);
  const cap = splitZero();
  capInto(cap, desk.core.gate, blue);
  return { text: said(desk), blue: [modeOf(desk.core.gate, blue), desk.core.rollout.lifecycle[blue], toBigInt(cap)] };
}

const faults = (desk: RolloutDesk, green: number): void => void desk.host(green, 'exception');
const person = (desk: RolloutDesk): void => void desk.order({ verb: 'rollback', deploymentID: 'bg', reason: 'test' }, risk, null);

test.each([
  [
    'versionFault',
    faults,
    'nothing reactivated: 1.0.0 stands by, without the state of its successor, but waking a standby is not built: people halt it, unhalt it and deploy it again',
  ],
  ['never', faults, 'nothing reactivated: its spec says that nothing is'],
  ['versionFault', person, 'nothing reactivated: a human trigger leaves the capital in reserve'],
] as const)(
  'with reactivatePrevious %s the capital stays in reserve and the old version in standby, and the record says why',
  (spec, end, text) => {
    expect(rolledBack(spec, end)).toEqual({ text, blue: ['SIMULATED', 'Standby', 0n] });
  },
);

test('a version that took over from nobody has nobody standing by', () => {
  const desk = openDesk();
  const row = activeVersion(desk, '1.0.0');
  desk.host(row, 'exception');
  expect(said(desk)).toMatch(/^nothing reactivated: (no standby version is warm and synced|its spec says that nothing is)$/);
});

test('people bring the old version back as the record says: halted, unhalted by two, deployed from its first stage', () => {
  const desk = openDesk();
  const host = new FakeHost(desk);
  const blue = activeVersion(desk, '1.0.0');
  const green = deployGreen(desk, host, blueGreen('bg', '1.0.0', '1.1.0'));
  settleNow(desk, host);
  desk.host(green, 'exception');
  const { sliceID } = desk.core.gate.rows[blue];
  expect(answerOf(desk.order({ verb: 'deploy', spec: canary('again', '1.0.0') }, trader)).code).toBe('ALREADY_DEPLOYED');
  expect(answerOf(desk.order({ verb: 'halt', sliceID, version: '1.0.0', reason: 'test' }, risk, null)).code).toBe('OK');
  expect(answerOf(desk.order({ verb: 'unhalt', sliceID, version: '1.0.0', reason: 'test' }, risk, senior2)).code).toBe('OK');
  expect(answerOf(desk.order({ verb: 'deploy', spec: canary('again', '1.0.0') }, trader)).code).toBe('OK');
});
