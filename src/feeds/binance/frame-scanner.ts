import { maxFrameLevels, type FrameScales } from './frame.ts';
import type { FrameFields } from './frame-fields.ts';
import { frameLayout, type FrameSlot, type LayoutStep } from './frame-layout.ts';
import type { StepScale } from './fixed-point.ts';

const quoteMark = 34;
const comma = 44;
const point = 46;
const zero = 48;
const nine = 57;
const openList = 91;
const closeList = 93;

/** Most digits of a whole number that are read here; longer ones are left to the slow reading. */
const maxDigits = 15;

/**
 * Reads the frames of a stream straight from their bytes, without making texts, objects or lists of them. It knows the venue's writing to the letter and says
 * false to everything else, also to whatever is wrong: `parseFrame`, the obvious reading, then judges and names the field.
 */
export class FrameScanner {
  readonly #price: StepScale;
  readonly #qty: StepScale;
  readonly #fields: FrameFields;
  readonly #ticker: readonly LayoutStep[];
  readonly #trade: readonly LayoutStep[];
  readonly #depth: readonly LayoutStep[];
  /** Place of the letter that tells the stream: after `{"stream":"btcusdt@`. */
  readonly #kindAt: number;
  #bytes: Uint8Array = new Uint8Array(0);
  #at = 0;
  #end = 0;

  constructor(scales: FrameScales, fields: FrameFields) {
    const { market, symbol } = scales;
    this.#price = scales.price;
    this.#qty = scales.qty;
    this.#fields = fields;
    this.#ticker = frameLayout(market, 'ticker', symbol);
    this.#trade = frameLayout(market, 'trade', symbol);
    this.#depth = frameLayout(market, 'depth', symbol);
    this.#kindAt = `{"stream":"${symbol}@`.length;
    fields.levels.reset(2 * maxFrameLevels);
  }

