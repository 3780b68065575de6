import { addInto, fromSafe, isZero, mulInto, mulSmallInto, setInto, splitZero, subInto, type Split } from '../base/split.ts';
import type { Lots, Ticks } from '../base/units.ts';
import type { Core } from '../core/core.ts';
import type { Booking } from '../core/positions/booking.ts';
import type { ListingRow } from '../core/registry.ts';
import { findPath, scaleInto, type RatePair } from '../core/risk/rates.ts';
import type { CurrencyIx, ListingIx, RowIx } from '../domain/ids.ts';

/** What one booking did to the owner's money, each in its currency; copied, because the core reuses its own. */
export interface FillMoney {
  /** Cash in (+) or out (-) before fees, in the listing's currency. */
  readonly cash: Readonly<Split>;
  readonly fee: Readonly<Split>;
  readonly feeCurrency: CurrencyIx;
  /** Commission given back by a bust or a correction. */
  readonly returnedFee: Readonly<Split>;
  readonly returnedCurrency: CurrencyIx;
}

export function fillMoneyOf(booking: Booking): FillMoney {
  const { cash, fee, feeCurrency, returnedFee, returnedCurrency } = booking;
  return {
    cash: { hi: cash.hi, lo: cash.lo },
    fee: { hi: fee.hi, lo: fee.lo },
    feeCurrency,
    returnedFee: { hi: returnedFee.hi, lo: returnedFee.lo },
    returnedCurrency,
  };
}

const SPLIT_BASE = 281_474_976_710_656;

/** How a row that knows several currencies counts them together: plain values that may go to another thread. */
export interface MoneyTerms {
  /** That of its slice and its capital, and how many units of money one of it has. */
  readonly currency: CurrencyIx;
  readonly unitsPerCurrency: number;
  /** How many currencies there are. */
  readonly currencies: number;
  /** As the core converts by them. */
  readonly pairs: readonly RatePair[];
}

/** Of a row whose universe has other currencies than its slice; undefined = nothing is to be converted. */
export function moneyTermsOf({ registry, gate, risk }: Core, row: RowIx, universe: readonly ListingIx[]): MoneyTerms | undefined {
  const { currency } = gate.slices[gate.rows[row].slice];
  if (universe.every((ix) => registry.listings[ix].currency === currency)) return undefined;
  const unitsPerCurrency = 10 ** registry.currencies[currency].exponent;
  return { currency, unitsPerCurrency, currencies: registry.currencies.length, pairs: risk.rates.pairs.map((pair) => ({ ...pair })) };
}

/** Listings that such a row hears of beside its universe: the rates of its currencies. */
export function rateListings(terms: MoneyTerms | undefined): readonly ListingIx[] {
  return terms === undefined ? [] : terms.pairs.map(({ listing }) => listing);
}

/** What is known of prices: last close or print, and twice the middle of the book or else of that; 0 = none. */
export interface PriceView {
  lastPx(listing: ListingIx): Ticks | undefined;
  midTwice(listing: ListingIx): number;
}

/** What one version has: its capital and what its own fills have made of it; exact but for the double that names the capital, and for rates where it knows several currencies. */
export class OwnMoney {
  readonly #listings: readonly ListingRow[];
  readonly #currency: CurrencyIx | undefined;
  readonly #terms: MoneyTerms | undefined;
  readonly #won = splitZero();
  /** The same in other currencies, where they can be converted. */
  readonly #others = new Map<CurrencyIx, Split>();
  readonly #value = splitZero();
  /** A fee in another currency was charged: its worth in this one is not known here. */
  #mixed = false;

  constructor(listings: readonly ListingRow[], universe: readonly ListingIx[], terms?: MoneyTerms) {
    this.#listings = listings;
    this.#terms = terms;
    const currencies = new Set(universe.map((ix) => listings[ix].currency));
    this.#currency = terms?.currency ?? (currencies.size === 1 ? listings[universe[0]].currency : undefined);
  }

