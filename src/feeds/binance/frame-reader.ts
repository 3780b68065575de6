import { fillLevels } from './frame-levels.ts';
import { parseFrame, type Frame, type FrameFault, type FrameScales } from './frame.ts';
import type { FrameFields } from './frame-fields.ts';
import { FrameScanner } from './frame-scanner.ts';

/** Reads frames into one set of fields: the scanner where it can, the obvious parser for whatever else comes and for the name of what is wrong. */
export class FrameReader {
  readonly #scales: FrameScales;
  readonly #fields: FrameFields;
  readonly #scanner: FrameScanner;
  /** Frames that the scanner left to the parser. */
  parsed = 0;

  constructor(scales: FrameScales, fields: FrameFields) {
    this.#scales = scales;
    this.#fields = fields;
    this.#scanner = new FrameScanner(scales, fields);
  }

  /** @returns what is wrong with the frame in `bytes[start, end)`; undefined = the fields hold it. */
  read(bytes: Buffer, start: number, end: number): FrameFault | undefined {
    if (this.#scanner.scan(bytes, start, end)) return undefined;
    this.parsed++;
    const frame = parseFrame(bytes.toString('utf8', start, end), this.#scales);
    return frame.kind === 'fault' ? frame : fillFields(this.#fields, frame, this.#scales);
  }
}

/** Copies a parsed frame into the fields; its levels are looked at here. */
export function fillFields(fields: FrameFields, frame: Frame, scales: FrameScales): FrameFault | undefined {
  fields.kind = frame.kind;
  switch (frame.kind) {
    case 'other':
      fields.eventTime = 0;
      return undefined;
    case 'depth':
      fields.eventTime = frame.eventTime;
      fields.firstID = frame.firstID;
      fields.lastID = frame.lastID;
      fields.previousID = frame.previousID;
      return fillLevels(fields.levels, frame.bids, frame.asks, scales, 'b', 'a');
    case 'snapshot':
      fields.eventTime = frame.eventTime;
      fields.lastID = frame.lastID;
      return fillLevels(fields.levels, frame.bids, frame.asks, scales, 'bids', 'asks');
    case 'ticker':
      fields.eventTime = frame.eventTime;
      fields.lastID = frame.updateID;
      fields.bid = frame.bid;
      fields.bidQty = frame.bidQty;
      fields.ask = frame.ask;
      fields.askQty = frame.askQty;
      return undefined;
    case 'trade':
      fields.eventTime = frame.eventTime;
      fields.tradeID = frame.tradeID;
      fields.price = frame.price;
      fields.qty = frame.qty;
      fields.sellerAggressed = frame.sellerAggressed;
      fields.atMarket = frame.atMarket;
      return undefined;
  }
}
