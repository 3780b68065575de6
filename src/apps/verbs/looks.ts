import { isoFromMicros } from '../../base/time.ts';
import { microsUnchecked } from '../../base/units.ts';
import { areAnswered } from '../../core/reconcile/reconciliation.ts';
import { comparedAnswer } from '../desk/describe-compared.ts';
import { reconciliationAnswer } from '../desk/describe-breaks.ts';
import { exitCodes } from '../desk/exit-codes.ts';
import { exitCodeOf, viewBody, viewText } from '../desk/describe.ts';
import type { ControlAnswer, ControlRequest } from '../desk/control-socket.ts';
import type { DeploymentEvent } from '../desk/event-log.ts';
import { refusalOf, type AskedDesk } from './ask-verb.ts';
import { explainView } from './explain.ts';
import { limitsAnswer } from './limits.ts';
import { statusOf } from './status.ts';
import { treeOf } from './tree.ts';

/** What may be looked at without saying who looks. */
export const lookVerbs = [
  'get',
  'explain',
  'status',
  'tree',
  'events',
  'verdicts',
  'versions',
  'proposals',
  'breaks',
  'compared',
  'limits',
] as const;
export type LookVerb = (typeof lookVerbs)[number];

export function isLook(verb: string): verb is LookVerb {
  return (lookVerbs as readonly string[]).includes(verb);
}

export function lookAt(desk: AskedDesk, verb: LookVerb, request: ControlRequest): ControlAnswer {
  const { view, core, events } = desk;
  const id = typeof request['id'] === 'string' && request['id'] !== '' ? request['id'] : undefined;
  switch (verb) {
    case 'get':
      return { exitCode: exitCodeOf(view, id), body: viewBody(view, id, core), text: viewText(view, id, core) };
    case 'explain':
      return explainView(view, id ?? '', core);
    case 'status':
      return statusOf(view, id);
    case 'tree':
      return treeOf(view, id ?? '', core);
    case 'events':
      return eventsOf(desk, id ?? '', (one) => events.of(one));
    case 'verdicts':
      return eventsOf(desk, id ?? '', (one) => events.verdictsOf(one));
    case 'compared':
      return comparedAnswer(view, id ?? '');
    case 'versions':
      return versionsOf(desk, id ?? '');
    case 'proposals':
      return proposalsOf(desk);
    case 'limits':
      return limitsAnswer(view, core);
    case 'breaks':
      return reconciliationAnswer(view, areAnswered(core.reconciliation));
  }
}

function eventsOf(desk: AskedDesk, deploymentID: string, of: (id: string) => readonly DeploymentEvent[]): ControlAnswer {
  const { view } = desk;
  if (!view.deployments.has(deploymentID))
    return refusalOf(exitCodes.refused, 'UNKNOWN_DEPLOYMENT', `deployment ${deploymentID} is not there`);
  const list = of(deploymentID);
  const text = list
    .map(({ seq, at, kind }) => `${String(seq).padStart(9)}  ${isoFromMicros(microsUnchecked(at)).slice(0, 19)}Z  ${kind}`)
    .join('\n');
  return { exitCode: exitCodes.healthy, body: { deploymentID, events: list }, text };
}

/** Versions that are registered for an algorithm, each with what it does in every slice. */
function versionsOf({ core, view }: AskedDesk, algorithmID: string): ControlAnswer {
  const { versions, algorithms } = core.rollout;
  if (!algorithms.includes(algorithmID))
    return refusalOf(
      exitCodes.refused,
      'UNKNOWN_ALGORITHM',
      `algorithm ${algorithmID} is not registered: there are ${algorithms.join(', ') || 'none'}`,
    );
  const rows = [...view.rows.values()].filter((row) => row.sliceID.split('@')[0] === algorithmID);
  const list = [...versions]
    .filter(([id]) => id.slice(0, id.lastIndexOf('/')) === algorithmID)
    .map(([id, artifactDigest]) => {
      const version = id.slice(id.lastIndexOf('/') + 1);
      const slices = rows
        .filter((row) => row.version === version)
        .map(({ sliceID, lifecycle, mode, epoch, cap }) => ({ sliceID, lifecycle, mode, epoch, cap }));
      return { version, artifactDigest, slices };
    });
  const text = list
    .map(
      ({ version, slices }) =>
        `${version.padEnd(12)} ${slices.map((one) => `${one.sliceID} ${one.lifecycle} ${one.mode}`).join(', ') || 'registered'}`,
    )
    .join('\n');
  return { exitCode: exitCodes.healthy, body: { algorithmID, versions: list }, text };
}

function proposalsOf({ view }: AskedDesk): ControlAnswer {
  const list = [...view.proposals.values()].filter(({ expiresAt }) => expiresAt > view.at);
  const lines = list.map(
    ({ proposalID, actor, text, digest }) => `${proposalID.padEnd(5)} by ${actor}: ${text}; digest ${digest.slice(0, 12)}`,
  );
  return {
    exitCode: list.length === 0 ? exitCodes.healthy : exitCodes.waitsForPerson,
    body: { proposals: list },
    text: lines.length === 0 ? 'nothing waits for a second person' : lines.join('\n'),
  };
}
