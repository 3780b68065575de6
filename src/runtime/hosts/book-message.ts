import { microsUnchecked } from '../../base/units.ts';
import type { ByteTarget } from '../../domain/schema/byte-target.ts';
import { i64At, PayloadError, putI64, type Payload } from '../../domain/schema/wire.ts';
import type { BookUpdate } from '../../domain/market.ts';

/** Largest message to or from a host: a book of some 120,000 levels. */
export const maxMessageBytes = 2_097_128;

/** i64 eventSeq, feedSeq, eventTime, receivedAt; i32 feed, listing; u32 snapshot, count; then f64 prices, f64 quantities, u8 sides. */
const block = 48;
const perLevel = 17;

/** @returns the offset behind it. @throws RangeError past the largest message. */
export function writeBook(target: ByteTarget, at: number, update: BookUpdate): number {
  const { count } = update;
  target.reserve(at + block + count * perLevel);
  const { view, bytes } = target;
  putI64(target, at, update.eventSeq, 'eventSeq');
  putI64(target, at + 8, update.feedSeq, 'feedSeq');
  putI64(target, at + 16, update.eventTime, 'eventTime');
  putI64(target, at + 24, update.receivedAt, 'receivedAt');
  view.setInt32(at + 32, update.feed, true);
  view.setInt32(at + 36, update.listing, true);
  view.setUint32(at + 40, update.snapshot ? 1 : 0, true);
  view.setUint32(at + 44, count, true);
  const prices = at + block;
  const qtys = prices + count * 8;
  const sides = qtys + count * 8;
  for (let i = 0; i < count; i++) {
    view.setFloat64(prices + i * 8, update.prices[i], true);
    view.setFloat64(qtys + i * 8, update.qtys[i], true);
    bytes[sides + i] = update.sides[i];
  }
  return sides + count;
}

let room = 0;
let sidesRead = new Uint8Array(0);
let pricesRead = new Float64Array(0);
let qtysRead = new Float64Array(0);

/** The arrays are this thread's own and are used again by the next call. */
export function readBook(from: Payload, at: number): BookUpdate {
  const { view, bytes } = from;
  const count = view.getUint32(at + 44, true);
  const end = at + block + count * perLevel;
  if (end !== from.end) throw new PayloadError(`book of ${count} levels: expected its end at byte ${end}, was ${from.end}`);
  if (count > room) {
    room = count * 2;
    sidesRead = new Uint8Array(room);
    pricesRead = new Float64Array(room);
    qtysRead = new Float64Array(room);
  }
  const prices = at + block;
  const qtys = prices + count * 8;
  const sides = qtys + count * 8;
  for (let i = 0; i < count; i++) {
    pricesRead[i] = view.getFloat64(prices + i * 8, true);
    qtysRead[i] = view.getFloat64(qtys + i * 8, true);
    sidesRead[i] = bytes[sides + i];
  }
  return {
    kind: 'book',
    eventSeq: i64At(from, at, 'eventSeq'),
    feedSeq: i64At(from, at + 8, 'feedSeq'),
    eventTime: microsUnchecked(i64At(from, at + 16, 'eventTime')),
    receivedAt: microsUnchecked(i64At(from, at + 24, 'receivedAt')),
    feed: view.getInt32(at + 32, true),
    listing: view.getInt32(at + 36, true),
    snapshot: view.getUint32(at + 40, true) === 1,
    count,
    sides: sidesRead,
    prices: pricesRead,
    qtys: qtysRead,
  };
}
