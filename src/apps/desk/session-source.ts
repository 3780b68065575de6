import { basename } from 'node:path';
import { decimalStep } from '../../base/decimal.ts';
import { suggest } from '../../base/suggest.ts';
import { microsUnchecked } from '../../base/units.ts';
import { defaultExponent, maxExponent } from '../../domain/currency.ts';
import type { MarketEvent } from '../../domain/market.ts';
import { readVenueSession, type SessionListing, type SessionVenue, type VenueSession } from '../../feeds/sessions/venue-session.ts';
import type { RecordedFeed } from '../../ports/feed.ts';
import type { MarketDefinition } from './definitions.ts';
import { exitCodes, Refusal } from './exit-codes.ts';

/** One symbol of a recorded session: its definition, and its events. */
export interface SessionMarket {
  readonly market: MarketDefinition;
  readonly feed: RecordedFeed;
}

/** Symbols whose quantity is counted in contracts worth so many coins or dollars, which is not the quantity times the price. */
type Pair = { readonly base: string; readonly quote: string };

/** @throws Refusal when the session cannot be read, or the symbol has no whole book, is no spot pair or counts finer than money does */
export function sessionMarket(file: string, venue: SessionVenue, symbol: string | undefined): SessionMarket {
  const session = readVenueSession(file, basename(file), venue, { feed: 0 });
  const { wholeFile, faults } = session.quarantine;
  if (wholeFile || session.events.length === 0)
    throw new Refusal(
      exitCodes.refused,
      `${file}: expected a session with books, was none${faults.length === 0 ? '' : ` (${faults[0].text})`}`,
    );
  const chosen = chosenOf(file, session, symbol);
  const { base, quote } = pairOf(file, venue, chosen.symbol);
  const instrumentID = `${base}-${quote}`;
  const market: MarketDefinition = {
    venueID: venue,
    accountID: 'A1',
    currency: quote,
    exponent: exponentOf(file, chosen),
    instrumentID,
    assetClass: 'spot',
    baseCurrency: base,
    listingID: `${instrumentID}.${venue}`,
    symbol: chosen.symbol,
    priceUnit: chosen.priceUnit,
    lot: chosen.lot,
    feedID: `session-${venue.toLowerCase().replaceAll('_', '-')}`,
  };
  return { market, feed: feedOf(session.events, chosen.listing) };
}

function chosenOf(file: string, { listings }: VenueSession, symbol: string | undefined): SessionListing {
  const whole = listings.filter(({ counts }) => counts.snapshots > 0);
  if (whole.length === 0)
    throw new Refusal(
      exitCodes.refused,
      `${file}: expected a session that holds a snapshot of a book, was one without: nothing can be filled against it`,
    );
  const names = whole.map((one) => one.symbol);
  if (symbol === undefined && whole.length > 1)
    throw new Refusal(exitCodes.usage, `${file}: expected one instrument, the session has ${names.join(', ')}`);
  const found = symbol === undefined ? whole[0] : whole.find((one) => one.symbol === symbol);
  if (found === undefined)
    throw new Refusal(
      exitCodes.usage,
      `${file}: expected an instrument of ${names.join(', ')}, was ${symbol}${suggest(symbol ?? '', names)}`,
    );
  return found;
}

/** Base and quote currency of a spot symbol, as the venue writes it. */
function pairOf(file: string, venue: SessionVenue, symbol: string): Pair {
  const match = patterns[venue].exec(symbol);
  if (match === null)
    throw new Refusal(
      exitCodes.refused,
      `${file}: ${symbol} of ${venue} is a contract (inverse, swap or future), whose money is not quantity times price: not built, expected a spot pair`,
    );
  return { base: match[1].toUpperCase(), quote: match[2].toUpperCase() };
}

const patterns: Readonly<Record<SessionVenue, RegExp>> = {
  BINANCE_FUTURES: /^([A-Z0-9]+)(USDT)$/,
  BITSTAMP: /^([a-z0-9]+)(usd|eur|gbp|btc|eth)$/,
  BYBIT: /^([A-Z0-9]+)(USDT|USDC|BTC)$/,
  COINBASE: /^([A-Z0-9]+)-([A-Z0-9]+)$/,
  GEMINI: /^([A-Z0-9]+)(USD|EUR|GBP|BTC|ETH|LTC)$/,
  KRAKEN: /^([A-Z0-9]+)\/([A-Z0-9]+)$/,
  OKX: /^([A-Z0-9]+)-([A-Z0-9]+)$/,
};

/** Money must be as fine as a tick of a lot. */
function exponentOf(file: string, { symbol, priceUnit, lot }: SessionListing): number {
  const scale = [priceUnit, lot].reduce((sum, text) => {
    const step = decimalStep(text);
    return sum + (step.ok ? step.value.scale : Infinity);
  }, 0);
  if (scale > maxExponent)
    throw new Refusal(
      exitCodes.refused,
      `${file}: ${symbol}: a price of ${priceUnit} times a quantity of ${lot} is finer than the 10^-${maxExponent} that money is counted in`,
    );
  return Math.max(defaultExponent, scale);
}

/** What the feed says of one listing, and of all. */
function feedOf(all: readonly MarketEvent[], listing: number): RecordedFeed {
  const events = all.filter((event) => event.listing === listing).map((event) => ({ ...event, listing: 0 }));
  const at = events.at(-1)?.receivedAt ?? microsUnchecked(0);
  events.push({
    kind: 'feedStatus',
    eventSeq: 0,
    feed: 0,
    feedSeq: 0,
    eventTime: at,
    receivedAt: at,
    listing: 0,
    condition: 'end',
    text: '',
    value: 0,
  });
  let next = 0;
  return { peek: () => events[next]?.receivedAt, next: () => events[next++] };
}
