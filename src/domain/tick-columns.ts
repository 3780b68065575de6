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
  /** 1 = the buyer took, 2 = the seller, 0 = not said; absent = the source never says. */
  readonly aggressor?: Uint8Array;
  /** The venue's own time where `time` is the receiver's. */
  readonly eventTime?: Float64Array;
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
  readonly eventTime?: Float64Array;
}

/** Levels of an order book, a row for each; rows of one event have its `feedSeq` and stand together. A quantity of 0 = the level is gone. */
export interface LevelTicks {
  readonly instrumentID: InstrumentID;
  readonly count: number;
  /** When it was received, and the venue's time: UTC microseconds. */
  readonly time: Float64Array;
  readonly eventTime: Float64Array;
  readonly feedSeq: Float64Array;
  /** 0 = bid, 1 = ask. */
  readonly side: Uint8Array;
  readonly price: Float64Array;
  readonly qty: Float64Array;
  /** 0 = a change, 1 = begins a whole book, 2 = gap: the book is unknown until the next 1 (price and quantity are 0). */
  readonly mark: Uint8Array;
}
