import fc from 'fast-check';
import { expect, it } from 'vitest';
import { casesOf } from '../cases.ts';
import { lotsUnchecked, microsUnchecked, ticksUnchecked } from '../../base/units.ts';
import type { WantedOrder } from '../../core/risk/check-context.ts';
import { changeLimit } from '../../core/risk/limit-command.ts';
import { limitRules } from '../../core/risk/limit-rules.ts';
import { limitNames, limitScopes } from '../../domain/limit.ts';
import { ordTypes, sides, timesInForce } from '../../domain/order.ts';
import { close, fill, orderOfDesk, plainOrder, quote, send } from './risk-desk.ts';
import { createRiskWorld, timeOf } from './risk-world.ts';

const most = Number.MAX_SAFE_INTEGER;
const odd = fc.constantFrom(-most, -1, 0, 0.5, NaN, Infinity, 1, 7, 9_999, 10_001, 2 ** 31, 2 ** 45, 2 ** 45 + 1, most);
const plain = fc.integer({ min: 1, max: 20_000 });
const number = fc.oneof({ weight: 3, arbitrary: plain }, { weight: 1, arbitrary: odd });

/** An order that could pass, with up to two fields spoiled. */
const sound: fc.Arbitrary<WantedOrder> = fc
  .record({
    listing: fc.nat(7),
    side: fc.constantFrom(...sides),
    orderQty: fc.integer({ min: 10, max: 40 }),
    away: fc.integer({ min: -60, max: 60 }),
    market: fc.boolean(),
  })
  .map(({ listing, side, orderQty, away, market }) => ({
    ...plainOrder,
    listing,
    side,
    ordType: market ? 'market' : 'limit',
    timeInForce: 'day',
    orderQty: lotsUnchecked(orderQty),
    price: ticksUnchecked(market ? 0 : 9_995 + away - ((9_995 + away) % 5)),
  }));
const spoiled: fc.Arbitrary<Partial<WantedOrder>> = fc.oneof(
  fc.constant({}),
  fc.constant({}),
  fc.record({ ordType: fc.constantFrom(...ordTypes) }),
  fc.record({ timeInForce: fc.constantFrom(...timesInForce) }),
  fc.record({ postOnly: fc.boolean(), reduceOnly: fc.boolean() }),
  fc.record({ listing: number }),
  fc.record({ trailOffset: number }),
  number.map((n) => ({ orderQty: lotsUnchecked(n) })),
  number.map((n) => ({ price: ticksUnchecked(n) })),
  number.map((n) => ({ stopPx: ticksUnchecked(n) })),
  number.map((n) => ({ targetPx: ticksUnchecked(n) })),
  number.map((n) => ({ expireTime: microsUnchecked(n) })),
);
const wanted = fc.tuple(sound, spoiled, spoiled).map(([order, one, two]): WantedOrder => ({ ...order, ...one, ...two }));
const price = fc.oneof({ weight: 8, arbitrary: fc.integer({ min: 9_900, max: 10_100 }) }, { weight: 1, arbitrary: odd });

const ids = {
  firm: '',
  account: 'A1',
  algorithm: 'maker',
  version: 'maker@main.USD/1.0.0',
  venue: 'NYX',
  instrument: 'ACME',
  sector: 'Industry',
  route: 'maker@main.USD/1.0.0@NYX',
} as const;

it('no order and no quote, however absurd, makes the gate throw, and every denial carries numbers', () => {
  const said = new Map<string, number>();
  const step = fc.record({
    row: fc.integer({ min: 3, max: 7 }),
    wanted,
    bid: price,
    ask: price,
    last: price,
    tight: fc.nat(7),
    limit: fc.nat(limitNames.length - 1),
    share: fc.double({ min: 0, max: 1, noNaN: true }),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30, size: 'max' }), (steps) => {
      const desk = createRiskWorld();
      for (const one of steps) {
        const name = limitNames[one.limit];
        const value = one.tight === 0 ? Math.floor(limitRules[name].max * one.share) : one.tight < 4 ? null : limitRules[name].max;
        for (const scope of limitScopes) changeLimit(desk.risk, { scope, scopeID: ids[scope], limit: name }, value, null);
        if (Number.isSafeInteger(one.bid) && Number.isSafeInteger(one.ask) && Number.isSafeInteger(one.last))
          quote(desk, 0, one.bid, one.ask, 5, one.last);
        const id = send(desk, one.row, one.wanted, timeOf('10:00'));
        const code = id === 0 ? desk.risk.denial.code : 'passed';
        said.set(code, (said.get(code) ?? 0) + 1);
        if (id === 0 && desk.risk.verdict.outcome === 'denied' && (desk.risk.denial.value > most || desk.risk.denial.limit > most))
          return false;
        if (id > 0) {
          const { leavesQty, price } = orderOfDesk(desk, id);
          if (one.share < 0.5 && one.row !== 5) fill(desk, id, leavesQty, price > 0 ? price : 10_000, 5);
          else if (one.share < 0.8) close(desk, id);
        }
      }
      return true;
    }),
    { numRuns: casesOf(300), seed: 1 },
  );
  console.log(`extremes: ${[...said].map(([code, n]) => `${code} ${n}`).join(', ')}`);
  expect(said.get('passed') ?? 0).toBeGreaterThan(casesOf(50));
  expect(said.size).toBeGreaterThan(15);
});
