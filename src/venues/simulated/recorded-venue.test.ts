import { describe, expect, test } from 'vitest';
import { prng } from '../../base/prng.ts';
import { lots, micros, ticks } from '../../base/units.ts';
import type { BookUpdate, FeedCondition, Trade } from '../../domain/market.ts';
import type { Order } from '../../domain/order.ts';
import { lineOf, testListing } from '../../testing/venue/floor-script.ts';
import { checkedForTest, plainOrder } from '../../testing/venue/plain-order.ts';
import type { PlainTerms } from '../../testing/venue/plain-order.ts';
import { fixedLatency } from './latency.ts';
import type { QueueModel } from './queue-place.ts';
import { RecordedVenue } from './recorded-venue.ts';

/** A watched market without latency: `bid`/`ask` set levels, `[price, lots]`, 0 = gone. */
interface Watch {
  readonly venue: RecordedVenue;
  snapshot(bids: readonly (readonly number[])[], asks: readonly (readonly number[])[]): void;
  level(side: 'bid' | 'ask', price: number, qty: number): void;
  /** `late`: it happened at the time of the last event, and is told only now. */
  trade(aggressor: 'buy' | 'sell' | 'none', price: number, qty: number, late?: boolean): void;
  status(condition: FeedCondition): void;
  place(terms: PlainTerms & Partial<Omit<Order, keyof PlainTerms>>): void;
  cancel(target: number): void;
  said(): string[];
}

function watch(queue: QueueModel = 'proRata', latency = 0): Watch {
  const venue = new RecordedVenue({
    venue: 0,
    prefix: 'REC',
    simulated: false,
    listings: [{ ix: 0, listing: testListing, moneyPerTickLot: 1, currency: 0, fees: { makerRate: 0, takerRate: 0, feeUnit: 1 } }],
    orderLatency: fixedLatency(latency),
    reportLatency: fixedLatency(0),
    queue,
  });
  let now = 1;
  const lines: string[] = [];
  const stamp = () => ({ eventSeq: 0, feed: 0, feedSeq: now, eventTime: micros(now), receivedAt: micros(now), listing: 0 });
  const book = (snapshot: boolean, levels: readonly (readonly number[])[]): void => {
    now += 10;
    const update: BookUpdate = {
      kind: 'book',
      ...stamp(),
      snapshot,
      count: levels.length,
      sides: Uint8Array.from(levels, ([side]) => side),
      prices: Float64Array.from(levels, ([, price]) => price),
      qtys: Float64Array.from(levels, ([, , qty]) => qty),
    };
    venue.onMarket(update);
  };
  return {
    venue,
    snapshot: (bids, asks) => book(true, [...bids.map(([price, qty]) => [0, price, qty]), ...asks.map(([price, qty]) => [1, price, qty])]),
    level: (side, price, qty) => book(false, [[side === 'bid' ? 0 : 1, price, qty]]),
    trade(aggressor, price, qty, late = false) {
      const eventTime = micros(late ? now : now + 10);
      now += 10;
      const trade: Trade = { kind: 'trade', ...stamp(), eventTime, price: ticks(price), qty: lots(qty), aggressor, tradeID: now };
      venue.onMarket(trade);
    },
    status(condition) {
      now += 10;
      venue.onMarket({ kind: 'feedStatus', ...stamp(), condition, text: '', value: 0 });
    },
    place(terms) {
      now += 1;
      venue.send(checkedForTest(plainOrder(terms)), micros(now));
    },
    cancel(target) {
      now += 1;
      venue.cancel({ clOrdID: 900 + target, target, listing: 0 }, micros(now));
    },
    said() {
      venue.advance(micros(now + latency), (report) => lines.push(lineOf(report)));
      return lines.splice(0);
    },
  };
}

describe('marketable orders', () => {
  test('walk the visible book at arrival, and it does not move', () => {
    const market = watch();
    market.snapshot(
      [[99, 5]],
      [
        [100, 4],
        [102, 9],
      ],
    );
    market.place({ clOrdID: 1, ordType: 'market' });
    expect(market.said()).toEqual(['1 new 0/10', '1 trade 4@100 taker 4/6', '1 trade 6@102 taker 10/0']);
    market.place({ clOrdID: 2, price: 102, orderQty: 5, timeInForce: 'ioc' });
    expect(market.said()).toEqual(['2 new 0/5', '2 trade 3@102 taker 3/2', '2 canceled 3/0 IOC_REST']);
  });

  test('what was taken of a level is not offered again until the level changes', () => {
    const market = watch();
    market.snapshot([[99, 5]], [[100, 4]]);
    market.place({ clOrdID: 1, ordType: 'market', orderQty: 4 });
    market.place({ clOrdID: 2, ordType: 'market', orderQty: 4 });
    market.said();
    market.level('ask', 100, 4);
    market.place({ clOrdID: 3, price: 100, orderQty: 4, timeInForce: 'fok' });
    expect(market.said()).toEqual(['3 new 0/4', '3 canceled 0/0 FOK_NOT_FILLABLE']);
    market.level('ask', 100, 3);
    market.place({ clOrdID: 4, ordType: 'market', orderQty: 4 });
    expect(market.said()).toEqual(['4 new 0/4', '4 trade 3@100 taker 3/1', '4 canceled 3/0 NO_LIQUIDITY']);
  });

  test('an order meets the book of its arrival, not of its decision', () => {
    const market = watch('proRata', 5);
    market.snapshot([[99, 5]], [[100, 4]]);
    market.place({ clOrdID: 1, ordType: 'market', orderQty: 4 });
    market.snapshot([[99, 5]], [[101, 4]]);
    expect(market.said()).toEqual(['1 new 0/4', '1 trade 4@100 taker 4/0']);
    market.venue.send(checkedForTest(plainOrder({ clOrdID: 2, ordType: 'market', orderQty: 4 })), micros(22));
    market.snapshot([[99, 5]], [[103, 4]]);
    expect(market.said()).toEqual(['2 new 0/4', '2 trade 4@101 taker 4/0']);
  });
});

