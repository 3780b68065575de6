import type { Micros } from '../base/units.ts';
import type { InstrumentID } from './ids.ts';

/** What a row of bars stands for; rows rise by time. */
export interface BarRowsShape {
  readonly instrumentID: InstrumentID;
  /** Length of a bar, microseconds; a session's day bar has that of a calendar day. */
  readonly interval: Micros;
  readonly count: number;
  /** Date of the session that the bar belongs to, days since 1970-01-01. */
  readonly day: Int32Array;
  /** When the bar closed and is known, UTC microseconds. */
  readonly time: Float64Array;
}

export interface Ohlc {
  readonly open: Float64Array;
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly close: Float64Array;
}

/** Bars as their source wrote them: prices in currency units and quantities in units of the instrument, as the nearest doubles. */
export interface RawBars extends BarRowsShape, Ohlc {
  readonly volume: Float64Array;
  /** Adjusted close / close, for splits and dividends; absent = the source has no factors, they are 1. */
  readonly totalFactor?: Float64Array;
  /** Product of the split coefficients dated after the row; absent = 1. */
  readonly splitFactor?: Float64Array;
}

export const adjustments = ['none', 'split', 'total'] as const;
export type Adjustment = (typeof adjustments)[number];

/** Bars in whole price units and lots, as fills, stops and marks use them. */
export interface BarColumns extends BarRowsShape, Ohlc {
  readonly volume: Float64Array;
  readonly adjust: Adjustment;
  /** Price units in one unit of currency, lots in one unit of quantity. */
  readonly unitsPerPrice: number;
  readonly lotsPerUnit: number;
}

/** Bars of both sides of the market, in currency units; NaN = the side was empty. */
export interface QuoteBars extends BarRowsShape {
  readonly bid: Ohlc;
  readonly bidQty: Float64Array;
  readonly ask: Ohlc;
  readonly askQty: Float64Array;
}
