import { describe, expect, test } from 'vitest';
import { approvalMicros } from '../../core/rollout/deployment.ts';
import { findDeployment } from '../../core/rollout/deploy.ts';
import type { Actor } from '../../domain/actor.ts';
import { admin, answerOf, openDesk, risk, senior, senior2, sliceID, trader, type RolloutDesk } from './rollout-desk.ts';
import { activeVersion, blueGreen, deployGreen, FakeHost, settleNow } from './swap-desk.ts';

const ron: Actor = { personID: 'ron', roles: ['RiskManager'] };

interface Waiting {
  readonly desk: RolloutDesk;
  readonly host: FakeHost;
  readonly blue: number;
  readonly green: number;
}

/** A cutover that two risk managers have to approve, its warm-up over. Proposed by tom. */
function waiting(count = 2): Waiting {
  const desk = openDesk();
  const host = new FakeHost(desk);
  const blue = activeVersion(desk, '1.0.0');
  const spec = blueGreen('bg', '1.0.0', '1.1.0');
  const plan = spec.blueGreen === null ? null : { ...spec.blueGreen, entryApproval: { roles: ['RiskManager'] as const, count } };
  const green = deployGreen(desk, host, { ...spec, blueGreen: plan });
  settleNow(desk, host);
  return { desk, host, blue, green };
}

/** Somebody says yes; what hosts are asked then is answered. */
function approve({ desk, host }: Waiting, actor: Actor, specHash = 'bg'.padEnd(64, '0'), stage = 0): { code: string; text: string } {
  const turn = desk.order({ verb: 'approve', deploymentID: 'bg', stage, specHash }, actor, null);
  host.take(turn.effects);
  settleNow(desk, host);
  return answerOf(turn);
}

const stepOf = ({ desk }: Waiting): string => desk.core.rollout.swaps[0]?.step ?? '';
const reasonOf = ({ desk }: Waiting): string => findDeployment(desk.core, 'bg')?.reason ?? '';

function fresh({ desk }: Waiting, micros: number): void {
  desk.advance(micros);
  for (const listing of [0, 1]) desk.mark(listing);
}

