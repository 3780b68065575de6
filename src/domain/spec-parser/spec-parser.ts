import { canonicalJson, type JsonValue } from '../../base/canonical.ts';
import { hex, sha256 } from '../../base/sha256.ts';
import { utf8Encode } from '../../base/utf8.ts';
import { err, ok, type Result } from '../../base/result.ts';
import type { BlueGreenPlan, DeploymentSpec, PaperTerms, PromotionCriteria } from '../spec.ts';
import { deploymentStrategies, type DeploymentStrategy } from '../spec.ts';
import { orderModes, positionModes } from '../swap.ts';
import { FieldReader, isPlainObject, shown, type PlainValue, type SpecFault } from './field-reader.ts';
import { askedSlice, refuseOtherSlice } from './asked-slice.ts';
import { readFreezeWindows } from './freeze-fields.ts';
import { paperLength, profileNames, profileNote, type ProfileName } from './profile.ts';
import { readProgressive } from './progressive-fields.ts';
import {
  maxStages,
  readApproval,
  readExpectations,
  readGates,
  readLimits,
  readRollback,
  readStages,
  readThresholds,
} from './stage-fields.ts';

/** What a spec may leave out: from the command line, from the registration of the version, else from the desk. */
export interface SpecDefaults {
  readonly deploymentID?: string;
  readonly algorithmID?: string;
  readonly version?: string;
  readonly totalCapital?: string;
  /** The slice that is asked for, `ALGORITHM@GROUP.CURRENCY` or `GROUP.CURRENCY`: completes the spec; one of another slice is refused. */
  readonly slice?: string;
  readonly accountGroup: string;
  readonly currency: string;
  readonly universe: readonly string[];
  readonly venues: readonly { readonly venueID: string; readonly accountID: string }[];
  /** Calendar of the universe: `ALWAYS` counts wall time, others market time. */
  readonly calendar: string;
}

/** What a person or a program gives beside a spec, to complete it; absent and empty say nothing. */
export interface GivenBeside {
  readonly algorithm?: unknown;
  readonly version?: unknown;
  readonly capital?: unknown;
  readonly slice?: unknown;
}

/** The defaults that these are. */
export function givenDefaults({ algorithm, version, capital, slice }: GivenBeside): Partial<SpecDefaults> {
  const said = (name: keyof SpecDefaults, value: unknown): object => (typeof value === 'string' && value !== '' ? { [name]: value } : {});
  return { ...said('algorithmID', algorithm), ...said('version', version), ...said('totalCapital', capital), ...said('slice', slice) };
}

export interface ParsedSpec {
  readonly spec: DeploymentSpec;
  /** Aliases and fields without an effect here, in words. */
  readonly warnings: readonly string[];
}

/** Deepest chain of `then`. */
export const maxChain = 8;

/**
 * Parses a plain value (what JSON or YAML text became) into a spec with every default filled in. Takes the product's own form, the seeds' deployment
 * documents and their configuration fragments; names every field that it does not know.
 */
export function parseSpec(value: PlainValue, defaults: SpecDefaults): Result<ParsedSpec, readonly SpecFault[]> {
  const faults: SpecFault[] = [];
  const warnings: string[] = [];
  const asked = defaults.slice === undefined ? {} : askedSlice(defaults.slice, faults);
  const spec = readSpec(value, { ...defaults, ...asked }, faults, warnings, 0);
  if (spec !== undefined && faults.length === 0) refuseOtherSlice(spec, asked, faults);
  return spec === undefined || faults.length > 0 ? err(faults) : ok({ spec, warnings });
}

