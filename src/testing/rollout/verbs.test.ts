import { describe, expect, it } from 'vitest';
import type { Actor } from '../../domain/actor.ts';
import type { Command, Proposable } from '../../domain/command.ts';
import type { ProposalChanged } from '../../domain/decision.ts';
import { gateModes } from '../../domain/rollout.ts';
import { approvalMicros } from '../../core/rollout/deployment.ts';
import { proposalMicros } from '../../core/rollout/proposal.ts';
import { capUnits } from './invariants.ts';
import { canary, ladder, rung } from './rollout-specs.ts';
import {
  answerOf,
  denialsOf,
  openDesk,
  risk,
  senior,
  senior2,
  sentOf,
  sliceID,
  trader,
  type RolloutDesk,
  type Turn,
} from './rollout-desk.ts';

const risk2: Actor = { personID: 'ron', roles: ['RiskManager'] };
const reason = 'test';

const codeOf = (turn: Turn): string => answerOf(turn).code;
const alone = (desk: RolloutDesk, command: Command, actor: Actor = risk): Turn => desk.order(command, actor, null);
const propose = (desk: RolloutDesk, command: Proposable, actor: Actor = risk): Turn => alone(desk, { verb: 'propose', command }, actor);
const proposalIn = (turn: Turn): ProposalChanged | undefined => turn.decisions.find((one) => one.kind === 'proposalChanged');
const modeOf = (desk: RolloutDesk, version = '1.0.0'): string => gateModes[desk.core.gate.mode[desk.rowOf(version)]];
const revisionOf = (desk: RolloutDesk, id: string): number => desk.core.rollout.deployments[desk.core.rollout.byID.get(id) ?? -1].revision;

/** Marks come for that long. */
function pass(desk: RolloutDesk, seconds: number): void {
  for (let n = 0; n < seconds * 2; n++) {
    desk.advance(500_000);
    desk.mark(0);
    desk.mark(1);
  }
}

/** Proposes, and the second person agrees. */
function both(desk: RolloutDesk, command: Proposable, second: Actor = senior2): Turn {
  const proposal = proposalIn(propose(desk, command));
  return alone(desk, { verb: 'agree', proposalID: proposal?.proposalID ?? '', digest: proposal?.digest ?? '' }, second);
}

function climbing(): RolloutDesk {
  const desk = openDesk();
  desk.deploy(canary('d0', '1.0.0'));
  return desk;
}

const promote: Proposable = { verb: 'promote', deploymentID: 'd0', reason, waives: ['minDuration'] };

describe('keys and expectations', () => {
  it('the same key with the same body gets the same answer and changes nothing', () => {
    const desk = climbing();
    const pause: Command = { verb: 'pause', deploymentID: 'd0', reason };
    const first = desk.order(pause, risk, null, 'k1');
    const again = desk.order(pause, risk, null, 'k1');
    expect(answerOf(again)).toMatchObject({ code: 'OK', text: answerOf(first).text });
    expect(again.decisions.map((one) => one.kind)).toEqual(['commandAnswered']);
  });

  it.each([
    ['another command', { verb: 'abort', deploymentID: 'd0', reason }, risk, null],
    ['another reason', { verb: 'pause', deploymentID: 'd0', reason: 'else' }, risk, null],
    ['another person', { verb: 'pause', deploymentID: 'd0', reason }, trader, null],
    ['another expectation', { verb: 'pause', deploymentID: 'd0', reason }, risk, 3],
  ] as const)('the same key with %s is refused by name and does nothing', (_what, other, actor, expected) => {
    const desk = climbing();
    desk.order({ verb: 'pause', deploymentID: 'd0', reason }, risk, null, 'k1');
    const turn = desk.order(other, actor, null, 'k1', expected);
    expect(codeOf(turn)).toBe('KEY_USED_FOR_ANOTHER_COMMAND');
    expect(turn.decisions.map((one) => one.kind)).toEqual(['commandAnswered']);
  });

  it('a stale revision of a deployment, epoch of a version and revision of a slice are refused, the present one is taken', () => {
    const desk = climbing();
    const stale = (command: Command, expected: number): string =>
      codeOf(desk.order(command, risk, null, `s${desk.turns.length}`, expected));
    const revision = revisionOf(desk, 'd0');
    expect(stale({ verb: 'pause', deploymentID: 'd0', reason }, revision - 1)).toBe('REVISION_CHANGED');
    expect(stale({ verb: 'pause', deploymentID: 'd0', reason }, revision)).toBe('OK');
    const lower: Command = { verb: 'allocate', sliceID, version: '1.0.0', allocation: 50, reason };
    expect(stale(lower, 7)).toBe('REVISION_CHANGED');
    expect(stale(lower, 1)).toBe('OK');
    const epoch = desk.core.gate.epoch[desk.rowOf('1.0.0')];
    expect(stale({ verb: 'halt', sliceID, version: '1.0.0', reason }, epoch + 1)).toBe('REVISION_CHANGED');
    expect(stale({ verb: 'halt', sliceID, version: '1.0.0', reason }, epoch)).toBe('OK');
    expect(stale({ verb: 'kill', reason }, 1)).toBe('EXPECTATION_NOT_KNOWN');
  });
});

