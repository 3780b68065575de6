import fc from 'fast-check';
import { expect, test } from 'vitest';
import { lotsUnchecked, microsUnchecked, ticksUnchecked } from '../../base/units.ts';
import { feedConditions, type MarketEvent } from '../../domain/market.ts';
import { ordStatuses } from '../../domain/order.ts';
import type { Delivery } from '../host-port.ts';
import { createDoorbell } from '../rings/doorbell.ts';
import { createRingMemory, RingReader, RingWriter } from '../rings/ring.ts';
import * as messages from './messages.ts';

const whole = fc.maxSafeInteger();
const index = fc.nat(65_535);
const micros = fc.maxSafeNat().map(microsUnchecked);
const ticks = whole.map(ticksUnchecked);
const lots = whole.map(lotsUnchecked);
const text = fc.string({ unit: 'binary', maxLength: 300 });
const split = fc.record({ hi: fc.integer(), lo: fc.nat(2 ** 31 - 1) });
const stamp = { eventSeq: fc.maxSafeNat(), feed: index, feedSeq: whole, eventTime: micros, receivedAt: micros, listing: index };

const level = fc.tuple(fc.nat(1), whole, fc.maxSafeNat());
const book = fc
  .record({ ...stamp, snapshot: fc.boolean(), levels: fc.array(level, { maxLength: 200 }) })
  .map(({ levels, ...rest }): MarketEvent => ({
    kind: 'book',
    ...rest,
    count: levels.length,
    sides: Uint8Array.from(levels, ([side]) => side),
    prices: Float64Array.from(levels, ([, price]) => price),
    qtys: Float64Array.from(levels, ([, , qty]) => qty),
  }));
const market: fc.Arbitrary<MarketEvent> = fc.oneof(
  fc.record({ kind: fc.constant('quote' as const), ...stamp, bid: ticks, bidQty: lots, ask: ticks, askQty: lots }),
  fc.record({
    kind: fc.constant('trade' as const),
    ...stamp,
    price: ticks,
    qty: lots,
    tradeID: whole,
    aggressor: fc.constantFrom('buy' as const, 'sell' as const, 'none' as const),
  }),
  fc.record({
    kind: fc.constant('bar' as const),
    ...stamp,
    interval: micros,
    open: ticks,
    high: ticks,
    low: ticks,
    close: ticks,
    volume: lots,
  }),
  fc.record({ kind: fc.constant('feedStatus' as const), ...stamp, value: whole, condition: fc.constantFrom(...feedConditions), text }),
  book,
);
const fill = fc.record({
  tag: whole,
  listing: index,
  side: fc.constantFrom('buy' as const, 'sell' as const),
  lastQty: lots,
  lastPx: ticks,
  leavesQty: lots,
  position: lots,
  fee: split,
  feeCurrency: index,
  transactTime: micros,
});
const money = fc.record({ cash: split, fee: split, returnedFee: split, feeCurrency: index, returnedCurrency: index });
const update = fc.record({
  tag: whole,
  ordStatus: fc.constantFrom(...ordStatuses, 'denied' as const, 'cancelRejected' as const, 'replaced' as const),
  code: text,
});
const own = fc.oneof(
  fc.record({ kind: fc.constant('ownFill' as const), row: index, simulated: fc.boolean(), fill, money }),
  fc.record({
    kind: fc.constant('ownUpdate' as const),
    row: index,
    simulated: fc.boolean(),
    update,
    leavesQty: lots,
    cumQty: lots,
    price: ticks,
    orderQty: lots,
  }),
);
const common = { eventSeq: fc.maxSafeNat(), at: micros };
const delivery: fc.Arbitrary<Delivery> = fc.oneof(
  fc.record({ kind: fc.constant('market' as const), ...common, event: market }),
  fc.record({ kind: fc.constant('own' as const), ...common, event: own }),
  fc.record({ kind: fc.constant('timer' as const), ...common, row: index, name: text }),
  fc.record({ kind: fc.constant('start' as const), ...common, row: index }),
  fc.record({ kind: fc.constant('group' as const), ...common }),
);

/** Arrays of a book are compared up to its count. */
function plain(one: Delivery): unknown {
  if (one.kind !== 'market' || one.event.kind !== 'book') return one;
  const { count, sides, prices, qtys } = one.event;
  return {
    ...one,
    event: {
      ...one.event,
      sides: [...sides.subarray(0, count)],
      prices: [...prices.subarray(0, count)],
      qtys: [...qtys.subarray(0, count)],
    },
  };
}

test('every delivery comes out of the ring as it went in, with its receive stamp', () => {
  const memory = createRingMemory(1 << 16);
  const writer = new RingWriter(memory, createDoorbell(false));
  const reader = new RingReader(memory);
  let cases = 0;
  fc.assert(
    fc.property(delivery, fc.double({ noNaN: true }), (sent, received) => {
      cases++;
      expect(messages.sendDelivery(writer, sent, received)).toBe(true);
      writer.publish();
      let heard: unknown;
      reader.poll((type, from, at) => {
        const { delivery: one, stamp: when } = messages.readDelivery(type, from, at);
        heard = { ...(plain(one) as object), when };
      }, 1);
      expect(heard).toEqual({ ...(plain(sent) as object), when: received });
    }),
    { numRuns: 2_000 },
  );
  expect(cases).toBeGreaterThanOrEqual(2_000);
});

test('a state goes through byte by byte, and a message of an unknown type is refused by its number', () => {
  const memory = createRingMemory(1 << 22);
  const writer = new RingWriter(memory, createDoorbell(false));
  const reader = new RingReader(memory);
  const bytes = Uint8Array.from({ length: 1_048_576 }, (_none, i) => i * 7);
  const state = { row: 3, eventSeq: 99, schema: 'größer/1', bytes };
  expect(messages.sendState(writer, state)).toBe(true);
  expect(messages.sendAnswered(writer, 1, 2)).toBe(true);
  writer.publish();
  reader.poll((_type, from, at) => {
    const { bytes: read, ...rest } = messages.readState(from, at);
    expect(rest).toEqual({ row: 3, eventSeq: 99, schema: 'größer/1' });
    expect(Buffer.compare(read, bytes)).toBe(0);
  }, 1);
  reader.poll((_type, from, at) => expect(() => messages.readDelivery(77, from, at)).toThrow('message of type 77'), 1);
});
