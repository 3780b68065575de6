import type { DeploymentSpec, Stage } from '../../domain/spec.ts';
import type { Core } from '../core.ts';
import { judgeDeclared } from './declared-gates.ts';
import { judgeApproval } from './approvals.ts';
import type { Deployment } from './deployment.ts';
import { edgeGatesBefore, judgeEdge, type EdgeGate } from './edge-gates.ts';
import { judgeWindow } from './freeze-window.ts';
import type { Judgment } from './judgment.ts';
import { judgePortfolio } from './portfolio-gate.ts';
import { judgeReconciled } from './reconciled-gate.ts';

/** A waiver is for one gate before one stage: the same gate before another stage is asked again. */
export function waiverKey(stage: number, gate: string): string {
  return `${stage}/${gate}`;
}

/** Names of the gates that a stage asks for before its capital is granted, the profile's among them. */
export function gateNamesBefore(spec: DeploymentSpec, stage: Stage): readonly string[] {
  const edges = edgeGatesBefore(spec, stage).map(({ name }) => name);
  return [...edges, ...stage.entryGates.filter((name) => !edges.includes(name))];
}

/** Judges what the next stage asks before its capital is granted: declared gates, the profile's gate, the approval. Gates waived for this stage pass. */
export function judgeEntry(core: Core, deployment: Deployment, target: number): readonly Judgment[] {
  const { spec } = deployment;
  const stage = spec.stages[target];
  const edges = edgeGatesBefore(spec, stage);
  const judgments = gateNamesBefore(spec, stage).map((name) =>
    waived(
      deployment,
      target,
      judgeOne(
        core,
        deployment,
        name,
        edges.find((one) => one.name === name),
      ),
    ),
  );
  const approval = judgeApproval(core, deployment, target);
  const portfolio = judgePortfolio(core, deployment.row);
  return [
    ...judgments,
    ...(approval === undefined ? [] : [approval]),
    ...(portfolio === undefined ? [] : [portfolio]),
    ...judgeReconciled(core, deployment),
    ...judgeWindow(spec, core.at),
  ];
}

function waived(deployment: Deployment, target: number, judged: Judgment): Judgment {
  if (judged.verdict === 'pass' || !deployment.waivers.has(waiverKey(target, judged.gate))) return judged;
  return { ...judged, verdict: 'pass', text: `${judged.text}: waived by two people` };
}

function judgeOne(core: Core, deployment: Deployment, name: string, edge: EdgeGate | undefined): Judgment {
  if (edge !== undefined) return judgeEdge(core, deployment.row, deployment.spec, edge);
  const declared = deployment.spec.gates.find((one) => one.name === name);
  return judgeDeclared(core, deployment, name, declared);
}
