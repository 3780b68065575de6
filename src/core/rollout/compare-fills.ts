import { toNumber } from '../../base/split.ts';
import type { Micros } from '../../base/units.ts';
import type { Report } from '../../domain/report.ts';
import type { Core } from '../core.ts';
import type { Outcome } from '../outcome.ts';
import type { ReportOutcome } from '../orders/report-outcome.ts';
import { isOver, type StoredOrder } from '../orders/stored-order.ts';
import type { ComparedOrder } from './compared-order.ts';
import { entriesOf, tellEnded } from './order-comparison.ts';

/** A report was applied and booked: what it did to an order that is compared. A pair that was told before stays as it was told. */
export function compareReport(core: Core, order: StoredOrder, out: ReportOutcome, report: Report, at: Micros, outcome: Outcome): void {
  let ended = false;
  for (const one of entriesOf(core, order.row, out.replaced === 0 ? order.clOrdID : out.replaced)) {
    one.clOrdID = order.clOrdID;
    one.wholeQty = order.orderQty;
    if (out.booking !== 'none') takeBooking(core, one, out, report, at);
    one.over = isOver(order);
    ended ||= one.over;
  }
  if (ended) tellEnded(core, order.row, outcome);
}

function takeBooking(core: Core, one: ComparedOrder, { booking, original }: ReportOutcome, report: Report, at: Micros): void {
  const { fee, feeCurrency, returnedFee, returnedCurrency } = core.booking;
  const { currency } = core.registry.listings[one.listing];
  if (booking !== 'fill') {
    one.filledQty -= original.lastQty;
    one.traded -= original.lastQty * original.lastPx;
    one.fees -= toNumber(returnedFee);
    if (returnedCurrency !== currency && toNumber(returnedFee) !== 0) one.foreignFees = true;
  }
  if (booking === 'bust') return;
  one.filledQty += report.lastQty;
  one.traded += report.lastQty * report.lastPx;
  one.fees += toNumber(fee);
  if (feeCurrency !== currency && toNumber(fee) !== 0) one.foreignFees = true;
  one.lastFillAt = at;
}
