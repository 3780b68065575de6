import { prng } from '../../base/prng.ts';
import { requireWhole } from '../preconditions.ts';
import { beginLane, isOver, stepLane, type Lane } from './ladder-lane.ts';
import type { LadderPlan } from './ladder-plan.ts';
import type { ReturnModel } from './return-model.ts';

/** What paths with one true Sharpe ratio came to; counts of disjoint paths add up. */
export interface OutcomeCounts {
  readonly sharpe: number;
  paths: number;
  /** Entered the last stage at any time. */
  promoted: number;
  rolledBack: number;
  /** Why: drawdown, loss of the day, harm. */
  readonly causes: { drawdown: number; dayLoss: number; harm: number };
  /** Sum of the intervals until the last stage was entered, over the promoted. */
  intervalsToTop: number;
}

/** A row of the operating characteristic; NaN where no path promoted. */
export interface Odds {
  readonly sharpe: number;
  readonly paths: number;
  readonly promote: number;
  readonly rollback: number;
  /** Binomial standard errors, sqrt(p (1 - p) / n). */
  readonly promoteError: number;
  readonly rollbackError: number;
  readonly daysToTop: number;
  readonly causes: Readonly<OutcomeCounts['causes']>;
}

export function emptyCounts(sharpes: readonly number[]): OutcomeCounts[] {
  return sharpes.map((sharpe) => ({
    sharpe,
    paths: 0,
    promoted: 0,
    rolledBack: 0,
    causes: { drawdown: 0, dayLoss: 0, harm: 0 },
    intervalsToTop: 0,
  }));
}

/**
 * Runs paths `from`…`to` - 1 of the seed through the plan, one innovation an interval shared by all true Sharpe ratios (common random numbers: rows are
 * comparable, each is unbiased by itself). The same path numbers give the same counts, however they are cut into calls.
 */
export function countOutcomes(
  plan: LadderPlan,
  model: ReturnModel,
  seed: string,
  from: number,
  to: number,
  counts: readonly OutcomeCounts[],
): void {
  requireWhole('first path', from, 0, to);
  const deviation = plan.annualVol / Math.sqrt(plan.intervalsPerYear);
  const drifts = counts.map(({ sharpe }) => (sharpe * plan.annualVol) / plan.intervalsPerYear);
  for (let path = from; path < to; path++) {
    const next = model.path(prng(`${seed}/${model.name}/${path}`));
    const lanes = counts.map(() => beginLane(plan));
    runPath(plan, lanes, drifts, deviation, next);
    lanes.forEach((lane, k) => note(counts[k], lane));
  }
}

function runPath(plan: LadderPlan, lanes: readonly Lane[], drifts: readonly number[], deviation: number, next: () => number): void {
  let left = lanes.length;
  for (let t = 0; t < plan.horizon && left > 0; t++) {
    const move = deviation * next();
    for (let k = 0; k < lanes.length; k++) {
      const lane = lanes[k];
      if (isOver(lane)) continue;
      stepLane(plan, lane, t, drifts[k] + move);
      if (isOver(lane)) left--;
    }
  }
}

function note(counts: OutcomeCounts, lane: Lane): void {
  counts.paths++;
  if (lane.enteredTopAt >= 0) {
    counts.promoted++;
    counts.intervalsToTop += lane.enteredTopAt + 1;
  }
  if (lane.cause === '') return;
  counts.rolledBack++;
  counts.causes[lane.cause]++;
}

export function addCounts(into: readonly OutcomeCounts[], more: readonly OutcomeCounts[]): void {
  into.forEach((counts, k) => {
    const other = more[k];
    counts.paths += other.paths;
    counts.promoted += other.promoted;
    counts.rolledBack += other.rolledBack;
    counts.intervalsToTop += other.intervalsToTop;
    counts.causes.drawdown += other.causes.drawdown;
    counts.causes.dayLoss += other.causes.dayLoss;
    counts.causes.harm += other.causes.harm;
  });
}

export function oddsOf(plan: LadderPlan, counts: OutcomeCounts): Odds {
  const { paths, promoted, rolledBack } = counts;
  const promote = promoted / paths;
  const rollback = rolledBack / paths;
  return {
    sharpe: counts.sharpe,
    paths,
    promote,
    rollback,
    promoteError: Math.sqrt((promote * (1 - promote)) / paths),
    rollbackError: Math.sqrt((rollback * (1 - rollback)) / paths),
    daysToTop: counts.intervalsToTop / promoted / plan.intervalsPerDay,
    causes: counts.causes,
  };
}
