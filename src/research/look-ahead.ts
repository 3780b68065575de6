import { prng } from '../base/prng.ts';
import { microsUnchecked, type Micros } from '../base/units.ts';
import type { BacktestRequest, BarSet, EquityCurve, RunBacktest } from '../ports/backtest.ts';
import type { StrategyDefinition } from '../ports/strategy.ts';
import { recordedDefinition, type StrategyDecision, type StrategyRecord } from './recorded-definition.ts';
import { barsUntil, closeTimesOf, mirroredBars } from './shared-bars.ts';

/** A strategy with everything that it could look into, made anew for what is visible. */
export interface LookAheadSubject {
  readonly run: RunBacktest;
  readonly request: Omit<BacktestRequest, 'definition'>;
  /** The strategy as somebody would have made it at `until` with the bars that had closed by then. */
  definitionOf(visible: BarSet, until: Micros): StrategyDefinition;
  /** The data as it would have been loaded at `until`; by default the bars of the request that had closed by then. */
  barsAt?(until: Micros): BarSet;
}

export interface LookAheadOptions {
  /** Times at which the future is cut off, 40 by default: half of them where the strategy decided something. */
  readonly cuts?: number;
  readonly seed?: number;
}

/** Most cuts of one check, and leaks after which it stops. */
export const maxCuts = 10_000;
const enoughLeaks = 3;

/**
 * future: with what came after `cut` removed, the strategy decides otherwise at `at`, or is worth something else. repeat: the same run again decides
 * otherwise after one on other bars, so something outlives a run.
 */
export interface Leak {
  readonly kind: 'future' | 'repeat';
  readonly at: Micros;
  readonly cut: Micros;
  /** With the future in reach, and without it; '' = nothing. */
  readonly withFuture: string;
  readonly without: string;
}

export interface LookAheadReport {
  readonly cuts: number;
  readonly decisions: number;
  readonly leaks: readonly Leak[];
}

interface Observed {
  readonly decisions: readonly StrategyDecision[];
  readonly equity: EquityCurve;
  readonly state: StrategyRecord['state'];
}

/**
 * Cuts the future off at many times t and runs again: every decision and every equity up to t must be those of the whole run. What a strategy, its data or
 * the backtest itself takes from later than t shows as a difference.
 */
export function detectLookAhead(subject: LookAheadSubject, options: LookAheadOptions = {}): LookAheadReport {
  const { cuts = 40, seed = 1 } = options;
  if (!(Number.isInteger(cuts) && cuts >= 1 && cuts <= maxCuts)) throw new RangeError(`cuts: expected 1…${maxCuts}, was ${cuts}`);
  const { from = microsUnchecked(0), to = microsUnchecked(Number.MAX_SAFE_INTEGER) } = subject.request;
  const times = closeTimesOf(subject.request.bars).filter((time) => time >= from && time <= to);
  if (times.length < 2) throw new RangeError(`bars: expected at least 2 close times to cut between, was ${times.length}`);
  const end = microsUnchecked(times[times.length - 1]);
  const whole = observe(subject, subject.request.bars, end);
  // bars that run backwards, in between: what is kept from them and used shows in the run after
  observe(subject, mirroredBars(subject.request.bars), end);
  const leaks = differences('repeat', whole, observe(subject, subject.request.bars, end), end);
  const chosen = chooseCuts(times, whole.decisions, cuts, seed);
  let made = 0;
  for (const cut of leaks.length > 0 ? [] : chosen) {
    const visible = subject.barsAt?.(cut) ?? barsUntil(subject.request.bars, cut);
    leaks.push(...differences('future', whole, observe(subject, visible, cut), cut));
    made += 1;
    if (leaks.length >= enoughLeaks) break;
  }
  return { cuts: made, decisions: whole.decisions.length, leaks: leaks.slice(0, enoughLeaks) };
}

function observe(subject: LookAheadSubject, visible: BarSet, until: Micros): Observed {
  const { definition, record } = recordedDefinition(subject.definitionOf(visible, until));
  const { equity } = subject.run({ ...subject.request, bars: visible, to: until, definition, keep: 'equity' });
  return { decisions: record.decisions, equity, state: () => record.state() };
}

/** The first decision up to `cut` that differs, else the first equity. */
function differences(kind: Leak['kind'], whole: Observed, part: Observed, cut: Micros): Leak[] {
  const [a, b] = [whole, part].map(({ decisions }) => decisions.filter(({ at }) => at <= cut));
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const [one, other] = [a.at(i), b.at(i)];
    if (one?.at === other?.at && one?.text === other?.text) continue;
    const at = Math.min(one?.at ?? Infinity, other?.at ?? Infinity);
    const textAt = (decision: StrategyDecision | undefined): string => (decision?.at === at ? decision.text : '');
    return [{ kind, at: microsUnchecked(at), cut, withFuture: textAt(one), without: textAt(other) }];
  }
  const { time, value } = part.equity;
  for (let i = 0; i < time.length && time[i] <= cut; i++) {
    if (whole.equity.time[i] === time[i] && whole.equity.value[i] === value[i]) continue;
    const [withFuture, without] = [whole.equity.value[i], value[i]].map((worth) => `equity ${worth}`);
    return [{ kind, at: microsUnchecked(time[i]), cut, withFuture, without }];
  }
  return [];
}

