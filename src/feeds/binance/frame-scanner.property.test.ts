import fc from 'fast-check';
import { expect, test } from 'vitest';
import { casesOf } from '../../testing/cases.ts';
import { stepScale } from './fixed-point.ts';
import { parseFrame, type FrameScales } from './frame.ts';
import { FrameFields } from './frame-fields.ts';
import { fillFields } from './frame-reader.ts';
import { FrameScanner } from './frame-scanner.ts';
import type { BinanceMarket } from './symbols.ts';

type Step = '0.1' | '0.5' | '2';
const scalesIn = (market: BinanceMarket, step: Step): FrameScales => ({
  symbol: 'BTCUSDT',
  market,
  price: stepScale(step),
  qty: stepScale('0.001'),
});
const scales = {
  usdm: { '0.1': scalesIn('usdm', '0.1'), '0.5': scalesIn('usdm', '0.5'), '2': scalesIn('usdm', '2') },
  spot: { '0.1': scalesIn('spot', '0.1'), '0.5': scalesIn('spot', '0.5'), '2': scalesIn('spot', '2') },
};
const scalesOf = (market: BinanceMarket, step: Step = '0.1'): FrameScales => scales[market][step];

/** What the fields say about the kind at hand; the others mean nothing. */
function said(fields: FrameFields): unknown {
  const { kind, eventTime, firstID, previousID, lastID, bid, bidQty, ask, askQty, tradeID, price, qty, sellerAggressed, atMarket } = fields;
  const { count, sides, prices, qtys } = fields.levels.event;
  const levels = [[...sides.subarray(0, count)], [...prices.subarray(0, count)], [...qtys.subarray(0, count)]];
  switch (kind) {
    case 'depth':
      return { kind, eventTime, firstID, previousID, lastID, levels };
    case 'snapshot':
      return { kind, eventTime, lastID, levels };
    case 'ticker':
      return { kind, eventTime, lastID, bid, bidQty, ask, askQty };
    case 'trade':
      return { kind, eventTime, tradeID, price, qty, sellerAggressed, atMarket };
    case 'other':
      return { kind };
  }
}

/** One set of fields for each pair of scales: they have room for the deepest frame. */
const kept = new Map<FrameScales, { readonly fields: FrameFields; readonly scanner: FrameScanner }>();

function readerOf(scales: FrameScales): { readonly fields: FrameFields; readonly scanner: FrameScanner } {
  const known = kept.get(scales);
  if (known !== undefined) return known;
  const fields = new FrameFields(0, 0);
  const made = { fields, scanner: new FrameScanner(scales, fields) };
  kept.set(scales, made);
  return made;
}

function scan(text: string, scales: FrameScales, before = '', after = ''): unknown {
  const { fields, scanner } = readerOf(scales);
  const bytes = Buffer.from(before + text + after);
  const start = Buffer.byteLength(before);
  return scanner.scan(bytes, start, start + Buffer.byteLength(text)) ? said(fields) : undefined;
}

function parse(text: string, scales: FrameScales): unknown {
  const { fields } = readerOf(scales);
  const frame = parseFrame(text, scales);
  if (frame.kind === 'fault') return undefined;
  return fillFields(fields, frame, scales) === undefined ? said(fields) : undefined;
}

const decimal = fc
  .tuple(fc.integer({ min: 0, max: 99_999_999 }), fc.integer({ min: 0, max: 9 }), fc.integer({ min: 0, max: 8 }))
  .map(([whole, tenth, zeros]) => `${whole}.${tenth}${'0'.repeat(zeros)}`);
const id = fc.integer({ min: 0, max: 5_123_107_837_557 });
const millis = fc.integer({ min: 1, max: 2_000_000_000_000 });
const side = fc.array(fc.tuple(decimal, decimal), { maxLength: 6 });