describe('two people', () => {
  it('what expands waits for a second person, who is another one and has a role for it', () => {
    const desk = climbing();
    expect(codeOf(alone(desk, promote))).toBe('SECOND_PERSON_REQUIRED');
    const proposal = proposalIn(propose(desk, promote));
    expect(proposal).toMatchObject({ state: 'open', verb: 'promote', subject: 'd0', actor: 'rita' });
    const answer = { verb: 'agree', proposalID: proposal?.proposalID ?? '', digest: proposal?.digest ?? '' } as const;
    expect(codeOf(alone(desk, answer, risk))).toBe('PROPOSER_CANNOT_APPROVE');
    expect(codeOf(alone(desk, answer, trader))).toBe('ROLE_REQUIRED');
    expect(codeOf(alone(desk, { ...answer, digest: '0'.repeat(64) }, risk2))).toBe('PROPOSAL_DIFFERS');
    const turn = alone(desk, answer, risk2);
    expect(codeOf(turn)).toBe('OK');
    expect(turn.decisions).toContainEqual(expect.objectContaining({ kind: 'stageGranted', stage: 1 }));
    expect(codeOf(alone(desk, answer, senior2))).toBe('UNKNOWN_PROPOSAL');
  });

  it('what one person may do alone is done when it is proposed', () => {
    const desk = climbing();
    expect(codeOf(propose(desk, { verb: 'pause', deploymentID: 'd0', reason }))).toBe('OK');
    expect(desk.phaseOf('d0')).toBe('Paused');
    expect(desk.core.rollout.proposals.size).toBe(0);
  });

  it('a yes comes too late after fifteen minutes', () => {
    const desk = climbing();
    desk.order({ verb: 'halt', sliceID, version: '1.0.0', reason });
    const proposal = proposalIn(propose(desk, { verb: 'unhalt', sliceID, version: '1.0.0', reason }));
    desk.advance(proposalMicros);
    const answer = { verb: 'agree', proposalID: proposal?.proposalID ?? '', digest: proposal?.digest ?? '' } as const;
    expect(codeOf(alone(desk, answer, senior2))).toBe('PROPOSAL_EXPIRED');
    expect(modeOf(desk)).toBe('HALTED');
  });

  it('a yes to what has changed meanwhile is overtaken', () => {
    const desk = climbing();
    const proposal = proposalIn(propose(desk, promote));
    desk.order({ verb: 'pause', deploymentID: 'd0', reason }, trader, null);
    desk.order({ verb: 'resume', deploymentID: 'd0', reason }, risk, null);
    const turn = alone(desk, { verb: 'agree', proposalID: proposal?.proposalID ?? '', digest: proposal?.digest ?? '' }, senior2);
    expect(codeOf(turn)).toBe('REVISION_CHANGED');
    expect(proposalIn(turn)?.state).toBe('overtaken');
  });

  it('a yes to a start does not undo a pause that came after its proposal', () => {
    const desk = climbing();
    const pause: Command = { verb: 'pauseStrategy', algorithmID: 'algo', reason };
    alone(desk, pause, trader);
    const first = proposalIn(propose(desk, { verb: 'startStrategy', algorithmID: 'algo', reason }));
    alone(desk, pause, trader);
    const turn = alone(desk, { verb: 'agree', proposalID: first?.proposalID ?? '', digest: first?.digest ?? '' }, senior2);
    expect(codeOf(turn)).toBe('REVISION_CHANGED');
    expect(proposalIn(turn)?.state).toBe('overtaken');
    expect(modeOf(desk)).toBe('CANCEL_ONLY');
    expect(codeOf(both(desk, { verb: 'startStrategy', algorithmID: 'algo', reason }))).toBe('OK');
    expect(modeOf(desk)).toBe('ACTIVE');
  });

  it('a yes to taking an instrument off the restricted list does not undo a restriction that came after its proposal', () => {
    const desk = climbing();
    const restrict: Command = { verb: 'restrict', instrumentID: 'X', reason };
    const unrestrict: Proposable = { verb: 'unrestrict', instrumentID: 'X', reason };
    alone(desk, restrict);
    const first = proposalIn(propose(desk, unrestrict));
    expect(codeOf(both(desk, unrestrict))).toBe('OK');
    alone(desk, restrict);
    const turn = alone(desk, { verb: 'agree', proposalID: first?.proposalID ?? '', digest: first?.digest ?? '' }, senior2);
    expect(codeOf(turn)).toBe('REVISION_CHANGED');
    expect(denialsOf(desk.intent(desk.rowOf('1.0.0'), 'buy', 1))).toEqual(['RESTRICTED_INSTRUMENT']);
  });

  it('a kill comes before everything that waits', () => {
    const desk = climbing();
    const proposal = proposalIn(propose(desk, promote));
    const killed = desk.order({ verb: 'kill', reason }, trader, null);
    expect(proposalIn(killed)).toMatchObject({ proposalID: proposal?.proposalID, state: 'overtaken' });
    expect(codeOf(propose(desk, { verb: 'release', reason }))).toBe('ROLE_REQUIRED');
    const release = proposalIn(propose(desk, { verb: 'release', reason }, senior));
    expect(codeOf(alone(desk, { verb: 'agree', proposalID: release?.proposalID ?? '', digest: release?.digest ?? '' }, senior2))).toBe(
      'OK',
    );
    expect(desk.core.rollout.killed).toBe(false);
  });

  it('a no, or the second thought of the proposer, ends a proposal', () => {
    const desk = climbing();
    const first = proposalIn(propose(desk, promote));
    expect(codeOf(alone(desk, { verb: 'disagree', proposalID: first?.proposalID ?? '', reason }, trader))).toBe('ROLE_REQUIRED');
    expect(codeOf(alone(desk, { verb: 'disagree', proposalID: first?.proposalID ?? '', reason }, risk2))).toBe('OK');
    const second = proposalIn(propose(desk, promote));
    expect(proposalIn(alone(desk, { verb: 'disagree', proposalID: second?.proposalID ?? '', reason }, risk))?.state).toBe('denied');
  });

  it('nothing is proposed that would be refused anyway', () => {
    const desk = climbing();
    const refused = (command: Proposable): string => codeOf(propose(desk, command));
    expect(refused({ verb: 'promote', deploymentID: 'd0', reason })).toBe('GATES_NOT_PASSED');
    expect(refused({ verb: 'promote', deploymentID: 'd9', reason })).toBe('UNKNOWN_DEPLOYMENT');
    expect(refused({ verb: 'retry', deploymentID: 'd0', reason })).toBe('NOT_IN_THIS_PHASE');
    expect(refused({ verb: 'waive', deploymentID: 'd0', stage: 1, gate: 'edge-99', reason })).toBe('UNKNOWN_GATE');
    expect(refused({ verb: 'unhalt', sliceID, version: '1.0.0', reason })).toBe('NOT_IN_THIS_PHASE');
    expect(refused({ verb: 'unrestrict', instrumentID: 'Z', reason })).toBe('UNKNOWN_INSTRUMENT');
    expect(refused({ verb: 'startStrategy', algorithmID: 'algae', reason })).toBe('UNKNOWN_ALGORITHM');
    expect(codeOf(propose(desk, { verb: 'release', reason }, senior))).toBe('NOT_IN_THIS_PHASE');
    expect(refused({ verb: 'allocate', sliceID, version: '1.0.0', allocation: 101, reason })).toBe('PAST_ITS_STAGE');
    expect(desk.core.rollout.proposals.size).toBe(0);
  });
});

