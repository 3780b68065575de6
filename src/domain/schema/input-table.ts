import { cashFlowKinds, hostEvents, intentActions, sessionPhases } from '../input.ts';
import type { Input, InputKind } from '../input.ts';
import { feedConditions } from '../market.ts';
import { sides } from '../order.ts';
import { execTypes, liquidities } from '../report.ts';
import { handoverEvents } from '../swap.ts';
import { reconcileReasons } from '../statement.ts';
import { bool, f64, i32, i64, json, str, u32, words } from './field.ts';
import type { Message } from './field.ts';
import { orderTagsFields, orderTermsFields } from './order-fields.ts';

/** Every input: id (16…255, never given twice), version, fields in the order of the encoding. */
export const inputTable: { readonly [K in InputKind]: Message<Extract<Input, { readonly kind: K }>> } = {
  genesis: {
    id: 16,
    version: 1,
    fields: {
      durability: words(['sync', 'group', 'os']),
      clock: words(['virtual', 'wall']),
      firm: str,
      currency: str,
      firmCapital: str,
      coreDigest: str,
      seed: str,
    },
  },
  register: { id: 17, version: 1, whole: json },
  corporateAction: {
    id: 18,
    version: 1,
    fields: {
      action: words(['split', 'dividend', 'tickerChange']),
      instrument: i32,
      numerator: i64,
      denominator: i64,
      exDate: i64,
      text: str,
    },
  },
  session: { id: 19, version: 1, fields: { phase: words(sessionPhases), sessionDay: i64, until: i64, calendar: str } },
  haltStatus: { id: 20, version: 1, fields: { listing: i32, halted: bool, text: str } },
  cashFlow: {
    id: 21,
    version: 1,
    fields: { hi: i64, lo: i64, account: i32, row: i32, instrument: i32, currency: i32, flow: words(cashFlowKinds), reference: str },
  },
  limitGrant: { id: 22, version: 1, fields: { limit: i64, until: i64 } },
  clockStatus: { id: 23, version: 1, fields: { offsetNanos: i64, errorNanos: i64, synchronized: bool, source: str } },
  signal: { id: 24, version: 1, fields: { value: f64, knownAt: i64, instrument: i32, name: str, source: str } },
  report: {
    id: 25,
    version: 1,
    fields: {
      clOrdID: i64,
      origClOrdID: i64,
      lastQty: i64,
      lastPx: i64,
      cumQty: i64,
      leavesQty: i64,
      orderQty: i64,
      price: i64,
      commissionHi: i64,
      commissionLo: i64,
      transactTime: i64,
      eventSeq: i64,
      venue: i32,
      listing: i32,
      commissionCurrency: i32,
      execType: words(execTypes),
      liquidity: words(liquidities),
      simulated: bool,
      orderID: str,
      execID: str,
      execRefID: str,
      text: str,
    },
  },
  externalFill: {
    id: 26,
    version: 1,
    fields: { lastQty: i64, lastPx: i64, transactTime: i64, account: i32, listing: i32, side: words(sides), execID: str },
  },
  venuePosition: {
    id: 27,
    version: 1,
    fields: { position: i64, asOfClOrdID: i64, account: i32, venue: i32, instrument: i32, openOrders: u32 },
  },
  command: {
    id: 28,
    version: 1,
    fields: { commandID: str, actor: json, approvedBy: json, expectedRevision: json, command: json },
  },
  mark: {
    id: 29,
    version: 1,
    fields: {
      feedSeq: i64,
      bid: i64,
      bidQty: i64,
      ask: i64,
      askQty: i64,
      last: i64,
      eventTime: i64,
      eventSeq: i64,
      listing: i32,
      feed: i32,
    },
  },
  feed: { id: 30, version: 1, fields: { value: f64, feed: i32, listing: i32, condition: words(feedConditions), text: str } },
  timer: { id: 31, version: 1, fields: { deadline: i64 } },
  host: { id: 32, version: 1, fields: { eventSeq: i64, row: i32, event: words(hostEvents), text: str } },
  intent: {
    id: 33,
    version: 1,
    fields: {
      tag: i64,
      targetTag: i64,
      eventSeq: i64,
      row: i32,
      epoch: u32,
      action: words(intentActions),
      ...orderTermsFields,
      ...orderTagsFields,
    },
  },
  close: { id: 34, version: 1, fields: { reason: str } },
  start: { id: 35, version: 1, fields: { term: u32, coreDigest: str, text: str } },
  venuesCompared: { id: 36, version: 1, fields: { breaks: u32, text: str } },
  handover: {
    id: 48,
    version: 1,
    fields: { eventSeq: i64, swap: u32, row: i32, event: words(handoverEvents), exported: str, taken: str, text: str },
  },
  stateCheck: { id: 37, version: 1, fields: { reason: str } },
  venueStatement: {
    id: 52,
    version: 1,
    fields: {
      asOf: i64,
      since: i64,
      venue: i32,
      account: i32,
      ask: u32,
      page: u32,
      pages: u32,
      orders: json,
      fills: json,
      positions: json,
    },
  },
  captureChunk: { id: 54, version: 1, fields: { firstAt: i64, lastAt: i64, chunk: u32, events: u32, file: str, root: str } },
  reconcile: { id: 53, version: 1, fields: { every: i64, venue: i32, reason: words(reconcileReasons) } },
};
