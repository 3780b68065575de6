// Generated from the schema table by `npm run schema`; a test keeps it fresh.
import type { Decision } from '../../decision.ts';
import type { ByteTarget } from '../byte-target.ts';
import type { Decode, Same } from '../decode.ts';
import type { Encode, Members } from '../encode.ts';
import { wordsOf } from '../table.ts';
import {
  behindText,
  boolAt,
  codesOf,
  expectBlock,
  expectEnd,
  i64At,
  isBool,
  isF64,
  isI32,
  isI64,
  isSplit,
  isU32,
  isWord,
  putBool,
  putF64,
  putI32,
  putI64,
  putSplit,
  putText,
  putU32,
  putWord,
  splitAt,
  textAt,
  textBytesAt,
  wordAt,
} from '../wire.ts';
import type { Payload } from '../wire.ts';

type Of<K extends Decision['kind']> = Extract<Decision, { readonly kind: K }>;

const orderSentOrderLeg = wordsOf('decision', 'orderSent', 'order.leg');
const orderSentOrderLegCodes = codesOf(orderSentOrderLeg);
const orderSentOrderOrdStatus = wordsOf('decision', 'orderSent', 'order.ordStatus');
const orderSentOrderOrdStatusCodes = codesOf(orderSentOrderOrdStatus);
const orderSentOrderSide = wordsOf('decision', 'orderSent', 'order.side');
const orderSentOrderSideCodes = codesOf(orderSentOrderSide);
const orderSentOrderOrdType = wordsOf('decision', 'orderSent', 'order.ordType');
const orderSentOrderOrdTypeCodes = codesOf(orderSentOrderOrdType);
const orderSentOrderTimeInForce = wordsOf('decision', 'orderSent', 'order.timeInForce');
const orderSentOrderTimeInForceCodes = codesOf(orderSentOrderTimeInForce);

function encodeOrderSent(t: ByteTarget, at: number, members: Members): number {
  const x = members as unknown as Of<'orderSent'>;
  t.reserve(at + 172);
  putI64(t, at, x.order.clOrdID, 'clOrdID');
  putI64(t, at + 8, x.order.origClOrdID, 'origClOrdID');
  putI64(t, at + 16, x.order.bracketOf, 'bracketOf');
  putI64(t, at + 24, x.order.tag, 'tag');
  putI64(t, at + 32, x.order.eventSeq, 'eventSeq');
  putI64(t, at + 40, x.order.cumQty, 'cumQty');
  putI64(t, at + 48, x.order.leavesQty, 'leavesQty');
  putI32(t, at + 56, x.order.row, 'row');
  putI32(t, at + 60, x.order.deployment, 'deployment');
  putI32(t, at + 64, x.order.stage, 'stage');
  putI32(t, at + 68, x.order.account, 'account');
  putU32(t, at + 72, x.order.term, 'term');
  putU32(t, at + 76, x.order.epoch, 'epoch');
  putWord(t, at + 80, x.order.leg, orderSentOrderLegCodes, 'leg');
  putWord(t, at + 81, x.order.ordStatus, orderSentOrderOrdStatusCodes, 'ordStatus');
  putBool(t, at + 82, x.order.simulated);
  putI64(t, at + 83, x.order.orderQty, 'orderQty');
  putI64(t, at + 91, x.order.price, 'price');
  putI64(t, at + 99, x.order.stopPx, 'stopPx');
  putI64(t, at + 107, x.order.targetPx, 'targetPx');
  putI64(t, at + 115, x.order.trailOffset, 'trailOffset');
  putI64(t, at + 123, x.order.expireTime, 'expireTime');
  putI32(t, at + 131, x.order.listing, 'listing');
  putWord(t, at + 135, x.order.side, orderSentOrderSideCodes, 'side');
  putWord(t, at + 136, x.order.ordType, orderSentOrderOrdTypeCodes, 'ordType');
  putWord(t, at + 137, x.order.timeInForce, orderSentOrderTimeInForceCodes, 'timeInForce');
  putBool(t, at + 138, x.order.postOnly);
  putBool(t, at + 139, x.order.reduceOnly);
  putI64(t, at + 140, x.order.parentOrderID, 'parentOrderID');
  putI64(t, at + 148, x.order.decisionAt, 'decisionAt');
  putI64(t, at + 156, x.order.arrivalBid, 'arrivalBid');
  putI64(t, at + 164, x.order.arrivalAsk, 'arrivalAsk');
  const p1 = putText(t, at + 172, x.order.reason);
  return putText(t, p1, x.order.compliance);
}

