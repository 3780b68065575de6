import type { Micros } from '../../base/units.ts';
import { allocation } from './checks/allocation.ts';
import { authority } from './checks/authority.ts';
import type { Check } from './checks/check.ts';
import { concentration } from './checks/concentration.ts';
import { credit } from './checks/credit.ts';
import { dailyLoss } from './checks/daily-loss.ts';
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
import { priceCollar } from './checks/price-collar.ts';
import { reduceOnly } from './checks/reduce-only.ts';
import { referencePrice } from './checks/reference-price.ts';
import { restrictedList } from './checks/restricted-list.ts';
import { selfTrade } from './checks/self-trade.ts';
import { tradingHours } from './checks/trading-hours.ts';
import type { Asker, CheckContext, WantedOrder } from './check-context.ts';
import { workOut } from './facts.ts';
import type { Risk } from './risk.ts';
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
}

/** Every pre-trade check, in the order in which they are asked; the first that refuses gives the denial. `form` is first: the others rely on it. */
export const checkTable: readonly CheckRow[] = [
  { name: 'form', checks: 'all', check: form },
  { name: 'authority', checks: 'all', check: authority },
  { name: 'reduce-only', checks: 'all', check: reduceOnly },
  { name: 'trading-hours', checks: 'all', check: tradingHours },
  { name: 'halted-listing', checks: 'all', check: haltedListing },
  { name: 'restricted-list', checks: 'expanding', check: restrictedList },
  { name: 'reference-price', checks: 'expanding', check: referencePrice },
  { name: 'order-size', checks: 'orders', check: orderSize },
  { name: 'notional', checks: 'orders', check: notional },
  { name: 'fat-finger', checks: 'orders', check: fatFinger },
  { name: 'price-collar', checks: 'orders', check: priceCollar },
  { name: 'order-rate', checks: 'orders', check: orderRate },
  { name: 'duplicate', checks: 'orders', check: duplicate },
  { name: 'position', checks: 'expanding', check: position },
  { name: 'open-positions', checks: 'expanding', check: openPositions },
  { name: 'concentration', checks: 'expanding', check: concentration },
  { name: 'daily-loss', checks: 'expanding', check: dailyLoss },
  { name: 'credit', checks: 'expanding', check: credit },
  { name: 'allocation', checks: 'expanding', check: allocation },
  { name: 'lease', checks: 'expanding', check: lease },
  { name: 'self-trade', checks: 'all', check: selfTrade },
];

/** The table after `form`, for orders of each kind: 0 plain, 1 reducing, 2 a custodian's, 3 both. */
const checksOf: readonly (readonly Check[])[] = [0, 1, 2, 3].map((kind) =>
  checkTable
    .slice(1)
    .filter(({ checks }) => !(checks === 'orders' && kind >= 2) && !(checks === 'expanding' && kind % 2 === 1))
    .map(({ check }) => check),
);

/**
 * All checks on one order. `passed`: `risk.verdict` says whether it is proven reducing and at what price it reserves; hand the order to `acceptOrder`.
 * `denied`: `risk.denial` says why. `selfTradeWait`: cancel the orders in `risk.verdict.waits` and ask again when they are gone.
 */
export function checkOrder(risk: Risk, order: WantedOrder, asker: Asker, at: Micros): CheckOutcome {
  const { verdict, context } = risk;
  take(risk, context, order, asker, at);
  verdict.outcome = 'denied';
  verdict.waitCount = 0;
  verdict.reducing = false;
  verdict.reservePx = 0;
  if (!form(risk, context)) return 'denied';
  workOut(risk, context);
  const checks = checksOf[(context.custodian ? 2 : 0) + (context.reducing ? 1 : 0)];
  for (let i = 0; i < checks.length; i++) if (!checks[i](risk, context)) return 'denied';
  verdict.reducing = context.reducing;
  verdict.reservePx = context.reducing ? 0 : context.valuePx;
  verdict.outcome = verdict.waitCount > 0 ? 'selfTradeWait' : 'passed';
  return verdict.outcome;
}

function take(risk: Risk, c: CheckContext, order: WantedOrder, asker: Asker, at: Micros): void {
  c.order = order;
  c.asker = asker;
  c.at = at;
  c.listing = undefined;
  c.custodian = risk.gate.rows[asker.row].custodian;
  c.side = order.side === 'buy' ? 1 : -1;
}
