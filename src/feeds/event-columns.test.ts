import { join } from 'node:path';
import { expect, test } from 'vitest';
import { microsUnchecked } from '../base/units.ts';
import { createL2Book, type L2Book } from '../core/market/book.ts';
import type { LevelTicks } from '../domain/tick-columns.ts';
import { recordedPath } from '../testing/recorded-files.ts';
import { findRawSources } from './find-raw-sources.ts';
import { readVenueSession } from './sessions/venue-session.ts';

const sessions = recordedPath('venue-sessions');

/** Plays a table of levels into a book, event by event; prices and quantities in whole units. */
function play({ count, time, feedSeq, side, price, qty, mark }: LevelTicks, pricePerUnit: number, qtyPerUnit: number): L2Book {
  const book = createL2Book();
  for (let from = 0, to = 0; from < count; from = to) {
    to = from + 1;
    if (mark[from] === 2) {
      book.invalidate();
      continue;
    }
    while (to < count && mark[to] === 0 && feedSeq[to] === feedSeq[from] && time[to] === time[from]) to++;
    const rows = Array.from({ length: to - from }, (_, i) => from + i);
    const at = microsUnchecked(time[from]);
    const stamp = { eventSeq: 0, feed: 0, feedSeq: feedSeq[from], eventTime: at, receivedAt: at, listing: 0 };
    book.apply({
      kind: 'book',
      ...stamp,
      snapshot: mark[from] === 1,
      count: rows.length,
      sides: Uint8Array.from(rows, (i) => side[i]),
      prices: Float64Array.from(rows, (i) => Math.round(price[i] * pricePerUnit)),
      qtys: Float64Array.from(rows, (i) => Math.round(qty[i] * qtyPerUnit)),
    });
  }
  return book;
}

test.for(['OKX.ws.1.0.gz', 'COINBASE.ws.28.0.gz', 'GEMINI.ws.1.0.gz'])(
  'the books of %s rise again from their columns, level by level',
  (name, context) => {
    if (sessions === undefined) return context.skip('the recorded sessions are absent');
    const [source] = findRawSources(join(sessions, name)).sources;
    const venue = name.startsWith('OKX') ? 'OKX' : name.startsWith('GEMINI') ? 'GEMINI' : 'COINBASE';
    const direct = readVenueSession(join(sessions, name), name, venue, { feed: 0 });
    const { tables } = source.read();
    let compared = 0;
    for (const { symbol, listing, priceUnit, lot } of direct.listings) {
      const book = createL2Book();
      for (const event of direct.events) {
        if (event.listing !== listing) continue;
        if (event.kind === 'book') book.apply(event);
        else if (event.kind === 'feedStatus' && event.condition === 'gap') book.invalidate();
      }
      const table = tables.find((one) => one.kind === 'levels' && one.levels.instrumentID === symbol);
      if (table?.kind !== 'levels') continue;
      const again = play(table.levels, 1 / Number(priceUnit), 1 / Number(lot));
      expect([symbol, again.valid, again.bidLevels, again.askLevels]).toEqual([symbol, book.valid, book.bidLevels, book.askLevels]);
      for (let level = 0; level < Math.min(50, book.bidLevels, book.askLevels); level++, compared++) {
        expect([again.bidPx(level), again.bidQty(level), again.askPx(level), again.askQty(level)]).toEqual([
          book.bidPx(level),
          book.bidQty(level),
          book.askPx(level),
          book.askQty(level),
        ]);
      }
    }
    expect(compared).toBeGreaterThan(100);
  },
);
