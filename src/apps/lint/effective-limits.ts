import type { DeploymentSpec } from '../../domain/spec.ts';

/** What a stage really allows; money in currency units, for people to read. */
export interface StageLimits {
  readonly stage: string;
  /** Fraction of the slice's capital. */
  readonly allocation: number;
  readonly capital: number;
  /** min(maxDailyLoss x capital, maxLossAbsolute); null = neither is set (decision 5). */
  readonly dayLoss: number | null;
  /** The same as a fraction of the stage's capital, and which of the two binds. */
  readonly dayLossShare: number | null;
  readonly binding: 'maxDailyLoss' | 'maxLossAbsolute' | null;
  /** Listings of which this capital does not buy one lot. */
  readonly tooSmallFor: readonly string[];
}

/** @param lotCosts what one lot costs, currency units, by listing. */
export function stageLimits(spec: DeploymentSpec, lotCosts: ReadonlyMap<string, number>): readonly StageLimits[] {
  const { maxDailyLoss, maxLossAbsolute } = spec.rollbackThresholds;
  const total = Number(spec.totalCapital);
  return spec.stages.map((stage) => {
    const allocation = stage.allocation / 10_000;
    const capital = total * allocation;
    const relative = maxDailyLoss === null ? Infinity : maxDailyLoss * capital;
    const absolute = maxLossAbsolute === null ? Infinity : Number(maxLossAbsolute);
    const dayLoss = Math.min(relative, absolute);
    const isSet = dayLoss < Infinity;
    return {
      stage: stage.name,
      allocation,
      capital,
      dayLoss: isSet ? dayLoss : null,
      dayLossShare: isSet && capital > 0 ? dayLoss / capital : null,
      binding: !isSet ? null : relative <= absolute ? 'maxDailyLoss' : 'maxLossAbsolute',
      tooSmallFor: [...lotCosts].filter(([, cost]) => cost > capital).map(([listing]) => listing),
    };
  });
}
