import { isZero } from '../../base/split.ts';
import type { CheckContext } from './check-context.ts';
import { surelyWithinCap } from './checks/allocation.ts';
import { surelyWithinCredit } from './checks/credit.ts';
import {
  allocationDoubt,
  authorityDoubt,
  collarDoubt,
  creditDoubt,
  everyDoubt,
  fatFingerDoubt,
  haltedDoubt,
  hoursDoubt,
  leaseDoubt,
  notionalDoubt,
  reduceOnlyDoubt,
  referenceDoubt,
  restrictedDoubt,
  selfTradeDoubt,
  sizeDoubt,
} from './doubts.ts';
import { surelyWithin } from './estimate.ts';
import { modeActive } from './order-gate.ts';
import { meets } from './own-book.ts';
import { bpsOne } from './reference.ts';
import type { Risk } from './risk.ts';
import { noLimit } from './scope-table.ts';
import { instrumentScope } from './scopes.ts';
import { scopeDoubts } from './screen-scopes.ts';
import { isOpen } from './sessions.ts';

/**
 * The checks that might refuse an order, as bits of doubts.ts: one pass over its facts, so that an order far from every limit is asked about by none of them.
 * A check is cleared only where its own comparison surely passes; who refuses, and with which numbers, is the checks' alone.
 */
export function screen(risk: Risk, c: CheckContext): number {
  const { ordType } = c.order;
  if (c.asker.simulated || (ordType !== 'limit' && ordType !== 'market')) return everyDoubt;
  return deskDoubts(risk, c) | priceDoubts(risk, c) | scopeDoubts(risk, c) | (c.reducing ? 0 : moneyDoubts(risk, c));
}

function moneyDoubts(risk: Risk, c: CheckContext): number {
  return (surelyWithinCap(risk, c) ? 0 : allocationDoubt) | (surelyWithinCredit(risk, c) ? 0 : creditDoubt);
}

function deskDoubts(risk: Risk, c: CheckContext): number {
  const { gate, sessions } = risk;
  const { order, asker } = c;
  const { row } = asker;
  let doubts = 0;
  if (risk.killed || asker.term !== risk.term || asker.epoch !== gate.epoch[row] || gate.mode[row] !== modeActive) doubts = authorityDoubt;
  if (!c.reducing && !isZero(gate.slices[gate.rows[row].slice].overdraft)) doubts |= authorityDoubt;
  if (order.reduceOnly && !c.reducing) doubts |= reduceOnlyDoubt;
  if (!isOpen(sessions, order.listing, c.at)) doubts |= hoursDoubt;
  if (sessions.halted[order.listing] !== 0) doubts |= haltedDoubt;
  if (sessions.restricted[c.scopeIx[instrumentScope]] !== 0) doubts |= restrictedDoubt;
  if (risk.lease.limit !== Infinity) doubts |= leaseDoubt;
  if (meets(risk.exposure, order.listing, c.side < 0, c.boundPx) >= 0) doubts |= selfTradeDoubt;
  return doubts;
}

/** What a limit or a market order, which has no other price than its limit, is compared with. */
function priceDoubts(risk: Risk, c: CheckContext): number {
  const { order, listing } = c;
  if (listing === undefined) return everyDoubt;
  let doubts = 0;
  if (order.orderQty * listing.baseUnitsPerLot > c.mostQty) doubts = sizeDoubt;
  if (c.mostNotional !== noLimit && !surelyBelowNotional(risk, c, listing.currency)) doubts |= notionalDoubt;
  if (c.refTwice <= 0 || !c.refValid) return doubts | referenceDoubt | fatFingerDoubt | collarDoubt;
  const { price } = order;
  if (price === 0) return doubts;
  const away = (2 * price - c.refTwice) * bpsOne;
  if (!(c.side * away <= c.fatFingerBps * c.refTwice)) doubts |= fatFingerDoubt;
  if (!(Math.abs(away) <= c.collarBps * c.refTwice)) doubts |= collarDoubt;
  return Math.abs(away) <= Number.MAX_SAFE_INTEGER ? doubts : doubts | fatFingerDoubt | collarDoubt;
}

function surelyBelowNotional(risk: Risk, c: CheckContext, currency: number): boolean {
  return currency === risk.firmCurrency && surelyWithin(c.order.orderQty * c.lotMoney * risk.microPerUnit, c.mostNotional);
}