describe('promotion', () => {
  it('names what is missing, takes a waiver by its name, and missing data cannot be waived', () => {
    const desk = climbing();
    const said = answerOf(desk.order({ verb: 'promote', deploymentID: 'd0', reason }));
    expect(said.text).toContain('minDuration inconclusive, 60 s of the stage are left');
    expect(codeOf(desk.order({ verb: 'promote', deploymentID: 'd0', reason, waives: ['fresh'] }))).toBe('UNKNOWN_GATE');
    desk.advance(1_500_000);
    expect(answerOf(desk.order(promote)).text).toContain('fresh inconclusive');
    desk.mark(0);
    desk.mark(1);
    const turn = desk.order(promote);
    expect(codeOf(turn)).toBe('OK');
    const judged = turn.decisions.filter((one) => one.kind === 'gateJudged');
    expect(new Set(judged.map((one) => one.atSeq)).size).toBe(1);
    expect(judged.map(({ text }) => text).join()).toContain('waived by two people');
  });

  it('a pause by a person comes before a promotion by others', () => {
    const desk = climbing();
    alone(desk, { verb: 'pause', deploymentID: 'd0', reason }, trader);
    expect(codeOf(desk.order(promote))).toBe('PAUSED_BY_A_PERSON');
    alone(desk, { verb: 'resume', deploymentID: 'd0', reason });
    expect(codeOf(desk.order(promote))).toBe('OK');
  });

  it('a waiver is for one stage', () => {
    const desk = openDesk();
    const gates = [{ name: 'edge', metric: 'netReturn', test: 'bettingE', parameters: { minE: 2 } }];
    desk.deploy(
      canary('d0', '1.0.0', { gates, stages: [rung(100), rung(500, { entryGates: ['edge'] }), rung(900, { entryGates: ['edge'] })] }),
    );
    expect(codeOf(both(desk, { verb: 'waive', deploymentID: 'd0', stage: 1, gate: 'edge', reason }))).toBe('OK');
    pass(desk, 61);
    const deployment = desk.core.rollout.deployments[0];
    expect(deployment.stage).toBe(1);
    pass(desk, 62);
    expect([deployment.stage, deployment.phase]).toEqual([1, 'Paused']);
  });
});

