import { describe, expect, test } from 'vitest';
import { floorScript } from '../../testing/venue/floor-script.ts';

describe('market and limit orders', () => {
  test('a market order walks the book and what finds nothing is canceled', () => {
    const script = floorScript();
    script.rest('ask', 101, 4);
    script.rest('ask', 103, 3);
    script.place({ clOrdID: 1, ordType: 'market', orderQty: 10 });
    expect(script.said()).toEqual(['1 new 0/10', '1 trade 4@101 taker 4/6', '1 trade 3@103 taker 7/3', '1 canceled 7/0 NO_LIQUIDITY']);
  });

  test('a limit order takes up to its limit and rests with the rest', () => {
    const script = floorScript();
    script.rest('ask', 101, 4);
    script.rest('ask', 103, 3);
    script.place({ clOrdID: 1, price: 102 });
    expect(script.said()).toEqual(['1 new 0/10', '1 trade 4@101 taker 4/6']);
    expect(script.hit('sell', 8)).toBe(2);
    expect(script.said()).toEqual(['1 trade 6@102 maker 10/0']);
  });

  test('older orders of others at the same price trade first', () => {
    const script = floorScript();
    script.rest('bid', 100, 5);
    script.place({ clOrdID: 1, price: 100 });
    script.hit('sell', 7);
    expect(script.said()).toEqual(['1 new 0/10', '1 trade 2@100 maker 2/8']);
  });

  test('IOC takes what there is, FOK all or nothing', () => {
    const script = floorScript();
    script.rest('ask', 101, 4);
    script.place({ clOrdID: 1, price: 101, timeInForce: 'fok' });
    script.place({ clOrdID: 2, price: 101, timeInForce: 'ioc' });
    script.rest('ask', 101, 4);
    script.place({ clOrdID: 3, price: 101, timeInForce: 'fok', orderQty: 4 });
    expect(script.said()).toEqual([
      '1 new 0/10',
      '1 canceled 0/0 FOK_NOT_FILLABLE',
      '2 new 0/10',
      '2 trade 4@101 taker 4/6',
      '2 canceled 4/0 IOC_REST',
      '3 new 0/4',
      '3 trade 4@101 taker 4/0',
    ]);
  });

  test('DAY orders expire when the session closes, others stay, and new ones are refused until it opens', () => {
    const script = floorScript();
    script.place({ clOrdID: 1, price: 100, timeInForce: 'day' });
    script.place({ clOrdID: 2, price: 100 });
    script.said();
    script.floor.setPhase(0, 'closed');
    script.place({ clOrdID: 3, price: 100 });
    script.floor.setPhase(0, 'open');
    script.hit('sell', 3);
    expect(script.said()).toEqual(['1 expired 0/0 SESSION_END', '3 rejected 0/0 SESSION_CLOSED', '2 trade 3@100 maker 3/7']);
  });

  test('GTD orders expire at their time and not before', () => {
    const script = floorScript();
    script.place({ clOrdID: 1, price: 100, timeInForce: 'gtd', expireTime: 50 });
    script.place({ clOrdID: 2, price: 100, timeInForce: 'gtd', expireTime: 1 });
    script.at(49);
    script.hit('sell', 1);
    script.at(50);
    expect(script.said()).toEqual([
      '1 new 0/10',
      '2 rejected 0/0 EXPIRE_TIME_NOT_AHEAD',
      '1 trade 1@100 maker 1/9',
      '1 expired 1/0 EXPIRE_TIME',
    ]);
  });

  test('post-only is rejected where it would take and rests one tick away', () => {
    const script = floorScript();
    script.rest('ask', 101, 4);
    script.place({ clOrdID: 1, price: 101, postOnly: true });
    script.place({ clOrdID: 2, price: 100, postOnly: true });
    script.place({ clOrdID: 3, ordType: 'market', postOnly: true });
    expect(script.said()).toEqual(['1 rejected 0/0 POST_ONLY_WOULD_TAKE', '2 new 0/10', '3 rejected 0/0 POST_ONLY_NOT_A_RESTING_LIMIT']);
  });
});

