import type { Collection, Moment } from './thread-clock.ts';

export interface Span {
  readonly from: Moment;
  readonly to: Moment;
}

interface Parts {
  readonly whole: number;
  readonly waited: number;
  readonly collecting: number;
  /** The whole without the time that others had the processors. */
  readonly own: number;
}

const round = (millis: number): number => Math.round(millis * 1_000) / 1_000;

function quantiles(list: readonly number[]): { readonly p50: number; readonly p99: number; readonly max: number } {
  const sorted = [...list].sort((a, b) => a - b);
  const at = (q: number): number => round(sorted[Math.min(sorted.length - 1, Math.ceil(q * sorted.length) - 1)]);
  return { p50: at(0.5), p99: at(0.99), max: at(1) };
}

function partsOf({ from, to }: Span, collections: readonly Collection[]): Parts {
  const whole = (to.at - from.at) / 1_000;
  const waited = to.waited - from.waited;
  let collecting = 0;
  for (const [at, micros] of collections) collecting += Math.max(0, Math.min(to.at, at + micros) - Math.max(from.at, at)) / 1_000;
  return { whole: round(whole), waited: round(waited), collecting: round(collecting), own: round(whole - waited) };
}

/**
 * Where a thread's time between two moments went, ms: `own` is what was left when nobody else had wanted its processors, `ran` the mean of what it ran (the kernel counts
 * that by its own ticks, so that only a mean says something), `slowest` the parts of the three that took longest.
 */
export function whereTimeWent(spans: readonly Span[], collections: readonly Collection[]): object {
  const parts = spans.map((span) => partsOf(span, collections)).sort((a, b) => b.whole - a.whole);
  const ran = spans.reduce((sum, { from, to }) => sum + to.ran - from.ran, 0) / Math.max(1, spans.length);
  return {
    own: quantiles(parts.map(({ own }) => own)),
    waited: quantiles(parts.map(({ waited }) => waited)),
    collecting: quantiles(parts.map(({ collecting }) => collecting)),
    ranMean: round(ran),
    slowest: parts.slice(0, 3),
  };
}

/** What the collections of a thread took: how many a second, how long each (ms). */
export function collectionsOf(collections: readonly Collection[], seconds: number): object {
  if (collections.length === 0) return { perSecond: 0 };
  return { perSecond: round(collections.length / seconds), ...quantiles(collections.map(([, micros]) => micros / 1_000)) };
}
