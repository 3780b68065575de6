import type { ListingIx } from '../../domain/ids.ts';
import type { Bar } from '../../domain/market.ts';
import { bandsOf } from '../../quant/indicators/bollinger.ts';
import {
  createRsiColumns,
  exportRsi,
  growRsi,
  pushRsi,
  restoreRsi,
  rsiAt,
  type RsiColumns,
  type RsiState,
} from '../../quant/indicators/rsi.ts';
import { widened } from '../../quant/indicators/widened.ts';
import {
  createWindows,
  growWindows,
  isWindowFull,
  pushWindow,
  refillWindowAt,
  valuesOfWindow,
  type WindowColumns,
} from '../../quant/indicators/window-columns.ts';
import type { PriceScale } from '../price-scale.ts';
import type { MeanReversionTerms } from './terms.ts';
import { createSums, growSums, pushSum, summedValues, type WindowSums } from './window-sums.ts';

/** What is exported of one instrument. */
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

const firstPlaces = 16;

/**
 * What the bars of every instrument say, up to its last: columns with a place for each instrument that has shown anything, so that the bars of one close time
 * touch little memory.
 */
export class BarTracks {
  readonly #terms: MeanReversionTerms;
  /** By listing. */
  readonly #placeOf: number[] = [];
  readonly #scales: PriceScale[] = [];
  #units = new Float64Array(firstPlaces);
  #divisors = new Float64Array(firstPlaces);
  /** What the Bollinger bands are taken over; they are worked out where one looks. */
  readonly #closes: WindowColumns;
  readonly #strength: RsiColumns;
  readonly #volumes: WindowSums;
  #high = new Float64Array(firstPlaces);
  #low = new Float64Array(firstPlaces);
  #volume = new Float64Array(firstPlaces);
  /** Of the last bar; ticks. */
  closeTime = new Float64Array(firstPlaces);
  close = new Float64Array(firstPlaces);
  /** Index of the last bar; -1 = none yet. */
  index = new Float64Array(firstPlaces);
  /** Index of the bar of the first entry fill; -1 = none. */
  firstFill = new Float64Array(firstPlaces);
  /** Reason of the exit that is under way; '' = none. */
  readonly leaving: string[] = [];
  /** Its market order; 0 = not sent yet. */
  exitTag = new Float64Array(firstPlaces);
  /** How many exits are under way. */
  exits = 0;
  /** Places of those whose bar since the last look had the volume of an entry, each once, the first `loudCount`: most bars have not, and are not looked at again. */
  loud = new Int32Array(firstPlaces);
  loudCount = 0;
  #isLoud = new Int32Array(firstPlaces);
  readonly #listings: ListingIx[] = [];

  constructor(terms: MeanReversionTerms) {
    this.#terms = terms;
    this.#closes = createWindows(terms.bandPeriod, firstPlaces);
    this.#strength = createRsiColumns(terms.rsiPeriod, firstPlaces);
    this.#volumes = createSums(terms.volumePeriod, firstPlaces);
  }

  /** Place of an instrument in the columns; -1 = nothing is known of it. */
  placeOf(listing: ListingIx): number {
    return this.#placeOf[listing] ?? -1;
  }

  /** Begins to follow an instrument that was not followed. @returns its place */
  begin(listing: ListingIx, scale: PriceScale): number {
    const at = this.#scales.length;
    if (at === this.close.length) this.#grow(2 * at);
    this.#placeOf[listing] = at;
    this.#listings.push(listing);
    this.#scales.push(scale);
    this.leaving.push('');
    this.#units[at] = scale.units;
    this.#divisors[at] = scale.divisor;
    this.index[at] = -1;
    this.firstFill[at] = -1;
    return at;
  }

