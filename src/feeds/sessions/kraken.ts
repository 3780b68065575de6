import { type FieldReader, type SessionFrame, type SessionParser, type TextLevel } from './session-frame.ts';

/** Kraken WebSocket v1, channel book-1000: a snapshot (`as`, `bs`), then changes (`a`, `b`) with the CRC-32 of the ten best levels of both sides. */
export const kraken: SessionParser = {
  sequence: 'none',
  checksum: 'kraken',
  countsTrades: false,
  depth: 1_000,
  parse(message, read) {
    if (!Array.isArray(message)) return [];
    const parts = message as readonly unknown[];
    const channel = parts.at(-2);
    if (typeof channel !== 'string' || !channel.startsWith('book-')) return [];
    const symbol = read.text(parts.at(-1), 'pair');
    const bodies = parts.slice(1, -2).map((body) => read.fields(body, 'book'));
    const [first] = bodies;
    if (first === undefined) return [];
    if ('as' in first) return [bookOf(symbol, true, levelsOf(first['bs'], read), levelsOf(first['as'], read), {})];
    const bids: Level[] = [];
    const asks: Level[] = [];
    let checksum: unknown;
    for (const body of bodies) {
      if ('b' in body) bids.push(...levelsOf(body['b'], read));
      if ('a' in body) asks.push(...levelsOf(body['a'], read));
      checksum = body['c'] ?? checksum;
    }
    return [bookOf(symbol, false, bids, asks, checksum === undefined ? {} : { checksum: read.whole(checksum, 'c') })];
  },
};

interface Level {
  readonly level: TextLevel;
  readonly time: number;
}

/** `[price, volume, seconds]`, changes may add a flag. */
function levelsOf(value: unknown, read: FieldReader): Level[] {
  return read.list(value, 'levels').map((one) => {
    const [price, qty, time] = read.list(one, 'levels');
    return { level: [read.text(price, 'levels'), read.text(qty, 'levels')], time: microsOf(read.text(time, 'levels')) };
  });
}

function bookOf(
  symbol: string,
  snapshot: boolean,
  bids: readonly Level[],
  asks: readonly Level[],
  check: { readonly checksum?: number },
): SessionFrame {
  const eventTime = Math.max(0, ...bids.map((one) => one.time), ...asks.map((one) => one.time));
  const sides = { bids: bids.map((one) => one.level), asks: asks.map((one) => one.level) };
  return { kind: 'book', symbol, snapshot, ...sides, eventTime, feedSeq: 0, previousSeq: 0, ...check };
}

/** `1618678133.365913` in microseconds; 0 where it is none. */
function microsOf(seconds: string): number {
  const match = /^(\d{1,10})\.(\d{6})$/.exec(seconds);
  return match === null ? 0 : Number(match[1]) * 1_000_000 + Number(match[2]);
}