describe('resting orders', () => {
  test('wait behind the visible quantity; trades at their price move them forward', () => {
    const market = watch();
    market.snapshot([[99, 10]], [[101, 10]]);
    market.place({ clOrdID: 1, price: 99, orderQty: 5 });
    market.trade('sell', 99, 8);
    expect(market.said()).toEqual(['1 new 0/5']);
    market.trade('sell', 99, 4);
    expect(market.said()).toEqual(['1 trade 2@99 maker 2/3']);
    market.trade('buy', 101, 50);
    expect(market.said()).toEqual([]);
  });

  test.each([
    ['proRata', ['1 trade 3@99 maker 3/2']],
    ['riskAverse', []],
  ] as const)('cancels ahead, %s', (queue, lines) => {
    const market = watch(queue);
    market.snapshot([[99, 10]], [[101, 10]]);
    market.place({ clOrdID: 1, price: 99, orderQty: 5 });
    market.level('bid', 99, 20);
    market.level('bid', 99, 12);
    market.said();
    // 8 of 20 were canceled: pro rata 4 of the 10 ahead
    market.trade('sell', 99, 9);
    expect(market.said()).toEqual(lines);
  });

  test('nobody is ahead of an order that the level does not have room for', () => {
    const market = watch('riskAverse');
    market.snapshot([[99, 10]], [[101, 10]]);
    market.place({ clOrdID: 1, price: 99, orderQty: 5 });
    market.level('bid', 99, 2);
    market.trade('sell', 99, 3);
    expect(market.said()).toEqual(['1 new 0/5', '1 trade 1@99 maker 1/4']);
  });

  test.each(['trade first', 'depth first'] as const)('a trade and its depth change count once, %s', (order) => {
    const market = watch();
    market.snapshot([[99, 10]], [[101, 10]]);
    market.place({ clOrdID: 1, price: 99, orderQty: 5 });
    market.level('bid', 99, 20);
    if (order === 'trade first') market.trade('sell', 99, 6);
    market.level('bid', 99, 14);
    if (order === 'depth first') market.trade('sell', 99, 6, true);
    market.said();
    market.trade('sell', 99, 5);
    expect(market.said()).toEqual(['1 trade 1@99 maker 1/4']);
  });

  test('a trade through their price fills them at it, the better price first', () => {
    const market = watch();
    market.snapshot([[99, 10]], [[102, 10]]);
    market.place({ clOrdID: 1, price: 100, orderQty: 5 });
    market.place({ clOrdID: 2, price: 101, orderQty: 5 });
    market.trade('sell', 99, 7);
    expect(market.said()).toEqual(['1 new 0/5', '2 new 0/5', '2 trade 5@101 maker 5/0', '1 trade 2@100 maker 2/3']);
  });

  test('our own orders queue behind each other', () => {
    const market = watch();
    market.snapshot([[99, 10]], [[102, 10]]);
    market.place({ clOrdID: 1, price: 99, orderQty: 5 });
    market.place({ clOrdID: 2, price: 99, orderQty: 5 });
    market.trade('sell', 99, 17);
    expect(market.said()).toEqual(['1 new 0/5', '2 new 0/5', '1 trade 5@99 maker 5/0', '2 trade 2@99 maker 2/3']);
  });

  test('the book alone never fills them', () => {
    const market = watch();
    market.snapshot([[99, 10]], [[102, 10]]);
    market.place({ clOrdID: 1, price: 101, orderQty: 5 });
    market.snapshot([[99, 10]], [[100, 10]]);
    expect(market.said()).toEqual(['1 new 0/5']);
  });
});

