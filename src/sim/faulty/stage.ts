import { micros } from '../../base/units.ts';
import type { CoreCapacities } from '../../core/core.ts';
import type { Actor } from '../../domain/actor.ts';
import type { Command } from '../../domain/command.ts';
import type { Genesis, Registration } from '../../domain/input.ts';
import type { ConfidenceScore, DeploymentSpec, FlattenMode, Stage } from '../../domain/spec.ts';
import type { OrderMode, PositionMode } from '../../domain/swap.ts';
import type { VenueCapabilities } from '../../domain/venue.ts';

/** What every simulated world is made of: two venues, three listings of two instruments, one slice of a million; in some two more slices with an account of their own. */
export const startAt = micros(1_700_000_000_000_000);
export const sliceID = 'algo@main.USD';
export const versions = ['1.0.0', '1.1.0', '1.2.0', '1.3.0'] as const;
export const coreDigest = 'd5'.repeat(32);
export const totalCapital = 1_000_000;
/** Ticks (0.01 USD) of both instruments at the start, and how far prices ever go from there. */
export const middle = 10_000;
export const widest = 500;
/** Lots are worth at least this many ticks each, whatever the market did. */
export const leastPrice = middle - widest;
/** Money units (10^-6 USD) of a lot that moves by a tick. */
export const moneyOfTick = 10_000;
/** Silence after which the feed is stale (microseconds). */
export const staleAfter = 1_000_000;

export const people = {
  risk: { personID: 'rita', roles: ['RiskManager'] },
  senior: { personID: 'sam', roles: ['SeniorManagement'] },
  senior2: { personID: 'sue', roles: ['SeniorManagement', 'RiskManager'] },
  admin: { personID: 'ada', roles: ['Admin'] },
  admin2: { personID: 'abe', roles: ['Admin', 'RiskManager'] },
  trader: { personID: 'tom', roles: ['Trader'] },
} as const satisfies Record<string, Actor>;

export const simCapacities: CoreCapacities = {
  listings: 8,
  orders: { openOrders: 512, closedOrders: 4_096, execIDs: 16_384, rows: 16, listings: 8 },
  risk: { slices: 2, rows: 16, openOrders: 1_024, routes: 128, cells: 512, duplicates: 512, orderLog: 1_024 },
};

export const severalCapacities: CoreCapacities = { ...simCapacities, risk: { ...simCapacities.risk, slices: 4 } };

const venueCan: VenueCapabilities = {
  ordTypes: ['market', 'limit'],
  timesInForce: ['day', 'gtc', 'ioc'],
  postOnly: true,
  reduceOnly: true,
  replace: 'atomic',
  massCancel: true,
  deadManSwitch: 'none',
  selfMatchID: true,
  queryByClOrdID: true,
  throttlePerSecond: 0,
};

export const capabilities: readonly VenueCapabilities[] = [venueCan, { ...venueCan, massCancel: false, throttlePerSecond: 12 }];
/** Venue of each listing, and instrument of each listing. */
export const venueOf = [0, 0, 1] as const;
export const instrumentOf = [0, 1, 0] as const;
export const instrumentIDs = ['X', 'Y'] as const;
export const accountIDs = ['A1', 'B1'] as const;
export const venueIDs = ['V', 'W'] as const;
/** Accounts in the order of their numbers; the last one is there where there are several slices. */
export const allAccounts = [
  { accountID: 'A1', venue: 0 },
  { accountID: 'B1', venue: 1 },
  { accountID: 'A2', venue: 0 },
] as const;

export interface SliceTerms {
  readonly sliceID: string;
  readonly algorithmID: string;
  readonly total: number;
  readonly reserve: string;
  readonly venues: DeploymentSpec['venues'];
}

const otherVenues = [
  { venueID: 'V', accountID: 'A2', limits: {} },
  { venueID: 'W', accountID: 'B1', limits: {} },
] as const;
/** Beside the slice that every world has: they share an account at V, and all three have one at W. */
export const otherSlices: readonly SliceTerms[] = [
  { sliceID: 'beta@main.USD', algorithmID: 'beta', total: 200_000, reserve: '10000', venues: otherVenues },
  { sliceID: 'gamma@main.USD', algorithmID: 'gamma', total: 120_000, reserve: '0', venues: otherVenues },
];

export function genesis(seed: number): Genesis {
  return {
    kind: 'genesis',
    firm: 'simulated',
    currency: 'USD',
    firmCapital: '1000000000',
    durability: 'group',
    clock: 'wall',
    coreDigest,
    seed: String(seed),
  };
}

