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
  /** What the climb must show beside its conditions; left out: nothing. */
  readonly evidence?: EvidenceTerms;
}

/** Evidence that a ladder asks for: of few errors before Small, of few errors and of edge before Medium; and against harm at any time. */
export interface EvidenceTerms {
  /** Distance of two returns, and the largest loss of one of them, fraction of the cap: it bounds the bets. */
  readonly interval: string;
  readonly stressLoss: number;
  readonly bets: readonly number[];
  readonly edgeE: number;
  /** Largest share of errors, and the e-value that fewer must reach. */
  readonly maxErrors: number;
  readonly errorsE: number;
  /** e-value of harm that rolls back. */
  readonly harmE: number;
}

/** A version that takes over from another one in one step. */
export interface SwapTerms {
  readonly paper: string;
  /** What the new version trades on paper: about as much as the old one trades. */
  readonly paperCapital: string;
  readonly warmup: string;
  readonly monitoring: string;
  readonly parameters: Readonly<Record<string, string | number | boolean>>;
}

function ladder(terms: LadderTerms): PlainObject {
  const { evidence } = terms;
  return {
    ...(evidence === undefined ? {} : evidenceFields(evidence)),
    totalCapital: terms.totalCapital,
    currency: terms.currency,
    clock: { kind: 'wall' },
    stages: [
      { name: 'Micro', allocation: 0.01, minDuration: terms.micro, minPnL: 0, minTrades: terms.minTrades },
      {
        name: 'Small',
        allocation: 0.05,
        minDuration: terms.small,
        minPnL: 0,
        minTrades: terms.minTrades,
        ...(evidence === undefined ? {} : { entryGates: ['errors'] }),
      },
      {
        name: 'Medium',
        allocation: 0.1,
        minDuration: terms.medium,
        minPnL: 0,
        minTrades: terms.minTrades,
        ...(evidence === undefined ? {} : { entryGates: ['errors', 'edge'] }),
      },
    ],
    autoProgress: true,
    rollbackThresholds: {
      maxDailyLoss: terms.maxDailyLoss,
      maxDrawdown: terms.maxDrawdown,
      maxErrorRate: 0.01,
      ...(evidence === undefined ? {} : { harmE: evidence.harmE }),
    },
    rollback: { flatten: 'limit', flattenSlippageBps: 100, reactivatePrevious: 'versionFault' },
  };
}

function evidenceFields({ interval, stressLoss, bets, edgeE, maxErrors, errorsE }: EvidenceTerms): PlainObject {
  return {
    expect: { stressLossPerInterval: stressLoss, interval },
    onInconclusive: 'hold',
    gates: [
      { name: 'errors', metric: 'errorRate', test: 'bernoulliE', maximum: maxErrors, minE: errorsE },
      { name: 'edge', metric: 'netReturn', test: 'bettingE', grid: [...bets], minE: edgeE },
    ],
  };
}

/** A paper run that deploys its ladder when it has passed. */
export function paperThenLadder(deploymentId: string, algorithmId: string, version: string, terms: LadderTerms): PlainObject {
  const run = { parameters: terms.parameters, capital: terms.totalCapital, lasts: terms.paper };
  return paper(deploymentId, algorithmId, version, terms, run, {
    then: { ...ladderSpec(`${algorithmId}-ladder`, algorithmId, version, terms) },
  });
}

interface PaperRun {
  readonly parameters: LadderTerms['parameters'];
  readonly capital: LadderTerms['totalCapital'];
  readonly lasts: LadderTerms['paper'];
}

function paper(
  deploymentId: string,
  algorithmId: string,
  version: string,
  terms: LadderTerms,
  run: PaperRun,
  more: PlainObject,
): PlainObject {
  return {
    apiVersion: 'plimsoll/v1',
    kind: 'Deployment',
    deploymentId,
    strategy: 'PaperTrading',
    algorithmId,
    version,
    algorithm: { artifact: `${algorithmId}-${version}`, parameters: { ...run.parameters } },
    configuration: {
      simulatedCapital: run.capital,
      currency: terms.currency,
      clock: { kind: 'wall' },
      minTradingDuration: run.lasts,
      promotionCriteria: { minTrades: terms.minTrades, minPnL: 0, maxDrawdown: terms.maxDrawdown },
      ...more,
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

/** A paper run that nothing follows by itself. */
export function paperRunSpec(deploymentId: string, algorithmId: string, version: string, terms: LadderTerms, swap: SwapTerms): PlainObject {
  const run = { parameters: swap.parameters, capital: swap.paperCapital, lasts: swap.paper };
  return paper(deploymentId, algorithmId, version, terms, run, {});
}

/** `version` takes over capital, lots and open orders of `blue`, and is watched. */
export function swapSpec(
  deploymentId: string,
  algorithmId: string,
  blue: string,
  version: string,
  terms: LadderTerms,
  swap: SwapTerms,
): PlainObject {
  return {
    apiVersion: 'plimsoll/v1',
    kind: 'Deployment',
    deploymentId,
    strategy: 'BlueGreen',
    algorithmId,
    version,
    algorithm: { artifact: `${algorithmId}-${version}`, parameters: { ...swap.parameters } },
    configuration: {
      currency: terms.currency,
      clock: { kind: 'wall' },
      blueVersion: blue,
      greenVersion: version,
      warmupDuration: swap.warmup,
      monitoringDuration: swap.monitoring,
      rollbackThresholds: { maxDailyLoss: terms.maxDailyLoss, maxDrawdown: terms.maxDrawdown, maxErrorRate: 0.01 },
      rollback: { flatten: 'limit', flattenSlippageBps: 100, reactivatePrevious: 'versionFault' },
      handover: { positions: 'transfer', openOrders: 'adopt' },
    },
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
