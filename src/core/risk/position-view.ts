import type { Split } from '../../base/split.ts';
import type { AccountIx, InstrumentIx, ListingIx, RowIx } from '../../domain/ids.ts';
import type { ScopeKind } from './scopes.ts';

/** What a booked fill did to its leaf, money in the listing's currency, the fee too. */
export interface FillMove {
  /** In (+) or out (-), before fees. */
  readonly cash: Split;
  readonly fee: Split;
  /** How the sum over the lots of |cost at entry| changed. */
  readonly entryCost: Split;
  /** Signed lots after it. */
  readonly position: number;
}

/**
 * What the risk gate asks of the ledger. It is asked after a booking or a mark, never while an order is checked: `positionMoved` and `markMoved`
 * (moves.ts) copy the answers into columns; `positionBase` is for the audit `positionsDiffer`. Leaves of simulated rows are asked for with `simulated` true and never count in a sum.
 */
export interface PositionView {
  /** Lots, signed, of one leaf. */
  leafPosition(row: RowIx, account: AccountIx, listing: ListingIx, simulated: boolean): number;
  /** Base units, signed, of an instrument in a scope: firm (ix 0), account, algorithm, version (RowIx) or venue; simulated leaves left out. */
  positionBase(scope: ScopeKind, scopeIx: number, instrument: InstrumentIx): number;
  /** Sum over the row's lots of |cost at entry|, units of the slice's currency. */
  entryCost(row: RowIx, simulated: boolean, out: Split): void;
  /**
   * Total result of one leaf since its beginning: realised, unrealised at `markTwice` (half ticks; 0 = no price: unrealised is left as it was last
   * valued), fees and cash flows, in units of the listing's currency.
   */
  leafPnl(row: RowIx, account: AccountIx, listing: ListingIx, simulated: boolean, markTwice: number, out: Split): void;
  /** Whether everything booked to the row, fees too, is in one currency: then a fill's money adds up with what was there. */
  hasOneCurrency(row: RowIx, simulated: boolean): boolean;
  /** Cash that came into the account from outside (deposits, transfers) less what left it, micro-money of the firm's currency, rounded down. */
  accountCash(account: AccountIx): number;
}
