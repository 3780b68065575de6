import type { Micros } from '../../base/units.ts';
import type { Proposable } from '../../domain/command.ts';
import { killTargetText, wholeFirm, type KillTarget } from '../../domain/kill.ts';
import { limitText, type LimitKey } from '../../domain/limit.ts';
import type { Core } from '../core.ts';
import { firstOfRow } from '../orders/order-store.ts';
import { whyNotAccepted } from '../reconcile/break-records.ts';
import { scopeIxOf } from '../risk/limit-command.ts';
import { refuseLimit } from '../risk/limits.ts';
import { neverBinds } from '../risk/never-binds.ts';
import { modeOf, rowID, versionRow } from '../risk/order-gate.ts';
import { scopeNumber } from '../risk/scopes.ts';
import { findDeployment, refused, refuseReplaced, type CommandOutcome } from './deploy.ts';
import type { Deployment } from './deployment.ts';
import { gateNamesBefore } from './entry-gates.ts';
import { engagedText, killText, latchOf, placeOfKill } from './latches.ts';
import { refusePromotion } from './promotion.ts';
import { refuseTrialHead } from './trial-heads.ts';
import { refuseSwapWaiver } from './swap-people.ts';
import { noRoomForRollbacks, rollbackInFlight, roomForRollbacks, servedBy, stoppedBy } from './rollout.ts';

/** What would refuse an expanding command now, asked before a second person is: undefined = nothing that can be seen. Changes nothing. */
export function foresee(core: Core, command: Proposable, at: Micros): CommandOutcome | undefined {
  switch (command.verb) {
    case 'promote':
    case 'retry':
    case 'waive': {
      const deployment = findDeployment(core, command.deploymentID);
      if (deployment === undefined) return refused('UNKNOWN_DEPLOYMENT', `deployment ${command.deploymentID} is not there`);
      if (command.verb === 'promote') return refusePromotion(core, deployment, command.waives ?? [], at);
      return command.verb === 'waive' ? refuseWaive(deployment, command.stage, command.gate) : refuseRetry(core, deployment);
    }
    case 'unhalt':
      return refuseUnhalt(core, command.sliceID, command.version);
    case 'release':
      return foreseeRelease(core, command.target ?? wholeFirm);
    case 'startStrategy':
      return refuseStart(core, command.algorithmID);
    case 'unrestrict':
      return core.registry.instrumentIx.has(command.instrumentID)
        ? undefined
        : refused('UNKNOWN_INSTRUMENT', `instrument ${command.instrumentID} is not registered`);
    case 'setLimit':
      return foreseeLimit(core, command.key, command.value);
    case 'acceptTrials':
      return refuseTrialHead(core, command);
    case 'acceptBreak': {
      const why = whyNotAccepted(core, command.breakID);
      return why === '' ? undefined : refused('UNKNOWN_BREAK', why);
    }
    default:
      // the others have been judged up to their second person
      return undefined;
  }
}

/** Of a limit that takes a second person: it is there, so that its scope is; the number may still be none. */
function foreseeLimit({ risk }: Core, key: LimitKey, value: number | null): CommandOutcome | undefined {
  if (value === null) return undefined;
  const refusal = refuseLimit(key, scopeIxOf(risk, scopeNumber(key.scope), key.scopeID), value);
  if (refusal !== undefined) return refused(refusal.code, refusal.text);
  const idle = neverBinds(risk, key.limit, value);
  return idle === undefined ? undefined : refused('LIMIT_NEVER_BINDS', `${limitText(key)}: ${idle}`);
}

function foreseeRelease(core: Core, target: KillTarget): CommandOutcome | undefined {
  if (placeOfKill(core, target) === undefined)
    return refused('UNKNOWN_SCOPE', `${killTargetText(target)}: nothing of that name is registered`);
  if (latchOf(core, target) !== undefined) return undefined;
  const of = target.scope === 'firm' ? '' : ` of ${killTargetText(target)}`;
  return refused('NOT_IN_THIS_PHASE', `release: the kill switch${of} is not engaged`);
}

export function notIn(deployment: Deployment, verb: string, phase: string): CommandOutcome {
  return refused(
    'NOT_IN_THIS_PHASE',
    `${verb}: expected ${deployment.spec.deploymentID} to be ${phase}, is ${deployment.phase}${deployment.reason === '' ? '' : ` (${deployment.reason})`}`,
  );
}

