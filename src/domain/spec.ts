import type { Duration } from '../base/duration.ts';
import type { Micros } from '../base/units.ts';
import type { ZoneName } from '../base/zone.ts';
import type { Role } from './actor.ts';
import type { OrderMode, PositionMode } from './swap.ts';
import type { AlgorithmID, CurrencyCode, DeploymentID, ListingID, SliceID, VersionID } from './ids.ts';

export const deploymentStrategies = ['PaperTrading', 'Canary', 'BlueGreen', 'Progressive'] as const;
export type DeploymentStrategy = (typeof deploymentStrategies)[number];

/** One rung. `allocation` counts 0.0001 of the slice's capital (100 = 1 %). Gates and approval are asked before the stage's capital is granted. */
export interface Stage {
  readonly name: string;
  readonly allocation: number;
  readonly minDuration: Duration;
  /** Decimal string of the slice's currency, net of fees, over the stage. */
  readonly minPnL: string;
  readonly minTrades: number;
  readonly entryGates: readonly string[];
  readonly entryApproval: { readonly roles: readonly Role[]; readonly count: number } | null;
}

/** A declared gate; tests that this release does not judge are refused by name when the spec is deployed. */
export interface GateSpec {
  readonly name: string;
  readonly metric: string;
  readonly test: string;
  readonly parameters: Readonly<Record<string, string | number | readonly number[]>>;
}

export interface RollbackThresholds {
  /** Fraction of the stage's capital (lowest of the day); null = not set. */
  readonly maxDailyLoss: number | null;
  /** Decimal string of the slice's currency. */
  readonly maxLossAbsolute: string | null;
  /** Fraction 0…1 of the NAV peak. */
  readonly maxDrawdown: number | null;
  readonly maxErrorRate: number | null;
  /** Milliseconds, p99 from order to acknowledgement over at least 100 samples. */
  readonly maxLatency: number | null;
  readonly harmE: number | null;
}

/** What the author of the algorithm declares about its returns, before their first datum: it bounds the bets of the evidence. */
export interface Expectations {
  /** Standard deviation of a year's return, a fraction; null = not declared. */
  readonly annualVol: number | null;
  /** Largest loss of one interval, fraction of the cap; null = the tail is unknown and evidence of edge stays inconclusive. */
  readonly stressLossPerInterval: number | null;
  /** Distance of two data. */
  readonly interval: Duration;
}

export const flattenModes = ['none', 'limit', 'market', 'twap'] as const;
export type FlattenMode = (typeof flattenModes)[number];

export interface RollbackPolicy {
  readonly flatten: FlattenMode;
  /** bps that a flattening limit may give away. */
  readonly flattenSlippageBps: number;
  readonly reactivatePrevious: 'never' | 'versionFault';
  readonly rollbackWindow: Duration;
  readonly onStale: 'cancelOnly' | 'rollback';
}

export interface VenueUse {
  readonly venueID: string;
  readonly accountID: string;
  readonly limits: Readonly<Record<string, number>>;
}

/** BlueGreen: which version replaces which, and how long it warms up and is watched. */
export interface BlueGreenPlan {
  readonly blueVersion: VersionID;
  readonly greenVersion: VersionID;
  readonly warmup: Duration;
  readonly monitoring: Duration;
  readonly autoRollback: boolean;
  /** Asked before the cutover; left out where nobody is. */
  readonly entryApproval?: Stage['entryApproval'];
}

export const allocationCurves = ['Step', 'Linear', 'ExponentialGrowth'] as const;
export type AllocationCurve = (typeof allocationCurves)[number];

/** `seedV1`: the seeds' formula, clipped, on lower bounds; `evidence`: 1 - 1 / e-value against "no edge". */
export const confidenceScores = ['seedV1', 'evidence'] as const;
export type ConfidenceScore = (typeof confidenceScores)[number];

/** Progressive: stage k of the spec is entered at confidence `thresholds[k]`. */
export interface ProgressivePlan {
  readonly updateFrequency: Duration;
  /** How capital shrinks while confidence lies below its rung's threshold by less than `hysteresis`: never more than the thresholds give. */
  readonly curve: AllocationCurve;
  readonly score: ConfidenceScore;
  readonly hysteresis: number;
  /** Fewest returns, and fewest closed round trips, of a score. */
  readonly minSample: number;
  /** A rung that is held for so long without a score that asks for another pauses. */
  readonly patience: Duration;
  readonly thresholds: readonly number[];
}

/** What a paper run must show before it is passed. Counts fractions 0…1 and decimal strings of the currency. */
export interface PromotionCriteria {
  readonly minDuration: Duration;
  readonly minTrades: number;
  readonly minPnL: string;
  readonly maxDrawdown: number | null;
  readonly minWinRate: number | null;
  readonly minSharpeRatio: number | null;
}

/** How a paper run simulates. */
export interface PaperTerms {
  readonly slippageModel: string;
  /** Fraction of the notional. */
  readonly commissionRate: number;
}

/** The old version a second time beside a canary, with as much capital as it. */
export interface BaselineTerms {
  /** It runs beside stages of at most this allocation, 0.0001 of the slice's capital; before a larger one it ends. */
  readonly upTo: number;
}

/** Times at which no capital is added and nothing is cut over; decreases, rollbacks and kills always pass. */
export interface FreezeWindows {
  /** Of the calendar: what `weekly` is read in. */
  readonly zone: ZoneName;
  /** On these weekdays (0 Sunday…6 Saturday), from a minute of the local day up to and without another (0…1440). */
  readonly weekly: readonly { readonly days: readonly number[]; readonly from: number; readonly to: number }[];
  /** Once, UTC; the end is outside. */
  readonly dated: readonly { readonly from: Micros; readonly to: Micros }[];
}

/** A parsed deployment: every default filled in, every alias resolved. */
export interface DeploymentSpec {
  readonly deploymentID: DeploymentID;
  readonly strategy: DeploymentStrategy;
  readonly algorithmID: AlgorithmID;
  readonly version: VersionID;
  readonly sliceID: SliceID;
  readonly accountGroup: string;
  readonly currency: CurrencyCode;
  readonly artifact: string;
  readonly parameters: Readonly<Record<string, string | number | boolean>>;
  readonly universe: readonly ListingID[];
  readonly venues: readonly VenueUse[];
  readonly environment: string;
  /** Decimal strings. */
  readonly totalCapital: string;
  /** Left out = it has none. */
  readonly freeze?: FreezeWindows;
  readonly clock: { readonly kind: 'market' | 'wall'; readonly calendar: string };
  readonly expect: Expectations;
  readonly stages: readonly Stage[];
  readonly autoProgress: boolean;
  readonly gates: readonly GateSpec[];
  readonly onInconclusive: 'pause' | 'hold';
  readonly rollbackThresholds: RollbackThresholds;
  readonly rollback: RollbackPolicy;
  readonly handover: { readonly positions: PositionMode; readonly openOrders: OrderMode };
  /** PaperTrading: what the run must show. */
  readonly promotionCriteria: PromotionCriteria | null;
  readonly paper: PaperTerms | null;
  readonly blueGreen: BlueGreenPlan | null;
  readonly progressive: ProgressivePlan | null;
  /** Canary: left out = no instance of the old version runs beside it. */
  readonly baseline?: BaselineTerms;
  /** Made by the desk: the deployment that this one is the baseline of. */
  readonly baselineOf?: DeploymentID;
  /** PaperTrading: what a passed paper run deploys. */
  readonly then: DeploymentSpec | null;
  /** SHA-256 over the canonical JSON of everything above, hex: what approvals and evidence refer to. */
  readonly specHash: string;
}
