import type { DeploymentSpec, GateSpec } from '../../domain/spec.ts';
import { sealTrials, type CountedTrials } from '../../domain/trial-seal.ts';
import { MAX_TRIALS } from '../../quant/performance/deflated-sharpe.ts';
import type { Core } from '../core.ts';

/** Trials that a deflated gate declares; NaN where it says nothing. */
export function trialsOf({ parameters: { trials, trialVariance } }: GateSpec): CountedTrials {
  return {
    trials: typeof trials === 'number' ? trials : NaN,
    trialVariance: typeof trialVariance === 'number' ? trialVariance : NaN,
  };
}

/** Why a declared number of trials is none that a deflated Sharpe ratio can be judged by; undefined = it is one. */
export function refuseTrials(spec: DeploymentSpec, gate: GateSpec): string | undefined {
  const counted = trialsOf(gate);
  const { trials, trialVariance } = counted;
  const { sealed } = gate.parameters;
  if (Number.isNaN(trials) || Number.isNaN(trialVariance) || typeof sealed !== 'string')
    return 'trials, trialVariance, sealed: expected the count of the registry of trials (deploy -f reads it, plimsoll trials says it), was nothing';
  if (!Number.isSafeInteger(trials) || trials < 1 || trials > MAX_TRIALS)
    return `trials: expected a whole number 1…${MAX_TRIALS}, was ${trials}`;
  if (!(trialVariance >= 0 && trialVariance < 1e6)) return `trialVariance: expected 0…1000000, was ${trialVariance}`;
  if (trials > 1 && trialVariance === 0)
    return `trialVariance: expected more than 0 of ${trials} trials, was 0: fewer than two of them have a Sharpe ratio`;
  if (sealed !== sealTrials(spec, counted))
    return `sealed: ${trials} trials were counted for another version, other parameters or another number`;
  return undefined;
}

/**
 * A count that was declared for an algorithm stands for as long as the desk does: it may grow, and may not shrink or vary otherwise at the same number,
 * whichever version says it. @returns why a spec contradicts it; undefined = it does not
 */
export function refuseFewerTrials(core: Core, spec: DeploymentSpec): string | undefined {
  const said = spec.gates.filter(({ test }) => test === 'dsr');
  if (said.length === 0) return undefined;
  for (const gate of said) {
    const { trials, trialVariance } = trialsOf(gate);
    const other = said.map(trialsOf).find((one) => one.trials !== trials || one.trialVariance !== trialVariance);
    if (other !== undefined)
      return `gate ${gate.name}: trials: the spec says ${trials} and ${other.trials} (variance ${trialVariance} and ${other.trialVariance})`;
    for (const { spec: earlier } of core.rollout.deployments) {
      if (earlier.algorithmID !== spec.algorithmID) continue;
      const known = earlier.gates.filter(({ test }) => test === 'dsr').map(trialsOf);
      const against = known.find((one) => one.trials > trials || (one.trials === trials && one.trialVariance !== trialVariance));
      if (against !== undefined)
        return `gate ${gate.name}: trials: ${earlier.deploymentID} declared ${against.trials} of ${spec.algorithmID} with variance ${against.trialVariance}, was ${trials} with ${trialVariance}: the number of trials is never reset`;
    }
  }
  return undefined;
}

/** Why a spec may not be deployed by its count of trials: what it declares is what the desk has accepted, no less and no more. Undefined = it may. */
export function refuseUnacceptedTrials(core: Core, spec: DeploymentSpec): string | undefined {
  for (const gate of spec.gates) {
    if (gate.test !== 'dsr') continue;
    const { trials, trialVariance } = trialsOf(gate);
    const known = core.rollout.trialHeads.get(spec.algorithmID);
    if (known === undefined)
      return `gate ${gate.name}: trials: expected a count of ${spec.algorithmID} that two people have accepted on this desk (accept-trials), was none`;
    if (trials < known.trials)
      return `gate ${gate.name}: trials: expected ${known.trials}, which this desk knows of ${spec.algorithmID}, was ${trials}: the number of trials is never reset`;
    if (trials > known.trials || trialVariance !== known.trialVariance)
      return `gate ${gate.name}: trials: expected ${known.trials} with variance ${known.trialVariance}, which this desk has accepted of ${spec.algorithmID}, was ${trials} with ${trialVariance}: accept-trials takes the new count`;
  }
  return undefined;
}
