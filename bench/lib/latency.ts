/** Latencies in nanoseconds, counted in buckets of at most 1.6 % width: any number of samples in little memory. */
export class LatencyCounts {
  readonly #counts = new Float64Array(40 * buckets);
  #samples = 0;

  get samples(): number {
    return this.#samples;
  }

  add(nanos: number): void {
    this.#samples += 1;
    this.#counts[bucketOf(nanos)] += 1;
  }

  /** Upper end of the bucket in which the share lies, in nanoseconds; 0 without samples. */
  at(share: number): number {
    const wanted = Math.ceil(this.#samples * share);
    let seen = 0;
    for (let i = 0; i < this.#counts.length; i++) {
      seen += this.#counts[i];
      if (seen >= wanted && seen > 0) return upperEnd(i);
    }
    return 0;
  }
}

const buckets = 64;

/** Below 64 ns one bucket for each; above, 64 for each doubling. */
function bucketOf(nanos: number): number {
  const whole = Math.max(0, Math.min(Math.round(nanos), 2 ** 40));
  if (whole < buckets) return whole;
  const doublings = Math.floor(Math.log2(whole)) - 6;
  const within = Math.floor(whole / 2 ** doublings) - buckets;
  return (doublings + 1) * buckets + Math.max(0, Math.min(within, buckets - 1));
}

function upperEnd(bucket: number): number {
  if (bucket < buckets) return bucket;
  const doublings = Math.floor(bucket / buckets) - 1;
  return (buckets + (bucket % buckets) + 1) * 2 ** doublings - 1;
}
