import { toNumber } from '../../base/split.ts';
import type { CheckContext } from './check-context.ts';
import { takeKey } from './checks/duplicate.ts';
import { dailyLossDoubt, openPositionsDoubt, positionDoubt } from './doubts.ts';
import { forgetsEarly, isQuiet } from './duplicates.ts';
import { surelyWithin } from './estimate.ts';
import { accountRings, listingRings, rowRings } from './limit-groups.ts';
import { concentrationLimit, dailyLossLimit, openPositionsLimit, positionLimit } from './limits.ts';
import { sparesHold, type RateRing } from './order-rate.ts';
import { bpsOne } from './reference.ts';
import type { Risk } from './risk.ts';
import { dayResult, heldInstruments, moneyEstimate, noLimit } from './scope-table.ts';
import { algorithmScope, instrumentScope, scopeKinds, sectorScope, versionScope } from './scopes.ts';
import { sectorEstimate } from './sector-value.ts';

// Constants of its own file V8 knows; imported ones it fetches and tests at every use (docs/decisions/0010).
const positionAt = positionLimit;
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
const accountsRings = accountRings;
const rowsRings = rowRings;
const listingsRings = listingRings;
const doubtOfPosition = positionDoubt;
const doubtOfOpenPositions = openPositionsDoubt;
const doubtOfDailyLoss = dailyLossDoubt;

/** Doubts about the limits that know a running state, from one walk over the scopes, which were looked at (`facts.ts`). */
export function walkScopes(risk: Risk, c: CheckContext): number {
  const { numbers } = risk.limits.table;
  const { placeOf: places, reach, holds } = c;
  let doubts = 0;
  for (let scope = 0; scope < scopes; scope++) {
    const place = places[scope];
    if (reach[scope] > numbers[place + positionAt]) doubts |= doubtOfPosition;
    if (holds[scope] === 0 && scope !== instrument && numbers[place + heldAt] >= numbers[place + openPositionsAt])
      doubts |= doubtOfOpenPositions;
    // a day that is not lost is no doubt; the place holds the upper part of the result
    if (numbers[place + dayAt] < 0 && !surelyAbove(risk, place)) doubts |= doubtOfDailyLoss;
  }
  return doubts;
}

/** Whether a scope of the order has no spare orders left. */
export function isOftenAsked(risk: Risk, c: CheckContext): boolean {
  if (!sparesHold(risk.orderRate, c.at)) return true;
  const { accounts, rows, listings } = risk.limitGroups;
  return (
    isUsedUp(accounts.rings, c.asker.account * accountsRings, accountsRings) ||
    isUsedUp(rows.rings, c.asker.row * rowsRings, rowsRings) ||
    isUsedUp(listings.rings, c.order.listing * listingsRings, listingsRings)
  );
}

function isUsedUp(rings: readonly (RateRing | undefined)[], from: number, many: number): boolean {
  for (let n = from; n < from + many; n++) {
    const ring = rings[n];
    if (ring !== undefined && ring.spare <= 0) return true;
  }
  return false;
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
  // what would have to be converted is not estimated
  const plain = slice.currency === listing.currency;
  const ofSlice = plain ? toNumber(slice.total) / wholeBps : 0;
  const ofFirm = plain && slice.currency === risk.firmCurrency ? toNumber(risk.firmCapital) / wholeBps : 0;
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