describe('stops', () => {
  test('a stop becomes a market order when a trade reaches it', () => {
    const script = floorScript();
    script.rest('bid', 100, 5);
    script.rest('bid', 99, 20);
    script.place({ clOrdID: 1, side: 'sell', ordType: 'stop', stopPx: 99 });
    script.hit('sell', 5);
    expect(script.said()).toEqual(['1 new 0/10']);
    script.hit('sell', 1);
    expect(script.said()).toEqual(['1 trade 10@99 taker 10/0']);
  });

  test('a stop-limit rests at its limit once triggered', () => {
    const script = floorScript();
    script.rest('ask', 101, 1);
    script.rest('ask', 105, 9);
    script.place({ clOrdID: 1, ordType: 'stopLimit', stopPx: 101, price: 103 });
    script.hit('buy', 1);
    script.hit('sell', 4);
    expect(script.said()).toEqual(['1 new 0/10', '1 trade 4@103 maker 4/6']);
  });

  test('a trailing stop follows the price in its favor and never goes back', () => {
    const script = floorScript();
    script.rest('bid', 90, 50);
    for (const price of [100, 104, 102]) {
      script.rest('ask', price, 1);
      if (price === 100) script.place({ clOrdID: 1, side: 'sell', ordType: 'trailingStop', trailOffset: 3 });
      script.hit('buy', 1);
    }
    expect(script.said()).toEqual(['1 new 0/10']);
    script.rest('ask', 101, 1);
    script.hit('buy', 1);
    expect(script.said()).toEqual(['1 trade 10@90 taker 10/0']);
  });

  test('one stop can trigger the next; those of one print go in order of arrival', () => {
    const script = floorScript();
    for (const price of [100, 99, 98, 97]) script.rest('bid', price, 1);
    script.place({ clOrdID: 1, side: 'sell', ordType: 'stop', stopPx: 99, orderQty: 1 });
    script.place({ clOrdID: 2, side: 'sell', ordType: 'stop', stopPx: 100, orderQty: 1 });
    script.said();
    script.hit('sell', 1);
    expect(script.said()).toEqual(['2 trade 1@99 taker 1/0', '1 trade 1@98 taker 1/0']);
  });

  test('a stop whose price has passed already triggers at once', () => {
    const script = floorScript();
    script.rest('bid', 100, 1);
    script.rest('bid', 99, 1);
    script.hit('sell', 1);
    script.place({ clOrdID: 1, side: 'sell', ordType: 'stop', stopPx: 100, orderQty: 1 });
    expect(script.said()).toEqual(['1 new 0/1', '1 trade 1@99 taker 1/0']);
  });
});

describe('reduce-only', () => {
  test('is rejected without a position, shrinks to it, and is canceled when it is gone', () => {
    const script = floorScript();
    script.place({ clOrdID: 1, side: 'sell', price: 105, reduceOnly: true });
    script.rest('ask', 100, 6);
    script.place({ clOrdID: 2, ordType: 'market', orderQty: 6 });
    script.said();
    script.place({ clOrdID: 3, side: 'sell', price: 105, reduceOnly: true });
    script.place({ clOrdID: 4, side: 'sell', price: 104, reduceOnly: true, orderQty: 5 });
    script.hit('buy', 4);
    expect(script.said()).toEqual([
      '3 new 0/10',
      '3 restated 6@105 0/6 REDUCE_ONLY_POSITION',
      '4 new 0/5',
      '4 trade 4@104 maker 4/1',
      '3 restated 2@105 0/2 REDUCE_ONLY_POSITION',
    ]);
    script.hit('buy', 9);
    expect(script.said()).toEqual(['4 trade 1@104 maker 5/0', '3 restated 1@105 0/1 REDUCE_ONLY_POSITION', '3 trade 1@105 maker 1/0']);
    expect(script.floor.positions.of(0, 0)).toBe(0);
    expect(script.reports[0].text).toBe('REDUCE_ONLY_WOULD_INCREASE');
  });

  test('never turns a position around, whatever one taker meets in one sweep', () => {
    const script = floorScript();
    script.rest('ask', 100, 5);
    script.place({ clOrdID: 1, ordType: 'market', orderQty: 5 });
    for (const clOrdID of [2, 3, 4]) script.place({ clOrdID, side: 'sell', price: 110, reduceOnly: true, orderQty: 5 });
    script.said();
    expect(script.hit('buy', 15)).toBe(10);
    expect(script.said()).toEqual([
      '2 trade 5@110 maker 5/0',
      '3 canceled 0/0 REDUCE_ONLY_POSITION_CLOSED',
      '4 canceled 0/0 REDUCE_ONLY_POSITION_CLOSED',
    ]);
  });
});

describe('self-match', () => {
  test.each([
    ['allow', ['2 new 0/10', '1 trade 10@100 maker 10/0', '2 trade 10@100 taker 10/0']],
    ['cancelResting', ['2 new 0/10', '1 canceled 0/0 SELF_MATCH']],
    ['cancelIncoming', ['2 new 0/10', '2 canceled 0/0 SELF_MATCH']],
  ] as const)('%s', (selfMatch, lines) => {
    const script = floorScript({ selfMatch });
    script.place({ clOrdID: 1, price: 100 });
    script.said();
    script.place({ clOrdID: 2, side: 'sell', price: 100 });
    expect(script.said()).toEqual(lines);
  });

  test('two accounts are not one', () => {
    const script = floorScript({ selfMatch: 'cancelResting' });
    script.place({ clOrdID: 1, price: 100 });
    script.place({ clOrdID: 2, side: 'sell', price: 100, account: 1 });
    expect(script.floor.positionList()).toEqual([
      { account: 0, listing: 0, position: 10 },
      { account: 1, listing: 0, position: -10 },
    ]);
  });
});
