import { expect, test } from 'vitest';
import { lots, ticks } from '../../base/units.ts';
import { canary } from '../../testing/rollout/rollout-specs.ts';
import { admin, admin2, answerOf, openDesk, reportOf, sentOf, type RolloutDesk } from '../../testing/rollout/rollout-desk.ts';
import { killsWanted, lostAfter, watchdog } from './kill-triggers.ts';

/** A version that holds 90 lots bought at 100.00: a dollar down costs 90. */
function holding(): RolloutDesk {
  const desk = openDesk();
  const row = desk.deploy(canary('d0', '1.0.0'));
  const [id] = sentOf(desk.intent(row, 'buy', 90));
  desk.say(reportOf(desk, id, 0, { execType: 'trade', lastQty: lots(90), lastPx: ticks(10_000), cumQty: 90, leavesQty: 0 }));
  const key = { scope: 'firm', scopeID: '', limit: 'maxDailyLoss' } as const;
  const set = desk.order({ verb: 'setLimit', key, value: 90_000_000 }, admin, admin2);
  expect(answerOf(set).code).toBe('OK');
  return desk;
}

test('a day that loses more than the limit of the firm kills the firm, at the limit not yet, and once', () => {
  const desk = holding();
  desk.mark(0, 9_900);
  expect(killsWanted(desk.core, 0)).toEqual([]);
  desk.mark(0, 9_899);
  const wanted = killsWanted(desk.core, 0);
  expect(wanted).toEqual([{ target: { scope: 'firm', id: '' }, reason: 'the firm lost 90.90 of 90.00 since its day began' }]);
  const killed = desk.order({ verb: 'kill', ...wanted[0] }, watchdog, null);
  expect(answerOf(killed).code).toBe('OK');
  expect(desk.core.rollout.killed).toBe(true);
  expect(killsWanted(desk.core, 0)).toEqual([]);
});

test('a market that is silent for more than five minutes of an open session kills its venues, and once', () => {
  const desk = holding();
  expect(killsWanted(desk.core, lostAfter)).toEqual([]);
  const wanted = killsWanted(desk.core, lostAfter + 1);
  expect(wanted.map(({ target }) => target)).toEqual([{ scope: 'venue', id: 'V' }]);
  desk.order({ verb: 'kill', ...wanted[0] }, watchdog, null);
  expect(desk.core.rollout.kills).toHaveLength(1);
  expect(killsWanted(desk.core, lostAfter * 2)).toEqual([]);
});

test('the watchdog may only restrict', () => {
  const desk = holding();
  expect(answerOf(desk.order({ verb: 'release', reason: 'x' }, watchdog, watchdog)).code).toBe('ROLE_REQUIRED');
});
