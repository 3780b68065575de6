import { durationMicros, type Duration } from '../../base/duration.ts';
import { isoFromMicros, microsFromCivil } from '../../base/time.ts';
import { microsUnchecked } from '../../base/units.ts';
import { frozenUntil } from '../../core/rollout/freeze-window.ts';
import type { DeploymentSpec, FreezeWindows, GateSpec, Stage } from '../../domain/spec.ts';
import { minEOfVersion } from '../../quant/evidence/alpha-spending.ts';
import type { LadderPlan } from '../../quant/ladder/ladder-plan.ts';

/** The odds' view of a ladder, and what it had to assume. */
export interface PlannedLadder {
  readonly plan: LadderPlan;
  readonly stressLoss: number;
  readonly assumptions: readonly string[];
}

const microsPerYear = 365 * 86_400_000_000;
const microsPerDay = 86_400_000_000;
/** Bets of the reference spec (rollout.md 2). */
const referenceGrid = [1, 2, 4, 8, 16, 32];
const oneYear: Duration = { days: 365, micros: 0 };

/** Past these allocations (0.0001) a spec without entry gates gets its profile's (decision 37). */
const profileE = [
  { above: 5_000, minE: 20 },
  { above: 2_500, minE: 5 },
  { above: 1_000, minE: 2 },
] as const;

/** Reduces a Canary spec to what decides its odds; a sentence where it cannot. */
export function planOfSpec(spec: DeploymentSpec, horizon: Duration = oneYear): PlannedLadder | string {
  const { expect, stages, rollbackThresholds } = spec;
  if (spec.strategy !== 'Canary') return `strategy ${spec.strategy}: expected Canary, odds are worked out for ladders`;
  if (expect.annualVol === null) return 'expect.annualVol: expected the volatility of a year, was nothing';
  if (expect.stressLossPerInterval === null) return 'expect.stressLossPerInterval: expected the largest loss of one interval, was nothing';
  const interval = durationMicros(expect.interval);
  const perDay = Math.max(1, Math.round(microsPerDay / interval));
  const assumptions = [
    'fills, data and approvals are always there in time: minTrades, freshness and people are not modelled',
    'the clock counts around the clock: on a market clock read days as sessions of open time',
  ];
  const declared = new Map(spec.gates.map((gate) => [gate.name, gate]));
  const odds = stages.map((stage, ix) => ({
    name: stage.name,
    allocation: stage.allocation / 10_000,
    minIntervals: Math.ceil(durationMicros(stage.minDuration) / interval),
    minE: entryE(stage, declared, assumptions),
    minStageReturn: ix === stages.length - 1 ? null : stageReturn(stage, spec),
  }));
  const intervals = Math.ceil(durationMicros(horizon) / interval);
  const frozen = frozenIntervals(spec.freeze, interval, intervals, assumptions);
  const [grid, dropped] = usableGrid(spec.gates, expect.stressLossPerInterval);
  if (dropped.length > 0)
    assumptions.push(
      `bets ${dropped.join(', ')} are left out: the stress loss bounds them to ${(1 / expect.stressLossPerInterval).toFixed(1)}`,
    );
  return {
    stressLoss: expect.stressLossPerInterval,
    assumptions,
    plan: {
      intervalsPerYear: microsPerYear / interval,
      intervalsPerDay: perDay,
      annualVol: expect.annualVol,
      stages: odds,
      grid,
      exits: { maxDrawdown: rollbackThresholds.maxDrawdown, maxDayLoss: rollbackThresholds.maxDailyLoss, harmE: rollbackThresholds.harmE },
      horizon: intervals,
      ...(frozen === undefined ? {} : { frozen }),
    },
  };
}

/** A Monday, midnight UTC: from when on the windows of a week are counted. */
const aMonday = microsFromCivil(2024, 1, 1);
const microsPerWeek = 7 * microsPerDay;

