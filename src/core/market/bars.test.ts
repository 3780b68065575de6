import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { lotsUnchecked, micros, microsUnchecked, ticksUnchecked } from '../../base/units.ts';
import type { Bar, FeedStatus, MarketEvent, Quote, Trade } from '../../domain/market.ts';
import { BarMaker, barIntervals, maxFlatBars, type BarTerms } from './bars.ts';

const stamp = (at: number, eventTime = at) => ({
  eventSeq: 0,
  feed: 1,
  feedSeq: 0,
  eventTime: microsUnchecked(eventTime),
  receivedAt: microsUnchecked(at),
  listing: 2,
});
const trade = (at: number, price: number, qty: number, eventTime = at): Trade => ({
  kind: 'trade',
  ...stamp(at, eventTime),
  price: ticksUnchecked(price),
  qty: lotsUnchecked(qty),
  aggressor: 'none',
  tradeID: 0,
});
const quote = (at: number, bid: number, bidQty: number, ask: number, askQty: number): Quote => ({
  kind: 'quote',
  ...stamp(at),
  bid: ticksUnchecked(bid),
  bidQty: lotsUnchecked(bidQty),
  ask: ticksUnchecked(ask),
  askQty: lotsUnchecked(askQty),
});
const status = (at: number, condition: FeedStatus['condition']): FeedStatus => ({
  kind: 'feedStatus',
  ...stamp(at),
  condition,
  text: '',
  value: 0,
});

const terms: BarTerms = { feed: 1, listing: 2, interval: micros(100), of: 'trade' };
const heardSinceEver: BarTerms = { ...terms, since: micros(0) };

function stream(
  events: readonly MarketEvent[],
  more: Partial<BarTerms> = {},
  until?: number,
  base = heardSinceEver,
): { bars: Bar[]; maker: BarMaker } {
  const maker = new BarMaker({ ...base, ...more });
  const bars: Bar[] = [];
  for (const event of events) maker.take(event, (bar) => bars.push(bar));
  if (until !== undefined) maker.advance(micros(until), (bar) => bars.push(bar));
  return { bars, maker };
}

/** `end open high low close volume`. */
const row = ({ eventTime, open, high, low, close, volume }: Bar): string => [eventTime, open, high, low, close, volume].join(' ');
const rows = (events: readonly MarketEvent[], more: Partial<BarTerms> = {}, until?: number): string[] =>
  stream(events, more, until).bars.map(row);

describe('a bar', () => {
  test('holds the first, highest, lowest and last price of its interval and the sum of the quantities', () => {
    expect(rows([trade(100, 50, 1), trade(120, 70, 2), trade(150, 40, 3), trade(199, 60, 4), trade(200, 90, 5)])).toEqual([
      '200 50 70 40 60 10',
    ]);
  });

  test('takes the beginning of its interval and leaves the end to the next', () => {
    expect(rows([trade(199, 1, 1), trade(200, 2, 1), trade(300, 3, 1)])).toEqual(['200 1 1 1 1 1', '300 2 2 2 2 1']);
  });

  test('is given by the first event at or after its end, and is known at its end', () => {
    const { bars } = stream([trade(150, 1, 1), quote(430, 1, 1, 2, 1)]);
    expect(bars).toEqual([{ kind: 'bar', ...stamp(200), feedSeq: 1, interval: 100, open: 1, high: 1, low: 1, close: 1, volume: 1 }]);
  });

  test('is given by time alone too, and only once', () => {
    expect(rows([trade(150, 1, 1)], {}, 199)).toEqual([]);
    expect(rows([trade(150, 1, 1)], {}, 200)).toEqual(['200 1 1 1 1 1']);
    const { bars, maker } = stream([trade(150, 1, 1)], {}, 200);
    maker.advance(micros(500), (bar) => bars.push(bar));
    expect(bars).toHaveLength(1);
  });

  test('of quotes is of one side; an empty side says nothing', () => {
    const quotes = [quote(110, 50, 1, 52, 1), quote(120, 49, 1, 0, 0), quote(130, 0, 0, 55, 1), trade(140, 99, 9), quote(200, 1, 1, 2, 1)];
    expect(rows(quotes, { of: 'bid' })).toEqual(['200 50 50 49 49 0']);
    expect(rows(quotes, { of: 'ask' })).toEqual(['200 52 55 52 55 0']);
  });

  test('may have negative prices and times before 1970, and intervals with an offset', () => {
    expect(rows([trade(-150, -5, 1), trade(-120, -9, 1)], { since: micros(-1_000) }, 0)).toEqual(['-100 -5 -5 -9 -9 2']);
    expect(rows([trade(100, 1, 1), trade(130, 2, 1)], { offset: micros(30) }, 300)).toEqual(['130 1 1 1 1 1', '230 2 2 2 2 1']);
  });

  test('has a length of at least a microsecond', () => {
    expect(() => new BarMaker({ ...terms, interval: micros(0) })).toThrow('bars: expected an interval of at least 1 microsecond, was 0');
    expect(barIntervals['1d']).toBe(24 * barIntervals['1h']);
  });

  test('is of one listing', () => {
    expect(() => stream([{ ...trade(1, 1, 1), listing: 3 }])).toThrow('bars: an event of another listing');
  });
});

