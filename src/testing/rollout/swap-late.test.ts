import { expect, it } from 'vitest';
import { lots, ticks } from '../../base/units.ts';
import { modeOf } from '../../core/risk/order-gate.ts';
import { openDesk, reportOf, sentOf, staleAfter } from './rollout-desk.ts';
import { activeVersion, blueGreen, deployGreen, FakeHost, settleNow } from './swap-desk.ts';

const drain = { positions: 'drain', openOrders: 'cancel' } as const;

it('a late fill of a version that stands by after a drain is the custodian’s, who works it off, and a feed that speaks again stops nothing', () => {
  const desk = openDesk();
  const host = new FakeHost(desk);
  const blue = activeVersion(desk, '1.0.0');
  const [resting] = sentOf(desk.intent(blue, 'buy', 20, { price: ticks(9_990) }));
  desk.say(reportOf(desk, resting, 0, { execType: 'new', cumQty: 0, leavesQty: 20 }));
  deployGreen(desk, host, blueGreen('bg', '1.0.0', '1.1.0', { handover: drain }));
  settleNow(desk, host);
  host.take(desk.say(reportOf(desk, resting, 0, { execType: 'canceled', cumQty: 0, leavesQty: 0 })).effects);
  settleNow(desk, host);
  const { gate, rollout } = desk.core;
  expect([modeOf(gate, blue), rollout.lifecycle[blue]]).toEqual(['SIMULATED', 'Standby']);
  const fill = { execType: 'trade', lastQty: lots(20), lastPx: ticks(9_990), cumQty: 20, leavesQty: 0 } as const;
  desk.say(reportOf(desk, resting, 0, fill));
  const { custodian } = gate.slices[0];
  expect([desk.core.residualLots(blue), desk.core.residualLots(custodian)]).toEqual([0, 20]);
  desk.advance(2 * staleAfter);
  for (const listing of [0, 1]) desk.mark(listing);
  expect(modeOf(gate, blue)).toBe('SIMULATED');
  desk.advance(1_000_000);
  const sold = desk.turns.flatMap(({ decisions }) =>
    decisions.flatMap((one) => (one.kind === 'orderSent' && one.order.row === custodian ? [[one.order.side, one.order.orderQty]] : [])),
  );
  expect(sold[0]).toEqual(['sell', 20]);
});

it('a late fill of an order that a version sent while it drained is the custodian’s too', () => {
  const desk = openDesk();
  const host = new FakeHost(desk);
  const blue = activeVersion(desk, '1.0.0');
  const [first] = sentOf(desk.intent(blue, 'buy', 10));
  desk.say(reportOf(desk, first, 0, { execType: 'trade', lastQty: lots(10), lastPx: ticks(10_001), cumQty: 10, leavesQty: 0 }));
  deployGreen(desk, host, blueGreen('bg', '1.0.0', '1.1.0', { handover: drain }));
  settleNow(desk, host);
  const { gate, rollout } = desk.core;
  const exits = [sentOf(desk.intent(blue, 'sell', 4))[0], sentOf(desk.intent(blue, 'sell', 6, { price: ticks(9_998) }))[0]];
  desk.say(reportOf(desk, exits[0], 0, { execType: 'canceled', cumQty: 0, leavesQty: 0 }));
  desk.say(reportOf(desk, exits[1], 0, { execType: 'trade', lastQty: lots(6), lastPx: ticks(9_998), cumQty: 6, leavesQty: 0 }));
  const [rest] = sentOf(desk.intent(blue, 'sell', 4));
  const epoch = gate.epoch[blue];
  desk.say(reportOf(desk, rest, 0, { execType: 'trade', lastQty: lots(4), lastPx: ticks(9_999), cumQty: 4, leavesQty: 0 }));
  expect([rollout.lifecycle[blue], gate.epoch[blue]]).toEqual(['Standby', epoch + 1]);
  desk.say(reportOf(desk, exits[0], 0, { execType: 'trade', lastQty: lots(4), lastPx: ticks(9_999), cumQty: 4, leavesQty: 0 }));
  expect([desk.core.residualLots(blue), desk.core.residualLots(gate.slices[0].custodian)]).toEqual([0, 4]);
});
