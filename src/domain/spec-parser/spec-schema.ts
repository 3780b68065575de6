import { roles } from '../actor.ts';
import { allocationCurves, confidenceScores, deploymentStrategies, flattenModes } from '../spec.ts';
import { orderModes, positionModes } from '../swap.ts';
import { maxSpecText, type PlainObject } from './field-reader.ts';
import { maxFreezeWindows, weekdayNames } from './freeze-fields.ts';
import { profileNames } from './profile.ts';
import { gateFields, maxStages } from './stage-fields.ts';

const text: PlainObject = { type: 'string', minLength: 1, maxLength: maxSpecText };
const flag: PlainObject = { type: 'boolean' };
const duration: PlainObject = { type: 'string', pattern: '^P', description: 'ISO 8601, such as PT1H or P7D' };
const money: PlainObject = { type: ['string', 'number'], description: 'decimal with at most 6 places' };
const number = (minimum: number, maximum: number): PlainObject => ({ type: 'number', minimum, maximum });
const integer = (minimum: number, maximum: number): PlainObject => ({ type: 'integer', minimum, maximum });
const share = number(0, 1);
const words = (of: readonly string[]): PlainObject => ({ enum: of });
const list = (items: PlainObject, maxItems = 1_024): PlainObject => ({ type: 'array', items, maxItems });
const object = (properties: PlainObject, required: readonly string[] = []): PlainObject => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
});

const approval = object({ roles: { ...list(words(roles)), minItems: 1 }, count: integer(1, 8) }, ['roles']);
const rung = { allocation: share, name: text, minDuration: duration, entryGates: list(text), entryApproval: approval };
const gateValue: PlainObject = { type: ['string', 'number', 'array'] };
const gate = object(
  { name: text, metric: text, test: text, ...Object.fromEntries(gateFields.map((name): [string, PlainObject] => [name, gateValue])) },
  ['name', 'metric', 'test'],
);
const criteria = object({
  minTrades: integer(0, 1e9),
  minPnL: money,
  maxDrawdown: share,
  minWinRate: share,
  minSharpeRatio: number(-100, 100),
});

const localTime: PlainObject = { type: 'string', description: 'of the calendar: 09:30 each of the days, or 2026-12-24T09:30 once' };
const freezeWindow = object({ days: { ...list(words(weekdayNames)), minItems: 1 }, from: localTime, to: localTime }, ['from', 'to']);

const configuration: PlainObject = {
  totalCapital: money,
  simulatedCapital: money,
  capital: money,
  currency: text,
  profile: words(profileNames),
  clock: object({ kind: words(['market', 'wall']), calendar: text }),
  freezeWindows: list(freezeWindow, maxFreezeWindows),
  expect: object({ annualVol: number(1e-6, 100), stressLossPerInterval: number(1e-9, 1), interval: duration }),
  stages: list(object({ ...rung, minPnL: money, minTrades: integer(0, 1e9) }, ['allocation', 'minDuration']), maxStages),
  autoProgress: flag,
  gates: list(gate),
  onInconclusive: words(['pause', 'hold']),
  rollbackThresholds: object({
    maxDailyLoss: share,
    maxLossAbsolute: money,
    maxDrawdown: share,
    maxErrorRate: share,
    maxLatency: number(0, 1e6),
    harmE: number(1, 1e9),
  }),
  rollback: object({
    flatten: words(flattenModes),
    flattenPositions: flag,
    flattenSlippageBps: number(0, 10_000),
    reactivatePrevious: words(['never', 'versionFault']),
    rollbackWindow: duration,
    onStale: words(['cancelOnly', 'rollback']),
  }),
  handover: object({ positions: words(positionModes), openOrders: words(orderModes) }),
  baseline: object({ upTo: number(0.0001, 0.5) }),
  then: { type: ['string', 'object', 'null'], description: 'a deployment, or the path of one beside the file' },
  minTradingDuration: duration,
  duration,
  promotionCriteria: criteria,
  marketDataSource: words(['Live', 'LiveMarketData', 'Recorded']),
  slippageModel: text,
  commissionRate: number(-0.1, 0.1),
  blueVersion: text,
  greenVersion: text,
  cutoverType: words(['Instant']),
  validateBeforeCutover: flag,
  warmupDuration: duration,
  monitoringDuration: duration,
  autoRollback: flag,
  rollbackOnError: flag,
  entryApproval: approval,
  confidenceThresholds: list(object({ confidence: share, ...rung }, ['confidence', 'allocation']), maxStages),
  updateFrequency: duration,
  allocationCurve: words(allocationCurves),
  confidence: words(confidenceScores),
  hysteresis: number(0, 0.5),
  minSample: integer(2, 1e6),
  patience: duration,
};

const top: PlainObject = {
  apiVersion: words(['plimsoll/v1']),
  kind: words(['Deployment']),
  deploymentId: text,
  strategy: words(deploymentStrategies),
  algorithmId: text,
  version: text,
  algorithm: object({ artifact: text, parameters: { type: 'object' } }),
  universe: list(text),
  accountGroup: text,
  venues: list(object({ venue: text, account: text, limits: { type: 'object' } }, ['venue', 'account'])),
  environment: text,
  promotionCriteria: criteria,
};

/** JSON Schema (2020-12) of what the parser reads: a document with its `configuration`, or a fragment that has its fields at the top. It says less than the parser, never more. */
export const specSchema: PlainObject = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'plimsoll/v1 Deployment',
  anyOf: [
    object({ ...top, configuration: object(configuration) }, ['strategy', 'configuration']),
    object({ ...top, ...configuration }, ['strategy']),
  ],
};
