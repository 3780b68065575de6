import { splitZero, type Split } from '../../base/split.ts';
import type { Micros } from '../../base/units.ts';
import type { PersonID } from '../../domain/ids.ts';
import type { DeploymentSpec, Stage } from '../../domain/spec.ts';
import type { Core } from '../core.ts';
import { capInto, rowID } from '../risk/order-gate.ts';
import type { Deployment } from './deployment.ts';
import { capOfIncrease } from './equity-at-open.ts';
import type { Judgment } from './judgment.ts';

const capital = splitZero();

/** Who has to say yes before a stage's capital is granted; of a blue/green deployment, before its cutover, which is its stage 0. null = nobody. */
export function approvalOf({ stages, blueGreen }: Pick<DeploymentSpec, 'stages' | 'blueGreen'>, stage: number): Stage['entryApproval'] {
  if (blueGreen !== null) return stage === 0 ? (blueGreen.entryApproval ?? null) : null;
  return stages[stage]?.entryApproval ?? null;
}

/** What it is called that is approved. */
export function approvedName({ stages, blueGreen }: Pick<DeploymentSpec, 'stages' | 'blueGreen'>, stage: number): string {
  return blueGreen !== null ? 'the cutover' : (stages[stage]?.name ?? `stage ${stage}`);
}

/** The capital that a yes is for: the stage's, or what the old version has to hand over. Another one by now, and the yes is for something else. Written over by the next call. */
export function approvedCapital(core: Core, { spec, row }: Deployment, stage: number): Readonly<Split> {
  const { gate } = core;
  capital.hi = 0;
  capital.lo = 0;
  if (spec.blueGreen === null) {
    const wanted = spec.stages[stage];
    if (wanted !== undefined) capOfIncrease(capital, core, gate.rows[row].slice, wanted.allocation);
    return capital;
  }
  const from = gate.rowIx.get(rowID(spec.sliceID, spec.blueGreen.blueVersion));
  if (from !== undefined) capInto(capital, gate, from);
  return capital;
}

/** People whose yes holds at a time: not expired, and for the capital that it is about now. */
export function approversOf(core: Core, deployment: Deployment, stage: number, at: Micros): readonly PersonID[] {
  const { hi, lo } = approvedCapital(core, deployment, stage);
  return (deployment.approvals.get(stage) ?? [])
    .filter((given) => at < given.expiresAt && given.capital.hi === hi && given.capital.lo === lo)
    .map(({ personID }) => personID);
}

/** The yes of people, as a gate; undefined = nobody is asked. */
export function judgeApproval(core: Core, deployment: Deployment, stage: number): Judgment | undefined {
  const wanted = approvalOf(deployment.spec, stage);
  if (wanted === null) return undefined;
  const given = approversOf(core, deployment, stage, core.at).length;
  const gone = (deployment.approvals.get(stage) ?? []).length - given;
  const { count, roles } = wanted;
  const text = `${given} of ${count} approvals by ${roles.join(' or ')}${gone === 0 ? '' : `, ${gone} expired or for another capital`}`;
  return { gate: 'approval', verdict: given >= count ? 'pass' : 'inconclusive', value: given, limit: count, text };
}
