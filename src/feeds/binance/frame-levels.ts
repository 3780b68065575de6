import type { BookLevels } from '../book-levels.ts';
import { parseSteps } from './fixed-point.ts';
import type { FrameFault, FrameScales, RawLevels } from './frame.ts';

/** Turns the levels of a frame into whole ticks and lots; the fault names side, place and text of the first that is none. */
export function fillLevels(
  target: BookLevels,
  bids: RawLevels,
  asks: RawLevels,
  scales: FrameScales,
  bidField: string,
  askField: string,
): FrameFault | undefined {
  target.reset(bids.length + asks.length);
  return fillSide(target, 0, bids, scales, bidField) ?? fillSide(target, 1, asks, scales, askField);
}

function fillSide(target: BookLevels, side: 0 | 1, levels: RawLevels, scales: FrameScales, field: string): FrameFault | undefined {
  for (let i = 0; i < levels.length; i++) {
    const [priceText, qtyText] = levels[i];
    const price = parseSteps(priceText, scales.price);
    const qty = parseSteps(qtyText, scales.qty);
    if (!(price > 0))
      return { kind: 'fault', field: `${field}[${i}]`, text: `expected a positive price in steps of the listing, was ${priceText}` };
    if (!(qty >= 0)) return { kind: 'fault', field: `${field}[${i}]`, text: `expected a quantity in steps of the listing, was ${qtyText}` };
    target.add(side, price, qty);
  }
  return undefined;
}
