import { microsUnchecked, type Micros } from '../../base/units.ts';
import { byteTarget } from '../../domain/schema/byte-target.ts';
import { inputCodec } from '../../domain/schema/codec.ts';
import { decoderOf, type Decode } from '../../domain/schema/decode.ts';
import { encoderOf, type Encode, type Members } from '../../domain/schema/encode.ts';
import { bool, group, i32, i64, split, str, words, type FieldList, type Fields } from '../../domain/schema/field.ts';
import { i64At, parseJson, putI64, putJson, putText, textAt, textBytesAt, type Payload } from '../../domain/schema/wire.ts';
import type { EventSeq } from '../../domain/ids.ts';
import { cashFlowKinds, type Intent } from '../../domain/input.ts';
import { feedConditions, type Bar, type FeedStatus, type MarketEvent, type Quote, type Trade } from '../../domain/market.ts';
import { ordStatuses, sides } from '../../domain/order.ts';
import type { OwnFill, OwnHolding, OwnOrderUpdate } from '../../ports/strategy.ts';
import type { FillMoney } from '../own-money.ts';
import { hostFaultEvents, type Delivery, type HostFault, type OwnEvent } from '../host-port.ts';
import type { RingWriter } from '../rings/ring.ts';
import { maxMessageBytes, readBook, writeBook } from './book-message.ts';

/** Types of messages between the core and a host. Deliveries begin with i64 eventSeq, i64 at, f64 receive stamp (microseconds of the shared clock). */
export const messageTypes = {
  quote: 1,
  trade: 2,
  book: 3,
  bar: 4,
  feedStatus: 5,
  ownFill: 6,
  ownUpdate: 7,
  timer: 8,
  group: 9,
  start: 10,
  ownHolding: 11,
  order: 20,
  intent: 30,
  timerSet: 31,
  fault: 32,
  answered: 33,
  loaded: 34,
  state: 35,
  hand: 36,
} as const;

const head = 24;

const stampFields = { eventSeq: i64, feedSeq: i64, eventTime: i64, receivedAt: i64, feed: i32, listing: i32 } as const;
const quoteFields: Fields<Quote> = { ...stampFields, bid: i64, bidQty: i64, ask: i64, askQty: i64 };
const tradeFields: Fields<Trade> = { ...stampFields, price: i64, qty: i64, tradeID: i64, aggressor: words(['buy', 'sell', 'none']) };
const barFields: Fields<Bar> = { ...stampFields, interval: i64, open: i64, high: i64, low: i64, close: i64, volume: i64 };
const statusFields: Fields<FeedStatus> = { ...stampFields, value: i64, condition: words(feedConditions), text: str };
const fillFields: Fields<OwnFill> = {
  tag: i64,
  lastQty: i64,
  lastPx: i64,
  leavesQty: i64,
  position: i64,
  fee: split,
  transactTime: i64,
  listing: i32,
  feeCurrency: i32,
  side: words(sides),
};
const moneyFields: Fields<FillMoney> = { cash: split, fee: split, returnedFee: split, feeCurrency: i32, returnedCurrency: i32 };
const updateFields: Fields<OwnOrderUpdate> = {
  tag: i64,
  ordStatus: words([...ordStatuses, 'denied', 'cancelRejected', 'replaced']),
  code: str,
};
const ownFillFields: Fields<Extract<OwnEvent, { kind: 'ownFill' }>> = {
  row: i32,
  simulated: bool,
  fill: group(fillFields),
  money: group(moneyFields),
};
const ownUpdateFields: Fields<Extract<OwnEvent, { kind: 'ownUpdate' }>> = {
  row: i32,
  simulated: bool,
  leavesQty: i64,
  cumQty: i64,
  price: i64,
  orderQty: i64,
  update: group(updateFields),
};
const holdingFields: Fields<OwnHolding> = {
  position: i64,
  cash: split,
  listing: i32,
  currency: i32,
  cause: words(['split', ...cashFlowKinds, 'paperRun']),
};
const ownHoldingFields: Fields<Extract<OwnEvent, { kind: 'ownHolding' }>> = { row: i32, simulated: bool, holding: group(holdingFields) };
const timerFields: FieldList = { row: i32, name: str };
const startFields: FieldList = { row: i32 };
const timerSetFields: FieldList = { row: i32, at: i64, name: str };
const faultFields: FieldList = { row: i32, event: words(hostFaultEvents), text: str };

