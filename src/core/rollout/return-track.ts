import { cmp, columnGet, isZero, setInto, splitZero, subInto, toNumber, type Split } from '../../base/split.ts';
import { microsUnchecked, type Micros } from '../../base/units.ts';
import type { RowIx } from '../../domain/ids.ts';
import { noMoments, takeValue, type RunningMoments } from '../../quant/stats/running-moments.ts';
import type { Core } from '../core.ts';
import { rowTotalInto } from '../risk/pnl.ts';

/**
 * What a version makes in each interval, as a share of its capital: the datum of its evidence (rollout.md 2). An interval in which the capital changes is measured
 * in parts, each by the capital that stood while it lasted, so that a grant neither makes nor hides a return (MET1). Paper and real results have tracks of their own.
 */
export interface ReturnTrack {
  readonly row: RowIx;
  readonly simulated: boolean;
  /** Microseconds between two data. */
  readonly interval: number;
  /** End of the interval under way. */
  nextAt: Micros;
  /** Since when the datum under way is measured. */
  from: Micros;
  /** Capital stood when the interval under way began; before that there is no datum, only what the first one carries. */
  whole: boolean;
  /** Sum of result / capital over the parts of the datum under way that have ended. */
  carried: number;
  /** Where the part under way began. A capital of 0 = nothing has been granted yet. */
  readonly pnlAtPart: Split;
  readonly capOfPart: Split;
  /** Intervals whose number was missing; their result counts in the next datum. */
  missing: number;
  readonly moments: RunningMoments;
  /** The newest datum, and the time that it was measured over; lastAt 0 = none yet. */
  lastDatum: number;
  lastFrom: Micros;
  lastAt: Micros;
}

/** Most tracks of one desk's life. */
export const maxReturnTracks = 4_096;

const capNow = splitZero();
const pnlNow = splitZero();

function trackIx(core: Core, row: RowIx, simulated: boolean, interval: number): number {
  return core.rollout.tracks.findIndex((track) => track.row === row && track.simulated === simulated && track.interval === interval);
}

export function trackOf(core: Core, row: RowIx, simulated: boolean, interval: number): ReturnTrack | undefined {
  return core.rollout.tracks[trackIx(core, row, simulated, interval)];
}

/** The row's track of that interval, begun now unless it runs already; -1 = there is no room for it. */
export function beginTrack(core: Core, row: RowIx, simulated: boolean, interval: number, at: Micros): number {
  const known = trackIx(core, row, simulated, interval);
  if (known >= 0) return known;
  const { tracks } = core.rollout;
  if (tracks.length >= maxReturnTracks) return -1;
  const track: ReturnTrack = {
    row,
    simulated,
    interval,
    nextAt: nextBoundary(at, interval),
    from: at,
    whole: false,
    carried: 0,
    pnlAtPart: splitZero(),
    capOfPart: splitZero(),
    missing: 0,
    moments: noMoments(),
    lastDatum: 0,
    lastFrom: at,
    lastAt: microsUnchecked(0),
  };
  rowTotalInto(track.pnlAtPart, core.risk.pnl, row, simulated);
  tracks.push(track);
  splitTrack(core, track, at);
  return tracks.length - 1;
}

/** Boundaries lie at multiples of the interval, so that versions are measured over the same ones. */
export function nextBoundary(at: Micros, interval: number): Micros {
  return microsUnchecked((Math.floor(at / interval) + 1) * interval);
}

/** To be called after every change of a row's capital: what was made until now counts by the capital that stood until now. */
export function splitIntervals(core: Core, row: RowIx): void {
  for (const track of core.rollout.tracks) if (track.row === row) splitTrack(core, track, core.at);
}

function splitTrack(core: Core, track: ReturnTrack, at: Micros): void {
  columnGet(capNow, track.simulated ? core.gate.paperCap : core.gate.cap, track.row);
  // capital that is taken away altogether leaves its measure to what is still held
  if (isZero(capNow) || cmp(capNow, track.capOfPart) === 0) return;
  if (isZero(track.capOfPart)) track.from = at;
  else track.carried += partOf(core, track);
  rowTotalInto(track.pnlAtPart, core.risk.pnl, track.row, track.simulated);
  setInto(track.capOfPart, capNow);
}

function partOf(core: Core, { row, simulated, pnlAtPart, capOfPart }: ReturnTrack): number {
  rowTotalInto(pnlNow, core.risk.pnl, row, simulated);
  subInto(pnlNow, pnlNow, pnlAtPart);
  return toNumber(pnlNow) / toNumber(capOfPart);
}

/** Ends the interval under way. @returns whether there is a new datum, in `lastDatum`. `measured` = its numbers are fresh; else the next datum carries it. */
export function endInterval(core: Core, track: ReturnTrack, measured: boolean, at: Micros): boolean {
  track.nextAt = nextBoundary(at, track.interval);
  if (isZero(track.capOfPart)) return false;
  if (!measured) {
    track.missing++;
    return false;
  }
  if (!track.whole) {
    track.whole = true;
    return false;
  }
  track.lastDatum = track.carried + partOf(core, track);
  track.lastFrom = track.from;
  track.lastAt = at;
  track.from = at;
  track.carried = 0;
  rowTotalInto(track.pnlAtPart, core.risk.pnl, track.row, track.simulated);
  takeValue(track.moments, track.lastDatum);
  return true;
}
