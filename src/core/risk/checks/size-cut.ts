import { addInto, cmp, columnGet, fromSafe, splitZero, subInto, type Split } from '../../../base/split.ts';
import type { CheckContext } from '../check-context.ts';
import { shareBps, shareInto } from '../equity.ts';
import { notionalInto, sliceReserveInto } from '../facts.ts';
import { firmMicroUp } from '../firm-money.ts';
import { sliceCurrency } from '../foreign.ts';
import { cutShareLimit } from '../limits.ts';
import { bpsOne } from '../reference.ts';
import type { Risk } from '../risk.ts';
import { noLimit } from '../scope-table.ts';
import { cutFor, cutScope } from '../size-cut.ts';
import { fromDoubleInto } from '../split-more.ts';
import { deny } from '../verdict.ts';

const size = splitZero();
const usual = splitZero();
const most = splitZero();
const part = splitZero();

/**
 * While the volatility index stands above its level, or is not known, an order is held to a share of maxOrderQty, of maxNotional and of its version's capital (what it uses
 * with the order). The denial says how much of the usual size was asked for.
 */
export function sizeCut(risk: Risk, c: CheckContext): boolean {
  if (risk.limits.active[cutShareLimit] === 0 || c.listing === undefined) return true;
  const cut = cutFor(risk, c);
  if (cut === bpsOne) return true;
  if (c.mostQty !== noLimit) {
    fromSafe(size, c.order.orderQty * c.listing.baseUnitsPerLot);
    fromSafe(usual, c.mostQty);
    if (!isWithin(risk, c, cut)) return false;
  }
  if (c.mostNotional !== noLimit) {
    notionalInto(part, c);
    const micro = firmMicroUp(risk, part, c.listing.currency);
    if (micro !== micro) return deny(risk, 'NO_FX_RATE', c.listing.currency, risk.firmCurrency);
    fromDoubleInto(size, micro);
    fromSafe(usual, c.mostNotional);
    if (!isWithin(risk, c, cut)) return false;
  }
  if (!usedInto(size, risk, c)) return deny(risk, 'NO_FX_RATE', c.listing.currency, sliceCurrency(risk, c.asker.row));
  columnGet(usual, c.asker.simulated ? risk.gate.paperCap : risk.gate.cap, c.asker.row);
  return isWithin(risk, c, cut);
}

function isWithin(risk: Risk, c: CheckContext, cut: number): boolean {
  shareInto(most, usual, cut);
  if (cmp(size, most) <= 0) return true;
  const scope = cutScope();
  return deny(risk, 'SIZE_CUT_EXCEEDED', shareBps(size, usual), cut, scope, c.scopeIx[scope]);
}

/** What the version would use, as `allocation` counts it. @returns false = no rate */
function usedInto(out: Split, risk: Risk, c: CheckContext): boolean {
  const { gate } = risk;
  const { row, simulated } = c.asker;
  columnGet(out, simulated ? gate.paperCost : gate.entryCost, row);
  columnGet(part, simulated ? gate.paperReserved : gate.reserved, row);
  addInto(out, out, part);
  if (!sliceReserveInto(part, risk, c)) return false;
  addInto(out, out, part);
  subInto(out, out, c.oldReserved);
  return true;
}
