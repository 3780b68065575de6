import { lotsUnchecked, microsUnchecked, ticksUnchecked, type Micros } from '../../src/base/units.ts';
import { createCore, defaultCoreCapacities, type Core } from '../../src/core/core.ts';
import { nextDeadline } from '../../src/core/market-flow.ts';
import { openCount } from '../../src/core/orders/order-store.ts';
import type { Intent } from '../../src/domain/input.ts';
import type { Report } from '../../src/domain/report.ts';
import { createBusyDesk, firstBid, mark, take } from './busy-desk.ts';
import type { LatencyCounts } from './latency.ts';

/** A desk with many orders open; each further one comes, is acknowledged and goes. */
export interface RestingDesk {
  readonly core: Core;
  readonly at: Micros;
  readonly open: number;
  run(orders: number, latency: LatencyCounts): void;
}

const versions = 100;
const listings = 100;
const microsPerOrder = 1_000;
/** An order a millisecond: a mark this often keeps the feed fresh. */
const ordersPerMark = 1_000;

export function createRestingDesk(openOrders: number): RestingDesk {
  const places = 131_072;
  const orders = { ...defaultCoreCapacities.orders, openOrders: places };
  const desk = createBusyDesk(
    versions,
    listings,
    undefined,
    createCore(1, { ...defaultCoreCapacities, orders, risk: { openOrders: 2 * places } }),
  );
  const tags = new Float64Array(desk.rows.length);
  let sent = 0;
  const send = (): Report => {
    sent += 1;
    desk.at = microsUnchecked(desk.at + microsPerOrder);
    const deadline = nextDeadline(desk.core);
    if (deadline !== undefined && deadline <= desk.at) take(desk, { kind: 'timer', deadline });
    if (sent % ordersPerMark === 0) for (let listing = 0; listing < listings; listing++) mark(desk, listing, firstBid, firstBid + 1);
    const v = sent % desk.rows.length;
    const { row, listings: own } = desk.rows[v];
    tags[v] += 1;
    take(
      desk,
      intentOf(
        row,
        desk.core.gate.epoch[row],
        tags[v],
        own[Math.floor(sent / desk.rows.length) % own.length],
        firstBid - 1 - (sent % 50),
        desk.at,
      ),
    );
    const effect = desk.outcome.effects[0];
    if (effect?.kind !== 'send') throw new Error(`bench: ${JSON.stringify(desk.outcome.decisions)}`);
    const report = acknowledged(effect.order.clOrdID, effect.order.listing, desk.at);
    take(desk, report);
    return report;
  };
  while (openCount(desk.core.orders) < openOrders) send();
  return {
    core: desk.core,
    get at() {
      return desk.at;
    },
    get open() {
      return openCount(desk.core.orders);
    },
    run(orders, latency) {
      for (let n = 0; n < orders; n++) {
        const before = performance.now();
        const report = send();
        take(desk, { ...report, execType: 'canceled', execID: `C${sent}`, leavesQty: 0 });
        latency.add((performance.now() - before) * 1e6);
      }
    },
  };
}

function intentOf(row: number, epoch: number, tag: number, listing: number, price: number, at: Micros): Intent {
  const none = ticksUnchecked(0);
  return {
    kind: 'intent',
    action: 'new',
    row,
    tag,
    targetTag: 0,
    eventSeq: tag,
    epoch,
    listing,
    side: 'buy',
    ordType: 'limit',
    timeInForce: 'gtc',
    orderQty: lotsUnchecked(1),
    price: ticksUnchecked(price),
    stopPx: none,
    targetPx: none,
    trailOffset: 0,
    expireTime: microsUnchecked(0),
    postOnly: false,
    reduceOnly: false,
    parentOrderID: 0,
    decisionAt: at,
    arrivalBid: none,
    arrivalAsk: none,
    reason: '',
    compliance: '',
  };
}

function acknowledged(clOrdID: number, listing: number, at: Micros): Report {
  return {
    kind: 'report',
    venue: 0,
    listing,
    clOrdID,
    origClOrdID: 0,
    orderID: `O${clOrdID}`,
    execID: `N${clOrdID}`,
    execRefID: '',
    execType: 'new',
    lastQty: lotsUnchecked(0),
    lastPx: ticksUnchecked(0),
    cumQty: 0,
    leavesQty: 1,
    orderQty: lotsUnchecked(0),
    price: ticksUnchecked(0),
    commissionHi: 0,
    commissionLo: 0,
    commissionCurrency: 0,
    liquidity: 'none',
    text: '',
    transactTime: at,
    eventSeq: 0,
    simulated: false,
  };
}
