import type { InstrumentID } from './ids.ts';

/** Prints of one instrument, rows rise by time (equal times keep the source's order). Prices in currency units, quantities in units of the instrument. */
export interface TradeTicks {
  readonly instrumentID: InstrumentID;
  readonly count: number;
  /** UTC microseconds. */
  readonly time: Float64Array;
  readonly price: Float64Array;
  readonly qty: Float64Array;
  /** The source's code of the place, as ASCII; 0 = it does not say. */
  readonly exchange: Uint8Array;
}

/** Quotes of one instrument; a price of 0 = the tick says nothing about that side. */
export interface QuoteTicks {
  readonly instrumentID: InstrumentID;
  readonly count: number;
  readonly time: Float64Array;
  readonly bid: Float64Array;
  readonly bidQty: Float64Array;
  readonly ask: Float64Array;
  readonly askQty: Float64Array;
  readonly exchange: Uint8Array;
}
