import type { StatedOrder } from '../../domain/statement.ts';
import { bidSide } from './matching-book.ts';
import type { VenueOrder } from './venue-order.ts';

/** A live order as a statement has it. */
export function statedOrder(order: VenueOrder): StatedOrder {
  const { clOrdID, term, orderID, listing, side, orderQty, cumQty, leavesQty, price } = order;
  return { clOrdID, term, orderID, listing, side: side === bidSide ? 'buy' : 'sell', orderQty, cumQty, leavesQty, price };
}