describe('what is not known is not given', () => {
  test('an empty interval has no bar', () => {
    expect(rows([trade(150, 1, 1), trade(450, 2, 1)], {}, 500)).toEqual(['200 1 1 1 1 1', '500 2 2 2 2 1']);
  });

  test('when asked for, an empty interval has a flat bar at the last close', () => {
    expect(rows([trade(150, 1, 1), trade(160, 3, 1), trade(450, 2, 1)], { empty: 'flat' }, 600)).toEqual([
      '200 1 3 1 3 2',
      '300 3 3 3 3 0',
      '400 3 3 3 3 0',
      '500 2 2 2 2 1',
      '600 2 2 2 2 0',
    ]);
  });

  test('a hole longer than the most flat bars stays one', () => {
    const far = 200 + 100 * maxFlatBars;
    expect(rows([trade(150, 1, 1)], { empty: 'flat' }, far)).toHaveLength(1 + maxFlatBars);
    expect(rows([trade(150, 1, 1)], { empty: 'flat' }, far + 100)).toHaveLength(1);
  });

  test('the bar that was under way when the feed began is not given', () => {
    const { bars, maker } = stream([quote(140, 1, 1, 2, 1), trade(150, 1, 1), trade(250, 2, 1), trade(300, 1, 1)], {}, undefined, terms);
    expect([bars.map(row), maker.partial]).toEqual([['300 2 2 2 2 1'], 1]);
    expect(stream([status(100, 'live'), trade(150, 1, 1), trade(200, 1, 1)], {}, undefined, terms).bars.map(row)).toEqual([
      '200 1 1 1 1 1',
    ]);
  });

  test('the bars before and after a gap are not given, and no flat bar reaches over it', () => {
    const events = [trade(150, 1, 1), trade(250, 2, 1), status(310, 'gap'), trade(320, 3, 1), trade(450, 4, 1), trade(550, 5, 1)];
    const { bars, maker } = stream(events, { empty: 'flat' }, 700);
    expect(bars.map(row)).toEqual(['200 1 1 1 1 1', '500 4 4 4 4 1', '600 5 5 5 5 1', '700 5 5 5 5 0']);
    expect(maker.broken).toBe(2);
    expect(rows([trade(150, 1, 1), status(160, 'gap'), trade(550, 5, 1)], { empty: 'flat' }, 600)).toEqual(['600 5 5 5 5 1']);
  });

  test("by the venue's clock late events are left out and counted, and a gap breaks the bars on both sides of it", () => {
    const events = [trade(10, 1, 1, 150), trade(20, 2, 1, 210), trade(30, 9, 1, 199), trade(40, 3, 1, 205), trade(50, 4, 1, 300)];
    const { bars, maker } = stream(events, { clock: 'eventTime' });
    expect(bars.map((bar) => [row(bar), bar.receivedAt])).toEqual([
      ['200 1 1 1 1 1', 20],
      ['300 2 3 2 3 2', 50],
    ]);
    expect(maker.late).toBe(1);
    const gap = [trade(10, 1, 1, 150), status(15, 'gap'), trade(20, 2, 1, 250), trade(30, 3, 1, 350), trade(40, 4, 1, 400)];
    expect(rows(gap, { clock: 'eventTime' })).toEqual(['400 3 3 3 3 1']);
  });
});

/** All events at hand: each interval's trades in one list, then the rules one by one. */
function batch(events: readonly MarketEvent[], interval: number, flat: boolean, until: number): string[] {
  const intervalOf = (at: number): number => Math.floor(at / interval);
  const broken = new Set<number>();
  events.forEach((event, i) => {
    if (event.kind !== 'feedStatus' || event.condition !== 'gap') return;
    if (i > 0) broken.add(intervalOf(events[i - 1].receivedAt));
    broken.add(intervalOf(event.receivedAt));
  });
  const since = events[0]?.receivedAt ?? 0;
  const lines: string[] = [];
  let close: number | undefined;
  for (let n = intervalOf(since); (n + 1) * interval <= until; n++) {
    const trades = events.filter((event) => event.kind === 'trade' && intervalOf(event.receivedAt) === n);
    const end = (n + 1) * interval;
    if (broken.has(n)) close = undefined;
    else if (trades.length > 0 && n * interval >= since) {
      const prices = trades.map((event) => (event.kind === 'trade' ? event.price : 0));
      const volume = trades.reduce((sum, event) => sum + (event.kind === 'trade' ? event.qty : 0), 0);
      close = prices.at(-1);
      lines.push([end, prices[0], Math.max(...prices), Math.min(...prices), close, volume].join(' '));
    } else if (trades.length === 0 && flat && close !== undefined) lines.push([end, close, close, close, close, 0].join(' '));
  }
  return lines;
}

test('streaming and batch give the same bars', () => {
  const happening = fc.tuple(
    fc.integer({ min: 0, max: 60 }),
    fc.oneof(
      { weight: 8, arbitrary: fc.tuple(fc.integer({ min: -5, max: 99 }), fc.integer({ min: 1, max: 9 })) },
      { weight: 1, arbitrary: fc.constantFrom('gap' as const, 'resync' as const, 'skew' as const) },
    ),
  );
  let bars = 0;
  fc.assert(
    fc.property(
      fc.array(happening, { maxLength: 120, size: 'max' }),
      fc.integer({ min: 1, max: 200 }),
      fc.boolean(),
      fc.integer({ min: 0, max: 500 }),
      (happenings, interval, flat, more) => {
        let now = 1_000;
        const events = happenings.map(([step, what]): MarketEvent => {
          now += step;
          return typeof what === 'string' ? status(now, what) : trade(now, what[0], what[1]);
        });
        const since = events[0]?.receivedAt ?? micros(0);
        const seen = rows(events, { interval: micros(interval), since, empty: flat ? 'flat' : 'none' }, now + more);
        expect(seen).toEqual(batch(events, interval, flat, now + more));
        bars += seen.length;
      },
    ),
    { numRuns: 2_000, seed: 6 },
  );
  console.log(`bars: ${bars} bars the same in streaming and in batch`);
  expect(bars).toBeGreaterThan(20_000);
});
