import { decimalScale, parseDecimal } from '../../base/decimal.ts';
import type { SessionFrame } from './session-frame.ts';

/** Digits after the point of a symbol's prices and quantities, enough for all that its session shows. */
export interface SymbolScale {
  price: number;
  qty: number;
}

/** Finest scale that is taken. */
const maxScale = 12;

/** Scales by symbol, from all frames of a session. */
export function symbolScales(frames: Iterable<SessionFrame>): Map<string, SymbolScale> {
  const scales = new Map<string, SymbolScale>();
  for (const frame of frames) {
    const scale = scales.get(frame.symbol) ?? { price: 0, qty: 0 };
    scales.set(frame.symbol, scale);
    for (const [price, qty] of levelsOf(frame)) {
      scale.price = Math.max(scale.price, scaleOf(price));
      scale.qty = Math.max(scale.qty, scaleOf(qty));
    }
  }
  return scales;
}

function* levelsOf(frame: SessionFrame): Generator<readonly [string, string]> {
  switch (frame.kind) {
    case 'book':
      yield* frame.bids;
      yield* frame.asks;
      return;
    case 'trade':
      yield [frame.price, frame.qty];
      return;
    case 'quote':
      yield [frame.bid, frame.bidQty];
      yield [frame.ask, frame.askQty];
      return;
  }
}

function scaleOf(text: string): number {
  const scale = decimalScale(text);
  return scale.ok ? Math.min(scale.value, maxScale) : 0;
}

/** `0.001` for 3. */
export function unitText(scale: number): string {
  return scale === 0 ? '1' : `0.${'1'.padStart(scale, '0')}`;
}

/** Whole units of a text; NaN when it is no decimal from 0 on, or finer than the scale. */
export function unitsOf(text: string, scale: number): number {
  const units = parseDecimal(text, scale);
  return units.ok && units.value >= 0 ? units.value : NaN;
}
