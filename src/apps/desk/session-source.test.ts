import { expect, test } from 'vitest';
import { recordedPath } from '../../testing/recorded-files.ts';
import { sessionVenueOf } from '../../feeds/sessions/venue-session.ts';
import { sessionMarket } from './session-source.ts';

const folder = recordedPath('venue-sessions');

function marketOf(file: string, symbol?: string): ReturnType<typeof sessionMarket> {
  const venue = sessionVenueOf(file);
  if (venue === undefined) throw new Error('expected a venue in the name');
  return sessionMarket(`${folder}/${file}`, venue, symbol);
}

test.runIf(folder !== undefined)('a symbol of a session is a market in its quote currency, whose events are its own', () => {
  const { market, feed } = marketOf('KRAKEN.ws.50.0.gz', 'SC/EUR');
  expect(market).toMatchObject({ currency: 'EUR', exponent: 13, baseCurrency: 'SC', priceUnit: '0.00001', lot: '0.00000001' });
  let [books, last] = [0, ''];
  for (let event = feed.next(); event !== undefined; event = feed.next()) {
    expect(event.listing).toBe(0);
    if (event.kind === 'book') books++;
    last = event.kind === 'feedStatus' ? event.condition : event.kind;
  }
  // 818 changes and the snapshot
  expect([books, last]).toEqual([819, 'end']);
});

test.runIf(folder !== undefined).each([
  ['KRAKEN.ws.50.0.gz', undefined, 'expected one instrument, the session has ADA/XBT, ETH/CHF'],
  ['KRAKEN.ws.50.0.gz', 'XMR/US', 'did you mean XMR/USD?'],
  ['KRAKEN.ws.50.0.gz', 'ADA/XBT', 'finer than the 10^-15'],
  ['OKX.ws.1.0.gz', 'UNI-USD-SWAP', 'is a contract (inverse, swap or future)'],
  ['BITSTAMP.ws.1.0.gz', 'ethusd', 'nothing can be filled against it'],
  ['BINANCE_FUTURES.ws.1.0.gz', 'CTKUSDT', 'nothing can be filled against it'],
])('%s, %s: refused by name', (file, symbol, sentence) => {
  expect(() => marketOf(file, symbol)).toThrow(sentence);
});
