import { describe, expect, test } from 'vitest';
import { ticks } from '../../base/units.ts';
import { floorScript } from '../../testing/venue/floor-script.ts';
import type { FloorScript } from '../../testing/venue/floor-script.ts';

describe('cancel', () => {
  test('answers under the number of the request; a second one is too late; an unknown order is refused', () => {
    const script = floorScript();
    script.place({ clOrdID: 1, price: 100 });
    script.cancel(1, 2);
    script.cancel(1, 3);
    script.cancel(77, 4);
    expect(script.said()).toEqual([
      '1 new 0/10',
      '2>1 canceled 0/0',
      '3>1 cancelRejected TOO_LATE_TO_CANCEL',
      '4>77 cancelRejected UNKNOWN_ORDER',
    ]);
  });

  test('all takes back every live order, under its own number', () => {
    const script = floorScript();
    script.place({ clOrdID: 1, price: 100 });
    script.place({ clOrdID: 2, side: 'sell', ordType: 'stop', stopPx: 90 });
    script.said();
    script.floor.cancelAll();
    expect(script.said()).toEqual(['1 canceled 0/0 MASS_CANCEL', '2 canceled 0/0 MASS_CANCEL']);
  });
});

describe('replace', () => {
  test('fewer lots at the same price keep the place in the queue', () => {
    const script = floorScript();
    script.place({ clOrdID: 1, price: 100 });
    script.rest('bid', 100, 5);
    script.replace(1, { clOrdID: 2, price: 100, orderQty: 6 });
    script.hit('sell', 4);
    expect(script.said()).toEqual(['1 new 0/10', '2>1 replaced 6@100 0/6', '2 trade 4@100 maker 4/2']);
  });

  test.each([
    ['more lots', { price: 100, orderQty: 11 }],
    ['another price and back', { price: 99, orderQty: 10 }],
  ])('%s go to the end of the queue', (_, terms) => {
    const script = floorScript();
    script.place({ clOrdID: 1, price: 100 });
    script.rest('bid', 100, 5);
    script.replace(1, { clOrdID: 2, ...terms });
    if (terms.price === 99) script.replace(2, { clOrdID: 3, price: 100 });
    script.said();
    script.hit('sell', 4);
    expect(script.said()).toEqual([]);
  });

  test('a new price may take at once, and fills carry the new number', () => {
    const script = floorScript();
    script.rest('ask', 101, 3);
    script.place({ clOrdID: 1, price: 100 });
    script.replace(1, { clOrdID: 2, price: 101 });
    expect(script.said()).toEqual(['1 new 0/10', '2>1 replaced 10@101 0/10', '2 trade 3@101 taker 3/7']);
  });

  test('a quantity at or below what is filled leaves nothing', () => {
    const script = floorScript();
    script.place({ clOrdID: 1, price: 100 });
    script.hit('sell', 4);
    script.said();
    script.replace(1, { clOrdID: 2, price: 100, orderQty: 3 });
    expect(script.said()).toEqual(['2>1 replaced 4@100 4/0']);
    expect(script.hit('sell', 1)).toBe(1);
  });

  test('what may not change, what is over and what would take are refused by name, and the order stays as it was', () => {
    const script = floorScript();
    script.rest('ask', 105, 3);
    script.place({ clOrdID: 1, price: 100 });
    script.said();
    script.replace(1, { clOrdID: 2, price: 100, side: 'sell' });
    script.replace(1, { clOrdID: 1, price: 101 });
    script.replace(1, { clOrdID: 2, price: 105, postOnly: true });
    script.replace(5, { clOrdID: 2, price: 105 });
    script.hit('sell', 10);
    script.replace(1, { clOrdID: 2, price: 101 });
    expect(script.said()).toEqual([
      '2>1 replaceRejected REPLACE_CHANGES_IDENTITY',
      '1>1 replaceRejected DUPLICATE_CLORDID',
      '2>1 replaceRejected POST_ONLY_WOULD_TAKE',
      '2>5 replaceRejected UNKNOWN_ORDER',
      '1 trade 10@100 maker 10/0',
      '2>1 replaceRejected TOO_LATE_TO_REPLACE',
    ]);
  });

  test('a stop is armed again at its new price, and a cancel by the old number still finds the order', () => {
    const script = floorScript();
    script.rest('bid', 100, 50);
    script.place({ clOrdID: 1, side: 'sell', ordType: 'stop', stopPx: 90 });
    script.replace(1, { clOrdID: 2, side: 'sell', ordType: 'stop', stopPx: 95 });
    script.cancel(1, 3);
    expect(script.said()).toEqual(['1 new 0/10', '2>1 replaced 10@0 0/10', '3>2 canceled 0/0']);
  });
});

