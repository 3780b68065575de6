import type { Micros } from '../../base/units.ts';
import type { Command } from '../../domain/command.ts';
import type { RowIx, Seq } from '../../domain/ids.ts';
import type { Core } from '../core.ts';
import { cancelOrdersWhere } from '../order-flow.ts';
import type { Outcome } from '../outcome.ts';
import { modeOf } from '../risk/order-gate.ts';
import { mustStay } from './closing-legs.ts';
import { pause } from './controller.ts';
import { accepted, type CommandOutcome } from './deploy.ts';
import { resumeOne } from './deployment-commands.ts';
import { pausedBy, refuseStart, refuseStrategy } from './foresight.ts';
import { servedBy } from './rollout.ts';
import { changeRow, leaveToPeople } from './rows.ts';
import { rollBack } from './saga.ts';

type OnStrategy = Extract<Command, { readonly algorithmID: string; readonly reason: string }>;

/** All versions of one algorithm at once: stop halts them, pause takes their orders back and lets no new one leave, start gives back what pause took. */
export function onStrategy(core: Core, asked: OnStrategy, actor: string, seq: Seq, at: Micros, outcome: Outcome): CommandOutcome {
  const { algorithmID, reason } = asked;
  const refusal = refuseStrategy(core, algorithmID);
  if (refusal !== undefined) return refusal;
  const rows = core.gate.rows.filter((row) => row.algorithmID === algorithmID && !row.custodian).map((row) => row.ix);
  switch (asked.verb) {
    case 'stopStrategy': {
      const running = rows.filter((row) => modeOf(core.gate, row) !== 'HALTED' && servedBy(core.rollout, row) !== undefined);
      for (const row of running)
        rollBack(core, row, { rule: 'manual', class: 'human', value: 1, limit: 0, text: reason, actor }, seq, at, outcome);
      return accepted(`${algorithmID} is stopped: ${running.length} versions halted`);
    }
    case 'pauseStrategy': {
      const taken = rows.filter((row) => pauseRow(core, row, actor, reason, seq, at, outcome)).length;
      return accepted(`${algorithmID} is paused: ${taken} versions may only cancel`);
    }
    case 'startStrategy':
      return start(core, algorithmID, seq, at, outcome);
  }
}

function pauseRow(core: Core, row: RowIx, actor: string, reason: string, seq: Seq, at: Micros, outcome: Outcome): boolean {
  const { gate, rollout } = core;
  const deployment = servedBy(rollout, row);
  const mode = modeOf(gate, row);
  if (deployment === undefined || mode === 'HALTED') return false;
  leaveToPeople(core, row);
  cancelOrdersWhere(core, row, (order) => !mustStay(core, row, order), seq, `strategy paused: ${reason}`, outcome);
  if (mode !== 'CANCEL_ONLY') {
    changeRow(core, row, { mode: 'CANCEL_ONLY' }, actor, `strategy paused: ${reason}`, outcome);
    outcome.effects.push({ kind: 'authority', reducing: true, row, epoch: gate.epoch[row], capital: 0, trading: false });
  }
  if (deployment.phase === 'Progressing') pause(core, deployment, `strategy paused by ${actor}: ${reason}`, at, outcome);
  if (deployment.phase === 'Paused') deployment.pausedBy = actor;
  // a start that was proposed before does not undo this
  deployment.revision++;
  return true;
}

function start(core: Core, algorithmID: string, seq: Seq, at: Micros, outcome: Outcome): CommandOutcome {
  const refusal = refuseStart(core, algorithmID);
  if (refusal !== undefined) return refusal;
  const answers = pausedBy(core, algorithmID).map((one) => resumeOne(core, one, seq, at, outcome));
  return accepted(`${algorithmID} is started: ${answers.map(({ text }) => text).join('; ')}`);
}