describe('approvals of a stage', () => {
  const entryApproval = { roles: ['RiskManager' as const], count: 1 };
  const stages = [rung(100), rung(500, { entryApproval }), rung(900)];

  function waiting(): RolloutDesk {
    const desk = openDesk();
    desk.deploy(canary('d0', '1.0.0', { stages }));
    pass(desk, 61);
    expect(desk.phaseOf('d0')).toBe('Paused');
    return desk;
  }

  const approve = (desk: RolloutDesk, actor: Actor, more: { stage?: number; specHash?: string } = {}): string =>
    codeOf(alone(desk, { verb: 'approve', deploymentID: 'd0', stage: 1, specHash: 'd0'.padEnd(64, '0'), ...more }, actor));

  it('what waited for an approval alone goes on with it', () => {
    const desk = waiting();
    expect(approve(desk, risk)).toBe('OK');
    expect(desk.core.rollout.deployments[0].stage).toBe(1);
  });

  it('is for this spec, this stage, by somebody else with a role', () => {
    const desk = waiting();
    expect(approve(desk, risk, { specHash: 'f'.repeat(64) })).toBe('SPEC_HASH_DIFFERS');
    expect(approve(desk, risk, { stage: 2 })).toBe('UNKNOWN_GATE');
    expect(approve(desk, senior)).toBe('ROLE_REQUIRED');
    expect(approve(desk, { personID: trader.personID, roles: ['RiskManager'] })).toBe('PROPOSER_CANNOT_APPROVE');
    expect(desk.core.rollout.deployments[0].stage).toBe(0);
  });

  it('expires, and one that was given too early gives nothing', () => {
    const desk = openDesk();
    const minDuration = { days: 0, micros: approvalMicros + 60_000_000 };
    desk.deploy(canary('d0', '1.0.0', { stages: [rung(100, { minDuration }), rung(500, { entryApproval })] }));
    expect(approve(desk, risk)).toBe('OK');
    pass(desk, approvalMicros / 1e6 + 61);
    const [deployment] = desk.core.rollout.deployments;
    expect([deployment.stage, deployment.phase, deployment.reason]).toEqual([
      0,
      'Paused',
      'approval inconclusive: 0 of 1 approvals by RiskManager, 1 expired or for another capital',
    ]);
  });

  it('a no takes approvals back and the climb stands until somebody resumes it', () => {
    const desk = openDesk();
    desk.deploy(canary('d0', '1.0.0', { stages }));
    approve(desk, risk);
    expect(codeOf(alone(desk, { verb: 'deny', deploymentID: 'd0', reason: 'not today' }, senior2))).toBe('OK');
    pass(desk, 70);
    const [deployment] = desk.core.rollout.deployments;
    expect([deployment.stage, deployment.phase, deployment.reason]).toEqual([0, 'Paused', 'denied by sue: not today']);
    expect(approve(desk, risk)).toBe('OK');
    expect(deployment.phase).toBe('Paused');
  });
});