describe('brackets', () => {
  const bracket = (script: FloorScript, entry: Parameters<FloorScript['place']>[0]): void => {
    script.place({ clOrdID: 1, leg: 'entry', ...entry });
    script.place({ clOrdID: 2, leg: 'stop', bracketOf: 1, side: 'sell', ordType: 'stop', stopPx: 95 });
    script.place({ clOrdID: 3, leg: 'target', bracketOf: 1, side: 'sell', price: 110 });
  };

  test('children wait for the entry, then work for what it filled', () => {
    const script = floorScript();
    bracket(script, { price: 100 });
    script.hit('sell', 4);
    script.hit('sell', 6);
    expect(script.said()).toEqual([
      '1 new 0/10',
      '1 trade 4@100 maker 4/6',
      '2 new 4@0 0/4',
      '3 new 4@110 0/4',
      '1 trade 6@100 maker 10/0',
      '2 restated 10@0 0/10 BRACKET_QTY',
      '3 restated 10@110 0/10 BRACKET_QTY',
    ]);
  });

  test('what the target trades the stop loses, and the last of it ends the stop', () => {
    const script = floorScript();
    script.rest('ask', 100, 10);
    bracket(script, { ordType: 'market' });
    script.said();
    script.hit('buy', 7);
    script.hit('buy', 3);
    expect(script.said()).toEqual([
      '3 trade 7@110 maker 7/3',
      '2 restated 3@0 0/3 BRACKET_QTY',
      '3 trade 3@110 maker 10/0',
      '2 canceled 0/0 BRACKET_DONE',
    ]);
    expect(script.floor.positions.of(0, 0)).toBe(0);
  });

  test('a triggered stop ends the target and the rest of the entry', () => {
    const script = floorScript();
    bracket(script, { price: 100 });
    script.hit('sell', 4);
    script.rest('bid', 94, 20);
    script.said();
    script.floor.engine(0).printOutside(95);
    expect(script.said()).toEqual(['1 canceled 4/0 BRACKET_STOPPED', '3 canceled 0/0 BRACKET_STOPPED', '2 trade 4@94 taker 4/0']);
    expect(script.floor.positions.of(0, 0)).toBe(0);
  });

  test('a target that trades ends the rest of the entry', () => {
    const script = floorScript();
    bracket(script, { price: 100 });
    script.hit('sell', 4);
    script.said();
    script.hit('buy', 1);
    expect(script.said()).toEqual(['3 trade 1@110 maker 1/3', '1 canceled 4/0 BRACKET_EXIT', '2 restated 3@0 0/3 BRACKET_QTY']);
  });

  test('an entry that ends unfilled takes its children along; one partly filled leaves them what it has', () => {
    const script = floorScript();
    bracket(script, { price: 100 });
    script.said();
    script.cancel(1, 9);
    expect(script.said()).toEqual(['9>1 canceled 0/0', '2 canceled 0/0 BRACKET_ENTRY_ENDED', '3 canceled 0/0 BRACKET_ENTRY_ENDED']);
    const partly = floorScript();
    bracket(partly, { price: 100 });
    partly.hit('sell', 4);
    partly.said();
    partly.cancel(1, 9);
    expect(partly.said()).toEqual(['9>1 canceled 4/0']);
    partly.hit('buy', 9);
    expect(partly.said()).toEqual(['3 trade 4@110 maker 4/0', '2 canceled 0/0 BRACKET_DONE']);
  });

  test('a child taken back takes the other and the rest of the entry along', () => {
    const script = floorScript();
    bracket(script, { price: 100 });
    script.hit('sell', 4);
    script.said();
    script.cancel(2, 9);
    expect(script.said()).toEqual(['9>2 canceled 0/0', '1 canceled 4/0 BRACKET_SIBLING', '3 canceled 0/0 BRACKET_SIBLING']);
  });

  test('a child without its entry, of the wrong side or the second of its kind is refused', () => {
    const script = floorScript();
    script.place({ clOrdID: 2, leg: 'stop', bracketOf: 1, side: 'sell', ordType: 'stop', stopPx: 95 });
    bracket(script, { price: 100 });
    script.said();
    script.place({ clOrdID: 4, leg: 'target', bracketOf: 1, side: 'sell', price: 120 });
    script.place({ clOrdID: 5, ordType: 'bracket', price: 120 });
    expect(script.reports[0].text).toBe('BRACKET_ENTRY_UNKNOWN');
    expect(script.said()).toEqual(['4 rejected 0/0 BRACKET_CHILD_DOES_NOT_FIT', '5 rejected 0/0 BRACKET_COMES_AS_THREE_ORDERS']);
  });
});

