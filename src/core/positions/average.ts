import type { Split } from '../../base/split.ts';
import type { FillNo, LeafIx, Ledger } from './ledger.ts';
import { BASIS_CLOSED, BASIS_COST, BASIS_HELD, BASIS_TAKEN, DILUTED, leafStride } from './ledger.ts';
import { addPair, copyPair, mulDivFloorPair, readPair, signedDifference, subPair, zeroPair, type Cells } from './pair.ts';

/**
 * Average cost of a leaf, kept as (total cost, quantity) and never divided: `heldAtBasis` lots cost `costBasis`; `closedSinceBasis` of them have left
 * with `takenSinceBasis` = floor(costBasis x closedSinceBasis / heldAtBasis), so that each partial close takes the difference of two floors and the last
 * takes the rest. Adding rebases: what is left of the cost plus the new cost over what is left of the quantity plus the new, nothing closed.
 * Costs are counted without the side (a short position of 3 sold at 5 has 15) and floors go toward minus infinity.
 * `DILUTED` is the number of the last fill that is no longer in the basis with its whole quantity: an addition after a close mixes all before it.
 */
const work = new Float64Array(2);

/** qty more lots that cost the pair at `cost[c]`; `fill` numbers the booking. */
export function addToBasis(ledger: Ledger, leaf: LeafIx, qty: number, cost: Cells, c: number, fill: FillNo): void {
  const { numbers } = ledger.leaves;
  const at = leaf * leafStride;
  if (numbers[at + BASIS_CLOSED] > 0 || numbers[at + BASIS_HELD] === 0) {
    subPair(numbers, at + BASIS_COST, numbers, at + BASIS_TAKEN);
    numbers[at + BASIS_HELD] -= numbers[at + BASIS_CLOSED];
    numbers[at + BASIS_CLOSED] = 0;
    zeroPair(numbers, at + BASIS_TAKEN);
    numbers[at + DILUTED] = Math.max(numbers[at + DILUTED], fill - 1);
  }
  addPair(numbers, at + BASIS_COST, cost, c);
  numbers[at + BASIS_HELD] += qty;
}

/** Takes qty lots, at most what is held; their cost goes to the pair at `cost[c]`. */
export function takeFromBasis(ledger: Ledger, leaf: LeafIx, qty: number, cost: Cells, c: number): void {
  const { numbers } = ledger.leaves;
  const at = leaf * leafStride;
  const held = numbers[at + BASIS_HELD];
  const closed = numbers[at + BASIS_CLOSED] + qty;
  if (closed === held) {
    signedDifference(cost, c, numbers, at + BASIS_COST, numbers, at + BASIS_TAKEN, 1);
    emptyBasis(ledger, leaf);
    return;
  }
  mulDivFloorPair(work, 0, numbers, at + BASIS_COST, closed, held);
  signedDifference(cost, c, work, 0, numbers, at + BASIS_TAKEN, 1);
  copyPair(numbers, at + BASIS_TAKEN, work, 0);
  numbers[at + BASIS_CLOSED] = closed;
}

/** Nothing held; what was added before can no longer be told apart. */
export function emptyBasis(ledger: Ledger, leaf: LeafIx): void {
  const { numbers } = ledger.leaves;
  const at = leaf * leafStride;
  for (let n = BASIS_COST; n < DILUTED; n++) numbers[at + n] = 0;
  numbers[at + DILUTED] = ledger.fills;
}

/** A basis that no earlier fill is whole in. */
export function resetBasis(ledger: Ledger, leaf: LeafIx, held: number, cost: Cells, c: number): void {
  const { numbers } = ledger.leaves;
  const at = leaf * leafStride;
  copyPair(numbers, at + BASIS_COST, cost, c);
  numbers[at + BASIS_HELD] = held;
  numbers[at + BASIS_CLOSED] = 0;
  zeroPair(numbers, at + BASIS_TAKEN);
  diluteBasis(ledger, leaf);
}

/** No fill booked so far is whole in the basis from now on. */
export function diluteBasis(ledger: Ledger, leaf: LeafIx): void {
  ledger.leaves.numbers[leaf * leafStride + DILUTED] = ledger.fills;
}

/**
 * Changes a fill that is whole in the basis by `qty` lots and the cost at `cost[c]`, as if it had always been so: the closes since take their share of the new
 * basis. What they take more than before goes to `released[r]`. @returns false, and nothing changed, when more was closed than would have been held.
 */
export function amendBasis(ledger: Ledger, leaf: LeafIx, qty: number, cost: Cells, c: number, released: Cells, r: number): boolean {
  const { numbers } = ledger.leaves;
  const at = leaf * leafStride;
  const held = numbers[at + BASIS_HELD] + qty;
  const closed = numbers[at + BASIS_CLOSED];
  if (held < closed) return false;
  addPair(numbers, at + BASIS_COST, cost, c);
  numbers[at + BASIS_HELD] = held;
  zeroPair(released, r);
  if (closed > 0) {
    if (closed === held) copyPair(released, r, numbers, at + BASIS_COST);
    else mulDivFloorPair(released, r, numbers, at + BASIS_COST, closed, held);
    copyPair(work, 0, numbers, at + BASIS_TAKEN);
    copyPair(numbers, at + BASIS_TAKEN, released, r);
    subPair(released, r, work, 0);
  }
  if (held === closed) emptyBasis(ledger, leaf);
  return true;
}

/** Total cost of what the leaf holds now, counted without the side. */
export function averageCostPair(to: Cells, t: number, ledger: Ledger, leaf: LeafIx): void {
  const { numbers } = ledger.leaves;
  const at = leaf * leafStride;
  copyPair(to, t, numbers, at + BASIS_COST);
  subPair(to, t, numbers, at + BASIS_TAKEN);
}

/** Average cost as it is kept: (total cost, quantity), the cost without the side. @returns the quantity. */
export function averageCostInto(out: Split, ledger: Ledger, leaf: LeafIx): number {
  const { numbers } = ledger.leaves;
  const at = leaf * leafStride;
  averageCostPair(work, 0, ledger, leaf);
  readPair(out, work, 0);
  return numbers[at + BASIS_HELD] - numbers[at + BASIS_CLOSED];
}
