import { expect, test } from 'vitest';
import { prng } from '../../base/prng.ts';
import { lots, micros, ticks } from '../../base/units.ts';
import { createL2Book, type L2Book } from '../../core/market/book.ts';
import type { BookUpdate, MarketEvent } from '../../domain/market.ts';
import { readDelivery } from '../hosts/messages.ts';
import { createDoorbell } from '../rings/doorbell.ts';
import { createRingMemory, RingReader, RingWriter } from '../rings/ring.ts';
import { CaptureTap } from './capture-tap.ts';

const stamp = (eventSeq: number, listing = 0): Omit<BookUpdate, 'kind' | 'snapshot' | 'count' | 'sides' | 'prices' | 'qtys'> => ({
  eventSeq,
  feed: 0,
  feedSeq: eventSeq,
  eventTime: micros(1_000 + eventSeq),
  receivedAt: micros(1_001 + eventSeq),
  listing,
});

function levels(eventSeq: number, luck: ReturnType<typeof prng>): BookUpdate {
  const count = 1 + luck.int(3);
  const sides = Uint8Array.from({ length: count }, () => luck.int(2));
  const prices = Float64Array.from({ length: count }, (_, n) => (sides[n] === 0 ? 100 : 200) + luck.int(20));
  const qtys = Float64Array.from({ length: count }, () => luck.int(4));
  return { kind: 'book', ...stamp(eventSeq), snapshot: eventSeq === 1, count, sides, prices, qtys };
}

function textOf(book: L2Book): string {
  const bids = Array.from({ length: book.bidLevels }, (_, n) => `${book.bidQty(n)}@${book.bidPx(n)}`);
  const asks = Array.from({ length: book.askLevels }, (_, n) => `${book.askQty(n)}@${book.askPx(n)}`);
  return `${book.valid} ${bids.join(' ')} / ${asks.join(' ')}`;
}

test('a reader that is slow is not waited for: what it has no room for is lost and counted, and its book is right again behind the gap that says so', () => {
  const memory = createRingMemory(1 << 13);
  const [own, captured] = [createL2Book(), createL2Book()];
  const tap = new CaptureTap(new RingWriter(memory, createDoorbell(false)), () => own);
  const reader = new RingReader(memory);
  const luck = prng('capture tap');
  let [gaps, said, books, seen] = [0, 0, 0, 0];
  const read = (most: number): void => {
    reader.poll((type, from, at) => {
      const { delivery } = readDelivery(type, from, at);
      if (delivery.kind !== 'market') throw new Error('expected market data');
      const { event } = delivery;
      seen = event.eventSeq;
      if (event.kind === 'book') captured.apply(event);
      if (event.kind === 'book' && !event.snapshot) books += 1;
      if (event.kind !== 'feedStatus' || event.condition !== 'gap') return;
      gaps += 1;
      said += event.value;
      captured.invalidate();
    }, most);
  };
  const count = 5_000;
  for (let n = 1; n <= count; n++) {
    const event = levels(n, luck);
    tap.take(event, micros(n));
    own.apply(event);
    // a disk that stands still for a while, and one that keeps up
    if (n % 1_000 > 400) read(2);
    if (n % 1_000 === 0) read(10_000);
  }
  read(10_000);
  expect(tap.lost).toBeGreaterThan(500);
  expect(tap.taken + tap.lost).toBe(count);
  expect(gaps).toBeGreaterThanOrEqual(5);
  expect(said).toBe(tap.lost);
  expect(books + 1).toBe(tap.taken);
  expect(seen).toBe(count);
  expect(textOf(captured)).toBe(textOf(own));
});

test('a source without a book is told as a gap alone, and behind the end nothing is taken', () => {
  const memory = createRingMemory(1 << 12);
  const tap = new CaptureTap(new RingWriter(memory, createDoorbell(false)), () => undefined);
  const reader = new RingReader(memory);
  const trade = (eventSeq: number): MarketEvent => ({
    kind: 'trade',
    ...stamp(eventSeq, 1),
    price: ticks(100),
    qty: lots(1),
    aggressor: 'buy',
    tradeID: eventSeq,
  });
  for (let n = 1; n <= 200; n++) tap.take(trade(n), micros(n));
  const lost = tap.lost;
  expect(lost).toBeGreaterThan(50);
  const said: string[] = [];
  const read = (): void =>
    void reader.poll((type, from, at) => {
      const { delivery } = readDelivery(type, from, at);
      if (delivery.kind === 'market') said.push(delivery.event.kind === 'feedStatus' ? delivery.event.text : delivery.event.kind);
    }, 10_000);
  read();
  tap.take(trade(201), micros(201));
  read();
  expect(said.slice(-2)).toEqual([`${lost} events are not captured: the disk did not keep up`, 'trade']);
  tap.end();
  tap.take(trade(202), micros(202));
  read();
  expect(said.at(-1)).toBe('trade');
  expect(tap.taken + tap.lost).toBe(201);
});
