import type { FeedCondition, MarketEvent, Trade } from '../../domain/market.ts';

/**
 * The product's own capture of market events. Little endian.
 *
 * File: `magic` (8 bytes), u32 version, u32 length of the header text, the header (UTF-8 JSON: the sources), zeros up to a multiple of 8; then chunks.
 * Chunk: u32 `chunkMark`, u32 length of the body (a multiple of 8), u32 number of the chunk from 0, u32 events in it, 32 bytes root; then the body: the columns
 * of `chunkColumns` in that order, then u32 length of the texts, u32 zero, the texts of the statuses one after another in UTF-8, zeros up to a multiple of 8.
 * Root of chunk n = SHA-256(root of chunk n - 1, the four u32 before the root, the body); the root before chunk 0 = SHA-256(everything before the first chunk).
 */
export const captureMagic = 'PLIMCAP\n';
export const captureVersion = 1;
export const chunkMark = 0x4b4e4843;
export const chunkHead = 48;
export const rootBytes = 32;

/** A chunk is closed at this many events or levels; a single book event may be larger. */
export const chunkEvents = 2_048;
export const chunkLevels = 65_536;
/** Most levels of one book event: two full sides of the deepest book. */
export const maxEventLevels = 131_072;
export const maxChunkLevels = chunkLevels + maxEventLevels;
/** Most characters of a status text that are kept. */
export const maxTextLength = 1_024;
export const maxChunkTextBytes = chunkEvents * maxTextLength * 4;
/** Longest body: every column at its widest. */
export const maxChunkBytes = 32 * (chunkEvents * 30 + maxChunkLevels * 3) + maxChunkTextBytes;
export const maxHeaderBytes = 1_048_576;
export const maxSources = 256;

/** What a capture's numbers are of: which feed, which listing, and what a tick and a lot of it are. */
export interface CaptureSource {
  readonly feedID: string;
  readonly listingID: string;
  readonly priceUnit: string;
  readonly lot: string;
}

/** A closed chunk, as the journal can note it. */
export interface ChunkRoot {
  readonly chunk: number;
  readonly events: number;
  readonly levels: number;
  /** Receive times of the first and last event, microseconds. */
  readonly firstAt: number;
  readonly lastAt: number;
  /** Hexadecimal; covers everything before it too. */
  readonly root: string;
}

/** Columns of a chunk in the order in which they are written: of every event, then of each kind, then of the levels. */
export const chunkColumns = [
  'kind',
  'source',
  'eventSeq',
  'feedSeq',
  'eventTime',
  'receivedAt',
  'bid',
  'bidQty',
  'ask',
  'askQty',
  'price',
  'qty',
  'aggressor',
  'tradeID',
  'bookCount',
  'snapshot',
  'interval',
  'open',
  'high',
  'low',
  'close',
  'volume',
  'condition',
  'value',
  'textBytes',
  'levelSide',
  'levelPrice',
  'levelQty',
] as const;
export type ChunkColumn = (typeof chunkColumns)[number];

/** Numbers of the kinds, aggressors and conditions on disk: never given to another. */
export const kindCodes: Readonly<Record<MarketEvent['kind'], number>> = { quote: 0, trade: 1, book: 2, bar: 3, feedStatus: 4 };
export const aggressorCodes: Readonly<Record<Trade['aggressor'], number>> = { none: 0, buy: 1, sell: 2 };
export const conditionCodes: Readonly<Record<FeedCondition, number>> = {
  live: 0,
  heartbeat: 1,
  gap: 2,
  crossed: 3,
  stale: 4,
  skew: 5,
  resync: 6,
  end: 7,
};
