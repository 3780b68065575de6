import type { Micros } from '../../base/units.ts';
import type { Seq } from '../../domain/ids.ts';
import type { Core } from '../core.ts';
import { cancelOrdersOfRow } from '../order-flow.ts';
import type { Outcome } from '../outcome.ts';
import { modeOf } from '../risk/order-gate.ts';

import { pause } from './controller.ts';
import { closeProposals } from './proposals.ts';
import { changeRow } from './rows.ts';

/** Latches the kill switch: the gateway first, then every row CANCEL_ONLY, every order back, every climb paused. Twice is once. */
export function kill(core: Core, reason: string, actor: string, seq: Seq, at: Micros, outcome: Outcome): void {
  const { rollout, gate } = core;
  if (rollout.killed) return;
  rollout.killed = true;
  rollout.killReason = reason;
  rollout.killActor = actor;
  core.risk.killed = true;
  // a feed that speaks again gives back only what its silence took
  core.staleRows.clear();
  core.startRows.clear();
  outcome.effects.push({ kind: 'kill', reducing: true, engaged: true });
  outcome.decisions.push({ kind: 'killLatched', engaged: true, actor, reason });
  for (const row of gate.rows) {
    cancelOrdersOfRow(core, row.ix, seq, 'kill switch', outcome);
    const mode = modeOf(gate, row.ix);
    if (mode === 'HALTED' || mode === 'CANCEL_ONLY') continue;
    changeRow(core, row.ix, { mode: 'CANCEL_ONLY' }, actor, `kill switch: ${reason}`, outcome);
    outcome.effects.push({ kind: 'authority', reducing: true, row: row.ix, epoch: gate.epoch[row.ix], capital: 0, trading: false });
  }
  for (const deployment of rollout.deployments) {
    if (deployment.phase === 'Progressing') pause(core, deployment, `kill switch: ${reason}`, at, outcome);
  }
  closeProposals(core, actor, `kill switch: ${reason}`, outcome);
  const text = `kill switch engaged by ${actor}: ${reason}`;
  outcome.decisions.push({ kind: 'alertRaised', severity: 'critical', subject: 'KILL_SWITCH', value: 1, limit: 0, text });
  outcome.effects.push({ kind: 'alert', reducing: true, severity: 'critical', subject: 'KILL_SWITCH', text });
}

/** Opens the latch again; rows stay CANCEL_ONLY until somebody resumes their deployments. */
export function release(core: Core, reason: string, actor: string, outcome: Outcome): void {
  const { rollout } = core;
  if (!rollout.killed) return;
  rollout.killed = false;
  rollout.killReason = '';
  rollout.killActor = '';
  core.risk.killed = false;
  outcome.effects.push({ kind: 'kill', reducing: false, engaged: false });
  outcome.decisions.push({ kind: 'killLatched', engaged: false, actor, reason });
  // the custodian goes back to what it may always do: reduce
  for (const { custodian } of core.gate.slices) {
    if (core.starting) core.startRows.add(custodian);
    else changeRow(core, custodian, { mode: 'REDUCING' }, actor, 'kill switch released', outcome);
  }
}