function decodeOrderSent(from: Payload, at: number, kind: string): Members {
  expectBlock(from, at, 172);
  const p0 = at + 172;
  const n0 = textBytesAt(from, p0, 'reason');
  const p1 = p0 + n0 + 4;
  const n1 = textBytesAt(from, p1, 'compliance');
  expectEnd(from, p1 + n1 + 4);
  return {
    kind,
    order: {
      clOrdID: i64At(from, at, 'clOrdID'),
      origClOrdID: i64At(from, at + 8, 'origClOrdID'),
      bracketOf: i64At(from, at + 16, 'bracketOf'),
      tag: i64At(from, at + 24, 'tag'),
      eventSeq: i64At(from, at + 32, 'eventSeq'),
      cumQty: i64At(from, at + 40, 'cumQty'),
      leavesQty: i64At(from, at + 48, 'leavesQty'),
      row: from.view.getInt32(at + 56, true),
      deployment: from.view.getInt32(at + 60, true),
      stage: from.view.getInt32(at + 64, true),
      account: from.view.getInt32(at + 68, true),
      term: from.view.getUint32(at + 72, true),
      epoch: from.view.getUint32(at + 76, true),
      leg: wordAt(from, at + 80, orderSentOrderLeg, 'leg'),
      ordStatus: wordAt(from, at + 81, orderSentOrderOrdStatus, 'ordStatus'),
      simulated: boolAt(from, at + 82, 'simulated'),
      orderQty: i64At(from, at + 83, 'orderQty'),
      price: i64At(from, at + 91, 'price'),
      stopPx: i64At(from, at + 99, 'stopPx'),
      targetPx: i64At(from, at + 107, 'targetPx'),
      trailOffset: i64At(from, at + 115, 'trailOffset'),
      expireTime: i64At(from, at + 123, 'expireTime'),
      listing: from.view.getInt32(at + 131, true),
      side: wordAt(from, at + 135, orderSentOrderSide, 'side'),
      ordType: wordAt(from, at + 136, orderSentOrderOrdType, 'ordType'),
      timeInForce: wordAt(from, at + 137, orderSentOrderTimeInForce, 'timeInForce'),
      postOnly: boolAt(from, at + 138, 'postOnly'),
      reduceOnly: boolAt(from, at + 139, 'reduceOnly'),
      parentOrderID: i64At(from, at + 140, 'parentOrderID'),
      decisionAt: i64At(from, at + 148, 'decisionAt'),
      arrivalBid: i64At(from, at + 156, 'arrivalBid'),
      arrivalAsk: i64At(from, at + 164, 'arrivalAsk'),
      reason: textAt(from, p0, n0, 'reason'),
      compliance: textAt(from, p1, n1, 'compliance'),
    },
  };
}

