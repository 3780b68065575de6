import { expect, test } from 'vitest';
import { lots, ticks } from '../../base/units.ts';
import { LargePositions, shareOfLimit } from '../../projections/large-positions.ts';
import { canary, paper, rung } from './rollout-specs.ts';
import { openDesk, reportOf, risk, senior2, sentOf, startAt, type RolloutDesk } from './rollout-desk.ts';

/** The desk's life as its journal has it. */
function folded(desk: RolloutDesk): LargePositions {
  const fold = new LargePositions();
  for (const { at, input, decisions } of desk.turns) {
    fold.input(at, input);
    for (const decision of decisions) fold.decision(at, decision);
  }
  return fold;
}

function trade(desk: RolloutDesk, row: number, side: 'buy' | 'sell', qty: number): void {
  const [id] = sentOf(desk.intent(row, side, qty));
  desk.say(reportOf(desk, id, 0, { execType: 'trade', lastQty: lots(qty), lastPx: ticks(10_000), execID: `x${desk.turns.length}` }));
}

const shown = (desk: RolloutDesk): readonly (readonly [string, string, number, number | null, string])[] =>
  folded(desk)
    .months()
    .map(({ month, account, position, limit, limitOf }) => [month, account, position, limit, limitOf]);

test('each month has the largest position of the firm and of each account beside the limit of then, and what was carried into it', () => {
  const desk = openDesk();
  const row = desk.deploy(canary('d', '1.0.0', { stages: [rung(1_000)] }));
  const limit = (scope: 'firm' | 'account' | 'venue', scopeID: string, value: number): void =>
    void desk.order({ verb: 'setLimit', key: { scope, scopeID, limit: 'maxPosition' }, value }, risk, senior2);
  limit('firm', '', 1_000);
  limit('account', 'A1', 500);
  trade(desk, row, 'buy', 400);
  trade(desk, row, 'sell', 100);
  limit('venue', 'V', 400);
  // a run on paper holds nothing
  trade(desk, desk.deploy(paper('p', '1.1.0', null)), 'buy', 50);
  // 2023-11-14: past the end of the month
  desk.advance(20 * 86_400_000_000);
  desk.mark(0);
  desk.mark(1);
  expect(shown(desk)).toEqual([
    ['2023-11', '', 400, 1_000, 'firm'],
    ['2023-11', 'A1', 400, 500, 'account:A1'],
    ['2023-12', '', 300, 1_000, 'firm'],
    ['2023-12', 'A1', 300, 400, 'venue:V'],
  ]);
  const [first, , carried] = folded(desk).months();
  expect([first.at - startAt, new Date(carried.at / 1000).toISOString()]).toEqual([0, '2023-12-01T00:00:00.000Z']);
  expect([shareOfLimit(first), shareOfLimit({ ...first, limit: null })]).toEqual([0.4, null]);
});

test('lots that the custodian takes over stay the account’s, and the fold is the same each time', () => {
  const desk = openDesk();
  const row = desk.deploy(canary('d', '1.0.0', { stages: [rung(1_000)] }));
  trade(desk, row, 'buy', 400);
  desk.order({ verb: 'rollback', deploymentID: 'd', reason: 'test' }, risk, null);
  desk.advance(20 * 86_400_000_000);
  desk.mark(0);
  expect(shown(desk)).toEqual([
    ['2023-11', '', 400, null, ''],
    ['2023-11', 'A1', 400, null, ''],
    ['2023-12', '', 400, null, ''],
    ['2023-12', 'A1', 400, null, ''],
  ]);
  expect(folded(desk).months()).toEqual(folded(desk).months());
});