describe('shares of a slice', () => {
  const to = (allocation: number): Proposable => ({ verb: 'allocate', sliceID, version: '1.0.0', allocation, reason });

  it('one person lowers, in steps of 0.0001 rounded down, and the climb stands', () => {
    const desk = climbing();
    expect(codeOf(alone(desk, to(33)))).toBe('OK');
    expect(capUnits(desk, desk.rowOf('1.0.0'))).toBe(3_300_000_000n);
    expect([desk.phaseOf('d0'), desk.core.rollout.deployments[0].reason]).toEqual(['Paused', 'allocation lowered by rita: test']);
  });

  it('two people raise, back to what the stage was granted and no further', () => {
    const desk = climbing();
    alone(desk, to(33));
    expect(codeOf(alone(desk, to(60)))).toBe('SECOND_PERSON_REQUIRED');
    expect(codeOf(both(desk, to(100), risk2))).toBe('OK');
    expect(capUnits(desk, desk.rowOf('1.0.0'))).toBe(10_000_000_000n);
    expect(codeOf(propose(desk, to(500)))).toBe('PAST_ITS_STAGE');
  });

  it('refuses what is no share, no version, no stage', () => {
    const desk = climbing();
    expect(codeOf(alone(desk, to(10_001)))).toBe('LIMIT_NOT_A_SAFE_INTEGER');
    expect(codeOf(alone(desk, to(0.5)))).toBe('LIMIT_NOT_A_SAFE_INTEGER');
    expect(codeOf(alone(desk, { verb: 'allocate', sliceID, version: '9.9.9', allocation: 1, reason }))).toBe('UNKNOWN_VERSION');
    expect(codeOf(alone(desk, { verb: 'allocate', sliceID, version: 'custodian', allocation: 1, reason }))).toBe('UNKNOWN_VERSION');
    alone(desk, { verb: 'halt', sliceID, version: '1.0.0', reason });
    expect(codeOf(alone(desk, to(10)))).toBe('VERSION_HALTED');
  });
});

