import type { AccountIx, CurrencyIx, InstrumentIx, ListingIx, RowIx } from '../../domain/ids.ts';
import type { ListingRow } from '../registry.ts';

/**
 * (row, account, listing): where an order of a row goes. One object each, all of one shape: a number of it is two or three instructions away, one in a column
 * ten (docs/decisions/0038). What every check reads of it stands in a column: a desk may have more routes than any cache holds (0048).
 */
export interface Route {
  readonly ix: number;
  readonly row: RowIx;
  readonly account: AccountIx;
  readonly listing: ListingIx;
  readonly simulated: boolean;
  /** Of its listing: instrument, base units of a lot, money of a tick of a lot and its currency. */
  readonly instrument: InstrumentIx;
  readonly baseUnits: number;
  readonly money: number;
  readonly currency: CurrencyIx;
  /** Lots that the live stops of brackets would buy or sell. */
  buyStops: number;
  sellStops: number;
  /** Position, open buys and open sells (`Exposure.lots`) as its cells have them, and whether it stands in the list of those that are behind (`unsettled.ts`). */
  settledPosition: number;
  settledBuys: number;
  settledSells: number;
  behind: boolean;
  /** Half ticks at which it was last valued, when the next change may be added to it (`difference.ts`); 0 = it is valued as a whole next time. */
  valuedAt: number;
  /** By own scope: the cell that it counts in. */
  readonly cells: readonly number[];
  /** The listing's route before it, -1 = none. */
  readonly next: number;
  /** The route of its row and instrument before it, whatever the venue, -1 = none. */
  readonly older: number;
}

/** A route of nobody, where there is none yet; what is read from a snapshot is put into one. */
export function blankRoute(ix: number): Route {
  return routeOf(ix, 0, -1, undefined, false, [], -1, -1);
}

/** A route without position and orders. */
export function routeOf(
  ix: number,
  row: RowIx,
  account: AccountIx,
  listing: ListingRow | undefined,
  simulated: boolean,
  cells: readonly number[],
  next: number,
  older: number,
): Route {
  return {
    ix,
    row,
    account,
    listing: listing?.ix ?? -1,
    simulated,
    instrument: listing?.instrument ?? -1,
    baseUnits: listing?.baseUnitsPerLot ?? 0,
    // 0.5: a double from the start, which it is in most currencies
    money: listing?.moneyPerTickLot ?? 0.5,
    currency: listing?.currency ?? -1,
    buyStops: 0,
    sellStops: 0,
    settledPosition: 0,
    settledBuys: 0,
    settledSells: 0,
    behind: false,
    valuedAt: 0,
    cells,
    next,
    older,
  };
}