function isSameOrderSent(from: Payload, at: number, members: Members): boolean {
  const x = members as unknown as Of<'orderSent'>;
  if (at + 172 > from.end) return false;
  const same =
    isI64(from, at, x.order.clOrdID) &&
    isI64(from, at + 8, x.order.origClOrdID) &&
    isI64(from, at + 16, x.order.bracketOf) &&
    isI64(from, at + 24, x.order.tag) &&
    isI64(from, at + 32, x.order.eventSeq) &&
    isI64(from, at + 40, x.order.cumQty) &&
    isI64(from, at + 48, x.order.leavesQty) &&
    isI32(from, at + 56, x.order.row) &&
    isI32(from, at + 60, x.order.deployment) &&
    isI32(from, at + 64, x.order.stage) &&
    isI32(from, at + 68, x.order.account) &&
    isU32(from, at + 72, x.order.term) &&
    isU32(from, at + 76, x.order.epoch) &&
    isWord(from, at + 80, x.order.leg, orderSentOrderLeg) &&
    isWord(from, at + 81, x.order.ordStatus, orderSentOrderOrdStatus) &&
    isBool(from, at + 82, x.order.simulated) &&
    isI64(from, at + 83, x.order.orderQty) &&
    isI64(from, at + 91, x.order.price) &&
    isI64(from, at + 99, x.order.stopPx) &&
    isI64(from, at + 107, x.order.targetPx) &&
    isI64(from, at + 115, x.order.trailOffset) &&
    isI64(from, at + 123, x.order.expireTime) &&
    isI32(from, at + 131, x.order.listing) &&
    isWord(from, at + 135, x.order.side, orderSentOrderSide) &&
    isWord(from, at + 136, x.order.ordType, orderSentOrderOrdType) &&
    isWord(from, at + 137, x.order.timeInForce, orderSentOrderTimeInForce) &&
    isBool(from, at + 138, x.order.postOnly) &&
    isBool(from, at + 139, x.order.reduceOnly) &&
    isI64(from, at + 140, x.order.parentOrderID) &&
    isI64(from, at + 148, x.order.decisionAt) &&
    isI64(from, at + 156, x.order.arrivalBid) &&
    isI64(from, at + 164, x.order.arrivalAsk);
  if (!same) return false;
  const p1 = behindText(from, at + 172, x.order.reason);
  if (p1 < 0) return false;
  const p2 = behindText(from, p1, x.order.compliance);
  if (p2 < 0) return false;
  return p2 === from.end;
}

function encodeCancelSent(t: ByteTarget, at: number, members: Members): number {
  const x = members as unknown as Of<'cancelSent'>;
  t.reserve(at + 24);
  putI64(t, at, x.clOrdID, 'clOrdID');
  putI64(t, at + 8, x.target, 'target');
  putI32(t, at + 16, x.row, 'row');
  putI32(t, at + 20, x.listing, 'listing');
  return putText(t, at + 24, x.reason);
}

function decodeCancelSent(from: Payload, at: number, kind: string): Members {
  expectBlock(from, at, 24);
  const p0 = at + 24;
  const n0 = textBytesAt(from, p0, 'reason');
  expectEnd(from, p0 + n0 + 4);
  return {
    kind,
    clOrdID: i64At(from, at, 'clOrdID'),
    target: i64At(from, at + 8, 'target'),
    row: from.view.getInt32(at + 16, true),
    listing: from.view.getInt32(at + 20, true),
    reason: textAt(from, p0, n0, 'reason'),
  };
}

function isSameCancelSent(from: Payload, at: number, members: Members): boolean {
  const x = members as unknown as Of<'cancelSent'>;
  if (at + 24 > from.end) return false;
  const same =
    isI64(from, at, x.clOrdID) && isI64(from, at + 8, x.target) && isI32(from, at + 16, x.row) && isI32(from, at + 20, x.listing);
  if (!same) return false;
  const p1 = behindText(from, at + 24, x.reason);
  if (p1 < 0) return false;
  return p1 === from.end;
}

const orderDeniedAction = wordsOf('decision', 'orderDenied', 'action');
const orderDeniedActionCodes = codesOf(orderDeniedAction);
const orderDeniedCode = wordsOf('decision', 'orderDenied', 'code');
const orderDeniedCodeCodes = codesOf(orderDeniedCode);

function encodeOrderDenied(t: ByteTarget, at: number, members: Members): number {
  const x = members as unknown as Of<'orderDenied'>;
  t.reserve(at + 34);
  putI64(t, at, x.tag, 'tag');
  putF64(t, at + 8, x.value);
  putF64(t, at + 16, x.limit);
  putI32(t, at + 24, x.row, 'row');
  putI32(t, at + 28, x.listing, 'listing');
  putWord(t, at + 32, x.action, orderDeniedActionCodes, 'action');
  putWord(t, at + 33, x.code, orderDeniedCodeCodes, 'code');
  return putText(t, at + 34, x.scope);
}

