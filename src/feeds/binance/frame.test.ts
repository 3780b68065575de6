import { describe, expect, test } from 'vitest';
import { stepScale } from './fixed-point.ts';
import { maxFrameLevels, parseFrame, type Frame, type FrameFault, type FrameScales } from './frame.ts';
import { FrameFields } from './frame-fields.ts';
import { FrameReader } from './frame-reader.ts';
import type { BinanceMarket } from './symbols.ts';

const scales = (market: BinanceMarket): FrameScales => ({ symbol: 'BTCUSDT', market, price: stepScale('0.1'), qty: stepScale('0.001') });

type Fields = Readonly<Record<string, unknown>>;
const depth: Fields = {
  e: 'depthUpdate',
  E: 1_723_161_256_299,
  T: 1_723_161_256_298,
  s: 'BTCUSDT',
  U: 6,
  u: 9,
  pu: 5,
  b: [['1.5', '2']],
  a: [],
};
const ticker: Fields = {
  e: 'bookTicker',
  u: 9,
  s: 'BTCUSDT',
  b: '1.5',
  B: '2',
  a: '1.6',
  A: '0.004',
  T: 1_723_161_256_313,
  E: 1_723_161_256_314,
};
const trade: Fields = {
  e: 'trade',
  E: 1_723_161_256_322,
  T: 1_723_161_256_321,
  s: 'BTCUSDT',
  t: 7,
  p: '1.5',
  q: '2',
  X: 'MARKET',
  m: true,
};
const snapshot: Fields = { lastUpdateId: 9, E: 1_723_161_256_501, T: 1_723_161_256_493, bids: [['1.5', '2']], asks: [['1.6', '3']] };

const streams = { depth: 'btcusdt@depth@0ms', ticker: 'btcusdt@bookTicker', trade: 'btcusdt@trade' } as const;
const framed = (stream: string, fields: Fields): string => JSON.stringify({ stream, data: fields });
/** `undefined` takes a field out. */
const having = (fields: Fields, change: Fields): Fields => JSON.parse(JSON.stringify({ ...fields, ...change })) as Fields;

/** Through the reader, as the feed does it: levels are looked at too. */
function faultOf(text: string, market: BinanceMarket = 'usdm'): FrameFault | undefined {
  const bytes = Buffer.from(text);
  return new FrameReader(scales(market), new FrameFields(0, 0)).read(bytes, 0, bytes.length);
}

describe('well-formed frames', () => {
  const expected: readonly (readonly [string, Frame])[] = [
    [
      framed(streams.depth, depth),
      { kind: 'depth', firstID: 6, lastID: 9, previousID: 5, eventTime: 1_723_161_256_298_000, bids: [['1.5', '2']], asks: [] },
    ],
    [
      framed(streams.ticker, ticker),
      { kind: 'ticker', updateID: 9, eventTime: 1_723_161_256_313_000, bid: 15, bidQty: 2_000, ask: 16, askQty: 4 },
    ],
    [
      framed(streams.trade, trade),
      { kind: 'trade', tradeID: 7, eventTime: 1_723_161_256_321_000, price: 15, qty: 2_000, sellerAggressed: true, atMarket: true },
    ],
    [
      JSON.stringify(snapshot),
      { kind: 'snapshot', lastID: 9, eventTime: 1_723_161_256_493_000, bids: [['1.5', '2']], asks: [['1.6', '3']] },
    ],
    [framed('btcusdt@markPrice', { s: 'BTCUSDT' }), { kind: 'other' }],
  ];
  test.each(expected)('%s', (text, frame) => {
    expect(parseFrame(text, scales('usdm'))).toEqual(frame);
    expect(faultOf(text)).toBeUndefined();
  });

  test('spot frames have no pu and their tickers and snapshots no time', () => {
    const bare = having(depth, { pu: undefined, T: undefined });
    expect(parseFrame(framed('btcusdt@depth@100ms', bare), scales('spot'))).toMatchObject({
      previousID: 5,
      eventTime: 1_723_161_256_299_000,
    });
    expect(parseFrame(framed(streams.ticker, having(ticker, { T: undefined, E: undefined })), scales('spot'))).toMatchObject({
      eventTime: 0,
    });
    expect(parseFrame(JSON.stringify(having(snapshot, { T: undefined, E: undefined })), scales('spot'))).toMatchObject({ eventTime: 0 });
  });
});

const of = {
  depth: (change: Fields): string => framed(streams.depth, having(depth, change)),
  ticker: (change: Fields): string => framed(streams.ticker, having(ticker, change)),
  trade: (change: Fields): string => framed(streams.trade, having(trade, change)),
  snapshot: (change: Fields): string => JSON.stringify(having(snapshot, change)),
};
const tooMany = Array.from({ length: maxFrameLevels + 1 }, () => ['1.5', '2']);
const levels = `expected a list of at most ${maxFrameLevels} [price, quantity] texts`;

