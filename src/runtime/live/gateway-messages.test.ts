import { expect, it } from 'vitest';
import { lots, micros, ticks } from '../../base/units.ts';
import { maxStatementLines, type StatedFill, type VenueStatement } from '../../domain/statement.ts';
import { createDoorbell } from '../rings/doorbell.ts';
import { createRingMemory, RingReader, RingWriter } from '../rings/ring.ts';
import { readWord, sendNotice } from './gateway-messages.ts';

const long = 'x'.repeat(64);
const fill: StatedFill = {
  execID: long,
  clOrdID: Number.MAX_SAFE_INTEGER,
  term: 4_294_967_295,
  orderID: long,
  listing: 65_535,
  side: 'sell',
  lastQty: lots(Number.MAX_SAFE_INTEGER),
  lastPx: ticks(35_184_372_088_832),
  cumQty: Number.MAX_SAFE_INTEGER,
  commissionHi: Number.MAX_SAFE_INTEGER,
  commissionLo: 281_474_976_710_655,
  commissionCurrency: 65_535,
  liquidity: 'taker',
  transactTime: micros(Number.MAX_SAFE_INTEGER),
};

it('a whole page of a statement, with the longest lines that there are, goes through the ring of a desk', () => {
  const memory = createRingMemory(1 << 22);
  const statement: VenueStatement = {
    kind: 'venueStatement',
    venue: 0,
    account: 0,
    ask: 1,
    asOf: micros(1),
    since: micros(0),
    page: 1,
    pages: 1,
    orders: [],
    fills: Array.from({ length: maxStatementLines }, () => fill),
    positions: [],
  };
  const writer = new RingWriter(memory, createDoorbell(false));
  expect(sendNotice(writer, statement)).toBe(true);
  writer.publish();
  let heard: unknown;
  new RingReader(memory).poll((type, from, at) => {
    heard = readWord(type, from, at);
  }, 1);
  expect(heard).toEqual(statement);
});
