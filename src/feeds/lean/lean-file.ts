import { MICROS_PER_DAY, MICROS_PER_HOUR, MICROS_PER_MINUTE } from '../../base/time.ts';
import type { CalendarCode } from '../calendars/calendar-rules.ts';
import type { ZoneName } from '../../base/zone.ts';
import { compactDayOf } from '../csv/dates.ts';

export type LeanResolution = 'tick' | 'minute' | 'hour' | 'daily';
export type LeanContent = 'trade' | 'quote' | 'openinterest';

/** What a market's files mean. */
export interface LeanMarket {
  /** Zone of the times in the files, which need not be that of the exchange. */
  readonly zone: ZoneName;
  readonly calendar: CalendarCode;
  /** Prices are multiplied by it. */
  readonly priceScale: 1 | 10_000;
  /** What the content is when the file's name does not say. */
  readonly content: LeanContent;
}

/** What the path of a LEAN data file says about it. */
export interface LeanFile {
  /** Below the folder of the data. */
  readonly path: string;
  /** `equity-usa` */
  readonly market: string;
  readonly rules: LeanMarket;
  readonly resolution: LeanResolution;
  readonly symbol: string;
  readonly content: LeanContent;
  /** Date of a file of one day, in the zone of the file; undefined for daily and hour files. */
  readonly day: number | undefined;
}

const markets: Readonly<Record<string, LeanMarket>> = {
  'equity-usa': { zone: 'America/New_York', calendar: 'XNYS', priceScale: 10_000, content: 'trade' },
  'forex-oanda': { zone: 'UTC', calendar: 'FX', priceScale: 1, content: 'quote' },
  'forex-fxcm': { zone: 'UTC-05', calendar: 'FXCM', priceScale: 1, content: 'quote' },
  'future-cme': { zone: 'UTC', calendar: 'XCME', priceScale: 1, content: 'trade' },
  'crypto-coinbase': { zone: 'UTC', calendar: 'ALWAYS', priceScale: 1, content: 'trade' },
};

/** Length of a bar, microseconds; 0 for ticks. */
export const leanIntervals: Readonly<Record<LeanResolution, number>> = {
  tick: 0,
  minute: MICROS_PER_MINUTE,
  hour: MICROS_PER_HOUR,
  daily: MICROS_PER_DAY,
};

// equity/usa/daily/spy.zip, forex/oanda/hour/eurusd.zip, crypto/coinbase/daily/btcusd_quote.zip
const wholePath = /^([a-z]+)\/([a-z]+)\/(daily|hour)\/([a-z0-9.]+?)(?:_(trade|quote))?\.zip$/;
// equity/usa/minute/spy/20131007_trade.zip, future/cme/minute/es/20131007_openinterest.zip
const dayPath = /^([a-z]+)\/([a-z]+)\/(minute|tick)\/([a-z0-9.]+)\/(\d{8})_(trade|quote|openinterest)\.zip$/;

/** undefined when the path is none of a market that we know. */
export function parseLeanPath(path: string): LeanFile | undefined {
  const whole = wholePath.exec(path);
  const match = whole ?? dayPath.exec(path);
  if (match === null) return undefined;
  const market = `${match[1]}-${match[2]}`;
  const rules = markets[market];
  if (rules === undefined) return undefined;
  const day = whole === null ? compactDayOf(match[5]) : undefined;
  if (Number.isNaN(day)) return undefined;
  const said = whole === null ? match[6] : match[5];
  return { path, market, rules, resolution: resolutionOf(match[3]), symbol: match[4], content: contentOf(said) ?? rules.content, day };
}

function resolutionOf(text: string): LeanResolution {
  return text === 'tick' || text === 'minute' || text === 'hour' ? text : 'daily';
}

function contentOf(text: string | undefined): LeanContent | undefined {
  return text === 'trade' || text === 'quote' || text === 'openinterest' ? text : undefined;
}

/** `SPY`, `EURUSD`; of a future's entry `20131007_es_minute_trade_201312.csv` with the contract's month: `ES-201312`. */
export function leanInstrument(file: LeanFile, entry: string): string {
  const month = /_(\d{6})\.csv$/.exec(entry)?.[1];
  const symbol = file.symbol.toUpperCase();
  return file.market.startsWith('future-') && month !== undefined ? `${symbol}-${month}` : symbol;
}
