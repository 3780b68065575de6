import {
  addInto,
  cmp,
  fromSafe,
  isNeg,
  mulDivFloorInto,
  mulInto,
  mulSmallInto,
  negInto,
  setInto,
  splitZero,
  subInto,
  toNumber,
  type Split,
} from '../base/split.ts';
import { never } from '../base/assert.ts';
import type { Currency } from './currency.ts';
import type { Liquidity } from './report.ts';

/** Rates count 10^-8 of the notional (1 bps = 10,000); negative ones are rebates. A fill whose liquidity is not said pays the taker's. */
export interface FeeRates {
  readonly maker: number;
  readonly taker: number;
}

/** From a traded volume on (of the period that the caller counts in, money of the fee's currency) these rates hold. */
export interface FeeTier extends FeeRates {
  readonly fromVolume: Split;
}

/** What a fill is charged by; for simulators and backtests. What a venue reports is booked as reported. */
export type FeeSpec =
  | ({ readonly kind: 'bps' } & FeeRates)
  /** Money units per lot, at least `min` money units per fill, at most `maxRate` of the notional; 0 = no such bound. Bounds do not touch rebates. */
  | {
      readonly kind: 'perShare';
      readonly makerPerLot: number;
      readonly takerPerLot: number;
      readonly min: number;
      readonly maxRate: number;
    }
  /** Ascending by `fromVolume`, the first from 0. */
  | { readonly kind: 'tiered'; readonly tiers: readonly FeeTier[] };

/** Largest rate either way: the whole notional. */
export const maxFeeRate = 100_000_000;

const bound = splitZero();
const whole = splitZero();
const rest = splitZero();
const product = splitZero();
const quotient = splitZero();

/**
 * Fee of one fill, rounded half-even once to the currency's fee unit (10^-feeDecimals), in units of 10^-exponent; rebates negative and rounded like fees.
 * @param notional |price x quantity| in money units, not negative
 * @param lots quantity of the fill
 * @param volume traded before it in the period that tiers count in
 */
export function computeFee(
  out: Split,
  spec: FeeSpec,
  notional: Split,
  lots: number,
  liquidity: Liquidity,
  volume: Split,
  currency: Currency,
): void {
  if (isNeg(notional)) throw new RangeError('fee: expected a notional that is not negative');
  const unit = feeUnit(currency);
  switch (spec.kind) {
    case 'bps':
      rateInto(out, notional, rateOf(spec, liquidity), unit);
      return;
    case 'tiered':
      rateInto(out, notional, rateOf(tierAt(spec.tiers, volume), liquidity), unit);
      return;
    case 'perShare': {
      const perLot = liquidity === 'maker' ? spec.makerPerLot : spec.takerPerLot;
      mulInto(product, lots, Math.abs(perLot));
      roundInto(out, product, 0, unit);
      if (perLot < 0) {
        negInto(out, out);
        return;
      }
      fromSafe(product, spec.min);
      roundInto(bound, product, 0, unit);
      if (cmp(out, bound) < 0) setInto(out, bound);
      if (spec.maxRate === 0) return;
      rateInto(bound, notional, spec.maxRate, unit);
      if (cmp(out, bound) > 0) setInto(out, bound);
      return;
    }
    default:
      never(spec, 'fee');
  }
}

/** Money units in one fee unit. */
export function feeUnit(currency: Currency): number {
  let unit = 1;
  for (let n = currency.feeDecimals; n < currency.exponent; n++) unit *= 10;
  return unit;
}

function rateOf(rates: FeeRates, liquidity: Liquidity): number {
  return liquidity === 'maker' ? rates.maker : rates.taker;
}

/** The last tier whose volume is reached. */
function tierAt(tiers: readonly FeeTier[], volume: Split): FeeTier {
  let at = 0;
  while (at + 1 < tiers.length && cmp(tiers[at + 1].fromVolume, volume) <= 0) at += 1;
  return tiers[at];
}

/** notional x rate / 10^8, rounded half-even to `unit`; split into whole 10^8 and rest, so that no product passes the range of money. */
function rateInto(out: Split, notional: Split, rate: number, unit: number): void {
  if (!(Math.abs(rate) <= maxFeeRate)) throw new RangeError(`fee: expected a rate of at most ${maxFeeRate} either way, was ${rate}`);
  const size = Math.abs(rate);
  mulDivFloorInto(whole, notional, 1, maxFeeRate);
  mulSmallInto(rest, whole, maxFeeRate);
  subInto(rest, notional, rest);
  mulInto(product, toNumber(rest), size);
  mulDivFloorInto(quotient, product, 1, maxFeeRate);
  mulSmallInto(rest, quotient, maxFeeRate);
  subInto(rest, product, rest);
  const fraction = toNumber(rest);
  mulSmallInto(product, whole, size);
  addInto(product, product, quotient);
  roundInto(out, product, fraction, unit);
  if (rate < 0) negInto(out, out);
}

/** (x + fraction / 10^8) rounded half-even to a multiple of `unit`, a power of ten; x not negative. */
function roundInto(out: Split, x: Split, fraction: number, unit: number): void {
  mulDivFloorInto(quotient, x, 1, unit);
  mulSmallInto(rest, quotient, unit);
  subInto(rest, x, rest);
  const twice = 2 * toNumber(rest);
  const odd = quotient.lo % 2 === 1;
  const up =
    unit === 1
      ? 2 * fraction > maxFeeRate || (2 * fraction === maxFeeRate && odd)
      : twice > unit || (twice === unit && (fraction > 0 || odd));
  fromSafe(rest, up ? 1 : 0);
  addInto(quotient, quotient, rest);
  mulSmallInto(out, quotient, unit);
}
