import type { DeploymentSpec, Stage } from '../../domain/spec.ts';

const minute = { days: 0, micros: 60_000_000 };

/** A rung of `allocation` x 0.0001 that asks for a minute and nothing else. */
export function rung(allocation: number, more: Partial<Stage> = {}): Stage {
  return {
    name: `S${allocation}`,
    allocation,
    minDuration: minute,
    minPnL: '-1000000',
    minTrades: 0,
    entryGates: [],
    entryApproval: null,
    ...more,
  };
}

export const ladder: readonly Stage[] = [rung(100), rung(500), rung(1_000)];

/** A canary of `version` on the wall clock over both listings; limits that do not bind unless a test sets them. */
export function canary(deploymentID: string, version: string, more: Partial<DeploymentSpec> = {}): DeploymentSpec {
  return {
    deploymentID,
    strategy: 'Canary',
    algorithmID: 'algo',
    version,
    sliceID: 'algo@main.USD',
    accountGroup: 'main',
    currency: 'USD',
    artifact: './algo.ts',
    parameters: {},
    universe: ['X.V', 'Y.V'],
    venues: [{ venueID: 'V', accountID: 'A1', limits: {} }],
    environment: 'Production',
    totalCapital: '1000000',
    clock: { kind: 'wall', calendar: 'ALWAYS' },
    stages: ladder,
    autoProgress: true,
    gates: [],
    onInconclusive: 'pause',
    expect: { annualVol: null, stressLossPerInterval: null, interval: { days: 0, micros: 3_600_000_000 } },
    rollbackThresholds: { maxDailyLoss: null, maxLossAbsolute: null, maxDrawdown: null, maxErrorRate: null, maxLatency: null, harmE: null },
    rollback: {
      flatten: 'none',
      flattenSlippageBps: 50,
      reactivatePrevious: 'never',
      rollbackWindow: { days: 1, micros: 0 },
      onStale: 'cancelOnly',
    },
    handover: { positions: 'drain', openOrders: 'cancel' },
    promotionCriteria: null,
    paper: null,
    blueGreen: null,
    progressive: null,
    then: null,
    specHash: deploymentID.padEnd(64, '0'),
    ...more,
  };
}

/** A run on paper that asks for a minute. */
export function paper(deploymentID: string, version: string, then: DeploymentSpec | null): DeploymentSpec {
  return canary(deploymentID, version, {
    strategy: 'PaperTrading',
    stages: [],
    promotionCriteria: { minDuration: minute, minTrades: 0, minPnL: '-1000000', maxDrawdown: null, minWinRate: null, minSharpeRatio: null },
    paper: { slippageModel: 'none', commissionRate: 0 },
    then,
  });
}
