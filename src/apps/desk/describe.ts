import { formatSplit } from '../../base/decimal.ts';
import { splitZero, type Split } from '../../base/split.ts';
import { isoFromMicros } from '../../base/time.ts';
import { microsUnchecked } from '../../base/units.ts';
import type { Core } from '../../core/core.ts';
import { freeCapital } from '../../core/risk/capital.ts';
import type { Slice } from '../../core/risk/order-gate.ts';
import { findDeployment } from '../../core/rollout/deploy.ts';
import type { DeploymentView, DeskView, RowView } from '../../projections/desk-view.ts';
import { comparedBody, comparedLines, comparisonsOf } from './describe-compared.ts';
import { swapLine, swapStanding } from './describe-swap.ts';
import { openBreakLines, reconciliationBody } from './describe-breaks.ts';
import { exitCodes, type ExitCode } from './exit-codes.ts';

export const percent = (allocation: number): string => `${allocation / 100} %`;
export const clockOf = (at: number): string => (at === 0 ? '' : isoFromMicros(microsUnchecked(at)).slice(11, 19));

/** 0 healthy or on its way, 1 degraded or aborted, 3 waits for a person. */
export function exitCodeOf(view: DeskView, id?: string): ExitCode {
  const deployments = id === undefined ? [...view.deployments.values()] : [view.deployments.get(id)].filter((one) => one !== undefined);
  if (id !== undefined && deployments.length === 0) return exitCodes.refused;
  if (deployments.some(({ phase }) => phase === 'Paused')) return exitCodes.waitsForPerson;
  return deployments.some(({ phase }) => phase === 'Aborted' || phase === 'Degraded') && id !== undefined
    ? exitCodes.aborted
    : exitCodes.healthy;
}

/** The view as one JSON object. */
export function viewBody(view: DeskView, id?: string, core?: Core): unknown {
  if (id !== undefined) {
    const deployment = view.deployments.get(id);
    return deployment === undefined ? { error: `deployment ${id} is not there` } : deploymentBody(view, deployment, core);
  }
  return {
    seq: view.seq,
    at: view.at === 0 ? null : isoFromMicros(view.at),
    venues: view.simulatedOnly ? 'simulated' : 'real',
    killed: view.killed,
    kills: Object.fromEntries(view.kills),
    deployments: [...view.deployments.values()].map((deployment) => deploymentBody(view, deployment, core)),
    rows: [...view.rows.values()].map((row) => rowBody(view, row)),
    ...(core === undefined
      ? {}
      : { slices: core.gate.slices.map((slice) => sliceBody(core, slice)), trials: [...core.rollout.trialHeads.values()] }),
    proposals: [...view.proposals.values()],
    orders: view.orderCount,
    fills: view.fillCount,
    denials: view.denials.map(({ code, value, limit, scope, at, seq }) => ({ seq, at, code, value, limit, scope })),
    rollbacks: view.rollbacks.map(({ trigger, steps, completed, seq }) => ({
      seq,
      rule: trigger.rule,
      text: trigger.text,
      steps,
      completed,
    })),
    alerts: view.alerts,
    breaks: view.breaks,
    reconciliation: reconciliationBody(view),
    stateHash: view.stateHash,
  };
}

/** Capital of a slice, decimals of its currency, and the revision that a change of it expects. */
function sliceBody({ gate, registry }: Core, { ix, sliceID, total, reserve, currency, revision }: Slice): unknown {
  const { exponent, code } = registry.currencies[currency];
  const free = splitZero();
  freeCapital(gate, ix, free);
  const money = (amount: Split): string => formatSplit(amount, exponent);
  return { sliceID, currency: code, totalCapital: money(total), reserve: money(reserve), free: money(free), revision };
}

function deploymentBody(view: DeskView, deployment: DeploymentView, core?: Core): unknown {
  const { deploymentID, spec, phase, reason, stages, gates, row } = deployment;
  return {
    deploymentID,
    algorithmID: spec.algorithmID,
    version: spec.version,
    strategy: spec.strategy,
    ...(spec.baselineOf === undefined ? {} : { baselineOf: spec.baselineOf }),
    ...(spec.baseline === undefined ? {} : { baseline: `${deploymentID}-baseline` }),
    slice: spec.sliceID,
    universe: spec.universe,
    venues: spec.venues,
    environment: view.simulatedOnly ? `${spec.environment} (simulated venues only)` : spec.environment,
    phase,
    reason,
    ...(core === undefined ? {} : liveBody(core, deploymentID)),
    specHash: spec.specHash,
    stages,
    gates: [...gates.values()],
    row: rowBody(view, view.rows.get(row)),
    compared: comparisonsOf(view, row).map((one) => comparedBody(view, one)),
  };
}

