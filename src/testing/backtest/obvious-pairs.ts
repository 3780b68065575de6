import { engleGranger } from '../../quant/stats/engle-granger.ts';
import type { DailyBar } from './daily-bars.ts';
import { ObviousBook, sum } from './obvious-money.ts';
import type { ObviousInput, ObviousRun, ObviousTerms } from './obvious-money.ts';

const formation = 126;
const window = 60;
const changes = 20;

interface Leg {
  readonly id: string;
  readonly bars: ReadonlyMap<string, DailyBar>;
  /** What is still to be bought (+) or sold (-) at the next opens. */
  working: number;
  reason: string;
  lastClose: number;
}

/** What the last refit found; the window is that of its group bar. */
interface Fit {
  readonly at: number;
  readonly beta: number;
  readonly eligible: boolean;
  readonly changeDeviation: number;
}

/**
 * The section "Pairs" of backtest-semantics.md line by line, over plain arrays. Only the Engle-Granger test is shared with the engine; it is held against
 * statsmodels elsewhere.
 */
export function obviousPairs(first: ObviousInput, second: ObviousInput, terms: ObviousTerms): ObviousRun {
  const legs = [first, second].map(({ id, bars }): Leg => ({
    id,
    bars: new Map(bars.map((bar) => [bar.date, bar])),
    working: 0,
    reason: '',
    lastClose: 0,
  }));
  const dates = [...new Set([...first.bars, ...second.bars].map((bar) => bar.date))].sort();
  const book = new ObviousBook(terms);
  const equity: { date: string; value: bigint }[] = [];
  const logs: [number[], number[]] = [[], []];
  let fit: Fit | undefined;
  let filledAt = -1;
  let phase: 'idle' | 'entering' | 'holding' | 'leaving' = 'idle';
  for (const date of dates) {
    for (const leg of [...legs].sort((a, b) => (a.id < b.id ? -1 : 1))) fillLeg(leg, date, book);
    for (const leg of legs) leg.lastClose = leg.bars.get(date)?.close ?? leg.lastClose;
    const value = legs.reduce((total, leg) => total + BigInt(book.position(leg.id)) * BigInt(leg.lastClose), book.cash);
    equity.push({ date, value });
    const together = legs.every((leg) => leg.bars.has(date));
    if (together) legs.forEach((leg, n) => logs[n].push(Math.log(leg.lastClose / 1e6)));
    const t = logs[0].length - 1;
    if (phase === 'entering') {
      phase = legs.every((leg) => leg.working === 0) ? 'holding' : 'leaving';
      filledAt = t;
      if (phase === 'leaving') {
        // this is what the close decides, also where nothing was held: the next entry is for a later one
        leave(legs, 'unwind', book);
        continue;
      }
    } else if (phase === 'leaving' && legs.every((leg) => leg.working === 0 && book.position(leg.id) === 0)) phase = 'idle';
    if (!together) continue;
    const refits = phase === 'idle' && t >= formation - 1 && (fit === undefined || t - fit.at >= 21);
    if (refits) fit = refitted(logs, t);
    if (fit === undefined) continue;
    const z = distance(logs, t, fit.beta);
    if (phase === 'holding') {
      const reason =
        z !== undefined && Math.abs(z) <= 0.5
          ? 'mean'
          : z !== undefined && Math.abs(z) >= 3
            ? 'stop'
            : t - filledAt >= 10
              ? 'time'
              : undefined;
      if (reason === undefined) continue;
      leave(legs, reason, book);
      phase = 'leaving';
    } else if (phase === 'idle' && z !== undefined && wantsIn(logs, t, fit, z)) {
      const sizes = legs.map((leg) => legQty(value, leg.lastClose));
      if (sizes.some((qty) => qty < 1)) continue;
      legs.forEach((leg, n) => {
        leg.working = (n === 0) === z > 2 ? -sizes[n] : sizes[n];
        leg.reason = 'entry';
      });
      phase = 'entering';
    }
  }
  return { trades: book.trades, equity };
}

function fillLeg(leg: Leg, date: string, book: ObviousBook): void {
  const bar = leg.bars.get(date);
  if (bar === undefined) return;
  const qty = Math.min(Math.abs(leg.working), Math.floor(bar.volume / 10));
  if (qty === 0) return;
  book.fill(leg.id, leg.working > 0 ? 'buy' : 'sell', qty, bar.open, date, leg.reason);
  leg.working -= leg.working > 0 ? qty : -qty;
}

/** Whatever was working is canceled, what is held is closed at market. */
function leave(legs: readonly Leg[], reason: string, book: ObviousBook): void {
  for (const leg of legs) {
    leg.working = 0 - book.position(leg.id);
    leg.reason = reason;
  }
}

function refitted(logs: readonly [readonly number[], readonly number[]], t: number): Fit {
  const a = logs[0].slice(t - formation + 1, t + 1);
  const b = logs[1].slice(t - formation + 1, t + 1);
  const slope = covariation(b, a) / covariation(b, b);
  const correlation =
    covariation(differences(a), differences(b)) /
    Math.sqrt(covariation(differences(a), differences(a)) * covariation(differences(b), differences(b)));
  const test = engleGranger(a, [b]);
  const spread = a.map((value, i) => value - slope * b[i]);
  return {
    at: t,
    beta: slope,
    eligible: correlation > 0.7 && test.ok && test.value.pValue < 0.05,
    changeDeviation: sampleDeviation(differences(spread)),
  };
}

/** z of the spread at t over the last 60; undefined when it does not vary. */
function distance(logs: readonly [readonly number[], readonly number[]], t: number, beta: number): number | undefined {
  const spread = spreads(logs, t - window + 1, t, beta);
  const deviation = sampleDeviation(spread);
  return deviation > 0 ? (spread[window - 1] - sum(spread) / window) / deviation : undefined;
}

function wantsIn(logs: readonly [readonly number[], readonly number[]], t: number, fit: Fit, z: number): boolean {
  if (!fit.eligible || !(Math.abs(z) > 2 && Math.abs(z) < 3)) return false;
  return sampleDeviation(differences(spreads(logs, t - changes, t, fit.beta))) > fit.changeDeviation;
}

function legQty(equity: bigint, close: number): number {
  const byRisk = equity / (3n * BigInt(close));
  const byCap = equity / (20n * BigInt(close));
  return Number(byRisk < byCap ? byRisk : byCap);
}

function spreads(logs: readonly [readonly number[], readonly number[]], from: number, to: number, beta: number): number[] {
  const values: number[] = [];
  for (let i = from; i <= to; i++) values.push(logs[0][i] - beta * logs[1][i]);
  return values;
}

function differences(values: readonly number[]): number[] {
  return values.slice(1).map((value, i) => value - values[i]);
}

function covariation(x: readonly number[], y: readonly number[]): number {
  const meanX = sum(x) / x.length;
  const meanY = sum(y) / y.length;
  return sum(x.map((value, i) => (value - meanX) * (y[i] - meanY)));
}

function sampleDeviation(values: readonly number[]): number {
  return Math.sqrt(covariation(values, values) / (values.length - 1));
}