function decodeOrderDenied(from: Payload, at: number, kind: string): Members {
  expectBlock(from, at, 34);
  const p0 = at + 34;
  const n0 = textBytesAt(from, p0, 'scope');
  expectEnd(from, p0 + n0 + 4);
  return {
    kind,
    tag: i64At(from, at, 'tag'),
    value: from.view.getFloat64(at + 8, true),
    limit: from.view.getFloat64(at + 16, true),
    row: from.view.getInt32(at + 24, true),
    listing: from.view.getInt32(at + 28, true),
    action: wordAt(from, at + 32, orderDeniedAction, 'action'),
    code: wordAt(from, at + 33, orderDeniedCode, 'code'),
    scope: textAt(from, p0, n0, 'scope'),
  };
}

function isSameOrderDenied(from: Payload, at: number, members: Members): boolean {
  const x = members as unknown as Of<'orderDenied'>;
  if (at + 34 > from.end) return false;
  const same =
    isI64(from, at, x.tag) &&
    isF64(from, at + 8, x.value) &&
    isF64(from, at + 16, x.limit) &&
    isI32(from, at + 24, x.row) &&
    isI32(from, at + 28, x.listing) &&
    isWord(from, at + 32, x.action, orderDeniedAction) &&
    isWord(from, at + 33, x.code, orderDeniedCode);
  if (!same) return false;
  const p1 = behindText(from, at + 34, x.scope);
  if (p1 < 0) return false;
  return p1 === from.end;
}

const orderStateChangedFrom = wordsOf('decision', 'orderStateChanged', 'from');
const orderStateChangedFromCodes = codesOf(orderStateChangedFrom);
const orderStateChangedTo = wordsOf('decision', 'orderStateChanged', 'to');
const orderStateChangedToCodes = codesOf(orderStateChangedTo);
const orderStateChangedBy = wordsOf('decision', 'orderStateChanged', 'by');
const orderStateChangedByCodes = codesOf(orderStateChangedBy);

function encodeOrderStateChanged(t: ByteTarget, at: number, members: Members): number {
  const x = members as unknown as Of<'orderStateChanged'>;
  t.reserve(at + 31);
  putI64(t, at, x.clOrdID, 'clOrdID');
  putI64(t, at + 8, x.cumQty, 'cumQty');
  putI64(t, at + 16, x.leavesQty, 'leavesQty');
  putI32(t, at + 24, x.row, 'row');
  putWord(t, at + 28, x.from, orderStateChangedFromCodes, 'from');
  putWord(t, at + 29, x.to, orderStateChangedToCodes, 'to');
  putWord(t, at + 30, x.by, orderStateChangedByCodes, 'by');
  return at + 31;
}

function decodeOrderStateChanged(from: Payload, at: number, kind: string): Members {
  expectBlock(from, at, 31);
  expectEnd(from, at + 31);
  return {
    kind,
    clOrdID: i64At(from, at, 'clOrdID'),
    cumQty: i64At(from, at + 8, 'cumQty'),
    leavesQty: i64At(from, at + 16, 'leavesQty'),
    row: from.view.getInt32(at + 24, true),
    from: wordAt(from, at + 28, orderStateChangedFrom, 'from'),
    to: wordAt(from, at + 29, orderStateChangedTo, 'to'),
    by: wordAt(from, at + 30, orderStateChangedBy, 'by'),
  };
}

function isSameOrderStateChanged(from: Payload, at: number, members: Members): boolean {
  const x = members as unknown as Of<'orderStateChanged'>;
  if (at + 31 > from.end) return false;
  const same =
    isI64(from, at, x.clOrdID) &&
    isI64(from, at + 8, x.cumQty) &&
    isI64(from, at + 16, x.leavesQty) &&
    isI32(from, at + 24, x.row) &&
    isWord(from, at + 28, x.from, orderStateChangedFrom) &&
    isWord(from, at + 29, x.to, orderStateChangedTo) &&
    isWord(from, at + 30, x.by, orderStateChangedBy);
  if (!same) return false;
  return at + 31 === from.end;
}

const fillBookedBooking = wordsOf('decision', 'fillBooked', 'booking');
const fillBookedBookingCodes = codesOf(fillBookedBooking);
const fillBookedSide = wordsOf('decision', 'fillBooked', 'side');
const fillBookedSideCodes = codesOf(fillBookedSide);

