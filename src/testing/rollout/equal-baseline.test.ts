import { describe, expect, it } from 'vitest';
import { lots, ticks } from '../../base/units.ts';
import { stateHash } from '../../core/engine.ts';
import { decodeCore, encodeCore } from '../../core/snapshot.ts';
import type { Decision, EvidenceTaken, GateJudged, RowChanged } from '../../domain/decision.ts';
import type { DeploymentSpec, GateSpec } from '../../domain/spec.ts';
import { capUnits } from './invariants.ts';
import { answerOf, openDesk, reportOf, RolloutDesk, sentOf, trader, type Turn } from './rollout-desk.ts';
import { canary, paper, rung } from './rollout-specs.ts';

const second = 1_000_000;
const minute = 60 * second;
const expectations = { annualVol: null, stressLossPerInterval: 0.03, interval: { days: 0, micros: minute } };
const units = (usd: number): bigint => BigInt(usd) * 1_000_000n;

function pass(desk: RolloutDesk, by: number, mid = 10_000): void {
  for (let left = by; left > 0; left -= 900_000) {
    desk.advance(Math.min(left, 900_000));
    desk.mark(0, mid);
    desk.mark(1);
  }
}

/** 1.0.0 has completed its ladder with a tenth of the capital, or more. */
function withChampion(allocation = 1_000, reserve = '100000'): RolloutDesk {
  const desk = openDesk(undefined, undefined, reserve);
  desk.deploy(canary('old', '1.0.0', { stages: [rung(allocation)] }));
  pass(desk, 2 * minute);
  expect(desk.core.rollout.lifecycle[desk.rowOf('1.0.0')]).toBe('Active');
  return desk;
}

function beside(more: Partial<DeploymentSpec> = {}): DeploymentSpec {
  return canary('new', '1.1.0', { baseline: { upTo: 500 }, expect: expectations, onInconclusive: 'hold', ...more });
}

/** Deploys it; both instances load and warm up. */
function deployBeside(desk: RolloutDesk, spec = beside()): { readonly row: number; readonly base: number } {
  const answer = answerOf(desk.order({ verb: 'deploy', spec }, trader));
  expect(answer.code).toBe('OK');
  const row = desk.rowOf(spec.version);
  const base = row + 1;
  for (const one of [row, base]) for (const event of ['loaded', 'warmed'] as const) desk.host(one, event);
  pass(desk, second);
  return { row, base };
}

function buy(desk: RolloutDesk, row: number, qty: number, px = 10_000): void {
  const [id] = sentOf(desk.intent(row, 'buy', qty, { price: ticks(px + 1) }));
  desk.say(reportOf(desk, id, 0, { execType: 'trade', lastQty: lots(qty), lastPx: ticks(px), cumQty: lots(qty), leavesQty: lots(0) }));
}

const decisions = (desk: RolloutDesk): readonly Decision[] => desk.turns.flatMap((turn) => turn.decisions);
const capChanges = (turn: Turn): readonly RowChanged[] => turn.decisions.filter((one) => one.kind === 'rowChanged');

