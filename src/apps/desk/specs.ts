import type { PlainObject } from '../../domain/spec-parser/field-reader.ts';

/** What the story's ladder asks; durations are virtual. */
export interface LadderTerms {
  readonly paper: string;
  readonly micro: string;
  readonly small: string;
  readonly medium: string;
  readonly minTrades: number;
  readonly totalCapital: string;
  readonly currency: string;
  /** Fractions of the stage's capital, and of the NAV peak. */
  readonly maxDailyLoss: number;
  readonly maxDrawdown: number;
  readonly parameters: Readonly<Record<string, string | number | boolean>>;
}

function ladder(terms: LadderTerms): PlainObject {
  return {
    totalCapital: terms.totalCapital,
    currency: terms.currency,
    clock: { kind: 'wall' },
    stages: [
      { name: 'Micro', allocation: 0.01, minDuration: terms.micro, minPnL: 0, minTrades: terms.minTrades },
      { name: 'Small', allocation: 0.05, minDuration: terms.small, minPnL: 0, minTrades: terms.minTrades },
      { name: 'Medium', allocation: 0.1, minDuration: terms.medium, minPnL: 0, minTrades: terms.minTrades },
    ],
    autoProgress: true,
    rollbackThresholds: { maxDailyLoss: terms.maxDailyLoss, maxDrawdown: terms.maxDrawdown, maxErrorRate: 0.01 },
    rollback: { flatten: 'limit', flattenSlippageBps: 100, reactivatePrevious: 'versionFault' },
  };
}

/** A paper run that deploys its ladder when it has passed. */
export function paperThenLadder(deploymentId: string, algorithmId: string, version: string, terms: LadderTerms): PlainObject {
  return {
    apiVersion: 'plimsoll/v1',
    kind: 'Deployment',
    deploymentId,
    strategy: 'PaperTrading',
    algorithmId,
    version,
    algorithm: { artifact: `${algorithmId}-${version}`, parameters: { ...terms.parameters } },
    configuration: {
      simulatedCapital: terms.totalCapital,
      currency: terms.currency,
      clock: { kind: 'wall' },
      minTradingDuration: terms.paper,
      promotionCriteria: { minTrades: terms.minTrades, minPnL: 0, maxDrawdown: terms.maxDrawdown },
      then: { ...ladderSpec(`${algorithmId}-ladder`, algorithmId, version, terms) },
    },
  };
}

/** A canary ladder without a paper run before it. */
export function ladderSpec(deploymentId: string, algorithmId: string, version: string, terms: LadderTerms): PlainObject {
  return {
    apiVersion: 'plimsoll/v1',
    kind: 'Deployment',
    deploymentId,
    strategy: 'Canary',
    algorithmId,
    version,
    algorithm: { artifact: `${algorithmId}-${version}`, parameters: { ...terms.parameters } },
    configuration: ladder(terms),
  };
}

/** A paper run without an end of its own, for `plimsoll paper`. */
export function paperSpec(deploymentId: string, algorithmId: string, version: string, currency: string, capital: string): PlainObject {
  return {
    apiVersion: 'plimsoll/v1',
    kind: 'Deployment',
    deploymentId,
    strategy: 'PaperTrading',
    algorithmId,
    version,
    configuration: { simulatedCapital: capital, currency, clock: { kind: 'wall' }, minTradingDuration: 'P7D' },
  };
}
