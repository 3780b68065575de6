import { lotsUnchecked, microsUnchecked, ticksUnchecked, type Micros } from '../../base/units.ts';
import type { ClOrdID, RowIx } from '../../domain/ids.ts';
import { finish, fold } from './digest.ts';
import { packCode, unpackCode } from './order-code.ts';
import { isOver, leavesOf, type StoredOrder } from './stored-order.ts';

/**
 * The ring of orders that are over, in order of closing: flat numbers outside the collected heap. Positions count from 0 and never come again; the
 * entry of position p stands at p modulo the capacity. Found through chains by clOrdID and by (row, tag): a chain goes from newer to older entries and
 * ends where it leaves the ring, so that forgetting the oldest entry is moving one number.
 */
export interface ClosedOrders {
  readonly capacity: number;
  readonly cells: Float64Array;
  readonly reason: string[];
  readonly compliance: string[];
  readonly byID: Float64Array;
  readonly byTag: Float64Array;
  /** Position of the next entry, and of the oldest one that is still kept. */
  head: number;
  tail: number;
  /** Entries that were taken out again (reopened). */
  taken: number;
  /** Largest clOrdID that was forgotten: what is not found and not above it was known once. */
  forgottenUpTo: ClOrdID;
  /** Sum of the entries' hashes modulo 2^32. */
  digest: number;
}

/** Most closed orders that are remembered (architecture, The hot path). */
export const maxClosedOrders = 1_048_576;

const stride = 32;
const at = {
  clOrdID: 0,
  origClOrdID: 1,
  tag: 2,
  eventSeq: 3,
  decisionAt: 4,
  expireTime: 5,
  parentOrderID: 6,
  bracketOf: 7,
  orderQty: 8,
  price: 9,
  stopPx: 10,
  targetPx: 11,
  trailOffset: 12,
  arrivalBid: 13,
  arrivalAsk: 14,
  cumQty: 15,
  endsAt: 16,
  lastFill: 17,
  closedAt: 18,
  successor: 19,
  olderID: 20,
  olderTag: 21,
  code: 22,
  row: 23,
  listing: 24,
  account: 25,
  deployment: 26,
  stage: 27,
  term: 28,
  epoch: 29,
  hash: 30,
} as const;
const absent = -1;

/** @param capacity a power of two, at most `maxClosedOrders`. */
export function createClosedOrders(capacity: number): ClosedOrders {
  if (!(capacity >= 2 && capacity <= maxClosedOrders && (capacity & (capacity - 1)) === 0)) {
    throw new RangeError(`closed orders: expected a power of two from 2 to ${maxClosedOrders}, was ${capacity}`);
  }
  return {
    capacity,
    cells: new Float64Array(capacity * stride),
    reason: new Array<string>(capacity).fill(''),
    compliance: new Array<string>(capacity).fill(''),
    byID: new Float64Array(capacity).fill(absent),
    byTag: new Float64Array(capacity).fill(absent),
    head: 0,
    tail: 0,
    taken: 0,
    forgottenUpTo: 0,
    digest: 0,
  };
}

/** Appends an order that is over; the oldest one is forgotten when the ring is full. */
export function closeOrder(ring: ClosedOrders, order: StoredOrder, closedAt: Micros): void {
  if (ring.head - ring.tail === ring.capacity) forgetOldest(ring);
  const position = ring.head;
  ring.head = position + 1;
  const place = position & (ring.capacity - 1);
  const base = place * stride;
  const { cells } = ring;
  writeOrder(ring, place, order);
  cells[base + at.closedAt] = closedAt;
  const idBucket = bucketOfID(ring, order.clOrdID);
  cells[base + at.olderID] = ring.byID[idBucket];
  ring.byID[idBucket] = position;
  if (order.tag !== 0) {
    const tagBucket = bucketOfTag(ring, order.row, order.tag);
    cells[base + at.olderTag] = ring.byTag[tagBucket];
    ring.byTag[tagBucket] = position;
  }
  const hash = entryHash(cells, base);
  cells[base + at.hash] = hash;
  ring.digest = (ring.digest + hash) | 0;
}