  /** Fills the fields from `bytes[start, end)`; false = not read, the fields are worth nothing. */
  scan(bytes: Uint8Array, start: number, end: number): boolean {
    this.#bytes = bytes;
    this.#at = start;
    this.#end = end;
    const fields = this.#fields;
    fields.eventTime = 0;
    switch (bytes[start + this.#kindAt]) {
      case 98:
        fields.kind = 'ticker';
        return this.#follow(this.#ticker);
      case 116:
        fields.kind = 'trade';
        fields.atMarket = true;
        return this.#follow(this.#trade) && fields.price > 0 && fields.qty > 0;
      case 100:
        fields.kind = 'depth';
        fields.levels.event.count = 0;
        fields.previousID = -1;
        if (!this.#follow(this.#depth) || fields.lastID < fields.firstID) return false;
        if (fields.previousID < 0) fields.previousID = fields.firstID - 1;
        return true;
      default:
        return false;
    }
  }

  #follow(layout: readonly LayoutStep[]): boolean {
    const bytes = this.#bytes;
    for (let i = 0; i < layout.length; i++) {
      const { text, slot } = layout[i];
      const at = this.#at;
      const { length } = text;
      if (at + length > this.#end) return false;
      for (let j = 0; j < length; j++) if (bytes[at + j] !== text[j]) return false;
      this.#at = at + length;
      if (!this.#fill(slot)) return false;
    }
    return this.#at === this.#end;
  }

  #fill(slot: FrameSlot): boolean {
    const fields = this.#fields;
    switch (slot) {
      case 'speed':
        return this.#speed();
      case 'time':
        fields.eventTime = this.#number() * 1_000;
        return fields.eventTime > 0 && fields.eventTime <= Number.MAX_SAFE_INTEGER;
      case 'sent':
        return this.#number() > 0;
      case 'firstID':
        return (fields.firstID = this.#number()) >= 0;
      case 'lastID':
        return (fields.lastID = this.#number()) >= 0;
      case 'previousID':
        return (fields.previousID = this.#number()) >= 0;
      case 'tradeID':
        return (fields.tradeID = this.#number()) >= 0;
      case 'bids':
        return this.#side(0);
      case 'asks':
        return this.#side(1);
      case 'bid':
        return (fields.bid = this.#steps(this.#price)) >= 0;
      case 'bidQty':
        return (fields.bidQty = this.#steps(this.#qty)) >= 0;
      case 'ask':
        return (fields.ask = this.#steps(this.#price)) >= 0;
      case 'askQty':
        return (fields.askQty = this.#steps(this.#qty)) >= 0;
      case 'price':
        return (fields.price = this.#steps(this.#price)) >= 0;
      case 'qty':
        return (fields.qty = this.#steps(this.#qty)) >= 0;
      case 'side':
        return this.#trueOrFalse();
      case 'end':
        return true;
    }
  }

  /** `@0ms`, `@100ms` or nothing. */
  #speed(): boolean {
    const bytes = this.#bytes;
    let at = this.#at;
    for (const stop = Math.min(at + 8, this.#end); at < stop && bytes[at] !== quoteMark; at++) {
      const code = bytes[at];
      if (!((code >= zero && code <= nine) || code === 64 || code === 109 || code === 115)) return false;
    }
    this.#at = at;
    return true;
  }

  /** A whole number as JSON writes it, or -1. */
  #number(): number {
    const bytes = this.#bytes;
    const start = this.#at;
    const stop = Math.min(start + maxDigits + 1, this.#end);
    let value = 0;
    let at = start;
    for (; at < stop; at++) {
      const digit = bytes[at] - zero;
      if (digit < 0 || digit > 9) break;
      value = value * 10 + digit;
    }
    const digits = at - start;
    if (digits === 0 || digits > maxDigits || (digits > 1 && bytes[start] === zero)) return -1;
    this.#at = at;
    return value;
  }

  #trueOrFalse(): boolean {
    const bytes = this.#bytes;
    const at = this.#at;
    const isTrue = bytes[at] === 116 && bytes[at + 1] === 114 && bytes[at + 2] === 117 && bytes[at + 3] === 101;
    const isFalse = bytes[at] === 102 && bytes[at + 1] === 97 && bytes[at + 2] === 108 && bytes[at + 3] === 115 && bytes[at + 4] === 101;
    if (!isTrue && !isFalse) return false;
    this.#fields.sellerAggressed = isTrue;
    this.#at = at + (isTrue ? 4 : 5);
    return true;
  }

  /** `["61800.20","2.507"],["61800.10","1"]`: all levels of one side, or nothing. */
  #side(side: 0 | 1): boolean {
    const bytes = this.#bytes;
    if (bytes[this.#at] !== openList) return true;
    const { levels } = this.#fields;
    const from = levels.event.count;
    for (;;) {
      if (bytes[this.#at] !== openList || bytes[this.#at + 1] !== quoteMark) return false;
      this.#at += 2;
      const price = this.#steps(this.#price);
      if (!(price > 0) || bytes[this.#at] !== quoteMark || bytes[this.#at + 1] !== comma || bytes[this.#at + 2] !== quoteMark) return false;
      this.#at += 3;
      const qty = this.#steps(this.#qty);
      if (qty < 0 || bytes[this.#at] !== quoteMark || bytes[this.#at + 1] !== closeList) return false;
      this.#at += 2;
      if (levels.event.count - from === maxFrameLevels) return false;
      levels.add(side, price, qty);
      if (bytes[this.#at] !== comma) return true;
      this.#at++;
    }
  }

  /** A plain decimal up to the quotation mark as whole steps, or -1. */
  #steps(to: StepScale): number {
    const bytes = this.#bytes;
    const start = this.#at;
    const { scale } = to;
    let at = start;
    let units = 0;
    let digit = bytes[at] - zero;
    for (; digit >= 0 && digit <= 9; digit = bytes[++at] - zero) units = units * 10 + digit;
    let missing = scale;
    if (at === start) return -1;
    if (bytes[at] === point) {
      const first = ++at;
      digit = bytes[at] - zero;
      for (; missing > 0 && digit >= 0 && digit <= 9; missing--, digit = bytes[++at] - zero) units = units * 10 + digit;
      for (; digit === 0; digit = bytes[++at] - zero);
      if (at === first) return -1;
    }
    if (bytes[at] !== quoteMark || at > this.#end) return -1;
    for (; missing > 0; missing--) units *= 10;
    if (units > Number.MAX_SAFE_INTEGER) return -1;
    this.#at = at;
    if (to.unitsPerStep === 1) return units;
    const steps = units / to.unitsPerStep;
    return Number.isInteger(steps) ? steps : -1;
  }
}
