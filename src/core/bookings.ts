import { isZero, splitZero, setInto } from '../base/split.ts';
import type { AccountIx, ListingIx, RowIx } from '../domain/ids.ts';
import type { Core } from './core.ts';
import type { Outcome } from './outcome.ts';
import { isOverCap } from './risk/order-gate.ts';
import { positionMoved } from './risk/moves.ts';
import { settleCap } from './rollout/controller.ts';

const beyond = splitZero();

/** After every booking to a leaf: the risk columns follow the ledger, capital beyond the cap restricts at once, an overdraft is recorded. */
export function positionChanged(
  core: Core,
  row: RowIx,
  account: AccountIx,
  listing: ListingIx,
  simulated: boolean,
  outcome: Outcome,
): void {
  const booked = positionMoved(core.risk, row, account, listing, simulated);
  if (simulated) return;
  if (booked === 'overdraft') {
    setInto(beyond, core.gate.slices[core.gate.rows[row].slice].overdraft);
    outcome.decisions.push({ kind: 'capitalOverdraft', row, beyond: { hi: beyond.hi, lo: beyond.lo } });
  }
  const { overdraft } = core.gate.slices[core.gate.rows[row].slice];
  settleCap(core, row, isOverCap(core.gate, row) || !isZero(overdraft), outcome);
}
