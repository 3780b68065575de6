import type { RowIx } from '../../domain/ids.ts';
import type { Core } from '../core.ts';
import type { StoredOrder } from '../orders/stored-order.ts';

/** Row that owns what an order trades now, and what its strategy's number has moved up by on the way. */
export interface Owner {
  readonly row: RowIx;
  readonly tagShift: number;
  /** Version that had it last before the custodian: the row itself, or whom it was handed to. */
  readonly version: RowIx;
}

/** Most hand-overs that a late fill is followed through. */
const maxHops = 64;

/** The order's own row; that of whoever took its lots over; the custodian after a rollback or while it stands by, and its paper side where a run on paper is over. A late fill is never dropped and never booked twice (POS2). */
export function ownerOf(core: Core, order: StoredOrder): Owner {
  const { gate, rollout } = core;
  let { row, epoch } = order;
  let tagShift = 0;
  if (order.simulated) {
    // an order at the simulator that outlived its run is nobody's, as are the lots that the run left (`paper-positions.ts`)
    if (isOver(core, order)) row = gate.slices[gate.rows[row].slice].custodian;
    return { row, tagShift, version: row };
  }
  for (let hop = 0; hop < maxHops; hop++) {
    const custodyEpoch = rollout.custodyEpoch[row] ?? 0;
    const heir = rollout.heirs.get(row);
    const inherited = heir !== undefined && epoch < heir.epoch;
    if (epoch < custodyEpoch && !(inherited && heir.epoch > custodyEpoch))
      return { row: gate.slices[gate.rows[row].slice].custodian, tagShift, version: row };
    if (!inherited) break;
    ({ to: row, toEpoch: epoch } = heir);
    tagShift += heir.tagShift;
  }
  return { row, tagShift, version: row };
}

/** Whether a version's orders trade capital by its place in the life cycle: what it had on paper is none of it. */
export function tradesCapital({ rollout }: Core, row: RowIx): boolean {
  const lifecycle = rollout.lifecycle[row];
  return lifecycle === 'Canary' || lifecycle === 'Active' || lifecycle === 'Draining';
}

/**
 * Whether the run on paper that an order was sent in is over: its version trades capital by now (it took over by a swap, or was woken), another deployment serves its row, or the same
 * one was loaded afresh for its first rung.
 */
function isOver(core: Core, { row, deployment }: StoredOrder): boolean {
  const { rollout } = core;
  if (tradesCapital(core, row) || deployment !== (rollout.serving[row] ?? -1)) return true;
  return deployment >= 0 && rollout.deployments[deployment].leftShadow && rollout.lifecycle[row] !== 'Standby';
}
