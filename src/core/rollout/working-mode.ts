import { cmp, isZero, splitZero, type Split } from '../../base/split.ts';
import type { RowIx } from '../../domain/ids.ts';
import type { GateMode } from '../../domain/rollout.ts';
import type { Core } from '../core.ts';
import { isAffected, isUncompared } from '../reconcile/affected.ts';
import { rowStaleness } from '../risk/feed-watch.ts';
import { capInto, isOverCap, usedInto } from '../risk/order-gate.ts';
import { stopsRow } from './latches.ts';
import { stoppedBy } from './rollout.ts';

const used = splitZero();
const present = splitZero();

/**
 * The widest mode that a row may have now: CANCEL_ONLY under the kill switch, while it is stopped for its successor, before its accounts were compared after a start, or under a silent feed (both give it back), SIMULATED on
 * paper, CANCEL_ONLY while a break with a venue of its own is open, REDUCING while it drains, past its cap or while its slice is overdrawn, else ACTIVE. `cap` = the one that it is about to get.
 */
export function workingMode(core: Core, row: RowIx, paper: boolean, cap?: Split): GateMode {
  const { gate, risk, rollout } = core;
  if (stopsRow(core, row) || stoppedBy(rollout, row) !== undefined) return 'CANCEL_ONLY';
  if (core.starting && isUncompared(core, row)) {
    core.startRows.add(row);
    return 'CANCEL_ONLY';
  }
  if (rowStaleness(risk, row, core.at) > 0) {
    core.staleRows.add(row);
    return 'CANCEL_ONLY';
  }
  // lots of capital under a version on paper: nobody trades them until a person looks (CAP4)
  if (paper) return isOverCap(gate, row) ? 'CANCEL_ONLY' : 'SIMULATED';
  if (isAffected(core, row)) {
    core.reconciliation.restricted.add(row);
    return 'CANCEL_ONLY';
  }
  usedInto(used, gate, row);
  capInto(present, gate, row);
  if (rollout.lifecycle[row] === 'Draining') return 'REDUCING';
  const over = cmp(used, cap ?? present) > 0 || !isZero(gate.slices[gate.rows[row].slice].overdraft);
  return over ? 'REDUCING' : 'ACTIVE';
}
