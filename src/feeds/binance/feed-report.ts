import type { LineFault } from './capture-lines.ts';

/** Most malformed lines that are kept with their place and field; the rest is counted. */
export const maxKeptFaults = 100;

/** What a capture held and what was wrong with it, so far. */
export interface FeedReport {
  readonly files: readonly string[];
  lines: number;
  depthFrames: number;
  snapshots: number;
  quotes: number;
  trades: number;
  otherFrames: number;
  /** Levels of depth frames and snapshots that were delivered. */
  levels: number;
  malformed: number;
  readonly faults: LineFault[];
  gaps: number;
  resyncs: number;
  crossed: number;
  stale: number;
  skewChanges: number;
  /** Median of venue time minus receive time at the end, microseconds. */
  skew: number;
  /** Frames that were in the book, or trades and quotes that were known, already. */
  duplicates: number;
  /** Lines with a receive time before that of the line above; they are taken at the time of the line above. */
  outOfOrder: number;
  /** Trades whose numbers are missing. */
  missingTrades: number;
  /** Depth frames that came before a snapshot and are in it. */
  inSnapshot: number;
  /** Depth frames that had no snapshot to stand on. */
  unusedDepthFrames: number;
  longestSilence: number;
  /** Receive times, microseconds; 0 = no line yet. */
  firstAt: number;
  lastAt: number;
}

export function emptyReport(files: readonly string[]): FeedReport {
  return {
    files,
    lines: 0,
    depthFrames: 0,
    snapshots: 0,
    quotes: 0,
    trades: 0,
    otherFrames: 0,
    levels: 0,
    malformed: 0,
    faults: [],
    gaps: 0,
    resyncs: 0,
    crossed: 0,
    stale: 0,
    skewChanges: 0,
    skew: 0,
    duplicates: 0,
    outOfOrder: 0,
    missingTrades: 0,
    inSnapshot: 0,
    unusedDepthFrames: 0,
    longestSilence: 0,
    firstAt: 0,
    lastAt: 0,
  };
}
