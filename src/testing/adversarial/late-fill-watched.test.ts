import { expect, it } from 'vitest';
import { lots, ticks } from '../../base/units.ts';
import { openDesk, reportOf, risk, senior2, sentOf, sliceID } from '../rollout/rollout-desk.ts';
import { activeVersion, blueGreen, deployGreen, FakeHost, settleNow } from '../rollout/swap-desk.ts';

it('a late fill of the old version’s order is judged in that turn as what it is: the new version’s, whose limit it passes', () => {
  const desk = openDesk();
  const host = new FakeHost(desk);
  const blue = activeVersion(desk, '1.0.0');
  const [resting] = sentOf(desk.intent(blue, 'buy', 20, { price: ticks(9_990) }));
  desk.say(reportOf(desk, resting, 0, { execType: 'new', cumQty: 0, leavesQty: 20 }));
  const green = deployGreen(desk, host, blueGreen('bg', '1.0.0', '1.1.0', { handover: { positions: 'transfer', openOrders: 'cancel' } }));
  settleNow(desk, host);
  host.take(desk.say(reportOf(desk, resting, 0, { execType: 'canceled', cumQty: 0, leavesQty: 0 })).effects);
  settleNow(desk, host);
  expect(desk.core.rollout.lifecycle[green]).toBe('Active');
  const key = { scope: 'version', scopeID: `${sliceID}/1.1.0`, limit: 'maxPosition' } as const;
  desk.order({ verb: 'setLimit', key, value: 10 }, risk, senior2);
  const turn = desk.say(
    reportOf(desk, resting, 0, { execType: 'trade', lastQty: lots(20), lastPx: ticks(9_990), cumQty: 20, leavesQty: 0, execID: 'late' }),
  );
  expect(turn.decisions.flatMap((one) => (one.kind === 'fillBooked' ? [one.row] : []))).toEqual([green]);
  expect(turn.decisions.flatMap((one) => (one.kind === 'triggerFired' ? [[one.row, one.rule]] : []))).toEqual([[green, 'maxPosition']]);
});
