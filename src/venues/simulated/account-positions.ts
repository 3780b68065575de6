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

const listingsPerHolder = 65_536;

/** Net positions per (holder, listing). Grows with the number of pairs that ever traded, at most holders x listings. */
export class AccountPositions {
  readonly #lots = new Map<number, number>();

  of(holder: Holder, listing: ListingIx): number {
    return this.#lots.get(holder * listingsPerHolder + listing) ?? 0;
  }

  add(holder: Holder, listing: ListingIx, side: BookSide, qty: number): void {
    const key = holder * listingsPerHolder + listing;
    this.#lots.set(key, (this.#lots.get(key) ?? 0) + (side === bidSide ? qty : -qty));
  }

  /** Lots that an order of `side` can take away from the position; 0 when it would add. */
  reducible(holder: Holder, listing: ListingIx, side: BookSide): number {
    const position = this.of(holder, listing);
    return side === bidSide ? Math.max(0, -position) : Math.max(0, position);
  }

  /** Of accounts, in order of account, then listing; closed positions are left out. */
  list(): AccountPosition[] {
    return [...this.#lots]
      .map(([key, position]) => ({ account: Math.floor(key / listingsPerHolder), listing: key % listingsPerHolder, position }))
      .filter(({ account, position }) => position !== 0 && isAccount(account))
      .sort((a, b) => a.account - b.account || a.listing - b.listing);
  }
}
