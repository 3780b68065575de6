import type { RowIx } from '../../domain/ids.ts';
import type { Core } from '../core.ts';
import type { Outcome } from '../outcome.ts';
import { modeActive, modeOf, modeReducing } from '../risk/order-gate.ts';
import { stopsRow } from '../rollout/latches.ts';
import { changeRow } from '../rollout/rows.ts';
import { isOnPaper } from '../rollout/rollout.ts';
import { workingMode } from '../rollout/working-mode.ts';
import { isAffected, isUncompared } from './affected.ts';

/** Why a row gets back what the start took. */
export const venuesCompared = 'the venues were compared';

/** Rows of accounts with an open break can take back and nothing else; rows on paper reach no venue and go on. */
export function restrictAffected(core: Core, outcome: Outcome): void {
  const { gate, reconciliation } = core;
  for (const { ix } of gate.rows) {
    const mode = gate.mode[ix];
    if ((mode !== modeActive && mode !== modeReducing) || !isAffected(core, ix)) continue;
    reconciliation.restricted.add(ix);
    changeRow(core, ix, { mode: 'CANCEL_ONLY' }, 'core', 'a break with a venue is open', outcome);
    tellAuthority(core, ix, outcome);
  }
}

/** Rows get back the widest mode that they may have now: after a start when their accounts are compared, later when no break of theirs is open any more. */
export function releaseRows(core: Core, outcome: Outcome): void {
  const { reconciliation, registry, startRows } = core;
  if (core.starting) {
    for (const row of [...startRows]) {
      if (isUncompared(core, row)) continue;
      startRows.delete(row);
      giveBack(core, row, `${venuesCompared}: no break is open`, outcome);
    }
    if (registry.accounts.every(({ ix }) => reconciliation.accounts[ix]?.compared === true)) core.starting = false;
  }
  for (const row of [...reconciliation.restricted]) {
    if (isAffected(core, row)) continue;
    reconciliation.restricted.delete(row);
    giveBack(core, row, `${venuesCompared} again: no break of its accounts is open`, outcome);
  }
}

function giveBack(core: Core, row: RowIx, reason: string, outcome: Outcome): void {
  if (modeOf(core.gate, row) !== 'CANCEL_ONLY' || stopsRow(core, row)) return;
  const { custodian } = core.gate.rows[row];
  if (custodian && isAffected(core, row)) {
    core.reconciliation.restricted.add(row);
    return;
  }
  const mode = custodian ? 'REDUCING' : workingMode(core, row, isOnPaper(core.rollout, row));
  if (mode !== 'CANCEL_ONLY') changeRow(core, row, { mode }, 'core', reason, outcome);
  tellAuthority(core, row, outcome);
}

/** Its instance hears what it may do now. */
export function tellAuthority(core: Core, row: RowIx, outcome: Outcome): void {
  const mode = modeOf(core.gate, row);
  const trading = mode !== 'CANCEL_ONLY' && mode !== 'HALTED';
  outcome.effects.push({
    kind: 'authority',
    reducing: !trading,
    row,
    epoch: core.gate.epoch[row],
    capital: core.capitalOf(row),
    trading,
  });
}
