import { expect, it } from 'vitest';
import { lots, ticks } from '../../base/units.ts';
import { canary } from './rollout-specs.ts';
import { openDesk, reportOf, sentOf, trader } from './rollout-desk.ts';

it('a custodian order that the venue never answers is asked for, and people hear of it once', () => {
  const desk = openDesk();
  const row = desk.deploy(canary('d0', '1.0.0', { rollback: { ...canary('x', '1').rollback, flatten: 'market' } }));
  const [order] = sentOf(desk.intent(row, 'buy', 5));
  desk.say(reportOf(desk, order, 0, { execType: 'trade', lastQty: lots(5), lastPx: ticks(10_000), execID: 'f1' }));
  const [flattening] = sentOf(desk.order({ verb: 'rollback', deploymentID: 'd0', reason: 'test' }, trader, null));
  expect(flattening).toBeGreaterThan(0);
  const turn = desk.turns.length;
  for (let n = 0; n < 16; n++) {
    desk.advance(500_000);
    desk.mark(0);
    desk.mark(1);
  }
  const later = desk.turns.slice(turn);
  const asked = later.flatMap(({ effects }) => effects.filter((one) => one.kind === 'query' && one.clOrdID === flattening));
  const told = later.flatMap(({ decisions }) => decisions.filter((one) => one.kind === 'alertRaised' && one.subject === 'CUSTODY_BLOCKED'));
  expect(asked.length).toBeGreaterThanOrEqual(5);
  expect(told).toHaveLength(1);
  // its answer lets the custodian go on
  desk.say(reportOf(desk, flattening, 0, { execType: 'unknownOrder', execID: '' }));
  const before = desk.turns.length;
  desk.advance(500_000);
  desk.mark(0);
  desk.advance(700_000);
  expect(desk.turns.slice(before).flatMap(sentOf)).toHaveLength(1);
});
