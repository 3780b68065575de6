import { expect, it } from 'vitest';
import { lots, ticks } from '../../base/units.ts';
import { checkSums } from '../../core/positions/check-sums.ts';
import type { DeploymentSpec } from '../../domain/spec.ts';
import { heldOf } from '../../runtime/held.ts';
import { openDesk, reportOf, sentOf, type RolloutDesk } from '../rollout/rollout-desk.ts';
import { canary, paper, rung } from '../rollout/rollout-specs.ts';

const limits = { ...canary('x', '1').rollbackThresholds, maxLossAbsolute: '1500' } as const;
const withLimit = (spec: DeploymentSpec): DeploymentSpec => ({ ...spec, rollbackThresholds: limits });

/** Buys so many lots at 100.01 and sells them one by `below` ticks lower. */
function loses(desk: RolloutDesk, row: number, qty: number, below: number, simulated: boolean): void {
  const epoch = desk.core.gate.epoch[row];
  for (const [side, px] of [
    ['buy', 10_001],
    ['sell', 10_001 - below],
  ] as const) {
    const price = ticks(side === 'buy' ? 10_001 : 9_999);
    const [id] = sentOf(desk.intent(row, side, qty, { epoch, price }));
    desk.say(
      reportOf(desk, id, 0, { execType: 'trade', lastQty: lots(qty), lastPx: ticks(px), cumQty: lots(qty), leavesQty: lots(0), simulated }),
    );
  }
}

function seconds(desk: RolloutDesk, n: number): void {
  for (let left = n * 2; left > 0; left--) {
    for (const listing of [0, 1]) desk.mark(listing);
    desk.advance(500_000);
  }
}

/** 1.0.0 has lost 1,000.00 of at most 1,500.00 on paper today, and its paper run is over. */
function lostOnPaper(): RolloutDesk {
  const desk = openDesk();
  const row = desk.deploy(withLimit(paper('p', '1.0.0', null)));
  seconds(desk, 1);
  loses(desk, row, 1_000, 100, true);
  seconds(desk, 70);
  expect(desk.phaseOf('p')).toBe('Healthy');
  return desk;
}

it('losses on paper are none of the capital that the same version trades on the same day', () => {
  const desk = lostOnPaper();
  const row = desk.deploy(withLimit(canary('live', '1.0.0', { stages: [rung(1_000)] })));
  desk.advance(0);
  loses(desk, row, 100, 1_000, false);
  seconds(desk, 1);
  expect(desk.phaseOf('live')).toBe('Progressing');
  loses(desk, row, 100, 600, false);
  expect(desk.phaseOf('live')).not.toBe('Progressing');
});

it('losses of a paper run are none of the next one on the same day', () => {
  const desk = lostOnPaper();
  const row = desk.deploy(withLimit(paper('again', '1.0.0', null)));
  seconds(desk, 1);
  loses(desk, row, 1_000, 100, true);
  seconds(desk, 1);
  expect(desk.phaseOf('again')).toBe('Progressing');
  loses(desk, row, 1_000, 60, true);
  expect(desk.phaseOf('again')).not.toBe('Progressing');
});

it('lots that a paper run leaves behind are none of the next one: neither its result nor what an instance is given after a start', () => {
  const desk = openDesk();
  const row = desk.deploy(withLimit(paper('p', '1.0.0', null)));
  seconds(desk, 1);
  const [id] = sentOf(desk.intent(row, 'buy', 1_000, { price: ticks(10_001) }));
  desk.say(
    reportOf(desk, id, 0, {
      execType: 'trade',
      lastQty: lots(1_000),
      lastPx: ticks(10_001),
      cumQty: lots(1_000),
      leavesQty: lots(0),
      simulated: true,
    }),
  );
  seconds(desk, 70);
  expect(desk.phaseOf('p')).toBe('Healthy');
  expect(heldOf(desk.core, row).positions).toEqual([[0, 1_000]]);
  const from = desk.turns.length;
  expect(desk.deploy(withLimit(paper('again', '1.0.0', null)))).toBe(row);
  const left = desk.turns.slice(from).flatMap(({ decisions }) => decisions.filter(({ kind }) => kind === 'holdingChanged'));
  expect(left).toMatchObject([{ cause: 'paperRun', simulated: true, listing: 0, position: 0 }]);
  expect(heldOf(desk.core, row).positions).toEqual([]);
  expect(checkSums(desk.core.ledger)).toEqual([]);
  // two dollars a lot: more than the limit, had it any
  for (let n = 0; n < 4; n++) {
    desk.mark(0, 9_800);
    desk.mark(1);
    desk.advance(500_000);
  }
  expect(desk.phaseOf('again')).toBe('Progressing');
  expect(desk.core.residualLots(row)).toBe(0);
});
