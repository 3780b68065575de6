import { refuseSpec, type CommandOutcome } from '../../core/rollout/deploy.ts';
import type { DeploymentSpec } from '../../domain/spec.ts';

/** What every desk would refuse a spec for, whatever it holds; undefined = nothing. Trials of a deflated gate are written into it when it is deployed. */
export function refusalWhenDeployed(spec: DeploymentSpec): CommandOutcome | undefined {
  const gates = spec.gates.filter(({ test, parameters }) => test !== 'dsr' || parameters['sealed'] !== undefined);
  return refuseSpec({ ...spec, gates });
}
