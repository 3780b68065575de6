import { assert } from '../../base/assert.ts';
import { fromSafe, mulDivFloorInto, splitZero, toNumber } from '../../base/split.ts';
import { intMap } from '../../base/int-map.ts';
import type { AccountIx, ListingIx } from '../../domain/ids.ts';
import { bidSide } from './matching-book.ts';
import type { BookSide } from './matching-book.ts';
import { isAccount } from './venue-order.ts';
import type { Holder } from './venue-order.ts';

/** Net position in lots of one account in one listing, as the venue holds it. */
export interface AccountPosition {
  readonly account: AccountIx;
  readonly listing: ListingIx;
  readonly position: number;
}

const wide = splitZero();

/** Lots after a split, towards zero; exact. */
function scaledLots(lots: number, numerator: number, denominator: number): number {
  const held = Math.abs(lots);
  const times = Math.floor(numerator / denominator);
  fromSafe(wide, held);
  mulDivFloorInto(wide, wide, numerator - times * denominator, denominator);
  const scaled = held * times + toNumber(wide);
  return lots < 0 ? -scaled : scaled;
}

const listingsPerHolder = 65_536;

/** Most (holder, listing) that ever traded. */
export const maxHoldings = 1_048_576;

/** Net positions per (holder, listing), in places that are given at the first trade. */
export class AccountPositions {
  readonly #places = intMap(maxHoldings);
  #lots = new Float64Array(64);

  of(holder: Holder, listing: ListingIx): number {
    const place = this.#places.get(holder * listingsPerHolder + listing);
    return place === undefined ? 0 : this.#lots[place];
  }

  add(holder: Holder, listing: ListingIx, side: BookSide, qty: number): void {
    const key = holder * listingsPerHolder + listing;
    const place = this.#places.get(key) ?? this.#newPlace(key);
    this.#lots[place] += side === bidSide ? qty : -qty;
  }

  /** `numerator` new lots for each `denominator` old ones of the listing, of every holder; fractions of a lot are dropped. */
  scale(listing: ListingIx, numerator: number, denominator: number): void {
    for (const key of this.#places.sortedKeys()) {
      const place = this.#places.get(key);
      if (place !== undefined && key % listingsPerHolder === listing)
        this.#lots[place] = scaledLots(this.#lots[place], numerator, denominator);
    }
  }

  #newPlace(key: number): number {
    const place = this.#places.size();
    assert(this.#places.set(key, place), 'holdings of a venue are within their maximum');
    if (place >= this.#lots.length) {
      const wider = new Float64Array(place * 2);
      wider.set(this.#lots);
      this.#lots = wider;
    }
    return place;
  }

  /** Lots that an order of `side` can take away from the position; 0 when it would add. */
  reducible(holder: Holder, listing: ListingIx, side: BookSide): number {
    const position = this.of(holder, listing);
    return side === bidSide ? Math.max(0, -position) : Math.max(0, position);
  }

  /** Of accounts, in order of account, then listing; closed positions are left out. */
  list(): AccountPosition[] {
    return [...this.#places.sortedKeys()]
      .map((key) => ({ key, position: this.#lots[this.#places.get(key) ?? 0] }))
      .map(({ key, position }) => ({ account: Math.floor(key / listingsPerHolder), listing: key % listingsPerHolder, position }))
      .filter(({ account, position }) => position !== 0 && isAccount(account))
      .sort((a, b) => a.account - b.account || a.listing - b.listing);
  }
}
