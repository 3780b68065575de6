/** A rung as the odds see it. Durations are counted in data intervals. */
export interface LadderStage {
  readonly name: string;
  /** Share of the slice's capital, 0…1. */
  readonly allocation: number;
  /** Intervals that the stage lasts at least. */
  readonly minIntervals: number;
  /** e-value of edge that must stand before this stage is entered; 0 = none. */
  readonly minE: number;
  /** Net return of the stage (sum of its data) that leaving it asks for; null = none. */
  readonly minStageReturn: number | null;
}

/** What takes the capital away. null = not set. */
export interface LadderExits {
  /** Drawdown of the unit-NAV from its peak, 0…1; reached = rolled back. */
  readonly maxDrawdown: number | null;
  /** Loss of the day as the sum of its data so far; passed = rolled back. */
  readonly maxDayLoss: number | null;
  /** e-value of harm; reached = rolled back. */
  readonly harmE: number | null;
}

/** A capital ladder reduced to what decides its odds: one datum an interval, judged after each. */
export interface LadderPlan {
  readonly intervalsPerYear: number;
  readonly intervalsPerDay: number;
  /** Standard deviation of a year's return. */
  readonly annualVol: number;
  readonly stages: readonly LadderStage[];
  /** Bets of the edge and harm processes, equal weights, both against a mean of 0 (rollout.md 2). */
  readonly grid: readonly number[];
  readonly exits: LadderExits;
  /** Intervals after which a path ends undecided. */
  readonly horizon: number;
  /** By interval: 1 = at its end no capital is added; left out: always may it be. */
  readonly frozen?: Uint8Array;
}
