import type { CurrencyCode } from './ids.ts';

/** A currency and the units its money is counted in. */
export interface Currency {
  readonly code: CurrencyCode;
  /** Money is counted in 10^-exponent of the currency; default 12, 6 in backtests on adjusted bars. */
  readonly exponent: number;
  /** Decimals of the fee unit (minor unit): computed fees are rounded half-even to 10^-feeDecimals. USD 2, JPY 0, BTC 8. */
  readonly feeDecimals: number;
}

/** Finest exponent that a currency may ask for (money keeps to +-2^101 units). */
export const maxExponent = 15;
export const defaultExponent = 12;
