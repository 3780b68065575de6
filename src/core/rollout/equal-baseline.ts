import { canonicalJson, type JsonValue } from '../../base/canonical.ts';
import { hex, sha256 } from '../../base/sha256.ts';
import { columnGet, splitZero, toNumber, type Split } from '../../base/split.ts';
import { powi } from '../../base/math.ts';
import { utf8Encode } from '../../base/utf8.ts';
import type { Micros } from '../../base/units.ts';
import { baselineVersion, isBaselineVersion } from '../../domain/baseline-version.ts';
import type { RowIx } from '../../domain/ids.ts';
import type { DeploymentSpec } from '../../domain/spec.ts';
import type { Core } from '../core.ts';
import type { Outcome } from '../outcome.ts';
import { modeOf } from '../risk/order-gate.ts';
import { olderOf } from './claims.ts';
import { judgeNext, type Deployment } from './deployment.ts';
import { coreActor, servedBy, setLifecycle } from './rollout.ts';
import { changeRow } from './rows.ts';
import { workingMode } from './working-mode.ts';

// The old version a second time, fresh and flat like the canary, with the canary's capital: what differs between the two is the version and nothing else.

/** Why the baseline of a spec cannot run; undefined = it can, or none is asked for. */
export function refuseBaseline(core: Core, spec: DeploymentSpec): string | undefined {
  const { gate, rollout } = core;
  if (isBaselineVersion(spec.version)) return `version: ${spec.version} is the name of a baseline, which the desk gives`;
  const { baseline, stages, sliceID } = spec;
  if (baseline === undefined) return undefined;
  if (spec.strategy !== 'Canary') return `baseline: expected a Canary, which it runs beside, was ${spec.strategy}`;
  if (!(baseline.upTo >= (stages.at(0)?.allocation ?? 0) && baseline.upTo <= 5_000))
    return `baseline.upTo: expected the first stage's allocation up to 0.5, was ${baseline.upTo / 10_000}: it takes as much capital again`;
  const slice = gate.sliceIx.get(sliceID);
  const champion = slice === undefined ? undefined : olderOf(core, gate.slices[slice].custodian);
  if (champion === undefined || servedBy(rollout, champion) === undefined)
    return `baseline: no version of ${sliceID} has completed a ladder and trades: there is nobody to be measured beside`;
  if (champion === gate.rowIx.get(`${sliceID}/${spec.version}`))
    return `baseline: ${spec.version} is the version that would be measured beside itself`;
  return undefined;
}

/** What runs beside a canary; undefined = its spec asks for none. `refuseBaseline` has let it in. */
export function baselineOf(core: Core, { spec, ix }: Deployment): DeploymentSpec | undefined {
  const { baseline, deploymentID } = spec;
  const slice = core.gate.sliceIx.get(spec.sliceID) ?? -1;
  const champion = baseline === undefined ? undefined : olderOf(core, core.gate.slices[slice].custodian);
  const old = champion === undefined ? undefined : servedBy(core.rollout, champion)?.spec;
  if (baseline === undefined || old === undefined) return undefined;
  const { rollbackThresholds, rollback, expect, clock, venues, environment, totalCapital } = spec;
  const draft = {
    ...old,
    ...{ expect, clock, venues, environment, totalCapital },
    deploymentID: `${deploymentID}-baseline`,
    version: baselineVersion(old.version, ix),
    strategy: 'Canary' as const,
    stages: spec.stages
      .filter(({ allocation }) => allocation <= baseline.upTo)
      .map((stage) => ({ ...stage, entryGates: [], entryApproval: null })),
    gates: [],
    autoProgress: false,
    rollbackThresholds: { ...rollbackThresholds, harmE: null },
    // nobody trades its lots when it is over: the custodian works them off
    rollback: {
      ...rollback,
      flatten: rollback.flatten === 'none' ? ('limit' as const) : rollback.flatten,
      reactivatePrevious: 'never' as const,
    },
    handover: { positions: 'drain', openOrders: 'cancel' } as const,
    ...{ promotionCriteria: null, paper: null, blueGreen: null, progressive: null, then: null },
    baselineOf: deploymentID,
    freeze: spec.freeze,
  };
  const hashed = Object.fromEntries(
    Object.entries(draft).filter(
      ([field]) => field !== 'specHash' && field !== 'baseline' && (field !== 'freeze' || spec.freeze !== undefined),
    ),
  );
  const specHash = hex(sha256(utf8Encode(canonicalJson(hashed as JsonValue))));
  return { ...(hashed as unknown as DeploymentSpec), specHash };
}

