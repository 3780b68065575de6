import { maxComplianceLength, maxReasonLength } from '../../domain/order.ts';
import { maxNotionalUnits, maxOrderBase, maxTicks } from './capacities.ts';
import type { CheckContext, WantedOrder } from './check-context.ts';
import { routeFits } from './exposure.ts';
import {
  abilitiesFact,
  baseUnitsFact,
  currencyFact,
  factStride,
  limitAbility,
  marketAbility,
  maxQtyFact,
  minQtyFact,
  moneyFact,
  postOnlyAbility,
  reduceOnlyAbility,
  tickFact,
  timeAbility,
} from './listing-facts.ts';
import type { Risk } from './risk.ts';

/**
 * Whether the check of the form surely passes, for new limit and market orders without an end of their own: then it has found `listing` and `leaves`. All other
 * orders are looked at by the check itself.
 */
export function isSoundForm(risk: Risk, c: CheckContext): boolean {
  const { order, asker } = c;
  const { listings } = risk.registry;
  const ix = order.listing;
  if (asker.replaces !== null || (ix | 0) !== ix || ix < 0 || ix >= listings.length) return false;
  const row = risk.gate.rows[asker.row];
  const facts = risk.listingFacts.numbers;
  const at = ix * factStride;
  const known = (ix < row.universe.length && row.universe[ix] === 1) || row.custodian;
  if (!known || asker.account < 0 || facts[at + currencyFact] !== risk.gate.slices[row.slice].currency) return false;
  const qty = order.orderQty;
  if (!Number.isSafeInteger(qty) || qty <= 0 || qty < facts[at + minQtyFact] || qty > facts[at + maxQtyFact]) return false;
  if (order.reason.length > maxReasonLength || order.compliance.length > maxComplianceLength) return false;
  if (!areTermsPlain(order, facts[at + abilitiesFact], facts[at + tickFact])) return false;
  const { bid, ask, last } = risk.marks;
  const price = Math.max(order.price, bid[ix], ask[ix], last[ix], 1);
  const { exposure } = risk;
  if (qty * facts[at + baseUnitsFact] > maxOrderBase || !(qty * price * facts[at + moneyFact] < maxNotionalUnits)) return false;
  if (exposure.freeCount < 3 || !routeFits(exposure)) return false;
  c.listing = listings[ix];
  c.leaves = qty;
  return true;
}

/** A limit or a market order without further prices that contradicts itself in nothing; the venue takes it. */
function areTermsPlain(order: WantedOrder, abilities: number, tick: number): boolean {
  const { ordType, price, timeInForce } = order;
  if (order.stopPx !== 0 || order.targetPx !== 0 || order.trailOffset !== 0 || order.expireTime !== 0 || timeInForce === 'gtd')
    return false;
  let needed = timeAbility(timeInForce);
  if (order.reduceOnly) needed |= reduceOnlyAbility;
  if (order.postOnly) {
    if (timeInForce === 'ioc' || timeInForce === 'fok' || price === 0) return false;
    needed |= postOnlyAbility;
  }
  if (ordType === 'limit') {
    if (!Number.isSafeInteger(price) || price <= 0 || price > maxTicks || (tick !== 1 && (tick === 0 || price % tick !== 0))) return false;
    needed |= limitAbility;
  } else {
    if (ordType !== 'market' || price !== 0) return false;
    needed |= marketAbility;
  }
  return (abilities & needed) === needed;
}
