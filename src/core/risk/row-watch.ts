import { assert } from '../../base/assert.ts';
import { splitZero, type Split } from '../../base/split.ts';
import type { TriggerClass, TriggerRule } from '../../domain/rollout.ts';
import { createLatencyWindow, type LatencyWindow } from './latency-window.ts';
import { createUnitNav, type UnitNav } from './unit-nav.ts';

/** What a deployment's spec says about when its version is rolled back, as the monitors compare it. */
export interface WatchTerms {
  /** Billionths of the stage's capital; -1 = not set. */
  readonly dailyLossBillionths: number;
  /** Units of the slice's currency; null = not set. */
  readonly lossAbsolute: Split | null;
  /** Billionths of the NAV peak; -1 = not set. */
  readonly drawdownBillionths: number;
  /** p0 of the error test; 0 = not set. */
  readonly errorRate: number;
  /** Errors in a row that are a breach; 0 = not set. */
  readonly consecutiveErrors: number;
  /** Microseconds; Infinity = not set. */
  readonly latency: number;
  /** Fills within sixty seconds; 0 = not set. */
  readonly tradesPerMinute: number;
}

/** Errors in a row that are a breach where a spec has an error rate. */
export const defaultConsecutiveErrors = 5;
/** Most fills per minute that a row can be watched for. */
export const maxTradesPerMinute = 65_536;

/** What was counted of the answers to a row's orders. */
interface Answers {
  readonly trials: number;
  readonly errors: number;
  readonly errorsInRow: number;
  readonly latency: LatencyWindow;
}

/** Everything the monitors know about one row. */
export interface RowWatch {
  terms: WatchTerms;
  /** The row's results are those of its paper side. */
  simulated: boolean;
  readonly nav: UnitNav;
  /** Lowest positive capital since the day began. */
  readonly lowestCapital: Split;
  /** Base units, signed, in the instrument that moved last. */
  position: number;
  /** Orders that the venue answered or that timed out, and exceptions. */
  trials: number;
  errors: number;
  errorsInRow: number;
  latency: LatencyWindow;
  /** The same of its other side, on paper or on capital: they are never added up (rollout.md 2). null = nothing was counted there. */
  aside: Answers | null;
  /** Times of the latest fills, as many as `tradesPerMinute`. */
  fills: Float64Array;
  fillCount: number;
  /** By place in `watchedRules`: 1 = said already. Alerts are re-armed by a new day, breaches by a new deployment. */
  readonly alerted: Uint8Array;
  readonly breached: Uint8Array;
}

/** Rules that the monitors of a row judge, by place. */
export const watchedRules = [
  'maxDailyLoss',
  'maxDrawdown',
  'maxPosition',
  'maxErrorRate',
  'consecutiveErrors',
  'maxLatency',
  'tradeVelocity',
] as const satisfies readonly TriggerRule[];
export type WatchedRule = (typeof watchedRules)[number];

export const ruleClasses: Readonly<Record<WatchedRule, TriggerClass>> = {
  maxDailyLoss: 'lossLimit',
  maxDrawdown: 'lossLimit',
  maxPosition: 'lossLimit',
  maxErrorRate: 'versionFault',
  consecutiveErrors: 'versionFault',
  maxLatency: 'versionFault',
  tradeVelocity: 'versionFault',
};

export function createRowWatch(terms: WatchTerms): RowWatch {
  assert(terms.tradesPerMinute <= maxTradesPerMinute, 'tradesPerMinute: expected at most maxTradesPerMinute');
  return {
    terms,
    simulated: true,
    nav: createUnitNav(),
    lowestCapital: splitZero(),
    position: 0,
    trials: 0,
    errors: 0,
    errorsInRow: 0,
    latency: latencyOf(terms),
    aside: null,
    fills: new Float64Array(terms.tradesPerMinute),
    fillCount: 0,
    alerted: new Uint8Array(watchedRules.length),
    breached: new Uint8Array(watchedRules.length),
  };
}

function latencyOf({ latency }: WatchTerms): LatencyWindow {
  return createLatencyWindow(latency, (latency * 4) / 5);
}

/** The row goes on on its other side: what was counted there counts on. */
export function turnSide(watch: RowWatch): void {
  const { trials, errors, errorsInRow, latency, aside, terms } = watch;
  if (aside === null && trials === 0) return;
  watch.aside = { trials, errors, errorsInRow, latency };
  watch.trials = aside?.trials ?? 0;
  watch.errors = aside?.errors ?? 0;
  watch.errorsInRow = aside?.errorsInRow ?? 0;
  watch.latency = aside?.latency ?? latencyOf(terms);
}
