import { exitCodeOf } from '../desk/describe.ts';
import type { ControlAnswer } from '../desk/control-socket.ts';
import { exitCodes } from '../desk/exit-codes.ts';
import type { Phase } from '../../domain/rollout.ts';
import type { DeploymentView, DeskView, RollbackView } from '../../projections/desk-view.ts';

/** Health in one line each: what a script asks for. */
export function statusOf(view: DeskView, id: string | undefined): ControlAnswer {
  const deployment = id === undefined ? undefined : view.deployments.get(id);
  if (id !== undefined && deployment === undefined) {
    const text = `deployment ${id} is not there`;
    return { exitCode: exitCodes.refused, body: { error: text, code: 'UNKNOWN_DEPLOYMENT', exitCode: exitCodes.refused }, text };
  }
  const all = deployment === undefined ? [...view.deployments.values()] : [deployment];
  const desk = view.killed ? [`KILLED: ${view.killReason}`] : [];
  const lines = [...desk, ...all.map((one) => statusLine(view, one))];
  return {
    exitCode: exitCodeOf(view, id),
    body: {
      killed: view.killed,
      seq: view.seq,
      deployments: all.map(({ deploymentID, phase, reason, stages }) => ({
        deploymentID,
        phase,
        reason,
        stage: stages.at(-1)?.name ?? null,
        done: phase === 'Healthy' || phase === 'Aborted',
      })),
    },
    text: lines.length === 0 ? 'no deployment' : lines.join('\n'),
  };
}

function statusLine(view: DeskView, deployment: DeploymentView): string {
  const { deploymentID, spec, phase, reason, stages } = deployment;
  const stage = stages.at(-1)?.name;
  const rollback = rollbackOf(view, deployment);
  const why = rollback === undefined ? whyText(phase, reason) : `: ${rolledBackText(rollback)}`;
  return `${deploymentID}  ${spec.algorithmID} ${spec.version}  ${phase}${stage === undefined ? '' : ` at ${stage}`}${why}`;
}

/** The rollback that a deployment's end came by; undefined = it came by none. */
export function rollbackOf(view: DeskView, { phase, row, deployedAt }: DeploymentView): RollbackView | undefined {
  if (phase !== 'Aborted' && phase !== 'Degraded' && phase !== 'RollingBack') return undefined;
  return view.rollbacks.findLast((one) => one.row === row && one.at >= deployedAt);
}

/** What set it off, in words. */
export function rolledBackText({ trigger: { rule, text } }: RollbackView): string {
  return `rolled back by ${rule}${text === '' || text === rule ? '' : `: ${text}`}`;
}

/** Why it is in its phase; going on needs no reason. */
export function whyText(phase: Phase, reason: string): string {
  return reason === '' || phase === 'Progressing' || phase === 'Healthy' ? '' : `: ${reason}`;
}
