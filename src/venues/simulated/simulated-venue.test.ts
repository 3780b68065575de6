import { describe, expect, test } from 'vitest';
import { prng } from '../../base/prng.ts';
import { createTokenBucket, refill, takeToken } from '../../base/token-bucket.ts';
import { micros } from '../../base/units.ts';
import { lineOf, testListing } from '../../testing/venue/floor-script.ts';
import { checkedForTest, plainOrder } from '../../testing/venue/plain-order.ts';
import { drawnFaults, scriptedFaults } from './faults.ts';
import type { VenueFaults } from './faults.ts';
import { fixedLatency } from './latency.ts';
import type { Latency } from './latency.ts';
import { askSide } from './matching-book.ts';
import { SimulatedVenue, fullCapabilities } from './simulated-venue.ts';

interface Setting {
  readonly orderLatency?: Latency;
  readonly reportLatency?: Latency;
  readonly faults?: VenueFaults;
  readonly throttlePerSecond?: number;
  readonly seed?: string;
}

function venueOf(setting: Setting = {}): SimulatedVenue {
  return new SimulatedVenue({
    venue: 0,
    prefix: 'SIM',
    simulated: false,
    listings: [{ ix: 0, listing: testListing, moneyPerTickLot: 1, currency: 0, fees: { makerRate: 0, takerRate: 0, feeUnit: 1 } }],
    capabilities: { ...fullCapabilities, throttlePerSecond: setting.throttlePerSecond ?? 0 },
    orderLatency: setting.orderLatency ?? fixedLatency(300),
    reportLatency: setting.reportLatency ?? fixedLatency(200),
    selfMatch: 'allow',
    luck: prng(setting.seed ?? 'venue'),
    ...(setting.faults === undefined ? {} : { faults: setting.faults }),
  });
}

/** Pulls everything up to `to`; a line is the time at which the desk hears it and what it hears. */
function pull(venue: SimulatedVenue, to: number): string[] {
  const lines: string[] = [];
  for (let at = venue.nextEventAt(); at !== undefined && at <= to; at = venue.nextEventAt()) {
    const now = at;
    venue.advance(now, (report) => lines.push(`${now} ${lineOf(report)}`));
  }
  return lines;
}

const send = (venue: SimulatedVenue, clOrdID: number, at: number, price = 100): unknown =>
  venue.send(checkedForTest(plainOrder({ clOrdID, price })), micros(at));

describe('latency', () => {
  test('an order reaches the venue after the order latency and its report comes back after the report latency', () => {
    const venue = venueOf();
    send(venue, 1, 1000);
    expect(venue.nextEventAt()).toBe(1300);
    expect(pull(venue, 1299)).toEqual([]);
    expect(pull(venue, 9999)).toEqual(['1500 1 new 0/10']);
    expect(venue.nextEventAt()).toBeUndefined();
  });

  test('what changes on the way decides: an order meets the book of its arrival', () => {
    const venue = venueOf();
    send(venue, 1, 1000, 105);
    venue.run(micros(1200));
    venue.engine(0).restForeign(-1, askSide, 104, 10);
    expect(pull(venue, 9999)).toEqual(['1500 1 new 0/10', '1500 1 trade 10@104 taker 10/0']);
  });

  test('drawn latencies never let a later message overtake an earlier one, and repeat by seed', () => {
    const drawn: Latency = { kind: 'drawn', min: 50, tail: 400, max: 5000 };
    const run = (seed: string): string[] => {
      const venue = venueOf({ orderLatency: drawn, reportLatency: drawn, seed });
      for (let clOrdID = 1; clOrdID <= 50; clOrdID++) send(venue, clOrdID, 1000 + clOrdID);
      return pull(venue, 1e9);
    };
    const lines = run('a');
    expect(lines.map((line) => Number(line.split(' ')[1]))).toEqual(Array.from({ length: 50 }, (_, i) => i + 1));
    expect(run('a')).toEqual(lines);
    expect(run('b')).not.toEqual(lines);
  });
});

