import { closeSync, openSync, readSync } from 'node:fs';
import { formatDecimal } from '../base/decimal.ts';
import { err, ok, type Result } from '../base/result.ts';
import { isoFromMicros } from '../base/time.ts';
import { microsUnchecked } from '../base/units.ts';
import { createL2Book } from '../core/market/book.ts';
import type { FeedCondition } from '../domain/market.ts';
import { captureKind } from './binance/capture-kind.ts';
import { openCapture } from './binance/capture-lines.ts';
import type { FeedReport } from './binance/feed-report.ts';
import { stepScale } from './binance/fixed-point.ts';
import { createBinanceFeed } from './binance/recorded-feed.ts';
import type { BinanceMarket } from './binance/symbols.ts';
import { captureMagic } from './capture/format.ts';

/** Most statuses that a summary tells in words; all are counted. */
export const maxNotices = 200;

/** Something that the feed said about itself. */
export interface CaptureNotice {
  readonly at: string;
  readonly condition: FeedCondition;
  readonly text: string;
}

/** What a Binance capture holds and what is wrong with it. Times are ISO 8601 UTC, durations microseconds. */
export interface CaptureSummary {
  readonly file: string;
  readonly format: 'binance';
  readonly market: BinanceMarket;
  readonly symbol: string;
  readonly priceUnit: string;
  readonly lot: string;
  readonly symbols: readonly { readonly symbol: string; readonly frames: number }[];
  readonly lines: number;
  readonly frames: {
    readonly depth: number;
    readonly snapshot: number;
    readonly quote: number;
    readonly trade: number;
    readonly other: number;
  };
  readonly levelUpdates: number;
  readonly firstAt: string;
  readonly lastAt: string;
  readonly skewMicros: number;
  readonly longestSilenceMicros: number;
  readonly gaps: number;
  readonly resyncs: number;
  readonly crossed: number;
  readonly stale: number;
  readonly skewChanges: number;
  readonly duplicates: number;
  readonly outOfOrder: number;
  readonly missingTrades: number;
  /** Depth frames that no snapshot was there for. */
  readonly unusedDepthFrames: number;
  readonly malformed: number;
  /** `btcusdt.gz:17 b[3]: expected …`, the first 100. */
  readonly malformedLines: readonly string[];
  readonly notices: readonly CaptureNotice[];
  /** Top of the book at the end, in the venue's units; absent when there is no book to believe. */
  readonly lastBook?: { readonly bid: string; readonly ask: string; readonly bidLevels: number; readonly askLevels: number };
}

/** Reads a capture from end to end. The error is one sentence: what cannot be read, or which other format the file is of. */
export function inspectCapture(file: string): Result<CaptureSummary, string> {
  const refusal = otherFormat(file);
  if (refusal !== undefined) return err(refusal);
  try {
    return inspectBinance(file);
  } catch (error) {
    return err(error instanceof Error ? error.message : String(error));
  }
}

function inspectBinance(file: string): Result<CaptureSummary, string> {
  const bytes = openCapture(file);
  const inside = otherText(file, bytes);
  if (inside !== undefined) return err(inside);
  const kind = captureKind(bytes);
  if (kind === undefined) return err(`${file}: expected Binance frames that name a symbol, found none`);
  const feed = createBinanceFeed({ file, feed: 0, listing: 0, ...kind });
  const book = createL2Book();
  const notices: CaptureNotice[] = [];
  for (let event = feed.next(); event !== undefined; event = feed.next()) {
    if (event.kind === 'book') book.apply(event);
    if (event.kind !== 'feedStatus') continue;
    if (event.condition === 'gap') book.invalidate();
    if (notices.length < maxNotices) notices.push({ at: isoFromMicros(event.receivedAt), condition: event.condition, text: event.text });
  }
  const { market, symbol, priceUnit, lot, symbols } = kind;
  const price = (ticks: number): string => {
    const { scale, unitsPerStep } = stepScale(priceUnit);
    return formatDecimal(ticks * unitsPerStep, scale);
  };
  const top = { bid: price(book.bidPx(0)), ask: price(book.askPx(0)), bidLevels: book.bidLevels, askLevels: book.askLevels };
  const counts = countsOf(feed.report());
  return ok({
    file,
    format: 'binance',
    market,
    symbol,
    priceUnit,
    lot,
    symbols,
    ...counts,
    notices,
    ...(book.valid ? { lastBook: top } : {}),
  });
}

function countsOf(report: FeedReport) {
  const { lines, levels, gaps, resyncs, crossed, stale, skewChanges, duplicates, outOfOrder, missingTrades, unusedDepthFrames, malformed } =
    report;
  const { depthFrames: depth, snapshots: snapshot, quotes: quote, trades: trade, otherFrames: other } = report;
  return {
    lines,
    frames: { depth, snapshot, quote, trade, other },
    levelUpdates: levels,
    firstAt: isoFromMicros(microsUnchecked(report.firstAt)),
    lastAt: isoFromMicros(microsUnchecked(report.lastAt)),
    skewMicros: report.skew,
    longestSilenceMicros: report.longestSilence,
    gaps,
    resyncs,
    crossed,
    stale,
    skewChanges,
    duplicates,
    outOfOrder,
    missingTrades,
    unusedDepthFrames,
    malformed,
    malformedLines: report.faults.map(({ file, line, field, text }) => `${file}:${line} ${field}: ${text}`),
  };
}

/** Bytes that tell a format. */
const firstLength = 400;

/** Known by their first bytes. */
const signatures: readonly (readonly [start: string, format: string])[] = [
  [captureMagic, 'a capture of this product'],
  ['PK\u0003\u0004', 'a zip archive (LEAN data)'],
  ['PAR1', 'a Parquet file'],
  ['ARROW1', 'an Arrow file'],
];

/** A sentence that names the format when the file begins as another one than gzip; undefined = gzip, or not to be read at all. */
function otherFormat(file: string): string | undefined {
  const bytes = firstBytes(file);
  if (bytes === undefined) return undefined;
  const start = bytes.subarray(0, 8).toString('latin1');
  const known = signatures.find(([signature]) => start.startsWith(signature));
  if (known !== undefined) return refuse(file, known[1]);
  if (start.startsWith('\u001f\u008b')) return undefined;
  return otherText(file, bytes) ?? refuse(file, 'no gzip');
}

function firstBytes(file: string): Buffer | undefined {
  try {
    const descriptor = openSync(file, 'r');
    try {
      const bytes = Buffer.alloc(firstLength);
      return bytes.subarray(0, readSync(descriptor, bytes, 0, firstLength, 0));
    } finally {
      closeSync(descriptor);
    }
  } catch {
    return undefined;
  }
}

/** A sentence that names the format of a text that is no Binance capture. */
function otherText(file: string, bytes: Buffer): string | undefined {
  const line = bytes.subarray(0, firstLength).toString('utf8').split('\n', 1)[0];
  if (line.startsWith('wss://')) return refuse(file, "a recorded venue session (cryptofeed's format)");
  if (!/^\d{19} \{/.test(line) && line.split(',').length > 2) return refuse(file, 'comma-separated text');
  return undefined;
}

function refuse(file: string, format: string): string {
  return `${file}: is ${format}; expected LEAN archives under their path (equity/usa/daily/aapl.zip), CSV bars, a Binance capture, a venue session or an imported file`;
}
