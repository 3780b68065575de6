import { describe, expect, it } from 'vitest';
import { lots, micros, ticks } from '../../base/units.ts';
import { maxEvidenceRuns } from '../../core/rollout/declare-evidence.ts';
import type { Decision, EvidenceTaken, GateJudged } from '../../domain/decision.ts';
import type { DeploymentSpec } from '../../domain/spec.ts';
import { answerOf, openDesk, reportOf, sentOf, trader, type RolloutDesk } from './rollout-desk.ts';
import { canary, rung } from './rollout-specs.ts';

const hour = 3_600_000_000;
const minute = 60_000_000;
const expectations = { annualVol: 0.1, stressLossPerInterval: 0.03, interval: { days: 0, micros: hour } };

function ladder(id: string, more: Partial<DeploymentSpec> = {}): DeploymentSpec {
  return canary(id, '1.0.0', { onInconclusive: 'hold', expect: expectations, ...more });
}

function buy(desk: RolloutDesk, row: number, qty: number, px = 10_000): void {
  const [id] = sentOf(desk.intent(row, 'buy', qty, { price: ticks(px + 1) }));
  desk.say(reportOf(desk, id, 0, { execType: 'trade', lastQty: lots(qty), lastPx: ticks(px), cumQty: lots(qty), leavesQty: lots(0) }));
}

function toHour(desk: RolloutDesk, price: number, before = 500_000): void {
  desk.advance(hour - (desk.at % hour) - before);
  desk.mark(0, price);
  desk.mark(1);
  desk.advance(before + 100_000);
}

function decisions(desk: RolloutDesk): readonly Decision[] {
  return desk.turns.flatMap((turn) => turn.decisions);
}

function data(desk: RolloutDesk): readonly number[] {
  return decisions(desk)
    .filter((one): one is EvidenceTaken => one.kind === 'evidenceTaken' && one.side === 'edge')
    .map(({ datum }) => datum);
}

function lastGate(desk: RolloutDesk, gate: string): GateJudged | undefined {
  return decisions(desk)
    .filter((one): one is GateJudged => one.kind === 'gateJudged' && one.gate === gate)
    .at(-1);
}

describe('a datum of evidence', () => {
  it('measures each part of an interval by the capital that stood while it lasted', () => {
    const desk = openDesk();
    // a second rung after half an hour and more of the first: 10,000, then 100,000
    const stages = [rung(100, { minDuration: { days: 0, micros: 2 * hour } }), rung(1_000), rung(2_000)];
    const row = desk.deploy(ladder('d', { stages }));
    buy(desk, row, 50);
    toHour(desk, 10_000);
    toHour(desk, 10_000);
    const first = desk.core.rollout.deployments[0];
    expect(first.stage).toBe(0);
    // + 1.00 on 50 lots while 10,000 stood, then the grant, then - 2.00 on the same 50 lots while 100,000 stand
    desk.advance(hour - (desk.at % hour) - 40 * minute);
    desk.mark(0, 10_100);
    desk.mark(1);
    desk.order({ verb: 'promote', deploymentID: 'd', reason: 'in mid-interval' });
    expect(first.stage).toBe(1);
    toHour(desk, 9_900);
    expect(data(desk).at(-1)).toBeCloseTo(50 / 10_000 - 100 / 100_000, 12);
  });

  it('is the same whatever capital the version has: a grant makes no return of its own', () => {
    const desk = openDesk();
    const row = desk.deploy(ladder('d', { stages: [rung(100, { minDuration: { days: 0, micros: 9 * hour } }), rung(1_000), rung(2_000)] }));
    buy(desk, row, 50);
    toHour(desk, 10_000);
    toHour(desk, 10_040);
    desk.advance(minute);
    desk.mark(0, 10_040);
    desk.mark(1);
    desk.order({ verb: 'promote', deploymentID: 'd', reason: 'in mid-interval' });
    toHour(desk, 10_040);
    expect(data(desk).at(-1)).toBe(0);
  });
});

