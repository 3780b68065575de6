import { expect, it } from 'vitest';
import { lots, ticks } from '../../base/units.ts';
import { answerOf, openDesk, reportOf, risk, senior2, sentOf, sliceID, type RolloutDesk } from '../rollout/rollout-desk.ts';
import { canary, rung } from '../rollout/rollout-specs.ts';
import { activeVersion, blueGreen, deployGreen, FakeHost, settleNow } from '../rollout/swap-desk.ts';

/** Bought and sold at once: reports of the row, and nothing held in the end. */
function trades(desk: RolloutDesk, row: number): void {
  desk.tags[row] = Math.max(desk.tags[row] ?? 0, desk.core.lastTag[row] ?? 0);
  for (const side of ['buy', 'sell'] as const) {
    const [id] = sentOf(desk.intent(row, side, 1));
    desk.say(reportOf(desk, id, 0, { execType: 'trade', lastQty: lots(1), lastPx: ticks(10_000), cumQty: lots(1), leavesQty: lots(0) }));
  }
}

it('a share that one person has lowered after a take-over is not given back by the next report', () => {
  const desk = openDesk();
  const host = new FakeHost(desk);
  activeVersion(desk, '1.0.0');
  const green = deployGreen(desk, host, blueGreen('bg', '1.0.0', '1.1.0'));
  settleNow(desk, host);
  expect(desk.core.capitalOf(green)).toBe(100_000);
  const less = { verb: 'allocate', sliceID, version: '1.1.0', allocation: 100, reason: 'less' } as const;
  expect(answerOf(desk.order(less, risk, null)).code).toBe('OK');
  expect(desk.core.capitalOf(green)).toBe(10_000);
  trades(desk, green);
  for (let n = 0; n < 80; n++) {
    desk.advance(900_000);
    for (const listing of [0, 1]) desk.mark(listing);
  }
  expect(desk.core.capitalOf(green)).toBe(10_000);
});

it('a share that made room for a canary stays lowered when the canary is rolled back', () => {
  const desk = openDesk(undefined, undefined, '900000');
  const host = new FakeHost(desk);
  activeVersion(desk, '1.0.0');
  const green = deployGreen(desk, host, blueGreen('bg', '1.0.0', '1.1.0'));
  settleNow(desk, host);
  for (let n = 0; n < 80; n++) {
    desk.advance(900_000);
    for (const listing of [0, 1]) desk.mark(listing);
  }
  expect([desk.phaseOf('bg'), desk.core.capitalOf(green)]).toEqual(['Healthy', 100_000]);
  const stages = [rung(500, { minDuration: { days: 1, micros: 0 } })];
  const next = desk.deploy(canary('next', '1.2.0', { stages }));
  // a report between the decrease and the grant takes nothing back
  expect([desk.core.capitalOf(green), desk.core.capitalOf(next)]).toEqual([50_000, 0]);
  trades(desk, green);
  expect(desk.core.capitalOf(green)).toBe(50_000);
  desk.advance(0);
  expect([desk.core.capitalOf(green), desk.core.capitalOf(next)]).toEqual([50_000, 50_000]);
  expect(answerOf(desk.order({ verb: 'rollback', deploymentID: 'next', reason: 'test' }, risk, null)).code).toBe('OK');
  desk.advance(0);
  expect([desk.phaseOf('next'), desk.core.capitalOf(next)]).toEqual(['Aborted', 0]);
  trades(desk, green);
  expect(desk.core.capitalOf(green)).toBe(50_000);
});

it('what a version frees that is rolled back while it works off its lots is nobody’s by itself', () => {
  const desk = openDesk(undefined, undefined, '900000');
  const host = new FakeHost(desk);
  const blue = activeVersion(desk, '1.0.0');
  const [bought] = sentOf(desk.intent(blue, 'buy', 100));
  desk.say(
    reportOf(desk, bought, 0, { execType: 'trade', lastQty: lots(100), lastPx: ticks(10_000), cumQty: lots(100), leavesQty: lots(0) }),
  );
  const drain = { handover: { positions: 'drain', openOrders: 'cancel' } } as const;
  const green = deployGreen(desk, host, blueGreen('bg', '1.0.0', '1.1.0', drain));
  settleNow(desk, host);
  expect([desk.core.capitalOf(green), desk.core.rollout.lifecycle[blue]]).toEqual([90_000, 'Draining']);
  desk.host(blue, 'exception');
  const flatten = { verb: 'flatten', sliceID, version: '1.0.0', mode: 'market', slippageBps: 50, reason: 'test' } as const;
  const answer = desk.order(flatten, risk, senior2);
  expect(answerOf(answer).code).toBe('OK');
  for (let n = 0; n < 5; n++) {
    for (const listing of [0, 1]) desk.mark(listing);
    desk.advance(900_000);
  }
  const exit = desk.turns.flatMap((turn) => sentOf(turn)).at(-1) ?? 0;
  expect(exit).not.toBe(bought);
  desk.say(
    reportOf(desk, exit, 0, { execType: 'trade', lastQty: lots(100), lastPx: ticks(10_000), cumQty: lots(100), leavesQty: lots(0) }),
  );
  expect(desk.core.residualLots(desk.core.gate.slices[0].custodian)).toBe(0);
  trades(desk, green);
  expect(desk.core.capitalOf(green)).toBe(90_000);
});
