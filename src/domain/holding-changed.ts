import type { Lots } from '../base/units.ts';
import type { MoneyField } from './decision.ts';
import type { AccountIx, CurrencyIx, ListingIx, RowIx } from './ids.ts';
import type { CashFlowKind } from './input.ts';

/** paperRun: what an earlier run on paper held has left the row's paper side, the new instance is flat. */
export type HoldingCause = 'split' | CashFlowKind | 'paperRun';

/** What a row holds changed without a fill: shares after a split, with the cash for the fraction of a lot; or cash alone (listing -1). Not for deposits and transfers. */
export interface HoldingChanged {
  readonly kind: 'holdingChanged';
  readonly cause: HoldingCause;
  readonly row: RowIx;
  readonly account: AccountIx;
  /** -1 = none: cash alone. */
  readonly listing: ListingIx;
  readonly simulated: boolean;
  /** Lots in the listing from now on; 0 without one. */
  readonly position: Lots;
  /** Positive = to the row, in units of its currency. */
  readonly cash: MoneyField;
  readonly currency: CurrencyIx;
}
