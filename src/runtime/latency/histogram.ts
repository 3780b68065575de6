/** Sub-buckets of each power of two: a value is known to 1/32, about 3 %. */
const perOctave = 32;
/** From 2^0 to 2^36 - 1 nanoseconds (68 s); longer ones count in the last bucket. */
const octaves = 36;
const buckets = (octaves - 4) * perOctave;
/** u32 count of each bucket, before them f64 maximum and f64 sum of nanoseconds. */
const headBytes = 16;
export const histogramBytes = headBytes + buckets * 4;

/** 2^36 - 1 */
const longest = 68_719_476_735;

/** Place of a value: linear below 32 ns, then 32 places for each power of two (HdrHistogram, Tene 2012). */
function bucketOf(nanos: number): number {
  if (nanos < perOctave) return nanos > 0 ? Math.floor(nanos) : 0;
  const value = nanos < longest ? nanos : longest;
  const exponent = 31 - Math.clz32(value / perOctave);
  return exponent * perOctave + Math.floor(value / (1 << exponent));
}

/** Largest value of a bucket (nanoseconds). */
function topOf(bucket: number): number {
  if (bucket < perOctave) return bucket + 1;
  const exponent = Math.floor(bucket / perOctave) - 1;
  return (bucket - exponent * perOctave + 1) * (1 << exponent);
}

export interface Percentiles {
  readonly count: number;
  /** Microseconds. */
  readonly mean: number;
  readonly p50: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
}

/** Durations in fixed buckets of shared memory: one thread writes, any thread may look. */
export class Histogram {
  readonly memory: SharedArrayBuffer;
  readonly #counts: Uint32Array;
  readonly #head: Float64Array;

  constructor(memory: SharedArrayBuffer = new SharedArrayBuffer(histogramBytes)) {
    this.memory = memory;
    this.#head = new Float64Array(memory, 0, 2);
    this.#counts = new Uint32Array(memory, headBytes, buckets);
  }

  record(micros: number): void {
    const nanos = micros * 1_000;
    this.#counts[bucketOf(nanos)]++;
    this.#head[1] += nanos;
    if (nanos > this.#head[0]) this.#head[0] = nanos;
  }

  /** Adds what another one has counted. */
  add(other: Histogram): void {
    for (let i = 0; i < buckets; i++) this.#counts[i] += other.#counts[i];
    this.#head[0] = Math.max(this.#head[0], other.#head[0]);
    this.#head[1] += other.#head[1];
  }

  /** Forgets everything; for its writer. */
  clear(): void {
    this.#counts.fill(0);
    this.#head.fill(0);
  }

  /** Upper ends of the buckets in which the shares lie, microseconds; zeros while nothing was recorded. */
  percentiles(): Percentiles {
    let count = 0;
    for (let i = 0; i < buckets; i++) count += this.#counts[i];
    const max = this.#head[0] / 1_000;
    const at = (share: number): number => {
      if (count === 0) return 0;
      const rank = Math.max(1, Math.ceil(count * share));
      let seen = 0;
      for (let i = 0; i < buckets; i++) {
        seen += this.#counts[i];
        if (seen >= rank) return i === buckets - 1 ? max : Math.min(topOf(i) / 1_000, max);
      }
      return max;
    };
    return { count, mean: count === 0 ? 0 : this.#head[1] / count / 1_000, p50: at(0.5), p99: at(0.99), p999: at(0.999), max };
  }
}
