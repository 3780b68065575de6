import { expect, test } from 'vitest';
import { lots, ticks } from '../../base/units.ts';
import { modeOf } from '../../core/risk/order-gate.ts';
import { openDesk, reportOf, sentOf, type RolloutDesk } from './rollout-desk.ts';
import { activeVersion, blueGreen, deployGreen, FakeHost, settleNow } from './swap-desk.ts';

const window = 120_000_000;

function fill(desk: RolloutDesk, id: number, qty: number): void {
  desk.say(reportOf(desk, id, 0, { execType: 'trade', lastQty: lots(qty), lastPx: ticks(9_999), cumQty: qty, leavesQty: 0 }));
}

/** 1.0.0 was replaced by drain and still holds 10 lots when its rollback window, of two minutes, is over. */
function lateDrained(rolledBack: boolean): { desk: RolloutDesk; blue: number; green: number } {
  const desk = openDesk();
  const host = new FakeHost(desk);
  const blue = activeVersion(desk, '1.0.0');
  fill(desk, sentOf(desk.intent(blue, 'buy', 10))[0], 10);
  const spec = blueGreen('bg', '1.0.0', '1.1.0', { handover: { positions: 'drain', openOrders: 'adopt' } });
  const green = deployGreen(desk, host, { ...spec, rollback: { ...spec.rollback, rollbackWindow: { days: 0, micros: window } } });
  settleNow(desk, host);
  if (rolledBack) desk.host(green, 'exception');
  for (let past = 0; past <= window; past += 900_000) {
    desk.advance(900_000);
    for (const listing of [0, 1]) desk.mark(listing);
  }
  return { desk, blue, green };
}

test.each([false, true])(
  'a version that still works off lots when its rollback window ends goes on, and is put away when it has none (rolled back: %s)',
  (rolledBack) => {
    const { desk, blue } = lateDrained(rolledBack);
    const { gate, rollout } = desk.core;
    expect([modeOf(gate, blue), rollout.lifecycle[blue]]).toEqual(['REDUCING', 'Draining']);
    fill(desk, sentOf(desk.intent(blue, 'sell', 10))[0], 10);
    expect([modeOf(gate, blue), rollout.lifecycle[blue]]).toEqual(['SIMULATED', 'Retired']);
    expect(rollout.openSwaps).toEqual([]);
    expect(desk.core.nextDeadline() ?? Infinity).toBeGreaterThan(desk.core.at);
    expect(desk.turns.at(-1)?.effects.some((effect) => effect.kind === 'unload' && effect.row === blue)).toBe(true);
  },
);