/** What only a running desk knows. */
function liveBody(core: Core, deploymentID: string): object {
  const found = findDeployment(core, deploymentID);
  const swap = swapStanding(core, found);
  return { revision: found?.revision ?? null, ...(swap === undefined ? {} : { swap }) };
}

function rowBody(view: DeskView, row: RowView | undefined): unknown {
  if (row === undefined) return null;
  const positions = Object.fromEntries([...row.positions].map(([listing, lots]) => [view.listings[listing] ?? String(listing), lots]));
  const evidence = [...row.evidence.values()].map(({ side, value, observations, missing, terms }) => ({
    side,
    value,
    observations,
    missing,
    terms,
  }));
  return { ...row, positions, evidence };
}

/** The view as a tree of lines. */
export function viewText(view: DeskView, id?: string, core?: Core): string {
  if (id !== undefined && !view.deployments.has(id)) return `deployment ${id} is not there`;
  const lines = [
    `desk at ${clockOf(view.at)}, record ${view.seq}, ${view.simulatedOnly ? 'simulated venues' : 'real venues'}${view.killed ? `, KILLED: ${view.killReason}` : ''}`,
    ...[...view.kills].map(([target, reason]) => `KILLED ${target}: ${reason}`),
  ];
  for (const deployment of view.deployments.values()) {
    if (id !== undefined && deployment.deploymentID !== id) continue;
    lines.push(...deploymentLines(view, deployment));
    const swap = core === undefined ? undefined : swapStanding(core, findDeployment(core, deployment.deploymentID));
    if (swap !== undefined) lines.push(`   ${swapLine(swap)}`, `   next: ${swap.next}`);
  }
  if (id === undefined)
    lines.push(
      `${view.orderCount} orders, ${view.fillCount} fills, ${view.denialCount} denials, ${view.rollbacks.length} rollbacks, ${view.openBreaks.size} open breaks`,
      ...openBreakLines(view),
    );
  return lines.join('\n');
}

function deploymentLines(view: DeskView, deployment: DeploymentView): readonly string[] {
  const { deploymentID, spec, phase, reason, stages, row } = deployment;
  const rowView = view.rows.get(row);
  const lines = [
    `${deploymentID}  ${spec.algorithmID} ${spec.version}  ${spec.baselineOf === undefined ? spec.strategy : `baseline of ${spec.baselineOf}`}  ${phase}${reason === '' ? '' : `: ${reason}`}`,
  ];
  if (rowView !== undefined)
    lines.push(
      `├─ ${rowView.lifecycle}, ${rowView.mode}, cap ${money(rowView.cap)}, epoch ${rowView.epoch}, ${positionsText(view, rowView)}`,
    );
  for (const { side, value, observations, missing } of rowView?.evidence.values() ?? [])
    lines.push(
      `├─ evidence of ${side}: e = ${value.toFixed(2)} after ${observations} returns${missing === 0 ? '' : `, ${missing} missing`}`,
    );
  for (const one of comparisonsOf(view, row))
    lines.push(...comparedLines(view, one).map((line, i) => `${i === 0 ? '├─' : '│   '} ${line}`));
  stages.forEach((stage, i) => {
    lines.push(
      `${i === stages.length - 1 ? '└─' : '├─'} ${clockOf(stage.at)} ${stage.name} ${stage.stage < 0 ? '(simulated)' : percent(stage.allocation)}`,
    );
  });
  return lines;
}

export function positionsText(view: DeskView, row: RowView): string {
  const held = [...row.positions].filter(([, lots]) => lots !== 0).map(([listing, lots]) => `${lots} ${view.listings[listing] ?? listing}`);
  return held.length === 0 ? 'flat' : held.join(', ');
}

/** `100000.000000000000` as `100,000`. */
export function money(text: string): string {
  const [whole, fraction = ''] = text.split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  const cents = fraction.slice(0, 2).replace(/0+$/, '');
  return cents === '' ? grouped : `${grouped}.${cents.padEnd(2, '0')}`;
}
