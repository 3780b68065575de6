import type { Core } from '../core.ts';
import type { Outcome } from '../outcome.ts';
import { isOverCap, modeOf } from '../risk/order-gate.ts';
import { coreActor } from './rollout.ts';
import { changeRow } from './rows.ts';

/** What changed what a row uses of its capital. */
export type CapCause = keyof typeof pastCap;

/** What is said of a row that it takes past its cap. */
const pastCap = {
  fill: 'a fill took it past its cap',
  bust: 'a fill that its venue took back left it past its cap',
  correction: 'a fill that its venue corrected took it past its cap',
  external: 'lots that came from outside took it past its cap',
  handover: 'lots that were handed over took it past its cap',
  stockSplit: 'a stock split left it past its cap',
  restatement: 'an order that its venue restated takes it past its cap',
  rate: 'an order that takes more at the rate of now takes it past its cap',
  end: 'the end of an order left it past its cap',
} as const;
const overdrawn = 'its slice is overdrawn';

/** A row that used more than its cap and no longer does goes back to ACTIVE; one that does now goes to REDUCING (CAP4), and is told what took it there. */
export function settleCap(core: Core, row: number, over: boolean, cause: CapCause, outcome: Outcome): void {
  const mode = modeOf(core.gate, row);
  if (core.gate.rows[row].custodian) return;
  if (over && mode === 'ACTIVE') {
    const reason = isOverCap(core.gate, row) ? pastCap[cause] : overdrawn;
    changeRow(core, row, { mode: 'REDUCING' }, coreActor, reason, outcome);
  }
  if (over && mode === 'SIMULATED' && isOverCap(core.gate, row))
    changeRow(core, row, { mode: 'CANCEL_ONLY' }, coreActor, 'it holds lots of capital while on paper', outcome);
  // what was swapped away only works off what it holds
  if (!over && mode === 'REDUCING' && core.rollout.lifecycle[row] !== 'Draining')
    changeRow(core, row, { mode: 'ACTIVE' }, coreActor, 'within its cap again', outcome);
}