interface Layout {
  readonly type: number;
  readonly encode: Encode;
  readonly decode: Decode;
}

const layout = (type: number, kind: string, fields: FieldList): Layout => ({
  type,
  encode: encoderOf(fields),
  decode: decoderOf(kind, fields),
});

const layouts = {
  quote: layout(messageTypes.quote, 'quote', quoteFields),
  trade: layout(messageTypes.trade, 'trade', tradeFields),
  bar: layout(messageTypes.bar, 'bar', barFields),
  feedStatus: layout(messageTypes.feedStatus, 'feedStatus', statusFields),
  ownFill: layout(messageTypes.ownFill, 'ownFill', ownFillFields),
  ownUpdate: layout(messageTypes.ownUpdate, 'ownUpdate', ownUpdateFields),
  ownHolding: layout(messageTypes.ownHolding, 'ownHolding', ownHoldingFields),
  timer: layout(messageTypes.timer, 'timer', timerFields),
  start: layout(messageTypes.start, 'start', startFields),
  timerSet: layout(messageTypes.timerSet, 'timerSet', timerSetFields),
  fault: layout(messageTypes.fault, 'fault', faultFields),
};
const byType = new Map(Object.values(layouts).map((one) => [one.type, one]));
const intentCodec = inputCodec({ kind: 'intent' } as Intent);

/** Where a message is put together before it has a place in a ring. */
const scratch = byteTarget(4_096, maxMessageBytes, 'message to or from a host');

/** @returns false: the ring is full, nothing was written. */
function send(writer: RingWriter, type: number, end: number): boolean {
  const at = writer.claim(end);
  if (at < 0) return false;
  writer.bytes.set(scratch.bytes.subarray(0, end), at);
  writer.commit(type, at + end);
  return true;
}

function putHead(eventSeq: EventSeq, at: Micros, stamp: number): void {
  putI64(scratch, 0, eventSeq, 'eventSeq');
  putI64(scratch, 8, at, 'at');
  scratch.view.setFloat64(16, stamp, true);
}

/** Writes one delivery. `stamp`: when the thing was received, shared clock. @returns false: the ring is full. */
export function sendDelivery(writer: RingWriter, delivery: Delivery, stamp: number): boolean {
  putHead(delivery.eventSeq, delivery.at, stamp);
  switch (delivery.kind) {
    case 'market':
      return sendMarket(writer, delivery.event);
    case 'own':
      return sendAs(writer, layouts[delivery.event.kind], delivery.event);
    case 'timer':
      return sendAs(writer, layouts.timer, delivery);
    case 'start':
      return sendAs(writer, layouts.start, delivery);
    case 'group':
      return send(writer, messageTypes.group, head);
  }
}

function sendMarket(writer: RingWriter, event: MarketEvent): boolean {
  if (event.kind === 'book') return send(writer, messageTypes.book, writeBook(scratch, head, event));
  return sendAs(writer, layouts[event.kind], event);
}

function sendAs(writer: RingWriter, { type, encode }: Layout, value: object): boolean {
  return send(writer, type, encode(scratch, head, value as Members));
}

/** The delivery in a message, and its receive stamp. A book's arrays are only valid until the next call. */
export function readDelivery(type: number, from: Payload, at: number): { readonly delivery: Delivery; readonly stamp: number } {
  const eventSeq = i64At(from, at, 'eventSeq');
  const time = microsUnchecked(i64At(from, at + 8, 'at'));
  return { delivery: deliveryOf(type, from, at + head, eventSeq, time), stamp: from.view.getFloat64(at + 16, true) };
}

function deliveryOf(type: number, from: Payload, at: number, eventSeq: EventSeq, time: Micros): Delivery {
  const common = { eventSeq, at: time };
  if (type === messageTypes.group) return { kind: 'group', ...common };
  if (type === messageTypes.book) return { kind: 'market', ...common, event: readBook(from, at) };
  const value: unknown = decoded(type, from, at);
  switch (type) {
    case messageTypes.ownFill:
    case messageTypes.ownUpdate:
    case messageTypes.ownHolding:
      return { kind: 'own', ...common, event: value as OwnEvent };
    case messageTypes.timer:
      return { ...(value as { kind: 'timer'; row: number; name: string }), ...common };
    case messageTypes.start:
      return { ...(value as { kind: 'start'; row: number }), ...common };
    default:
      return { kind: 'market', ...common, event: value as MarketEvent };
  }
}

