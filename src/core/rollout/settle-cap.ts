import type { Core } from '../core.ts';
import type { Outcome } from '../outcome.ts';
import { isOverCap, modeOf } from '../risk/order-gate.ts';
import { coreActor } from './rollout.ts';
import { changeRow } from './rows.ts';

/** A row that used more than its cap and no longer does goes back to ACTIVE; one that does now goes to REDUCING (CAP4). */
export function settleCap(core: Core, row: number, over: boolean, outcome: Outcome): void {
  const mode = modeOf(core.gate, row);
  if (core.gate.rows[row].custodian) return;
  if (over && mode === 'ACTIVE') changeRow(core, row, { mode: 'REDUCING' }, coreActor, 'a fill took it past its cap', outcome);
  if (over && mode === 'SIMULATED' && isOverCap(core.gate, row))
    changeRow(core, row, { mode: 'CANCEL_ONLY' }, coreActor, 'it holds lots of capital while on paper', outcome);
  // what was swapped away only works off what it holds
  if (!over && mode === 'REDUCING' && core.rollout.lifecycle[row] !== 'Draining')
    changeRow(core, row, { mode: 'ACTIVE' }, coreActor, 'within its cap again', outcome);
}
