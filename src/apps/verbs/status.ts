import { exitCodeOf } from '../desk/describe.ts';
import type { ControlAnswer } from '../desk/control-socket.ts';
import { exitCodes } from '../desk/exit-codes.ts';
import type { Phase } from '../../domain/rollout.ts';
import type { DeploymentView, DeskView } from '../../projections/desk-view.ts';

/** Health in one line each: what a script asks for. */
export function statusOf(view: DeskView, id: string | undefined): ControlAnswer {
  const deployment = id === undefined ? undefined : view.deployments.get(id);
  if (id !== undefined && deployment === undefined) {
    const text = `deployment ${id} is not there`;
    return { exitCode: exitCodes.refused, body: { error: text, code: 'UNKNOWN_DEPLOYMENT', exitCode: exitCodes.refused }, text };
  }
  const all = deployment === undefined ? [...view.deployments.values()] : [deployment];
  const desk = view.killed ? [`KILLED: ${view.killReason}`] : [];
  const lines = [...desk, ...all.map(statusLine)];
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

function statusLine({ deploymentID, spec, phase, reason, stages }: DeploymentView): string {
  const stage = stages.at(-1)?.name;
  return `${deploymentID}  ${spec.algorithmID} ${spec.version}  ${phase}${stage === undefined ? '' : ` at ${stage}`}${whyText(phase, reason)}`;
}

/** Why it is in its phase; going on needs no reason. */
export function whyText(phase: Phase, reason: string): string {
  return reason === '' || phase === 'Progressing' || phase === 'Healthy' ? '' : `: ${reason}`;
}
