import { gzipSync } from 'node:zlib';
import { dayFromCivil, isoFromDay, isoFromMicros, MICROS_PER_HOUR, MICROS_PER_MINUTE } from '../../base/time.ts';
import { microsUnchecked } from '../../base/units.ts';
import { calendarOf } from '../../feeds/calendars/calendar.ts';
import { intervalAt, sessionDays } from '../../feeds/calendars/market-clock.ts';
import { dailyHeader } from '../daily-rows.ts';
import { zipOf } from '../zip-writer.ts';

/** A format of rows as its source writes it: what clean rows look like, and where what stands in them. */
export interface RowFormat {
  readonly name: string;
  /** Path of a file about an instrument, below the folder of raw data. */
  readonly pathOf: (symbol: string) => string;
  /** `ABC` for the symbol `abc`. */
  readonly instrumentOf: (symbol: string) => string;
  /** Lines of a clean file; the first `headLines` are no rows. */
  readonly lines: readonly string[];
  readonly headLines: number;
  readonly separator: string;
  readonly time: number;
  readonly prices: readonly number[];
  /** -1 = the format has none. */
  readonly volume: number;
  /** Places of bid and ask where a row has both. */
  readonly sides?: readonly [bid: number, ask: number];
  /** A time that no market ever had, as the format would write it. */
  readonly absurd: string;
  /** The time of a row as another zone would write it; undefined where nothing tells zones apart. */
  readonly otherZone: ((time: string) => string) | undefined;
  readonly daily: boolean;
  /** Two rows of one time are two events, no mistake. */
  readonly ticks: boolean;
  readonly pack: (text: string) => Buffer;
}

const days = sessionDays(calendarOf('XNYS'), dayFromCivil(2013, 3, 4), dayFromCivil(2013, 9, 30));
const wave = (i: number) => ((i * 37) % 11) / 10;
const compact = (day: number) => isoFromDay(day).replaceAll('-', '');
const cents = (price: number) => price.toFixed(2);
const tenThousandths = (price: number) => String(Math.round(price * 10_000));
const upper = (symbol: string) => symbol.toUpperCase();
const asZip = (text: string) => zipOf({ 'rows.csv': text });

function ohlc(base: number, i: number, written: (price: number) => string): string[] {
  const close = base + wave(i);
  return [close - 0.2, close + 0.3, close - 0.4, close].map(written);
}

const nextDay = (time: string) =>
  isoFromDay(dayFromCivil(Number(time.slice(0, 4)), Number(time.slice(5, 7)), Number(time.slice(8, 10))) + 1);
const nextCompact = (time: string) => {
  const day = dayFromCivil(Number(time.slice(0, 4)), Number(time.slice(4, 6)), Number(time.slice(6, 8)));
  return compact(day + 1) + time.slice(8);
};

const sp500: RowFormat = {
  name: 'sp500',
  pathOf: (symbol) => `sp500/${symbol}.csv.gz`,
  instrumentOf: (symbol) => symbol,
  lines: [
    dailyHeader,
    ...days.map((day, i) => [isoFromDay(day), ...ohlc(50, i, cents), cents((50 + wave(i)) * 0.9), 1_000_000 + i, '0.0', '1.0'].join(',')),
  ],
  headLines: 1,
  separator: ',',
  time: 0,
  prices: [1, 2, 3, 4],
  volume: 6,
  absurd: '1066-10-14',
  otherZone: nextDay,
  daily: true,
  ticks: false,
  pack: (text) => gzipSync(text),
};

const plainCsv: RowFormat = {
  ...sp500,
  name: 'csv daily',
  pathOf: (symbol) => `csv/${symbol}.csv`,
  lines: ['Date,Open,High,Low,Close,Volume', ...days.map((day, i) => [isoFromDay(day), ...ohlc(50, i, cents), 1_000_000 + i].join(','))],
  volume: 5,
  pack: (text) => Buffer.from(text),
};

