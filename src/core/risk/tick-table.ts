import type { TickBand } from '../../domain/instrument.ts';

/** Step in priceUnits at a price and a time: of the newest table in force (fromDate), the highest band that begins at or below the price. */
export function stepAt(table: readonly TickBand[], price: number, at: number): number {
  let newest = -Infinity;
  for (const band of table) {
    const from = band.fromDate ?? -Infinity;
    if (from <= at && from > newest) newest = from;
  }
  let step = 1;
  let lowest = -Infinity;
  for (const band of table) {
    if ((band.fromDate ?? -Infinity) === newest && band.fromPrice <= price && band.fromPrice > lowest) {
      lowest = band.fromPrice;
      step = band.step;
    }
  }
  return step;
}

export function isOnTick(table: readonly TickBand[], price: number, at: number): boolean {
  return price % stepAt(table, price, at) === 0;
}
