import { describe, expect, it } from 'vitest';
import { micros } from '../../base/units.ts';
import { barOf } from '../../testing/backtest/bar-desk.ts';
import { BarScript } from '../../testing/venue/bar-script.ts';

describe('a bar venue', () => {
  it('fills a market order at the open of the next bar, never in the one it was placed at', () => {
    const script = new BarScript();
    script.bar([100, 110, 90, 105]);
    expect(script.order(1)).toEqual(['1 new']);
    expect(script.bar([104, 120, 80, 90])).toEqual(['1 trades 100 at 104, 0 left']);
  });

  it('keeps an order of the bar that it was placed at for the next one, also when that bar was not met yet', () => {
    const script = new BarScript();
    script.order(9, { ordType: 'limit', price: 1 });
    script.venue.onMarket(barOf(0, script.now, [100, 110, 90, 105], 1_000));
    expect(script.venue.nextEventAt()).toBe(script.now);
    expect(script.order(1)).toEqual(['1 new']);
    expect(script.bar([104, 120, 80, 90])).toEqual(['1 trades 100 at 104, 0 left']);
    expect(script.venue.nextEventAt()).toBeUndefined();
  });

  it('fills a limit at its price, at the open where that is better, and not at all where it is not reached', () => {
    const script = new BarScript();
    script.order(1, { ordType: 'limit', side: 'buy', price: 95 });
    script.order(2, { ordType: 'limit', side: 'sell', price: 115 });
    expect(script.bar([100, 114, 96, 105])).toEqual([]);
    expect(script.bar([100, 115, 95, 105])).toEqual(['1 trades 100 at 95 maker, 0 left', '2 trades 100 at 115 maker, 0 left']);
    script.order(3, { ordType: 'limit', side: 'buy', price: 95 });
    script.order(4, { ordType: 'limit', side: 'sell', price: 80 });
    expect(script.bar([90, 92, 88, 91])).toEqual(['3 trades 100 at 90, 0 left', '4 trades 100 at 90, 0 left']);
  });

  it('fills a stop at its price, at the open where that is worse, and not before it is touched', () => {
    const script = new BarScript();
    script.order(1, { ordType: 'stop', side: 'sell', stopPx: 95 });
    script.order(2, { ordType: 'stop', side: 'buy', stopPx: 110 });
    expect(script.bar([100, 109, 96, 105])).toEqual([]);
    expect(script.bar([100, 110, 95, 105])).toEqual(['1 trades 100 at 95, 0 left', '2 trades 100 at 110, 0 left']);
    script.order(3, { ordType: 'stop', side: 'sell', stopPx: 95 });
    script.order(4, { ordType: 'stop', side: 'buy', stopPx: 80 });
    expect(script.bar([90, 92, 88, 91])).toEqual(['3 trades 100 at 90, 0 left', '4 trades 100 at 90, 0 left']);
  });

  it('lets what the cap leaves of a touched stop go on as a market order, also when the price comes back', () => {
    const script = new BarScript();
    script.order(1, { ordType: 'stop', side: 'sell', stopPx: 95 });
    expect(script.bar([100, 101, 94, 100], 400)).toEqual(['1 trades 40 at 95, 60 left']);
    expect(script.bar([102, 103, 101, 102], 9)).toEqual([]);
    expect(script.bar([104, 105, 103, 104], 10_000)).toEqual(['1 trades 60 at 104, 0 left']);
  });

  it('touches a stop in a bar that has nothing to trade', () => {
    const script = new BarScript();
    script.order(1, { ordType: 'stop', side: 'sell', stopPx: 95 });
    expect(script.bar([100, 101, 94, 100], 0)).toEqual([]);
    expect(script.bar([102, 103, 101, 102])).toEqual(['1 trades 100 at 102, 0 left']);
  });

  describe('with a stop limit', () => {
    const terms = { ordType: 'stopLimit', side: 'buy', stopPx: 110, price: 112 } as const;

    it('rests it after its trigger bar and fills it as a limit from the next one on', () => {
      const script = new BarScript();
      script.order(1, terms);
      expect(script.bar([100, 111, 99, 110])).toEqual([]);
      expect(script.bar([113, 114, 112, 113])).toEqual(['1 trades 100 at 112 maker, 0 left']);
    });

    it('fills it in its trigger bar where the open is beyond the stop and the bar reaches the limit', () => {
      const script = new BarScript();
      script.order(1, terms);
      expect(script.bar([111, 115, 109, 110])).toEqual(['1 trades 100 at 111, 0 left']);
      script.order(2, terms);
      expect(script.bar([114, 115, 112, 113])).toEqual(['2 trades 100 at 112 maker, 0 left']);
    });

    it('leaves it unfilled where the bar opens beyond the limit and stays there', () => {
      const script = new BarScript();
      script.order(1, terms);
      expect(script.bar([114, 115, 113, 114])).toEqual([]);
      expect(script.bar([110, 111, 109, 110])).toEqual(['1 trades 100 at 110 maker, 0 left']);
    });
  });

  it('gives each order its own share of the volume, rounded down, and nothing for a share of 0', () => {
    const script = new BarScript(['A'], { maxParticipationBps: 333 });
    script.order(1, { orderQty: 50 });
    script.order(2, { orderQty: 50 });
    expect(script.bar([100, 100, 100, 100], 30)).toEqual([]);
    expect(script.bar([100, 100, 100, 100], 999)).toEqual(['1 trades 33 at 100, 17 left', '2 trades 33 at 100, 17 left']);
    expect(script.bar([101, 101, 101, 101], 999)).toEqual(['1 trades 17 at 101, 0 left', '2 trades 17 at 101, 0 left']);
  });

  it('takes market orders first and then the others in the order in which they were submitted', () => {
    const script = new BarScript();
    script.order(1, { ordType: 'stop', side: 'sell', stopPx: 99 });
    script.order(2, { ordType: 'limit', side: 'buy', price: 99 });
    script.order(3);
    script.order(4, { ordType: 'limit', side: 'buy', price: 105 });
    const lines = script.bar([100, 101, 98, 100]);
    expect(lines.map((line) => line.split(' ')[0])).toEqual(['3', '1', '2', '4']);
  });

  it('moves a replaced order behind the others unless only its quantity went down', () => {
    const script = new BarScript();
    for (const n of [1, 2, 3]) script.order(n, { ordType: 'limit', price: 99 });
    expect(script.replace(1, 11, { ordType: 'limit', price: 98 })).toEqual(['11 replaced']);
    expect(script.replace(2, 12, { ordType: 'limit', price: 99, orderQty: 60 })).toEqual(['12 replaced']);
    expect(script.bar([100, 101, 97, 100])).toEqual([
      '12 trades 60 at 99 maker, 0 left',
      '3 trades 100 at 99 maker, 0 left',
      '11 trades 100 at 98 maker, 0 left',
    ]);
  });

  it('fills the instruments of one time in the order of their ids, whatever the order of listings and bars is', () => {
    const script = new BarScript(['C', 'A', 'B']);
    for (const listing of [0, 1, 2]) script.order(listing + 1, { listing });
    const prices = [100, 101, 99, 100] as const;
    const lines = script.bars([0, 1, 2].map((listing) => [listing, prices, 1_000_000] as const));
    expect(lines.map((line) => line.split(' ')[0])).toEqual(['2', '3', '1']);
  });

  it('keeps an order over a gap until its instrument has a bar again', () => {
    const script = new BarScript(['A', 'B']);
    script.order(1, { listing: 0 });
    expect(script.bars([[1, [10, 10, 10, 10], 100]])).toEqual([]);
    expect(script.bars([[0, [20, 20, 20, 20], 10_000]])).toEqual(['1 trades 100 at 20, 0 left']);
  });

  it('ends a day order on daily bars with the next one, after the fills of all instruments of that time', () => {
    const script = new BarScript(['A', 'B']);
    script.order(1, { listing: 0, ordType: 'limit', price: 90, timeInForce: 'day' });
    script.order(2, { listing: 1 });
    const prices = [100, 101, 99, 100] as const;
    const lines = script.bars([0, 1].map((listing) => [listing, prices, 1_000_000] as const));
    expect(lines).toEqual(['2 trades 100 at 100, 0 left', '1 expired SESSION_END']);
  });

  it('ends a day order within a day with the last bar of its session, or with the next bar when that one is missing', () => {
    const sessionEnd = (_listing: number, after: number) => micros(Math.floor(after / 10_000 + 1) * 10_000);
    const script = new BarScript(['A'], { dayEnds: sessionEnd }, 4_500);
    script.order(1, { ordType: 'limit', price: 90, timeInForce: 'day' });
    expect(script.bar([100, 101, 99, 100])).toEqual([]);
    expect(script.bar([100, 101, 90, 100], 0)).toEqual(['1 expired SESSION_END']);
    script.order(2, { ordType: 'limit', price: 90, timeInForce: 'day' });
    expect(script.bar([100, 101, 99, 100])).toEqual([]);
    expect(script.bar([100, 101, 89, 100])).toEqual(['2 trades 100 at 90 maker, 0 left']);
    script.order(3, { ordType: 'limit', price: 90, timeInForce: 'day' });
    expect(script.bar([100, 101, 89, 100])).toEqual(['3 expired SESSION_END']);
  });

  it('fills a good-till-date order up to its time and no later', () => {
    const script = new BarScript();
    script.order(1, { ordType: 'limit', price: 90, timeInForce: 'gtd', expireTime: 3_000 });
    script.order(2, { ordType: 'limit', price: 90, timeInForce: 'gtd', expireTime: 2_999 });
    expect(script.bar([100, 101, 99, 100])).toEqual([]);
    expect(script.bar([100, 101, 89, 100])).toEqual(['1 trades 100 at 90 maker, 0 left', '2 expired EXPIRE_TIME']);
  });

  it('cancels the rest of an immediate order after the next bar', () => {
    const script = new BarScript();
    script.order(1, { timeInForce: 'ioc' });
    expect(script.bar([100, 101, 99, 100], 400)).toEqual(['1 trades 40 at 100, 60 left', '1 canceled IOC_REST']);
  });

  it('takes an order back at once, so that the next bar does not meet it', () => {
    const script = new BarScript();
    script.order(1);
    expect(script.cancel(1)).toEqual(['1 canceled']);
    expect(script.cancel(1)).toEqual(['1 cancelRejected TOO_LATE_TO_CANCEL']);
    expect(script.cancel(7)).toEqual(['7 cancelRejected UNKNOWN_ORDER']);
    expect(script.bar([100, 101, 99, 100])).toEqual([]);
  });

  it('holds a reduce-only order to the position and lets it go when there is none', () => {
    const script = new BarScript();
    expect(script.order(1, { side: 'sell', reduceOnly: true })).toEqual(['1 rejected REDUCE_ONLY_WOULD_INCREASE']);
    script.order(2, { orderQty: 60 });
    script.bar([100, 101, 99, 100]);
    script.order(3, { side: 'sell', orderQty: 100, reduceOnly: true });
    expect(script.bar([100, 101, 99, 100])).toEqual(['3 trades 60 at 100, 40 left']);
    expect(script.bar([100, 101, 99, 100])).toEqual(['3 canceled REDUCE_ONLY_POSITION_CLOSED']);
  });

  it('refuses by name what bars cannot tell', () => {
    const script = new BarScript();
    expect(script.order(1, { ordType: 'trailingStop', trailOffset: 5 })).toEqual(['1 rejected ORD_TYPE_NOT_TRADED_ON_BARS']);
    expect(script.order(2, { timeInForce: 'fok' })).toEqual(['2 rejected TIME_IN_FORCE_NOT_TRADED_ON_BARS']);
    expect(script.order(3, { ordType: 'limit', price: 90, postOnly: true })).toEqual(['3 rejected POST_ONLY_NOT_TRADED_ON_BARS']);
    expect(script.order(4, { listing: 9 })).toEqual(['4 rejected LISTING_NOT_TRADED_HERE']);
    expect(() => new BarScript(['A'], { maxParticipationBps: 0 })).toThrow('participation: expected 1…10000');
  });

  it('says on a query what an order is', () => {
    const script = new BarScript();
    script.order(1);
    script.venue.query(1, script.now);
    script.venue.query(2, script.now);
    const said: string[] = [];
    script.venue.advance(script.now, (report) => said.push(`${report.clOrdID} ${report.execType} ${report.leavesQty}`));
    expect(said).toEqual(['1 orderStatus 100', '2 unknownOrder -1']);
    script.venue.cancelAll(script.now);
    script.venue.advance(script.now, (report) => said.push(report.text));
    expect(said.at(-1)).toBe('MASS_CANCEL');
  });
});
