import { isZero, splitZero, setInto } from '../base/split.ts';
import type { AccountIx, ListingIx, RowIx } from '../domain/ids.ts';
import type { Core } from './core.ts';
import type { Outcome } from './outcome.ts';
import { isOverCap } from './risk/order-gate.ts';
import { positionMoved } from './risk/moves.ts';
import type { FillMove } from './risk/position-view.ts';
import { settleCap } from './rollout/settle-cap.ts';

const beyond = splitZero();

/** A row that was restricted to reducing goes back to its work when it is within its cap and its slice is not overdrawn. */
export function settleRow(core: Core, row: RowIx, outcome: Outcome): void {
  const { overdraft } = core.gate.slices[core.gate.rows[row].slice];
  settleCap(core, row, isOverCap(core.gate, row) || !isZero(overdraft), outcome);
}

/** After every booking to a leaf: the risk columns follow the ledger, capital beyond the cap restricts at once, an overdraft is recorded. */
export function positionChanged(
  core: Core,
  row: RowIx,
  account: AccountIx,
  listing: ListingIx,
  simulated: boolean,
  outcome: Outcome,
  fill?: FillMove,
): void {
  const { overdraft, rows } = core.gate.slices[core.gate.rows[row].slice];
  const overdrawn = !isZero(overdraft);
  const booked = positionMoved(core.risk, row, account, listing, simulated, fill);
  if (simulated) return;
  if (booked === 'overdraft') {
    setInto(beyond, overdraft);
    outcome.decisions.push({ kind: 'capitalOverdraft', row, beyond: { hi: beyond.hi, lo: beyond.lo } });
  }
  const overdrawnNow = !isZero(overdraft);
  if (overdrawn === overdrawnNow) return settleCap(core, row, isOverCap(core.gate, row) || overdrawnNow, outcome);
  // an overdraft is the slice's: none of its rows expands while it lasts
  for (const one of rows) settleCap(core, one, isOverCap(core.gate, one) || overdrawnNow, outcome);
}
