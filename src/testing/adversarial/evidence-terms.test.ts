import { expect, test } from 'vitest';
import { lots, ticks } from '../../base/units.ts';
import type { DeploymentSpec } from '../../domain/spec.ts';
import { openDesk, reportOf, risk, senior2, sentOf, type RolloutDesk } from '../rollout/rollout-desk.ts';
import { canary, rung } from '../rollout/rollout-specs.ts';

const hour = 3_600_000_000;

function ladder(id: string, interval: number): DeploymentSpec {
  return canary(id, '1.0.0', {
    onInconclusive: 'hold',
    expect: { annualVol: 0.1, stressLossPerInterval: 0.03, interval: { days: 0, micros: interval } },
    stages: [rung(100), rung(2_000, { name: 'Large' })],
  });
}

/** Buys lots of the first listing at 100.00. */
function buy(desk: RolloutDesk, row: number, qty: number, px: number): void {
  desk.mark(0, px);
  desk.mark(1);
  const [id] = sentOf(desk.intent(row, 'buy', qty, { price: ticks(px + 1) }));
  desk.say(reportOf(desk, id, 0, { execType: 'trade', lastQty: lots(qty), lastPx: ticks(px), cumQty: lots(qty), leavesQty: lots(0) }));
}

/** The next hours, each ending with the price moved by so many ticks just before its end. */
function hours(desk: RolloutDesk, moves: readonly number[], mid: number): number {
  let price = mid;
  for (const move of moves) {
    price += move;
    desk.advance(hour - (desk.at % hour) - 500_000);
    desk.mark(0, price);
    desk.mark(1);
    desk.advance(600_000);
  }
  return price;
}

test('a version that is deployed again on other terms must show as much as another version', () => {
  const desk = openDesk();
  const row = desk.deploy(ladder('d', hour));
  hours(desk, [0, 0], 10_000);
  desk.order({ verb: 'abort', deploymentID: 'd', reason: 'other terms' });
  desk.advance(5_000_000);
  desk.order({ verb: 'unhalt', sliceID: 'algo@main.USD', version: '1.0.0', reason: 'again' }, risk, senior2);
  desk.mark(0);
  desk.mark(1);
  expect(desk.deploy(ladder('e', 2 * hour))).toBe(row);
  hours(desk, [0, 0, 0, 0, 0], 10_000);
  const judged = desk.turns.flatMap(({ decisions }) =>
    decisions.flatMap((one) => (one.kind === 'gateJudged' && one.gate === 'edge-2' ? [one] : [])),
  );
  expect(judged.at(-1)?.limit).toBe((8 * Math.PI * Math.PI) / 6);
});

test('the first datum after capital was granted on evidence is a return on that capital', () => {
  const desk = openDesk();
  const row = desk.deploy(ladder('d', hour));
  buy(desk, row, 50, 10_000);
  hours(desk, [0, ...new Array<number>(20).fill(100)], 10_000);
  const isGrant = ({ decisions }: RolloutDesk['turns'][number]): boolean =>
    decisions.some((one) => one.kind === 'stageGranted' && one.name === 'Large');
  const grant = desk.turns.findIndex(isGrant);
  const datum = (turns: RolloutDesk['turns']): number =>
    turns.flatMap(({ decisions }) => decisions.flatMap((one) => (one.kind === 'evidenceTaken' ? [one.datum] : [])))[0];
  // 50 lots x 1.00 on 10,000 before, on 200,000 from the grant on
  expect(datum(desk.turns.slice(grant))).toBeCloseTo(0.005, 12);
  expect(datum(desk.turns.slice(grant + 1))).toBeCloseTo(0.00025, 12);
});
