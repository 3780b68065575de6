import { addInto, fromSafe, isZero, mulInto, mulSmallInto, setInto, splitZero, subInto, type Split } from '../base/split.ts';
import type { Lots, Ticks } from '../base/units.ts';
import type { Booking } from '../core/positions/booking.ts';
import type { ListingRow } from '../core/registry.ts';
import type { CurrencyIx, ListingIx } from '../domain/ids.ts';

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

/** What one version has: its capital and what its own fills have made of it, in one currency; exact but for the double that names the capital. */
export class OwnMoney {
  readonly #listings: readonly ListingRow[];
  readonly #currency: CurrencyIx | undefined;
  readonly #won = splitZero();
  readonly #value = splitZero();
  /** A fee in another currency was charged: its worth in this one is not known here. */
  #mixed = false;

  constructor(listings: readonly ListingRow[], universe: readonly ListingIx[]) {
    this.#listings = listings;
    const currencies = new Set(universe.map((ix) => listings[ix].currency));
    this.#currency = currencies.size === 1 ? listings[universe[0]].currency : undefined;
  }

  book(listing: ListingIx, money: FillMoney): void {
    if (this.#listings[listing].currency !== this.#currency) this.#mixed = true;
    addInto(this.#won, this.#won, money.cash);
    if (this.#takes(money.fee, money.feeCurrency)) subInto(this.#won, this.#won, money.fee);
    if (this.#takes(money.returnedFee, money.returnedCurrency)) addInto(this.#won, this.#won, money.returnedFee);
  }

  /** Money without a fill. */
  receive(cash: Readonly<Split>, currency: CurrencyIx): void {
    if (this.#takes(cash, currency)) addInto(this.#won, this.#won, cash);
  }

  state(): { readonly won: Readonly<Split>; readonly mixed: boolean } {
    return { won: { hi: this.#won.hi, lo: this.#won.lo }, mixed: this.#mixed };
  }

  restore({ won, mixed }: { readonly won: Readonly<Split>; readonly mixed: boolean }): void {
    setInto(this.#won, won);
    this.#mixed = mixed;
  }

  /** Whether it counts here. */
  #takes(fee: Readonly<Split>, currency: CurrencyIx): boolean {
    if (isZero(fee)) return false;
    if (currency !== this.#currency) this.#mixed = true;
    return currency === this.#currency;
  }

  /**
   * Capital + cash of the fills - fees + positions at their last prices, in units of 10^-exponent of the currency.
   * @returns undefined where there is more than one currency, or no price yet for what is held
   */
  equity(
    capital: number,
    positions: ReadonlyMap<ListingIx, Lots>,
    lastPx: (listing: ListingIx) => Ticks | undefined,
  ): Readonly<Split> | undefined {
    if (this.#currency === undefined || this.#mixed) return undefined;
    const total = splitZero();
    const row = this.#listings.find((listing) => listing.currency === this.#currency);
    if (row === undefined) return undefined;
    unitsInto(total, capital * row.unitsPerCurrency);
    addInto(total, total, this.#won);
    for (const [listing, position] of positions) {
      if (position === 0) continue;
      const price = lastPx(listing);
      if (price === undefined) return undefined;
      mulInto(this.#value, position, price);
      mulSmallInto(this.#value, this.#value, this.#listings[listing].moneyPerTickLot);
      addInto(total, total, this.#value);
    }
    return total;
  }
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
