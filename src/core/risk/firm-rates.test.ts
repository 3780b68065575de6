import { describe, expect, it } from 'vitest';
import { lots, ticks } from '../../base/units.ts';
import { splitZero, toBigInt } from '../../base/split.ts';
import { createWorld, firmMade, moneyIn, type World } from '../../testing/scenarios/currency-world.ts';
import { ask, fill, plainOrder, quote, send } from '../../testing/scenarios/risk-desk.ts';
import { applyFeedNotice } from '../market/marks.ts';
import { changeLimit } from './limit-command.ts';
import { dayInto } from './scope-results.ts';
import { firmScope } from './scopes.ts';
import { keepSectorValue } from './sector-value.ts';
import { settle } from './settle.ts';

const e6 = 1_000_000n;
const money = splitZero();

describe('what a position in another currency is worth to the firm', () => {
  /** Ten euros a lot lost on a hundred lots, at 1.10. */
  function losing(): World {
    const world = createWorld(false);
    const { desk, row, listings, pairs } = world;
    quote(desk, listings.EUR, 4_999, 5_001, 1);
    quote(desk, pairs.EURUSD, 10_999, 11_001, 1);
    fill(desk, send(desk, row, { ...plainOrder, listing: listings.EUR, orderQty: lots(100), price: ticks(5_000) }, 2), 100, 5_000, 2);
    quote(desk, listings.EUR, 3_999, 4_001, 3);
    expect(firmMade(desk)).toBe(-1_100n * e6);
    return world;
  }

  it('follows each rate, the day too, whether its listing trades or not', () => {
    const { desk, pairs } = losing();
    quote(desk, pairs.EURUSD, 14_999, 15_001, 4);
    expect(firmMade(desk)).toBe(-1_500n * e6);
    dayInto(money, desk.risk, firmScope, 0);
    expect(toBigInt(money)).toBe(-1_500n * e6);
  });

  it('is no less lost while the rate is silent: it counts at the last one there was', () => {
    const { desk, listings, pairs } = losing();
    applyFeedNotice(desk.marks, { kind: 'feed', feed: 0, listing: pairs.EURUSD, condition: 'gap', value: 0, text: '' });
    quote(desk, listings.EUR, 2_999, 3_001, 4);
    expect(firmMade(desk)).toBe(-2_200n * e6);
  });

  it('reaches the daily loss limit of the firm by a rate alone, and opening orders are denied', () => {
    const { desk, row, listings, pairs } = losing();
    changeLimit(desk.risk, { scope: 'firm', scopeID: '', limit: 'maxDailyLoss' }, 1_200_000_000, null);
    quote(desk, listings.USD, 4_999, 5_001, 4);
    const buy = { ...plainOrder, listing: listings.USD, price: ticks(5_000) } as const;
    expect(ask(desk, row, buy, 4)).toBe('passed');
    quote(desk, pairs.EURUSD, 14_999, 15_001, 5);
    expect([ask(desk, row, buy, 6), desk.risk.denial.code]).toEqual(['denied', 'DAILY_LOSS_REACHED']);
  });

  it('is owed as margin at the rate of now', () => {
    const { desk, pairs } = losing();
    changeLimit(desk.risk, { scope: 'firm', scopeID: '', limit: 'creditLine' }, 1_000_000_000_000, null);
    const owed = (): bigint => moneyIn(desk.risk.marginUse.margin[firmScope], 0);
    // a hundred lots at 40.00 euros
    expect(owed()).toBe(4_400n * e6);
    quote(desk, pairs.EURUSD, 14_999, 15_001, 4);
    expect(owed()).toBe(6_000n * e6);
  });

  it('is part of its sector at the rate of now', () => {
    const { desk, listings, pairs } = losing();
    settle(desk.risk);
    keepSectorValue(desk.risk, true);
    const { instrument } = desk.registry.listings[listings.EUR];
    const held = (): bigint => {
      settle(desk.risk);
      return moneyIn(desk.risk.sectorValue.sector, desk.risk.sectorOf[instrument]);
    };
    expect(held()).toBe(4_400n * e6);
    quote(desk, pairs.EURUSD, 14_999, 15_001, 4);
    expect(held()).toBe(6_000n * e6);
  });
});
