import { expect, test } from 'vitest';
import type { Actor } from '../../domain/actor.ts';
import { canary, rung } from './rollout-specs.ts';
import { answerOf, openDesk, risk, senior2, type RolloutDesk } from './rollout-desk.ts';

const keeper: Actor = { personID: 'file:people', roles: ['Admin'] };
const minDuration = { days: 0, micros: 60_000_000 };
const stages = [rung(100, { minDuration }), rung(500, { entryApproval: { roles: ['RiskManager'], count: 1 } })];

/** A deployment on its first rung whose next one was approved early, and a proposal of the same person. */
function approved(): RolloutDesk {
  const desk = openDesk();
  desk.deploy(canary('d0', '1.0.0', { stages }));
  const approve = { verb: 'approve', deploymentID: 'd0', stage: 1, specHash: 'd0'.padEnd(64, '0') } as const;
  expect(answerOf(desk.order(approve, risk, null)).code).toBe('OK');
  const widen = { verb: 'unrestrict', instrumentID: 'X', reason: 'test' } as const;
  expect(answerOf(desk.order({ verb: 'propose', command: widen }, risk, null)).text).toContain('waits for a second person');
  expect(desk.core.rollout.proposals.size).toBe(1);
  return desk;
}

function pass(desk: RolloutDesk, seconds: number): void {
  for (let n = 0; n < seconds * 2; n++) {
    desk.advance(500_000);
    desk.mark(0);
    desk.mark(1);
  }
}

const know = (desk: RolloutDesk, people: readonly Actor[]): string =>
  answerOf(desk.order({ verb: 'knowPeople', people }, keeper, null)).text;

test('an approval counts while its approver has the role', () => {
  const desk = approved();
  expect(know(desk, [risk, senior2])).toBe('2 people are known: 0 approvals and 0 proposals of others are gone');
  pass(desk, 61);
  expect([desk.core.rollout.deployments[0].stage, desk.core.rollout.proposals.size]).toEqual([1, 1]);
});

test.each([
  ['whose role was taken away', [{ ...risk, roles: ['Auditor' as const] }, senior2]],
  ['who was taken out', [senior2]],
])('approvals and proposals of a person %s are gone at once', (_what, people) => {
  const desk = approved();
  expect(know(desk, people)).toBe(`${people.length} people are known: 1 approvals and 1 proposals of others are gone`);
  const [deployment] = desk.core.rollout.deployments;
  pass(desk, 61);
  expect([deployment.stage, deployment.phase, deployment.reason]).toEqual([
    0,
    'Paused',
    'approval inconclusive: 0 of 1 approvals by RiskManager',
  ]);
  const agree = { verb: 'agree', proposalID: 'p1', digest: '' } as const;
  expect(answerOf(desk.order(agree, senior2, null)).code).toBe('UNKNOWN_PROPOSAL');
});

test('nobody but an administrator, which the desk itself is, says who is known', () => {
  const desk = approved();
  expect(answerOf(desk.order({ verb: 'knowPeople', people: [] }, risk, null)).code).toBe('ROLE_REQUIRED');
  expect(desk.core.rollout.proposals.size).toBe(1);
});