/** Times with a decision, evenly over the run, and as many others drawn at random; the last time is no cut. */
function chooseCuts(times: Float64Array, decisions: readonly StrategyDecision[], cuts: number, seed: number): readonly Micros[] {
  const before = times.subarray(0, times.length - 1);
  const known = new Set(before);
  const deciding = [...new Set(decisions.map(({ at }) => at))].filter((at) => known.has(at));
  const chosen = new Set<number>();
  const share = Math.min(deciding.length, Math.ceil(cuts / 2));
  for (let i = 0; i < share; i++) chosen.add(deciding[Math.floor((i * deciding.length) / share)]);
  const random = prng(`look-ahead/${seed}`);
  const wanted = Math.min(cuts, before.length);
  while (chosen.size < wanted) chosen.add(before[random.int(before.length)]);
  return [...chosen].sort((a, b) => a - b).map(microsUnchecked);
}

/** How a run that begins later compares with the whole one. */
export interface WarmUpRow {
  /** Dates that the later run sees before the end. */
  readonly bars: number;
  /** Decisions of the last half of those dates that only one of the two runs made. */
  readonly differing: number;
  /** Number in the exported state that is farthest off, relative to its size; '' = all agree, or none is exported. */
  readonly worst: string;
  readonly relative: number;
}

/**
 * Recursive warm-up: the run is begun later and later. What depends on bars long gone (an average that never forgets, a sum from the first bar) shows as
 * decisions or numbers of the state that do not come to agree. Whole numbers are counters,
 * times and prices, and passed over.
 */
export function detectWarmUp(subject: LookAheadSubject, lengths: readonly number[] = [25, 50, 100, 200, 400, 800]): readonly WarmUpRow[] {
  const { from = microsUnchecked(0), to = microsUnchecked(Number.MAX_SAFE_INTEGER) } = subject.request;
  const times = closeTimesOf(subject.request.bars).filter((time) => time >= from && time <= to);
  if (times.length === 0) return [];
  const end = microsUnchecked(times[times.length - 1]);
  const whole = observe(subject, subject.request.bars, end);
  const wholeState = numbersOf(whole.state());
  return lengths
    .filter((bars) => bars < times.length)
    .map((bars) => {
      const begin = microsUnchecked(times[times.length - bars]);
      const late = observe({ ...subject, request: { ...subject.request, from: begin } }, subject.request.bars, end);
      const settled = times[times.length - Math.ceil(bars / 2)];
      const differing = countDiffering(whole.decisions, late.decisions, settled);
      return { bars, differing, ...farthest(wholeState, numbersOf(late.state())) };
    });
}

/** Tags of orders count from the start of a run, so decisions are compared without them. */
function countDiffering(a: readonly StrategyDecision[], b: readonly StrategyDecision[], since: number): number {
  const counts = new Map<string, number>();
  const add = (decisions: readonly StrategyDecision[], one: number): void => {
    for (const { at, text } of decisions) {
      if (at < since) continue;
      const key = `${at} ${text.replace(/order \d+/, 'order').replace(/\b(?:buy|sell) \d+/, (found) => found.split(' ')[0])}`;
      counts.set(key, (counts.get(key) ?? 0) + one);
    }
  };
  add(a, 1);
  add(b, -1);
  let sum = 0;
  for (const count of counts.values()) sum += Math.abs(count);
  return sum;
}

function farthest(a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>): { readonly worst: string; readonly relative: number } {
  let [worst, relative] = ['', 0];
  for (const [path, value] of a) {
    const other = b.get(path);
    if (other === undefined || (Number.isInteger(value) && Number.isInteger(other))) continue;
    const distance = Math.abs(value - other) / Math.max(Math.abs(value), Math.abs(other), Number.MIN_VALUE);
    if (distance > relative) [worst, relative] = [path, distance];
  }
  return { worst, relative };
}

/** Numbers of a state that is JSON, by their path; none of any other. */
function numbersOf(bytes: Uint8Array | undefined): ReadonlyMap<string, number> {
  const numbers = new Map<string, number>();
  if (bytes === undefined) return numbers;
  const walk = (value: unknown, path: string): void => {
    if (typeof value === 'number') numbers.set(path, value);
    else if (typeof value === 'object' && value !== null) for (const [key, part] of Object.entries(value)) walk(part, `${path}/${key}`);
  };
  try {
    walk(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)), '');
  } catch {
    return new Map();
  }
  return numbers;
}