function decoded(type: number, from: Payload, at: number): unknown {
  const found = byType.get(type);
  if (found === undefined) throw new Error(`message of type ${type}: expected one of ${[...byType.keys()].join(', ')}`);
  return found.decode(from, at);
}

/** `stamp`: receive stamp of what it answers; `decided`: when its strategy had proposed it. Shared clock, microseconds. */
export function sendIntent(writer: RingWriter, intent: Intent, stamp: number, decided: number): boolean {
  scratch.reserve(head);
  scratch.view.setFloat64(0, stamp, true);
  scratch.view.setFloat64(8, decided, true);
  return send(writer, messageTypes.intent, intentCodec.encode(scratch, 16, intent as unknown as Members));
}

export interface StampedIntent {
  readonly intent: Intent;
  readonly stamp: number;
  readonly decided: number;
}

export function readIntent(from: Payload, at: number): StampedIntent {
  const { view } = from;
  return {
    intent: intentCodec.decode(from, at + 16) as unknown as Intent,
    stamp: view.getFloat64(at, true),
    decided: view.getFloat64(at + 8, true),
  };
}

export interface TimerSet {
  readonly row: number;
  readonly at: Micros;
  readonly name: string;
}

export function sendTimerSet(writer: RingWriter, timer: TimerSet): boolean {
  return send(writer, messageTypes.timerSet, layouts.timerSet.encode(scratch, 0, { ...timer }));
}

export function readTimerSet(from: Payload, at: number): TimerSet {
  return layouts.timerSet.decode(from, at) as unknown as TimerSet;
}

export function sendFault(writer: RingWriter, fault: HostFault): boolean {
  return send(writer, messageTypes.fault, layouts.fault.encode(scratch, 0, { ...fault }));
}

export function readFault(from: Payload, at: number): HostFault {
  const { row, event, text } = layouts.fault.decode(from, at) as unknown as HostFault;
  return { row, event, text };
}

/** Everything up to `eventSeq` is answered; `handled` messages in all. */
export function sendAnswered(writer: RingWriter, eventSeq: EventSeq, handled: number): boolean {
  scratch.reserve(16);
  putI64(scratch, 0, eventSeq, 'eventSeq');
  putI64(scratch, 8, handled, 'handled');
  return send(writer, messageTypes.answered, 16);
}

export function readAnswered(from: Payload, at: number): { readonly eventSeq: EventSeq; readonly handled: number } {
  return { eventSeq: i64At(from, at, 'eventSeq'), handled: i64At(from, at + 8, 'handled') };
}

/** State that a strategy exported, for whoever serves its row next. */
export interface HostState {
  readonly row: number;
  readonly eventSeq: EventSeq;
  readonly schema: string;
  readonly bytes: Uint8Array;
}

export function sendState(writer: RingWriter, { row, eventSeq, schema, bytes }: HostState): boolean {
  scratch.reserve(12);
  putI64(scratch, 0, eventSeq, 'eventSeq');
  scratch.view.setInt32(8, row, true);
  const at = putText(scratch, 12, schema);
  scratch.reserve(at + bytes.length);
  scratch.bytes.set(bytes, at);
  return send(writer, messageTypes.state, at + bytes.length);
}

export function readState(from: Payload, at: number): HostState {
  const length = textBytesAt(from, at + 12, 'schema');
  return {
    row: from.view.getInt32(at + 8, true),
    eventSeq: i64At(from, at, 'eventSeq'),
    schema: textAt(from, at + 12, length, 'schema'),
    bytes: from.bytes.slice(at + 16 + length, from.end),
  };
}

/** Rare messages (loading, authority) are JSON. */
export function sendJson(writer: RingWriter, type: number, value: object): boolean {
  return send(writer, type, putJson(scratch, 0, value));
}

export function readJson(from: Payload, at: number): unknown {
  const bytes = textBytesAt(from, at, 'message');
  return parseJson(textAt(from, at, bytes, 'message'), 'message');
}
