import { lots, micros, ticks } from '../../base/units.ts';
import type { OrderDraft } from '../../core/orders/stored-order.ts';
import { noPrice, noTime } from '../../domain/order.ts';
import { blankReport, type Report } from '../../domain/report.ts';

/** A limit order for 10 lots at 100 ticks, GTC, of row 0 in listing 0. */
export const plainDraft: OrderDraft = {
  clOrdID: 65_536,
  origClOrdID: 0,
  row: 0,
  deployment: 0,
  stage: 0,
  account: 0,
  term: 1,
  epoch: 1,
  tag: 1,
  eventSeq: 7,
  leg: 'none',
  bracketOf: 0,
  simulated: false,
  listing: 0,
  side: 'buy',
  ordType: 'limit',
  timeInForce: 'gtc',
  orderQty: lots(10),
  price: ticks(100),
  stopPx: ticks(noPrice),
  targetPx: ticks(noPrice),
  trailOffset: 0,
  expireTime: micros(noTime),
  postOnly: false,
  reduceOnly: false,
  parentOrderID: 0,
  decisionAt: micros(1_700_000_000_000_000),
  arrivalBid: ticks(99),
  arrivalAsk: ticks(101),
  reason: 'sample',
  compliance: '',
};

/** `new` of venue 0 on that order, nothing else said. */
export const plainReport: Report = {
  ...blankReport,
  venue: 0,
  listing: 0,
  clOrdID: 65_536,
  execID: 'E0',
  transactTime: micros(1_700_000_000_000_000),
  eventSeq: 8,
};
