import { parseSteps, type StepScale } from './fixed-point.ts';
import type { BinanceMarket } from './symbols.ts';

/** Levels of one side as the venue writes them: price and quantity as texts. */
export type RawLevels = readonly (readonly [string, string])[];

/** A frame after its fields were looked at; numbers are whole ticks, lots and microseconds. */
export type Frame =
  | {
      readonly kind: 'depth';
      readonly firstID: number;
      readonly lastID: number;
      readonly previousID: number;
      readonly eventTime: number;
      readonly bids: RawLevels;
      readonly asks: RawLevels;
    }
  | { readonly kind: 'snapshot'; readonly lastID: number; readonly eventTime: number; readonly bids: RawLevels; readonly asks: RawLevels }
  | {
      readonly kind: 'ticker';
      readonly updateID: number;
      readonly eventTime: number;
      readonly bid: number;
      readonly bidQty: number;
      readonly ask: number;
      readonly askQty: number;
    }
  | {
      readonly kind: 'trade';
      readonly tradeID: number;
      readonly eventTime: number;
      readonly price: number;
      readonly qty: number;
      readonly sellerAggressed: boolean;
      readonly atMarket: boolean;
    }
  | { readonly kind: 'other' };

export interface FrameFault {
  readonly kind: 'fault';
  readonly field: string;
  readonly text: string;
}

export interface FrameScales {
  readonly symbol: string;
  readonly market: BinanceMarket;
  readonly price: StepScale;
  readonly qty: StepScale;
}

/** Deepest list of levels that is taken from one frame. */
export const maxFrameLevels = 10_000;

/** Largest time whose microseconds are a safe integer. */
const maxMillis = 9_007_199_254_740;

const levelsText = `expected a list of at most ${maxFrameLevels} [price, quantity] texts`;

type Fields = Readonly<Record<string, unknown>>;

const fault = (field: string, text: string): FrameFault => ({ kind: 'fault', field, text });

/** Parses one frame of the combined stream (`{"stream":…,"data":…}`) or a REST depth snapshot, and checks every field that is used. */
export function parseFrame(text: string, scales: FrameScales): Frame | FrameFault {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return fault('frame', `expected JSON, was ${text.length > 40 ? `${text.slice(0, 40)}…` : text}`);
  }
  if (!isFields(value)) return fault('frame', 'expected an object');
  if ('lastUpdateId' in value) return parseSnapshot(value);
  const { stream, data } = value;
  if (typeof stream !== 'string' || !isFields(data)) return fault('stream', 'expected a stream with its data');
  if (data['s'] !== scales.symbol) return fault('s', `expected ${scales.symbol}, was ${String(data['s'])}`);
  if (stream.includes('@depth')) return parseDepth(data, scales.market);
  if (stream.endsWith('@bookTicker')) return parseTicker(data, scales);
  if (stream.endsWith('@trade')) return parseTrade(data, scales);
  return { kind: 'other' };
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Milliseconds of the venue as microseconds; 0 = the frame has none; NaN = not a time. */
function timeOf(fields: Fields): number {
  const value = fields['T'] ?? fields['E'];
  if (value === undefined) return 0;
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0 && value <= maxMillis ? value * 1_000 : NaN;
}

function isID(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function isLevels(value: unknown): value is RawLevels {
  if (!Array.isArray(value) || value.length > maxFrameLevels) return false;
  for (const level of value as readonly unknown[]) {
    if (!Array.isArray(level) || typeof level[0] !== 'string' || typeof level[1] !== 'string') return false;
  }
  return true;
}

function parseSnapshot(fields: Fields): Frame | FrameFault {
  const { lastUpdateId, bids, asks } = fields;
  if (!isID(lastUpdateId)) return fault('lastUpdateId', `expected a whole number, was ${String(lastUpdateId)}`);
  if (!isLevels(bids)) return fault('bids', levelsText);
  if (!isLevels(asks)) return fault('asks', levelsText);
  const eventTime = timeOf(fields);
  if (Number.isNaN(eventTime)) return fault('T', `expected milliseconds, was ${String(fields['T'] ?? fields['E'])}`);
  return { kind: 'snapshot', lastID: lastUpdateId, eventTime, bids, asks };
}

function parseDepth(fields: Fields, market: BinanceMarket): Frame | FrameFault {
  const { U: firstID, u: lastID, pu, b: bids, a: asks } = fields;
  if (!isID(firstID)) return fault('U', `expected a whole number, was ${String(firstID)}`);
  if (!isID(lastID) || lastID < firstID) return fault('u', `expected a whole number of at least U, was ${String(lastID)}`);
  if (market === 'usdm' && !isID(pu)) return fault('pu', `expected a whole number, was ${String(pu)}`);
  if (!isLevels(bids)) return fault('b', levelsText);
  if (!isLevels(asks)) return fault('a', levelsText);
  const eventTime = timeOf(fields);
  if (!(eventTime > 0)) return fault('T', `expected milliseconds, was ${String(fields['T'] ?? fields['E'])}`);
  return { kind: 'depth', firstID, lastID, previousID: isID(pu) ? pu : firstID - 1, eventTime, bids, asks };
}

function parseTicker(fields: Fields, scales: FrameScales): Frame | FrameFault {
  const { u: updateID, b, B, a, A } = fields;
  if (!isID(updateID)) return fault('u', `expected a whole number, was ${String(updateID)}`);
  const bid = stepsOf(b, scales.price);
  if (Number.isNaN(bid)) return fault('b', `expected a price, was ${String(b)}`);
  const bidQty = stepsOf(B, scales.qty);
  if (Number.isNaN(bidQty)) return fault('B', `expected a quantity, was ${String(B)}`);
  const ask = stepsOf(a, scales.price);
  if (Number.isNaN(ask)) return fault('a', `expected a price, was ${String(a)}`);
  const askQty = stepsOf(A, scales.qty);
  if (Number.isNaN(askQty)) return fault('A', `expected a quantity, was ${String(A)}`);
  const eventTime = timeOf(fields);
  if (Number.isNaN(eventTime)) return fault('T', `expected milliseconds, was ${String(fields['T'] ?? fields['E'])}`);
  return { kind: 'ticker', updateID, eventTime, bid, bidQty, ask, askQty };
}

function parseTrade(fields: Fields, scales: FrameScales): Frame | FrameFault {
  const { t, p, q, m, X } = fields;
  if (!isID(t)) return fault('t', `expected a whole number, was ${String(t)}`);
  const price = stepsOf(p, scales.price);
  const qty = stepsOf(q, scales.qty);
  // futures announce prints of the insurance fund and of settlement on the same stream
  const atMarket = X === undefined || X === 'MARKET';
  if (!(price > 0) && atMarket) return fault('p', `expected a positive price, was ${String(p)}`);
  if (!(qty > 0) && atMarket) return fault('q', `expected a positive quantity, was ${String(q)}`);
  if (typeof m !== 'boolean') return fault('m', `expected true or false, was ${String(m)}`);
  const eventTime = timeOf(fields);
  if (!(eventTime > 0)) return fault('T', `expected milliseconds, was ${String(fields['T'] ?? fields['E'])}`);
  return { kind: 'trade', tradeID: t, eventTime, price, qty, sellerAggressed: m, atMarket };
}

function stepsOf(value: unknown, to: StepScale): number {
  return typeof value === 'string' ? parseSteps(value, to) : NaN;
}