function encodeFillBooked(t: ByteTarget, at: number, members: Members): number {
  const x = members as unknown as Of<'fillBooked'>;
  t.reserve(at + 78);
  putI64(t, at, x.clOrdID, 'clOrdID');
  putI64(t, at + 8, x.lastQty, 'lastQty');
  putI64(t, at + 16, x.lastPx, 'lastPx');
  putSplit(t, at + 24, x.realized, 'realized');
  putSplit(t, at + 40, x.fee, 'fee');
  putI64(t, at + 56, x.position, 'position');
  putI32(t, at + 64, x.row, 'row');
  putI32(t, at + 68, x.account, 'account');
  putI32(t, at + 72, x.listing, 'listing');
  putWord(t, at + 76, x.booking, fillBookedBookingCodes, 'booking');
  putWord(t, at + 77, x.side, fillBookedSideCodes, 'side');
  return putText(t, at + 78, x.execID);
}

function decodeFillBooked(from: Payload, at: number, kind: string): Members {
  expectBlock(from, at, 78);
  const p0 = at + 78;
  const n0 = textBytesAt(from, p0, 'execID');
  expectEnd(from, p0 + n0 + 4);
  return {
    kind,
    clOrdID: i64At(from, at, 'clOrdID'),
    lastQty: i64At(from, at + 8, 'lastQty'),
    lastPx: i64At(from, at + 16, 'lastPx'),
    realized: splitAt(from, at + 24, 'realized'),
    fee: splitAt(from, at + 40, 'fee'),
    position: i64At(from, at + 56, 'position'),
    row: from.view.getInt32(at + 64, true),
    account: from.view.getInt32(at + 68, true),
    listing: from.view.getInt32(at + 72, true),
    booking: wordAt(from, at + 76, fillBookedBooking, 'booking'),
    side: wordAt(from, at + 77, fillBookedSide, 'side'),
    execID: textAt(from, p0, n0, 'execID'),
  };
}

function isSameFillBooked(from: Payload, at: number, members: Members): boolean {
  const x = members as unknown as Of<'fillBooked'>;
  if (at + 78 > from.end) return false;
  const same =
    isI64(from, at, x.clOrdID) &&
    isI64(from, at + 8, x.lastQty) &&
    isI64(from, at + 16, x.lastPx) &&
    isSplit(from, at + 24, x.realized) &&
    isSplit(from, at + 40, x.fee) &&
    isI64(from, at + 56, x.position) &&
    isI32(from, at + 64, x.row) &&
    isI32(from, at + 68, x.account) &&
    isI32(from, at + 72, x.listing) &&
    isWord(from, at + 76, x.booking, fillBookedBooking) &&
    isWord(from, at + 77, x.side, fillBookedSide);
  if (!same) return false;
  const p1 = behindText(from, at + 78, x.execID);
  if (p1 < 0) return false;
  return p1 === from.end;
}

export const hotDecisionCodecs: Readonly<Record<string, { readonly encode: Encode; readonly decode: Decode; readonly same: Same }>> = {
  orderSent: { encode: encodeOrderSent, decode: (from, at) => decodeOrderSent(from, at, 'orderSent'), same: isSameOrderSent },
  replaceSent: { encode: encodeOrderSent, decode: (from, at) => decodeOrderSent(from, at, 'replaceSent'), same: isSameOrderSent },
  cancelSent: { encode: encodeCancelSent, decode: (from, at) => decodeCancelSent(from, at, 'cancelSent'), same: isSameCancelSent },
  orderDenied: { encode: encodeOrderDenied, decode: (from, at) => decodeOrderDenied(from, at, 'orderDenied'), same: isSameOrderDenied },
  orderStateChanged: {
    encode: encodeOrderStateChanged,
    decode: (from, at) => decodeOrderStateChanged(from, at, 'orderStateChanged'),
    same: isSameOrderStateChanged,
  },
  fillBooked: { encode: encodeFillBooked, decode: (from, at) => decodeFillBooked(from, at, 'fillBooked'), same: isSameFillBooked },
};
