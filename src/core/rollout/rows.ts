import { columnGet, splitZero } from '../../base/split.ts';
import type { RowIx } from '../../domain/ids.ts';
import type { Core } from '../core.ts';
import type { Outcome } from '../outcome.ts';
import { capitalChanged } from '../risk/monitors.ts';
import { modeOf } from '../risk/order-gate.ts';
import { setRow, type RowChange } from '../risk/row-change.ts';
import { splitIntervals } from './return-track.ts';
import { isUncommitted } from './swap.ts';

const cap = splitZero();

/** What a silent feed, a start or a break took, they do not give back any more: somebody stopped the row since, and it waits for people. */
export function leaveToPeople({ staleRows, startRows, reconciliation }: Core, row: RowIx): void {
  staleRows.delete(row);
  startRows.delete(row);
  reconciliation.restricted.delete(row);
}

/** Whoever is about to take over from the row is about to get another capital: what people expected of that is overtaken. */
function handsOverAnother({ rollout }: Core, row: RowIx): void {
  for (const ix of rollout.openSwaps) {
    const swap = rollout.swaps[ix];
    if (swap.from === row && isUncommitted(swap)) rollout.deployments[swap.deployment].revision++;
  }
}

/** Changes a row of the order gate and records it with its actor and cause (CAP5). */
export function changeRow(core: Core, row: RowIx, change: RowChange, actor: string, reason: string, outcome: Outcome): void {
  const { gate } = core;
  setRow(gate, row, change);
  if (change.cap !== undefined || change.mode !== undefined) capitalChanged(core.risk, row, change.stage !== undefined);
  if (change.cap !== undefined) {
    splitIntervals(core, row);
    handsOverAnother(core, row);
  }
  columnGet(cap, gate.cap, row);
  outcome.decisions.push({
    kind: 'rowChanged',
    row,
    epoch: gate.epoch[row],
    mode: modeOf(gate, row),
    cap: { hi: cap.hi, lo: cap.lo },
    stage: gate.stage[row],
    actor,
    reason,
  });
}
