import { describe, expect, it } from 'vitest';
import { splitZero, toNumber } from '../../base/split.ts';
import { lots, micros, ticks } from '../../base/units.ts';
import { rowTotalInto } from '../../core/risk/pnl.ts';
import type { DeploymentSpec } from '../../domain/spec.ts';
import { canary, rung } from '../rollout/rollout-specs.ts';
import { openDesk, reportOf, risk, senior2, sentOf, trader, type RolloutDesk, type Turn } from '../rollout/rollout-desk.ts';

const thresholds = { ...canary('x', '1').rollbackThresholds, maxDrawdown: 0.05, maxDailyLoss: 0.05 };

/** A version that holds 500 X, bought at 100.00, of a capital of 100,000. */
function holder(more: Partial<DeploymentSpec> = {}): { readonly desk: RolloutDesk; readonly row: number } {
  const desk = openDesk();
  const row = desk.deploy(canary('d0', '1.0.0', { stages: [rung(1_000)], rollbackThresholds: thresholds, ...more }));
  const [id] = sentOf(desk.intent(row, 'buy', 500));
  desk.say(reportOf(desk, id, 0, { execType: 'trade', lastQty: lots(500), lastPx: ticks(10_000), execID: 'f' }));
  return { desk, row };
}

const split = (desk: RolloutDesk, numerator: number, denominator: number): Turn =>
  desk.say({
    kind: 'corporateAction',
    action: 'split',
    instrument: 0,
    numerator,
    denominator,
    exDate: micros(desk.at),
    text: '',
  });

const rules = (turns: readonly Turn[]): readonly string[] =>
  turns.flatMap(({ decisions }) => decisions.flatMap((one) => (one.kind === 'triggerFired' ? [one.rule] : [])));

function resultOf(desk: RolloutDesk, row: number): number {
  const out = splitZero();
  rowTotalInto(out, desk.core.risk.pnl, row, false);
  return toNumber(out) / 1e6;
}

const ratios = [
  [10, 1, 1_000],
  [1, 10, 100_000],
  [3, 2, 6_667],
] as const;

describe('between a split and the first quote after it', () => {
  for (const [numerator, denominator, next] of ratios)
    it(`${numerator} for ${denominator}: nobody has made or lost anything, and no limit of a version or a scope is breached by it`, () => {
      const { desk, row } = holder();
      for (const limit of ['maxDailyDrawdownBps', 'maxMonthlyDrawdownBps'] as const)
        desk.order({ verb: 'setLimit', key: { scope: 'algorithm', scopeID: 'algo', limit }, value: 300 }, risk, senior2);
      const from = desk.turns.length;
      split(desk, numerator, denominator);
      const made = resultOf(desk, row);
      // another instrument's quote has everything judged
      desk.mark(1);
      const [other] = sentOf(desk.intent(row, 'buy', 1, { listing: 1 }));
      desk.say(reportOf(desk, other, 1, { execType: 'trade', lastQty: lots(1), lastPx: ticks(10_000), execID: 'g' }));
      desk.mark(0, next);
      desk.mark(1);
      expect(rules(desk.turns.slice(from))).toEqual([]);
      expect(Math.abs(made)).toBeLessThan(50);
      expect(Math.abs(resultOf(desk, row))).toBeLessThan(50);
      expect(desk.phaseOf('d0')).not.toBe('Aborted');
    });

  for (const [numerator, denominator] of ratios)
    it(`${numerator} for ${denominator}: lots that go to the custodian split no result that was never made`, () => {
      const { desk, row } = holder();
      split(desk, numerator, denominator);
      desk.order({ verb: 'rollback', deploymentID: 'd0', reason: 'test' }, trader, null);
      expect(Math.abs(resultOf(desk, row))).toBeLessThan(50);
      expect(Math.abs(resultOf(desk, desk.core.gate.slices[0].custodian))).toBeLessThan(50);
    });

  it('the custodian gives nothing away by a price of before: its bound is one of the new shares', () => {
    const { desk } = holder({ rollback: { ...canary('x', '1').rollback, flatten: 'limit' } });
    split(desk, 1, 10);
    const turn = desk.order({ verb: 'rollback', deploymentID: 'd0', reason: 'test' }, trader, null);
    for (let n = 0; n < 8; n++) {
      desk.advance(250_000);
      desk.mark(1);
    }
    desk.mark(0, 100_000);
    desk.advance(1_000_000);
    const prices = [turn, ...desk.turns].flatMap(({ decisions }) =>
      decisions.flatMap((one) => (one.kind === 'orderSent' && one.order.reason === 'custody' ? [one.order.price] : [])),
    );
    expect(prices.length).toBeGreaterThan(0);
    for (const price of prices) expect(price).toBeGreaterThanOrEqual(99_400);
  });

  it('a twap of the custodian stays on its line: new lots for old ones, and no lump', () => {
    const { desk } = holder({ rollback: { ...canary('x', '1').rollback, flatten: 'twap' } });
    const custodian = desk.core.gate.slices[0].custodian;
    desk.order({ verb: 'rollback', deploymentID: 'd0', reason: 'test' }, trader, null);
    split(desk, 10, 1);
    let held = 5_000;
    let largest = 0;
    const sold = (turn: Turn): void => {
      for (const one of turn.decisions) {
        if (one.kind !== 'orderSent' || one.order.row !== custodian) continue;
        const { clOrdID, orderQty } = one.order;
        largest = Math.max(largest, orderQty);
        held -= orderQty;
        desk.say(reportOf(desk, clOrdID, 0, { execType: 'trade', lastQty: orderQty, lastPx: ticks(1_000), execID: `c${clOrdID}` }));
      }
    };
    for (let n = 0; n < 640; n++) {
      const from = desk.turns.length;
      desk.mark(0, 1_000);
      desk.mark(1);
      desk.advance(1_000_000);
      for (const turn of desk.turns.slice(from)) sold(turn);
    }
    expect(held).toBe(0);
    // a look is every thirty seconds of ten minutes: a twentieth of 5,000 lots
    expect(largest).toBeLessThanOrEqual(260);
  });

  it('no market clock runs: nobody has told a price of the new shares', () => {
    const { desk } = holder({ stages: [rung(100), rung(500)], clock: { kind: 'market', calendar: 'ALWAYS' } });
    const [deployment] = desk.core.rollout.deployments;
    const runs = (): boolean => deployment.activeSince >= 0;
    expect(runs()).toBe(true);
    split(desk, 2, 1);
    expect(runs()).toBe(false);
    desk.mark(0, 5_000);
    expect(runs()).toBe(true);
  });
});
