import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  countInWindow,
  countOrder,
  createOrderRate,
  findSpareOrders,
  isWithinRate,
  logOrder,
  minuteWindow,
  secondWindow,
  setRateLimit,
  sparesHold,
  windowMicros,
  type OrderRate,
  type RateRing,
} from './order-rate.ts';
import { firmScope, versionScope } from './scopes.ts';

const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('order' as const), after: fc.nat(700_000), row: fc.nat(2) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('limit' as const),
      window: fc.constantFrom<0 | 1>(secondWindow, minuteWindow),
      scope: fc.constantFrom(firmScope, versionScope),
      limit: fc.integer({ min: -1, max: 5 }),
    }),
  },
);

it('a ring of times and a list of everything agree about every order, also after a limit was set or changed', () => {
  let asked = 0;
  let refused = 0;
  let spared = 0;
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80, size: 'max' }), (steps) => {
      const rate = createOrderRate(1_024);
      const sent: { at: number; row: number }[] = [];
      const limits = new Map<string, number>();
      let at = 1_000_000_000;
      for (const one of steps) {
        if (one.kind === 'limit') {
          for (const ix of one.scope === firmScope ? [0] : [0, 1, 2]) {
            setRateLimit(rate, one.window, one.scope, ix, one.limit, (scope, row) => (scope === firmScope ? 0 : row));
            limits.set(`${one.window} ${one.scope} ${ix}`, one.limit);
          }
          continue;
        }
        at += one.after;
        let allowed = true;
        for (const window of [secondWindow, minuteWindow] as const) {
          for (const [scope, ix] of [
            [firmScope, 0],
            [versionScope, one.row],
          ]) {
            const limit = limits.get(`${window} ${scope} ${ix}`) ?? -1;
            const before = sent.filter((o) => o.at > at - windowMicros[window] && (scope === firmScope || o.row === ix)).length;
            const within = limit < 0 || before + 1 <= limit;
            if (isWithinRate(rate, window, scope, ix, at) !== within) return false;
            if (!within && surelyPasses(rate, scope, ix, at)) return false;
            if (limit > 0 && countInWindow(rate, window, scope, ix, at) < Math.min(before, limit)) return false;
            allowed = allowed && within;
            asked++;
          }
        }
        if (!allowed) {
          refused++;
          continue;
        }
        sent.push({ at, row: one.row });
        for (const [scope, ix] of [
          [firmScope, 0],
          [versionScope, one.row],
        ])
          if (!surelyPasses(rate, scope, ix, at)) look(rate, scope, ix, at);
          else spared++;
        count(rate, at, one.row, [...ringsOf(rate, firmScope, 0), ...ringsOf(rate, versionScope, one.row)]);
      }
      return true;
    }),
    { numRuns: 400, seed: 1 },
  );
  console.log(`order rate: ${asked} questions, ${refused} orders refused, ${spared} times no window was looked at`);
  expect(refused).toBeGreaterThan(100);
  expect(spared).toBeGreaterThan(100);
});

function count(rate: OrderRate, at: number, row: number, rings: readonly RateRing[]): void {
  logOrder(rate, at, row, 0, 0);
  countOrder(rate, at, rings, 0, rings.length);
}

function surelyPasses(rate: OrderRate, scope: number, ix: number, at: number): boolean {
  return sparesHold(rate, at) && ringsOf(rate, scope, ix).every(({ spare }) => spare > 0);
}

function look(rate: OrderRate, scope: number, ix: number, at: number): void {
  for (const ring of ringsOf(rate, scope, ix)) findSpareOrders(rate, ring, at);
}

/** The ring of a scope, when it has a limit. */
function ringsOf(rate: OrderRate, scope: number, ix: number): RateRing[] {
  const ring = rate.rings[scope][ix];
  return ring === undefined ? [] : [ring];
}

/** One firm-wide limit, orders at these distances; whether an order was called spare that a window refuses. */
function spareIsWrong(second: number, minute: number, distances: readonly number[], spoil: (rate: OrderRate) => void): boolean {
  const rate = createOrderRate(1_024);
  setRateLimit(rate, secondWindow, firmScope, 0, second, () => 0);
  setRateLimit(rate, minuteWindow, firmScope, 0, minute, () => 0);
  let at = 1_000_000_000;
  for (const distance of distances) {
    at += distance;
    const passes = isWithinRate(rate, secondWindow, firmScope, 0, at) && isWithinRate(rate, minuteWindow, firmScope, 0, at);
    if (!passes && surelyPasses(rate, firmScope, 0, at)) return true;
    if (!passes) continue;
    if (!surelyPasses(rate, firmScope, 0, at)) look(rate, firmScope, 0, at);
    count(rate, at, 0, ringsOf(rate, firmScope, 0));
    spoil(rate);
  }
  return false;
}

describe('spare orders', () => {
  const distance = fc.oneof(
    { weight: 8, arbitrary: fc.nat(300_000) },
    { weight: 1, arbitrary: fc.integer({ min: -3_000_000, max: 0 }) },
    { weight: 1, arbitrary: fc.nat(70_000_000) },
  );
  const history = fc.tuple(
    fc.integer({ min: 1, max: 12 }),
    fc.integer({ min: 1, max: 40 }),
    fc.array(distance, { maxLength: 200, size: 'max' }),
  );

  it('are never counted on where a window refuses, also when the clock goes back', () => {
    fc.assert(
      fc.property(history, ([second, minute, distances]) => !spareIsWrong(second, minute, distances, () => undefined)),
      { numRuns: 400, seed: 1 },
    );
  });
  it('one too many is found', () => {
    const oneMore = (rate: OrderRate): void => {
      for (const ring of ringsOf(rate, firmScope, 0)) ring.spare += 1;
    };
    const found = fc.check(
      fc.property(history, ([second, minute, distances]) => !spareIsWrong(second, minute, distances, oneMore)),
      { numRuns: 400, seed: 1 },
    );
    expect(found.failed).toBe(true);
  });
});

it('a log that is too short forgets the oldest orders first', () => {
  const rate = createOrderRate(4);
  for (let i = 1; i <= 6; i++) logOrder(rate, i, 0, 0, 0);
  setRateLimit(rate, minuteWindow, firmScope, 0, 100, () => 0);
  expect(countInWindow(rate, minuteWindow, firmScope, 0, 7)).toBe(4);
});
