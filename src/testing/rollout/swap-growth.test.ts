import { describe, expect, it } from 'vitest';
import { splitZero, toBigInt } from '../../base/split.ts';
import { lots, ticks } from '../../base/units.ts';
import { capInto, modeOf } from '../../core/risk/order-gate.ts';
import { openDesk, reportOf, risk, sentOf, trader, type RolloutDesk } from './rollout-desk.ts';
import { activeVersion, blueGreen, deployGreen, FakeHost, settleNow } from './swap-desk.ts';

const capOf = (desk: RolloutDesk, row: number): bigint => {
  const out = splitZero();
  capInto(out, desk.core.gate, row);
  return toBigInt(out);
};
const whole = 100_000_000_000n;

function fill(desk: RolloutDesk, id: number, qty: number, left = 0): void {
  desk.say(reportOf(desk, id, 0, { execType: 'trade', lastQty: lots(qty), lastPx: ticks(9_999), cumQty: qty, leavesQty: left }));
}

/** 1.0.0 holds 10 lots of its 10 %; the reserve leaves nothing beside them, so that its successor by drain starts below that. */
function drained(): { desk: RolloutDesk; host: FakeHost; blue: number; green: number } {
  const desk = openDesk(undefined, undefined, '900000');
  const host = new FakeHost(desk);
  const blue = activeVersion(desk, '1.0.0');
  const [first] = sentOf(desk.intent(blue, 'buy', 10));
  fill(desk, first, 10);
  const green = deployGreen(desk, host, blueGreen('bg', '1.0.0', '1.1.0', { handover: { positions: 'drain', openOrders: 'adopt' } }));
  settleNow(desk, host);
  expect(capOf(desk, green)).toBeLessThan(whole);
  return { desk, host, blue, green };
}

describe('capital that an old version frees', () => {
  it('goes to its successor as long as that one has it to itself', () => {
    const { desk, blue, green } = drained();
    fill(desk, sentOf(desk.intent(blue, 'sell', 10))[0], 10);
    expect(capOf(desk, green)).toBe(whole);
  });

  it('does not go to a successor that was itself replaced', () => {
    const desk = openDesk();
    const host = new FakeHost(desk);
    activeVersion(desk, '1.0.0');
    const second = deployGreen(desk, host, blueGreen('bg', '1.0.0', '1.1.0'));
    settleNow(desk, host);
    for (let n = 0; n < 5; n++) {
      desk.advance(900_000);
      for (const listing of [0, 1]) desk.mark(listing);
    }
    desk.tags[second] = desk.core.lastTag[second] ?? 0;
    fill(desk, sentOf(desk.intent(second, 'buy', 10))[0], 10);
    for (let n = 0; n < 70; n++) {
      desk.advance(900_000);
      for (const listing of [0, 1]) desk.mark(listing);
    }
    expect(desk.core.rollout.swaps[0].step).toBe('finalized');
    const handover = { positions: 'drain', openOrders: 'adopt' } as const;
    const third = deployGreen(desk, host, blueGreen('bg2', '1.1.0', '1.2.0', { handover }));
    settleNow(desk, host);
    const { gate, rollout } = desk.core;
    expect([rollout.lifecycle[second], rollout.lifecycle[third]]).toEqual(['Draining', 'Active']);
    fill(desk, sentOf(desk.intent(second, 'sell', 1))[0], 1);
    expect([capOf(desk, second), modeOf(gate, second), rollout.lifecycle[second]]).toEqual([0n, 'REDUCING', 'Draining']);
    expect(sentOf(desk.intent(second, 'buy', 1))).toEqual([]);
  });

  it('waits while a kill or a pause stands', () => {
    const stops: readonly ((desk: RolloutDesk) => void)[] = [
      (desk) => desk.order({ verb: 'kill', reason: 'test', target: { scope: 'account', id: 'A1' } }, trader, null),
      (desk) => desk.order({ verb: 'pause', deploymentID: 'bg', reason: 'test' }, risk, null),
    ];
    for (const stop of stops) {
      const { desk, blue, green } = drained();
      const exit = sentOf(desk.intent(blue, 'sell', 10))[0];
      const before = capOf(desk, green);
      stop(desk);
      fill(desk, exit, 10);
      expect(capOf(desk, green)).toBe(before);
    }
  });
});
