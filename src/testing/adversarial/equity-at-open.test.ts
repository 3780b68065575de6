import { describe, expect, it } from 'vitest';
import { lots, ticks } from '../../base/units.ts';
import { capUnits } from '../rollout/invariants.ts';
import { canary, rung } from '../rollout/rollout-specs.ts';
import { answerOf, openDesk, reportOf, risk, senior2, sentOf, sliceID, trader, type RolloutDesk } from '../rollout/rollout-desk.ts';

const day = 86_400_000_000;
const usd = (amount: number): bigint => BigInt(Math.round(amount * 1e6));
const stages = [rung(100), rung(500), rung(1_000)];

/** Bought at 100.00, sold at 40.00: 60 USD a lot are gone. */
function lose(desk: RolloutDesk, row: number, qty: number): void {
  for (const [side, price] of [
    ['buy', 10_000],
    ['sell', 4_000],
  ] as const) {
    desk.mark(0, price);
    const [id] = sentOf(desk.intent(row, side, qty, { price: ticks(price) }));
    desk.say(reportOf(desk, id, 0, { execType: 'trade', lastQty: lots(qty), lastPx: ticks(price), cumQty: lots(qty), leavesQty: lots(0) }));
  }
}

/** To the first second of the next UTC day, with fresh marks. */
function nextDay(desk: RolloutDesk): void {
  desk.advance(day - (desk.at % day) + 1_000_000);
  for (const listing of [0, 1]) desk.mark(listing);
}

function promoted(desk: RolloutDesk, id: string): string {
  return answerOf(
    desk.order({ verb: 'promote', deploymentID: id, reason: 'test', waives: ['minDuration', 'minPnL', 'minTrades'] }, risk, senior2),
  ).code;
}

describe('capital of an increase: min(totalCapital, equity at session open) (decision 26)', () => {
  it('a loss of today counts from tomorrow on, and a share is a share of what is left', () => {
    const desk = openDesk();
    const row = desk.deploy(canary('d0', '1.0.0', { stages, autoProgress: false }));
    expect(capUnits(desk, row)).toBe(usd(10_000));
    lose(desk, row, 90);
    expect(promoted(desk, 'd0')).toBe('OK');
    expect(capUnits(desk, row)).toBe(usd(50_000));
    nextDay(desk);
    expect(promoted(desk, 'd0')).toBe('OK');
    expect(capUnits(desk, row)).toBe(usd((1_000_000 - 5_400) * 0.1));
  });

  it('what a version lost that is halted by now counts too', () => {
    const desk = openDesk();
    const row = desk.deploy(canary('d0', '1.0.0', { stages, autoProgress: false }));
    lose(desk, row, 90);
    desk.order({ verb: 'rollback', deploymentID: 'd0', reason: 'test' }, trader, null);
    nextDay(desk);
    const next = desk.deploy(canary('d1', '1.1.0', { stages, autoProgress: false }));
    expect(capUnits(desk, next)).toBe(usd(9_946));
  });

  it('where nothing is left, nothing is granted: the climb stands and says why', () => {
    const desk = openDesk();
    const row = desk.deploy(canary('d0', '1.0.0', { stages, autoProgress: false }));
    desk.mark(0, 10_000);
    const [id] = sentOf(desk.intent(row, 'sell', 90, { price: ticks(9_999) }));
    desk.say(reportOf(desk, id, 0, { execType: 'trade', lastQty: lots(90), lastPx: ticks(9_999), cumQty: lots(90), leavesQty: lots(0) }));
    desk.mark(0, 2_000_000);
    nextDay(desk);
    desk.mark(0, 2_000_000);
    expect(promoted(desk, 'd0')).toBe('NOT_ENOUGH_FREE_CAPITAL');
    expect(capUnits(desk, row)).toBe(usd(10_000));
    desk.order({ verb: 'rollback', deploymentID: 'd0', reason: 'test' }, trader, null);
    desk.deploy(canary('d1', '1.1.0', { stages }));
    expect(desk.phaseOf('d1')).toBe('Paused');
    expect(capUnits(desk, desk.rowOf('1.1.0'))).toBe(0n);
  });

  it('gains give nothing that people have not put in', () => {
    const desk = openDesk();
    const row = desk.deploy(canary('d0', '1.0.0', { stages, autoProgress: false }));
    lose(desk, row, 1);
    const [id] = sentOf(desk.intent(row, 'buy', 90, { price: ticks(4_001) }));
    desk.say(reportOf(desk, id, 0, { execType: 'trade', lastQty: lots(90), lastPx: ticks(4_000), cumQty: lots(90), leavesQty: lots(0) }));
    desk.mark(0, 30_000);
    nextDay(desk);
    expect(promoted(desk, 'd0')).toBe('OK');
    expect(capUnits(desk, row)).toBe(usd(50_000));
  });

  it('a share that people raise is one of what is left; one that they lower is not raised by that', () => {
    const desk = openDesk();
    const row = desk.deploy(canary('d0', '1.0.0', { stages: [rung(1_000)], autoProgress: false }));
    lose(desk, row, 900);
    const allocate = (allocation: number): string =>
      answerOf(
        desk.order({ verb: 'allocate', sliceID, version: '1.0.0', allocation, reason: 'test' }, risk, {
          ...senior2,
          roles: ['RiskManager'],
        }),
      ).code;
    expect(allocate(500)).toBe('OK');
    expect(capUnits(desk, row)).toBe(usd(50_000));
    nextDay(desk);
    expect(allocate(1_000)).toBe('OK');
    expect(capUnits(desk, row)).toBe(usd((1_000_000 - 54_000) * 0.1));
  });
});
