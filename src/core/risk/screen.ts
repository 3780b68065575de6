import { isZero } from '../../base/split.ts';
import type { CheckContext } from './check-context.ts';
import { surelyWithinCap } from './checks/allocation.ts';
import { surelyWithinCredit } from './checks/credit.ts';
import {
  allocationDoubt,
  authorityDoubt,
  collarDoubt,
  concentrationDoubt,
  creditDoubt,
  drawdownDoubt,
  duplicateDoubt,
  everyDoubt,
  fatFingerDoubt,
  haltedDoubt,
  hoursDoubt,
  leaseDoubt,
  notionalDoubt,
  rateDoubt,
  reduceOnlyDoubt,
  referenceDoubt,
  restrictedDoubt,
  selfTradeDoubt,
  sizeCutDoubt,
  sizeDoubt,
  stopDoubt,
  tradeRiskDoubt,
  venueRouteDoubt,
} from './doubts.ts';
import { isFarFromDrawdown } from './drawdown.ts';
import { surelyWithin } from './estimate.ts';
import { lookAtScopes } from './facts.ts';
import { cutShareLimit, riskPerTradeLimit, unprotectedLimit } from './limits.ts';
import { factStride, instrumentFact } from './listing-facts.ts';
import { modeActive } from './order-gate.ts';
import { meetsOwn } from './own-book.ts';
import { bpsOne } from './reference.ts';
import type { Risk } from './risk.ts';
import { noLimit } from './scope-table.ts';
import { isWithinRoom, measureRoom } from './room.ts';
import { isConcentrated, isDoubtful, isOftenAsked, walkScopes } from './screen-scopes.ts';
import { isOpen } from './sessions.ts';

// Constants of its own file V8 knows; imported ones it fetches and tests at every use (docs/decisions/0010).
const doubtOfAllocation = allocationDoubt;
const doubtOfAuthority = authorityDoubt;
const doubtOfCollar = collarDoubt;
const doubtOfConcentration = concentrationDoubt;
const doubtOfCredit = creditDoubt;
const doubtOfDrawdown = drawdownDoubt;
const doubtOfDuplicate = duplicateDoubt;
const doubtOfFatFinger = fatFingerDoubt;
const doubtOfHalted = haltedDoubt;
const doubtOfHours = hoursDoubt;
const doubtOfLease = leaseDoubt;
const doubtOfNotional = notionalDoubt;
const doubtOfReduceOnly = reduceOnlyDoubt;
const doubtOfReference = referenceDoubt;
const doubtOfRestricted = restrictedDoubt;
const doubtOfSelfTrade = selfTradeDoubt;
const doubtOfSize = sizeDoubt;
const allDoubts = everyDoubt;
const active = modeActive;
const wholeBps = bpsOne;
const unset = noLimit;
const factsApart = factStride;
const instrumentAt = instrumentFact;
const doubtOfRate = rateDoubt;

/**
 * The checks that might refuse an order, as bits of doubts.ts: one pass over its facts, so that an order far from every limit is asked about by none of them.
 * A check is cleared only where its own comparison surely passes; who refuses, and with which numbers, is the checks' alone.
 */
export function screen(risk: Risk, c: CheckContext): number {
  const { ordType } = c.order;
  if (c.asker.simulated || (ordType !== 'limit' && ordType !== 'market')) return allDoubts;
  let doubts = deskDoubts(risk, c) | priceDoubts(risk, c);
  if (risk.limits.routed > 0) doubts |= venueRouteDoubt;
  if (isOftenAsked(risk, c)) doubts |= doubtOfRate;
  if (isDoubtful(risk, c)) doubts |= doubtOfDuplicate;
  if (c.reducing) return doubts;
  if (risk.foreign.unrated.size > 0 || !surelyWithinCap(risk, c)) doubts |= doubtOfAllocation;
  if (risk.limits.apart.size > 0) doubts |= portfolioDoubts(risk);
  return isWithinRoom(risk, c) ? doubts : doubts | scopeDoubts(risk, c);
}

/** What stands apart from the scope table; asked only while any of it is set. */
function portfolioDoubts(risk: Risk): number {
  const { active } = risk.limits;
  let doubts = isFarFromDrawdown(risk) ? 0 : doubtOfDrawdown;
  if (active[unprotectedLimit] > 0) doubts |= stopDoubt;
  if (active[riskPerTradeLimit] > 0) doubts |= tradeRiskDoubt;
  return active[cutShareLimit] > 0 ? doubts | sizeCutDoubt : doubts;
}

/** An order that what happened since its route was measured does not clear: its scopes are looked at, and the route is measured anew. */
function scopeDoubts(risk: Risk, c: CheckContext): number {
  lookAtScopes(risk, c);
  measureRoom(risk, c);
  let doubts = walkScopes(risk, c);
  if (!surelyWithinCredit(risk, c)) doubts |= doubtOfCredit;
  if (isConcentrated(risk, c)) doubts |= doubtOfConcentration;
  return doubts;
}

function deskDoubts(risk: Risk, c: CheckContext): number {
  const { gate, sessions } = risk;
  const { order, asker } = c;
  const { row } = asker;
  let doubts = 0;
  if (risk.killed || risk.scopesKilled > 0 || asker.term !== risk.term || asker.epoch !== gate.epoch[row] || gate.mode[row] !== active)
    doubts = doubtOfAuthority;
  if (!c.reducing && !isZero(gate.slices[gate.rows[row].slice].overdraft)) doubts |= doubtOfAuthority;
  if (order.reduceOnly && !c.reducing) doubts |= doubtOfReduceOnly;
  if (!isOpen(sessions, order.listing, c.at)) doubts |= doubtOfHours;
  if (sessions.halted[order.listing] !== 0) doubts |= doubtOfHalted;
  if (sessions.restricted[risk.listingFacts.numbers[order.listing * factsApart + instrumentAt]] !== 0) doubts |= doubtOfRestricted;
  if (risk.lease.limit !== Infinity) doubts |= doubtOfLease;
  if (meetsOwn(risk.exposure, order.listing, c.side < 0, c.boundPx)) doubts |= doubtOfSelfTrade;
  return doubts;
}

/** What a limit or a market order, which has no other price than its limit, is compared with. */
function priceDoubts(risk: Risk, c: CheckContext): number {
  const { order, listing } = c;
  if (listing === undefined) return allDoubts;
  let doubts = 0;
  if (order.orderQty * listing.baseUnitsPerLot > c.mostQty) doubts = doubtOfSize;
  if (c.mostNotional !== unset && !surelyBelowNotional(risk, c, listing.currency)) doubts |= doubtOfNotional;
  if (c.refTwice <= 0 || !c.refValid) return doubts | doubtOfReference | doubtOfFatFinger | doubtOfCollar;
  const { price } = order;
  if (price === 0) return doubts;
  const away = (2 * price - c.refTwice) * wholeBps;
  if (!(c.side * away <= c.fatFingerBps * c.refTwice)) doubts |= doubtOfFatFinger;
  if (!(Math.abs(away) <= c.collarBps * c.refTwice)) doubts |= doubtOfCollar;
  return Math.abs(away) <= Number.MAX_SAFE_INTEGER ? doubts : doubts | doubtOfFatFinger | doubtOfCollar;
}

function surelyBelowNotional(risk: Risk, c: CheckContext, currency: number): boolean {
  return currency === risk.firmCurrency && surelyWithin(c.order.orderQty * c.lotMoney * risk.microPerUnit, c.mostNotional);
}
