import { expect, test } from 'vitest';
import { prng } from '../../base/prng.ts';
import { micros } from '../../base/units.ts';
import { testListing } from '../../testing/venue/floor-script.ts';
import { checkedForTest, plainOrder } from '../../testing/venue/plain-order.ts';
import { fixedLatency } from './latency.ts';
import { fullCapabilities, SimulatedVenue } from './simulated-venue.ts';

const second = 1_000_000;

/** A venue with one resting order whose session is lost from each time to the other (seconds); the usual timer is half a second. */
function lostAt(deadManSwitch: 'none' | 'timer' | 'session', outages: readonly (readonly [number, number])[]): SimulatedVenue {
  const venue = new SimulatedVenue({
    venue: 0,
    prefix: 'SIM',
    simulated: false,
    listings: [{ ix: 0, listing: testListing, moneyPerTickLot: 1, currency: 0, fees: { makerRate: 0, takerRate: 0, feeUnit: 1 } }],
    capabilities: { ...fullCapabilities, deadManSwitch },
    orderLatency: fixedLatency(1),
    reportLatency: fixedLatency(1),
    selfMatch: 'allow',
    luck: prng('venue'),
  });
  expect(venue.send(checkedForTest(plainOrder({ clOrdID: 1, price: 100 })), micros(0))).toBe('sent');
  venue.advance(micros(second / 10), () => undefined);
  for (const [from, until] of outages) venue.disconnect(micros(from * second), micros(until * second));
  return venue;
}

/** Times at which the venue says that it is back (seconds). */
function backAt(venue: SimulatedVenue): readonly number[] {
  const said: number[] = [];
  for (let at = venue.nextEventAt(); at !== undefined && at <= 100 * second; at = venue.nextEventAt()) {
    const now = at / second;
    venue.advance(
      at,
      () => undefined,
      (word) => {
        if (word.kind === 'reconcile') said.push(now);
      },
    );
  }
  return said;
}

test.each([
  ['within a longer one', [1, 10], [2, 3]],
  ['that makes another longer', [1, 3], [2, 10]],
] as const)('an outage %s: the venue is back once, when both are over', (_which, first, then) => {
  const venue = lostAt('none', [first, then]);
  expect(venue.send(checkedForTest(plainOrder({ clOrdID: 2, price: 100 })), micros(5 * second))).toBe('uncertain');
  expect(backAt(venue)).toEqual([10]);
  expect(venue.openOrders(0).map(({ clOrdID }) => clOrdID)).toEqual([1]);
  expect(venue.send(checkedForTest(plainOrder({ clOrdID: 3, price: 100 })), micros(101 * second))).toBe('sent');
});

test('what arrives in a longer outage whose orders the dead man has ended is not taken in when a shorter one within it is over', () => {
  const venue = lostAt('timer', [
    [1, 10],
    [1.2, 1.4],
  ]);
  expect(venue.send(checkedForTest(plainOrder({ clOrdID: 2, price: 100 })), micros(5 * second))).toBe('uncertain');
  venue.advance(micros(6 * second), () => undefined);
  expect(venue.openOrders(0)).toEqual([]);
});

test('two outages without a sign of life between them run the timer out together', () => {
  const apart = lostAt('timer', [
    [1, 1.4],
    [2, 2.4],
  ]);
  apart.advance(micros(3 * second), () => undefined);
  expect(apart.openOrders(0)).toHaveLength(1);
  const together = lostAt('timer', [
    [1, 1.4],
    [1.3, 1.7],
  ]);
  together.advance(micros(3 * second), () => undefined);
  expect(together.openOrders(0)).toEqual([]);
});
