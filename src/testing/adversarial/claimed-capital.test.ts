import { expect, it } from 'vitest';
import { lots, ticks } from '../../base/units.ts';
import { openDesk, reportOf, sentOf, type RolloutDesk } from '../rollout/rollout-desk.ts';
import { canary, rung } from '../rollout/rollout-specs.ts';
import { activeVersion, blueGreen, deployGreen, FakeHost, settleNow } from '../rollout/swap-desk.ts';

function trades(desk: RolloutDesk, row: number, side: 'buy' | 'sell', qty: number): void {
  const [id] = sentOf(desk.intent(row, side, qty));
  desk.say(reportOf(desk, id, 0, { execType: 'trade', lastQty: lots(qty), lastPx: ticks(10_000), cumQty: lots(qty), leavesQty: lots(0) }));
}

it('a version that took over grows into nothing that a stage has claimed', () => {
  const desk = openDesk(undefined, undefined, '800000');
  const host = new FakeHost(desk);
  const older = activeVersion(desk, '1.0.0');
  const blue = activeVersion(desk, '1.1.0');
  trades(desk, blue, 'buy', 100);
  const green = deployGreen(desk, host, blueGreen('bg', '1.1.0', '1.2.0', { handover: { positions: 'drain', openOrders: 'cancel' } }));
  settleNow(desk, host);
  const cap = (row: number): number => desk.core.capitalOf(row);
  expect([cap(older), cap(blue), cap(green)]).toEqual([100_000, 0, 90_000]);
  for (let n = 0; n < 70; n++) {
    desk.advance(900_000);
    for (const listing of [0, 1]) desk.mark(listing);
  }
  expect(desk.phaseOf('bg')).toBe('Healthy');
  trades(desk, older, 'buy', 950);
  const next = desk.deploy(canary('next', '1.3.0', { stages: [rung(500)] }));
  expect([cap(older), cap(next)]).toEqual([50_000, 0]);
  // free in the slice, but claimed
  trades(desk, older, 'sell', 200);
  expect(cap(green)).toBe(90_000);
  trades(desk, older, 'sell', 300);
  desk.advance(0);
  expect([cap(older), cap(green), cap(next)]).toEqual([50_000, 90_000, 50_000]);
  // what its predecessor frees is its own
  trades(desk, blue, 'sell', 100);
  expect(cap(green)).toBe(100_000);
});