describe('a baseline of equal capital beside a canary', () => {
  it('is the old version a second time: a row, a host and a sub-ledger of its own', () => {
    const desk = withChampion();
    const turn = desk.order({ verb: 'deploy', spec: beside() }, trader);
    expect(answerOf(turn).text).toContain('1.0.0+baseline.1 as its baseline');
    const loads = turn.effects.filter((one) => one.kind === 'load');
    expect(loads.map(({ spec }) => [spec.deploymentID, spec.version, spec.baselineOf])).toEqual([
      ['new', '1.1.0', undefined],
      ['new-baseline', '1.0.0+baseline.1', 'new'],
    ]);
    expect(desk.core.gate.rows.at(-1)).toMatchObject({ version: '1.0.0+baseline.1', algorithmID: 'algo' });
  });

  it('gets the capital of each stage in the step that gives it to the canary, neither before the other', () => {
    const desk = withChampion();
    desk.order({ verb: 'deploy', spec: beside() }, trader);
    const row = desk.rowOf('1.1.0');
    for (const event of ['loaded', 'warmed'] as const) desk.host(row, event);
    pass(desk, 3 * minute);
    expect(capUnits(desk, row)).toBe(0n);
    for (const event of ['loaded', 'warmed'] as const) desk.host(row + 1, event);
    pass(desk, second);
    for (const one of [row, row + 1]) expect(capUnits(desk, one)).toBe(units(10_000));
    pass(desk, minute + second);
    for (const one of [row, row + 1]) expect(capUnits(desk, one)).toBe(units(50_000));
    for (const turn of desk.turns) {
      const given = capChanges(turn).filter((one) => one.row >= row && one.reason !== 'stage S1000');
      if (given.length > 0)
        expect(given.map((one) => [one.row, one.cap])).toEqual([
          [row, given[0].cap],
          [row + 1, given[0].cap],
        ]);
    }
  });

  it('ends before a stage that is larger than it runs beside: orders back, lots to the custodian, its capital is free', () => {
    const desk = withChampion();
    const { row, base } = deployBeside(desk);
    buy(desk, base, 5);
    pass(desk, 3 * minute);
    expect(capUnits(desk, row)).toBe(units(100_000));
    expect([capUnits(desk, base), desk.phaseOf('new-baseline'), desk.phaseOf('new')]).toEqual([0n, 'Aborted', 'Healthy']);
    expect(decisions(desk)).toContainEqual(expect.objectContaining({ kind: 'triggerFired', row: base, rule: 'baselineOver' }));
    const moved = decisions(desk).find((one) => one.kind === 'lotsTransferred');
    expect(moved).toMatchObject({ fromRow: base, position: 5 });
    expect(desk.core.residualLots(base)).toBe(0);
  });

  it('is given way to by the champion for twice the stage; a stage that has no room for both is not granted', () => {
    // 105,000 for all: 100,000 are the champion's
    const desk = withChampion(1_000, '895000');
    const { row, base } = deployBeside(desk, beside({ stages: [rung(100), rung(500), rung(1_000)], baseline: { upTo: 1_000 } }));
    const caps = (): readonly bigint[] => [desk.rowOf('1.0.0'), row, base].map((one) => capUnits(desk, one));
    expect(caps()).toEqual([85_000, 10_000, 10_000].map(units));
    pass(desk, minute + second);
    expect(caps()).toEqual([5_000, 50_000, 50_000].map(units));
    pass(desk, minute + second);
    expect(caps()).toEqual([5_000, 50_000, 50_000].map(units));
    expect(desk.core.rollout.deployments[1]).toMatchObject({ phase: 'Paused', reason: 'not enough free capital for S1000' });
  });

  it('waits for its capital until the champion has worked off what it uses past its new cap', () => {
    const desk = withChampion(1_000, '895000');
    buy(desk, desk.rowOf('1.0.0'), 900);
    const { row, base } = deployBeside(desk);
    expect([row, base].map((one) => capUnits(desk, one))).toEqual([0n, 0n]);
    expect(desk.core.rollout.deployments[1].claim).toMatchObject({ stage: 0, beside: base });
    const [id] = sentOf(desk.intent(desk.rowOf('1.0.0'), 'sell', 60));
    const filled = { lastQty: lots(60), lastPx: ticks(10_000), cumQty: lots(60), leavesQty: lots(0) };
    desk.say(reportOf(desk, id, 0, { execType: 'trade', ...filled }));
    pass(desk, 2 * second);
    expect([row, base].map((one) => capUnits(desk, one))).toEqual([units(10_000), units(10_000)]);
  });

  it('ends with its canary in the same turn, whatever took that away', () => {
    const desk = withChampion();
    const { base } = deployBeside(desk);
    const [id] = sentOf(desk.intent(base, 'buy', 3));
    const turn = desk.order({ verb: 'rollback', deploymentID: 'new', reason: 'enough' });
    expect(turn.effects).toContainEqual(expect.objectContaining({ kind: 'cancel', target: id }));
    expect(capChanges(turn).map(({ row, mode }) => [row, mode])).toContainEqual([base, 'HALTED']);
    desk.say(reportOf(desk, id, 0, { execType: 'canceled', leavesQty: lots(0) }));
    expect([desk.phaseOf('new'), desk.phaseOf('new-baseline'), desk.phaseOf('old')]).toEqual(['Aborted', 'Aborted', 'Healthy']);
  });

  it('that people roll back leaves the canary where it is, and its challenge inconclusive', () => {
    const gates: readonly GateSpec[] = [{ name: 'parity', metric: 'netReturn', test: 'pairedE', parameters: { margin: 0.001, minE: 2 } }];
    const desk = withChampion();
    const stages = [rung(100), rung(500, { entryGates: ['parity'] })];
    const { row } = deployBeside(desk, beside({ gates, stages }));
    desk.order({ verb: 'rollback', deploymentID: 'new-baseline', reason: 'no longer wanted' });
    pass(desk, 4 * minute);
    expect(capUnits(desk, row)).toBe(units(10_000));
    expect(desk.phaseOf('new')).toBe('Progressing');
    const judged = decisions(desk).filter((one): one is GateJudged => one.kind === 'gateJudged' && one.gate === 'parity');
    expect(judged.at(-1)).toMatchObject({ verdict: 'inconclusive', text: 'there is no baseline to be measured against' });
  });

  it('is what the challenge bets against: its own instance, not the champion, over the same intervals', () => {
    const gates: readonly GateSpec[] = [{ name: 'parity', metric: 'netReturn', test: 'pairedE', parameters: { margin: 0.001, minE: 50 } }];
    // the champion has as much capital as the canary: it is not who is meant
    const desk = withChampion(100);
    const { row, base } = deployBeside(desk, beside({ gates, stages: [rung(100), rung(500, { entryGates: ['parity'] })] }));
    buy(desk, row, 50);
    buy(desk, base, 25);
    pass(desk, 5 * minute);
    pass(desk, 2 * minute, 10_040);
    expect(desk.core.rollout.paired).toMatchObject([{ row, baseRow: base, baseSimulated: false }]);
    const data = decisions(desk).filter((one): one is EvidenceTaken => one.kind === 'evidenceTaken' && one.side === 'paired');
    // 0.40 on 50 lots less 0.40 on 25, each of 10,000
    const moved = data.find(({ datum }) => Math.abs(datum) > 1e-12);
    expect(moved?.datum).toBeCloseTo((0.4 * 50 - 0.4 * 25) / 10_000, 12);
  });

  it('is in the snapshot, the state hash and a replay', () => {
    const desk = withChampion();
    deployBeside(desk);
    pass(desk, 2 * minute);
    const copy = decodeCore(encodeCore(desk.core));
    if (!copy.ok) throw new Error(copy.error);
    expect(stateHash(copy.value)).toBe(stateHash(desk.core));
    const before = stateHash(desk.core);
    desk.core.rollout.deployments[1].baseline = -1;
    expect(stateHash(desk.core)).not.toBe(before);
    desk.core.rollout.deployments[1].baseline = 2;
    const again = new RolloutDesk();
    for (const turn of desk.turns) {
      again.at = turn.at;
      expect(again.say(turn.input).decisions).toEqual(turn.decisions);
    }
    expect(stateHash(again.core)).toBe(before);
  });
});

