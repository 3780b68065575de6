import type { Micros } from '../../base/units.ts';
import { allocation } from './checks/allocation.ts';
import { authority } from './checks/authority.ts';
import type { Check } from './checks/check.ts';
import { concentration } from './checks/concentration.ts';
import { credit } from './checks/credit.ts';
import { dailyLoss } from './checks/daily-loss.ts';
import { drawdown } from './checks/drawdown.ts';
import { duplicate } from './checks/duplicate.ts';
import { fatFinger } from './checks/fat-finger.ts';
import { form } from './checks/form.ts';
import { haltedListing } from './checks/halted-listing.ts';
import { lease } from './checks/lease.ts';
import { notional } from './checks/notional.ts';
import { openPositions } from './checks/open-positions.ts';
import { orderRate } from './checks/order-rate.ts';
import { orderSize } from './checks/order-size.ts';
import { position } from './checks/position.ts';
import { protectiveStop } from './checks/protective-stop.ts';
import { riskPerTrade } from './checks/risk-per-trade.ts';
import { sizeCut } from './checks/size-cut.ts';
import { priceCollar } from './checks/price-collar.ts';
import { reduceOnly } from './checks/reduce-only.ts';
import { referencePrice } from './checks/reference-price.ts';
import { restrictedList } from './checks/restricted-list.ts';
import { selfTrade } from './checks/self-trade.ts';
import { tradingHours } from './checks/trading-hours.ts';
import { venueRoute } from './checks/venue-route.ts';
import type { Asker, CheckContext, WantedOrder } from './check-context.ts';
import {
  allocationDoubt,
  authorityDoubt,
  collarDoubt,
  concentrationDoubt,
  creditDoubt,
  dailyLossDoubt,
  drawdownDoubt,
  duplicateDoubt,
  everyDoubt,
  fatFingerDoubt,
  haltedDoubt,
  hoursDoubt,
  leaseDoubt,
  notionalDoubt,
  openPositionsDoubt,
  positionDoubt,
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
import { lookAtScopes, nameScopes, workOut } from './facts.ts';
import type { Risk } from './risk.ts';
import { screen } from './screen.ts';
import { isSoundForm } from './sound-form.ts';
import type { CheckOutcome } from './verdict.ts';

/**
 * Who a check is for. `all`: every order. `orders`: not the custodian's, which must get out whatever it costs within its own slippage bound.
 * `expanding`: only orders that are not proven reducing: what removes risk fails open.
 */
export type CheckedOrders = 'all' | 'orders' | 'expanding';

interface CheckRow {
  readonly name: string;
  readonly checks: CheckedOrders;
  readonly check: Check;
  /** The bit of the screen without which the check need not be asked; a check without one is always asked. */
  readonly doubt?: number;
}

/** Every pre-trade check, in the order in which they are asked; the first that refuses gives the denial. `form` is first: the others rely on it. */
export const checkTable: readonly CheckRow[] = [
  { name: 'form', checks: 'all', check: form },
  { name: 'authority', checks: 'all', check: authority, doubt: authorityDoubt },
  { name: 'reduce-only', checks: 'all', check: reduceOnly, doubt: reduceOnlyDoubt },
  { name: 'trading-hours', checks: 'all', check: tradingHours, doubt: hoursDoubt },
  { name: 'halted-listing', checks: 'all', check: haltedListing, doubt: haltedDoubt },
  { name: 'restricted-list', checks: 'expanding', check: restrictedList, doubt: restrictedDoubt },
  { name: 'reference-price', checks: 'expanding', check: referencePrice, doubt: referenceDoubt },
  { name: 'order-size', checks: 'orders', check: orderSize, doubt: sizeDoubt },
  { name: 'notional', checks: 'orders', check: notional, doubt: notionalDoubt },
  { name: 'fat-finger', checks: 'orders', check: fatFinger, doubt: fatFingerDoubt },
  { name: 'price-collar', checks: 'orders', check: priceCollar, doubt: collarDoubt },
  { name: 'venue-route', checks: 'orders', check: venueRoute, doubt: venueRouteDoubt },
  { name: 'order-rate', checks: 'orders', check: orderRate, doubt: rateDoubt },
  { name: 'duplicate', checks: 'orders', check: duplicate, doubt: duplicateDoubt },
  { name: 'position', checks: 'expanding', check: position, doubt: positionDoubt },
  { name: 'open-positions', checks: 'expanding', check: openPositions, doubt: openPositionsDoubt },
  { name: 'concentration', checks: 'expanding', check: concentration, doubt: concentrationDoubt },
  { name: 'daily-loss', checks: 'expanding', check: dailyLoss, doubt: dailyLossDoubt },
  { name: 'drawdown', checks: 'expanding', check: drawdown, doubt: drawdownDoubt },
  { name: 'credit', checks: 'expanding', check: credit, doubt: creditDoubt },
  { name: 'protective-stop', checks: 'expanding', check: protectiveStop, doubt: stopDoubt },
  { name: 'risk-per-trade', checks: 'expanding', check: riskPerTrade, doubt: tradeRiskDoubt },
  { name: 'size-cut', checks: 'expanding', check: sizeCut, doubt: sizeCutDoubt },
  { name: 'allocation', checks: 'expanding', check: allocation, doubt: allocationDoubt },
  { name: 'lease', checks: 'expanding', check: lease, doubt: leaseDoubt },
  { name: 'self-trade', checks: 'all', check: selfTrade, doubt: selfTradeDoubt },
];

interface Asked {
  readonly check: Check;
  readonly doubt: number;
}

/** The table after `form`, for orders of each kind: 0 plain, 1 reducing, 2 a custodian's, 3 both. */
const askedOf: readonly (readonly Asked[])[] = [0, 1, 2, 3].map((kind) =>
  checkTable
    .slice(1)
    .filter(({ checks }) => !(checks === 'orders' && kind >= 2) && !(checks === 'expanding' && kind % 2 === 1))
    .map(({ check, doubt }) => ({ check, doubt: doubt ?? everyDoubt })),
);
const doubtsOf: readonly number[] = askedOf.map((asked) => asked.reduce((all, { doubt }) => all | doubt, 0));
/** Of checks that read nothing which is settled (`settle.ts`): positions and open orders of scopes, results, margins, values of sectors. */
const doubtsWithoutSums =
  authorityDoubt |
  reduceOnlyDoubt |
  hoursDoubt |
  haltedDoubt |
  restrictedDoubt |
  referenceDoubt |
  sizeDoubt |
  notionalDoubt |
  fatFingerDoubt |
  collarDoubt |
  rateDoubt |
  duplicateDoubt |
  stopDoubt |
  sizeCutDoubt |
  venueRouteDoubt |
  allocationDoubt |
  leaseDoubt |
  selfTradeDoubt;
/** Doubts that the screen never clears: of checks that have no bit of their own. */
const unscreened = checkTable.slice(1).some(({ doubt }) => doubt === undefined) ? everyDoubt : 0;

/**
 * All checks on one order. `passed`: `risk.verdict` says whether it is proven reducing and at what price it reserves; hand the order to `acceptOrder`.
 * `denied`: `risk.denial` says why. `selfTradeWait`: cancel the orders in `risk.verdict.waits` and ask again when they are gone.
 */
export function checkOrder(risk: Risk, order: WantedOrder, asker: Asker, at: Micros): CheckOutcome {
  const { context } = risk;
  take(risk, context, order, asker, at);
  if (!isSoundForm(risk, context) && !form(risk, context)) return 'denied';
  workOut(risk, context);
  return decide(risk, context, screen(risk, context) | unscreened);
}

/** The same without the screen: what it must always agree with. */
export function checkOrderInFull(risk: Risk, order: WantedOrder, asker: Asker, at: Micros): CheckOutcome {
  const { context } = risk;
  take(risk, context, order, asker, at);
  if (!form(risk, context)) return 'denied';
  workOut(risk, context);
  return decide(risk, context, everyDoubt);
}

function decide(risk: Risk, c: CheckContext, doubts: number): CheckOutcome {
  const { verdict } = risk;
  const kind = (c.custodian ? 2 : 0) + (c.reducing ? 1 : 0);
  const asked = doubts & doubtsOf[kind];
  if (asked !== 0) {
    if ((asked & ~doubtsWithoutSums) === 0) nameScopes(risk, c);
    else lookAtScopes(risk, c);
    if (!passesAll(risk, c, askedOf[kind], doubts)) return 'denied';
  }
  verdict.reducing = c.reducing;
  verdict.reservePx = c.reducing ? 0 : c.valuePx;
  verdict.outcome = verdict.waitCount > 0 ? 'selfTradeWait' : 'passed';
  return verdict.outcome;
}

function passesAll(risk: Risk, c: CheckContext, asked: readonly Asked[], doubts: number): boolean {
  for (let i = 0; i < asked.length; i++) if ((asked[i].doubt & doubts) !== 0 && !asked[i].check(risk, c)) return false;
  return true;
}

function take(risk: Risk, c: CheckContext, order: WantedOrder, asker: Asker, at: Micros): void {
  c.order = order;
  c.asker = asker;
  c.at = at;
  c.listing = undefined;
  c.custodian = risk.gate.rows[asker.row].custodian;
  c.side = order.side === 'buy' ? 1 : -1;
  c.chain = -1;
  const { verdict } = risk;
  verdict.outcome = 'denied';
  verdict.waitCount = 0;
  verdict.reducing = false;
  verdict.reservePx = 0;
}
