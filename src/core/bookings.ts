import { cmp, isZero, splitZero, setInto, type Split } from '../base/split.ts';
import type { AccountIx, ListingIx, RowIx, SliceIx } from '../domain/ids.ts';
import type { Core } from './core.ts';
import type { Outcome } from './outcome.ts';
import { lotStride } from './risk/exposure.ts';
import { isOverCap, modeActive, modeReducing } from './risk/order-gate.ts';
import { positionMoved } from './risk/moves.ts';
import type { FillMove } from './risk/position-view.ts';
import { settleCap, type CapCause } from './rollout/settle-cap.ts';

const beyond = splitZero();

/** A row that was restricted to reducing goes back to its work when it is within its cap and its slice is not overdrawn. */
function settleRow(core: Core, row: RowIx, outcome: Outcome): void {
  const { overdraft } = core.gate.slices[core.gate.rows[row].slice];
  settleCap(core, row, isOverCap(core.gate, row) || !isZero(overdraft), 'end', outcome);
}

/** An overdraft of the row's slice that grew without a booking, by what an order reserves, is recorded. `was` = before. @returns whether it grew */
export function recordOverdraft(core: Core, row: RowIx, was: Split, outcome: Outcome): boolean {
  const { overdraft } = core.gate.slices[core.gate.rows[row].slice];
  if (cmp(overdraft, was) <= 0) return false;
  outcome.decisions.push({ kind: 'capitalOverdraft', row, beyond: { hi: overdraft.hi, lo: overdraft.lo } });
  return true;
}

/** After a report: what its order reserves may have grown without a fill: it was restated, or (`cause`) its rate rose. Capital beyond the cap restricts at once. */
export function reservationChanged(core: Core, row: RowIx, was: Split, cause: CapCause, outcome: Outcome): void {
  const { gate } = core;
  if (gate.mode[row] === modeActive && isOverCap(gate, row)) settleCap(core, row, true, cause, outcome);
  if (!recordOverdraft(core, row, was, outcome)) return;
  for (const one of gate.slices[gate.rows[row].slice].rows) settleCap(core, one, true, cause, outcome);
}

/**
 * After a report and its booking: what its order held back is free again, also when nothing of it traded. `was` = the overdraft of its slice before: one that has ended held
 * every row of the slice.
 */
export function settleFreed(core: Core, row: RowIx, was: Split, outcome: Outcome): void {
  const { gate } = core;
  const { overdraft, rows } = gate.slices[gate.rows[row].slice];
  if (!isZero(was) && isZero(overdraft)) for (const one of rows) settleRow(core, one, outcome);
  else if (gate.mode[row] === modeReducing) settleRow(core, row, outcome);
}

/** After every booking to a leaf: the risk columns follow the ledger, capital beyond the cap restricts at once, an overdraft is recorded. */
export function positionChanged(
  core: Core,
  row: RowIx,
  account: AccountIx,
  listing: ListingIx,
  simulated: boolean,
  cause: CapCause,
  outcome: Outcome,
  fill?: FillMove,
): void {
  const { overdraft, rows } = core.gate.slices[core.gate.rows[row].slice];
  const overdrawn = !isZero(overdraft);
  const { unrated } = core.risk.foreign;
  const unratedBefore = unrated.has(core.gate.rows[row].slice);
  const booked = positionMoved(core.risk, row, account, listing, simulated, fill);
  if (simulated) return;
  if (!unratedBefore && unrated.has(core.gate.rows[row].slice)) sayUnrated(core, row, listing, outcome);
  if (booked === 'overdraft') {
    setInto(beyond, overdraft);
    outcome.decisions.push({ kind: 'capitalOverdraft', row, beyond: { hi: beyond.hi, lo: beyond.lo } });
  }
  const overdrawnNow = !isZero(overdraft);
  if (overdrawn === overdrawnNow) return settleCap(core, row, isOverCap(core.gate, row) || overdrawnNow, cause, outcome);
  // an overdraft is the slice's: none of its rows expands while it lasts
  for (const one of rows) settleCap(core, one, isOverCap(core.gate, one) || overdrawnNow, cause, outcome);
}

/** Rates have come for what the slices held that were never rated: it takes its part of their capital from now on. */
export function countRated(core: Core, slices: readonly SliceIx[], outcome: Outcome): void {
  const { foreign, exposure } = core.risk;
  for (const side of foreign.sides) {
    const { slice } = core.gate.rows[side >> 1];
    if (side % 2 === 1 || !slices.includes(slice) || foreign.unrated.has(slice)) continue;
    for (const ix of foreign.ofSide.get(side) ?? []) {
      const { row, account, listing } = exposure.routes[ix];
      if (exposure.lots[ix * lotStride] !== 0) positionChanged(core, row, account, listing, false, 'rate', outcome);
    }
  }
}

/** A position that came from outside in a currency that was never rated is in the books and counts nothing: said at once, and nothing of its slice opens or grows until there is a rate. */
function sayUnrated({ registry, gate }: Core, row: RowIx, listing: ListingIx, outcome: Outcome): void {
  const { currency, listing: named } = registry.listings[listing];
  const { sliceID } = gate.rows[row];
  const text = `${sliceID} holds ${named.listingID} in ${registry.currencies[currency].code}, which was never rated: nothing of the slice opens until there is a rate`;
  outcome.decisions.push({ kind: 'alertRaised', severity: 'high', subject: 'POSITION_NOT_RATED', value: 1, limit: 0, text });
  outcome.effects.push({ kind: 'alert', reducing: true, severity: 'high', subject: 'POSITION_NOT_RATED', text });
}
