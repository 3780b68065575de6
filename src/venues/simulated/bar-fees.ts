import { addInto, cmp, divHalfEvenInto, fromSafe, mulInto, mulSmallInto, splitZero, type Split } from '../../base/split.ts';
import { civilFromDay, dayNumber } from '../../base/time.ts';
import type { Micros } from '../../base/units.ts';
import type { Liquidity } from '../../domain/report.ts';
import { feeInto, maxFeeRate } from './fees.ts';
import type { Holder } from './venue-order.ts';

/** From this much traded in the calendar month (UTC) on, whole currency units, the rate is this. */
export interface FeeTier {
  readonly fromNotional: number;
  readonly rate: number;
}

/**
 * What a fill on bars costs, rounded half-even to the fee unit per fill. Rates in 10^-8 of the notional (1 bps = 10,000), negative pays a rebate. `perShare`:
 * units of money per lot. `tiered`: by what the holder has traded in the month before the fill; the first tier starts at 0. `makerTaker`: limits that
 * rested for a bar are makers.
 */
export type BarFees =
  | { readonly kind: 'none' }
  | { readonly kind: 'bps'; readonly rate: number }
  | { readonly kind: 'makerTaker'; readonly makerRate: number; readonly takerRate: number }
  | { readonly kind: 'perShare'; readonly moneyPerLot: number }
  | { readonly kind: 'tiered'; readonly tiers: readonly FeeTier[] };

/** What the money of a listing is counted in. */
export interface FeeMoney {
  /** Units of 10^-exponent of the currency that one tick of one lot is worth. */
  readonly moneyPerTickLot: number;
  /** 10^exponent of the currency. */
  readonly unitsPerCurrency: number;
  /** Units of money in one fee unit: 10^(exponent - feeDecimals). */
  readonly feeUnit: number;
}

interface Month {
  month: number;
  readonly traded: Split;
}

const notional = splitZero();
const threshold = splitZero();

/** Computes the fees of one venue. */
export class BarFeeBook {
  readonly #fees: BarFees;
  readonly #months = new Map<Holder, Month>();

  /** @throws RangeError when a rate or tier is outside its range. */
  constructor(fees: BarFees) {
    requireFees(fees);
    this.#fees = fees;
  }

  /** Fee of one fill into `out`, units of money. */
  charge(out: Split, price: number, qty: number, liquidity: Liquidity, holder: Holder, at: Micros, money: FeeMoney): void {
    const fees = this.#fees;
    switch (fees.kind) {
      case 'none':
        fromSafe(out, 0);
        return;
      case 'bps':
        feeInto(out, price, qty, money.moneyPerTickLot, fees.rate, money.feeUnit);
        return;
      case 'makerTaker':
        feeInto(out, price, qty, money.moneyPerTickLot, liquidity === 'maker' ? fees.makerRate : fees.takerRate, money.feeUnit);
        return;
      case 'perShare':
        mulInto(out, qty, fees.moneyPerLot);
        divHalfEvenInto(out, out, money.feeUnit);
        mulSmallInto(out, out, money.feeUnit);
        return;
      case 'tiered':
        feeInto(out, price, qty, money.moneyPerTickLot, this.#tierRate(fees.tiers, holder, at, money), money.feeUnit);
        mulInto(notional, Math.abs(price), qty);
        mulSmallInto(notional, notional, money.moneyPerTickLot);
        addInto(this.#monthOf(holder, at).traded, this.#monthOf(holder, at).traded, notional);
    }
  }

  #tierRate(tiers: readonly FeeTier[], holder: Holder, at: Micros, money: FeeMoney): number {
    const { traded } = this.#monthOf(holder, at);
    let { rate } = tiers[0];
    for (const tier of tiers) {
      mulInto(threshold, tier.fromNotional, money.unitsPerCurrency);
      if (cmp(traded, threshold) >= 0) rate = tier.rate;
    }
    return rate;
  }

  #monthOf(holder: Holder, at: Micros): Month {
    const { year, month } = civilFromDay(dayNumber(at));
    const now = year * 12 + month;
    let entry = this.#months.get(holder);
    if (entry === undefined) {
      entry = { month: now, traded: splitZero() };
      this.#months.set(holder, entry);
    }
    if (entry.month !== now) {
      entry.month = now;
      fromSafe(entry.traded, 0);
    }
    return entry;
  }
}

function requireFees(fees: BarFees): void {
  switch (fees.kind) {
    case 'none':
      return;
    case 'bps':
      return requireRate(fees.rate);
    case 'makerTaker':
      requireRate(fees.makerRate);
      return requireRate(fees.takerRate);
    case 'perShare':
      if (!(Number.isSafeInteger(fees.moneyPerLot) && fees.moneyPerLot >= 0))
        throw new RangeError(`fee per lot: expected a whole number from 0 on, was ${fees.moneyPerLot}`);
      return;
    case 'tiered':
      fees.tiers.forEach(({ fromNotional, rate }, n) => {
        requireRate(rate);
        const least = n === 0 ? 0 : fees.tiers[n - 1].fromNotional + 1;
        const fits = Number.isSafeInteger(fromNotional) && (n === 0 ? fromNotional === 0 : fromNotional >= least);
        if (!fits)
          throw new RangeError(`fee tier ${n + 1}: expected to start at ${n === 0 ? '0' : `${least} or more`}, was ${fromNotional}`);
      });
      if (fees.tiers.length === 0) throw new RangeError('fee tiers: expected at least one');
  }
}

function requireRate(rate: number): void {
  if (!(Number.isSafeInteger(rate) && Math.abs(rate) <= maxFeeRate))
    throw new RangeError(`fee rate: expected a whole number up to ${maxFeeRate} either way, was ${rate}`);
}
