import type { Bar } from '../../domain/market.ts';
import { createBollinger, type BollingerBands, type BollingerState } from '../../quant/indicators/bollinger.ts';
import { createRsi, type RsiState } from '../../quant/indicators/rsi.ts';
import type { Streaming } from '../../quant/indicators/streaming.ts';
import { createSum, pushSum, type WindowSum } from './window-sum.ts';
import { priceIn, type PriceScale } from '../price-scale.ts';
import type { MeanReversionTerms } from './terms.ts';

/** What one instrument's bars say, up to its last. */
export interface BarTrack {
  readonly bands: Streaming<[value: number], BollingerBands, BollingerState>;
  readonly strength: Streaming<[close: number], number, RsiState>;
  readonly volumes: WindowSum;
  /** Index of the last bar; -1 = none yet. */
  index: number;
  closeTime: number;
  /** Ticks. */
  close: number;
  volume: number;
  /** Low at or below the lower band, high at or above the upper one. */
  atLower: boolean;
  atUpper: boolean;
  rsi: number | undefined;
  /** Sum of the volumes of the window before the last bar; undefined = not that many yet. */
  volumeBefore: number | undefined;
  /** Index of the bar of the first entry fill; -1 = none. */
  firstFill: number;
  /** Reason of the exit that is under way; '' = none. */
  leaving: string;
  /** Its market order; 0 = not sent yet. */
  exitTag: number;
}

export interface BarTrackState {
  readonly bands: BollingerState;
  readonly strength: RsiState;
  readonly volumes: readonly number[];
  readonly index: number;
  readonly closeTime: number;
  readonly firstFill: number;
  readonly leaving: string;
}

export function createBarTrack(terms: MeanReversionTerms): BarTrack {
  return {
    bands: createBollinger(terms.bandPeriod, terms.bandWidth),
    strength: createRsi(terms.rsiPeriod),
    volumes: createSum(terms.volumePeriod),
    index: -1,
    closeTime: 0,
    close: 0,
    volume: 0,
    atLower: false,
    atUpper: false,
    rsi: undefined,
    volumeBefore: undefined,
    firstFill: -1,
    leaving: '',
    exitTag: 0,
  };
}

export function pushBar(track: BarTrack, bar: Bar, scale: PriceScale): void {
  const close = priceIn(scale, bar.close);
  const bands = track.bands.push(close);
  track.rsi = track.strength.push(close);
  track.atLower = bands !== undefined && priceIn(scale, bar.low) <= bands.lower;
  track.atUpper = bands !== undefined && priceIn(scale, bar.high) >= bands.upper;
  track.volumeBefore = pushSum(track.volumes, bar.volume);
  track.index += 1;
  track.closeTime = bar.eventTime;
  track.close = bar.close;
  track.volume = bar.volume;
}

/** Whether the last bar asks for an entry: at the lower band, RSI low, volume high; the comparison of volumes is in whole numbers. */
export function signals(track: BarTrack, terms: MeanReversionTerms): boolean {
  const { rsi, volumeBefore } = track;
  if (!track.atLower || rsi === undefined || volumeBefore === undefined || !(rsi < terms.rsiEntry)) return false;
  return track.volume * terms.volumePeriod * 100 > terms.volumePercent * volumeBefore;
}

/** Why a position that is held at the last bar ends; '' = it does not. */
export function exitReason(track: BarTrack, terms: MeanReversionTerms): '' | 'band' | 'rsi' | 'time' {
  if (track.atUpper) return 'band';
  if (track.rsi !== undefined && track.rsi > terms.rsiExit) return 'rsi';
  return track.index - track.firstFill >= terms.maxBars ? 'time' : '';
}

export function exportTrack(track: BarTrack): BarTrackState {
  const { bands, strength, volumes, index, closeTime, firstFill, leaving } = track;
  return {
    bands: bands.exportState(),
    strength: strength.exportState(),
    volumes: volumes.values.slice(),
    index,
    closeTime,
    firstFill,
    leaving,
  };
}

/** @throws RangeError when the state belongs to other parameters. */
export function restoreTrack(terms: MeanReversionTerms, state: BarTrackState): BarTrack {
  const track = createBarTrack(terms);
  track.bands.restore(state.bands);
  track.strength.restore(state.strength);
  for (const volume of state.volumes) pushSum(track.volumes, volume);
  track.index = state.index;
  track.closeTime = state.closeTime;
  track.firstFill = state.firstFill;
  track.leaving = state.leaving;
  return track;
}