const frameText = fc
  .tuple(
    fc.constantFrom<BinanceMarket>('usdm', 'spot'),
    fc.constantFrom('depth', 'ticker', 'trade'),
    id,
    id,
    id,
    millis,
    side,
    side,
    decimal,
    decimal,
    fc.boolean(),
  )
  .map(([market, kind, U, more, pu, T, b, a, p, q, m]) => {
    const usdm = market === 'usdm';
    const E = T + 1;
    const s = 'BTCUSDT';
    const u = U + more;
    const data = {
      depth: usdm ? { e: 'depthUpdate', E, T, s, U, u, pu, b, a } : { e: 'depthUpdate', E, s, U, u, b, a },
      ticker: usdm ? { e: 'bookTicker', u, s, b: p, B: q, a: q, A: p, T, E } : { u, s, b: p, B: q, a: q, A: p },
      trade: usdm ? { e: 'trade', E, T, s, t: u, p, q, X: 'MARKET', m } : { e: 'trade', E, s, t: u, p, q, T, m, M: true },
    }[kind];
    const name = { depth: usdm ? 'depth@0ms' : 'depth@100ms', ticker: 'bookTicker', trade: 'trade' }[kind];
    return { market, text: JSON.stringify({ stream: `btcusdt@${name}`, data }) };
  });

test('frames as the venue writes them are scanned, and say what the obvious parser says', () => {
  let scanned = 0;
  fc.assert(
    fc.property(frameText, fc.constantFrom<Step>('0.1', '0.5', '2'), ({ market, text }, step) => {
      const expected = parse(text, scalesOf(market, step));
      const seen = scan(text, scalesOf(market, step), '1723161255030314667 ', '\n1723161255030314667 {"stream":"btcusdt@');
      expect(seen).toEqual(expected);
      if (seen !== undefined) scanned++;
    }),
    { numRuns: casesOf(5_000), seed: 2 },
  );
  console.log(`scanner: ${scanned} of ${casesOf(5_000)} frames scanned`);
  expect(scanned).toBeGreaterThan(casesOf(1_500));
});

test('whatever a change of bytes makes of a frame, the scanner never says another thing than the obvious parser', () => {
  let alike = 0;
  let refused = 0;
  const change = fc.record({
    at: fc.nat(),
    what: fc.constantFrom('replace', 'insert', 'delete', 'cut', 'double'),
    char: fc.constantFrom(...'0123456789.,:"[]{}-+eE tfnaAbBmMpu\\\u00e9'),
  });
  fc.assert(
    fc.property(frameText, fc.array(change, { minLength: 1, maxLength: 3 }), ({ market, text }, changes) => {
      let broken = text;
      for (const { at, what, char } of changes) {
        const i = at % broken.length;
        if (what === 'replace') broken = broken.slice(0, i) + char + broken.slice(i + 1);
        else if (what === 'insert') broken = broken.slice(0, i) + char + broken.slice(i);
        else if (what === 'delete') broken = broken.slice(0, i) + broken.slice(i + 1);
        else if (what === 'cut') broken = broken.slice(0, i + 1);
        else broken = broken.slice(0, i) + broken.slice(Math.max(0, i - 3));
      }
      const seen = scan(broken, scalesOf(market));
      if (seen === undefined) {
        refused++;
        return;
      }
      alike++;
      expect(seen).toEqual(parse(broken, scalesOf(market)));
    }),
    { numRuns: casesOf(30_000), seed: 3 },
  );
  console.log(`scanner: of ${casesOf(30_000)} broken frames ${alike} read alike, ${refused} left to the parser`);
  expect(alike).toBeGreaterThan(casesOf(1_000));
  expect(refused).toBeGreaterThan(casesOf(10_000));
});

test('frames that the scanner leaves alone', () => {
  const ticker =
    '{"stream":"btcusdt@bookTicker","data":{"e":"bookTicker","u":9,"s":"BTCUSDT","b":"1.5","B":"2","a":"1.6","A":"4","T":17,"E":18}}';
  expect(scan(ticker, scalesOf('usdm'))).toBeDefined();
  const left = [
    ticker.replace('"u":9', '"u": 9'),
    ticker.replace('"u":9', '"u":09'),
    ticker.replace('"u":9', '"u":9007199254740993'),
    ticker.replace('"u":9', '"u":-9'),
    ticker.replace('"T":17', '"T":0'),
    ticker.replace('1.5', '1.55'),
    ticker.replace('"1.5"', '1.5'),
    ticker.replace('"A":"4"', '"A":""'),
    ticker.replace('BTCUSDT', 'ETHUSDT'),
    ticker.slice(0, -1),
    `${ticker} `,
    ticker.replace('bookTicker', 'aggTrade'),
    '',
  ];
  for (const text of left) expect(scan(text, scalesOf('usdm'))).toBeUndefined();
});
