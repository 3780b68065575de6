import type { Micros } from '../../base/units.ts';
import type { ClOrdID, RowIx } from '../../domain/ids.ts';
import {
  blankRecord,
  clOrdIDAt,
  closedAt,
  createClosedRecords,
  hashRecord,
  hasTag,
  isBlank,
  keepHash,
  keptHash,
  olderID,
  olderTag,
  readRecord,
  setClosedAt,
  setOlder,
  successorAt,
  writeRecord,
  type ClosedRecords,
} from './closed-record.ts';
import type { StoredOrder } from './stored-order.ts';

/**
 * The ring of orders that are over, in order of closing. Positions count from 0 and never come again; the record of position p stands at p modulo the
 * capacity. Found through chains by clOrdID and by (row, tag): a chain goes from newer to older records and ends where it leaves the ring, so that
 * forgetting the oldest record is moving one number.
 */
export interface ClosedOrders {
  readonly capacity: number;
  readonly records: ClosedRecords;
  /** Newest position of each chain; -1 = none. */
  readonly byID: Float64Array;
  readonly byTag: Float64Array;
  /** Position of the next record, and of the oldest one that is still kept. */
  head: number;
  tail: number;
  /** Records between the two that were taken out again. */
  taken: number;
  /** Largest clOrdID that was forgotten: what is not found and not above it was known once. */
  forgottenUpTo: ClOrdID;
  /** Sum of the records' hashes modulo 2^32. */
  digest: number;
}

/** Most closed orders that are remembered (architecture, The hot path). */
export const maxClosedOrders = 1_048_576;

const absent = -1;
const goldenRatio = 0x9e3779b1;

/** @param capacity a power of two, at most `maxClosedOrders`. */
export function createClosedOrders(capacity: number): ClosedOrders {
  if (!(capacity >= 2 && capacity <= maxClosedOrders && (capacity & (capacity - 1)) === 0)) {
    throw new RangeError(`closed orders: expected a power of two from 2 to ${maxClosedOrders}, was ${capacity}`);
  }
  return {
    capacity,
    records: createClosedRecords(capacity),
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
export function closeOrder(ring: ClosedOrders, order: StoredOrder, at: Micros): void {
  if (ring.head - ring.tail === ring.capacity) forgetOldest(ring);
  const position = ring.head;
  ring.head = position + 1;
  const { records, byID, byTag } = ring;
  const place = placeOf(ring, position);
  const idBucket = bucketOfID(ring, order.clOrdID);
  const tagBucket = bucketOfTag(ring, order.row, order.tag);
  writeRecord(records, place, order);
  setClosedAt(records, place, at);
  setOlder(records, place, backTo(ring, position, byID[idBucket]), backTo(ring, position, byTag[tagBucket]));
  byID[idBucket] = position;
  byTag[tagBucket] = position;
  const hash = hashRecord(records, place);
  keepHash(records, place, hash);
  ring.digest = (ring.digest + hash) | 0;
}

/** Writes back what a late report changed. */
export function rewriteClosed(ring: ClosedOrders, position: number, order: StoredOrder): void {
  const place = placeOf(ring, position);
  writeRecord(ring.records, place, order);
  const hash = hashRecord(ring.records, place);
  ring.digest = (ring.digest - keptHash(ring.records, place) + hash) | 0;
  keepHash(ring.records, place, hash);
}

/** Takes an order that works again out of the ring. */
export function takeClosed(ring: ClosedOrders, position: number): void {
  const place = placeOf(ring, position);
  ring.digest = (ring.digest - keptHash(ring.records, place)) | 0;
  keepHash(ring.records, place, 0);
  blankRecord(ring.records, place);
  ring.taken += 1;
}

/** Position of a closed order, -1 = not there. */
export function findClosed(ring: ClosedOrders, clOrdID: ClOrdID): number {
  let position = ring.byID[bucketOfID(ring, clOrdID)];
  while (position >= ring.tail) {
    const place = placeOf(ring, position);
    if (clOrdIDAt(ring.records, place) === clOrdID) return position;
    const back = olderID(ring.records, place);
    if (back === 0) return absent;
    position -= back;
  }
  return absent;
}

export function findClosedTag(ring: ClosedOrders, row: RowIx, tag: number): number {
  let position = ring.byTag[bucketOfTag(ring, row, tag)];
  while (position >= ring.tail) {
    const place = placeOf(ring, position);
    if (hasTag(ring.records, place, row, tag)) return position;
    const back = olderTag(ring.records, place);
    if (back === 0) return absent;
    position -= back;
  }
  return absent;
}

/** Reads a closed order into a view. */
export function readClosed(ring: ClosedOrders, position: number, view: StoredOrder): void {
  readRecord(ring.records, placeOf(ring, position), view);
}

export function closedID(ring: ClosedOrders, position: number): ClOrdID {
  return clOrdIDAt(ring.records, placeOf(ring, position));
}

/** The order that took a closed one's place; 0 = none. */
export function successorOf(ring: ClosedOrders, position: number): ClOrdID {
  return successorAt(ring.records, placeOf(ring, position));
}

/** When the oldest order that is kept closed, microseconds; Infinity = none is kept. */
export function closedSince(ring: ClosedOrders): number {
  return ring.tail === ring.head ? Infinity : closedAt(ring.records, placeOf(ring, ring.tail));
}

/** Forgets what closed before `before`. */
export function forgetClosed(ring: ClosedOrders, before: Micros): void {
  while (ring.tail < ring.head && closedAt(ring.records, placeOf(ring, ring.tail)) < before) forgetOldest(ring);
}

/** The digest recomputed from every record, to check the running one against. */
export function recomputeDigest(ring: ClosedOrders): number {
  let sum = 0;
  for (let position = ring.tail; position < ring.head; position++) {
    const place = placeOf(ring, position);
    if (!isBlank(ring.records, place)) sum = (sum + hashRecord(ring.records, place)) | 0;
  }
  return sum;
}

function forgetOldest(ring: ClosedOrders): void {
  const { records } = ring;
  const place = placeOf(ring, ring.tail);
  if (isBlank(records, place)) ring.taken -= 1;
  else ring.forgottenUpTo = Math.max(ring.forgottenUpTo, clOrdIDAt(records, place));
  ring.digest = (ring.digest - keptHash(records, place)) | 0;
  records.reason[place] = '';
  records.compliance[place] = '';
  ring.tail += 1;
}

function placeOf(ring: ClosedOrders, position: number): number {
  return position & (ring.capacity - 1);
}

/** A chain's way back from a new position; 0 = there is nothing left that is kept. */
function backTo(ring: ClosedOrders, position: number, older: number): number {
  return older < ring.tail ? 0 : position - older;
}

/** Numbers of one step and of neighboring steps fall into neighboring buckets, which is kind to the cache. */
function bucketOfID(ring: ClosedOrders, clOrdID: ClOrdID): number {
  const step = Math.floor(clOrdID / 65_536);
  return (step + Math.imul(clOrdID & 65_535, goldenRatio)) & (ring.capacity - 1);
}

function bucketOfTag(ring: ClosedOrders, row: RowIx, tag: number): number {
  return (tag + Math.imul(row, goldenRatio)) & (ring.capacity - 1);
}
