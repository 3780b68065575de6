import type { Core } from '../../core/core.ts';
import { findDeployment } from '../../core/rollout/deploy.ts';
import { microsUnchecked } from '../../base/units.ts';
import type { Judgment } from '../../core/rollout/judgment.ts';
import { judgeNow } from '../../core/rollout/promotion.ts';
import type { Duration } from '../../base/duration.ts';
import type { Stage } from '../../domain/spec.ts';
import type { DeploymentView, DeskView, RowView } from '../../projections/desk-view.ts';
import type { ControlAnswer } from '../desk/control-socket.ts';
import { clockOf, exitCodeOf, money, percent, positionsText } from '../desk/describe.ts';
import { swapPath, swapStanding } from '../desk/describe-swap.ts';
import { exitCodes } from '../desk/exit-codes.ts';
import { whyText } from './status.ts';
import { durationText, whoActs } from './explain.ts';

/** The tree fits a terminal of 80 x 24, its last line free for the cursor. */
const columns = 79;
const rows = 23;
const gaugeWidth = 20;

const marks: Readonly<Record<string, string>> = { pass: '✔', fail: '✖', error: '✖', inconclusive: '◌' };
const phaseMarks: Readonly<Record<string, string>> = { Healthy: '✔', Aborted: '✖', Degraded: '✖', Paused: '‖', RollingBack: '↩' };

/** One deployment as a tree: what it is, what it holds, its stages, what it is judged by now, and who acts next. */
export function treeOf(view: DeskView, id: string, core?: Core): ControlAnswer {
  const deployment = view.deployments.get(id);
  if (deployment === undefined) {
    const text = `deployment ${id} is not there`;
    return { exitCode: exitCodes.refused, body: { error: text, code: 'UNKNOWN_DEPLOYMENT', exitCode: exitCodes.refused }, text };
  }
  const live = core === undefined ? undefined : findDeployment(core, id);
  const climbing = deployment.phase === 'Progressing' || deployment.phase === 'Paused';
  const judged = core === undefined || live === undefined || !climbing ? [] : judgeNow(core, live, microsUnchecked(view.at));
  const swap = core === undefined ? undefined : swapStanding(core, live);
  const acts = swap !== undefined && climbing && !view.killed ? swap.next : whoActs(view, deployment, live);
  const head = headLines(view, deployment, live?.revision);
  const tail = [...proposalLines(view, id), `next     ${acts}`];
  const body =
    swap === undefined ? section('stages', stageLines(deployment)) : section(`swap     ${swap.from} for ${swap.to}`, swapPath(swap));
  const room = rows - head.length - body.length - tail.length - 1;
  const lines = [...head, ...body, ...section('judged now', shortened(judged.map(gateLine), room)), ...tail];
  const text = lines.slice(0, rows).map(clip).join('\n');
  return {
    exitCode: exitCodeOf(view, id),
    body: {
      deploymentID: id,
      phase: deployment.phase,
      reason: deployment.reason,
      revision: live?.revision ?? null,
      stage: deployment.stages.at(-1)?.name ?? null,
      ...(swap === undefined ? {} : { swap }),
      judgedNow: judged,
      seq: view.seq,
    },
    text,
  };
}

function headLines(view: DeskView, deployment: DeploymentView, revision: number | undefined): readonly string[] {
  const { deploymentID, spec, phase, reason, row, stages } = deployment;
  const venues = view.simulatedOnly ? 'simulated venues' : 'real venues';
  const share = Math.max(0, stages.at(-1)?.allocation ?? 0) / 10_000;
  const rowView = view.rows.get(row);
  return [
    `${deploymentID}   ${spec.strategy}   ${spec.algorithmID} ${spec.version} on ${spec.sliceID}`,
    `desk     ${clockOf(view.at)}, record ${view.seq}, ${venues}${view.killed ? `, KILLED: ${view.killReason}` : ''}`,
    `phase    ${phaseMarks[phase] ?? '◐'} ${phase}${revision === undefined ? '' : `, revision ${revision}`}${whyText(phase, reason)}`,
    `capital  ${gauge(rowView?.mode === 'HALTED' ? 0 : share)} ${percent(share * 10_000)}, cap ${money(rowView?.cap ?? '0')}`,
    ...(rowView === undefined ? [] : [`row      ${rowLine(view, rowView)}`]),
  ];
}

function rowLine(view: DeskView, row: RowView): string {
  const { lifecycle, mode, epoch, orders, fills, denials } = row;
  return `${lifecycle}, ${mode}, epoch ${epoch}, ${positionsText(view, row)}, ${orders} orders, ${fills} fills, ${denials} denials`;
}

function gauge(share: number): string {
  const filled = Math.round(Math.sqrt(share) * gaugeWidth);
  return `${'█'.repeat(filled)}${'·'.repeat(gaugeWidth - filled)}`;
}

function stageLines({ spec, stages, phase }: DeploymentView): readonly string[] {
  const held = stages.at(-1);
  if (spec.strategy === 'BlueGreen') return held === undefined ? [] : [`◐ took over at ${clockOf(held.at)}`];
  if (spec.stages.length === 0) return held === undefined ? [] : [`◐ on paper since ${clockOf(held.at)}`];
  const at = held?.stage ?? -1;
  const all = spec.stages.map((stage, n) => {
    const granted = stages.find((one) => one.stage === n);
    const mark = n < at || phase === 'Healthy' ? '✔' : n === at ? '◐' : '○';
    const what = granted === undefined ? asksFor(stage) : `since ${clockOf(granted.at)}`;
    return `${mark} ${stage.name.padEnd(10)} ${percent(stage.allocation).padStart(7)}  ${what}`;
  });
  // a long ladder is shown around where it stands
  const first = Math.max(0, Math.min(at - 2, all.length - 7));
  return all.slice(first, first + 7);
}

function asksFor({ minDuration, minTrades, entryGates, entryApproval }: Stage): string {
  const approval = entryApproval === null ? [] : [`${entryApproval.count} of ${entryApproval.roles.join('/')}`];
  const asked = [...entryGates, ...approval];
  return `${asked.length === 0 ? '' : `asks ${asked.join(', ')}; `}lasts ${lengthOf(minDuration)}, ${minTrades} fills`;
}

function lengthOf({ days, micros }: Duration): string {
  return [days > 0 ? `${days} days` : '', micros > 0 ? durationText(micros) : ''].filter((part) => part !== '').join(' ') || 'no time';
}

function gateLine({ gate, verdict, text }: Judgment): string {
  return `${marks[verdict] ?? '?'} ${gate}: ${text}`;
}

function proposalLines(view: DeskView, id: string): readonly string[] {
  return [...view.proposals.values()]
    .filter(({ subject, expiresAt }) => subject === id && expiresAt > view.at)
    .slice(0, 3)
    .map(({ proposalID, verb, actor }) => `waits    ${proposalID}: ${verb} by ${actor}, for a second person`);
}

function section(name: string, lines: readonly string[]): readonly string[] {
  if (lines.length === 0) return [];
  return [name, ...lines.map((line, n) => `${n === lines.length - 1 ? '└─' : '├─'} ${line}`)];
}

function shortened(lines: readonly string[], room: number): readonly string[] {
  if (lines.length <= room) return lines;
  return room < 2 ? [] : [...lines.slice(0, room - 1), `… ${lines.length - room + 1} more: plimsoll explain`];
}

function clip(line: string): string {
  const characters = [...line];
  return characters.length <= columns ? line : `${characters.slice(0, columns - 1).join('')}…`;
}
