import { describe, expect, it } from 'vitest';
import { splitZero, toBigInt } from '../../base/split.ts';
import { lots, ticks } from '../../base/units.ts';
import { createWorld, firmMade, moneyIn, type World } from '../../testing/scenarios/currency-world.ts';
import {
  addAccount,
  addDeskSlice,
  addListing,
  addVenue,
  addVersion,
  ask,
  fill,
  moneyOf,
  plainOrder,
  quote,
  send,
  type RiskDesk,
} from '../../testing/scenarios/risk-desk.ts';
import { applyFeedNotice, splitMark } from '../market/marks.ts';
import { bookCashFlow } from '../positions/cash-flow.ts';
import { measureDrawdowns, rollDrawdowns } from './drawdown.ts';
import { seekUnrated } from './foreign.ts';
import { changeLimit } from './limit-command.ts';
import { cashMoved } from './moves.ts';
import { setRowAccount, setUniverse } from './order-gate.ts';
import { rowTotalInto } from './pnl.ts';
import { wasRated } from './rates.ts';
import { setRow } from './row-change.ts';
import { firmScope } from './scopes.ts';
import { keepSectorValue } from './sector-value.ts';
import { settle } from './settle.ts';

const e6 = 1_000_000n;
const money = splitZero();

const made = ({ desk, row }: World): bigint => {
  rowTotalInto(money, desk.risk.pnl, row, false);
  return toBigInt(money);
};

/** A hundred lots of dollars and as many of euros, bought at 50.00, the euro at 1.10. */
function holding(): World {
  const world = createWorld(false);
  const { desk, row, listings, pairs } = world;
  quote(desk, pairs.EURUSD, 10_999, 11_001, 1);
  for (const listing of [listings.USD, listings.EUR]) {
    quote(desk, listing, 4_999, 5_001, 1);
    fill(desk, send(desk, row, { ...plainOrder, listing, orderQty: lots(100), price: ticks(5_000) }, 2), 100, 5_000, 2);
  }
  return world;
}

const owed = ({ desk }: World): bigint => {
  settle(desk.risk);
  return moneyIn(desk.risk.marginUse.margin[firmScope], 0);
};

const held = ({ desk }: World, listing: number): bigint => {
  settle(desk.risk);
  const { instrument } = desk.registry.listings[listing];
  return moneyIn(desk.risk.sectorValue.instrument, instrument);
};

const silence = (desk: RiskDesk, listing: number): void =>
  applyFeedNotice(desk.marks, { kind: 'feed', feed: 0, listing, condition: 'gap', value: 0, text: '' });

const credit = (desk: RiskDesk): void =>
  void changeLimit(desk.risk, { scope: 'firm', scopeID: '', limit: 'creditLine' }, 1_000_000_000_000, null);

describe('a mark of a rate with one side and no trade', () => {
  it('takes no loss out of the results of version and firm, which go on at the last rate there was', () => {
    const world = holding();
    const { desk, listings, pairs } = world;
    quote(desk, listings.EUR, 3_999, 4_001, 3);
    expect([made(world), firmMade(desk)]).toEqual([-1_100n * e6, -1_100n * e6]);
    quote(desk, pairs.EURUSD, 10_999, 0, 4);
    expect([made(world), firmMade(desk)]).toEqual([-1_100n * e6, -1_100n * e6]);
    quote(desk, listings.EUR, 2_999, 3_001, 5);
    expect([made(world), firmMade(desk)]).toEqual([-2_200n * e6, -2_200n * e6]);
  });

  it('makes its currency none that was never rated', () => {
    const { desk, pairs } = holding();
    quote(desk, pairs.EURUSD, 0, 11_001, 4);
    expect(wasRated(desk.risk.rates, 1, 0)).toBe(true);
    seekUnrated(desk.risk);
    expect(desk.risk.foreign.unrated.size).toBe(0);
  });

  it('is no rate of now: what opens in the currency is denied', () => {
    const { desk, row, listings, pairs } = holding();
    quote(desk, pairs.EURUSD, 10_999, 0, 4);
    const buy = { ...plainOrder, listing: listings.EUR, price: ticks(5_000) } as const;
    expect([ask(desk, row, buy, 5), desk.risk.denial.code]).toEqual(['denied', 'NO_FX_RATE']);
    quote(desk, pairs.EURUSD, 10_999, 11_001, 6);
    expect(ask(desk, row, buy, 7)).toBe('passed');
  });
});

