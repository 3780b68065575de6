import { deviation, mean } from '../../quant/stats/moments.ts';
import { quantileOfSorted, sorted } from '../../quant/stats/quantile.ts';

export interface HistogramBin {
  readonly from: number;
  readonly to: number;
  /** Values with from <= value < to; the outermost bins also count what lies beyond them. */
  readonly count: number;
  /** What a normal distribution of the same mean and deviation would put there. */
  readonly normal: number;
}

/** Most bins of one histogram. */
const maxBins = 60;
/** What lies further than this many deviations from the mean is counted in the outermost bins. */
const reach = 5;

/**
 * Equal bins with edges at round multiples of their width, which is that of Freedman & Diaconis (1981) made round. `undefined` with fewer than two
 * values or without variation.
 */
export function histogramOf(values: ArrayLike<number>): readonly HistogramBin[] | undefined {
  if (values.length < 2) return undefined;
  const center = mean(values);
  const spread = deviation(values, 'sample');
  if (!(spread > 0)) return undefined;
  const ascending = sorted(values);
  const low = Math.max(ascending[0], center - reach * spread);
  const high = Math.min(ascending[ascending.length - 1], center + reach * spread);
  const proposed = (2 * (quantileOfSorted(ascending, 0.75) - quantileOfSorted(ascending, 0.25))) / Math.cbrt(values.length);
  const width = roundWidth(Math.max(proposed > 0 ? proposed : spread / 4, (high - low) / (maxBins - 1)));
  const first = Math.floor(low / width);
  const bins = Math.floor(high / width) - first + 1;
  const counts = new Array<number>(bins).fill(0);
  for (let i = 0; i < values.length; i++) counts[Math.min(bins - 1, Math.max(0, Math.floor(values[i] / width) - first))]++;
  return counts.map((count, bin) => {
    const from = (first + bin) * width;
    return { from, to: (first + bin + 1) * width, count, normal: normalShare(from, width, center, spread) * values.length };
  });
}

/** 1, 2, 2.5 or 5 times a power of ten, at least `least`. */
export function roundWidth(least: number): number {
  const power = Number(`1e${Math.floor(Math.log10(least))}`);
  return [1, 2, 2.5, 5, 10].map((times) => times * power).find((width) => width >= least * (1 - 1e-9)) ?? least;
}

/** Mass of a normal distribution in a bin by Simpson's rule: far finer than what a drawing shows. */
function normalShare(from: number, width: number, center: number, spread: number): number {
  const density = (x: number): number =>
    Math.exp((-(x - center) * (x - center)) / (2 * spread * spread)) / (spread * Math.sqrt(2 * Math.PI));
  return (width / 6) * (density(from) + 4 * density(from + width / 2) + density(from + width));
}