function readSpec(
  value: PlainValue,
  defaults: SpecDefaults,
  faults: SpecFault[],
  warnings: string[],
  depth: number,
): DeploymentSpec | undefined {
  if (!isPlainObject(value)) {
    faults.push({ path: '', text: `expected an object, was ${shown(value)}` });
    return undefined;
  }
  const top = new FieldReader(value, '', faults);
  const apiVersion = top.text('apiVersion');
  if (apiVersion !== undefined && apiVersion !== 'plimsoll/v1') top.fault('apiVersion', `expected plimsoll/v1, was ${apiVersion}`);
  const kind = top.text('kind');
  if (kind !== undefined && kind !== 'Deployment') top.fault('kind', `expected Deployment, was ${kind}`);
  // a fragment of the seeds carries its configuration at the top
  const body = top.object('configuration') ?? top;
  const strategy = top.choice('strategy', deploymentStrategies);
  if (strategy === undefined) {
    if (!top.has('strategy')) top.fault('strategy', `expected one of ${deploymentStrategies.join(', ')}, was nothing`);
    return undefined;
  }
  const identity = readIdentity(top, defaults);
  const market = readMarket(top, body, defaults);
  const plan = readPlan(top, body, strategy, defaults, warnings);
  const next = readThen(body, defaults, faults, warnings, depth, identity);
  if (body !== top) body.refuseUnknown();
  top.refuseUnknown();
  const capital = plan.totalCapital;
  const draft = {
    ...identity,
    ...market,
    ...plan,
    strategy,
    totalCapital: capital,
    then: next,
    sliceID: `${identity.algorithmID}@${market.accountGroup}.${market.currency}`,
  };
  return sealed(draft);
}

function sealed(draft: Omit<DeploymentSpec, 'specHash'>): DeploymentSpec {
  return { ...draft, specHash: hex(sha256(utf8Encode(canonicalJson(draft as unknown as JsonValue)))) };
}

/** The spec with other parameters, as if it had been parsed with them. */
export function withParameters(spec: DeploymentSpec, parameters: DeploymentSpec['parameters']): DeploymentSpec {
  const { specHash: _ofOthers, ...draft } = spec;
  return sealed({ ...draft, parameters: { ...parameters } });
}

/** `momentum-v2.1.0` in its two parts (decision 16). */
export function splitVersion(joined: string): { readonly algorithmID: string; readonly version: string | undefined } {
  const split = /^(.+)-v(\d+\.\d+\.\d+.*)$/.exec(joined);
  return { algorithmID: split?.[1] ?? joined, version: split?.[2] };
}

function readIdentity(top: FieldReader, defaults: SpecDefaults): Pick<DeploymentSpec, 'deploymentID' | 'algorithmID' | 'version'> {
  const joined = top.text('algorithmId') ?? defaults.algorithmID ?? '';
  const split = splitVersion(joined);
  const algorithmID = split.algorithmID;
  const version = top.text('version') ?? split.version ?? defaults.version ?? '';
  if (algorithmID === '') top.fault('algorithmId', 'expected the algorithm (also by --algorithm), was nothing');
  if (version === '') top.fault('version', 'expected the version (also by --version, or joined as momentum-v2.1.0), was nothing');
  const deploymentID = top.text('deploymentId') ?? defaults.deploymentID ?? (algorithmID === '' ? '' : `${algorithmID}-${version}`);
  if (/^p\d+$/.test(deploymentID))
    top.fault(
      'deploymentId',
      `expected another name than ${deploymentID}: so proposals are named, and whoever approves one may not approve a stage`,
    );
  return { deploymentID, algorithmID, version };
}

function readMarket(
  top: FieldReader,
  body: FieldReader,
  defaults: SpecDefaults,
): Pick<
  DeploymentSpec,
  'accountGroup' | 'currency' | 'artifact' | 'parameters' | 'universe' | 'venues' | 'environment' | 'clock' | 'freeze'
