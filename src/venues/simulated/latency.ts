import type { Prng } from '../../base/prng.ts';

/** How long a message takes, in microseconds: always the same, or drawn: `min` plus an exponential tail of mean `tail`, at most `max`. */
export type Latency =
  | { readonly kind: 'fixed'; readonly micros: number }
  | { readonly kind: 'drawn'; readonly min: number; readonly tail: number; readonly max: number };

export function fixedLatency(micros: number): Latency {
  return { kind: 'fixed', micros };
}

export function drawLatency(latency: Latency, luck: Prng): number {
  if (latency.kind === 'fixed') return latency.micros;
  return Math.min(latency.max, Math.round(latency.min + luck.exponential(latency.tail)));
}