/** The deployment that runs beside one and is not over; undefined = there is none. */
export function besideOf({ rollout }: Core, deployment: Deployment): Deployment | undefined {
  const beside = rollout.deployments[deployment.baseline];
  return beside?.phase === 'Proposed' || beside?.phase === 'Progressing' || beside?.phase === 'Paused' ? beside : undefined;
}

/** Whether a canary waits until its baseline has loaded: both begin with the same stage. */
export function waitsForBaseline(core: Core, deployment: Deployment): boolean {
  const beside = besideOf(core, deployment);
  if (beside === undefined) return false;
  const lifecycle = core.rollout.lifecycle[beside.row];
  return lifecycle === 'Loading' || lifecycle === 'Warming';
}

/** The baseline has loaded: its canary may begin. */
export function baselineLoaded(core: Core, baseline: Deployment, at: Micros): void {
  judgeNext(baseline, 0);
  const canary = core.rollout.deployments[baseline.baselineOf];
  if (canary.phase === 'Progressing' && canary.stage < 0) judgeNext(canary, at);
}

/** Who gets a stage's capital beside the canary; undefined = nobody. */
export function getsStage(core: Core, deployment: Deployment, stage: number): Deployment | undefined {
  const beside = besideOf(core, deployment);
  const upTo = deployment.spec.baseline?.upTo ?? -1;
  if (beside === undefined || deployment.spec.stages[stage].allocation > upTo) return undefined;
  const lifecycle = core.rollout.lifecycle[beside.row];
  return lifecycle === 'Ready' || lifecycle === 'Canary' ? beside : undefined;
}

/** The same stage for the baseline, in the step that gave it to the canary. */
export function grantBaseline(core: Core, beside: Deployment, stage: number, cap: Split, at: Micros, outcome: Outcome): void {
  const { gate, rollout, registry } = core;
  const { row, spec, ix } = beside;
  const { name, allocation } = spec.stages[stage];
  const reason = `as much as ${spec.baselineOf ?? ''}`;
  changeRow(core, row, { mode: workingMode(core, row, false, cap), cap, stage }, coreActor, reason, outcome);
  beside.stage = stage;
  beside.allocation = allocation;
  beside.stageGrantedAt = at;
  beside.revision++;
  setLifecycle(rollout, gate, row, 'Canary', reason, outcome);
  const { hi, lo } = cap;
  outcome.decisions.push({
    kind: 'stageGranted',
    deployment: ix,
    deploymentID: spec.deploymentID,
    stage,
    name,
    allocation,
    cap: { hi, lo },
    reasons: [reason],
  });
  const { exponent } = registry.currencies[gate.slices[gate.rows[row].slice].currency];
  const trading = modeOf(gate, row) !== 'CANCEL_ONLY';
  outcome.effects.push({
    kind: 'authority',
    reducing: false,
    row,
    epoch: gate.epoch[row],
    capital: toNumber(cap) / powi(10, exponent),
    trading,
  });
}

/** Whether the saga that ends a baseline is still on its way: what it frees is not free yet. */
export function baselineEnding({ rollout }: Core, deployment: Deployment): boolean {
  return rollout.deployments[deployment.baseline]?.phase === 'RollingBack';
}

const own = splitZero();
const other = splitZero();

/** Row of a canary's baseline while both have the same capital; undefined = it is not there, or people gave one of them less. */
export function equalBaseline(core: Core, deployment: Deployment): RowIx | undefined {
  const beside = besideOf(core, deployment);
  if (beside === undefined || core.rollout.lifecycle[beside.row] !== 'Canary') return undefined;
  columnGet(own, core.gate.cap, deployment.row);
  columnGet(other, core.gate.cap, beside.row);
  return own.hi === other.hi && own.lo === other.lo && (own.hi !== 0 || own.lo !== 0) ? beside.row : undefined;
}
