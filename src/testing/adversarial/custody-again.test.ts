import { describe, expect, it } from 'vitest';
import { lots, ticks } from '../../base/units.ts';
import type { FlattenMode } from '../../domain/spec.ts';
import { canary, rung } from '../rollout/rollout-specs.ts';
import { openDesk, reportOf, sentOf, trader, type RolloutDesk, type Turn } from '../rollout/rollout-desk.ts';

function pass(desk: RolloutDesk, seconds: number): readonly Turn[] {
  const from = desk.turns.length;
  for (let n = 0; n < seconds * 2; n++) {
    desk.advance(500_000);
    desk.mark(0);
    desk.mark(1);
  }
  return desk.turns.slice(from);
}

const custodyOf = (desk: RolloutDesk): number => desk.core.risk.positions.leafPosition(desk.core.gate.slices[0].custodian, 0, 0, false);

interface Sent {
  readonly id: number;
  readonly side: string;
  readonly qty: number;
  readonly ordType: string;
}

const custodians = (turns: readonly Turn[]): readonly Sent[] =>
  turns.flatMap(({ decisions }) =>
    decisions.flatMap((one) => {
      if (one.kind !== 'orderSent' || one.order.reason !== 'custody') return [];
      const { clOrdID: id, side, orderQty: qty, ordType } = one.order;
      return [{ id, side, qty, ordType }];
    }),
  );

const traded = (desk: RolloutDesk, id: number, qty: number, execID: string): Turn =>
  desk.say(reportOf(desk, id, 0, { execType: 'trade', lastQty: lots(qty), lastPx: ticks(10_000), execID, cumQty: qty, leavesQty: 0 }));

/** Five lots came to the custodian, who has sold them and looked again: he is done. */
function workedOff(flatten: FlattenMode): { readonly desk: RolloutDesk; readonly sale: number; readonly bought: number } {
  const desk = openDesk();
  const row = desk.deploy(canary('d0', '1.0.0', { stages: [rung(1_000)], rollback: { ...canary('x', '1').rollback, flatten } }));
  const [bought] = sentOf(desk.intent(row, 'buy', 5));
  traded(desk, bought, 5, 'f1');
  const [{ id: sale }] = custodians([desk.order({ verb: 'rollback', deploymentID: 'd0', reason: 'test' }, trader, null)]);
  traded(desk, sale, 5, 'c1');
  pass(desk, 3);
  expect(custodyOf(desk)).toBe(0);
  expect(desk.core.rollout.flattening).toEqual([]);
  return { desk, sale, bought };
}

describe('lots that come back to a custodian who was done are worked off as the others were', () => {
  for (const mode of ['market', 'limit'] as const) {
    it(`${mode}: a venue takes his own sale back`, () => {
      const { desk, sale } = workedOff(mode);
      desk.say(reportOf(desk, sale, 0, { execType: 'tradeCancel', execID: 'b1', execRefID: 'c1', cumQty: 0, leavesQty: 0 }));
      expect(custodyOf(desk)).toBe(5);
      const again = custodians(pass(desk, 3));
      expect(again[0]).toEqual({ id: again[0]?.id, side: 'sell', qty: 5, ordType: mode });
    });

    it(`${mode}: a venue corrects his own sale to fewer lots`, () => {
      const { desk, sale } = workedOff(mode);
      const fewer = { execType: 'tradeCorrect', execID: 'b1', execRefID: 'c1', lastQty: lots(2), lastPx: ticks(10_000) } as const;
      desk.say(reportOf(desk, sale, 0, { ...fewer, cumQty: 2, leavesQty: 0 }));
      expect(custodyOf(desk)).toBe(3);
      const again = custodians(pass(desk, 3));
      expect(again[0]).toEqual({ id: again[0]?.id, side: 'sell', qty: 3, ordType: mode });
    });
  }

  it('his sale fills although a late fill of the version has sold the lots already: what is short now is bought back', () => {
    const desk = openDesk();
    const rollback = { ...canary('x', '1').rollback, flatten: 'market' } as const;
    const row = desk.deploy(canary('d0', '1.0.0', { stages: [rung(1_000)], rollback }));
    const [bought] = sentOf(desk.intent(row, 'buy', 5));
    traded(desk, bought, 5, 'f1');
    const [offered] = sentOf(desk.intent(row, 'sell', 5, { price: ticks(10_050), timeInForce: 'gtc' }));
    desk.say(reportOf(desk, offered, 0, { execType: 'new' }));
    const from = desk.turns.length;
    desk.order({ verb: 'rollback', deploymentID: 'd0', reason: 'test' }, trader, null);
    // the venue says that it is over, and it was not
    desk.say(reportOf(desk, offered, 0, { execType: 'canceled', execID: 'k', cumQty: 0, leavesQty: 0 }));
    const [{ id: sale }] = custodians(desk.turns.slice(from));
    traded(desk, offered, 5, 'f2');
    pass(desk, 3);
    expect(custodyOf(desk)).toBe(0);
    traded(desk, sale, 5, 'c1');
    expect(custodyOf(desk)).toBe(-5);
    const again = custodians(pass(desk, 3));
    expect(again[0]).toEqual({ id: again[0]?.id, side: 'buy', qty: 5, ordType: 'market' });
  });

  it('a spec that flattens nothing leaves the lots of a person’s own work to people again', () => {
    const desk = openDesk();
    const row = desk.deploy(canary('d0', '1.0.0', { stages: [rung(1_000)] }));
    const [bought] = sentOf(desk.intent(row, 'buy', 5));
    traded(desk, bought, 5, 'f1');
    desk.order({ verb: 'rollback', deploymentID: 'd0', reason: 'test' }, trader, null);
    expect(custodians(pass(desk, 3))).toEqual([]);
    expect(custodyOf(desk)).toBe(5);
  });
});