describe('a gap', () => {
  test('nothing fills until the next snapshot, and what came in between meets that', () => {
    const market = watch();
    market.snapshot([[99, 10]], [[101, 10]]);
    market.place({ clOrdID: 1, price: 100, orderQty: 5 });
    market.said();
    market.status('gap');
    market.trade('sell', 98, 50);
    market.level('ask', 101, 3);
    market.place({ clOrdID: 2, ordType: 'market', orderQty: 5 });
    market.place({ clOrdID: 3, price: 103, orderQty: 5 });
    market.place({ clOrdID: 4, price: 97, orderQty: 5 });
    expect(market.said()).toEqual(['2 new 0/5', '2 canceled 0/0 NO_LIQUIDITY', '3 new 0/5', '4 new 0/5']);
    market.snapshot([[97, 6]], [[102, 10]]);
    expect(market.said()).toEqual(['3 trade 5@102 taker 5/0']);
    market.trade('sell', 97, 7);
    expect(market.said()).toEqual(['1 trade 5@100 maker 5/0']);
    market.trade('sell', 97, 7);
    expect(market.said()).toEqual(['4 trade 3@97 maker 3/2']);
  });
});

describe('order types', () => {
  test('stops are triggered by recorded trades, not by our own', () => {
    const market = watch();
    market.snapshot([[99, 10]], [[101, 10]]);
    market.place({ clOrdID: 1, ordType: 'stop', stopPx: 101, orderQty: 2 });
    market.place({ clOrdID: 2, ordType: 'market', orderQty: 2 });
    expect(market.said()).toEqual(['1 new 0/2', '2 new 0/2', '2 trade 2@101 taker 2/0']);
    market.trade('buy', 101, 1);
    expect(market.said()).toEqual(['1 trade 2@101 taker 2/0']);
  });

  test('a bracket works as on a venue of our own', () => {
    const market = watch();
    market.snapshot([[99, 10]], [[101, 10]]);
    market.place({ clOrdID: 1, leg: 'entry', ordType: 'market', orderQty: 5 });
    market.place({ clOrdID: 2, leg: 'stop', bracketOf: 1, side: 'sell', ordType: 'stop', stopPx: 98, orderQty: 5 });
    market.place({ clOrdID: 3, leg: 'target', bracketOf: 1, side: 'sell', price: 103, orderQty: 5 });
    market.trade('buy', 104, 3);
    market.trade('sell', 98, 1);
    expect(market.said()).toEqual([
      '1 new 0/5',
      '1 trade 5@101 taker 5/0',
      '2 new 5@0 0/5',
      '3 new 5@103 0/5',
      '3 trade 3@103 maker 3/2',
      '2 restated 2@0 0/2 BRACKET_QTY',
      '3 canceled 3/0 BRACKET_STOPPED',
      '2 trade 2@99 taker 2/0',
    ]);
    expect(market.venue.positionList()).toEqual([]);
  });

  test('a feed of quotes alone is a book of one level', () => {
    const market = watch();
    market.venue.onMarket({
      kind: 'quote',
      eventSeq: 0,
      feed: 0,
      feedSeq: 1,
      eventTime: micros(1),
      receivedAt: micros(1),
      listing: 0,
      bid: ticks(99),
      bidQty: lots(3),
      ask: ticks(101),
      askQty: lots(3),
    });
    market.place({ clOrdID: 1, ordType: 'market' });
    expect(market.said()).toEqual(['1 new 0/10', '1 trade 3@101 taker 3/7', '1 canceled 3/0 NO_LIQUIDITY']);
  });
});

test('never more of a level is taken than it shows, whatever is sent, and the same events fill the same way', () => {
  let fills = 0;
  const run = (seed: number): string[] => {
    const luck = prng(`recorded/${seed}`);
    const market = watch(seed % 2 === 0 ? 'proRata' : 'riskAverse');
    market.snapshot([[99, 10]], [[101, 10]]);
    const shown = new Map<number, number>([[101, 10]]);
    const taken = new Map<number, number>();
    const told: string[] = [];
    for (let step = 1; step <= 400; step++) {
      const price = 101 + luck.int(4);
      if (luck.int(3) === 0) {
        const qty = luck.int(12);
        market.level('ask', price, qty);
        if (shown.get(price) !== qty) taken.delete(price);
        shown.set(price, qty);
        continue;
      }
      market.place({ clOrdID: step, price, timeInForce: 'ioc', orderQty: 1 + luck.int(8) });
      for (const line of market.said()) {
        told.push(line);
        const match = /trade (\d+)@(\d+)/.exec(line);
        if (match === null) continue;
        fills += 1;
        const at = Number(match[2]);
        taken.set(at, (taken.get(at) ?? 0) + Number(match[1]));
        expect(taken.get(at)).toBeLessThanOrEqual(shown.get(at) ?? 0);
      }
    }
    return told;
  };
  for (let seed = 1; seed <= 20; seed++) expect(run(seed)).toEqual(run(seed));
  console.log(`recorded venue: ${fills} fills within what was shown`);
  expect(fills).toBeGreaterThan(1000);
});