function listing(instrumentID: string, venueID: string, scale: number): Registration {
  const listingID = `${instrumentID}.${venueID}`;
  const terms = { priceUnit: scale === 1 ? '0.01' : String(scale / 100), tickTable: [], lot: '1', multiplier: '1', calendar: 'ALWAYS' };
  return { kind: 'register', what: 'listing', listing: { listingID, instrumentID, venueID, symbol: instrumentID, ...terms } };
}

/** `scale`: how many times as much a tick of a lot is worth. */
export function registrations(scale: number, several: boolean): readonly Registration[] {
  const instrument = (instrumentID: string): Registration => ({
    kind: 'register',
    what: 'instrument',
    instrument: { instrumentID, assetClass: 'equity', currency: 'USD', baseUnit: '1' },
  });
  const venue = (venueID: string, can: VenueCapabilities): Registration => ({
    kind: 'register',
    what: 'venue',
    venue: { venueID, simulated: false, capabilities: can },
  });
  const account = (accountID: string, venueID: string): Registration => ({
    kind: 'register',
    what: 'account',
    account: { accountID, venueID, accountGroup: 'main', margin: { kind: 'cash' } },
  });
  return [
    { kind: 'register', what: 'currency', currency: { code: 'USD', exponent: 6, feeDecimals: 2 } },
    instrument('X'),
    instrument('Y'),
    venue('V', capabilities[0]),
    venue('W', capabilities[1]),
    account('A1', 'V'),
    account('B1', 'W'),
    ...(several ? [account('A2', 'V')] : []),
    listing('X', 'V', scale),
    listing('Y', 'V', scale),
    listing('X', 'W', scale),
    { kind: 'register', what: 'feed', feedID: 'f', staleAfterPnl: micros(staleAfter), staleAfterDrawdown: micros(5_000_000) },
  ];
}

interface OpeningCommand {
  readonly command: Command;
  readonly actor: Actor;
  readonly second: Actor;
}

export function openingCommands(reserve: string, several: boolean): readonly OpeningCommand[] {
  const { admin, admin2 } = people;
  const slices = [{ sliceID, algorithmID: 'algo', total: totalCapital, reserve }, ...(several ? otherSlices : [])];
  const commands = slices.flatMap(({ algorithmID, ...terms }): readonly Command[] => [
    ...versions.map((version): Command => ({ verb: 'registerVersion', algorithmID, version, artifactDigest: 'a5'.repeat(32) })),
    setSlice({ algorithmID, ...terms }),
  ]);
  return commands.map((command) => ({ command, actor: admin, second: { ...admin2, roles: ['Admin', 'RiskManager'] } }));
}

/** The capital of a slice, and what of it is in reserve. */
export function setSlice(terms: Pick<SliceTerms, 'sliceID' | 'algorithmID' | 'total' | 'reserve'>): Command {
  const { sliceID, algorithmID, total, reserve } = terms;
  return { verb: 'setSlice', sliceID, algorithmID, accountGroup: 'main', currency: 'USD', totalCapital: String(total), reserve };
}

function rung(allocation: number, seconds: number, more: Partial<Stage>): Stage {
  return {
    name: `S${allocation}`,
    allocation,
    minDuration: { days: 0, micros: seconds * 1_000_000 },
    minPnL: '-1000000',
    minTrades: 0,
    entryGates: [],
    entryApproval: null,
    ...more,
  };
}

/** What a seed decides about a deployment. */
export interface SpecDraw {
  readonly flatten: FlattenMode;
  readonly rollbackOnSilence: boolean;
  readonly hold: boolean;
  readonly maxDailyLoss: number | null;
  readonly approval: boolean;
  readonly rungSeconds: number;
}