describe('a baseline that cannot run is refused by name', () => {
  const refusalOf = (desk: RolloutDesk, spec: DeploymentSpec): { readonly code: string; readonly text: string } =>
    answerOf(desk.order({ verb: 'deploy', spec }, trader));

  it.each([
    ['without a version that completed a ladder', () => openDesk(), beside(), 'there is nobody to be measured beside'],
    ['past half of the capital', () => withChampion(), beside({ baseline: { upTo: 6_000 } }), 'baseline.upTo'],
    ['below the first stage', () => withChampion(), beside({ baseline: { upTo: 50 } }), 'baseline.upTo'],
    ['beside a paper run', () => withChampion(), { ...paper('new', '1.1.0', null), baseline: { upTo: 500 } }, 'expected a Canary'],
    ['beside itself', () => withChampion(), beside({ version: '1.0.0' }), 'beside itself'],
  ] as const)('%s', (_what, open, spec, text) => {
    const answer = refusalOf(open(), spec);
    expect(answer.code).toBe('NO_BASELINE');
    expect(answer.text).toContain(text);
  });

  it('and a baseline is not promoted by people', () => {
    const desk = withChampion();
    deployBeside(desk);
    const answer = answerOf(desk.order({ verb: 'promote', deploymentID: 'new-baseline', reason: 'more' }));
    expect(answer).toMatchObject({ code: 'NOT_IN_THIS_PHASE' });
    expect(answer.text).toContain('is a baseline');
  });
});
