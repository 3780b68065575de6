import type { LimitName, LimitScope } from '../../domain/limit.ts';
import { maxDuplicateWindow, maxOrderRate } from './capacities.ts';

/** What a limit counts, where it may be set, and its largest value; the smallest is 0. docs/reference/limits.md says the same in sentences. */
export interface LimitRule {
  readonly unit: string;
  readonly scopes: readonly LimitScope[];
  readonly max: number;
}

const everywhere: readonly LimitScope[] = ['firm', 'account', 'algorithm', 'version', 'venue', 'instrument', 'sector'];
/** Of what can be told from one order, its listing and the lots of its version at the venue. */
const routed: readonly LimitScope[] = [...everywhere, 'route'];
/** Scopes that a number of instruments can be counted in. */
const holders: readonly LimitScope[] = ['firm', 'account', 'algorithm', 'version', 'venue', 'sector'];
/** Scopes that have an equity of their own. */
const owners: readonly LimitScope[] = ['firm', 'account', 'algorithm', 'version'];
const safe = Number.MAX_SAFE_INTEGER;
/** A share of capital past a hundred times it is none; a price past twice the reference is none. */
const maxShareBps = 1_000_000;
const maxPriceBps = 10_000;

export const limitRules: Readonly<Record<LimitName, LimitRule>> = {
  maxOrderQty: { unit: 'base units', scopes: routed, max: safe },
  maxPosition: { unit: 'base units', scopes: routed, max: safe },
  maxConcentrationBps: { unit: 'bps', scopes: everywhere, max: maxShareBps },
  maxDailyLoss: { unit: 'micro-money', scopes: everywhere, max: safe },
  maxOrdersPerSecond: { unit: 'orders', scopes: everywhere, max: maxOrderRate },
  maxOrdersPerMinute: { unit: 'orders', scopes: everywhere, max: maxOrderRate },
  fatFingerBps: { unit: 'bps', scopes: routed, max: maxPriceBps },
  duplicateWindow: { unit: 'microseconds', scopes: everywhere, max: maxDuplicateWindow },
  creditLine: { unit: 'micro-money', scopes: ['firm', 'account', 'venue'], max: safe },
  maxNotional: { unit: 'micro-money', scopes: routed, max: safe },
  priceCollarBps: { unit: 'bps', scopes: routed, max: maxPriceBps },
  maxDailyDrawdownBps: { unit: 'bps', scopes: owners, max: maxPriceBps },
  maxWeeklyDrawdownBps: { unit: 'bps', scopes: owners, max: maxPriceBps },
  maxMonthlyDrawdownBps: { unit: 'bps', scopes: owners, max: maxPriceBps },
  maxUnprotectedQty: { unit: 'base units', scopes: everywhere, max: safe },
  maxRiskPerTradeBps: { unit: 'bps', scopes: owners, max: maxPriceBps },
  volatilityCutBps: { unit: 'bps', scopes: owners, max: maxPriceBps },
  volatilityCutAbove: { unit: 'hundredths of a point', scopes: owners, max: 1_000_000 },
  volatilityMaxAge: { unit: 'microseconds', scopes: owners, max: 604_800_000_000 },
  maxOpenPositions: { unit: 'instruments', scopes: holders, max: safe },
};
