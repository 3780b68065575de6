import { isoFromMicros } from '../../base/time.ts';
import { microsUnchecked, type Micros } from '../../base/units.ts';
import type { Core } from '../../core/core.ts';
import { approvalOf, approvedName, approversOf } from '../../core/rollout/approvals.ts';
import type { Deployment } from '../../core/rollout/deployment.ts';

/** Who has yet to say yes to the next stage, or to the cutover, and whose yes holds until when; '' = nobody is asked. */
export function whoApproves(core: Core, deployment: Deployment, at: Micros): string {
  const { spec, proposedBy } = deployment;
  const stage = deployment.stage + 1;
  const wanted = approvalOf(spec, stage);
  if (wanted === null) return '';
  const given = approversOf(core, deployment, stage, at);
  if (given.length >= wanted.count) return '';
  const held = (deployment.approvals.get(stage) ?? []).filter(({ personID }) => given.includes(personID));
  const until = held.map(({ personID, expiresAt }) => `${personID} until ${isoFromMicros(microsUnchecked(expiresAt)).slice(11, 19)}`);
  const has = until.length === 0 ? '' : `; it has the yes of ${until.join(', ')}`;
  const who = [proposedBy, ...given].join(', ');
  return `${wanted.count - given.length} of ${wanted.roles.join(' or ')}, not ${who}: plimsoll approve ${spec.deploymentID} approves ${approvedName(spec, stage)}${has}`;
}
