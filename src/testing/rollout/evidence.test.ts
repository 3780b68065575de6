import { describe, expect, it } from 'vitest';
import { lots, ticks } from '../../base/units.ts';
import type { Decision, EvidenceTaken } from '../../domain/decision.ts';
import type { DeploymentSpec } from '../../domain/spec.ts';
import { answerOf, openDesk, reportOf, risk, senior2, sentOf, trader, type RolloutDesk } from './rollout-desk.ts';
import { canary, rung } from './rollout-specs.ts';

const hour = 3_600_000_000;
const bets = [1, 2, 4, 8, 16, 32];
const expectations = { annualVol: 0.1, stressLossPerInterval: 0.03, interval: { days: 0, micros: hour } };

function ladder(id: string, version: string, more: Partial<DeploymentSpec> = {}): DeploymentSpec {
  return canary(id, version, {
    onInconclusive: 'hold',
    expect: expectations,
    stages: [rung(100), rung(2_000, { name: 'Large' })],
    ...more,
  });
}

/** Holds 50 lots bought at 100.00 on a cap of 10,000: a tick is a return of 0.00005. */
function invested(desk: RolloutDesk, row: number): void {
  desk.mark(0);
  desk.mark(1);
  const [id] = sentOf(desk.intent(row, 'buy', 50));
  desk.say(reportOf(desk, id, 0, { execType: 'trade', lastQty: lots(50), lastPx: ticks(10_000), cumQty: lots(50), leavesQty: lots(0) }));
}

/** The next hours, each ending with the price moved by so many ticks just before its end. */
function hours(desk: RolloutDesk, moves: readonly number[], mid = 10_000): number {
  let price = mid;
  for (const move of moves) {
    price += move;
    desk.advance(hour - (desk.at % hour) - 500_000);
    desk.mark(0, price);
    desk.mark(1);
    desk.advance(600_000);
  }
  return price;
}

function taken(desk: RolloutDesk, side: 'edge' | 'harm' = 'edge'): readonly EvidenceTaken[] {
  return decisions(desk).filter((one): one is EvidenceTaken => one.kind === 'evidenceTaken' && one.side === side);
}

function decisions(desk: RolloutDesk): readonly Decision[] {
  return desk.turns.flatMap((turn) => turn.decisions);
}

/** K by its definition: the mean over the bets of the products. */
function mean(data: readonly number[], sign = 1): number {
  return bets.reduce((sum, bet) => sum + data.reduce((product, r) => product * (1 + sign * bet * r), 1) / bets.length, 0);
}

function lastGate(
  desk: RolloutDesk,
  gate: string,
): { readonly verdict: string; readonly text: string; readonly limit: number } | undefined {
  const judged = decisions(desk).flatMap((one) => (one.kind === 'gateJudged' && one.gate === gate ? [one] : []));
  return judged[judged.length - 1];
}

