import type { FeedIx, ListingIx } from '../../domain/ids.ts';
import type { MarketEvent } from '../../domain/market.ts';
import type { RecordedFeed } from '../../ports/feed.ts';
import { Quarantine } from '../csv/quarantine.ts';
import { binanceFutures } from './binance-futures.ts';
import { bitstamp } from './bitstamp.ts';
import { bybit } from './bybit.ts';
import { coinbase } from './coinbase.ts';
import { gemini } from './gemini.ts';
import { kraken } from './kraken.ts';
import { okx } from './okx.ts';
import { FieldReader, type SessionFrame, type SessionParser } from './session-frame.ts';
import { readSessionLines, type SessionLine } from './session-lines.ts';
import { SymbolTrack, type SymbolCounts } from './symbol-track.ts';
import { symbolScales, unitText } from './symbol-scale.ts';

export const sessionVenues = ['BINANCE_FUTURES', 'BITSTAMP', 'BYBIT', 'COINBASE', 'GEMINI', 'KRAKEN', 'OKX'] as const;
export type SessionVenue = (typeof sessionVenues)[number];

const parsers: Readonly<Record<SessionVenue, SessionParser>> = {
  BINANCE_FUTURES: binanceFutures,
  BITSTAMP: bitstamp,
  BYBIT: bybit,
  COINBASE: coinbase,
  GEMINI: gemini,
  KRAKEN: kraken,
  OKX: okx,
};

/** A symbol of the session: its units are the finest that any frame shows. */
export interface SessionListing {
  readonly symbol: string;
  readonly listing: ListingIx;
  readonly priceUnit: string;
  readonly lot: string;
  readonly counts: SymbolCounts;
}

export interface VenueSession {
  readonly venue: SessionVenue;
  /** By symbol; listings count up from the first. */
  readonly listings: readonly SessionListing[];
  /** In order of receive time. */
  readonly events: readonly MarketEvent[];
  readonly frames: number;
  readonly quarantine: Quarantine;
}

export interface SessionOptions {
  readonly feed: FeedIx;
  readonly firstListing?: ListingIx;
}

interface PlacedFrame {
  readonly frame: SessionFrame;
  readonly row: number;
  readonly receivedAt: number;
}

/** Venue of a file by the beginning of its name (`KRAKEN.ws.50.0.gz`); undefined for others. */
export function sessionVenueOf(name: string): SessionVenue | undefined {
  const base = (name.split('/').at(-1) ?? name).toUpperCase();
  return sessionVenues.find((venue) => base.startsWith(`${venue}.`));
}

/**
 * Reads a recorded session as market events: books with their checksums and sequence numbers proven, trades and quotes. A book whose chain or checksum breaks
 * says `gap` and counts as unknown until a snapshot; so does from its start a book of which the session holds no snapshot.
 */
export function readVenueSession(
  path: string,
  name: string,
  venue: SessionVenue,
  { feed, firstListing = 0 }: SessionOptions,
): VenueSession {
  const quarantine = new Quarantine(name);
  const parser = parsers[venue];
  const placed = readSessionLines(path, quarantine).flatMap((line) => framesOf(line, parser, quarantine));
  const scales = symbolScales(placed.map((one) => one.frame));
  const symbols = [...scales.keys()].sort();
  const tracks = new Map<string, SymbolTrack>();
  for (const [i, symbol] of symbols.entries()) {
    const scale = scales.get(symbol) ?? { price: 0, qty: 0 };
    tracks.set(symbol, new SymbolTrack({ feed, listing: firstListing + i, symbol, scale, parser, quarantine }));
  }
  const events: MarketEvent[] = [];
  let now = 0;
  for (const { frame, row, receivedAt } of placed) {
    // the receiver's clock may step back; its order of arrival holds
    now = Math.max(now, receivedAt);
    tracks.get(frame.symbol)?.take(frame, row, now, events);
  }
  const listings = symbols.map((symbol, i) => {
    const { price, qty } = scales.get(symbol) ?? { price: 0, qty: 0 };
    const counts = tracks.get(symbol)?.counts;
    return { symbol, listing: firstListing + i, priceUnit: unitText(price), lot: unitText(qty), counts: counts ?? emptyCounts };
  });
  return { venue, listings, events, frames: placed.length, quarantine };
}

const emptyCounts: SymbolCounts = { books: 0, snapshots: 0, trades: 0, quotes: 0, checksums: 0, gaps: 0, duplicates: 0, missingTrades: 0 };

/** The events of a session as a feed. */
export function sessionFeed({ events }: VenueSession): RecordedFeed {
  let next = 0;
  return { peek: () => events[next]?.receivedAt, next: () => events[next++] };
}

function framesOf({ row, receivedAt, frame: text }: SessionLine, parser: SessionParser, quarantine: Quarantine): PlacedFrame[] {
  let message: unknown;
  try {
    message = JSON.parse(text);
  } catch {
    quarantine.addRow(row, 'ROW_FIELDS', '', `expected JSON, was ${text.slice(0, 40)}`);
    return [];
  }
  const read = new FieldReader();
  const frames = parser.parse(message, read);
  if (read.fault === '') return frames.map((frame) => ({ frame, row, receivedAt }));
  quarantine.addRow(row, 'ROW_FIELDS', '', read.fault);
  return [];
}