/** Which intervals end in a freeze window; undefined = none does. Odds know no date: a week begins with its first interval, dates are met in the week of the first of them. */
function frozenIntervals(
  freeze: FreezeWindows | undefined,
  interval: number,
  intervals: number,
  assumptions: string[],
): Uint8Array | undefined {
  if (freeze === undefined) return undefined;
  const first = Math.min(...freeze.dated.map(({ from }) => from));
  const begins = first === Infinity ? aMonday : aMonday + Math.floor((first - aMonday) / microsPerWeek) * microsPerWeek;
  // what is loaded inside begins with the opening
  const from = frozenUntil(freeze, begins) || begins;
  const frozen = Uint8Array.from({ length: intervals }, (_, t) => (frozenUntil(freeze, from + (t + 1) * interval) === 0 ? 0 : 1));
  const held = frozen.reduce((sum, one) => sum + one, 0);
  const share = ((100 * held) / intervals).toFixed(1);
  assumptions.push(
    `freeze windows hold ${share} % of the looks (${held} of ${intervals}), the ladder begins on ${isoFromMicros(microsUnchecked(from)).slice(0, 16)}Z: what is due inside waits for the first look after the window`,
  );
  return frozen;
}

/** What the stage declares, never less than its profile's (decision 0019). */
function entryE(stage: Stage, declared: ReadonlyMap<string, GateSpec>, assumptions: string[]): number {
  let most = profileE.find(({ above }) => stage.allocation > above)?.minE ?? 0;
  for (const name of stage.entryGates) {
    const gate = declared.get(name);
    const { minE, alpha } = gate?.parameters ?? {};
    const wanted = typeof minE === 'number' ? minE : typeof alpha === 'number' ? 1 / alpha : NaN;
    if (gate?.test === 'bettingE' && wanted > 0) most = Math.max(most, wanted);
    else assumptions.push(`gate ${name} before ${stage.name} is taken as passed: its odds hang on more than the returns`);
  }
  return most;
}

/** minPnL of the stage as a share of its capital; a stage that asks for at least 0 asks for a sum of returns of at least 0. */
function stageReturn(stage: Stage, spec: DeploymentSpec): number | null {
  const capital = (Number(spec.totalCapital) * stage.allocation) / 10_000;
  return capital > 0 ? Number(stage.minPnL) / capital : null;
}

/** The first betting gate's grid, else the reference's; bets that the stress loss forbids are dropped. */
function usableGrid(gates: readonly GateSpec[], stressLoss: number): readonly [readonly number[], readonly number[]] {
  const named = gates.find((gate) => gate.test === 'bettingE')?.parameters['grid'];
  const wanted = Array.isArray(named) ? named.map(Number) : referenceGrid;
  const largest = 1 / stressLoss;
  return [wanted.filter((bet) => bet <= largest), wanted.filter((bet) => bet > largest)];
}

/** The same ladder as the k-th version of its algorithm meets it, k = 1, 2, ...: its share of the alpha asks for more than is written. */
export function planOfVersion(plan: LadderPlan, version: number): LadderPlan {
  return { ...plan, stages: plan.stages.map((stage) => ({ ...stage, minE: stage.minE > 0 ? minEOfVersion(stage.minE, version) : 0 })) };
}

/** The ladder that money is usually given by: PnL of the stage at least 0, drawdown below 5 %, looked at every 15 minutes for 60 days (rollout.md 2). */
export function plainLadder({ frozen: _frozen, ...plan }: LadderPlan): LadderPlan {
  const intervalsPerDay = 96;
  const finer = intervalsPerDay / plan.intervalsPerDay;
  return {
    ...plan,
    intervalsPerYear: 365 * intervalsPerDay,
    intervalsPerDay,
    stages: plan.stages.map((stage) => ({ ...stage, minIntervals: Math.ceil(stage.minIntervals * finer), minE: 0, minStageReturn: 0 })),
    exits: { maxDrawdown: 0.05, maxDayLoss: null, harmE: null },
    horizon: 60 * intervalsPerDay,
  };
}
