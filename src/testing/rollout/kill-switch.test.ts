import { describe, expect, it } from 'vitest';
import { canary, paper, rung } from './rollout-specs.ts';
import {
  answerOf,
  denialsOf,
  openDesk,
  reportOf,
  risk,
  senior,
  senior2,
  sentOf,
  sliceID,
  trader,
  type RolloutDesk,
} from './rollout-desk.ts';

const kill = { verb: 'kill', reason: 'test' } as const;
const release = { verb: 'release', reason: 'test' } as const;

function killed(prepare: (desk: RolloutDesk) => void = () => undefined): RolloutDesk {
  const desk = openDesk();
  desk.deploy(canary('d0', '1.0.0'));
  prepare(desk);
  desk.order(kill, trader, null);
  return desk;
}

const releaseIt = (desk: RolloutDesk): string => answerOf(desk.order(release, senior, senior2)).code;

describe('kill switch', () => {
  it('an order of a canary passes on this desk, so that a refusal means something', () => {
    const desk = openDesk();
    const row = desk.deploy(canary('d0', '1.0.0'));
    const turn = desk.intent(row, 'buy', 10);
    expect(denialsOf(turn)).toEqual([]);
    expect(sentOf(turn)).toHaveLength(1);
  });

  it('KILL every open order, acknowledged or not, on paper or not, gets its cancel in the turn of the kill', () => {
    const desk = openDesk();
    const row = desk.deploy(canary('d0', '1.0.0'));
    const onPaper = desk.deploy(paper('p1', '1.1.0', null));
    const [first] = sentOf(desk.intent(row, 'buy', 10));
    const [second] = sentOf(desk.intent(row, 'buy', 11));
    const [third] = sentOf(desk.intent(onPaper, 'buy', 12, { listing: 1 }));
    desk.say(reportOf(desk, first, 0, { execType: 'new' }));
    const { effects } = desk.order(kill, trader, null);
    expect(effects[0]).toMatchObject({ kind: 'kill', reducing: true, engaged: true, hold: 'firm' });
    expect(effects.flatMap((one) => (one.kind === 'cancel' ? [one.target] : [])).sort()).toEqual([first, second, third].sort());
  });

  it('KILL a replacement that was on its way when it came is taken back when the venue says that it stands', () => {
    const desk = openDesk();
    const row = desk.deploy(canary('d0', '1.0.0'));
    const [id] = sentOf(desk.intent(row, 'buy', 10));
    desk.say(reportOf(desk, id, 0, { execType: 'new' }));
    const { decisions } = desk.intent(row, 'buy', 12, { action: 'replace', targetTag: 1 });
    const replacement = decisions.flatMap((one) => (one.kind === 'replaceSent' ? [one.order.clOrdID] : []))[0];
    desk.order(kill, trader, null);
    const { effects } = desk.say(reportOf(desk, replacement, 0, { execType: 'replaced', origClOrdID: id, cumQty: 0, leavesQty: 12 }));
    expect(effects.flatMap((one) => (one.kind === 'cancel' ? [one.target] : []))).toEqual([replacement]);
  });

  it('PRO4 a retry that the kill switch refuses leaves the failed gate latched', () => {
    const desk = openDesk();
    desk.deploy(canary('d0', '1.0.0', { stages: [rung(100, { minPnL: '1' }), rung(500)] }));
    for (let n = 0; n < 70; n++) {
      desk.advance(900_000);
      desk.mark(0);
      desk.mark(1);
    }
    expect(desk.phaseOf('d0')).toBe('Paused');
    const resume = { verb: 'resume', deploymentID: 'd0', reason: 'x' } as const;
    expect(answerOf(desk.order(resume, risk, null)).code).toBe('NOT_IN_THIS_PHASE');
    desk.order(kill, trader, null);
    expect(answerOf(desk.order({ ...resume, verb: 'retry' })).code).toBe('KILL_SWITCH_ENGAGED');
    releaseIt(desk);
    expect(answerOf(desk.order(resume, risk, null)).code).toBe('NOT_IN_THIS_PHASE');
    expect(answerOf(desk.order({ ...resume, verb: 'retry' }, risk, null)).code).toBe('SECOND_PERSON_REQUIRED');
    expect(answerOf(desk.order({ ...resume, verb: 'retry' })).code).toBe('OK');
  });

  it('KILL nothing new and no replace leaves after it, from any row, and none is waiting to leave', () => {
    const desk = killed((one) => one.intent(one.rowOf('1.0.0'), 'buy', 10));
    const row = desk.rowOf('1.0.0');
    const turns = [
      desk.intent(row, 'buy', 1),
      desk.intent(row, 'sell', 1, { reduceOnly: true }),
      desk.intent(row, 'buy', 1, { action: 'replace', targetTag: 1 }),
    ];
    for (const turn of turns) expect(turn.effects.filter((one) => one.kind === 'send' || one.kind === 'replace')).toEqual([]);
  });

  it('KILL a version that was loading when it came is granted nothing when it has warmed up, and says why it waits', () => {
    const desk = openDesk();
    desk.order({ verb: 'deploy', spec: canary('d0', '1.0.0') }, trader);
    const row = desk.rowOf('1.0.0');
    desk.host(row, 'loaded');
    desk.order(kill, trader, null);
    const turn = desk.host(row, 'warmed');
    expect(turn.decisions.filter((one) => one.kind === 'stageGranted')).toEqual([]);
    expect(turn.effects.filter((one) => one.kind === 'authority' && one.trading)).toEqual([]);
    expect(desk.phaseOf('d0')).toBe('Paused');
    expect(releaseIt(desk)).toBe('OK');
    expect(answerOf(desk.order({ verb: 'resume', deploymentID: 'd0', reason: 'go' })).code).toBe('OK');
    expect(desk.core.gate.stage[row]).toBe(0);
    expect(sentOf(desk.intent(row, 'buy', 10))).toHaveLength(1);
  });

  it('KILL is released by two different people with the role only', () => {
    const desk = killed();
    expect(answerOf(desk.order(release, senior, null)).code).toBe('SECOND_PERSON_REQUIRED');
    expect(answerOf(desk.order(release, senior, { ...senior2, personID: senior.personID })).code).toBe('SECOND_PERSON_REQUIRED');
    expect(answerOf(desk.order(release, risk, senior)).code).toBe('ROLE_REQUIRED');
    expect(answerOf(desk.order(release, senior, risk)).code).toBe('ROLE_REQUIRED');
    expect(answerOf(desk.order(release, trader, senior)).code).toBe('ROLE_REQUIRED');
    expect(desk.core.rollout.killed).toBe(true);
    expect(releaseIt(desk)).toBe('OK');
    expect(desk.core.rollout.killed).toBe(false);
  });

  it('KILL twice is once, and a repeated command is answered as the first time without doing it again', () => {
    const desk = killed();
    expect(desk.order(kill, trader, null).decisions.map((one) => one.kind)).toEqual(['commandAnswered']);
    desk.order(release, senior, senior2, 'release-1');
    desk.order(kill, trader, null, 'kill-2');
    const again = desk.order(release, senior, senior2, 'release-1');
    expect(answerOf(again).code).toBe('OK');
    expect(again.effects.map((one) => one.kind)).toEqual(['answer']);
    expect(desk.core.rollout.killed).toBe(true);
  });

  it('KILL after the release nothing trades by itself: a deployment goes on when somebody resumes it', () => {
    const desk = killed();
    const row = desk.rowOf('1.0.0');
    releaseIt(desk);
    desk.mark(0);
    desk.advance(10_000_000);
    desk.mark(0);
    desk.mark(1);
    expect(sentOf(desk.intent(row, 'buy', 1))).toEqual([]);
    expect(answerOf(desk.order({ verb: 'resume', deploymentID: 'd0', reason: 'go' })).code).toBe('OK');
    expect(sentOf(desk.intent(row, 'buy', 1))).toHaveLength(1);
  });

  it('KILL over a row that a silent feed restricted: the feed speaking again after the release gives nothing back', () => {
    const desk = openDesk();
    const row = desk.deploy(canary('d0', '1.0.0'));
    desk.advance(2_000_000);
    expect(desk.core.gate.mode[row]).toBe(2);
    desk.order(kill, trader, null);
    releaseIt(desk);
    desk.mark(0);
    desk.mark(1);
    expect(sentOf(desk.intent(row, 'buy', 1))).toEqual([]);
  });

  it('KILL a version whose ladder is complete can go on after the release when somebody resumes it', () => {
    const desk = openDesk();
    const row = desk.deploy(canary('d0', '1.0.0', { stages: [canary('x', '1').stages[0]] }));
    for (let n = 0; n < 130; n++) {
      desk.advance(500_000);
      desk.mark(0);
      desk.mark(1);
    }
    expect(desk.phaseOf('d0')).toBe('Healthy');
    desk.order(kill, trader, null);
    releaseIt(desk);
    expect(answerOf(desk.order({ verb: 'resume', deploymentID: 'd0', reason: 'go' })).code).toBe('OK');
    expect(sentOf(desk.intent(row, 'buy', 1))).toHaveLength(1);
  });

  it('KILL unhalt, retry, promote, resume and deploy are refused while it is engaged', () => {
    const desk = killed((one) => {
      one.deploy(canary('d1', '1.1.0'));
      one.order({ verb: 'halt', sliceID, version: '1.1.0', reason: 'test' });
    });
    for (const verb of ['promote', 'resume'] as const)
      expect(answerOf(desk.order({ verb, deploymentID: 'd0', reason: 'x' })).code).toBe('KILL_SWITCH_ENGAGED');
    expect(answerOf(desk.order({ verb: 'deploy', spec: canary('d2', '1.2.0') }, trader)).code).toBe('KILL_SWITCH_ENGAGED');
    expect(answerOf(desk.order({ verb: 'unhalt', sliceID, version: '1.1.0', reason: 'x' })).code).toBe('KILL_SWITCH_ENGAGED');
  });
});
