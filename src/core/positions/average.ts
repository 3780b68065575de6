import { addInto, fromSafe, mulDivFloorInto, setInto, splitZero, subInto, type Split } from '../../base/split.ts';
import type { FillNo, LeafIx, Ledger } from './ledger.ts';
import { BASIS_CLOSED, BASIS_COST, BASIS_HELD, BASIS_TAKEN, DILUTED, leafStride } from './ledger.ts';
import { readHere } from './money-rows.ts';

/**
 * Average cost of a leaf, kept as (total cost, quantity) and never divided: `heldAtBasis` lots cost `costBasis`; `closedSinceBasis` of them have left
 * with `takenSinceBasis` = floor(costBasis x closedSinceBasis / heldAtBasis), so that each partial close takes the difference of two floors and the last
 * takes the rest. Adding rebases: what is left of the cost plus the new cost over what is left of the quantity plus the new, nothing closed.
 * Costs are counted without the side (a short position of 3 sold at 5 has 15) and floors go toward minus infinity.
 * `DILUTED` is the number of the last fill that is no longer in the basis with its whole quantity: an addition after a close mixes all before it.
 */
const basis = splitZero();
const taken = splitZero();

/** qty more lots that cost `cost`. */
export function addToBasis(ledger: Ledger, leaf: LeafIx, qty: number, cost: Split, fill: FillNo): void {
  const { numbers } = ledger.leaves;
  const at = leaf * leafStride;
  if (numbers[at + BASIS_CLOSED] > 0 || numbers[at + BASIS_HELD] === 0) {
    averageCostInto(basis, ledger, leaf);
    numbers[at + BASIS_HELD] -= numbers[at + BASIS_CLOSED];
    setTaken(numbers, at, 0, 0, 0);
    numbers[at + DILUTED] = Math.max(numbers[at + DILUTED], fill - 1);
  } else {
    readHere(basis, numbers, at + BASIS_COST);
  }
  addInto(basis, basis, cost);
  numbers[at + BASIS_COST] = basis.hi;
  numbers[at + BASIS_COST + 1] = basis.lo;
  numbers[at + BASIS_HELD] += qty;
}

/** Takes qty lots, at most what is held, and their cost. */
export function takeFromBasis(ledger: Ledger, leaf: LeafIx, qty: number, cost: Split): void {
  const { numbers } = ledger.leaves;
  const at = leaf * leafStride;
  const held = numbers[at + BASIS_HELD];
  const closed = numbers[at + BASIS_CLOSED] + qty;
  readHere(taken, numbers, at + BASIS_TAKEN);
  readHere(basis, numbers, at + BASIS_COST);
  if (closed === held) {
    subInto(cost, basis, taken);
    emptyBasis(ledger, leaf);
    return;
  }
  mulDivFloorInto(basis, basis, closed, held);
  subInto(cost, basis, taken);
  setTaken(numbers, at, closed, basis.hi, basis.lo);
}

/** Nothing held; what was added before can no longer be told apart. */
export function emptyBasis(ledger: Ledger, leaf: LeafIx): void {
  fromSafe(basis, 0);
  resetBasis(ledger, leaf, 0, basis);
}

/** A basis that no earlier fill is whole in. */
export function resetBasis(ledger: Ledger, leaf: LeafIx, held: number, cost: Split): void {
  const { numbers } = ledger.leaves;
  const at = leaf * leafStride;
  numbers[at + BASIS_COST] = cost.hi;
  numbers[at + BASIS_COST + 1] = cost.lo;
  numbers[at + BASIS_HELD] = held;
  setTaken(numbers, at, 0, 0, 0);
  diluteBasis(ledger, leaf);
}

/** No fill booked so far is whole in the basis from now on. */
export function diluteBasis(ledger: Ledger, leaf: LeafIx): void {
  ledger.leaves.numbers[leaf * leafStride + DILUTED] = ledger.fills;
}

/** Total cost of what the leaf holds now, counted without the side. */
export function averageCostInto(out: Split, ledger: Ledger, leaf: LeafIx): void {
  const { numbers } = ledger.leaves;
  const at = leaf * leafStride;
  readHere(out, numbers, at + BASIS_COST);
  readHere(taken, numbers, at + BASIS_TAKEN);
  subInto(out, out, taken);
}

/**
 * Changes a fill that is whole in the basis by `qty` lots and `cost`, as if it had always been so: the closes since take their share of the new basis.
 * @param released what those closes took more than before. @returns false, and nothing changed, when more was closed than would have been held.
 */
export function amendBasis(ledger: Ledger, leaf: LeafIx, qty: number, cost: Split, released: Split): boolean {
  const { numbers } = ledger.leaves;
  const at = leaf * leafStride;
  const held = numbers[at + BASIS_HELD] + qty;
  const closed = numbers[at + BASIS_CLOSED];
  if (held < closed) return false;
  readHere(basis, numbers, at + BASIS_COST);
  readHere(taken, numbers, at + BASIS_TAKEN);
  addInto(basis, basis, cost);
  numbers[at + BASIS_COST] = basis.hi;
  numbers[at + BASIS_COST + 1] = basis.lo;
  numbers[at + BASIS_HELD] = held;
  if (closed === 0) {
    fromSafe(released, 0);
  } else {
    if (closed < held) mulDivFloorInto(basis, basis, closed, held);
    setTaken(numbers, at, closed, basis.hi, basis.lo);
    subInto(released, basis, taken);
  }
  if (held === closed) emptyBasis(ledger, leaf);
  return true;
}

function setTaken(numbers: Float64Array, at: number, closed: number, hi: number, lo: number): void {
  numbers[at + BASIS_CLOSED] = closed;
  numbers[at + BASIS_TAKEN] = hi;
  numbers[at + BASIS_TAKEN + 1] = lo;
}

/** Copies for readers: (total cost, quantity). */
export function averageInto(out: { readonly cost: Split; qty: number }, ledger: Ledger, leaf: LeafIx): void {
  const { numbers } = ledger.leaves;
  const at = leaf * leafStride;
  averageCostInto(basis, ledger, leaf);
  setInto(out.cost, basis);
  out.qty = numbers[at + BASIS_HELD] - numbers[at + BASIS_CLOSED];
}