  book(listing: ListingIx, money: FillMoney): void {
    const { currency } = this.#listings[listing];
    if (currency === this.#currency) addInto(this.#won, this.#won, money.cash);
    else if (this.#terms === undefined) this.#mixed = true;
    else this.#addOther(currency, money.cash, false);
    this.#take(money.fee, money.feeCurrency, true);
    this.#take(money.returnedFee, money.returnedCurrency, false);
  }

  /** Money without a fill. */
  receive(cash: Readonly<Split>, currency: CurrencyIx): void {
    this.#take(cash, currency, false);
  }

  state(): {
    readonly won: Readonly<Split>;
    readonly mixed: boolean;
    readonly others?: readonly (readonly [CurrencyIx, Readonly<Split>])[];
  } {
    const own = { won: { hi: this.#won.hi, lo: this.#won.lo }, mixed: this.#mixed };
    return this.#others.size === 0 ? own : { ...own, others: [...this.#others].map(([currency, { hi, lo }]) => [currency, { hi, lo }]) };
  }

  restore({ won, mixed, others = [] }: ReturnType<OwnMoney['state']>): void {
    setInto(this.#won, won);
    this.#mixed = mixed;
    this.#others.clear();
    for (const [currency, money] of others) this.#addOther(currency, money, false);
  }

  #take(money: Readonly<Split>, currency: CurrencyIx, paid: boolean): void {
    if (isZero(money)) return;
    if (currency !== this.#currency) {
      if (this.#terms === undefined) this.#mixed = true;
      else this.#addOther(currency, money, paid);
    } else if (paid) subInto(this.#won, this.#won, money);
    else addInto(this.#won, this.#won, money);
  }

  #addOther(currency: CurrencyIx, money: Readonly<Split>, paid: boolean): void {
    let sum = this.#others.get(currency);
    if (sum === undefined) {
      sum = splitZero();
      this.#others.set(currency, sum);
    }
    if (paid) subInto(sum, sum, money);
    else addInto(sum, sum, money);
  }

  /**
   * Capital + cash of the fills - fees + positions at their last prices, in units of 10^-exponent of the currency. What is in other currencies is summed up in each and
   * converted at the rates of now, half-even.
   * @returns undefined where there is more than one currency and no rate, or no price yet for what is held
   */
  equity(capital: number, positions: ReadonlyMap<ListingIx, Lots>, prices: PriceView): Readonly<Split> | undefined {
    if (this.#currency === undefined || this.#mixed) return undefined;
    const total = splitZero();
    const units = this.#terms?.unitsPerCurrency ?? this.#listings.find(({ currency }) => currency === this.#currency)?.unitsPerCurrency;
    if (units === undefined) return undefined;
    unitsInto(total, capital * units);
    addInto(total, total, this.#won);
    const foreign = this.#terms === undefined ? undefined : copyOf(this.#others);
    for (const [listing, position] of positions) {
      if (position === 0) continue;
      const price = prices.lastPx(listing);
      if (price === undefined) return undefined;
      const { moneyPerTickLot, currency } = this.#listings[listing];
      mulInto(this.#value, position, price);
      mulSmallInto(this.#value, this.#value, moneyPerTickLot);
      const sum = foreign === undefined || currency === this.#currency ? total : sumOf(foreign, currency);
      addInto(sum, sum, this.#value);
    }
    for (const [currency, sum] of foreign ?? []) {
      if (isZero(sum)) continue;
      if (!this.#convert(sum, currency, this.#currency, prices)) return undefined;
      addInto(total, total, sum);
    }
    return total;
  }

  /** Own money in the currency of a listing, half-even; undefined = no rate. */
  inCurrencyOf(listing: ListingIx, money: Readonly<Split>, prices: PriceView): Readonly<Split> | undefined {
    const { currency } = this.#listings[listing];
    if (currency === this.#currency || this.#terms === undefined) return money;
    const converted = { hi: money.hi, lo: money.lo };
    return this.#currency !== undefined && this.#convert(converted, this.#currency, currency, prices) ? converted : undefined;
  }

  /** How much own currency one of the listing's currency is worth, a double for sizing; Infinity where no rate is known: nobody can pay for it. */
  rateOf(listing: ListingIx, prices: PriceView): number {
    const row = this.#listings[listing];
    if (this.#terms === undefined || row.currency === this.#currency) return 1;
    const { pairs, currencies, currency, unitsPerCurrency } = this.#terms;
    const path = findPath(pairs, currencies, row.currency, currency);
    let rate = path.length === 0 ? Infinity : row.unitsPerCurrency / unitsPerCurrency;
    for (const leg of path) {
      const { listing: of, up, down } = pairs[leg < 0 ? ~leg : leg];
      const mid = prices.midTwice(of);
      if (!(mid > 0)) return Infinity;
      rate *= leg < 0 ? down / (mid * up) : (mid * up) / down;
    }
    return rate;
  }

  #convert(money: Split, from: CurrencyIx, to: CurrencyIx, prices: PriceView): boolean {
    const { pairs, currencies } = this.#terms ?? { pairs: [], currencies: 0 };
    const path = findPath(pairs, currencies, from, to);
    for (const leg of path) {
      const pair = pairs[leg < 0 ? ~leg : leg];
      const mid = prices.midTwice(pair.listing);
      if (!(mid > 0) || !scaleInto(money, mid, pair, leg < 0, false)) return false;
    }
    return path.length > 0;
  }
}

function copyOf(sums: ReadonlyMap<CurrencyIx, Split>): Map<CurrencyIx, Split> {
  return new Map([...sums].map(([currency, { hi, lo }]) => [currency, { hi, lo }]));
}

function sumOf(sums: Map<CurrencyIx, Split>, currency: CurrencyIx): Split {
  const known = sums.get(currency);
  if (known !== undefined) return known;
  const sum = splitZero();
  sums.set(currency, sum);
  return sum;
}

/** The whole number nearest to a double, also past 2^53. */
function unitsInto(out: Split, units: number): void {
  const whole = Math.round(units);
  if (Number.isSafeInteger(whole)) {
    fromSafe(out, whole);
    return;
  }
  out.hi = Math.floor(whole / SPLIT_BASE);
  out.lo = whole - out.hi * SPLIT_BASE;
}
