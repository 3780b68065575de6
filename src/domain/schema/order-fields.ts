import { bracketLegs, ordStatuses, ordTypes, sides, timesInForce } from '../order.ts';
import type { Order, OrderTags, OrderTerms } from '../order.ts';
import { bool, i32, i64, str, u32, words } from './field.ts';
import type { Fields } from './field.ts';

/** What to do at a venue, as intents and orders carry it. */
export const orderTermsFields: Fields<OrderTerms> = {
  orderQty: i64,
  price: i64,
  stopPx: i64,
  targetPx: i64,
  trailOffset: i64,
  expireTime: i64,
  listing: i32,
  side: words(sides),
  ordType: words(ordTypes),
  timeInForce: words(timesInForce),
  postOnly: bool,
  reduceOnly: bool,
};

/** Who and what an order stands for. */
export const orderTagsFields: Fields<OrderTags> = {
  parentOrderID: i64,
  decisionAt: i64,
  arrivalBid: i64,
  arrivalAsk: i64,
  reason: str,
  compliance: str,
};

export const orderFields: Fields<Order> = {
  clOrdID: i64,
  origClOrdID: i64,
  bracketOf: i64,
  tag: i64,
  eventSeq: i64,
  cumQty: i64,
  leavesQty: i64,
  row: i32,
  deployment: i32,
  stage: i32,
  account: i32,
  term: u32,
  epoch: u32,
  leg: words(bracketLegs),
  ordStatus: words(ordStatuses),
  simulated: bool,
  ...orderTermsFields,
  ...orderTagsFields,
};
