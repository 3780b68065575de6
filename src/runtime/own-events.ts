import { lotsUnchecked, ticksUnchecked } from '../base/units.ts';
import type { Core } from '../core/core.ts';
import { orderByClOrdID } from '../core/core.ts';
import { modeSimulated } from '../core/risk/order-gate.ts';
import { ownerOf, tradesCapital } from '../core/rollout/heirs.ts';
import type { Decision, FillBooked, OrderStateChanged } from '../domain/decision.ts';
import type { HoldingChanged } from '../domain/holding-changed.ts';
import type { OwnEvent } from './host-port.ts';
import { fillMoneyOf } from './own-money.ts';

/** What the strategies hear of the decisions of one step, in order. Paper fills are heard like real ones. */
export function ownEventsOf(core: Core, decisions: readonly Decision[], into: OwnEvent[]): void {
  for (const decision of decisions) {
    switch (decision.kind) {
      case 'orderDenied':
        into.push(update(core, decision.row, decision.tag, decision.action === 'new' ? 'denied' : 'cancelRejected', decision.code));
        break;
      case 'orderStateChanged':
        hearState(core, decision, into);
        break;
      case 'fillBooked':
        hearFill(core, decision, into);
        break;
      case 'holdingChanged':
        // whoever begins afresh never had what an earlier run held
        if (decision.cause === 'paperRun') break;
        hearHolding(core, decision, into);
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
  // an order at the simulator that outlived its run is none of the instance that runs now
  if (order.simulated && ownerOf(core, order).row !== order.row) return;
  const { by, to, row, leavesQty, cumQty } = changed;
  const ordStatus = by === 'replaced' ? 'replaced' : by === 'cancelRejected' || by === 'replaceRejected' ? 'cancelRejected' : to;
  into.push({
    kind: 'ownUpdate',
    row,
    simulated: order.simulated,
    update: { tag: order.tag, ordStatus, code: by },
    leavesQty,
    cumQty,
    price: order.price,
    orderQty: order.orderQty,
  });
}

/** A fill of a bracket's child is heard under the number of its entry; a late one of an order whose lots were handed over by whoever has them. */
function hearFill(core: Core, booked: FillBooked, into: OwnEvent[]): void {
  const order = orderByClOrdID(core, booked.clOrdID);
  if (order === undefined || core.gate.rows[booked.row].custodian) return;
  const { leavesQty, simulated, bracketOf } = order;
  const tagShift = order.row === booked.row ? 0 : ownerOf(core, order).tagShift;
  const own = order.tag === 0 ? (orderByClOrdID(core, bracketOf)?.tag ?? 0) : order.tag;
  if (own === 0) return;
  const tag = own + tagShift;
  const money = fillMoneyOf(core.booking);
  const { row, listing, side, lastQty, lastPx, position } = booked;
  into.push({
    kind: 'ownFill',
    row,
    simulated,
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

function hearHolding(core: Core, changed: HoldingChanged, into: OwnEvent[]): void {
  const { row, simulated, cause, listing, position, cash, currency } = changed;
  // what its run on paper left there is none of the instance that trades capital by now
  if (core.gate.rows[row].custodian || (simulated && tradesCapital(core, row))) return;
  into.push({ kind: 'ownHolding', row, simulated, holding: { cause, listing, position, cash, currency } });
}

function update(core: Core, row: number, tag: number, ordStatus: 'denied' | 'cancelRejected', code: string): OwnEvent {
  const none = lotsUnchecked(0);
  return {
    kind: 'ownUpdate',
    row,
    simulated: core.gate.mode[row] === modeSimulated,
    update: { tag, ordStatus, code },
    leavesQty: none,
    cumQty: none,
    price: ticksUnchecked(0),
    orderQty: none,
  };
}