/** Writes back what a late report changed. */
export function rewriteClosed(ring: ClosedOrders, position: number, order: StoredOrder): void {
  const place = position & (ring.capacity - 1);
  const base = place * stride;
  writeOrder(ring, place, order);
  const hash = entryHash(ring.cells, base);
  ring.digest = (ring.digest - ring.cells[base + at.hash] + hash) | 0;
  ring.cells[base + at.hash] = hash;
}

/** Takes an order that works again out of the ring. */
export function takeClosed(ring: ClosedOrders, position: number): void {
  const base = (position & (ring.capacity - 1)) * stride;
  ring.digest = (ring.digest - ring.cells[base + at.hash]) | 0;
  ring.cells[base + at.clOrdID] = absent;
  ring.cells[base + at.tag] = absent;
  ring.cells[base + at.hash] = 0;
  ring.taken += 1;
}

/** Position of a closed order, -1 = not there. */
export function findClosed(ring: ClosedOrders, clOrdID: ClOrdID): number {
  let position = ring.byID[bucketOfID(ring, clOrdID)];
  while (position >= ring.tail) {
    const base = (position & (ring.capacity - 1)) * stride;
    if (ring.cells[base + at.clOrdID] === clOrdID) return position;
    position = ring.cells[base + at.olderID];
  }
  return absent;
}

export function findClosedTag(ring: ClosedOrders, row: RowIx, tag: number): number {
  let position = ring.byTag[bucketOfTag(ring, row, tag)];
  while (position >= ring.tail) {
    const base = (position & (ring.capacity - 1)) * stride;
    if (ring.cells[base + at.tag] === tag && ring.cells[base + at.row] === row) return position;
    position = ring.cells[base + at.olderTag];
  }
  return absent;
}

export function closedID(ring: ClosedOrders, position: number): ClOrdID {
  return ring.cells[(position & (ring.capacity - 1)) * stride + at.clOrdID];
}

export function successorOf(ring: ClosedOrders, position: number): ClOrdID {
  return ring.cells[(position & (ring.capacity - 1)) * stride + at.successor];
}

/** Forgets what closed before `before`. */
export function forgetClosed(ring: ClosedOrders, before: Micros): void {
  while (ring.tail < ring.head && ring.cells[(ring.tail & (ring.capacity - 1)) * stride + at.closedAt] < before) forgetOldest(ring);
}

/** The digest recomputed from every entry, to check the running one against. */
export function recomputeDigest(ring: ClosedOrders): number {
  let sum = 0;
  for (let position = ring.tail; position < ring.head; position++) {
    const base = (position & (ring.capacity - 1)) * stride;
    if (ring.cells[base + at.clOrdID] !== absent) sum = (sum + entryHash(ring.cells, base)) | 0;
  }
  return sum;
}

/** Reads an entry into `order`, a view without a place in the pool. */
export function readClosed(ring: ClosedOrders, position: number, order: StoredOrder): void {
  const place = position & (ring.capacity - 1);
  const base = place * stride;
  const { cells } = ring;
  unpackCode(order, cells[base + at.code]);
  order.clOrdID = cells[base + at.clOrdID];
  order.origClOrdID = cells[base + at.origClOrdID];
  order.tag = cells[base + at.tag];
  order.eventSeq = cells[base + at.eventSeq];
  order.decisionAt = microsUnchecked(cells[base + at.decisionAt]);
  order.expireTime = microsUnchecked(cells[base + at.expireTime]);
  order.parentOrderID = cells[base + at.parentOrderID];
  order.bracketOf = cells[base + at.bracketOf];
  order.orderQty = lotsUnchecked(cells[base + at.orderQty]);
  order.price = ticksUnchecked(cells[base + at.price]);
  order.stopPx = ticksUnchecked(cells[base + at.stopPx]);
  order.targetPx = ticksUnchecked(cells[base + at.targetPx]);
  order.trailOffset = cells[base + at.trailOffset];
  order.arrivalBid = ticksUnchecked(cells[base + at.arrivalBid]);
  order.arrivalAsk = ticksUnchecked(cells[base + at.arrivalAsk]);
  order.cumQty = lotsUnchecked(cells[base + at.cumQty]);
  order.endsAt = cells[base + at.endsAt];
  order.lastFill = cells[base + at.lastFill];
  order.successor = cells[base + at.successor];
  order.row = cells[base + at.row];
  order.listing = cells[base + at.listing];
  order.account = cells[base + at.account];
  order.deployment = cells[base + at.deployment];
  order.stage = cells[base + at.stage];
  order.term = cells[base + at.term];
  order.epoch = cells[base + at.epoch];
  order.reason = ring.reason[place];
  order.compliance = ring.compliance[place];
  order.cancelID = 0;
  order.replaceAsked = false;
  order.lost = false;
  order.replacement = absent;
  order.replaces = absent;
  order.orderID = '';
  order.slot = absent;
  order.leavesQty = isOver(order) ? lotsUnchecked(0) : leavesOf(order);
}