> {
  const algorithm = top.object('algorithm');
  const artifact = algorithm?.text('artifact') ?? '';
  const parameters = algorithm?.scalars('parameters') ?? {};
  algorithm?.refuseUnknown();
  const universe = top.texts('universe') ?? defaults.universe;
  if (universe.length === 0) top.fault('universe', 'expected at least one listing, was nothing');
  const venues = top.objects('venues')?.map((reader) => {
    const use = { venueID: reader.text('venue') ?? '', accountID: reader.text('account') ?? '', limits: readLimits(reader) };
    if (use.venueID === '' || use.accountID === '') reader.fault('venue', 'expected a venue and an account');
    reader.refuseUnknown();
    return use;
  });
  const clock = body.object('clock');
  const clockKind = clock?.choice('kind', ['market', 'wall']);
  const calendar = clock?.text('calendar') ?? defaults.calendar;
  clock?.refuseUnknown();
  return {
    accountGroup: top.text('accountGroup') ?? defaults.accountGroup,
    currency: body.text('currency') ?? defaults.currency,
    artifact,
    parameters,
    universe,
    venues: venues ?? defaults.venues.map((use) => ({ ...use, limits: {} })),
    environment: top.text('environment') ?? 'Production',
    clock: { kind: clockKind ?? (calendar === 'ALWAYS' ? 'wall' : 'market'), calendar },
    ...readFreezeWindows(body, calendar),
  };
}

type Plan = Pick<
  DeploymentSpec,
  | 'totalCapital'
  | 'expect'
  | 'stages'
  | 'autoProgress'
  | 'gates'
  | 'onInconclusive'
  | 'rollbackThresholds'
  | 'rollback'
  | 'handover'
  | 'promotionCriteria'
  | 'paper'
  | 'blueGreen'
  | 'progressive'
  | 'baseline'
>;

function readPlan(top: FieldReader, body: FieldReader, strategy: DeploymentStrategy, defaults: SpecDefaults, warnings: string[]): Plan {
  const profile = body.choice('profile', profileNames);
  if (profile !== undefined) warnings.push(profileNote(profile));
  const paper = strategy === 'PaperTrading' ? readPaper(top, body, profile, warnings) : null;
  const progressive = strategy === 'Progressive' ? readProgressive(body) : null;
  const stages = strategy === 'Canary' ? readLadder(body) : (progressive?.stages ?? []);
  const totalCapital = body.money('totalCapital', ...(paper === null ? [] : ['simulatedCapital', 'capital'])) ?? defaults.totalCapital;
  if (totalCapital === undefined && strategy !== 'BlueGreen')
    body.fault('totalCapital', 'expected the capital (also by --capital), was nothing');
  const handover = body.object('handover');
  const plan: Plan = {
    totalCapital: totalCapital ?? '0',
    expect: readExpectations(body.object('expect')),
    stages,
    autoProgress: body.flag('autoProgress') ?? true,
    gates: readGates(body.objects('gates') ?? []),
    onInconclusive: body.choice('onInconclusive', ['pause', 'hold']) ?? 'pause',
    rollbackThresholds: readThresholds(body.object('rollbackThresholds')),
    rollback: readRollback(body.object('rollback')),
    handover: {
      positions: handover?.choice('positions', positionModes) ?? (strategy === 'BlueGreen' ? 'transfer' : 'drain'),
      openOrders: handover?.choice('openOrders', orderModes) ?? 'cancel',
    },
    promotionCriteria: paper?.criteria ?? null,
    paper: paper?.terms ?? null,
    blueGreen: strategy === 'BlueGreen' ? readBlueGreen(body, warnings) : null,
    progressive: progressive?.plan ?? null,
    ...readBaseline(body, stages),
  };
  handover?.refuseUnknown();
  const known = new Set(plan.gates.map((gate) => gate.name));
  for (const stage of stages) {
    for (const gate of stage.entryGates)
      if (!known.has(gate)) body.fault('stages', `stage ${stage.name}: entry gate ${gate} is not declared in gates`);
  }
  return plan;
}

/** Only where it is named: a spec without one keeps its hash. */
function readBaseline(body: FieldReader, stages: DeploymentSpec['stages']): Pick<DeploymentSpec, 'baseline'> {
  const baseline = body.object('baseline');
  if (baseline === undefined) return {};
  const small = stages.filter(({ allocation }) => allocation <= 1_000).at(-1)?.allocation ?? 0;
  const upTo = baseline.number('upTo', 0.0001, 0.5);
  baseline.refuseUnknown();
  return { baseline: { upTo: upTo === undefined ? small : Math.floor(upTo * 10_000 + 1e-9) } };
}

