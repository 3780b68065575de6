import { lots, micros, ticks } from '../../base/units.ts';
import type { Decision } from '../../domain/decision.ts';
import type { hotDecisions, hotInputs } from '../../domain/schema/hot-kinds.ts';
import type { Input } from '../../domain/input.ts';
import { noPrice, noTime } from '../../domain/order.ts';
import type { Order, OrderTags, OrderTerms } from '../../domain/order.ts';

const at = micros(1_723_075_200_123_456);

const terms: OrderTerms = {
  listing: 2,
  side: 'buy',
  ordType: 'limit',
  timeInForce: 'gtc',
  orderQty: lots(250),
  price: ticks(6_104_210),
  stopPx: ticks(noPrice),
  targetPx: ticks(noPrice),
  trailOffset: 0,
  expireTime: micros(noTime),
  postOnly: true,
  reduceOnly: false,
};

const tags: OrderTags = {
  parentOrderID: 0,
  decisionAt: at,
  arrivalBid: ticks(6_104_209),
  arrivalAsk: ticks(6_104_211),
  reason: 'quote bid',
  compliance: '',
};

const order: Order = {
  ...terms,
  ...tags,
  clOrdID: 790_123_456,
  origClOrdID: 0,
  row: 1,
  deployment: 0,
  stage: 2,
  account: 0,
  term: 1,
  epoch: 3,
  tag: 41_215,
  eventSeq: 9_812_334,
  leg: 'none',
  bracketOf: 0,
  simulated: false,
  ordStatus: 'pendingNew',
  cumQty: lots(0),
  leavesQty: lots(250),
};

/** One value of every hot kind, as a desk has them. */
export const hotValues: {
  readonly [K in (typeof hotInputs)[number]]: Extract<Input, { readonly kind: K }>;
} & { readonly [K in (typeof hotDecisions)[number]]: Extract<Decision, { readonly kind: K }> } = {
  intent: { kind: 'intent', action: 'new', row: 1, tag: 41_215, targetTag: 0, eventSeq: 9_812_334, epoch: 3, ...terms, ...tags },
  report: {
    kind: 'report',
    venue: 0,
    listing: 2,
    clOrdID: 790_123_456,
    origClOrdID: 0,
    orderID: 'SIM-88123',
    execID: 'SIM-E-199201',
    execRefID: '',
    execType: 'trade',
    lastQty: lots(100),
    lastPx: ticks(6_104_210),
    cumQty: 100,
    leavesQty: 150,
    orderQty: lots(0),
    price: ticks(noPrice),
    commissionHi: 0,
    commissionLo: 1_221_000_000,
    commissionCurrency: 1,
    liquidity: 'maker',
    text: '',
    transactTime: at,
    eventSeq: 9_812_400,
    simulated: false,
  },
  mark: {
    kind: 'mark',
    listing: 2,
    feed: 0,
    feedSeq: 5_123_107_831_937,
    bid: ticks(6_104_209),
    bidQty: lots(1200),
    ask: ticks(6_104_211),
    askQty: lots(800),
    last: ticks(6_104_210),
    eventTime: at,
    eventSeq: 9_812_334,
  },
  timer: { kind: 'timer', deadline: at },
  orderSent: { kind: 'orderSent', order },
  replaceSent: { kind: 'replaceSent', order: { ...order, origClOrdID: 790_123_392 } },
  cancelSent: { kind: 'cancelSent', clOrdID: 790_123_520, target: 790_123_456, row: 1, listing: 2, reason: 'quote moved' },
  orderDenied: {
    kind: 'orderDenied',
    row: 1,
    tag: 41_216,
    action: 'new',
    listing: 2,
    code: 'FAT_FINGER_PRICE',
    value: 512.5,
    limit: 500,
    scope: 'version:maker@main.USD/1.0.0',
  },
  orderStateChanged: {
    kind: 'orderStateChanged',
    clOrdID: 790_123_456,
    row: 1,
    from: 'pendingNew',
    to: 'new',
    by: 'new',
    cumQty: lots(0),
    leavesQty: lots(250),
  },
  fillBooked: {
    kind: 'fillBooked',
    booking: 'fill',
    clOrdID: 790_123_456,
    execID: 'SIM-E-199201',
    row: 1,
    account: 0,
    listing: 2,
    side: 'buy',
    lastQty: lots(100),
    lastPx: ticks(6_104_210),
    realized: { hi: 0, lo: 0 },
    fee: { hi: -1, lo: 281_473_755_710_656 },
    position: lots(100),
  },
};
