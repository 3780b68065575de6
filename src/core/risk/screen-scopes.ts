import { toNumber } from '../../base/split.ts';
import type { CheckContext } from './check-context.ts';
import { takeKey } from './checks/duplicate.ts';
import { dailyLossDoubt, openPositionsDoubt, positionDoubt, rateDoubt } from './doubts.ts';
import { forgetsEarly, isQuiet } from './duplicates.ts';
import { surelyWithin } from './estimate.ts';
import {
  collarLimit,
  concentrationLimit,
  dailyLossLimit,
  duplicateLimit,
  fatFingerLimit,
  notionalLimit,
  openPositionsLimit,
  orderQtyLimit,
  positionLimit,
} from './limits.ts';
import { sparesHold } from './order-rate.ts';
import { bpsOne } from './reference.ts';
import type { Risk } from './risk.ts';
import { dayResult, heldInstruments, moneyEstimate, noLimit, placeOf, spareOrders } from './scope-table.ts';
import { algorithmScope, instrumentScope, scopeKinds, sectorScope, versionScope } from './scopes.ts';
import { sectorEstimate } from './sector-value.ts';

// Constants of its own file V8 knows; imported ones it fetches and tests at every use (docs/decisions/0010).
const quantityAt = orderQtyLimit;
const notionalAt = notionalLimit;
const fatFingerAt = fatFingerLimit;
const collarAt = collarLimit;
const positionAt = positionLimit;
const spareAt = spareOrders;
const duplicateAt = duplicateLimit;
const heldAt = heldInstruments;
const openPositionsAt = openPositionsLimit;
const dayAt = dayResult;
const dailyLossAt = dailyLossLimit;
const concentrationAt = concentrationLimit;
const none = noLimit;
const scopes = scopeKinds;
const instrument = instrumentScope;
const sector = sectorScope;
const version = versionScope;
const algorithm = algorithmScope;
const wholeBps = bpsOne;
const doubtOfPosition = positionDoubt;
const doubtOfRate = rateDoubt;
const doubtOfOpenPositions = openPositionsDoubt;
const doubtOfDailyLoss = dailyLossDoubt;

/**
 * One walk over the scopes of an order, which stand in `scopeIx` with `reach` and `holds`: where their numbers begin, the strictest of each limit that knows no
 * running state, and doubts about those that do.
 */
export function walkScopes(risk: Risk, c: CheckContext): void {
  const { table } = risk.limits;
  const { scopeIx, placeOf: places, reach, holds } = c;
  let doubts = sparesHold(risk.orderRate, c.at) ? 0 : doubtOfRate;
  let quantity = none;
  let notional = none;
  let fatFinger = none;
  let collar = none;
  let window = 0;
  for (let scope = 0; scope < scopes; scope++) {
    const place = placeOf(table, scope, scopeIx[scope]);
    const { numbers } = table;
    places[scope] = place;
    if (numbers[place + quantityAt] < quantity) quantity = numbers[place + quantityAt];
    if (numbers[place + notionalAt] < notional) notional = numbers[place + notionalAt];
    if (numbers[place + fatFingerAt] < fatFinger) fatFinger = numbers[place + fatFingerAt];
    if (numbers[place + collarAt] < collar) collar = numbers[place + collarAt];
    if (reach[scope] > numbers[place + positionAt]) doubts |= doubtOfPosition;
    if (numbers[place + spareAt] <= 0) doubts |= doubtOfRate;
    const sameFor = numbers[place + duplicateAt];
    if (sameFor > window && sameFor !== none) window = sameFor;
    if (numbers[place + heldAt] >= numbers[place + openPositionsAt] && holds[scope] === 0 && scope !== instrument)
      doubts |= doubtOfOpenPositions;
    // a day that is not lost is no doubt; the place holds the upper part of the result
    if (numbers[place + dayAt] < 0 && !surelyAbove(risk, place)) doubts |= doubtOfDailyLoss;
  }
  c.mostQty = quantity;
  c.mostNotional = notional;
  c.fatFingerBps = fatFinger;
  c.collarBps = collar;
  c.window = window;
  c.doubts = doubts;
}

function surelyAbove(risk: Risk, place: number): boolean {
  const { numbers } = risk.limits.table;
  const limit = numbers[place + dailyLossAt];
  return limit === none || surelyWithin(-moneyEstimate(numbers, place + dayAt) * risk.microPerUnit, limit);
}

/** Whether the order may be the same as one before it. */
export function isDoubtful(risk: Risk, c: CheckContext): boolean {
  if (c.window === 0 || c.asker.replaces !== null) return false;
  takeKey(c);
  return !isQuiet(risk.duplicates, c.at, c.window, c.chain) || forgetsEarly(risk.duplicates, c.at, c.window);
}

/** Shares of capital are compared by doubles. */
export function isConcentrated(risk: Risk, c: CheckContext): boolean {
  if (risk.limits.active[concentrationAt] === 0) return false;
  const { listing } = c;
  if (listing === undefined || c.refTwice <= 0) return true;
  const { numbers } = risk.limits.table;
  const unitMoney = (c.refTwice * listing.moneyPerTickLot) / (2 * listing.baseUnitsPerLot);
  const slice = risk.gate.slices[risk.gate.rows[c.asker.row].slice];
  const ofSlice = toNumber(slice.total) / wholeBps;
  const ofFirm = slice.currency === risk.firmCurrency ? toNumber(risk.firmCapital) / wholeBps : 0;
  for (let scope = 0; scope < scopes; scope++) {
    const limit = numbers[c.placeOf[scope] + concentrationAt];
    if (limit === none) continue;
    const part = scope === version || scope === algorithm ? ofSlice : ofFirm;
    const others = scope === sector ? sectorEstimate(risk, c.scopeIx[sector]) : 0;
    const reach = c.reach[scope] > 0 ? c.reach[scope] : 0;
    if (!surelyWithin(reach * unitMoney + others, part * limit)) return true;
  }
  return false;
}
