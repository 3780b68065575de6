import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { MiniCapture } from '../feeds/mini-capture.ts';

/** A recording of a feed with one fault in it: named as a row with its code, or counted as what the feed says about itself. */
export interface PlantedRecording {
  readonly name: string;
  readonly path: string;
  /** A code of docs/reference/bad-rows.md, or a count: gap, crossed, duplicates, outOfOrder, missingTrades. */
  readonly met: string;
  /** Line that must be named; 0 = none. */
  readonly row: number;
  readonly whole: boolean;
}

const usdm = (): MiniCapture => {
  const capture = new MiniCapture('usdm')
    .snapshot(15, [['100.0', '1']], [['100.2', '2']])
    .depth(10, 20, 9, [['99.9', '3']], [])
    .ticker(21, '100.0', '1', '100.2', '2')
    .trade(1, '100.2', '0.5', false);
  return capture.depth(21, 30, 20, [['99.8', '1']], []);
};

const coinbase = (seconds: number, message: unknown) => `1618677817.${String(seconds).padStart(6, '0')}: ${JSON.stringify(message)}`;
const match = (id: number, price: string, size: string) => ({
  type: 'match',
  trade_id: id,
  side: 'buy',
  size,
  price,
  product_id: 'BTC-USD',
  sequence: id,
  time: '2021-04-17T16:43:37.000000Z',
});
const session = [
  'wss://ws-feed.pro.coinbase.com <-> 1618677817.000001',
  coinbase(10, { type: 'snapshot', product_id: 'BTC-USD', bids: [['100.00', '1']], asks: [['100.02', '2']] }),
  coinbase(20, match(1, '100.02', '0.5')),
  coinbase(30, match(2, '100.02', '0.5')),
];

interface Case extends Omit<PlantedRecording, 'path'> {
  readonly bytes: Buffer;
}

const cut = (bytes: Buffer) => bytes.subarray(0, Math.floor(bytes.length * 0.6));
const packed = (lines: readonly string[]) => gzipSync(`${lines.join('\n')}\n`);
const row = (name: string, bytes: Buffer, at: number): Case => ({ name, bytes, met: 'ROW_FIELDS', row: at, whole: false });
const counted = (name: string, bytes: Buffer, met: string): Case => ({ name, bytes, met, row: 0, whole: false });
const file = (name: string, bytes: Buffer, met: string): Case => ({ name, bytes, met, row: 0, whole: true });

const captures: readonly Case[] = [
  row('NaN', usdm().trade(2, 'NaN', '1', false).packed(), 6),
  row('negative price', usdm().trade(2, '-100.2', '1', false).packed(), 6),
  row('price off the tick', usdm().trade(2, '100.25', '1', false).packed(), 6),
  row('frame cut short', usdm().raw('1723161255100000000 {"stream":"btcusdt@trade","data":{"e":"tr').packed(), 6),
  row('absurd date', usdm().raw('9999 {"stream":"btcusdt@trade"}').packed(), 6),
  counted('a depth frame is missing', usdm().depth(41, 50, 40, [], []).packed(), 'gap'),
  counted('a trade is missing', usdm().trade(5, '100.2', '1', false).packed(), 'missingTrades'),
  counted('bid above ask', usdm().ticker(31, '100.4', '1', '100.2', '2').packed(), 'crossed'),
  counted('duplicate', usdm().trade(1, '100.2', '0.5', false).packed(), 'duplicates'),
  counted('out of order', usdm().wait(-5_000_000).trade(2, '100.2', '0.5', false).packed(), 'outOfOrder'),
  file('truncated', cut(usdm().packed()), 'FILE_TRUNCATED'),
];

const sessions: readonly Case[] = [
  { ...row('NaN', packed([...session, coinbase(40, match(3, 'NaN', '1'))]), 5), met: 'NOT_A_NUMBER' },
  { ...row('negative price', packed([...session, coinbase(40, match(3, '-1.5', '1'))]), 5), met: 'NOT_A_NUMBER' },
  row('frame cut short', packed([...session, coinbase(40, match(3, '100.02', '1')).slice(0, 60)]), 5),
  { ...row('absurd date', packed([...session, `yesterday: ${JSON.stringify(match(3, '100.02', '1'))}`]), 5), met: 'ROW_TIME' },
  counted('a trade is missing', packed([...session, coinbase(40, match(9, '100.02', '1'))]), 'missingTrades'),
  counted('duplicate', packed([...session, coinbase(40, match(2, '100.02', '0.5'))]), 'duplicates'),
  file('no frames', packed(session.slice(0, 1)), 'FILE_EMPTY'),
  file('truncated', cut(packed(session)), 'FILE_TRUNCATED'),
];

/** Writes each fault into a recording of its own. */
export function plantRecordings(folder: string): readonly PlantedRecording[] {
  const write = (kind: string, cases: readonly Case[], nameOf: (n: number) => string) =>
    cases.map(({ bytes, ...one }, n) => {
      const path = nameOf(n);
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), bytes);
      return { ...one, name: `${one.name} in ${kind}`, path };
    });
  return [
    ...write('a Binance capture', captures, (n) => `binance/usdm/btcusdt_${20240900 + n}.gz`),
    ...write('a Coinbase session', sessions, (n) => `sessions/COINBASE.ws.${n}.gz`),
  ];
}