describe('a cutover that people have to approve', () => {
  test('waits for two different ones, says for whom, and goes on by itself with the second yes', () => {
    const all = waiting();
    expect([all.desk.phaseOf('bg'), stepOf(all)]).toEqual(['Paused', 'shadowing']);
    expect(reasonOf(all)).toBe('approval inconclusive: 0 of 2 approvals by RiskManager');
    expect(approve(all, risk)).toMatchObject({ code: 'OK', text: '1 of 2 approvals of the cutover, each for 15 minutes' });
    expect(approve(all, risk).text).toBe('1 of 2 approvals of the cutover, each for 15 minutes');
    expect(stepOf(all)).toBe('shadowing');
    expect(approve(all, senior2).text).toBe('2 of 2 approvals of the cutover, each for 15 minutes');
    expect([stepOf(all), all.desk.phaseOf('bg')]).toEqual(['monitoring', 'Progressing']);
    expect(approve(all, ron)).toMatchObject({ code: 'NOT_IN_THIS_PHASE', text: 'the cutover is made already' });
  });

  test('refuses by name: the proposer, another spec, a role that is not asked, a stage that is none', () => {
    const all = waiting();
    expect(approve(all, { ...trader, roles: ['Trader', 'RiskManager'] }).code).toBe('PROPOSER_CANNOT_APPROVE');
    expect(approve(all, risk, 'f'.repeat(64)).code).toBe('SPEC_HASH_DIFFERS');
    expect(approve(all, senior)).toMatchObject({ code: 'ROLE_REQUIRED', text: 'approval takes RiskManager' });
    expect(approve(all, risk, undefined, 1)).toMatchObject({ code: 'UNKNOWN_GATE', text: 'the cutover asks for no approval' });
    expect(stepOf(all)).toBe('shadowing');
  });

  test('an approval expires after fifteen minutes', () => {
    const all = waiting();
    approve(all, risk);
    fresh(all, approvalMicros);
    expect(approve(all, senior2).text).toBe('1 of 2 approvals of the cutover, each for 15 minutes');
    expect(stepOf(all)).toBe('shadowing');
    expect(approve(all, risk).text).toBe('2 of 2 approvals of the cutover, each for 15 minutes');
    expect(stepOf(all)).toBe('monitoring');
  });

  test('another capital of the old version is another cutover: what was approved before is not it, and the revision says so', () => {
    const all = waiting();
    const { desk } = all;
    approve(all, risk);
    const before = findDeployment(desk.core, 'bg')?.revision ?? 0;
    desk.order({ verb: 'allocate', sliceID, version: '1.0.0', allocation: 900, reason: 'less' }, risk, null);
    expect(findDeployment(desk.core, 'bg')?.revision).toBe(before + 1);
    expect(approve(all, senior2).text).toBe('1 of 2 approvals of the cutover, each for 15 minutes');
    expect(stepOf(all)).toBe('shadowing');
    const stale = { verb: 'approve', deploymentID: 'bg', stage: 0, specHash: 'bg'.padEnd(64, '0') } as const;
    expect(answerOf(desk.order(stale, ron, null, undefined, before)).code).toBe('REVISION_CHANGED');
    expect(approve(all, ron).text).toBe('2 of 2 approvals of the cutover, each for 15 minutes');
    expect(stepOf(all)).toBe('monitoring');
  });

  test('a no takes every yes back, and a role that is taken away takes its yes along', () => {
    const all = waiting();
    approve(all, risk);
    expect(answerOf(all.desk.order({ verb: 'deny', deploymentID: 'bg', reason: 'not today' }, senior, null)).text).toContain(
      '1 approvals taken back',
    );
    expect(approve(all, senior2).text).toContain('1 of 2');
    const people = [risk, ron, { ...senior2, roles: ['SeniorManagement'] as const }];
    all.desk.order({ verb: 'knowPeople', people }, admin, null);
    expect(approve(all, ron).text).toContain('1 of 2');
    expect(stepOf(all)).toBe('shadowing');
  });

  test('a swap that is aborted, or whose yes is gone before its commit, takes what was approved along', () => {
    const all = waiting(1);
    const { desk, host } = all;
    host.spoil = (notice) => (notice.event === 'adopted' ? null : notice);
    approve(all, risk);
    expect(stepOf(all)).toBe('adopting');
    // the second thought comes while the old version is stopped
    desk.order({ verb: 'knowPeople', people: [ron] }, admin, null);
    host.spoil = (notice) => notice;
    host.take(desk.turns.flatMap(({ effects }) => effects).filter((one) => one.kind === 'handover' && one.verb === 'adopt'));
    host.answerAll();
    expect([stepOf(all), reasonOf(all)]).toEqual(['aborted', 'the swap was aborted: 0 of 1 approvals by RiskManager']);
    expect(findDeployment(desk.core, 'bg')?.approvals.size).toBe(0);
  });

  test('two people who promote it may not leave the approval out', () => {
    const all = waiting();
    const promote = { verb: 'promote', deploymentID: 'bg', reason: 'now', waives: ['approval'] } as const;
    expect(answerOf(all.desk.order(promote, risk, senior2))).toMatchObject({
      code: 'UNKNOWN_GATE',
      text: 'approval cannot be waived here: expected paper, agreement',
    });
    expect(stepOf(all)).toBe('shadowing');
  });

  test('one that nobody has to approve says so', () => {
    const desk = openDesk();
    const host = new FakeHost(desk);
    activeVersion(desk, '1.0.0');
    deployGreen(desk, host, blueGreen('bg', '1.0.0', '1.1.0'));
    const answer = desk.order({ verb: 'approve', deploymentID: 'bg', stage: 0, specHash: 'bg'.padEnd(64, '0') }, risk, null);
    expect(answerOf(answer)).toMatchObject({ code: 'UNKNOWN_GATE', text: 'the cutover asks for no approval' });
  });
});
