import type { CurrencyIx } from '../../domain/ids.ts';

/** Places behind the point of money in a result: 10^-6 of the currency. */
export const resultScale = 6;

/** What a listing's whole numbers stand for. */
export interface ListingScale {
  readonly instrumentID: string;
  readonly currency: CurrencyIx;
  readonly moneyPerTickLot: number;
  readonly feeUnit: number;
  /** Price = ticks x priceUnits / 10^priceScale; quantity alike. */
  readonly priceUnits: number;
  readonly priceScale: number;
  readonly lotUnits: number;
  readonly lotScale: number;
}