describe('what the venue does not take', () => {
  test.each([
    ['a duplicate number', { clOrdID: 1, price: 100 }, 'DUPLICATE_CLORDID'],
    ['no lots', { clOrdID: 2, price: 100, orderQty: 0 }, 'ORDER_QTY_NOT_POSITIVE'],
    ['too few lots', { clOrdID: 2, price: 100, orderQty: 1 }, 'ORDER_QTY_BELOW_MIN'],
    ['too many lots', { clOrdID: 2, price: 100, orderQty: 101 }, 'ORDER_QTY_ABOVE_MAX'],
    ['no price', { clOrdID: 2 }, 'PRICE_MISSING'],
    ['a price between the ticks', { clOrdID: 2, price: 203 }, 'PRICE_NOT_ON_TICK'],
    ['no stop price', { clOrdID: 2, ordType: 'stop' as const }, 'STOP_PX_MISSING'],
    ['a trail of nothing', { clOrdID: 2, ordType: 'trailingStop' as const }, 'TRAIL_OFFSET_NOT_POSITIVE'],
    ['another listing', { clOrdID: 2, listing: 3, price: 100 }, 'LISTING_NOT_TRADED_HERE'],
  ])('%s', (_, terms, text) => {
    const script = floorScript({
      listing: {
        minQty: 2,
        maxQty: 100,
        tickTable: [
          { fromPrice: ticks(0), step: 1 },
          { fromPrice: ticks(200), step: 5 },
        ],
      },
    });
    script.place({ clOrdID: 1, price: 90 });
    script.place(terms);
    expect(script.reports.at(-1)?.execType).toBe('rejected');
    expect(script.reports.at(-1)?.text).toBe(text);
  });
});

describe('reports', () => {
  test('execution numbers count up and commissions are rounded half-even to the fee unit', () => {
    const script = floorScript({ makerRate: -10_000, takerRate: 25_000 });
    script.rest('ask', 10_000, 1);
    script.place({ clOrdID: 1, price: 10_000, orderQty: 2 });
    script.hit('sell', 1);
    const trades = script.reports.filter((report) => report.execType === 'trade');
    expect(script.reports.map((report) => report.execID)).toEqual(['SIM-1', 'SIM-2', 'SIM-3']);
    // 100.00 at 2.5 bps is 0.025, half-even 0.02; at -1 bps -0.01; both in 10^-12
    expect(trades.map((report) => report.commissionHi * 2 ** 48 + report.commissionLo)).toEqual([20_000_000_000, -10_000_000_000]);
  });

  test('a query answers with what is done and left, or that there is no such order', () => {
    const script = floorScript();
    script.place({ clOrdID: 1, price: 100 });
    script.hit('sell', 4);
    script.said();
    script.floor.query(1);
    script.floor.query(8);
    expect(script.said()).toEqual(['1 orderStatus 4/6 partiallyFilled', '8 unknownOrder']);
  });
});
