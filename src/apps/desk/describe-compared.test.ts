import { expect, test } from 'vitest';
import { lots, ticks } from '../../base/units.ts';
import { createDeskView, foldDecision, foldInput, type DeskView } from '../../projections/desk-view.ts';
import { openDesk, reportOf, sentOf, type RolloutDesk } from '../../testing/rollout/rollout-desk.ts';
import { canary, paper } from '../../testing/rollout/rollout-specs.ts';
import { explainView } from '../verbs/explain.ts';
import { comparedAnswer } from './describe-compared.ts';
import { viewBody, viewText } from './describe.ts';

function viewOf(desk: RolloutDesk): DeskView {
  const view = createDeskView();
  for (const { seq, at, input, decisions } of desk.turns) {
    foldInput(view, seq - decisions.length, at, input);
    decisions.forEach((decision, n) => foldDecision(view, seq - decisions.length + 1 + n, at, decision));
  }
  return view;
}

/** Two pairs of orders that differ by 1 and by 3 bps in their cost, and an order that has no counterpart. */
function compared(): RolloutDesk {
  const desk = openDesk();
  const shadow = desk.deploy({ ...paper('p', '1.1.0', null), promotionCriteria: null });
  const live = desk.deploy(canary('d', '1.0.0'));
  const trade = (row: number, qty: number, px: number): void => {
    const [id] = sentOf(desk.intent(row, 'buy', qty, { price: ticks(10_005) }));
    const filled = { lastQty: lots(qty), lastPx: ticks(px), cumQty: lots(qty), leavesQty: lots(0) };
    desk.say(reportOf(desk, id, 0, { execType: 'trade', simulated: row === shadow, ...filled }));
  };
  const wait = (): void => {
    desk.advance(600_000);
    desk.mark(0);
    desk.mark(1);
  };
  for (const [here, there] of [
    [10_002, 10_001],
    [10_004, 10_001],
  ]) {
    trade(live, 10, here);
    trade(shadow, 1_000, there);
    for (let n = 0; n < 3; n++) wait();
  }
  trade(live, 7, 10_001);
  for (let n = 0; n < 3; n++) wait();
  return desk;
}

test('orders beside each other are said by get, explain and the look at each of them, with their figures', () => {
  const view = viewOf(compared());
  const counted = 'orders of 1.0.0 live beside 1.1.0 on paper: 2 matched (80.0 %), 1 only live, 0 only beside (1 nothing alike)';
  // costs of +1 and +3 bps: mean 2, deviation sqrt(2), 1.96 sqrt(2) / sqrt(2)
  const figures = 'cost +2.00 ± 1.96 bps';
  // |p - r| = 1 and 3 of r = 2 and 4, weighed by 100.02 and 100.04
  const model = `slippage model off by 66.7 % of the realized one, 2 orders`;
  const { text } = explainView(view, 'd');
  for (const said of [text, viewText(view, 'd'), viewText(view, 'p'), comparedAnswer(view, 'd').text])
    for (const part of [counted, figures, model]) expect(said).toContain(part);
  expect(viewBody(view, 'd')).toMatchObject({
    compared: [{ version: '1.0.0', beside: '1.1.0', matched: 2, onlyLive: 1, why: { nothing: 1 } }],
  });
  const { body, text: lines } = comparedAnswer(view, 'd');
  expect(lines).toContain('alone: nothing alike within a second');
  expect(body).toMatchObject({
    comparisons: [
      { orders: [{ outcome: 'matched', cost: 2, besideCost: 1, listing: 'X.V' }, { cost: 4 }, { outcome: 'onlyLive', besideCost: null }] },
    ],
  });
  expect(JSON.stringify(body)).not.toContain('NaN');
});

test('a deployment without one, and one that is not there, say so', () => {
  const desk = openDesk();
  desk.deploy(canary('d', '1.0.0'));
  expect(comparedAnswer(viewOf(desk), 'd').text).toContain('no order of d was compared');
  expect(comparedAnswer(viewOf(desk), 'x')).toMatchObject({ exitCode: 4, text: 'deployment x is not there' });
});
