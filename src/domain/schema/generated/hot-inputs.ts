// Generated from the schema table by `npm run schema`; a test keeps it fresh.
import type { Input } from '../../input.ts';
import type { ByteTarget } from '../byte-target.ts';
import type { Decode } from '../decode.ts';
import type { Encode, Members } from '../encode.ts';
import { wordsOf } from '../table.ts';
import {
  boolAt,
  codesOf,
  expectBlock,
  expectEnd,
  i64At,
  putBool,
  putI32,
  putI64,
  putText,
  putU32,
  putWord,
  textAt,
  textBytesAt,
  wordAt,
} from '../wire.ts';
import type { Payload } from '../wire.ts';

type Of<K extends Input['kind']> = Extract<Input, { readonly kind: K }>;

const intentAction = wordsOf('input', 'intent', 'action');
const intentActionCodes = codesOf(intentAction);
const intentSide = wordsOf('input', 'intent', 'side');
const intentSideCodes = codesOf(intentSide);
const intentOrdType = wordsOf('input', 'intent', 'ordType');
const intentOrdTypeCodes = codesOf(intentOrdType);
const intentTimeInForce = wordsOf('input', 'intent', 'timeInForce');
const intentTimeInForceCodes = codesOf(intentTimeInForce);

function encodeIntent(t: ByteTarget, at: number, members: Members): number {
  const x = members as unknown as Of<'intent'>;
  t.reserve(at + 122);
  putI64(t, at, x.tag, 'tag');
  putI64(t, at + 8, x.targetTag, 'targetTag');
  putI64(t, at + 16, x.eventSeq, 'eventSeq');
  putI32(t, at + 24, x.row, 'row');
  putU32(t, at + 28, x.epoch, 'epoch');
  putWord(t, at + 32, x.action, intentActionCodes, 'action');
  putI64(t, at + 33, x.orderQty, 'orderQty');
  putI64(t, at + 41, x.price, 'price');
  putI64(t, at + 49, x.stopPx, 'stopPx');
  putI64(t, at + 57, x.targetPx, 'targetPx');
  putI64(t, at + 65, x.trailOffset, 'trailOffset');
  putI64(t, at + 73, x.expireTime, 'expireTime');
  putI32(t, at + 81, x.listing, 'listing');
  putWord(t, at + 85, x.side, intentSideCodes, 'side');
  putWord(t, at + 86, x.ordType, intentOrdTypeCodes, 'ordType');
  putWord(t, at + 87, x.timeInForce, intentTimeInForceCodes, 'timeInForce');
  putBool(t, at + 88, x.postOnly);
  putBool(t, at + 89, x.reduceOnly);
  putI64(t, at + 90, x.parentOrderID, 'parentOrderID');
  putI64(t, at + 98, x.decisionAt, 'decisionAt');
  putI64(t, at + 106, x.arrivalBid, 'arrivalBid');
  putI64(t, at + 114, x.arrivalAsk, 'arrivalAsk');
  const p1 = putText(t, at + 122, x.reason);
  return putText(t, p1, x.compliance);
}

function decodeIntent(from: Payload, at: number, kind: string): Members {
  expectBlock(from, at, 122);
  const p0 = at + 122;
  const n0 = textBytesAt(from, p0, 'reason');
  const p1 = p0 + n0 + 4;
  const n1 = textBytesAt(from, p1, 'compliance');
  expectEnd(from, p1 + n1 + 4);
  return {
    kind,
    tag: i64At(from, at, 'tag'),
    targetTag: i64At(from, at + 8, 'targetTag'),
    eventSeq: i64At(from, at + 16, 'eventSeq'),
    row: from.view.getInt32(at + 24, true),
    epoch: from.view.getUint32(at + 28, true),
    action: wordAt(from, at + 32, intentAction, 'action'),
    orderQty: i64At(from, at + 33, 'orderQty'),
    price: i64At(from, at + 41, 'price'),
    stopPx: i64At(from, at + 49, 'stopPx'),
    targetPx: i64At(from, at + 57, 'targetPx'),
    trailOffset: i64At(from, at + 65, 'trailOffset'),
    expireTime: i64At(from, at + 73, 'expireTime'),
    listing: from.view.getInt32(at + 81, true),
    side: wordAt(from, at + 85, intentSide, 'side'),
    ordType: wordAt(from, at + 86, intentOrdType, 'ordType'),
    timeInForce: wordAt(from, at + 87, intentTimeInForce, 'timeInForce'),
    postOnly: boolAt(from, at + 88, 'postOnly'),
    reduceOnly: boolAt(from, at + 89, 'reduceOnly'),
    parentOrderID: i64At(from, at + 90, 'parentOrderID'),
    decisionAt: i64At(from, at + 98, 'decisionAt'),
    arrivalBid: i64At(from, at + 106, 'arrivalBid'),
    arrivalAsk: i64At(from, at + 114, 'arrivalAsk'),
    reason: textAt(from, p0, n0, 'reason'),
    compliance: textAt(from, p1, n1, 'compliance'),
  };
}

const reportExecType = wordsOf('input', 'report', 'execType');
const reportExecTypeCodes = codesOf(reportExecType);
const reportLiquidity = wordsOf('input', 'report', 'liquidity');
const reportLiquidityCodes = codesOf(reportLiquidity);

