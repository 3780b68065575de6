import { describe, expect, it } from 'vitest';
import { stateHash } from '../../core/engine.ts';
import { claimPatience } from '../../core/rollout/claims.ts';
import { lots, ticks } from '../../base/units.ts';
import type { DeploymentSpec } from '../../domain/spec.ts';
import { admin, admin2, answerOf, openDesk, reportOf, risk, RolloutDesk, senior2, sentOf, sliceID, type Turn } from './rollout-desk.ts';
import { canary, rung } from './rollout-specs.ts';

const unit = 1_000_000;
const minute = 60_000_000;

/** Ten per cent of 1,000,000 are free beside the reserve: enough for one version, not for two. */
function tightDesk(watch?: (turn: Turn, desk: RolloutDesk) => void): { readonly desk: RolloutDesk; readonly old: number } {
  const desk = openDesk(undefined, watch, '900000');
  const old = desk.deploy(canary('old', '1.0.0', { stages: [rung(1_000)] }));
  minutes(desk, 1.1);
  expect([desk.phaseOf('old'), desk.core.rollout.lifecycle[old]]).toEqual(['Healthy', 'Active']);
  return { desk, old };
}

function minutes(desk: RolloutDesk, n: number): void {
  for (let left = n * minute; left > 0; left -= 500_000) {
    desk.mark(0);
    desk.mark(1);
    desk.advance(Math.min(left, 500_000));
  }
}

const next = (more: Partial<DeploymentSpec> = {}): DeploymentSpec => canary('next', '1.1.0', { stages: [rung(100), rung(500)], ...more });
const cap = (desk: RolloutDesk, row: number): number => desk.core.capitalOf(row);

/** The old version buys or sells so many lots at 100.00, filled at once. */
function trades(desk: RolloutDesk, row: number, side: 'buy' | 'sell', qty: number): void {
  const [id] = sentOf(desk.intent(row, side, qty));
  const lastPx = ticks(side === 'buy' ? 10_001 : 9_999);
  desk.say(reportOf(desk, id, 0, { execType: 'trade', lastQty: lots(qty), lastPx, cumQty: lots(qty), leavesQty: lots(0) }));
}