describe('a mark of an instrument with one side and no trade', () => {
  it('leaves the position worth what it was last worth, on the lot and the cent', () => {
    const world = holding();
    const { desk, listings } = world;
    quote(desk, listings.USD, 3_999, 4_001, 3);
    expect([made(world), firmMade(desk)]).toEqual([-1_000n * e6, -1_000n * e6]);
    quote(desk, listings.USD, 0, 3_500, 4);
    expect([made(world), firmMade(desk)]).toEqual([-1_000n * e6, -1_000n * e6]);
    // bought with it: a lot at 45.00 is worth 40.00
    fill(desk, send(desk, world.row, { ...plainOrder, listing: listings.USD, price: ticks(4_500) }, 5), 1, 4_500, 5);
    expect(made(world)).toBe(-1_005n * e6);
    quote(desk, listings.USD, 3_899, 3_901, 6);
    expect(made(world)).toBe(-1_106n * e6);
  });

  it('is owed as margin and part of its sector as before', () => {
    const world = holding();
    const { desk, listings } = world;
    credit(desk);
    settle(desk.risk);
    keepSectorValue(desk.risk, true);
    // a hundred lots at 50.00, and as many at 50.00 euros of 1.10
    expect([owed(world), held(world, listings.USD)]).toEqual([10_500n * e6, 5_000n * e6]);
    quote(desk, listings.USD, 4_999, 0, 3);
    expect([owed(world), held(world, listings.USD)]).toEqual([10_500n * e6, 5_000n * e6]);
    fill(desk, send(desk, world.row, { ...plainOrder, listing: listings.USD, orderQty: lots(10), price: ticks(5_000) }, 4), 10, 5_000, 4);
    expect([owed(world), held(world, listings.USD)]).toEqual([11_000n * e6, 5_500n * e6]);
  });

  it('lets no order make what is held worth as little as itself', () => {
    const { desk, row, listings } = holding();
    const { instrumentID } = desk.registry.instruments[desk.registry.listings[listings.USD].instrument];
    changeLimit(desk.risk, { scope: 'instrument', scopeID: instrumentID, limit: 'maxConcentrationBps' }, 50, null);
    quote(desk, listings.USD, 4_999, 0, 3);
    // a hundred and one lots at 50.00 are more than half a percent of a million
    const buy = { ...plainOrder, listing: listings.USD, price: ticks(1) } as const;
    expect([ask(desk, row, buy, 4), desk.risk.denial.code]).toEqual(['denied', 'CONCENTRATION_EXCEEDS_MAX']);
  });
});

describe('while a rate is silent', () => {
  it('margins and sector values of what is filled count at the last one there was', () => {
    const world = holding();
    const { desk, row, listings, pairs } = world;
    credit(desk);
    settle(desk.risk);
    keepSectorValue(desk.risk, true);
    const id = send(desk, row, { ...plainOrder, listing: listings.EUR, orderQty: lots(10), price: ticks(5_000) }, 3);
    expect(owed(world)).toBe(11_050n * e6);
    silence(desk, pairs.EURUSD);
    fill(desk, id, 10, 5_000, 4);
    expect([owed(world), held(world, listings.EUR)]).toEqual([11_050n * e6, 6_050n * e6]);
  });

  it('a fee in its currency counts in the results', () => {
    const world = holding();
    const { desk, row, pairs, listings } = world;
    silence(desk, pairs.EURUSD);
    const { account } = desk.risk.exposure.routes[0];
    const { instrument } = desk.registry.listings[listings.USD];
    const flow = { kind: 'cashFlow', flow: 'funding', account, row, instrument, currency: 1, reference: 'f' } as const;
    const loss = moneyOf(desk, '-10', 'EUR');
    bookCashFlow(desk.ledger, { ...flow, hi: loss.hi, lo: loss.lo }, false);
    expect(cashMoved(desk.risk, row, account, instrument, 1, loss, false)).toBe(true);
    expect(made(world)).toBe(-11n * e6);
  });

  it('the drawdown of a version in its currency is still judged', () => {
    const { desk, listings, pairs } = createWorld(false);
    const [listing, { EURUSD }] = [listings.EUR, pairs];
    const row = addVersion(desk, addDeskSlice(desk, 'euro', 'EUR', '10000', '0'), '1.0.0');
    setRow(desk.risk.gate, row, { mode: 'ACTIVE', cap: moneyOf(desk, '10000', 'EUR') });
    quote(desk, EURUSD, 10_999, 11_001, 1);
    quote(desk, listing, 4_999, 5_001, 1);
    const { sliceID, version } = desk.risk.gate.rows[row];
    changeLimit(desk.risk, { scope: 'version', scopeID: `${sliceID}/${version}`, limit: 'maxDailyDrawdownBps' }, 500, null);
    rollDrawdowns(desk.risk, 1);
    fill(desk, send(desk, row, { ...plainOrder, listing, orderQty: lots(100), price: ticks(5_000) }, 2), 100, 5_000, 2);
    silence(desk, EURUSD);
    // six euros a lot of a hundred lots: six percent
    quote(desk, listing, 4_399, 4_401, 3);
    expect(measureDrawdowns(desk.risk).map(({ severity, value }) => [severity, value])).toEqual([['breach', 600]]);
  });
});

