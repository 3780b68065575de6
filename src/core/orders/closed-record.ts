import { lotsUnchecked, microsUnchecked, ticksUnchecked, type Micros } from '../../base/units.ts';
import { finish, fold } from './digest.ts';
import { packCode, unpackCode } from './order-code.ts';
import { notSaid, type StoredOrder } from './stored-order.ts';

/** Closed orders as flat numbers, outside the collected heap: 128 bytes each, and their texts. */
export interface ClosedRecords {
  /** Doubles and 32-bit words over the same bytes. */
  readonly numbers: Float64Array;
  readonly words: Int32Array;
  /** Numbers that most orders do not have, by the same places, touched only where one has them. */
  readonly rares: Float64Array;
  readonly reason: string[];
  readonly compliance: string[];
}

/** A record has 16 doubles; the last five are ten words. */
const perRecord = 16;
const wordsPerRecord = 32;
const perRare = 8;
const number = {
  clOrdID: 0,
  tag: 1,
  eventSeq: 2,
  orderQty: 3,
  price: 4,
  cumQty: 5,
  decisionAt: 6,
  arrivalBid: 7,
  arrivalAsk: 8,
  closedAt: 9,
  lastFill: 10,
} as const;
const word = {
  code: 22,
  row: 23,
  listing: 24,
  account: 25,
  deployment: 26,
  term: 27,
  epoch: 28,
  olderID: 29,
  olderTag: 30,
  hash: 31,
} as const;
const rare = {
  origClOrdID: 0,
  parentOrderID: 1,
  bracketOf: 2,
  stopPx: 3,
  targetPx: 4,
  trailOffset: 5,
  expireTime: 6,
  successor: 7,
} as const;
/** Bit of the code that says that a record has rare numbers. */
const rareBit = 1 << 22;
/** Marks a record that was taken out of the ring again. */
const takenOut = -1;

export function createClosedRecords(capacity: number): ClosedRecords {
  const numbers = new Float64Array(capacity * perRecord);
  return {
    numbers,
    words: new Int32Array(numbers.buffer),
    rares: new Float64Array(capacity * perRare),
    reason: new Array<string>(capacity).fill(''),
    compliance: new Array<string>(capacity).fill(''),
  };
}

/** Writes an order that is over; its time of closing and its links stay as they are. */
export function writeRecord(records: ClosedRecords, place: number, order: StoredOrder): void {
  const { numbers, words } = records;
  const n = place * perRecord;
  const w = place * wordsPerRecord;
  numbers[n + number.clOrdID] = order.clOrdID;
  numbers[n + number.tag] = order.tag;
  numbers[n + number.eventSeq] = order.eventSeq;
  numbers[n + number.orderQty] = order.orderQty;
  numbers[n + number.price] = order.price;
  numbers[n + number.cumQty] = order.cumQty;
  numbers[n + number.decisionAt] = order.decisionAt;
  numbers[n + number.arrivalBid] = order.arrivalBid;
  numbers[n + number.arrivalAsk] = order.arrivalAsk;
  numbers[n + number.lastFill] = order.lastFill;
  words[w + word.row] = order.row;
  words[w + word.listing] = order.listing;
  words[w + word.account] = order.account;
  words[w + word.deployment] = order.deployment;
  words[w + word.term] = order.term;
  words[w + word.epoch] = order.epoch;
  records.reason[place] = order.reason;
  records.compliance[place] = order.compliance;
  const hasRares = writeRares(records.rares, place * perRare, order);
  words[w + word.code] = packCode(order) | (hasRares ? rareBit : 0) | ((order.stage + 1) << 23);
}

/** Reads a record into `order`, a view without a place in the pool. */
export function readRecord(records: ClosedRecords, place: number, order: StoredOrder): void {
  const { numbers, words } = records;
  const n = place * perRecord;
  const w = place * wordsPerRecord;
  const code = words[w + word.code];
  unpackCode(order, code);
  order.stage = (code >>> 23) - 1;
  order.clOrdID = numbers[n + number.clOrdID];
  order.tag = numbers[n + number.tag];
  order.eventSeq = numbers[n + number.eventSeq];
  order.orderQty = lotsUnchecked(numbers[n + number.orderQty]);
  order.price = ticksUnchecked(numbers[n + number.price]);
  order.cumQty = lotsUnchecked(numbers[n + number.cumQty]);
  order.decisionAt = microsUnchecked(numbers[n + number.decisionAt]);
  order.arrivalBid = ticksUnchecked(numbers[n + number.arrivalBid]);
  order.arrivalAsk = ticksUnchecked(numbers[n + number.arrivalAsk]);
  order.lastFill = numbers[n + number.lastFill];
  order.row = words[w + word.row];
  order.listing = words[w + word.listing];
  order.account = words[w + word.account];
  order.deployment = words[w + word.deployment];
  order.term = words[w + word.term];
  order.epoch = words[w + word.epoch];
  order.reason = records.reason[place];
  order.compliance = records.compliance[place];
  readRares(records.rares, place * perRare, order, (code & rareBit) !== 0);
  closeFacts(order);
}

