import { maxComplianceLength, maxReasonLength, type Order } from '../../domain/order.ts';
import { maxNotionalUnits, maxOrderBase, maxTicks } from './capacities.ts';
import type { Asker, CheckContext, WantedOrder } from './check-context.ts';
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
  replaceAbility,
  tickFact,
  timeAbility,
} from './listing-facts.ts';
import type { Risk } from './risk.ts';

// Constants of its own file V8 knows; imported ones it fetches and tests at every use (docs/decisions/0010).
const factsApart = factStride;
const currencyAt = currencyFact;
const minQtyAt = minQtyFact;
const maxQtyAt = maxQtyFact;
const longestReason = maxReasonLength;
const longestCompliance = maxComplianceLength;
const abilitiesAt = abilitiesFact;
const tickAt = tickFact;
const baseUnitsAt = baseUnitsFact;
const moneyAt = moneyFact;
const mostBase = maxOrderBase;
const mostNotional = maxNotionalUnits;
const canReduceOnly = reduceOnlyAbility;
const canReplace = replaceAbility;
const canPostOnly = postOnlyAbility;
const canLimit = limitAbility;
const canMarket = marketAbility;
const mostTicks = maxTicks;

/**
 * Whether the check of the form surely passes, for limit and market orders without an end of their own: then it has found `listing` and `leaves`. All other
 * orders are looked at by the check itself.
 */
export function isSoundForm(risk: Risk, c: CheckContext): boolean {
  const { order, asker } = c;
  const { listings } = risk.registry;
  const ix = order.listing;
  if ((ix | 0) !== ix || ix < 0 || ix >= listings.length) return false;
  const row = risk.gate.rows[asker.row];
  const facts = risk.listingFacts.numbers;
  const at = ix * factsApart;
  const known = (ix < row.universe.length && row.universe[ix] === 1) || row.custodian;
  if (!known || asker.account < 0 || facts[at + currencyAt] !== risk.gate.slices[row.slice].currency) return false;
  const qty = order.orderQty;
  if (!Number.isSafeInteger(qty) || qty <= 0 || qty < facts[at + minQtyAt] || qty > facts[at + maxQtyAt]) return false;
  if (order.reason.length > longestReason || order.compliance.length > longestCompliance) return false;
  const old = asker.replaces;
  if (old !== null && !isReplaceable(old, order, asker, facts[at + abilitiesAt])) return false;
  if (!areTermsPlain(order, facts[at + abilitiesAt], facts[at + tickAt])) return false;
  const { bid, ask, last } = risk.marks;
  const price = Math.max(order.price, bid[ix], ask[ix], last[ix], 1);
  const { exposure } = risk;
  if (qty * facts[at + baseUnitsAt] > mostBase || !(qty * price * facts[at + moneyAt] < mostNotional)) return false;
  if (exposure.slots.freeCount < 3 || !routeFits(exposure)) return false;
  c.listing = listings[ix];
  c.leaves = old === null ? qty : qty - old.cumQty;
  return true;
}

/** A working order of the same row, listing, side and type, at the simulator or a venue as the new one, of which something would be left. */
function isReplaceable(old: Readonly<Order>, order: WantedOrder, asker: Asker, abilities: number): boolean {
  if ((abilities & canReplace) === 0 || order.orderQty - old.cumQty <= 0) return false;
  if (old.ordStatus !== 'new' && old.ordStatus !== 'partiallyFilled') return false;
  return (
    old.listing === order.listing &&
    old.side === order.side &&
    old.account === asker.account &&
    old.row === asker.row &&
    old.ordType === order.ordType &&
    old.simulated === asker.simulated
  );
}

/** A limit or a market order without further prices that contradicts itself in nothing; the venue takes it. */
function areTermsPlain(order: WantedOrder, abilities: number, tick: number): boolean {
  const { ordType, price, timeInForce } = order;
  if (order.stopPx !== 0 || order.targetPx !== 0 || order.trailOffset !== 0 || order.expireTime !== 0 || timeInForce === 'gtd')
    return false;
  let needed = timeAbility(timeInForce);
  if (order.reduceOnly) needed |= canReduceOnly;
  if (order.postOnly) {
    if (timeInForce === 'ioc' || timeInForce === 'fok' || price === 0) return false;
    needed |= canPostOnly;
  }
  if (ordType === 'limit') {
    if (!Number.isSafeInteger(price) || price <= 0 || price > mostTicks || (tick !== 1 && (tick === 0 || price % tick !== 0))) return false;
    needed |= canLimit;
  } else {
    if (ordType !== 'market' || price !== 0) return false;
    needed |= canMarket;
  }
  return (abilities & needed) === needed;
}
