import type { LadderPlan } from './ladder-plan.ts';

/** One path under way at one true Sharpe ratio. */
export interface Lane {
  stage: number;
  /** Intervals in the stage, and the sum of its data. */
  age: number;
  stageReturn: number;
  nav: number;
  peak: number;
  day: number;
  /** Wealth of each bet: edge first, then harm. */
  readonly wealth: Float64Array;
  /** Interval in which the last stage was entered; -1 = not yet. */
  enteredTopAt: number;
  cause: '' | 'drawdown' | 'dayLoss' | 'harm';
}

export function beginLane(plan: LadderPlan): Lane {
  return {
    stage: 0,
    age: 0,
    stageReturn: 0,
    nav: 1,
    peak: 1,
    day: 0,
    wealth: new Float64Array(2 * plan.grid.length).fill(1),
    enteredTopAt: plan.stages.length === 1 ? 0 : -1,
    cause: '',
  };
}

/** Rolled back. A path at the top goes on: it may still be rolled back. */
export function isOver(lane: Lane): boolean {
  return lane.cause !== '';
}

/** One interval: take the datum, test for rollback, then for promotion, at most one rung (rollout.md 2, reference spec). */
export function stepLane(plan: LadderPlan, lane: Lane, t: number, datum: number): void {
  if (t % plan.intervalsPerDay === 0) lane.day = 0;
  lane.nav *= 1 + datum;
  if (lane.nav > lane.peak) lane.peak = lane.nav;
  lane.day += datum;
  lane.stageReturn += datum;
  lane.age++;
  const { grid, exits, stages } = plan;
  const { wealth } = lane;
  const bets = grid.length;
  let edge = 0;
  let harm = 0;
  for (let j = 0; j < bets; j++) {
    const move = grid[j] * datum;
    edge += wealth[j] *= move > -1 ? 1 + move : 0;
    harm += wealth[bets + j] *= move < 1 ? 1 - move : 0;
  }
  if (exits.maxDrawdown !== null && 1 - lane.nav / lane.peak >= exits.maxDrawdown) lane.cause = 'drawdown';
  else if (exits.maxDayLoss !== null && lane.day < -exits.maxDayLoss) lane.cause = 'dayLoss';
  else if (exits.harmE !== null && harm / bets >= exits.harmE) lane.cause = 'harm';
  if (lane.cause !== '' || lane.stage === stages.length - 1) return;
  const stage = stages[lane.stage];
  // what is due waits for the window's end, and is judged on what there is then
  if (plan.frozen !== undefined && plan.frozen[t] === 1) return;
  if (lane.age < stage.minIntervals || edge / bets < stages[lane.stage + 1].minE) return;
  if (stage.minStageReturn !== null && lane.stageReturn < stage.minStageReturn) return;
  lane.stage++;
  lane.age = 0;
  lane.stageReturn = 0;
  if (lane.stage === stages.length - 1) lane.enteredTopAt = t;
}
