import { microsUnchecked, type Micros } from '../base/units.ts';
import { clOrdIDText } from '../domain/ids.ts';
import { blankReport, type Report } from '../domain/report.ts';
import type { GatewayNote } from './gateway.ts';

/** The gateway's own word about an order that did not get away, as the report that the order table understands. */
export function reportOfNote(note: GatewayNote, at: Micros): Report {
  const { order, outcome, replacing, code } = note;
  return {
    ...blankReport,
    listing: order.listing,
    clOrdID: order.clOrdID,
    origClOrdID: order.origClOrdID,
    execType: outcome === 'uncertain' ? 'timeout' : replacing ? 'replaceRejected' : 'rejected',
    text: `gateway: ${code}, order ${clOrdIDText(order.term, order.clOrdID)}`,
    transactTime: microsUnchecked(at),
    simulated: order.simulated,
  };
}