describe('evidence of edge', () => {
  it('one datum an hour, the net PnL by the cap, makes the e-value that its definition gives', () => {
    const desk = openDesk();
    invested(desk, desk.deploy(ladder('d', '1.0.0')));
    hours(desk, [0, 40, -20, 60, 10]);
    const data = taken(desk).map(({ datum }) => datum);
    // of the first hour the cap at its beginning was 0: it is no datum
    expect(data).toHaveLength(4);
    expect(data.map((r) => Math.round(r * 1e6))).toEqual([2_000, -1_000, 3_000, 500]);
    const [, , , last] = taken(desk);
    expect(last.value).toBeCloseTo(mean(data), 12);
    expect(last.observations).toBe(4);
  });

  it('capital past 10 % is granted when e reaches what its version has to show, not before, and the record says so', () => {
    const desk = openDesk();
    invested(desk, desk.deploy(ladder('d', '1.0.0')));
    hours(desk, [0, ...new Array<number>(8).fill(100)]);
    expect(taken(desk).at(-1)?.value).toBeLessThan(2);
    expect(lastGate(desk, 'edge-2')).toMatchObject({ verdict: 'inconclusive', limit: (2 * Math.PI * Math.PI) / 6 });
    expect(lastGate(desk, 'edge-2')?.text).toMatch(
      /^e = 1\.\d\d of 3\.28 \(minE 2 as declaration 1 of its algorithm\) after 8 returns, about \d+ hours at this rate$/,
    );
    hours(desk, new Array<number>(24).fill(100), 10_800);
    const [granted] = decisions(desk).flatMap((one) => (one.kind === 'stageGranted' && one.name === 'Large' ? [one] : []));
    expect(
      granted.reasons.some((reason) =>
        /^e = 3\.\d\d of 3\.28 \(minE 2 as declaration 1 of its algorithm\) after \d+ returns$/.test(reason),
      ),
    ).toBe(true);
  });

  it('a tail that is not declared stays inconclusive, whatever is earned', () => {
    const desk = openDesk();
    invested(desk, desk.deploy(ladder('d', '1.0.0', { expect: { ...expectations, stressLossPerInterval: null } })));
    hours(desk, [0, ...new Array<number>(20).fill(100)]);
    expect(taken(desk)).toEqual([]);
    expect(lastGate(desk, 'edge-2')?.text).toBe('unbounded tail: expect.stressLossPerInterval is not declared');
  });

  it('a return beyond the declared stress loss makes it no evidence for good', () => {
    const desk = openDesk();
    invested(desk, desk.deploy(ladder('d', '1.0.0')));
    const price = hours(desk, [0, -700]);
    hours(desk, new Array<number>(30).fill(150), price);
    expect(taken(desk).at(-1)?.value).toBeGreaterThan(2);
    expect(lastGate(desk, 'edge-2')?.text).toMatch(/^1 of \d+ returns passed the declared stress loss/);
  });

  it('hours without fresh marks are missing, and their loss is carried into the next datum', () => {
    const desk = openDesk();
    invested(desk, desk.deploy(ladder('d', '1.0.0')));
    hours(desk, [0, 20]);
    desk.advance(3 * hour);
    hours(desk, [-100], 10_020);
    const data = taken(desk);
    expect(data.map(({ datum }) => Math.round(datum * 1e6))).toEqual([1_000, -5_000]);
    expect(data.at(-1)?.missing).toBe(3);
  });

  it('what the capital made before its first whole hour counts in the first datum', () => {
    const desk = openDesk();
    invested(desk, desk.deploy(ladder('d', '1.0.0')));
    hours(desk, [-80, 0, 20]);
    expect(taken(desk).map(({ datum }) => Math.round(datum * 1e6))).toEqual([-4_000, 1_000]);
  });

  it('a pause and a resume do not begin anew', () => {
    const desk = openDesk();
    invested(desk, desk.deploy(ladder('d', '1.0.0')));
    const price = hours(desk, [0, 40, 40]);
    desk.order({ verb: 'pause', deploymentID: 'd', reason: 'look' });
    desk.order({ verb: 'resume', deploymentID: 'd', reason: 'seen' }, risk, senior2);
    hours(desk, [40], price);
    expect(taken(desk).at(-1)?.observations).toBe(3);
  });

  it('the second version of an algorithm must show four times as much as the first, and both together err no more often than one alone', () => {
    const desk = openDesk();
    desk.deploy(ladder('d', '1.0.0', { stages: [rung(100), rung(2_000)] }));
    invested(desk, desk.deploy(ladder('e', '1.1.0')));
    hours(desk, [0, 10, 10]);
    expect(lastGate(desk, 'edge-2')).toMatchObject({ limit: (8 * Math.PI * Math.PI) / 6 });
    expect(lastGate(desk, 'edge-2')?.text).toContain('of 13.15 (minE 2 as declaration 2 of its algorithm) after 2 returns');
  });

  it('bets that the stress loss could ruin are refused with their bound', () => {
    const desk = openDesk();
    const gates = [{ name: 'edge', metric: 'netReturn', test: 'bettingE', parameters: { grid: [1, 64], minE: 2 } }];
    const stages = [rung(100), rung(2_500, { entryGates: ['edge'] })];
    const answer = answerOf(desk.order({ verb: 'deploy', spec: ladder('d', '1.0.0', { gates, stages }) }, trader));
    expect(answer.code).toBe('BETS_NOT_BOUNDED');
    expect(answer.text).toMatch(/^gate edge: expected bets above 0 and at most 33\.3\d+ \(1 \/ stressLossPerInterval\), was 64$/);
  });
});

describe('a gate that would prove nothing is refused when the spec arrives', () => {
  const stages = [rung(100), rung(2_500, { entryGates: ['edge'] })];
  it.each([
    [{ m0: -0.01, minE: 2 }, 'gate edge: expected m0 of at least 0, was -0.01'],
    [{ minE: 1 }, 'gate edge: expected minE above 1, or alpha between 0 and 1'],
    [{ grid: [1, 2] }, 'gate edge: expected minE above 1, or alpha between 0 and 1'],
    [{ grid: [0], minE: 2 }, 'gate edge: expected bets above 0 and at most'],
  ])('%j', (parameters, sentence) => {
    const gates = [{ name: 'edge', metric: 'netReturn', test: 'bettingE', parameters }];
    const answer = answerOf(openDesk().order({ verb: 'deploy', spec: ladder('d', '1.0.0', { gates, stages }) }, trader));
    expect(answer.code).toBe('BETS_NOT_BOUNDED');
    expect(answer.text).toContain(sentence);
  });
});

describe('evidence of harm', () => {
  const harmful: Partial<DeploymentSpec> = {
    rollbackThresholds: { maxDailyLoss: null, maxLossAbsolute: null, maxDrawdown: null, maxErrorRate: null, maxLatency: null, harmE: 5 },
  };

  it('rolls the version back in the turn of the datum that passes the limit', () => {
    const desk = openDesk();
    invested(desk, desk.deploy(ladder('d', '1.0.0', harmful)));
    hours(desk, [0, ...new Array<number>(40).fill(-100)]);
    const [fired] = decisions(desk).flatMap((one) => (one.kind === 'triggerFired' ? [one] : []));
    expect(fired).toMatchObject({ rule: 'harm', class: 'lossLimit', limit: 5 });
    const data = taken(desk, 'harm').map(({ datum }) => datum);
    expect(mean(data, -1)).toBeGreaterThanOrEqual(5);
    expect(mean(data.slice(0, -1), -1)).toBeLessThan(5);
    expect(desk.core.gate.cap.lo[desk.rowOf('1.0.0')]).toBe(0);
  });

  it('asks for a declared tail', () => {
    const spec = ladder('d', '1.0.0', { ...harmful, stages: [rung(100)], expect: { ...expectations, stressLossPerInterval: null } });
    expect(answerOf(openDesk().order({ verb: 'deploy', spec }, trader)).code).toBe('BETS_NOT_BOUNDED');
  });
});