export function clOrdIDAt(records: ClosedRecords, place: number): number {
  return records.numbers[place * perRecord + number.clOrdID];
}

export function hasTag(records: ClosedRecords, place: number, row: number, tag: number): boolean {
  return records.numbers[place * perRecord + number.tag] === tag && records.words[place * wordsPerRecord + word.row] === row;
}

export function successorAt(records: ClosedRecords, place: number): number {
  return (records.words[place * wordsPerRecord + word.code] & rareBit) === 0 ? 0 : records.rares[place * perRare + rare.successor];
}

export function closedAt(records: ClosedRecords, place: number): number {
  return records.numbers[place * perRecord + number.closedAt];
}

export function setClosedAt(records: ClosedRecords, place: number, at: Micros): void {
  records.numbers[place * perRecord + number.closedAt] = at;
}

/** How many positions back the chain goes on, 0 = its end. */
export function olderID(records: ClosedRecords, place: number): number {
  return records.words[place * wordsPerRecord + word.olderID];
}

export function olderTag(records: ClosedRecords, place: number): number {
  return records.words[place * wordsPerRecord + word.olderTag];
}

export function setOlder(records: ClosedRecords, place: number, byID: number, byTag: number): void {
  records.words[place * wordsPerRecord + word.olderID] = byID;
  records.words[place * wordsPerRecord + word.olderTag] = byTag;
}

/** Makes a record unfindable. */
export function blankRecord(records: ClosedRecords, place: number): void {
  records.numbers[place * perRecord + number.clOrdID] = takenOut;
  records.numbers[place * perRecord + number.tag] = takenOut;
}

export function isBlank(records: ClosedRecords, place: number): boolean {
  return records.numbers[place * perRecord + number.clOrdID] === takenOut;
}

/** The hash kept with the record. */
export function keptHash(records: ClosedRecords, place: number): number {
  return records.words[place * wordsPerRecord + word.hash];
}

export function keepHash(records: ClosedRecords, place: number, hash: number): void {
  records.words[place * wordsPerRecord + word.hash] = hash;
}

/** What can change after closing, with what identifies the order; the rest was hashed while it lived. */
export function hashRecord(records: ClosedRecords, place: number): number {
  const n = place * perRecord;
  let h = fold(records.words[place * wordsPerRecord + word.code], records.numbers[n + number.clOrdID]);
  h = fold(h, records.numbers[n + number.orderQty]);
  h = fold(h, records.numbers[n + number.cumQty]);
  h = fold(h, records.numbers[n + number.closedAt]);
  return finish(h ^ successorAt(records, place));
}

function writeRares(rares: Float64Array, base: number, order: StoredOrder): boolean {
  const linked = order.origClOrdID !== 0 || order.parentOrderID !== 0 || order.bracketOf !== 0 || order.successor !== 0;
  if (!linked && order.stopPx === 0 && order.targetPx === 0 && order.trailOffset === 0 && order.expireTime === 0) return false;
  rares[base + rare.origClOrdID] = order.origClOrdID;
  rares[base + rare.parentOrderID] = order.parentOrderID;
  rares[base + rare.bracketOf] = order.bracketOf;
  rares[base + rare.stopPx] = order.stopPx;
  rares[base + rare.targetPx] = order.targetPx;
  rares[base + rare.trailOffset] = order.trailOffset;
  rares[base + rare.expireTime] = order.expireTime;
  rares[base + rare.successor] = order.successor;
  return true;
}

function readRares(rares: Float64Array, base: number, order: StoredOrder, there: boolean): void {
  order.origClOrdID = there ? rares[base + rare.origClOrdID] : 0;
  order.parentOrderID = there ? rares[base + rare.parentOrderID] : 0;
  order.bracketOf = there ? rares[base + rare.bracketOf] : 0;
  order.stopPx = ticksUnchecked(there ? rares[base + rare.stopPx] : 0);
  order.targetPx = ticksUnchecked(there ? rares[base + rare.targetPx] : 0);
  order.trailOffset = there ? rares[base + rare.trailOffset] : 0;
  order.expireTime = microsUnchecked(there ? rares[base + rare.expireTime] : 0);
  order.successor = there ? rares[base + rare.successor] : 0;
}

/** Facts that no closed order has. */
function closeFacts(order: StoredOrder): void {
  order.leavesQty = lotsUnchecked(0);
  order.cancelID = 0;
  order.replaceAsked = false;
  order.replaceGivenUp = false;
  order.cancelWanted = false;
  order.lost = false;
  order.endsAt = notSaid;
  order.replacement = -1;
  order.replaces = -1;
  order.orderID = '';
  order.slot = -1;
}