/** One regular session of minutes, most volume at its opening and its end. */
const sessionMinutes = Array.from({ length: 390 }, (_, i) => 570 + i);
const volumeAt = (minute: number) => (minute < 630 || minute >= 900 ? 30_000 : 8_000);
const minuteDay = dayFromCivil(2011, 1, 4);
const utcStamp = (minute: number) => {
  const iso = isoFromMicros(microsUnchecked((minuteDay * 1_440 + minute + 301) * MICROS_PER_MINUTE));
  return `${iso.slice(0, 10).replaceAll('-', '')} ${iso.slice(11, 19).replaceAll(':', '')}`;
};

const minuteCsv: RowFormat = {
  name: 'csv minute',
  pathOf: (symbol) => `minute/${symbol}-2011-01.csv`,
  instrumentOf: upper,
  lines: sessionMinutes.map((minute) => [utcStamp(minute), ...ohlc(127, minute, cents), volumeAt(minute)].join(';')),
  headLines: 0,
  separator: ';',
  time: 0,
  prices: [1, 2, 3, 4],
  volume: 5,
  absurd: '20110104 256199',
  otherZone: (time) => time.slice(0, 9) + String(Number(time.slice(9, 11)) - 5).padStart(2, '0') + time.slice(11),
  daily: false,
  ticks: false,
  pack: (text) => Buffer.from(text),
};

const leanDaily: RowFormat = {
  name: 'lean equity daily',
  pathOf: (symbol) => `lean/equity/usa/daily/${symbol}.zip`,
  instrumentOf: upper,
  lines: days.map((day, i) => [`${compact(day)} 00:00`, ...ohlc(50, i, tenThousandths), 1_000_000 + i].join(',')),
  headLines: 0,
  separator: ',',
  time: 0,
  prices: [1, 2, 3, 4],
  volume: 5,
  absurd: '10661014 00:00',
  otherZone: nextCompact,
  daily: true,
  ticks: false,
  pack: asZip,
};

const millis = (minute: number) => String(minute * 60_000);

const leanMinute: RowFormat = {
  ...leanDaily,
  name: 'lean equity minute',
  pathOf: (symbol) => `lean/equity/usa/minute/${symbol}/20131007_trade.zip`,
  lines: sessionMinutes.map((minute) => [millis(minute), ...ohlc(167, minute, tenThousandths), volumeAt(minute)].join(',')),
  absurd: '86400000',
  otherZone: (time) => String(Number(time) - 5 * 3_600_000),
  daily: false,
};

const leanQuoteMinute: RowFormat = {
  ...leanMinute,
  name: 'lean equity minute quotes',
  pathOf: (symbol) => `lean/equity/usa/minute/${symbol}/20131008_quote.zip`,
  lines: sessionMinutes.map((minute) =>
    [millis(minute), ...ohlc(167, minute, tenThousandths), 300, ...ohlc(167.02, minute, tenThousandths), 200].join(','),
  ),
  prices: [1, 2, 3, 4, 6, 7, 8, 9],
  volume: -1,
  sides: [4, 9],
  // quotes have no volume that could tell the hours of the session from those around it
  otherZone: (time) => String(Number(time) + 9 * 3_600_000),
};

const tradeTick = (minute: number) => [millis(minute), tenThousandths(185 + wave(minute)), 100, 'N', 0, 0].join(',');
const leanTrades: RowFormat = {
  ...leanMinute,
  name: 'lean equity ticks',
  pathOf: (symbol) => `lean/equity/usa/tick/${symbol}/20131007_trade.zip`,
  lines: sessionMinutes.map(tradeTick),
  prices: [1],
  volume: 2,
  ticks: true,
  otherZone: (time) => String(Number(time) + 9 * 3_600_000),
};

