import { expect, it } from 'vitest';
import { lots, ticks } from '../../base/units.ts';
import { canary, rung } from '../rollout/rollout-specs.ts';
import { openDesk, reportOf, sentOf, trader, type RolloutDesk } from '../rollout/rollout-desk.ts';

function minutes(desk: RolloutDesk, n: number): void {
  for (let left = n * 120; left > 0; left--) {
    for (const listing of [0, 1]) desk.mark(listing);
    desk.advance(500_000);
  }
}

/** Three trades, of which the venue takes so many back. */
function traded(busted: number): RolloutDesk {
  const desk = openDesk();
  const row = desk.deploy(canary('d0', '1.0.0', { stages: [rung(100, { minTrades: 3 }), rung(500)] }));
  const ids: number[] = [];
  for (const n of [0, 1, 2]) {
    const [id] = sentOf(desk.intent(row, 'buy', 2 + n));
    desk.say(
      reportOf(desk, id, 0, {
        execType: 'trade',
        lastQty: lots(2 + n),
        lastPx: ticks(10_000),
        execID: `f${n}`,
        cumQty: 2 + n,
        leavesQty: 0,
      }),
    );
    ids.push(id);
  }
  for (let n = 0; n < busted; n++)
    desk.say(reportOf(desk, ids[n], 0, { execType: 'tradeCancel', execID: `b${n}`, execRefID: `f${n}`, cumQty: 0, leavesQty: 0 }));
  return desk;
}

const stageOf = (desk: RolloutDesk): number => desk.core.rollout.deployments[0].stage;

it('trades that a venue took back are none that a stage has shown', () => {
  const [whole, busted] = [traded(0), traded(1)];
  minutes(whole, 2);
  minutes(busted, 2);
  expect(stageOf(whole)).toBe(1);
  expect([stageOf(busted), busted.phaseOf('d0')]).toEqual([0, 'Paused']);
  const judged = busted.turns.flatMap(({ decisions }) => decisions.filter((one) => one.kind === 'gateJudged' && one.gate === 'minTrades'));
  expect(judged.map((one) => (one.kind === 'gateJudged' ? [one.verdict, one.value] : []))).toEqual([['inconclusive', 2]]);
});

it('a correction leaves the trade one trade, and a bust of a fill whose lots went to the custodian counts with the version that traded', () => {
  const desk = traded(0);
  const [{ trades }] = desk.core.rollout.trades.filter((one) => one !== undefined);
  expect(trades).toBe(3);
  const [, , , , ...later] = desk.turns;
  const sent = later.flatMap(sentOf);
  const more = { lastQty: lots(1), lastPx: ticks(10_000), cumQty: 1, leavesQty: 0 } as const;
  desk.say(reportOf(desk, sent[0], 0, { execType: 'tradeCorrect', execID: 'c0', execRefID: 'f0', ...more }));
  desk.order({ verb: 'rollback', deploymentID: 'd0', reason: 'test' }, trader, null);
  desk.say(reportOf(desk, sent[1], 0, { execType: 'tradeCancel', execID: 'b1', execRefID: 'f1', cumQty: 0, leavesQty: 0 }));
  expect(desk.core.rollout.trades.map((one) => one?.trades).filter((one) => one !== undefined)).toEqual([2]);
});
