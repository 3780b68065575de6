import { lotsUnchecked, microsUnchecked, ticksUnchecked, type Micros } from '../base/units.ts';
import { clOrdIDText } from '../domain/ids.ts';
import type { Report } from '../domain/report.ts';
import type { GatewayNote } from './gateway.ts';

/** The gateway's own word about an order that did not get away, as the report that the order table understands. */
export function reportOfNote(note: GatewayNote, at: Micros): Report {
  const { order, outcome, replacing, code } = note;
  return {
    kind: 'report',
    venue: -1,
    listing: order.listing,
    clOrdID: order.clOrdID,
    origClOrdID: order.origClOrdID,
    orderID: '',
    execID: '',
    execRefID: '',
    execType: outcome === 'uncertain' ? 'timeout' : replacing ? 'replaceRejected' : 'rejected',
    lastQty: lotsUnchecked(0),
    lastPx: ticksUnchecked(0),
    cumQty: -1,
    leavesQty: -1,
    orderQty: lotsUnchecked(0),
    price: ticksUnchecked(0),
    commissionHi: 0,
    commissionLo: 0,
    commissionCurrency: 0,
    liquidity: 'none',
    text: `gateway: ${code}, order ${clOrdIDText(order.term, order.clOrdID)}`,
    transactTime: microsUnchecked(at),
    eventSeq: 0,
    simulated: order.simulated,
  };
}