const leanQuotes: RowFormat = {
  ...leanTrades,
  name: 'lean equity quote ticks',
  pathOf: (symbol) => `lean/equity/usa/tick/${symbol}/20131008_quote.zip`,
  lines: sessionMinutes.map((minute) =>
    [millis(minute), tenThousandths(185 + wave(minute)), 100, tenThousandths(185.02 + wave(minute)), 200, 'N', 0, 0].join(','),
  ),
  prices: [1, 3],
  volume: -1,
  sides: [1, 3],
};

const fx = calendarOf('FX');
/** Every hour of eight weeks of UTC that begins in a session. */
const fxHoursOpen = Array.from({ length: 56 * 24 }, (_, i) => dayFromCivil(2014, 5, 5) * 24 + i).filter(
  (hour) => intervalAt(fx, microsUnchecked(hour * MICROS_PER_HOUR)) !== undefined,
);
const points = (price: number) => price.toFixed(5);
const fxOhlc = (base: number, i: number) => {
  const close = base + wave(i) / 1_000;
  return [close - 0.0002, close + 0.0003, close - 0.0004, close].map(points);
};
const hourStamp = (hour: number) => {
  const iso = isoFromMicros(microsUnchecked(hour * MICROS_PER_HOUR));
  return `${iso.slice(0, 10).replaceAll('-', '')} ${iso.slice(11, 16)}`;
};
const hourOf = (time: string) =>
  dayFromCivil(Number(time.slice(0, 4)), Number(time.slice(4, 6)), Number(time.slice(6, 8))) * 24 + Number(time.slice(9, 11));

const fxHours: RowFormat = {
  ...leanMinute,
  name: 'lean fx hours',
  pathOf: (symbol) => `lean/forex/oanda/hour/${symbol}.zip`,
  lines: fxHoursOpen.map((hour) => [hourStamp(hour), ...fxOhlc(1.38, hour), 0, ...fxOhlc(1.3802, hour), 0].join(',')),
  prices: [1, 2, 3, 4, 6, 7, 8, 9],
  volume: -1,
  sides: [4, 9],
  absurd: '10661014 00:00',
  otherZone: (time) => hourStamp(hourOf(time) + 5),
};

/** Every minute of a day of UTC in which the market is open. */
const xcme = calendarOf('XCME');
const futureDay = dayFromCivil(2013, 10, 9);
const futureMinutes = Array.from({ length: 1_440 }, (_, i) => i).filter(
  (minute) => intervalAt(xcme, microsUnchecked((futureDay * 1_440 + minute) * MICROS_PER_MINUTE))?.phase === 'open',
);
const leanFuture: RowFormat = {
  ...leanMinute,
  name: 'lean future minute',
  pathOf: (symbol) => `lean/future/cme/minute/${symbol}/20131009_trade.zip`,
  instrumentOf: (symbol) => `${symbol.toUpperCase()}-201312`,
  lines: futureMinutes.map((minute) =>
    [millis(minute), ...ohlc(1_650, minute, (price) => String(Math.round(price * 4) / 4)), 120].join(','),
  ),
  // a file of the same date in New York's time
  otherZone: (time) => String((Number(time) + 20 * 3_600_000) % 86_400_000),
  pack: (text) => zipOf({ '20131009_es_minute_trade_201312.csv': text, '20131009_es_minute_trade_201403.csv': text }),
};

const leanCrypto: RowFormat = {
  ...leanMinute,
  name: 'lean crypto minute',
  pathOf: (symbol) => `lean/crypto/coinbase/minute/${symbol}/20180404_trade.zip`,
  lines: sessionMinutes.map((minute) => [millis(minute), ...ohlc(7_400, minute, cents), 12.5].join(',')),
  otherZone: undefined,
};

/** Every format of rows that a reader knows. */
export const rowFormats: readonly RowFormat[] = [
  sp500,
  plainCsv,
  minuteCsv,
  leanDaily,
  leanMinute,
  leanQuoteMinute,
  leanTrades,
  leanQuotes,
  fxHours,
  leanFuture,
  leanCrypto,
];