describe('an instrument with several listings', () => {
  /** A hundred of ITWO, an instrument of a currency with two listings, at 50.00 at the first; the second one stands at 40.00. */
  function twice(currency: 'USD' | 'EUR'): { readonly world: World; readonly first: number; readonly second: number } {
    const world = holding();
    const { desk, row } = world;
    addVenue(desk, 'BAT');
    addAccount(desk, 'A2', 'BAT');
    const [first, second] = ['NYX', 'BAT'].map((venueID) => addListing(desk, { instrumentID: 'ITWO', venueID, currency, sector: 'tech' }));
    const { gate } = desk.risk;
    setUniverse(gate, row, [...desk.registry.listings.keys()]);
    setRowAccount(gate, row, 1, 1);
    quote(desk, second, 3_999, 4_001, 3);
    quote(desk, first, 4_999, 5_001, 4);
    fill(desk, send(desk, row, { ...plainOrder, listing: first, orderQty: lots(100), price: ticks(5_000) }, 5), 100, 5_000, 5);
    settle(desk.risk);
    keepSectorValue(desk.risk, true);
    return { world, first, second };
  }

  it('follows each rate in its sector, and does not wait for its next mark', () => {
    const { world, first } = twice('EUR');
    expect(held(world, first)).toBe(5_500n * e6);
    quote(world.desk, world.pairs.EURUSD, 14_999, 15_001, 6);
    expect(held(world, first)).toBe(7_500n * e6);
  });

  it('lets no order pass beside it that its worth at the rate of now leaves no room for', () => {
    const { world } = twice('EUR');
    const { desk, row, pairs } = world;
    const other = addListing(desk, { instrumentID: 'IONE', venueID: 'NYX', currency: 'USD', sector: 'tech' });
    setUniverse(desk.risk.gate, row, [...desk.registry.listings.keys()]);
    quote(desk, other, 4_999, 5_001, 6);
    // 0.7 % of a million
    changeLimit(desk.risk, { scope: 'sector', scopeID: 'tech', limit: 'maxConcentrationBps' }, 70, null);
    const buy = { ...plainOrder, listing: other, orderQty: lots(10), price: ticks(5_000) } as const;
    expect(ask(desk, row, buy, 7)).toBe('passed');
    quote(desk, pairs.EURUSD, 14_999, 15_001, 8);
    expect([ask(desk, row, buy, 9), desk.risk.denial.code]).toEqual(['denied', 'CONCENTRATION_EXCEEDS_MAX']);
  });

  it.each(['USD', 'EUR'] as const)('is worth what the last mark said, wherever it is traded next (%s)', (currency) => {
    const { world, first, second } = twice(currency);
    const { desk, row } = world;
    const worth = held(world, first);
    fill(desk, send(desk, row, { ...plainOrder, listing: second, price: ticks(4_000) }, 6), 1, 4_000, 6);
    // a lot more at 50.00, and not a hundred and one at 40.00
    expect(held(world, first)).toBe((worth * 101n) / 100n);
    quote(desk, second, 3_999, 4_001, 7);
    expect(held(world, first)).toBe((((worth * 101n) / 100n) * 4n) / 5n);
  });

  it('is worth what the other one said where a mark names no price', () => {
    const { world, first, second } = twice('USD');
    quote(world.desk, second, 3_899, 3_901, 6);
    expect(held(world, first)).toBe(3_900n * e6);
    quote(world.desk, first, 4_999, 0, 7);
    expect(held(world, first)).toBe(3_900n * e6);
  });
});

describe('a split', () => {
  it('leaves a position worth what it was until somebody quotes the new units', () => {
    const { desk, listings } = holding();
    const { marks } = desk;
    for (const [up, down, price] of [
      [2, 1, 5_000],
      [1, 10, 50_000],
      [3, 2, 33_333],
    ]) {
      splitMark(marks, listings.USD, up, down);
      expect([marks.known[listings.USD], marks.middle[listings.USD], marks.valid[listings.USD]]).toEqual([price, 0, 0]);
    }
    splitMark(marks, listings.USD, 1_000_000, 1);
    expect(marks.known[listings.USD]).toBe(1);
  });
});
