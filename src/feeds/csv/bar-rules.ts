import type { FaultCode } from './quarantine.ts';

export interface BarFault {
  readonly code: FaultCode;
  readonly field: string;
  readonly text: string;
}

const names = ['open', 'high', 'low', 'close'] as const;
/** Powers of ten by which a source may have misread its own scale. */
const scales = [10, 100, 1_000, 10_000] as const;
/** A ratio within this factor of a power of ten is taken for a wrong scale. */
const scaleTolerance = 1.45;
/** A bar whose high is at most this often its low has no field of another scale. */
const plainRange = scales[0] / scaleTolerance;

/** Nearest power of ten that explains the ratio of two prices: 0 = none, else its exponent, -4 to 4. */
export function scaleOf(ratio: number): number {
  if (ratio < plainRange && ratio > 1 / plainRange) return 0;
  for (const [i, scale] of scales.entries()) {
    if (ratio > scale / scaleTolerance && ratio < scale * scaleTolerance) return i + 1;
    if (ratio * scale > 1 / scaleTolerance && ratio * scale < scaleTolerance) return -(i + 1);
  }
  return 0;
}

/** What is wrong with a bar by itself; undefined = nothing. `volume` undefined: the source has none. */
export function barFault(open: number, high: number, low: number, close: number, volume: number | undefined): BarFault | undefined {
  const shape = low > 0 && high >= open && high >= close && low <= open && low <= close && high <= low * plainRange && high < Infinity;
  if (shape && (volume === undefined || (volume > 0 && volume < Infinity))) return undefined;
  const prices = [open, high, low, close];
  return numberFault(prices, volume) ?? priceFault(prices) ?? volumeFault(volume);
}

function numberFault(prices: readonly number[], volume: number | undefined): BarFault | undefined {
  const all: readonly (readonly [string, number])[] = [...names.map((name, i) => [name, prices[i]] as const), ['volume', volume ?? 1]];
  const strange = all.find(([, value]) => !Number.isFinite(value));
  if (strange !== undefined) return { code: 'NOT_A_NUMBER', field: strange[0], text: 'expected a plain decimal' };
  const negative = all.find(([, value]) => value < 0);
  if (negative !== undefined) return { code: 'NEGATIVE', field: negative[0], text: `expected at least 0, was ${negative[1]}` };
  const zero = names.find((_, i) => prices[i] === 0);
  return zero === undefined ? undefined : { code: 'ZERO_PRICE', field: zero, text: 'expected a price above 0, was 0' };
}

function priceFault(prices: readonly number[]): BarFault | undefined {
  const sorted = [...prices].sort((a, b) => a - b);
  const middle = (sorted[1] + sorted[2]) / 2;
  const wrong = prices.findIndex((price) => scaleOf(price / middle) !== 0);
  if (wrong >= 0)
    return { code: 'WRONG_SCALE', field: names[wrong], text: `expected about ${middle} as the bar's other prices, was ${prices[wrong]}` };
  const [open, high, low, close] = prices;
  const top = Math.max(open, close);
  const bottom = Math.min(open, close);
  if (high < low) return { code: 'IMPOSSIBLE_BAR', field: 'high', text: `expected at least the low ${low}, was ${high}` };
  if (high < top) return { code: 'IMPOSSIBLE_BAR', field: 'high', text: `expected at least ${top}, was ${high}` };
  if (low > bottom) return { code: 'IMPOSSIBLE_BAR', field: 'low', text: `expected at most ${bottom}, was ${low}` };
  if (high > low * plainRange) {
    return { code: 'IMPOSSIBLE_BAR', field: 'high', text: `expected at most ${plainRange.toFixed(1)} times the low ${low}, was ${high}` };
  }
  return undefined;
}

function volumeFault(volume: number | undefined): BarFault | undefined {
  if (volume !== 0) return undefined;
  return { code: 'ZERO_VOLUME', field: 'volume', text: 'expected trades behind the prices, was 0' };
}
