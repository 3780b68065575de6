import { expect, test } from 'vitest';
import { compareVenues } from './compare-venues.ts';
import type { Session } from './session.ts';
import { createCore, smallCoreCapacities } from '../../core/core.ts';
import { createDeskView, maxViewLines } from '../../projections/desk-view.ts';

/** A desk of one account and one instrument that has compared positions so often that its view is full; the venue now says `venue` lots, the ledger 0. */
function comparedOften(venue: number, answers: boolean): Session {
  const core = createCore(1, smallCoreCapacities);
  const view = createDeskView();
  const line = (position: number) => ({ account: 0, instrument: 0, ledger: 0, venue: position, equal: position === 0 });
  for (let n = 0; n < maxViewLines; n++) view.positionsCompared.push(line(0));
  const registry = { accounts: [{ ix: 0 }], instruments: [{}] };
  const reconcile = (): Promise<void> => {
    if (answers) view.positionsCompared.push(line(venue));
    if (view.positionsCompared.length > maxViewLines) view.positionsCompared.shift();
    return Promise.resolve();
  };
  return { core: { ...core, registry }, view, market: { port: { openOrders: () => [] } }, reconcile } as unknown as Session;
}

test('a position that differs is a break also when the view of comparisons is full', async () => {
  expect(await compareVenues(comparedOften(7, true))).toEqual({
    breaks: 1,
    text: 'position of account 0 in instrument 0: ledger 0, venue 7',
  });
  expect((await compareVenues(comparedOften(0, true))).breaks).toBe(0);
});

test('a position that nobody compared is a break', async () => {
  expect(await compareVenues(comparedOften(0, false))).toEqual({ breaks: 1, text: '1 of 1 positions were not compared' });
});
