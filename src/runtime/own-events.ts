import { lotsUnchecked, ticksUnchecked } from '../base/units.ts';
import type { Core } from '../core/core.ts';
import { orderByClOrdID } from '../core/core.ts';
import type { Decision } from '../domain/decision.ts';
import type { OwnEvent } from './host-port.ts';
import { fillMoneyOf } from './own-money.ts';

/** What the strategies hear of the decisions of one step, in order. Paper fills are heard like real ones. */
export function ownEventsOf(core: Core, decisions: readonly Decision[], into: OwnEvent[]): void {
  for (const decision of decisions) {
    switch (decision.kind) {
      case 'orderDenied': {
        if (decision.action !== 'new') {
          into.push(update(decision.row, decision.tag, 'cancelRejected', decision.code));
          break;
        }
        into.push(update(decision.row, decision.tag, 'denied', decision.code));
        break;
      }
      case 'orderStateChanged': {
        const order = orderByClOrdID(core, decision.clOrdID);
        if (order === undefined || order.tag === 0) break;
        const status = decision.by === 'replaced' ? 'replaced' : decision.by === 'cancelRejected' || decision.by === 'replaceRejected' ? 'cancelRejected' : decision.to;
        into.push({
          kind: 'ownUpdate',
          row: decision.row,
          update: { tag: order.tag, ordStatus: status, code: decision.by },
          leavesQty: decision.leavesQty,
          cumQty: decision.cumQty,
          price: order.price,
          orderQty: order.orderQty,
        });
        break;
      }
      case 'fillBooked': {
        const order = orderByClOrdID(core, decision.clOrdID);
        if (order === undefined || order.row !== decision.row) break;
        const { leavesQty } = order;
        const tag = order.tag === 0 ? (orderByClOrdID(core, order.bracketOf)?.tag ?? 0) : order.tag;
        if (tag === 0) break;
        const money = fillMoneyOf(core.booking);
        into.push({
          kind: 'ownFill',
          row: decision.row,
          money,
          fill: {
            tag,
            listing: decision.listing,
            side: decision.side,
            lastQty: decision.lastQty,
            lastPx: decision.lastPx,
            leavesQty,
            position: decision.position,
            fee: money.fee,
            feeCurrency: money.feeCurrency,
            transactTime: core.at,
          },
        });
        break;
      }
      case 'orderSent':
      case 'replaceSent':
      case 'cancelSent':
      case 'breakFound':
      case 'lifecycleChanged':
      case 'deploymentProposed':
      case 'phaseChanged':
      case 'rowChanged':
      case 'gateJudged':
      case 'stageGranted':
      case 'triggerFired':
      case 'rollbackStepDone':
      case 'rollbackCompleted':
      case 'lotsTransferred':
      case 'capitalOverdraft':
      case 'killLatched':
      case 'limitChanged':
      case 'commandAnswered':
      case 'alertRaised':
      case 'positionCompared':
      case 'stateHashed':
        break;
    }
  }
}

function update(row: number, tag: number, ordStatus: 'denied' | 'cancelRejected', code: string): OwnEvent {
  const none = lotsUnchecked(0);
  return { kind: 'ownUpdate', row, update: { tag, ordStatus, code }, leavesQty: none, cumQty: none, price: ticksUnchecked(0), orderQty: none };
}