  #grow(places: number): void {
    const wider = (column: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> => widened(column, new Float64Array(places));
    growWindows(this.#closes, places);
    growRsi(this.#strength, places);
    growSums(this.#volumes, places);
    this.#units = wider(this.#units);
    this.#divisors = wider(this.#divisors);
    this.closeTime = wider(this.closeTime);
    this.close = wider(this.close);
    this.#high = wider(this.#high);
    this.#low = wider(this.#low);
    this.#volume = wider(this.#volume);
    this.index = wider(this.index);
    this.firstFill = wider(this.firstFill);
    this.exitTag = wider(this.exitTag);
    this.loud = widened(this.loud, new Int32Array(places));
    this.#isLoud = widened(this.#isLoud, new Int32Array(places));
  }

  /** Takes a bar of the instrument at a place. */
  push(at: number, bar: Bar): void {
    const close = this.#priceIn(at, bar.close);
    pushWindow(this.#closes, at, close);
    pushRsi(this.#strength, at, close);
    pushSum(this.#volumes, at, bar.volume);
    this.index[at] += 1;
    this.closeTime[at] = bar.eventTime;
    this.close[at] = bar.close;
    this.#high[at] = bar.high;
    this.#low[at] = bar.low;
    this.#volume[at] = bar.volume;
    if (this.#isHigh(at) && this.#isLoud[at] === 0) {
      this.#isLoud[at] = 1;
      this.loud[this.loudCount++] = at;
    }
  }

  /** Whether the volume of the last bar is that of an entry, in whole numbers. */
  #isHigh(at: number): boolean {
    const { volumePeriod, volumePercent } = this.#terms;
    return this.#volume[at] * volumePeriod * 100 > volumePercent * this.#volumes.before[at];
  }

  /** They have been looked at. */
  forgetLoud(): void {
    for (let n = 0; n < this.loudCount; n++) this.#isLoud[this.loud[n]] = 0;
    this.loudCount = 0;
  }

  listingAt(at: number): ListingIx {
    return this.#listings[at];
  }

  /** An exit begins, if none is under way; '' = there is no reason for one. */
  leave(at: number, reason: string): void {
    if (this.leaving[at] !== '' || reason === '') return;
    this.leaving[at] = reason;
    this.exits += 1;
  }

  /** The exit that was under way is over. */
  stay(at: number): void {
    if (this.leaving[at] !== '') this.exits -= 1;
    this.leaving[at] = '';
    this.exitTag[at] = 0;
  }

  /** `priceIn` of the instrument's scale. */
  #priceIn(at: number, ticks: number): number {
    return (ticks * this.#units[at]) / this.#divisors[at];
  }

  /** Relative strength at the last close; NaN = too few bars. */
  rsi(at: number): number {
    return rsiAt(this.#strength, at);
  }

  /** Whether the last bar asks for an entry: volume high, RSI low, at the lower band. What is cheap and mostly says no is asked first. */
  signals(at: number): boolean {
    const { rsiEntry, bandWidth, bandPeriod } = this.#terms;
    if (!this.#isHigh(at)) return false;
    if (!(rsiAt(this.#strength, at) < rsiEntry) || !isWindowFull(this.#closes, at)) return false;
    const { slots, oldest } = this.#closes;
    return this.#priceIn(at, this.#low[at]) <= bandsOf(slots, oldest[at], bandPeriod, bandWidth).lower;
  }

  /** Why a position that is held at the last bar ends; '' = it does not. */
  exitReason(at: number): '' | 'band' | 'rsi' | 'time' {
    const { bandPeriod, bandWidth, rsiExit, maxBars } = this.#terms;
    const { slots, oldest } = this.#closes;
    const isFull = isWindowFull(this.#closes, at);
    if (isFull && this.#priceIn(at, this.#high[at]) >= bandsOf(slots, oldest[at], bandPeriod, bandWidth).upper) return 'band';
    if (rsiAt(this.#strength, at) > rsiExit) return 'rsi';
    return this.index[at] - this.firstFill[at] >= maxBars ? 'time' : '';
  }

  /** Of every instrument that is followed, by listing. */
  exported(): readonly (readonly [ListingIx, BarTrackState])[] {
    return this.#placeOf.flatMap((at, listing) => [[listing, this.#exportedOf(at)] as const]);
  }

  #exportedOf(at: number): BarTrackState {
    const { index, closeTime, firstFill, leaving } = this;
    return {
      index: index[at],
      closeTime: closeTime[at],
      firstFill: firstFill[at],
      leaving: leaving[at],
      scale: this.#scales[at],
      closes: valuesOfWindow(this.#closes, at),
      strength: exportRsi(this.#strength, at),
      volumes: summedValues(this.#volumes, at),
    };
  }

  /** @throws RangeError when the state belongs to other parameters. */
  restore(listing: ListingIx, state: BarTrackState): void {
    if (this.placeOf(listing) >= 0) throw new RangeError(`expected one state of listing ${listing}, were two`);
    const at = this.begin(listing, state.scale);
    refillWindowAt(this.#closes, at, state.closes);
    restoreRsi(this.#strength, at, state.strength);
    for (const volume of state.volumes) pushSum(this.#volumes, at, volume);
    this.index[at] = state.index;
    this.closeTime[at] = state.closeTime;
    this.firstFill[at] = state.firstFill;
    this.leave(at, state.leaving);
  }
}
