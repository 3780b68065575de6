import { assert } from '../../base/assert.ts';
import type { Adjustment, BarColumns, Ohlc, RawBars } from '../../domain/bar-columns.ts';

/** From here on doubles are whole numbers; below, adding and taking it away rounds to the nearest whole number, ties to even (IEEE 754). */
const TWO_52 = 4_503_599_627_370_496;

/** Research on adjusted prices counts 1e-6 of the currency; shares are whole. */
export const adjustedUnitsPerPrice = 1_000_000;

export interface BarUnits {
  readonly unitsPerPrice?: number;
  /** 1 for shares; 1e8 for a coin counted in 1e-8. */
  readonly lotsPerUnit?: number;
}

/**
 * Bars in whole units: `total` = raw * (adjusted close / close), `split` = raw / F(t), `none` = raw, then the half-even rounding of the double product with
 * unitsPerPrice; volume times F(t) unless `none`.
 */
export function adjustBars(
  raw: RawBars,
  adjust: Adjustment,
  { unitsPerPrice = adjustedUnitsPerPrice, lotsPerUnit = 1 }: BarUnits = {},
): BarColumns {
  const prices = (from: Float64Array) => wholePrices(from, raw, adjust, unitsPerPrice);
  const { instrumentID, interval, count, day, time } = raw;
  const columns: Ohlc = { open: prices(raw.open), high: prices(raw.high), low: prices(raw.low), close: prices(raw.close) };
  return {
    instrumentID,
    interval,
    count,
    day,
    time,
    ...columns,
    volume: wholeVolumes(raw, adjust, lotsPerUnit),
    adjust,
    unitsPerPrice,
    lotsPerUnit,
  };
}

/**
 * Bars whose prices and volumes are adjusted as `adjustBars` would before it rounds, without factors: adjusted again they stay what they are, to the bit.
 */
export function bakeAdjustment(raw: RawBars, adjust: Adjustment): RawBars {
  const { totalFactor, splitFactor, ...plain } = raw;
  if (adjust === 'none' || (totalFactor === undefined && splitFactor === undefined)) return raw;
  const price = (from: Float64Array) =>
    adjust === 'total' ? from.map((one, i) => one * (totalFactor?.[i] ?? 1)) : from.map((one, i) => one / (splitFactor?.[i] ?? 1));
  const prices = { open: price(raw.open), high: price(raw.high), low: price(raw.low), close: price(raw.close) };
  return { ...plain, ...prices, volume: raw.volume.map((one, i) => one * (splitFactor?.[i] ?? 1)) };
}

function wholePrices(from: Float64Array, { count, totalFactor, splitFactor }: RawBars, adjust: Adjustment, units: number): Float64Array {
  const to = new Float64Array(count);
  if (adjust === 'total' && totalFactor !== undefined) for (let i = 0; i < count; i++) to[i] = halfEven(from[i] * totalFactor[i] * units);
  else if (adjust === 'split' && splitFactor !== undefined)
    for (let i = 0; i < count; i++) to[i] = halfEven((from[i] / splitFactor[i]) * units);
  else for (let i = 0; i < count; i++) to[i] = halfEven(from[i] * units);
  return checked(to, 'price');
}

function wholeVolumes({ volume, count, splitFactor }: RawBars, adjust: Adjustment, lots: number): Float64Array {
  const to = new Float64Array(count);
  const factors = adjust === 'none' ? undefined : splitFactor;
  for (let i = 0; i < count; i++) to[i] = halfEven((factors === undefined ? volume[i] : volume[i] * factors[i]) * lots);
  return checked(to, 'volume');
}

/** Of a number from 0 on. */
function halfEven(x: number): number {
  return x < TWO_52 ? x + TWO_52 - TWO_52 : x;
}

/** Prices that pass 2^53 units are a mistake in the choice of units. */
function checked(column: Float64Array, name: string): Float64Array {
  let most = 0;
  for (let i = 0; i < column.length; i++) if (!(column[i] <= most)) most = column[i];
  assert(most <= Number.MAX_SAFE_INTEGER, `${name}: expected at most 2^53 units, was ${most}`);
  return column;
}