export function refuseRetry(core: Core, deployment: Deployment): CommandOutcome | undefined {
  if (deployment.phase !== 'Paused' || deployment.failedGate === '') return notIn(deployment, 'retry', 'Paused by a failed gate');
  const killed = killText(core, deployment.row);
  return killed === '' ? refuseReplaced(core, deployment.row, 'retry') : refused('KILL_SWITCH_ENGAGED', killed);
}

/** A waiver is for a gate that a stage asks for, one that is not granted yet. */
export function refuseWaive(deployment: Deployment, stage: number, gate: string): CommandOutcome | undefined {
  const { spec } = deployment;
  if (spec.strategy === 'BlueGreen') return refuseSwapWaiver(deployment, stage, gate);
  const wanted = spec.stages[stage];
  if (wanted === undefined)
    return refused('UNKNOWN_GATE', `stage: expected 0…${spec.stages.length - 1} of ${spec.deploymentID}, was ${stage}`);
  if (stage <= deployment.stage) return refused('NOT_IN_THIS_PHASE', `waive: ${wanted.name} is granted already`);
  const names = gateNamesBefore(spec, wanted);
  return names.includes(gate)
    ? undefined
    : refused('UNKNOWN_GATE', `gate: expected one that ${wanted.name} asks for, ${names.join(', ') || 'it asks for none'}, was ${gate}`);
}

export function refuseUnhalt(core: Core, sliceID: string, version: string): CommandOutcome | undefined {
  const { gate, rollout } = core;
  const id = rowID(sliceID, version);
  const row = versionRow(gate, sliceID, version);
  if (row === undefined) return refused('UNKNOWN_VERSION', `version ${version} is not in ${sliceID}`);
  if (rollout.lifecycle[row] !== 'Halted') return refused('NOT_IN_THIS_PHASE', `${id} is not halted`);
  const killed = killText(core, row);
  if (killed !== '') return refused('KILL_SWITCH_ENGAGED', killed);
  if (!roomForRollbacks(core)) return refused('CAPACITY_REACHED', noRoomForRollbacks);
  if (rollbackInFlight(rollout, gate.rows[row].slice))
    return refused('SWAP_OR_ROLLBACK_IN_FLIGHT', `a rollback is under way in ${sliceID}`);
  return firstOfRow(core.orders, row) === undefined
    ? undefined
    : refused('NOT_IN_THIS_PHASE', `${id} has orders without a certain end: the venue must answer first`);
}

export function refuseStrategy(core: Core, algorithmID: string): CommandOutcome | undefined {
  return core.rollout.algorithms.includes(algorithmID)
    ? undefined
    : refused('UNKNOWN_ALGORITHM', `algorithm ${algorithmID} is not registered: there are ${core.rollout.algorithms.join(', ') || 'none'}`);
}

/** Deployments of an algorithm whose versions may only cancel; one that is stopped for its successor waits for nobody's word. */
export function pausedBy(core: Core, algorithmID: string): readonly Deployment[] {
  const { gate, rollout } = core;
  return gate.rows.flatMap((row) => {
    const deployment = row.algorithmID === algorithmID && !row.custodian ? servedBy(rollout, row.ix) : undefined;
    return deployment !== undefined && modeOf(gate, row.ix) === 'CANCEL_ONLY' && stoppedBy(rollout, row.ix) === undefined
      ? [deployment]
      : [];
  });
}

/** Starting a strategy gives back what was taken from all of its versions, or from none. */
export function refuseStart(core: Core, algorithmID: string): CommandOutcome | undefined {
  const { gate, rollout } = core;
  const unknown = refuseStrategy(core, algorithmID);
  if (unknown !== undefined) return unknown;
  const waiting = pausedBy(core, algorithmID);
  const killed = rollout.killed ? engagedText(wholeFirm) : waiting.map(({ row }) => killText(core, row)).find((text) => text !== '');
  if (killed !== undefined) return refused('KILL_SWITCH_ENGAGED', killed);
  if (waiting.length === 0) return refused('NOT_IN_THIS_PHASE', `start: ${algorithmID} has no version that was paused`);
  const inFlight = waiting.find((one) => rollbackInFlight(rollout, gate.rows[one.row].slice));
  if (inFlight !== undefined) return refused('SWAP_OR_ROLLBACK_IN_FLIGHT', `a rollback is under way in ${gate.rows[inFlight.row].sliceID}`);
  const failed = waiting.find((one) => one.failedGate !== '');
  return failed === undefined
    ? undefined
    : refused('NOT_IN_THIS_PHASE', `${failed.spec.deploymentID}: ${failed.failedGate} failed, it asks for retry and not for start`);
}