const malformed: readonly (readonly [what: string, text: string, field: string, sentence: string])[] = [
  ['no JSON', '{"stream":', 'frame', 'expected JSON, was {"stream":'],
  ['a long line that is no JSON', 'x'.repeat(99), 'frame', `expected JSON, was ${'x'.repeat(40)}…`],
  ['a list', '[]', 'frame', 'expected an object'],
  ['null', 'null', 'frame', 'expected an object'],
  ['no stream', '{"data":{}}', 'stream', 'expected a stream with its data'],
  ['no data', '{"stream":"btcusdt@trade"}', 'stream', 'expected a stream with its data'],
  ['another symbol', of.trade({ s: 'ETHUSDT' }), 's', 'expected BTCUSDT, was ETHUSDT'],
  ['no symbol', of.trade({ s: undefined }), 's', 'expected BTCUSDT, was undefined'],
  ['a text as first update', of.depth({ U: '6' }), 'U', 'expected a whole number, was 6'],
  ['a negative first update', of.depth({ U: -6 }), 'U', 'expected a whole number, was -6'],
  ['a broken first update', of.depth({ U: 6.5 }), 'U', 'expected a whole number, was 6.5'],
  [
    'a first update past 2^53',
    framed(streams.depth, depth).replace('"U":6', '"U":9007199254740992'),
    'U',
    'expected a whole number, was 9007199254740992',
  ],
  ['no last update', of.depth({ u: undefined }), 'u', 'expected a whole number of at least U, was undefined'],
  ['a last update before the first', of.depth({ u: 5 }), 'u', 'expected a whole number of at least U, was 5'],
  ['no previous update on USD-M', of.depth({ pu: undefined }), 'pu', 'expected a whole number, was undefined'],
  ['no bids', of.depth({ b: undefined }), 'b', levels],
  ['bids that are no list', of.depth({ b: '1.5' }), 'b', levels],
  ['a level that is no list', of.depth({ b: ['1.5'] }), 'b', levels],
  ['a level without a quantity', of.depth({ a: [['1.5']] }), 'a', levels],
  ['a level of numbers', of.depth({ a: [[1.5, 2]] }), 'a', levels],
  ['too many levels', of.depth({ a: tooMany }), 'a', levels],
  [
    'a price off the tick',
    of.depth({
      b: [
        ['1.5', '2'],
        ['1.55', '2'],
      ],
    }),
    'b[1]',
    'expected a positive price in steps of the listing, was 1.55',
  ],
  ['a price of zero', of.depth({ b: [['0', '2']] }), 'b[0]', 'expected a positive price in steps of the listing, was 0'],
  ['a negative price', of.depth({ a: [['-1.5', '2']] }), 'a[0]', 'expected a positive price in steps of the listing, was -1.5'],
  ['a quantity off the lot', of.depth({ a: [['1.5', '0.0001']] }), 'a[0]', 'expected a quantity in steps of the listing, was 0.0001'],
  ['an empty quantity', of.depth({ a: [['1.5', '']] }), 'a[0]', 'expected a quantity in steps of the listing, was '],
  ['no time', of.depth({ T: undefined, E: undefined }), 'T', 'expected milliseconds, was undefined'],
  ['a time of zero', of.depth({ T: 0 }), 'T', 'expected milliseconds, was 0'],
  ['a time whose microseconds pass 2^53', of.depth({ T: 9_007_199_254_741 }), 'T', 'expected milliseconds, was 9007199254741'],
  ['a time in words', of.depth({ T: 'noon' }), 'T', 'expected milliseconds, was noon'],
  ['a quote without its number', of.ticker({ u: undefined }), 'u', 'expected a whole number, was undefined'],
  ['a bid that is a number', of.ticker({ b: 1.5 }), 'b', 'expected a price, was 1.5'],
  ['a bid quantity off the lot', of.ticker({ B: '0.0005' }), 'B', 'expected a quantity, was 0.0005'],
  ['an ask off the tick', of.ticker({ a: '1.61' }), 'a', 'expected a price, was 1.61'],
  ['no ask quantity', of.ticker({ A: undefined }), 'A', 'expected a quantity, was undefined'],
  ['a quote with a broken time', of.ticker({ T: -1 }), 'T', 'expected milliseconds, was -1'],
  ['a trade without a number', of.trade({ t: null }), 't', 'expected a whole number, was null'],
  ['a trade at no price', of.trade({ p: '0' }), 'p', 'expected a positive price, was 0'],
  ['a trade of nothing', of.trade({ q: '0.000' }), 'q', 'expected a positive quantity, was 0.000'],
  ['a trade without a side', of.trade({ m: 'true' }), 'm', 'expected true or false, was true'],
  ['a trade without a time', of.trade({ T: undefined, E: undefined }), 'T', 'expected milliseconds, was undefined'],
  ['a snapshot with a broken number', of.snapshot({ lastUpdateId: 'x' }), 'lastUpdateId', 'expected a whole number, was x'],
  ['a snapshot without bids', of.snapshot({ bids: undefined }), 'bids', levels],
  ['a snapshot without asks', of.snapshot({ asks: 5 }), 'asks', levels],
  [
    'a snapshot with a price off the tick',
    of.snapshot({
      asks: [
        ['1.6', '3'],
        ['1.65', '3'],
      ],
    }),
    'asks[1]',
    'expected a positive price in steps of the listing, was 1.65',
  ],
  ['a snapshot with a broken time', of.snapshot({ T: 'x' }), 'T', 'expected milliseconds, was x'],
];

test.each(malformed)('%s names its field', (_what, text, field, sentence) => {
  expect(faultOf(text)).toEqual({ kind: 'fault', field, text: sentence });
});

test('prints of the insurance fund are frames, whatever their price', () => {
  for (const X of ['INSURANCE_FUND', 'NA']) {
    expect(parseFrame(of.trade({ X, p: '0', q: '0' }), scales('usdm'))).toMatchObject({ kind: 'trade', tradeID: 7, atMarket: false });
  }
});