describe('a stage that needs the capital of the version before it', () => {
  it('is granted in two steps: the old version is decreased by one input, the new one increased by a later one', () => {
    const { desk, old } = tightDesk();
    const from = desk.turns.length;
    const row = desk.deploy(next());
    expect([cap(desk, old), cap(desk, row)]).toEqual([90_000, 0]);
    desk.advance(0);
    expect([cap(desk, old), cap(desk, row)]).toEqual([90_000, 10_000]);
    const changed = desk.turns.slice(from).map(({ decisions }) => decisions.flatMap((one) => (one.kind === 'rowChanged' ? [one.row] : [])));
    expect(changed.some((rows) => rows.includes(old) && rows.includes(row))).toBe(false);
    const told = desk.turns
      .flatMap(({ decisions }) => decisions)
      .find((one) => one.kind === 'rowChanged' && one.reason.startsWith('makes room'));
    expect(told).toMatchObject({ row: old, actor: 'core', reason: 'makes room for S100 of next' });
  });

  it('is claimed as a share of the slice: a lowered capital lowers the claim, as it does what will be granted', () => {
    const { desk, old } = tightDesk();
    trades(desk, old, 'buy', 950);
    const row = desk.deploy(next());
    minutes(desk, 1);
    const claimed = (): number => (desk.core.rollout.deployments.find((one) => one.row === row)?.claim?.cap.lo ?? NaN) / unit;
    expect(claimed()).toBe(10_000);
    const slice = { verb: 'setSlice', sliceID, algorithmID: 'algo', accountGroup: 'main', currency: 'USD', reserve: '800000' } as const;
    expect(answerOf(desk.order({ ...slice, totalCapital: '900000' }, admin, { ...admin2, roles: ['Admin'] })).code).toBe('OK');
    expect(claimed()).toBe(9_000);
    trades(desk, old, 'sell', 950);
    minutes(desk, 0.1);
    expect(cap(desk, row)).toBe(9_000);
  });

  it('is claimed as a share of what is left after a loss, also when people say the capital of the slice again', () => {
    const { desk, old } = tightDesk();
    trades(desk, old, 'buy', 90);
    const [id] = sentOf(desk.intent(old, 'sell', 90));
    desk.say(reportOf(desk, id, 0, { execType: 'trade', lastQty: lots(90), lastPx: ticks(4_000), cumQty: lots(90), leavesQty: lots(0) }));
    desk.advance(86_400_000_000 - (desk.at % 86_400_000_000) + 1_000_000);
    minutes(desk, 0.1);
    trades(desk, old, 'buy', 950);
    const row = desk.deploy(next());
    minutes(desk, 1);
    const claimed = (): number => (desk.core.rollout.deployments.find((one) => one.row === row)?.claim?.cap.lo ?? NaN) / unit;
    const left = 1_000_000 - 90 * 60.01;
    expect(claimed()).toBeCloseTo(left / 100, 6);
    const slice = { verb: 'setSlice', sliceID, algorithmID: 'algo', accountGroup: 'main', currency: 'USD', reserve: '900000' } as const;
    expect(answerOf(desk.order({ ...slice, totalCapital: '1000000' }, admin, { ...admin2, roles: ['Admin'] })).code).toBe('OK');
    expect(claimed()).toBeCloseTo(left / 100, 6);
  });

  it('waits while the old version uses more than it was left, and is judged afresh when that is worked off', () => {
    const { desk, old } = tightDesk();
    trades(desk, old, 'buy', 950);
    const row = desk.deploy(next());
    minutes(desk, 3);
    expect([cap(desk, old), cap(desk, row), desk.core.gate.mode[old]]).toEqual([90_000, 0, 1]);
    trades(desk, old, 'sell', 40);
    desk.advance(0);
    expect(cap(desk, row)).toBe(0);
    trades(desk, old, 'sell', 20);
    const judged = desk.turns.length;
    desk.advance(0);
    expect(cap(desk, row)).toBe(10_000);
    const granted = desk.turns.slice(judged).flatMap(({ decisions }) => decisions.map(({ kind }) => kind));
    expect(granted).toContain('stageGranted');
    expect(desk.core.rollout.deployments.every(({ claim }) => claim === null)).toBe(true);
  });

  it('gives what it claimed to nobody else meanwhile, and back to everybody when it is paused', () => {
    const { desk, old } = tightDesk();
    trades(desk, old, 'buy', 950);
    desk.deploy(next());
    trades(desk, old, 'sell', 55);
    const raise = { verb: 'allocate', sliceID, version: '1.0.0', allocation: 1_000, reason: 'back' } as const;
    // free in the slice, but claimed
    expect(answerOf(desk.order(raise, risk, senior2)).code).toBe('NOT_ENOUGH_FREE_CAPITAL');
    expect(answerOf(desk.order({ verb: 'pause', deploymentID: 'next', reason: 'wait' }, risk, null)).code).toBe('OK');
    expect(cap(desk, old)).toBe(90_000);
    expect(answerOf(desk.order(raise, risk, senior2)).code).toBe('OK');
    expect(cap(desk, old)).toBe(100_000);
  });

  it('ends in the smaller allocation when the desk crashes between the two', () => {
    const { desk, old } = tightDesk();
    trades(desk, old, 'buy', 950);
    const row = desk.deploy(next({ stages: [rung(100)] }));
    const again = new RolloutDesk();
    for (const turn of desk.turns) {
      again.at = turn.at;
      again.say(turn.input);
    }
    expect(stateHash(again.core)).toBe(stateHash(desk.core));
    again.say({ kind: 'start', term: 2, coreDigest: 'd'.repeat(64), text: 'crashed' });
    minutes(again, 3);
    expect([cap(again, old), cap(again, row)]).toEqual([90_000, 0]);
    again.say({ kind: 'venuesCompared', breaks: 0, text: '' });
    again.tags.push(...desk.tags);
    trades(again, old, 'sell', 60);
    minutes(again, 1.1);
    expect([cap(again, old), cap(again, row)]).toEqual([90_000, 10_000]);
  });

  it('pauses by name when the old version never gets there', () => {
    const { desk, old } = tightDesk();
    trades(desk, old, 'buy', 950);
    desk.deploy(next());
    for (let passed = 0; passed <= claimPatience; passed += 3_600 * unit) {
      minutes(desk, 0.05);
      desk.advance(3_600 * unit);
    }
    const { reason } = desk.core.rollout.deployments[1];
    expect([desk.phaseOf('next'), reason]).toEqual(['Paused', 'no room for S100: 1.0.0 uses more than it was left and works it off']);
    expect(cap(desk, old)).toBe(90_000);
  });

  it('takes nothing from a version that has not completed its ladder, and pauses', () => {
    const desk = openDesk(undefined, undefined, '900000');
    const other = desk.deploy(canary('other', '1.2.0', { stages: [rung(1_000, { minDuration: { days: 1, micros: 0 } })] }));
    desk.deploy(next());
    minutes(desk, 0.1);
    expect([desk.phaseOf('next'), cap(desk, other)]).toEqual(['Paused', 100_000]);
  });

  it('leaves a stage whose gate no longer passes without capital, and the old version with what it has left', () => {
    const { desk, old } = tightDesk();
    const row = desk.deploy(next());
    desk.advance(0);
    minutes(desk, 0.5);
    trades(desk, old, 'buy', 890);
    const failing = canary('later', '1.2.0', { stages: [rung(500, { entryApproval: { roles: ['SeniorManagement'], count: 1 } })] });
    desk.deploy(failing);
    expect([desk.phaseOf('later'), cap(desk, old), cap(desk, row)]).toEqual(['Paused', 90_000, 10_000]);
  });
});
