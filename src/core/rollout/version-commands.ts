import type { Micros } from '../../base/units.ts';
import type { Command } from '../../domain/command.ts';
import type { Seq } from '../../domain/ids.ts';
import type { Core } from '../core.ts';
import { cancelOrdersOfRow } from '../order-flow.ts';
import type { Outcome } from '../outcome.ts';
import { modeOf, rowID, versionRow } from '../risk/order-gate.ts';
import { flattenCustody } from './custodian.ts';
import { accepted, refused, type CommandOutcome } from './deploy.ts';
import { refuseUnhalt } from './foresight.ts';
import { rollbackInFlight, setLifecycle } from './rollout.ts';
import { changeRow } from './rows.ts';
import { rollBack } from './saga.ts';

type OnVersion<V extends Command['verb']> = Extract<Command, { readonly verb: V }>;

/** Takes a version's authority away: sticky, only people lift it. */
export function haltVersion(
  core: Core,
  asked: OnVersion<'halt' | 'unhalt'>,
  actor: string,
  seq: Seq,
  at: Micros,
  outcome: Outcome,
): CommandOutcome {
  const row = versionRow(core.gate, asked.sliceID, asked.version);
  if (row === undefined) return unknownVersion(asked.sliceID, asked.version);
  rollBack(core, row, { rule: 'manual', class: 'human', value: 1, limit: 0, text: asked.reason, actor }, seq, at, outcome);
  return accepted(`${rowID(asked.sliceID, asked.version)} is halted`);
}

export function unhaltVersion(core: Core, asked: OnVersion<'halt' | 'unhalt'>, actor: string, seq: Seq, outcome: Outcome): CommandOutcome {
  const refusal = refuseUnhalt(core, asked.sliceID, asked.version);
  if (refusal !== undefined) return refusal;
  const { gate, rollout } = core;
  const id = rowID(asked.sliceID, asked.version);
  const row = versionRow(gate, asked.sliceID, asked.version);
  if (row === undefined) return unknownVersion(asked.sliceID, asked.version);
  cancelOrdersOfRow(core, row, seq, 'unhalt', outcome);
  changeRow(core, row, { mode: 'SIMULATED', epoch: gate.epoch[row] + 1, byPerson: true }, actor, asked.reason, outcome);
  rollout.serving[row] = -1;
  setLifecycle(rollout, gate, row, 'Registered', `lifted by ${actor}: ${asked.reason}`, outcome);
  return accepted(`${id} may be deployed again`);
}

/** Restricts first: a version that still has authority loses it; its lots, and all that the custodian of the slice holds already, are worked off. */
export function flatten(core: Core, asked: OnVersion<'flatten'>, actor: string, seq: Seq, at: Micros, outcome: Outcome): CommandOutcome {
  const { gate } = core;
  const { sliceID, version, mode, slippageBps, reason } = asked;
  const id = rowID(sliceID, version);
  const row = versionRow(gate, sliceID, version);
  if (row === undefined) return unknownVersion(sliceID, version);
  if (!Number.isSafeInteger(slippageBps) || slippageBps < 0 || slippageBps > 10_000)
    return refused('LIMIT_NOT_A_SAFE_INTEGER', `slippageBps: expected a whole number 0…10000, was ${slippageBps}`);
  const { slice } = gate.rows[row];
  if (modeOf(gate, row) !== 'HALTED')
    rollBack(
      core,
      row,
      { rule: 'manual', class: 'human', value: 1, limit: 0, text: reason, actor, flatten: { mode, slippageBps } },
      seq,
      at,
      outcome,
    );
  const last = core.rollout.rollbacks.findLast((one) => one.row === row);
  // lots of a rollback that is still under way are worked off as it ends, and what comes later as the others
  if (last !== undefined) last.flatten = { mode, slippageBps };
  const listings = flattenCustody(core, slice, mode, slippageBps, seq, at, outcome);
  const waits = rollbackInFlight(core.rollout, slice) ? ', more as its orders end' : '';
  return accepted(`${id}: the custodian works off lots of ${listings} listings (${mode})${waits}`);
}

function unknownVersion(sliceID: string, version: string): CommandOutcome {
  return refused('UNKNOWN_VERSION', `version ${version} is not in ${sliceID}`);
}