function writeOrder(ring: ClosedOrders, place: number, order: StoredOrder): void {
  const { cells } = ring;
  const base = place * stride;
  cells[base + at.clOrdID] = order.clOrdID;
  cells[base + at.origClOrdID] = order.origClOrdID;
  cells[base + at.tag] = order.tag;
  cells[base + at.eventSeq] = order.eventSeq;
  cells[base + at.decisionAt] = order.decisionAt;
  cells[base + at.expireTime] = order.expireTime;
  cells[base + at.parentOrderID] = order.parentOrderID;
  cells[base + at.bracketOf] = order.bracketOf;
  cells[base + at.orderQty] = order.orderQty;
  cells[base + at.price] = order.price;
  cells[base + at.stopPx] = order.stopPx;
  cells[base + at.targetPx] = order.targetPx;
  cells[base + at.trailOffset] = order.trailOffset;
  cells[base + at.arrivalBid] = order.arrivalBid;
  cells[base + at.arrivalAsk] = order.arrivalAsk;
  cells[base + at.cumQty] = order.cumQty;
  cells[base + at.endsAt] = order.endsAt;
  cells[base + at.lastFill] = order.lastFill;
  cells[base + at.successor] = order.successor;
  cells[base + at.code] = packCode(order);
  cells[base + at.row] = order.row;
  cells[base + at.listing] = order.listing;
  cells[base + at.account] = order.account;
  cells[base + at.deployment] = order.deployment;
  cells[base + at.stage] = order.stage;
  cells[base + at.term] = order.term;
  cells[base + at.epoch] = order.epoch;
  ring.reason[place] = order.reason;
  ring.compliance[place] = order.compliance;
}

function forgetOldest(ring: ClosedOrders): void {
  const place = ring.tail & (ring.capacity - 1);
  const base = place * stride;
  const clOrdID = ring.cells[base + at.clOrdID];
  if (clOrdID === absent) ring.taken -= 1;
  else if (clOrdID > ring.forgottenUpTo) ring.forgottenUpTo = clOrdID;
  ring.digest = (ring.digest - ring.cells[base + at.hash]) | 0;
  ring.reason[place] = '';
  ring.compliance[place] = '';
  ring.tail += 1;
}

/** What can change after closing, with what identifies the order; the rest was hashed while it lived. */
function entryHash(cells: Float64Array, base: number): number {
  let h = fold(0, cells[base + at.clOrdID]);
  h = fold(h, cells[base + at.code]);
  h = fold(h, cells[base + at.orderQty]);
  h = fold(h, cells[base + at.cumQty]);
  h = fold(h, cells[base + at.successor]);
  h = fold(h, cells[base + at.closedAt]);
  return finish(h);
}

/** Numbers of one step and of neighboring steps fall into neighboring buckets, which is kind to the cache. */
function bucketOfID(ring: ClosedOrders, clOrdID: ClOrdID): number {
  const step = Math.floor(clOrdID / 65_536);
  return (step + Math.imul(clOrdID & 65_535, 0x9e3779b1)) & (ring.capacity - 1);
}

function bucketOfTag(ring: ClosedOrders, row: RowIx, tag: number): number {
  return (tag + Math.imul(row, 0x9e3779b1)) & (ring.capacity - 1);
}
