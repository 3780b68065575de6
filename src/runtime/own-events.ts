import { lotsUnchecked, ticksUnchecked } from '../base/units.ts';
import type { Core } from '../core/core.ts';
import { orderByClOrdID } from '../core/core.ts';
import type { Decision, FillBooked, OrderStateChanged } from '../domain/decision.ts';
import type { OwnEvent } from './host-port.ts';
import { fillMoneyOf } from './own-money.ts';

/** What the strategies hear of the decisions of one step, in order. Paper fills are heard like real ones. */
export function ownEventsOf(core: Core, decisions: readonly Decision[], into: OwnEvent[]): void {
  for (const decision of decisions) {
    switch (decision.kind) {
      case 'orderDenied':
        into.push(update(decision.row, decision.tag, decision.action === 'new' ? 'denied' : 'cancelRejected', decision.code));
        break;
      case 'orderStateChanged':
        hearState(core, decision, into);
        break;
      case 'fillBooked':
        hearFill(core, decision, into);
        break;
      default:
        // everything else is not about an order of a strategy
        break;
    }
  }
}

function hearState(core: Core, changed: OrderStateChanged, into: OwnEvent[]): void {
  const order = orderByClOrdID(core, changed.clOrdID);
  if (order === undefined || order.tag === 0) return;
  const { by, to, row, leavesQty, cumQty } = changed;
  const ordStatus = by === 'replaced' ? 'replaced' : by === 'cancelRejected' || by === 'replaceRejected' ? 'cancelRejected' : to;
  into.push({
    kind: 'ownUpdate',
    row,
    update: { tag: order.tag, ordStatus, code: by },
    leavesQty,
    cumQty,
    price: order.price,
    orderQty: order.orderQty,
  });
}

/** A fill of a bracket's child is heard under the number of its entry. */
function hearFill(core: Core, booked: FillBooked, into: OwnEvent[]): void {
  const order = orderByClOrdID(core, booked.clOrdID);
  if (order === undefined || order.row !== booked.row) return;
  const { leavesQty } = order;
  const tag = order.tag === 0 ? (orderByClOrdID(core, order.bracketOf)?.tag ?? 0) : order.tag;
  if (tag === 0) return;
  const money = fillMoneyOf(core.booking);
  const { row, listing, side, lastQty, lastPx, position } = booked;
  into.push({
    kind: 'ownFill',
    row,
    money,
    fill: {
      tag,
      listing,
      side,
      lastQty,
      lastPx,
      leavesQty,
      position,
      fee: money.fee,
      feeCurrency: money.feeCurrency,
      transactTime: core.at,
    },
  });
}

function update(row: number, tag: number, ordStatus: 'denied' | 'cancelRejected', code: string): OwnEvent {
  const none = lotsUnchecked(0);
  return {
    kind: 'ownUpdate',
    row,
    update: { tag, ordStatus, code },
    leavesQty: none,
    cumQty: none,
    price: ticksUnchecked(0),
    orderQty: none,
  };
}
