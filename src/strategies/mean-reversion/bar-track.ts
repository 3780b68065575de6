import type { Bar } from '../../domain/market.ts';
import { bandsOf } from '../../quant/indicators/bollinger.ts';
import { createRsiTrack, exportRsi, pushRsi, restoreRsi, type RsiState, type RsiTrack } from '../../quant/indicators/rsi.ts';
import { createWindow, isFull, pushInto, refillWindow, windowValues, type Window } from '../../quant/indicators/window.ts';
import { createSum, pushSum, summedValues, type WindowSum } from './window-sum.ts';
import { priceIn, type PriceScale } from '../price-scale.ts';
import type { MeanReversionTerms } from './terms.ts';

/** What one instrument's bars say, up to its last. */
export interface BarTrack {
  readonly scale: PriceScale;
  /** What the Bollinger bands are taken over; they are worked out where one looks. */
  readonly closes: Window;
  readonly strength: RsiTrack;
  readonly volumes: WindowSum;
  /** Index of the last bar; -1 = none yet. */
  index: number;
  closeTime: number;
  /** Ticks. */
  close: number;
  high: number;
  low: number;
  volume: number;
  /** NaN = too few bars. */
  rsi: number;
  /** Index of the bar of the first entry fill; -1 = none. */
  firstFill: number;
  /** Reason of the exit that is under way; '' = none. */
  leaving: string;
  /** Its market order; 0 = not sent yet. */
  exitTag: number;
}

export interface BarTrackState {
  readonly scale: PriceScale;
  readonly closes: readonly number[];
  readonly strength: RsiState;
  readonly volumes: readonly number[];
  readonly index: number;
  readonly closeTime: number;
  readonly firstFill: number;
  readonly leaving: string;
}

export function createBarTrack(terms: MeanReversionTerms, scale: PriceScale): BarTrack {
  return {
    scale,
    closes: createWindow(terms.bandPeriod),
    strength: createRsiTrack(terms.rsiPeriod),
    volumes: createSum(terms.volumePeriod),
    index: -1,
    closeTime: 0,
    close: 0,
    high: 0,
    low: 0,
    volume: 0,
    rsi: NaN,
    firstFill: -1,
    leaving: '',
    exitTag: 0,
  };
}

export function pushBar(track: BarTrack, bar: Bar): void {
  const close = priceIn(track.scale, bar.close);
  pushInto(track.closes, close);
  track.rsi = pushRsi(track.strength, close);
  pushSum(track.volumes, bar.volume);
  track.index += 1;
  track.closeTime = bar.eventTime;
  track.close = bar.close;
  track.high = bar.high;
  track.low = bar.low;
  track.volume = bar.volume;
}

/** Whether the last bar asks for an entry: at the lower band, RSI low, volume high; the comparison of volumes is in whole numbers. */
export function signals(track: BarTrack, terms: MeanReversionTerms): boolean {
  const { rsi, volumes, closes, scale } = track;
  if (!(rsi < terms.rsiEntry && track.volume * terms.volumePeriod * 100 > terms.volumePercent * volumes.before)) return false;
  return isFull(closes) && priceIn(scale, track.low) <= bandsOf(closes, terms.bandWidth).lower;
}

/** Why a position that is held at the last bar ends; '' = it does not. */
export function exitReason(track: BarTrack, terms: MeanReversionTerms): '' | 'band' | 'rsi' | 'time' {
  const { closes, scale } = track;
  if (isFull(closes) && priceIn(scale, track.high) >= bandsOf(closes, terms.bandWidth).upper) return 'band';
  if (track.rsi > terms.rsiExit) return 'rsi';
  return track.index - track.firstFill >= terms.maxBars ? 'time' : '';
}

export function exportTrack(track: BarTrack): BarTrackState {
  const { closes, strength, volumes, index, closeTime, firstFill, leaving, scale } = track;
  const state = { index, closeTime, firstFill, leaving, scale };
  return { ...state, closes: windowValues(closes), strength: exportRsi(strength), volumes: summedValues(volumes) };
}

/** @throws RangeError when the state belongs to other parameters. */
export function restoreTrack(terms: MeanReversionTerms, state: BarTrackState): BarTrack {
  const track = createBarTrack(terms, state.scale);
  refillWindow(track.closes, state.closes);
  restoreRsi(track.strength, state.strength);
  for (const volume of state.volumes) pushSum(track.volumes, volume);
  track.index = state.index;
  track.closeTime = state.closeTime;
  track.firstFill = state.firstFill;
  track.leaving = state.leaving;
  return track;
}
