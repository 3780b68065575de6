import fc from 'fast-check';
import { expect, it } from 'vitest';
import { countInWindow, createOrderRate, logOrder, minuteWindow, secondWindow, setRateLimit, windowMicros } from './order-rate.ts';
import { allowedFrom, createScopeTable, placeOf } from './scope-table.ts';
import { firmScope, scopeKinds, versionScope } from './scopes.ts';

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
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80, size: 'max' }), (steps) => {
      const table = createScopeTable();
      const rate = createOrderRate(1_024, table);
      const sent: { at: number; row: number }[] = [];
      const limits = new Map<string, number>();
      const scopeIx = new Int32Array(scopeKinds);
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
        scopeIx[versionScope] = one.row;
        let allowed = true;
        for (const window of [secondWindow, minuteWindow] as const) {
          for (const [scope, ix] of [
            [firmScope, 0],
            [versionScope, one.row],
          ]) {
            const limit = limits.get(`${window} ${scope} ${ix}`) ?? -1;
            const before = sent.filter((o) => o.at > at - windowMicros[window] && (scope === firmScope || o.row === ix)).length;
            const within = limit < 0 || before + 1 <= limit;
            if (at >= table.numbers[placeOf(table, scope, ix) + allowedFrom + window] !== within) return false;
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
        logOrder(rate, at, one.row, 0, 0, scopeIx);
      }
      return true;
    }),
    { numRuns: 400, seed: 1 },
  );
  console.log(`order rate: ${asked} questions, ${refused} orders refused`);
  expect(refused).toBeGreaterThan(100);
});

it('a log that is too short forgets the oldest orders first', () => {
  const table = createScopeTable();
  const rate = createOrderRate(4, table);
  for (let i = 1; i <= 6; i++) logOrder(rate, i, 0, 0, 0, new Int32Array(scopeKinds));
  setRateLimit(rate, minuteWindow, firmScope, 0, 100, () => 0);
  expect(countInWindow(rate, minuteWindow, firmScope, 0, 7)).toBe(4);
});