describe('throttle', () => {
  test('whatever a bucket of its size lets out the venue takes, and never more than twice its size in a second', () => {
    const perSecond = 50;
    const luck = prng(7);
    const venue = venueOf({ throttlePerSecond: perSecond });
    const bucket = createTokenBucket(perSecond);
    let [at, asked] = [1_000, 0];
    const sent: number[] = [];
    for (let n = 0; n < 2_000; n++) {
      at += luck.int(40_000) < 39_000 ? luck.int(3_000) : 400_000;
      refill(bucket, micros(at));
      asked++;
      if (!takeToken(bucket)) continue;
      sent.push(at);
      send(venue, n + 1, at);
    }
    expect(sent.length).toBeLessThan(asked);
    const refused = pull(venue, 1e9).filter((line) => line.includes('THROTTLED'));
    expect(refused).toEqual([]);
    const most = Math.max(...sent.map((from) => sent.filter((one) => one >= from && one < from + 1_000_000).length));
    expect(most).toBeGreaterThan(perSecond);
    expect(most).toBeLessThanOrEqual(2 * perSecond);
  });

  test('more requests in a second than the venue takes are refused by name', () => {
    const venue = venueOf({ throttlePerSecond: 2 });
    for (const clOrdID of [1, 2, 3]) send(venue, clOrdID, 1000);
    venue.cancel({ clOrdID: 9, target: 1, listing: 0 }, micros(1000));
    send(venue, 4, 1_001_000);
    expect(pull(venue, 9e6)).toEqual([
      '1500 1 new 0/10',
      '1500 2 new 0/10',
      '1500 3 rejected 0/0 THROTTLED',
      '1500 9>1 cancelRejected THROTTLED',
      '1001500 4 new 0/10',
    ]);
  });
});

describe('faults', () => {
  test('one by one: a reject, a lost request, a lost acknowledgement, a fill before its acknowledgement, a duplicate', () => {
    const faults = scriptedFaults();
    const venue = venueOf({ faults });
    faults.nextRequest('new', { kind: 'reject' });
    send(venue, 1, 1000);
    faults.nextRequest('new', { kind: 'lose', result: 'uncertain' });
    expect(send(venue, 2, 1000)).toBe('uncertain');
    faults.nextReport('new', { kind: 'lose' });
    send(venue, 3, 2000);
    expect(pull(venue, 2999)).toEqual(['1500 1 rejected 0/0 FAULT_INJECTED']);
    venue.engine(0).restForeign(-1, askSide, 101, 10);
    faults.nextReport('new', { kind: 'delay', micros: 1000 });
    faults.nextReport('trade', { kind: 'duplicate' });
    send(venue, 4, 3000, 101);
    expect(pull(venue, 9999)).toEqual(['3500 4 trade 10@101 taker 10/0', '3500 4 trade 10@101 taker 10/0', '4500 4 new 0/10']);
    venue.query(3, micros(5000));
    expect(pull(venue, 9999)).toEqual(['5500 3 orderStatus 0/10 new']);
  });

  test('drawn: the same seed meets the same faults', () => {
    const run = (seed: string): string[] => {
      const faults = drawnFaults(prng(seed), {
        rejectRequest: 0.1,
        loseRequest: 0.1,
        delayReport: 0.2,
        duplicateNewExecID: 0.1,
        loseReport: 0.1,
      });
      const venue = venueOf({ faults });
      for (let clOrdID = 1; clOrdID <= 100; clOrdID++) send(venue, clOrdID, clOrdID * 1000);
      return pull(venue, 1e9);
    };
    expect(run('f')).toEqual(run('f'));
    expect(run('f')).not.toEqual(run('g'));
    expect(run('f').filter((line) => line.includes('FAULT_INJECTED')).length).toBeGreaterThan(0);
  });
});

test('what the capability record lacks is refused at once', () => {
  const venue = new SimulatedVenue({
    venue: 0,
    prefix: 'SIM',
    simulated: false,
    listings: [],
    capabilities: { ...fullCapabilities, replace: 'none', massCancel: false, queryByClOrdID: false },
    orderLatency: fixedLatency(0),
    reportLatency: fixedLatency(0),
    selfMatch: 'allow',
    luck: prng(1),
  });
  expect(venue.replace(checkedForTest(plainOrder({ clOrdID: 2, origClOrdID: 1 })), micros(1))).toBe('refused');
  expect(venue.cancelAll(micros(1))).toBe('refused');
  expect(venue.query(1, micros(1))).toBe('refused');
});
