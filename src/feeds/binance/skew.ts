/** Samples that the median runs over, and after how many new ones it is taken again. */
export const skewWindow = 63;
export const skewEvery = 16;
/** A skew is reported when it differs by more than this from the one reported before (0 at the start), in microseconds. */
export const skewThreshold = 250_000;

/** Venue time minus receive time: the median of the last samples, so that a burst of late frames moves nothing. Network delay makes it negative, a clock behind the venue's positive. */
export class SkewMeter {
  readonly #samples = new Float64Array(skewWindow);
  readonly #sorted = new Float64Array(skewWindow);
  readonly #threshold: number;
  #seen = 0;
  #median = 0;
  #reported = 0;

  constructor(threshold: number) {
    this.#threshold = threshold;
  }

  /** Microseconds, whole. */
  get skew(): number {
    return this.#median;
  }

  /** Takes one sample; true when the skew has moved past the threshold since it was last reported, which counts as reporting it. */
  take(sample: number): boolean {
    this.#samples[this.#seen % skewWindow] = sample;
    this.#seen++;
    // the first sample serves until the window has filled once
    if (this.#seen > 1 && this.#seen % skewEvery !== 0) return false;
    const count = Math.min(this.#seen, skewWindow);
    const sorted = this.#sorted.subarray(0, count);
    sorted.set(this.#samples.subarray(0, count));
    sorted.sort();
    this.#median = sorted[count >>> 1];
    // one frame is no median: what is reported rests on `skewEvery` of them
    if (this.#seen < skewEvery || Math.abs(this.#median - this.#reported) <= this.#threshold) return false;
    this.#reported = this.#median;
    return true;
  }
}
