import { expect, test } from 'vitest';
import { micros } from '../base/units.ts';
import type { Report } from '../domain/report.ts';
import { plainOrder, checkedForTest } from '../testing/venue/plain-order.ts';
import { testListing } from '../testing/venue/floor-script.ts';
import { RecordedVenue } from '../venues/simulated/recorded-venue.ts';
import { fixedLatency } from '../venues/simulated/latency.ts';
import { numbered, PulledVenues } from './pulled-venues.ts';

function venue(latency: number): RecordedVenue {
  const fees = { makerRate: 0, takerRate: 0, feeUnit: 1 };
  const listings = [{ ix: 0, listing: testListing, moneyPerTickLot: 1, currency: 0, fees }];
  const ways = { orderLatency: fixedLatency(latency), reportLatency: fixedLatency(0) };
  return new RecordedVenue({ venue: 0, prefix: `L${latency}`, simulated: true, listings, ...ways });
}

function saidBy(venues: PulledVenues, at: number): Report[] {
  const said: Report[] = [];
  venues.advance(micros(at), (report) => void said.push(report));
  return said;
}

test('the venues of a desk are due when the first of them is, and only those that are due are pulled', () => {
  const [quick, slow] = [venue(5), venue(9)];
  const venues = new PulledVenues([slow, quick]);
  expect(venues.nextAt()).toBeUndefined();
  for (const one of [slow, quick]) one.send(checkedForTest(plainOrder({ clOrdID: 1, price: 1 })), micros(1));
  expect([venues.nextAt(), venues.isDue(micros(5)), venues.isDue(micros(6))]).toEqual([6, false, true]);
  expect(saidBy(venues, 6)).toHaveLength(1);
  expect(venues.nextAt()).toBe(10);
});

test('a report that is said twice has two numbers, and the first keeps its own', () => {
  const venues = new PulledVenues([venue(0)]);
  venues.all[0].send(checkedForTest(plainOrder({ clOrdID: 1, price: 1 })), micros(1));
  const [report] = saidBy(venues, 1);
  const [once, twice] = [numbered(report, 7), numbered(report, 8)];
  expect([once.eventSeq, twice.eventSeq]).toEqual([7, 8]);
});
