import { assert } from '../../base/assert.ts';
import {
  addInto,
  cmp,
  columnGet,
  columnSet,
  fromSafe,
  isNeg,
  mulDivFloorInto,
  setInto,
  splitString,
  splitZero,
  subInto,
  type Split,
} from '../../base/split.ts';
import type { RowIx, SliceIx } from '../../domain/ids.ts';
import { isOverCap, refuseSliceTerms, usedInto, type OrderGate } from './order-gate.ts';

/** Allocations count in steps of 0.0001 of the slice's capital: 10,000 is all of it. */
export const allocationSteps = 10_000;

/** CAP3: floor(total * allocation / 10,000). @throws RangeError when the allocation is no whole step of 0…10,000. */
export function capOf(allocation: number, total: Split, out: Split): void {
  if (!(Number.isInteger(allocation) && allocation >= 0 && allocation <= allocationSteps)) {
    throw new RangeError(`allocation: expected a whole number of 0.0001, 0…${allocationSteps}, was ${String(allocation)}`);
  }
  mulDivFloorInto(out, total, allocation, allocationSteps);
}

const zero = splitZero();
const cap = splitZero();
const used = splitZero();
const sum = splitZero();
const left = splitZero();
const right = splitZero();

/** sum over the slice's rows of max(cap, used), into `out`; `without` = a row left out, -1 = none. */
export function heldInto(out: Split, gate: OrderGate, slice: SliceIx, without: RowIx): void {
  setInto(out, zero);
  for (const row of gate.slices[slice].rows) {
    if (row === without) continue;
    columnGet(cap, gate.cap, row);
    usedInto(used, gate, row);
    addInto(out, out, cmp(cap, used) >= 0 ? cap : used);
  }
}

/** CAP1: sum max(cap, used) + reserve <= total + overdraft, the reserve less what was drawn from it. */
export function checkCapital(gate: OrderGate, slice: SliceIx): boolean {
  const { total, reserve, drawn, overdraft } = gate.slices[slice];
  heldInto(sum, gate, slice, -1);
  addInto(left, sum, reserve);
  subInto(left, left, drawn);
  addInto(right, total, overdraft);
  return cmp(left, right) <= 0;
}

export function assertCapital(gate: OrderGate, slice: SliceIx): void {
  assert(checkCapital(gate, slice), `CAP1: the caps and uses of ${gate.slices[slice].sliceID} pass its capital`);
}

/** total - reserve - sum max(cap, used), into `out`; negative when the reserve has been drawn from. */
export function freeCapital(gate: OrderGate, slice: SliceIx, out: Split): void {
  const { total, reserve } = gate.slices[slice];
  heldInto(sum, gate, slice, -1);
  subInto(out, total, reserve);
  subInto(out, out, sum);
}

/** Whether the row may get this cap: cap <= total - reserve - sum over the others of max(cap, used). */
export function capFits(gate: OrderGate, row: RowIx, wanted: Split): boolean {
  const slice = gate.rows[row].slice;
  heldInto(sum, gate, slice, row);
  usedInto(used, gate, row);
  addInto(left, sum, cmp(wanted, used) >= 0 ? wanted : used);
  addInto(left, left, gate.slices[slice].reserve);
  return cmp(left, gate.slices[slice].total) <= 0;
}

/** '' or why a slice cannot have this capital: the rows hold more than would be left. */
export function refuseSliceCapital(gate: OrderGate, slice: SliceIx, total: Split, reserve: Split): string {
  const { sliceID } = gate.slices[slice];
  const refusal = refuseSliceTerms(sliceID, total, reserve);
  if (refusal !== '') return refusal;
  heldInto(sum, gate, slice, -1);
  subInto(left, total, reserve);
  if (cmp(sum, left) > 0)
    return `slice ${sliceID}: its rows hold ${splitString(sum)}: expected capital less reserve of at least that, was ${splitString(left)}`;
  return '';
}

/** Changes a slice's capital; '' or the sentence that refuses it. */
export function setSliceCapital(gate: OrderGate, slice: SliceIx, total: Split, reserve: Split): string {
  const refusal = refuseSliceCapital(gate, slice, total, reserve);
  if (refusal !== '') return refusal;
  setInto(gate.slices[slice].total, total);
  setInto(gate.slices[slice].reserve, reserve);
  settleCapital(gate, slice);
  return '';
}

/** What a booking did to the capital: `beyondCap` = the row uses more than its cap; `overdraft` = more than the reserve could take, newly or further. */
export type BookingOutcome = 'within' | 'beyondCap' | 'overdraft';

const before = splitZero();

/** Takes the row's entry cost from the ledger. A fill beyond its reservation draws the reserve, then an overdraft; so does what an open order reserves when it grows by itself (`open-orders.ts`). */
export function bookEntryCost(gate: OrderGate, row: RowIx, cost: Split, simulated: boolean): BookingOutcome {
  assert(!isNeg(cost), 'entry cost is a sum of magnitudes');
  if (simulated) {
    columnSet(gate.paperCost, row, cost);
    return 'within';
  }
  const over = isOverCap(gate, row);
  columnSet(gate.entryCost, row, cost);
  const overNow = isOverCap(gate, row);
  if (!over && !overNow) return 'within';
  const slice = gate.slices[gate.rows[row].slice];
  setInto(before, slice.overdraft);
  settleCapital(gate, slice.ix);
  if (cmp(slice.overdraft, before) > 0) return 'overdraft';
  return overNow ? 'beyondCap' : 'within';
}

/** Draws from the reserve what the rows hold beyond total - reserve, and calls the rest an overdraft; gives back what is no longer needed. */
export function settleCapital(gate: OrderGate, slice: SliceIx): void {
  const s = gate.slices[slice];
  heldInto(sum, gate, slice, -1);
  subInto(left, s.total, s.reserve);
  subInto(left, sum, left);
  if (isNeg(left)) fromSafe(left, 0);
  if (cmp(left, s.reserve) <= 0) {
    setInto(s.drawn, left);
    fromSafe(s.overdraft, 0);
  } else {
    setInto(s.drawn, s.reserve);
    subInto(s.overdraft, left, s.reserve);
  }
}