/** A canary over all listings; its climb takes seconds. */
export function canary(deploymentID: string, version: string, draw: SpecDraw): DeploymentSpec {
  const approval = { roles: ['RiskManager', 'SeniorManagement'] as const, count: 2 };
  return {
    deploymentID,
    strategy: 'Canary',
    algorithmID: 'algo',
    version,
    sliceID,
    accountGroup: 'main',
    currency: 'USD',
    artifact: './algo.js',
    parameters: {},
    universe: ['X.V', 'Y.V', 'X.W'],
    venues: [
      { venueID: 'V', accountID: 'A1', limits: {} },
      { venueID: 'W', accountID: 'B1', limits: {} },
    ],
    environment: 'Production',
    totalCapital: String(totalCapital),
    clock: { kind: 'wall', calendar: 'ALWAYS' },
    stages: [
      rung(100, draw.rungSeconds, {}),
      rung(500, draw.rungSeconds, draw.approval ? { entryApproval: approval } : {}),
      rung(4_000, draw.rungSeconds, {}),
    ],
    autoProgress: true,
    gates: [],
    onInconclusive: draw.hold ? 'hold' : 'pause',
    expect: { annualVol: null, stressLossPerInterval: null, interval: { days: 0, micros: 3_600_000_000 } },
    rollbackThresholds: {
      maxDailyLoss: draw.maxDailyLoss,
      maxLossAbsolute: null,
      maxDrawdown: null,
      maxErrorRate: null,
      maxLatency: null,
      harmE: null,
    },
    rollback: {
      flatten: draw.flatten,
      flattenSlippageBps: 50,
      reactivatePrevious: 'never',
      rollbackWindow: { days: 1, micros: 0 },
      onStale: draw.rollbackOnSilence ? 'rollback' : 'cancelOnly',
    },
    handover: { positions: 'drain', openOrders: 'cancel' },
    promotionCriteria: null,
    paper: null,
    blueGreen: null,
    progressive: null,
    then: null,
    specHash: deploymentID.padEnd(64, '0'),
  };
}

/** A short ladder in another slice, up to most of what that slice has. */
export function otherCanary(
  deploymentID: string,
  version: string,
  draw: SpecDraw,
  { total, venues, ...slice }: SliceTerms,
): DeploymentSpec {
  const { sliceID, algorithmID } = slice;
  const stages = [rung(1_000, draw.rungSeconds, {}), rung(8_000, draw.rungSeconds, {})];
  return { ...canary(deploymentID, version, draw), sliceID, algorithmID, venues, stages, totalCapital: String(total) };
}

/** A run on paper that asks for two seconds, then the ladder. */
export function paper(deploymentID: string, then: DeploymentSpec): DeploymentSpec {
  const criteria = { minTrades: 0, minPnL: '-1000000', maxDrawdown: null, minWinRate: null, minSharpeRatio: null };
  return {
    ...then,
    deploymentID,
    strategy: 'PaperTrading',
    stages: [],
    promotionCriteria: { minDuration: { days: 0, micros: 2_000_000 }, ...criteria },
    paper: { slippageModel: 'none', commissionRate: 0 },
    then,
    specHash: deploymentID.padEnd(64, '0'),
  };
}

/** What a seed decides about a hand-over. */
export interface SwapDraw {
  readonly positions: PositionMode;
  readonly openOrders: OrderMode;
  readonly seconds: number;
  readonly hold: boolean;
}

const plainRollback = {
  flatten: 'none',
  flattenSlippageBps: 50,
  rollbackWindow: { days: 1, micros: 0 },
  onStale: 'cancelOnly',
} as const;
const plain: SpecDraw = { flatten: 'none', rollbackOnSilence: false, hold: true, maxDailyLoss: null, approval: false, rungSeconds: 1 };

/** One version takes over from another without a warm-up; seconds of watching. */
export function blueGreen(deploymentID: string, blue: string, green: string, draw: SwapDraw): DeploymentSpec {
  return {
    ...canary(deploymentID, green, { ...plain, hold: draw.hold }),
    strategy: 'BlueGreen',
    rollback: { ...plainRollback, reactivatePrevious: 'versionFault' },
    stages: [],
    totalCapital: '0',
    handover: { positions: draw.positions, openOrders: draw.openOrders },
    blueGreen: {
      blueVersion: blue,
      greenVersion: green,
      warmup: { days: 0, micros: 0 },
      monitoring: { days: 0, micros: draw.seconds * 1_000_000 },
      autoRollback: true,
    },
  };
}

/** Capital follows a score that is taken every second. */
export function progressive(deploymentID: string, version: string, score: ConfidenceScore): DeploymentSpec {
  const second = { days: 0, micros: 1_000_000 };
  const base = canary(deploymentID, version, plain);
  return {
    ...base,
    strategy: 'Progressive',
    expect: { annualVol: null, stressLossPerInterval: 0.03, interval: second },
    progressive: {
      updateFrequency: second,
      curve: 'Linear',
      score,
      hysteresis: 0.1,
      minSample: 3,
      patience: { days: 1, micros: 0 },
      thresholds: [0.5, 0.7, 0.9],
    },
  };
}
