import type { AccountIx, ClOrdID, ListingIx, RowIx } from '../../domain/ids.ts';
import type { Order, Side } from '../../domain/order.ts';
import type { Core } from '../core.ts';
import { findOrder } from '../orders/order-store.ts';
import { isOver } from '../orders/stored-order.ts';
import { findRoute, lotStride } from '../risk/exposure.ts';
import { modeOf } from '../risk/order-gate.ts';
import { asksForStop } from '../risk/protection.ts';
import { stopsRow } from './latches.ts';

/** What is looked at of an order, or of an intent that waits, which has neither leg nor bracket. */
interface Looked {
  readonly account: AccountIx;
  readonly listing: ListingIx;
  readonly leg?: Order['leg'];
  readonly bracketOf?: ClOrdID;
  readonly side?: Side;
  readonly simulated?: boolean;
}

/**
 * Whether an order is the stop or the target of a bracket whose entry has filled, on the other side of what its row holds: it only closes these lots, and taken back it would leave them without
 * their stop. Where nothing is held (its entry ended without a fill, its sibling filled, the fill was taken back) it would open a position, and is none.
 */
export function closesHeld({ orders, risk }: Core, row: RowIx, { account, listing, leg, bracketOf, side, simulated }: Looked): boolean {
  if ((leg !== 'stop' && leg !== 'target') || bracketOf === undefined) return false;
  const route = findRoute(risk.exposure, row, account, listing, simulated === true);
  const held = route === undefined ? 0 : risk.exposure.lots[route.ix * lotStride];
  if (side === 'sell' ? held <= 0 : held >= 0) return false;
  const entry = findOrder(orders, bracketOf);
  return entry === undefined || isOver(entry) || entry.cumQty > 0;
}

/** The same where a limit asks for that stop: whoever took it back would leave the position to be rolled back a second later. A version that is halted or killed keeps none. */
export function mustStay(core: Core, row: RowIx, order: Looked): boolean {
  if (!closesHeld(core, row, order) || !asksForStop(core.risk, row, order.account, order.listing)) return false;
  return modeOf(core.gate, row) !== 'HALTED' && !stopsRow(core, row);
}
