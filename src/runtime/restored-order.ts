import type { AccountIx, ClOrdID, ListingIx, RowIx, VenueIx } from '../domain/ids.ts';

/** An order of a desk before, as far as a kill needs it. */
export interface RestoredOrder {
  readonly clOrdID: ClOrdID;
  readonly venue: VenueIx;
  readonly account: AccountIx;
  readonly listing: ListingIx;
  readonly row: RowIx;
  readonly simulated: boolean;
}
