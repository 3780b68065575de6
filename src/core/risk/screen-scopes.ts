import { toNumber } from '../../base/split.ts';
import type { CheckContext } from './check-context.ts';
import { takeKey } from './checks/duplicate.ts';
import { dailyLossDoubt, openPositionsDoubt, positionDoubt, rateDoubt } from './doubts.ts';
import { forgetsEarly, isQuiet } from './duplicates.ts';
import { surelyWithin } from './estimate.ts';
import { concentrationLimit, dailyLossLimit, openPositionsLimit, positionLimit } from './limits.ts';
import { sparesHold } from './order-rate.ts';
import { bpsOne } from './reference.ts';
import type { Risk } from './risk.ts';
import { collar, fatFinger, mostNotional, mostQuantity, readRouteLimits, routeLimitStride, sameWindow } from './route-limits.ts';
import { dayResult, heldInstruments, moneyEstimate, noLimit, spareOrders } from './scope-table.ts';
import { algorithmScope, instrumentScope, scopeKinds, sectorScope, versionScope } from './scopes.ts';
import { sectorEstimate } from './sector-value.ts';

// Constants of its own file V8 knows; imported ones it fetches and tests at every use (docs/decisions/0010).
const limitsApart = routeLimitStride;
const quantityAt = mostQuantity;
const notionalAt = mostNotional;
const fatFingerAt = fatFinger;
const collarAt = collar;
const windowAt = sameWindow;
const positionAt = positionLimit;
const spareAt = spareOrders;
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
  takeLimits(risk, c);
  const { numbers } = table;
  const { placeOf: places, reach, holds } = c;
  let doubts = sparesHold(risk.orderRate, c.at) ? 0 : doubtOfRate;
  for (let scope = 0; scope < scopes; scope++) {
    const place = places[scope];
    if (reach[scope] > numbers[place + positionAt]) doubts |= doubtOfPosition;
    if (numbers[place + spareAt] <= 0) doubts |= doubtOfRate;
    if (holds[scope] === 0 && scope !== instrument && numbers[place + heldAt] >= numbers[place + openPositionsAt])
      doubts |= doubtOfOpenPositions;
    // a day that is not lost is no doubt; the place holds the upper part of the result
    if (numbers[place + dayAt] < 0 && !surelyAbove(risk, place)) doubts |= doubtOfDailyLoss;
  }
  c.doubts = doubts;
}

/** The places of the order's scopes and what their limits are together. */
function takeLimits(risk: Risk, c: CheckContext): void {
  const { routeLimits } = risk;
  const { table } = risk.limits;
  const from = c.route * limitsApart;
  if (routeLimits.places[from] !== table.version) readRouteLimits(routeLimits, table, c.route, c.scopeIx);
  const { places, numbers } = routeLimits;
  for (let scope = 0; scope < scopes; scope++) c.placeOf[scope] = places[from + 1 + scope];
  c.mostQty = numbers[from + quantityAt];
  c.mostNotional = numbers[from + notionalAt];
  c.fatFingerBps = numbers[from + fatFingerAt];
  c.collarBps = numbers[from + collarAt];
  c.window = numbers[from + windowAt];
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
