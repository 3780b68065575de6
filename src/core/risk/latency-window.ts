/** Latest order-to-acknowledgement times of a row, microseconds, with the counts that decide about the 99th percentile without sorting. */
export interface LatencyWindow {
  readonly samples: Float64Array;
  /** Samples ever taken. */
  count: number;
  /** Of the samples in the window: at least `limit`, at least `alert`. */
  atLimit: number;
  atAlert: number;
  /** Microseconds; Infinity = not watched. */
  readonly limit: number;
  readonly alert: number;
}

/** Samples kept. */
export const latencyWindowSize = 1_024;
/** Fewer decide nothing (decisions 27). */
export const leastLatencySamples = 100;

export function createLatencyWindow(limit: number, alert: number): LatencyWindow {
  return { samples: new Float64Array(latencyWindowSize), count: 0, atLimit: 0, atAlert: 0, limit, alert };
}

export function addLatency(window: LatencyWindow, micros: number): void {
  const place = window.count % latencyWindowSize;
  if (window.count >= latencyWindowSize) {
    const old = window.samples[place];
    if (old >= window.limit) window.atLimit--;
    if (old >= window.alert) window.atAlert--;
  }
  window.samples[place] = micros;
  window.count++;
  if (micros >= window.limit) window.atLimit++;
  if (micros >= window.alert) window.atAlert++;
}

export function latencySamples(window: LatencyWindow): number {
  return Math.min(window.count, latencyWindowSize);
}

/** How many samples must be at least x for the 99th percentile (nearest rank: the ceil(0.99 n)-th smallest) to be at least x. */
export function neededForP99(samples: number): number {
  return samples - Math.ceil((99 * samples) / 100) + 1;
}

/** 99th percentile of the window by nearest rank, microseconds; 0 without samples. Sorts: for reports and breaches. */
export function p99Of(window: LatencyWindow): number {
  const n = latencySamples(window);
  if (n === 0) return 0;
  const sorted = window.samples.slice(0, n).sort();
  return sorted[Math.ceil((99 * n) / 100) - 1];
}