describe('a declared gate', () => {
  const gates = [{ name: 'weak', metric: 'netReturn', test: 'bettingE', parameters: { minE: 1.1 } }];

  it('is never weaker than the one of its profile', () => {
    const desk = openDesk();
    desk.deploy(ladder('d', { gates, stages: [rung(100), rung(10_000, { entryGates: ['weak'] })] }));
    toHour(desk, 10_000);
    toHour(desk, 10_000);
    expect(lastGate(desk, 'weak')).toMatchObject({ verdict: 'inconclusive', limit: (20 * Math.PI * Math.PI) / 6 });
  });

  it('of another kind does not stand in for evidence of edge', () => {
    const desk = openDesk();
    const other = [{ name: 'errors', metric: 'errorRate', test: 'bernoulliE', parameters: { maximum: 0.01, minE: 100 } }];
    desk.deploy(ladder('d', { gates: other, stages: [rung(100), rung(10_000, { entryGates: ['errors'] })] }));
    toHour(desk, 10_000);
    expect(lastGate(desk, 'edge-20')?.verdict).toBe('inconclusive');
  });

  it('is waived for one stage, not for those after it', () => {
    const desk = openDesk();
    const stages = [rung(100), rung(500, { entryGates: ['weak'] }), rung(1_000, { entryGates: ['weak'] })];
    desk.deploy(ladder('d', { gates, stages }));
    const waive = { verb: 'waive', deploymentID: 'd', stage: 1, gate: 'weak', reason: 'we have seen it' } as const;
    expect(answerOf(desk.order({ ...waive, gate: 'minPnL' })).code).toBe('UNKNOWN_GATE');
    expect(answerOf(desk.order({ ...waive, stage: 7 })).text).toContain('expected 0…2');
    expect(answerOf(desk.order(waive)).code).toBe('OK');
    for (let n = 0; n < 4; n++) toHour(desk, 10_000);
    const [d] = desk.core.rollout.deployments;
    expect(d.stage).toBe(1);
    expect(lastGate(desk, 'weak')).toMatchObject({ stage: 2, verdict: 'inconclusive' });
  });
});

describe('processes of evidence have a limit that speaks', () => {
  it('a ladder without room for its evidence is refused when it arrives', () => {
    const desk = openDesk();
    desk.deploy(ladder('d', { stages: [rung(2_000)] }));
    const { evidence } = desk.core.rollout;
    while (evidence.length < maxEvidenceRuns) evidence.push({ ...evidence[0], terms: String(evidence.length) });
    const answer = answerOf(desk.order({ verb: 'deploy', spec: { ...ladder('e', { stages: [rung(2_000)] }), version: '1.1.0' } }, trader));
    expect(answer.code).toBe('CAPACITY_REACHED');
    expect(answer.text).toContain(`at most ${maxEvidenceRuns} processes`);
  });

  it('and pauses with that reason when the room went while it loaded', () => {
    const desk = openDesk();
    desk.deploy(ladder('d', { stages: [rung(2_000)] }));
    const { evidence, deployments } = desk.core.rollout;
    desk.order({ verb: 'deploy', spec: { ...ladder('e', { stages: [rung(2_000)] }), version: '1.1.0' } }, trader);
    while (evidence.length < maxEvidenceRuns) evidence.push({ ...evidence[0], terms: String(evidence.length) });
    const row = desk.rowOf('1.1.0');
    desk.host(row, 'loaded');
    desk.host(row, 'warmed');
    expect(deployments[1]).toMatchObject({ phase: 'Paused', stage: -1 });
    expect(deployments[1].reason).toContain('no room');
  });
});

describe('sessions of a market clock', () => {
  const session = (desk: RolloutDesk, phase: 'open' | 'closed', sessionDay: number): void => {
    desk.say({ kind: 'session', calendar: 'XNYS', phase, sessionDay, until: micros(0) });
  };
  const daily = ladder('d', {
    clock: { kind: 'market', calendar: 'XNYS' },
    stages: [rung(100, { minDuration: { days: 1, micros: 0 } }), rung(200)],
  });
  const trade = (desk: RolloutDesk, hours: number): void => {
    for (let n = 0; n < hours * 3600; n += 1) {
      desk.mark(0);
      desk.mark(1);
      desk.advance(1_000_000 - 1);
    }
  };

  it('a session in which the stage was granted just before its close is not completed', () => {
    const desk = openDesk();
    session(desk, 'open', 1);
    trade(desk, 0.2);
    desk.deploy(daily);
    trade(desk, 0.1);
    session(desk, 'closed', 1);
    const [d] = desk.core.rollout.deployments;
    expect(d.sessions).toBe(0);
    desk.advance(10 * hour);
    session(desk, 'open', 2);
    trade(desk, 0.2);
    session(desk, 'closed', 2);
    expect(d.sessions).toBe(1);
  });

  it('a session in which the marks were stale for most of the time is not completed', () => {
    const desk = openDesk();
    desk.deploy(daily);
    session(desk, 'open', 1);
    trade(desk, 0.1);
    desk.advance(0.2 * hour);
    session(desk, 'closed', 1);
    expect(desk.core.rollout.deployments[0].sessions).toBe(0);
  });
});