describe('a strategy as a whole', () => {
  it('pause takes orders back and lets none leave; start takes two people and gives it back', () => {
    const desk = climbing();
    const row = desk.rowOf('1.0.0');
    const [order] = sentOf(desk.intent(row, 'buy', 1));
    const turn = alone(desk, { verb: 'pauseStrategy', algorithmID: 'algo', reason }, trader);
    expect(turn.effects).toContainEqual(expect.objectContaining({ kind: 'cancel', target: order }));
    expect([modeOf(desk), desk.phaseOf('d0')]).toEqual(['CANCEL_ONLY', 'Paused']);
    desk.mark(0);
    desk.mark(1);
    expect(sentOf(desk.intent(row, 'buy', 1))).toEqual([]);
    const start: Proposable = { verb: 'startStrategy', algorithmID: 'algo', reason };
    expect(codeOf(alone(desk, start))).toBe('SECOND_PERSON_REQUIRED');
    expect(codeOf(both(desk, start))).toBe('OK');
    expect([modeOf(desk), desk.phaseOf('d0')]).toEqual(['ACTIVE', 'Progressing']);
    expect(codeOf(propose(desk, start))).toBe('NOT_IN_THIS_PHASE');
  });

  it('stop halts every version that runs', () => {
    const desk = climbing();
    desk.deploy(canary('d1', '1.1.0'));
    expect(answerOf(alone(desk, { verb: 'stopStrategy', algorithmID: 'algo', reason }, trader)).text).toContain('2 versions halted');
    expect([modeOf(desk), modeOf(desk, '1.1.0')]).toEqual(['HALTED', 'HALTED']);
  });
});

describe('undo', () => {
  it('is refused whole where no other version has completed a deployment', () => {
    const desk = climbing();
    expect(codeOf(alone(desk, { verb: 'undo', deploymentID: 'd0', reason }))).toBe('NO_EARLIER_VERSION');
    expect(desk.phaseOf('d0')).toBe('Progressing');
  });

  it('a version that still holds its capital keeps it', () => {
    const desk = openDesk();
    desk.deploy(canary('d0', '1.0.0', { stages: ladder.slice(0, 1) }));
    pass(desk, 62);
    expect(desk.phaseOf('d0')).toBe('Healthy');
    desk.deploy(canary('d1', '1.1.0'));
    expect(codeOf(alone(desk, { verb: 'undo', deploymentID: 'd1', reason }, trader))).toBe('OK');
    expect([desk.phaseOf('d0'), desk.phaseOf('d1'), modeOf(desk)]).toEqual(['Healthy', 'Aborted', 'ACTIVE']);
  });

  it('one that was taken away is deployed again from its first stage, once the rollback is done', () => {
    const desk = openDesk();
    desk.deploy(canary('d0', '1.0.0', { stages: ladder.slice(0, 1) }));
    pass(desk, 62);
    alone(desk, { verb: 'rollback', deploymentID: 'd0', reason });
    desk.order({ verb: 'unhalt', sliceID, version: '1.0.0', reason });
    desk.deploy(canary('d1', '1.1.0'));
    sentOf(desk.intent(desk.rowOf('1.1.0'), 'buy', 1));
    expect(answerOf(alone(desk, { verb: 'undo', deploymentID: 'd1', reason }, trader)).text).toContain('d0-2');
    expect([desk.phaseOf('d1'), desk.phaseOf('d0-2')]).toEqual(['RollingBack', 'none']);
    desk.advance(1_000_000);
    expect([desk.phaseOf('d1'), desk.phaseOf('d0-2')]).toEqual(['Degraded', 'Proposed']);
  });
});

describe('flatten', () => {
  it('halts a version that still trades and refuses an impossible slippage', () => {
    const desk = climbing();
    const flatten: Command = { verb: 'flatten', sliceID, version: '1.0.0', mode: 'limit', slippageBps: 20, reason };
    expect(codeOf(alone(desk, { ...flatten, slippageBps: -1 }))).toBe('LIMIT_NOT_A_SAFE_INTEGER');
    expect(modeOf(desk)).toBe('ACTIVE');
    expect(codeOf(alone(desk, flatten))).toBe('OK');
    expect(modeOf(desk)).toBe('HALTED');
  });
});
