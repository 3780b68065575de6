import { describe, expect, it } from 'vitest';
import { lots, ticks } from '../../base/units.ts';
import type { Decision } from '../../domain/decision.ts';
import { canary, rung } from '../rollout/rollout-specs.ts';
import { denialsOf, openDesk, reportOf, sentOf, trader, type RolloutDesk, type Turn } from '../rollout/rollout-desk.ts';

interface Blocked {
  readonly desk: RolloutDesk;
  /** The sibling's order in the way, whose cancel the venue does not answer. */
  readonly stuck: number;
  readonly sibling: number;
  readonly from: number;
}

/** The custodian has to buy back five lots, and the ask of a healthy sibling stands in the way. */
function blocked(): Blocked {
  const desk = openDesk();
  const one = (id: string, version: string): ReturnType<typeof canary> =>
    canary(id, version, { stages: [rung(1_000)], rollback: { ...canary('x', '1').rollback, flatten: 'market' } });
  const row = desk.deploy(one('d0', '1.0.0'));
  const sibling = desk.deploy(one('d1', '1.1.0'));
  const [sold] = sentOf(desk.intent(row, 'sell', 5));
  desk.say(reportOf(desk, sold, 0, { execType: 'trade', lastQty: lots(5), lastPx: ticks(9_999), cumQty: lots(5), leavesQty: lots(0) }));
  const [stuck] = sentOf(desk.intent(sibling, 'sell', 3, { price: ticks(10_001), timeInForce: 'gtc' }));
  desk.say(reportOf(desk, stuck, 0, { execType: 'new' }));
  const from = desk.turns.length;
  const turn = desk.order({ verb: 'rollback', deploymentID: 'd0', reason: 'test' }, trader, null);
  expect(sentOf(turn)).toEqual([]);
  expect(turn.effects.flatMap((effect) => (effect.kind === 'cancel' ? [effect.target] : []))).toEqual([stuck]);
  return { desk, stuck, sibling, from };
}

const pass = (desk: RolloutDesk, by: number): void => {
  for (let left = by; left > 0; left -= 250_000) {
    desk.advance(Math.min(left, 250_000));
    desk.mark(0);
    desk.mark(1);
  }
};
const decisions = (turns: readonly Turn[]): readonly Decision[] => turns.flatMap((turn) => turn.decisions);

describe('an older opposite order that does not go away (rollout.md 3)', () => {
  it('is escalated after half a second: the venue is asked, its orders are taken back at once, people hear of it, and the newer one never left', () => {
    const { desk, stuck, from } = blocked();
    desk.advance(499_999);
    expect(decisions(desk.turns.slice(from)).filter((one) => one.kind === 'cancelsEscalated')).toEqual([]);
    desk.advance(1);
    const turns = desk.turns.slice(from);
    expect(turns.flatMap(denialsOf)).toEqual(['SELF_TRADE']);
    expect(turns.flatMap(sentOf)).toEqual([]);
    expect(decisions(turns)).toContainEqual(
      expect.objectContaining({
        kind: 'cancelsEscalated',
        of: 'selfTrade',
        number: 0,
        action: 'massCancel',
        open: 1,
        virtualMicros: 500_000,
      }),
    );
    const effects = turns.flatMap((turn) => turn.effects);
    expect(effects).toContainEqual(expect.objectContaining({ kind: 'query', clOrdID: stuck }));
    expect(effects).toContainEqual(expect.objectContaining({ kind: 'massCancel', venue: 0 }));
    expect(effects).toContainEqual(expect.objectContaining({ kind: 'alert', severity: 'critical' }));
  });

  it('climbs once for one order, however often the custodian looks again', () => {
    const { desk, from } = blocked();
    pass(desk, 20_000_000);
    const climbed = decisions(desk.turns.slice(from)).flatMap((one) => (one.kind === 'cancelsEscalated' ? [one.action] : []));
    expect(climbed).toEqual(['massCancel', 'none']);
  });

  it('its end lets the custodian go on, and what is in the way later climbs anew', () => {
    const { desk, stuck, sibling } = blocked();
    pass(desk, 3_000_000);
    const from = desk.turns.length;
    desk.say(reportOf(desk, stuck, 0, { execType: 'canceled', cumQty: lots(0), leavesQty: lots(0) }));
    pass(desk, 2_000_000);
    const [flattening] = desk.turns.slice(from).flatMap(sentOf);
    expect(flattening).toBeGreaterThan(0);
    desk.say(reportOf(desk, flattening, 0, { execType: 'expired', cumQty: lots(0), leavesQty: lots(0) }));
    const [again] = sentOf(desk.intent(sibling, 'sell', 3, { price: ticks(10_001), timeInForce: 'gtc' }));
    desk.say(reportOf(desk, again, 0, { execType: 'new' }));
    const later = desk.turns.length;
    pass(desk, 3_000_000);
    expect(decisions(desk.turns.slice(later))).toContainEqual(
      expect.objectContaining({ kind: 'cancelsEscalated', of: 'selfTrade', number: 0, action: 'massCancel' }),
    );
  });
});