function readLadder(body: FieldReader): DeploymentSpec['stages'] {
  const readers = body.objects('stages');
  if (readers === undefined || readers.length === 0 || readers.length > maxStages) {
    body.fault('stages', `expected 1…${maxStages} stages, was ${readers?.length ?? 'nothing'}`);
    return [];
  }
  return readStages(readers);
}

function readPaper(
  top: FieldReader,
  body: FieldReader,
  profile: ProfileName | undefined,
  warnings: string[],
): { criteria: PromotionCriteria; terms: PaperTerms } {
  if (body.has('duration')) warnings.push('duration: read as minTradingDuration');
  if (body.has('capital')) warnings.push('capital: read as simulatedCapital');
  const source = body.text('marketDataSource');
  if (source !== undefined && source !== 'Live' && source !== 'LiveMarketData' && source !== 'Recorded')
    body.fault('marketDataSource', `expected LiveMarketData or Recorded, was ${source}`);
  const minDuration = paperLength(body, profile);
  const criteria = top.object('promotionCriteria') ?? (body === top ? undefined : body.object('promotionCriteria'));
  const read: PromotionCriteria = {
    minDuration,
    minTrades: criteria?.integer('minTrades', 0, 1e9) ?? 1,
    minPnL: criteria?.money('minPnL') ?? '0',
    maxDrawdown: criteria?.number('maxDrawdown', 0, 1) ?? null,
    minWinRate: criteria?.number('minWinRate', 0, 1) ?? null,
    minSharpeRatio: criteria?.number('minSharpeRatio', -100, 100) ?? null,
  };
  criteria?.refuseUnknown();
  return {
    criteria: read,
    terms: {
      slippageModel: body.text('slippageModel') ?? 'RealisticSlippage',
      commissionRate: body.number('commissionRate', -0.1, 0.1) ?? 0,
    },
  };
}

function readBlueGreen(body: FieldReader, warnings: string[]): BlueGreenPlan {
  const versionOf = (name: string): string => {
    const text = body.text(name) ?? '';
    return /-v(\d+\.\d+\.\d+.*)$/.exec(text)?.[1] ?? text;
  };
  const cutover = body.choice('cutoverType', ['Instant']);
  if (cutover !== undefined) warnings.push('cutoverType Instant: the only one there is');
  const validate = body.flag('validateBeforeCutover');
  if (validate === false) body.fault('validateBeforeCutover', 'expected true: a version that was not validated is never cut over to');
  const plan: BlueGreenPlan = {
    blueVersion: versionOf('blueVersion'),
    greenVersion: versionOf('greenVersion'),
    warmup: body.duration('warmupDuration') ?? { days: 0, micros: 30_000_000 },
    monitoring: body.duration('monitoringDuration') ?? { days: 0, micros: 600_000_000 },
    autoRollback: body.flag('autoRollback', 'rollbackOnError') ?? true,
  };
  const entryApproval = readApproval(body);
  return entryApproval === null ? plan : { ...plan, entryApproval };
}

function readThen(
  body: FieldReader,
  defaults: SpecDefaults,
  faults: SpecFault[],
  warnings: string[],
  depth: number,
  identity: Pick<DeploymentSpec, 'algorithmID' | 'version' | 'deploymentID'>,
): DeploymentSpec | null {
  const value = body.raw('then');
  if (value === undefined || value === null) return null;
  if (depth >= maxChain) {
    body.fault('then', `expected a chain of at most ${maxChain} deployments`);
    return null;
  }
  if (typeof value === 'string') {
    body.fault('then', `expected the deployment itself: ${value} was not read in by whoever gave the spec`);
    return null;
  }
  const nested: SpecFault[] = [];
  const spec = readSpec(
    value,
    { ...defaults, algorithmID: identity.algorithmID, version: identity.version, deploymentID: `${identity.deploymentID}-next` },
    nested,
    warnings,
    depth + 1,
  );
  for (const fault of nested) faults.push({ path: `${body.path === '' ? '' : `${body.path}.`}then.${fault.path}`, text: fault.text });
  return spec ?? null;
}
