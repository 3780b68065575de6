import { formatSplit } from '../../base/decimal.ts';
import { addInto, fromSafe, isZero, mulSmallInto, setInto, splitZero, subInto, toNumber, type Split } from '../../base/split.ts';
import { microsUnchecked } from '../../base/units.ts';
import { isoFromMicros } from '../../base/time.ts';
import type { Core } from '../../core/core.ts';
import { convertInto } from '../../core/risk/rates.ts';
import type { CurrencyIx } from '../../domain/ids.ts';
import type { CurrencyResult } from '../../ports/backtest.ts';
import type { ListingScale } from './listing-scale.ts';

/** The currency of capital, equity and limits is registered first. */
const base: CurrencyIx = 0;

/** What a run has made in one currency, units of 10^-exponent of it. */
interface Purse {
  readonly currency: CurrencyIx;
  readonly cash: Split;
  readonly fees: Split;
  readonly traded: Split;
  /** Cash and positions at the last point of the equity; the same in the run's currency, and what of that rates made. */
  readonly worth: Split;
  readonly inBase: Split;
  readonly fromRates: Split;
  /** Of each point. */
  readonly rates: number[];
}

/**
 * The money of a run that is not in its own currency: a purse for each, in which nothing is ever converted. What all of it is worth is told at the core's rates, summed up
 * in each currency first and converted half-even.
 */
export class ForeignMoney {
  readonly #core: Core;
  readonly #scales: readonly ListingScale[];
  readonly #purses = new Map<CurrencyIx, Purse>();
  readonly #own: Purse = purseOf(base);
  readonly #converted = splitZero();

  constructor(core: Core, scales: readonly ListingScale[]) {
    this.#core = core;
    this.#scales = scales;
    for (const { currency } of scales) if (currency !== base && !this.#purses.has(currency)) this.#purses.set(currency, purseOf(currency));
  }

  /** A fill as it was booked. @returns whether its cash is in another currency than the run's */
  book(listing: number, cash: Readonly<Split>, fee: Readonly<Split>): boolean {
    const purse = this.#purseOf(listing);
    addInto(purse.cash, purse.cash, cash);
    subInto(purse.cash, purse.cash, fee);
    addInto(purse.fees, purse.fees, fee);
    if (cash.hi < 0) subInto(purse.traded, purse.traded, cash);
    else addInto(purse.traded, purse.traded, cash);
    return purse !== this.#own;
  }

  /** Money without a fill; a fee of a roll is one as those of fills are. */
  receive(currency: CurrencyIx, cash: Readonly<Split>, isFee: boolean): boolean {
    const purse = this.#purses.get(currency) ?? this.#own;
    addInto(purse.cash, purse.cash, cash);
    if (isFee) subInto(purse.fees, purse.fees, cash);
    return purse !== this.#own;
  }

  #purseOf(listing: number): Purse {
    return this.#purses.get(this.#scales[listing].currency) ?? this.#own;
  }

  /** Money of a currency in the run's, at the rate of now. @throws RangeError naming the currency where there is none */
  toBase(money: Readonly<Split>, currency: CurrencyIx): Readonly<Split> {
    const { rates } = this.#core.risk;
    if (convertInto(this.#converted, rates, money, currency, base, false)) return this.#converted;
    const { registry, at } = this.#core;
    const [from, to] = [registry.currencies[currency].code, registry.currencies[base].code];
    throw new RangeError(`rates: nothing says at ${isoFromMicros(microsUnchecked(at))} what ${from} is worth in ${to}`);
  }

  /** The run's currency for one of a currency now; the nearest double. */
  rateOf(currency: CurrencyIx): number {
    const { exponent } = this.#core.registry.currencies[currency];
    fromSafe(unit, 10 ** exponent);
    mulSmallInto(unit, unit, precision);
    return toNumber(this.toBase(unit, currency)) / (10 ** this.#core.registry.currencies[base].exponent * precision);
  }

  /** Begins a point of the equity: each purse is worth its cash. */
  begin(): void {
    for (const purse of this.#purses.values()) {
      // what was had until now, at the rates of now
      if (!isZero(purse.worth)) {
        addInto(purse.fromRates, purse.fromRates, this.toBase(purse.worth, purse.currency));
        subInto(purse.fromRates, purse.fromRates, purse.inBase);
      }
      setInto(purse.worth, purse.cash);
    }
  }

  /** Adds a position of the listing. @returns false = it is in the run's own currency and counts there */
  add(listing: number, value: Readonly<Split>): boolean {
    const purse = this.#purses.get(this.#scales[listing].currency);
    if (purse === undefined) return false;
    addInto(purse.worth, purse.worth, value);
    return true;
  }

  /** Adds what the purses are worth now. */
  end(total: Split): void {
    for (const purse of this.#purses.values()) {
      const { currency, worth, inBase, rates } = purse;
      if (isZero(worth)) fromSafe(inBase, 0);
      else setInto(inBase, this.toBase(worth, currency));
      addInto(total, total, inBase);
      rates.push(this.#isRated(currency) ? this.rateOf(currency) : NaN);
    }
  }

  #isRated(currency: CurrencyIx): boolean {
    fromSafe(unit, 1_000_000);
    return convertInto(this.#converted, this.#core.risk.rates, unit, currency, base, false);
  }

  /** `total`: what the run made in all, its own currency; exact decimals of six places. */
  results(total: Readonly<Split>): readonly CurrencyResult[] {
    const own = this.#own;
    setInto(own.worth, total);
    const points = this.#purses.values().next().value?.rates.length ?? 0;
    for (const { inBase } of this.#purses.values()) subInto(own.worth, own.worth, inBase);
    setInto(own.inBase, own.worth);
    return [own, ...this.#purses.values()].map(({ currency, fees, traded, worth, inBase, fromRates, rates }) => {
      const { code, exponent } = this.#core.registry.currencies[currency];
      const text = (money: Readonly<Split>): string => formatSplit(money, exponent);
      return {
        currency: code,
        instruments: this.#scales.filter((scale) => scale.currency === currency).map(({ instrumentID }) => instrumentID),
        pnl: text(worth),
        pnlInBase: text(inBase),
        fromRates: text(fromRates),
        fees: text(fees),
        traded: text(traded),
        rate: currency === base ? new Float64Array(points).fill(1) : Float64Array.from(rates),
      };
    });
  }
}

const unit = splitZero();
/** Rates are told to so many parts of a unit. */
const precision = 1_000_000;

function purseOf(currency: CurrencyIx): Purse {
  const money = {
    cash: splitZero(),
    fees: splitZero(),
    traded: splitZero(),
    worth: splitZero(),
    inBase: splitZero(),
    fromRates: splitZero(),
  };
  return { currency, ...money, rates: [] };
}
