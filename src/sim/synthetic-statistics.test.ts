import { expect, test } from 'vitest';
import { createL2Book } from '../core/market/book.ts';
import { eventsUntil, syntheticExchange, syntheticStart } from '../testing/venue/synthetic-desk.ts';

const seeds = 20;
const seconds = 1_800;

/** What one seed looks like over half an hour. */
interface Statistics {
  readonly eventsPerSecond: number;
  /** Share of time in which the spread is 1, 2 or 3 ticks. */
  readonly narrow: number;
  /** Share of seconds at which both sides show at least 10 levels. */
  readonly deep: number;
  /** Fourth standardized moment of the middle's changes over 10 seconds; 3 for a normal distribution. */
  readonly kurtosis: number;
  /** Autocorrelation of the signs of market orders, at lag 1 and 10. */
  readonly signs1: number;
  readonly signs10: number;
  /** Autocorrelation of the middle's changes over 10 seconds, and of their size. */
  readonly returns1: number;
  readonly sizes1: number;
}

function measure(seed: number): Statistics {
  const exchange = syntheticExchange(seed);
  const book = createL2Book();
  const middles: number[] = [];
  const signs: number[] = [];
  let [narrow, spreadAt, nextSecond, deep, lastTrade] = [0, syntheticStart, syntheticStart + 1_000_000, 0, 0];
  const events = eventsUntil(exchange, seconds, (event) => {
    const at = event.receivedAt;
    for (; nextSecond <= at; nextSecond += 1_000_000) {
      middles.push((book.bidPx(0) + book.askPx(0)) / 2);
      if (book.bidLevels >= 10 && book.askLevels >= 10) deep += 1;
    }
    const spread = book.askPx(0) - book.bidPx(0);
    if (spread >= 1 && spread <= 3) narrow += at - spreadAt;
    spreadAt = at;
    if (event.kind === 'book') book.apply(event);
    if (event.kind !== 'trade' || event.eventTime === lastTrade) return;
    lastTrade = event.eventTime;
    signs.push(event.aggressor === 'buy' ? 1 : -1);
  });
  const changes: number[] = [];
  for (let i = 10; i < middles.length; i += 10) changes.push(middles[i] - middles[i - 10]);
  return {
    eventsPerSecond: events / seconds,
    narrow: narrow / (spreadAt - syntheticStart),
    deep: deep / middles.length,
    kurtosis: kurtosisOf(changes),
    signs1: autocorrelation(signs, 1),
    signs10: autocorrelation(signs, 10),
    returns1: autocorrelation(changes, 1),
    sizes1: autocorrelation(changes.map(Math.abs), 1),
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function kurtosisOf(values: readonly number[]): number {
  const center = mean(values);
  const second = mean(values.map((value) => (value - center) ** 2));
  return mean(values.map((value) => (value - center) ** 4)) / second ** 2;
}

function autocorrelation(values: readonly number[], lag: number): number {
  const center = mean(values);
  let together = 0;
  let apart = 0;
  for (let i = 0; i < values.length; i++) {
    apart += (values[i] - center) ** 2;
    if (i >= lag) together += (values[i] - center) * (values[i - lag] - center);
  }
  return together / apart;
}

/** Stated ranges: of every seed, and of the average over the seeds. */
const ranges: readonly (readonly [keyof Statistics, number, number, number, number])[] = [
  ['eventsPerSecond', 20, 60, 25, 40],
  ['narrow', 0.85, 1, 0.9, 1],
  ['deep', 0.95, 1, 0.98, 1],
  ['kurtosis', 2.5, 80, 4, 30],
  ['signs1', 0.3, 0.7, 0.4, 0.6],
  ['signs10', 0, 0.35, 0.05, 0.25],
  ['returns1', -0.4, 0.4, -0.15, 0.15],
  ['sizes1', -0.2, 0.8, 0.02, 0.5],
];

test('books and flow look like a market on every seed: narrow, deep, fat tails, runs of one sign, clustered volatility', () => {
  const all = Array.from({ length: seeds }, (_, i) => measure(i + 1));
  for (const [name, low, high, meanLow, meanHigh] of ranges) {
    const values = all.map((statistics) => statistics[name]);
    const average = mean(values);
    console.log(
      `${name}: mean ${average.toFixed(3)}, ${Math.min(...values).toFixed(3)} … ${Math.max(...values).toFixed(3)} over ${seeds} seeds`,
    );
    for (const [i, value] of values.entries()) {
      expect(value, `${name} of seed ${i + 1}`).toBeGreaterThanOrEqual(low);
      expect(value, `${name} of seed ${i + 1}`).toBeLessThanOrEqual(high);
    }
    expect(average, `mean ${name}`).toBeGreaterThanOrEqual(meanLow);
    expect(average, `mean ${name}`).toBeLessThanOrEqual(meanHigh);
  }
});
