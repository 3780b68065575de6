import { toNumber } from '../../base/split.ts';
import type { CheckContext } from './check-context.ts';
import { takeKey } from './checks/duplicate.ts';
import { concentrationDoubt, dailyLossDoubt, duplicateDoubt, everyDoubt, openPositionsDoubt, positionDoubt, rateDoubt } from './doubts.ts';
import { forgetsEarly, isQuiet } from './duplicates.ts';
import { surelyWithin } from './estimate.ts';
import { concentrationLimit, dailyLossLimit, duplicateLimit, openPositionsLimit, positionLimit } from './limits.ts';
import { sparesHold } from './order-rate.ts';
import { bpsOne } from './reference.ts';
import type { Risk } from './risk.ts';
import { dayResult, heldInstruments, moneyEstimate, noLimit, spareOrders } from './scope-table.ts';
import { algorithmScope, instrumentScope, scopeKinds, sectorScope, versionScope } from './scopes.ts';
import { sectorEstimate } from './sector-value.ts';

/** Doubts about limits that are compared scope by scope. */
export function scopeDoubts(risk: Risk, c: CheckContext): number {
  const { numbers } = risk.limits.table;
  let doubts = sparesHold(risk.orderRate, c.at) ? 0 : rateDoubt;
  let window = 0;
  for (let scope = 0; scope < scopeKinds; scope++) {
    const place = c.placeOf[scope];
    if (c.reach[scope] > numbers[place + positionLimit]) doubts |= positionDoubt;
    if (numbers[place + spareOrders] <= 0) doubts |= rateDoubt;
    const sameFor = numbers[place + duplicateLimit];
    if (sameFor !== noLimit && sameFor > window) window = sameFor;
    const held = numbers[place + heldInstruments];
    if (c.holds[scope] === 0 && held + 1 > numbers[place + openPositionsLimit] && scope !== instrumentScope) doubts |= openPositionsDoubt;
    // a day that is not lost is no doubt; the place holds the upper part of the result
    if (numbers[place + dayResult] < 0 && !surelyAbove(risk, place)) doubts |= dailyLossDoubt;
  }
  if (!c.reducing && risk.limits.active[concentrationLimit] > 0) doubts |= concentrationDoubts(risk, c);
  return c.asker.replaces === null && window > 0 && isDoubtful(risk, c, window) ? doubts | duplicateDoubt : doubts;
}

function surelyAbove(risk: Risk, place: number): boolean {
  const { numbers } = risk.limits.table;
  const limit = numbers[place + dailyLossLimit];
  return limit === noLimit || surelyWithin(-moneyEstimate(numbers, place + dayResult) * risk.microPerUnit, limit);
}

function isDoubtful(risk: Risk, c: CheckContext, window: number): boolean {
  takeKey(c);
  return !isQuiet(risk.duplicates, c.at, window, c.chain) || forgetsEarly(risk.duplicates, c.at, window);
}

function concentrationDoubts(risk: Risk, c: CheckContext): number {
  const { listing } = c;
  if (listing === undefined || c.refTwice <= 0) return everyDoubt;
  const { numbers } = risk.limits.table;
  const unitMoney = (c.refTwice * listing.moneyPerTickLot) / (2 * listing.baseUnitsPerLot);
  const slice = risk.gate.slices[risk.gate.rows[c.asker.row].slice];
  const ofSlice = toNumber(slice.total) / bpsOne;
  const ofFirm = slice.currency === risk.firmCurrency ? toNumber(risk.firmCapital) / bpsOne : 0;
  for (let scope = 0; scope < scopeKinds; scope++) {
    const limit = numbers[c.placeOf[scope] + concentrationLimit];
    if (limit === noLimit) continue;
    const part = scope === versionScope || scope === algorithmScope ? ofSlice : ofFirm;
    const others = scope === sectorScope ? sectorEstimate(risk, c.scopeIx[sectorScope]) : 0;
    const reach = c.reach[scope] > 0 ? c.reach[scope] : 0;
    if (!surelyWithin(reach * unitMoney + others, part * limit)) return concentrationDoubt;
  }
  return 0;
}