function encodeReport(t: ByteTarget, at: number, members: Members): number {
  const x = members as unknown as Of<'report'>;
  t.reserve(at + 111);
  putI64(t, at, x.clOrdID, 'clOrdID');
  putI64(t, at + 8, x.origClOrdID, 'origClOrdID');
  putI64(t, at + 16, x.lastQty, 'lastQty');
  putI64(t, at + 24, x.lastPx, 'lastPx');
  putI64(t, at + 32, x.cumQty, 'cumQty');
  putI64(t, at + 40, x.leavesQty, 'leavesQty');
  putI64(t, at + 48, x.orderQty, 'orderQty');
  putI64(t, at + 56, x.price, 'price');
  putI64(t, at + 64, x.commissionHi, 'commissionHi');
  putI64(t, at + 72, x.commissionLo, 'commissionLo');
  putI64(t, at + 80, x.transactTime, 'transactTime');
  putI64(t, at + 88, x.eventSeq, 'eventSeq');
  putI32(t, at + 96, x.venue, 'venue');
  putI32(t, at + 100, x.listing, 'listing');
  putI32(t, at + 104, x.commissionCurrency, 'commissionCurrency');
  putWord(t, at + 108, x.execType, reportExecTypeCodes, 'execType');
  putWord(t, at + 109, x.liquidity, reportLiquidityCodes, 'liquidity');
  putBool(t, at + 110, x.simulated);
  const p1 = putText(t, at + 111, x.orderID);
  const p2 = putText(t, p1, x.execID);
  const p3 = putText(t, p2, x.execRefID);
  return putText(t, p3, x.text);
}

function decodeReport(from: Payload, at: number, kind: string): Members {
  expectBlock(from, at, 111);
  const p0 = at + 111;
  const n0 = textBytesAt(from, p0, 'orderID');
  const p1 = p0 + n0 + 4;
  const n1 = textBytesAt(from, p1, 'execID');
  const p2 = p1 + n1 + 4;
  const n2 = textBytesAt(from, p2, 'execRefID');
  const p3 = p2 + n2 + 4;
  const n3 = textBytesAt(from, p3, 'text');
  expectEnd(from, p3 + n3 + 4);
  return {
    kind,
    clOrdID: i64At(from, at, 'clOrdID'),
    origClOrdID: i64At(from, at + 8, 'origClOrdID'),
    lastQty: i64At(from, at + 16, 'lastQty'),
    lastPx: i64At(from, at + 24, 'lastPx'),
    cumQty: i64At(from, at + 32, 'cumQty'),
    leavesQty: i64At(from, at + 40, 'leavesQty'),
    orderQty: i64At(from, at + 48, 'orderQty'),
    price: i64At(from, at + 56, 'price'),
    commissionHi: i64At(from, at + 64, 'commissionHi'),
    commissionLo: i64At(from, at + 72, 'commissionLo'),
    transactTime: i64At(from, at + 80, 'transactTime'),
    eventSeq: i64At(from, at + 88, 'eventSeq'),
    venue: from.view.getInt32(at + 96, true),
    listing: from.view.getInt32(at + 100, true),
    commissionCurrency: from.view.getInt32(at + 104, true),
    execType: wordAt(from, at + 108, reportExecType, 'execType'),
    liquidity: wordAt(from, at + 109, reportLiquidity, 'liquidity'),
    simulated: boolAt(from, at + 110, 'simulated'),
    orderID: textAt(from, p0, n0, 'orderID'),
    execID: textAt(from, p1, n1, 'execID'),
    execRefID: textAt(from, p2, n2, 'execRefID'),
    text: textAt(from, p3, n3, 'text'),
  };
}

function encodeMark(t: ByteTarget, at: number, members: Members): number {
  const x = members as unknown as Of<'mark'>;
  t.reserve(at + 72);
  putI64(t, at, x.feedSeq, 'feedSeq');
  putI64(t, at + 8, x.bid, 'bid');
  putI64(t, at + 16, x.bidQty, 'bidQty');
  putI64(t, at + 24, x.ask, 'ask');
  putI64(t, at + 32, x.askQty, 'askQty');
  putI64(t, at + 40, x.last, 'last');
  putI64(t, at + 48, x.eventTime, 'eventTime');
  putI64(t, at + 56, x.eventSeq, 'eventSeq');
  putI32(t, at + 64, x.listing, 'listing');
  putI32(t, at + 68, x.feed, 'feed');
  return at + 72;
}

function decodeMark(from: Payload, at: number, kind: string): Members {
  expectBlock(from, at, 72);
  expectEnd(from, at + 72);
  return {
    kind,
    feedSeq: i64At(from, at, 'feedSeq'),
    bid: i64At(from, at + 8, 'bid'),
    bidQty: i64At(from, at + 16, 'bidQty'),
    ask: i64At(from, at + 24, 'ask'),
    askQty: i64At(from, at + 32, 'askQty'),
    last: i64At(from, at + 40, 'last'),
    eventTime: i64At(from, at + 48, 'eventTime'),
    eventSeq: i64At(from, at + 56, 'eventSeq'),
    listing: from.view.getInt32(at + 64, true),
    feed: from.view.getInt32(at + 68, true),
  };
}

function encodeTimer(t: ByteTarget, at: number, members: Members): number {
  const x = members as unknown as Of<'timer'>;
  t.reserve(at + 8);
  putI64(t, at, x.deadline, 'deadline');
  return at + 8;
}

function decodeTimer(from: Payload, at: number, kind: string): Members {
  expectBlock(from, at, 8);
  expectEnd(from, at + 8);
  return { kind, deadline: i64At(from, at, 'deadline') };
}

export const hotInputCodecs: Readonly<Record<string, { readonly encode: Encode; readonly decode: Decode }>> = {
  intent: { encode: encodeIntent, decode: (from, at) => decodeIntent(from, at, 'intent') },
  report: { encode: encodeReport, decode: (from, at) => decodeReport(from, at, 'report') },
  mark: { encode: encodeMark, decode: (from, at) => decodeMark(from, at, 'mark') },
  timer: { encode: encodeTimer, decode: (from, at) => decodeTimer(from, at, 'timer') },
};
