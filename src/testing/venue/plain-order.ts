import { lots, micros, ticks } from '../../base/units.ts';
import { noPrice, noTime } from '../../domain/order.ts';
import type { Order } from '../../domain/order.ts';
import type { RiskChecked } from '../../domain/risk-checked.ts';

/** Numbers that a test writes plainly, without units. */
export interface PlainTerms {
  readonly price?: number;
  readonly stopPx?: number;
  readonly orderQty?: number;
  readonly expireTime?: number;
}

/** An order as a test names it: a buy limit order for 10 lots, good till canceled, unless it says otherwise. */
export function plainOrder(terms: PlainTerms & Partial<Omit<Order, keyof PlainTerms>>): Order {
  const { price, stopPx, orderQty, expireTime, ...rest } = terms;
  return {
    listing: 0,
    side: 'buy',
    ordType: 'limit',
    timeInForce: 'gtc',
    orderQty: lots(orderQty ?? 10),
    price: ticks(price ?? noPrice),
    stopPx: ticks(stopPx ?? noPrice),
    targetPx: ticks(noPrice),
    trailOffset: 0,
    expireTime: micros(expireTime ?? noTime),
    postOnly: false,
    reduceOnly: false,
    parentOrderID: 0,
    decisionAt: micros(0),
    arrivalBid: ticks(noPrice),
    arrivalAsk: ticks(noPrice),
    reason: '',
    compliance: '',
    clOrdID: 1,
    origClOrdID: 0,
    row: 0,
    deployment: 0,
    stage: 0,
    account: 0,
    term: 1,
    epoch: 1,
    tag: 1,
    eventSeq: 1,
    leg: 'none',
    bracketOf: 0,
    simulated: false,
    ordStatus: 'pendingNew',
    cumQty: lots(0),
    leavesQty: lots(orderQty ?? 10),
    ...rest,
  };
}

/** Tests of venues stand in for the gate: what they send counts as checked. */
export function checkedForTest(order: Order): RiskChecked<Order> {
  if (!standsForTheGate(order)) throw new Error('a test order is checked');
  return order;
}

function standsForTheGate(order: Order): order is RiskChecked<Order> {
  return order.clOrdID > 0;
}
