import { describe, expect, it } from 'vitest';
import { lots, ticks } from '../../base/units.ts';
import type { FlattenMode } from '../../domain/spec.ts';
import { canary, rung } from '../rollout/rollout-specs.ts';
import { openDesk, reportOf, sentOf, trader, type RolloutDesk, type Turn } from '../rollout/rollout-desk.ts';

/** Five lots from 100.00, whose feed has been silent since; Y is quoted by nobody else either. */
function silent(flatten: FlattenMode): RolloutDesk {
  const desk = openDesk();
  const row = desk.deploy(canary('d0', '1.0.0', { stages: [rung(1_000)], rollback: { ...canary('x', '1').rollback, flatten } }));
  const [id] = sentOf(desk.intent(row, 'buy', 5));
  desk.say(reportOf(desk, id, 0, { execType: 'trade', lastQty: lots(5), lastPx: ticks(10_000), execID: 'f', cumQty: 5, leavesQty: 0 }));
  desk.advance(3_000_000);
  return desk;
}

const rollBack = (desk: RolloutDesk): Turn => desk.order({ verb: 'rollback', deploymentID: 'd0', reason: 'test' }, trader, null);
const prices = (turns: readonly Turn[]): readonly number[] =>
  turns.flatMap(({ decisions }) =>
    decisions.flatMap((one) => (one.kind === 'orderSent' && one.order.reason === 'custody' ? [one.order.price] : [])),
  );
const told = (turns: readonly Turn[]): readonly string[] =>
  turns.flatMap(({ decisions }) =>
    decisions.flatMap((one) => (one.kind === 'alertRaised' && one.subject === 'CUSTODY_BLOCKED' ? [one.text] : [])),
  );

describe('a custodian without a price of now', () => {
  for (const mode of ['limit', 'twap'] as const)
    it(`${mode}: bounds nothing by an old one, says once that it waits, and goes on at the price that comes`, () => {
      const desk = silent(mode);
      const from = desk.turns.length;
      rollBack(desk);
      desk.advance(90_000_000);
      const waiting = desk.turns.slice(from);
      expect(prices(waiting)).toEqual([]);
      expect(told(waiting)).toEqual([
        'algo@main.USD: flattening of X.V waits for 3 looks: no fresh, valid mark, from which the slippage would be counted',
      ]);
      const next = desk.turns.length;
      for (let n = 0; n < 150; n++) {
        desk.mark(0, 12_000);
        desk.mark(1);
        desk.advance(500_000);
      }
      const sent = prices(desk.turns.slice(next));
      expect(sent.length).toBeGreaterThan(0);
      for (const price of sent) expect(price).toBeGreaterThanOrEqual(11_940);
    });

  it('market: gets out whatever it costs, as was asked for', () => {
    const desk = silent('market');
    expect(prices([rollBack(desk)])).toEqual([0]);
  });

  it('after a start the marks of before are no prices', () => {
    const desk = silent('limit');
    desk.mark(0);
    desk.mark(1);
    desk.say({ kind: 'start', term: 2, coreDigest: 'd'.repeat(64), text: 'crashed' });
    desk.say({ kind: 'venuesCompared', breaks: 0, text: '' });
    const from = desk.turns.length;
    rollBack(desk);
    desk.advance(900_000);
    expect(prices(desk.turns.slice(from))).toEqual([]);
    desk.mark(0, 12_000);
    desk.mark(1);
    desk.advance(500_000);
    expect(prices(desk.turns.slice(from))).toEqual([11_940]);
  });
});

it('a custodian whose orders are refused says why, once', () => {
  const desk = silent('limit');
  desk.mark(0);
  desk.mark(1);
  desk.say({ kind: 'haltStatus', listing: 0, halted: true, text: 'news' });
  const from = desk.turns.length;
  rollBack(desk);
  for (let n = 0; n < 20; n++) {
    desk.advance(500_000);
    desk.mark(0);
    desk.mark(1);
  }
  expect(told(desk.turns.slice(from))).toEqual(['algo@main.USD: flattening of X.V waits for 3 looks: its order is denied, LISTING_HALTED']);
});
