import { err, ok, type Result } from '../../base/result.ts';
import {
  divHalfEvenInto,
  fromSafe,
  mulDivFloorInto,
  mulInto,
  mulSmallInto,
  splitZero,
  subInto,
  toNumber,
  type Split,
} from '../../base/split.ts';
import type { InstrumentIx, ListingIx } from '../../domain/ids.ts';
import { knownTwice, type Marks } from '../market/marks.ts';
import { averageCostPair, resetBasis } from './average.ts';
import { leafLink } from './leaf.ts';
import type { LeafIx, Ledger } from './ledger.ts';
import { BASE_UNITS, FIRST_LOT, LEAF_INSTRUMENT, LEAF_LISTING, OWN_LINE, POSITION, TICK_VALUE, leafLinks, leafStride } from './ledger.ts';
import { LOT_COST, LOT_NEXT, LOT_PX, LOT_QTY, dropLot, lotStride, noLot, type LotIx } from './lot-pool.ts';
import { AVERAGE_REALIZED, CASH, ENTRY_COST, REALIZED, post } from './money-rows.ts';
import { addPair, addSigned, addSize, subSize, writePair, zeroPair } from './pair.ts';
import { movePosition } from './trade.ts';

/** What a split did to one leaf: lots before and after, and the fraction of a new lot (`fraction` / denominator) that was paid out. */
export interface SplitLeaf {
  readonly leaf: LeafIx;
  readonly before: number;
  readonly after: number;
  readonly fraction: number;
  readonly cashInLieu: Split;
}

export type SplitRefusal =
  | { readonly code: 'SPLIT_RATIO_OUTSIDE_RANGE'; readonly numerator: number; readonly denominator: number; readonly max: number }
  | { readonly code: 'POSITION_EXCEEDS_MAX'; readonly position: number; readonly max: number }
  | { readonly code: 'NO_MARK_FOR_FRACTION'; readonly listing: ListingIx };

/** Largest numerator and denominator of a split. */
export const maxSplitTerm = 1_000_000;
/** Largest sum of |base units| that a split may leave in an instrument, 2^52. */
export const maxSplitUnits = 4_503_599_627_370_496;

const work = splitZero();
const product = splitZero();
const scaled = { whole: 0, fraction: 0 };

/** Pairs of the leaf under way: cost that found no lot, and cash in lieu or average cost. */
const r = new Float64Array(4);
const CARRIED = 0;
const PAID = 2;

/**
 * `numerator` new units for each `denominator` old ones of an instrument, in every leaf of it. Lots keep their order, fill numbers and cost; their quantities are
 * differences of cumulative floors, so that they add up; a lot of which nothing is left gives its cost to the next (the last one to the one before). The fraction
 * of a lot that remains is paid out at the mark before the split (cash in lieu, half-even to the money unit) and is realized in full: entry cost is conserved,
 * unless no whole lot is left; then what they cost is realized too. Fills from before can no longer be busted or corrected (`FILL_BEFORE_STOCK_SPLIT`).
 * @param marks as they stand before the split; afterwards they are wrong until the next quote, which is the caller's to see to
 * @returns the leaves that held a position, in order of creation; nothing has changed after a refusal
 */
export function applyStockSplit(
  ledger: Ledger,
  instrument: InstrumentIx,
  numerator: number,
  denominator: number,
  marks: Marks,
): Result<readonly SplitLeaf[], SplitRefusal> {
  const refusal = refuseSplit(ledger, instrument, numerator, denominator, marks);
  if (refusal !== undefined) return err(refusal);
  ledger.fills += 1;
  while (ledger.splitAt.length <= instrument) ledger.splitAt.push(0);
  ledger.splitAt[instrument] = ledger.fills;
  const said: SplitLeaf[] = [];
  for (let leaf = 0; leaf < ledger.leaves.count; leaf++) {
    if (leafLink(ledger, leaf, LEAF_INSTRUMENT) !== instrument || ledger.leaves.numbers[leaf * leafStride + POSITION] === 0) continue;
    said.push(splitLeaf(ledger, leaf, numerator, denominator, knownTwice(marks, leafLink(ledger, leaf, LEAF_LISTING))));
  }
  return ok(said);
}

function refuseSplit(
  ledger: Ledger,
  instrument: InstrumentIx,
  numerator: number,
  denominator: number,
  marks: Marks,
): SplitRefusal | undefined {
  const fits = (n: number): boolean => Number.isInteger(n) && n >= 1 && n <= maxSplitTerm;
  if (!fits(numerator) || !fits(denominator)) return { code: 'SPLIT_RATIO_OUTSIDE_RANGE', numerator, denominator, max: maxSplitTerm };
  const { numbers } = ledger.leaves;
  let units = 0;
  for (let leaf = 0; leaf < ledger.leaves.count; leaf++) {
    if (leafLink(ledger, leaf, LEAF_INSTRUMENT) !== instrument) continue;
    const at = leaf * leafStride;
    const held = Math.abs(numbers[at + POSITION]);
    if (held === 0) continue;
    units += ((held * numerator) / denominator) * numbers[at + BASE_UNITS];
    if (units > maxSplitUnits) return { code: 'POSITION_EXCEEDS_MAX', position: units, max: maxSplitUnits };
    scale(held, numerator, denominator);
    const listing = leafLink(ledger, leaf, LEAF_LISTING);
    if (scaled.fraction !== 0 && knownTwice(marks, listing) === 0) return { code: 'NO_MARK_FOR_FRACTION', listing };
  }
  return undefined;
}

/** floor(qty x n / d) and the rest, exact; the quotient is known to be a safe integer. */
function scale(qty: number, n: number, d: number): void {
  const times = Math.floor(n / d);
  const left = n - times * d;
  fromSafe(work, qty);
  mulDivFloorInto(work, work, left, d);
  const part = toNumber(work);
  mulInto(product, qty, left);
  mulInto(work, part, d);
  subInto(product, product, work);
  scaled.whole = qty * times + part;
  scaled.fraction = toNumber(product);
}

function splitLeaf(ledger: Ledger, leaf: LeafIx, n: number, d: number, twice: number): SplitLeaf {
  const { delta } = ledger;
  const { numbers } = ledger.leaves;
  const at = leaf * leafStride;
  const before = numbers[at + POSITION];
  const side = before > 0 ? 1 : -1;
  scale(Math.abs(before), n, d);
  const { whole, fraction } = scaled;
  delta.fill(0);
  scaleLots(ledger, leaf, n, d);
  if (whole === 0) addSigned(delta, REALIZED, r, CARRIED, 0 - side);
  averageCostPair(r, PAID, ledger, leaf);
  if (whole === 0) {
    addSigned(delta, AVERAGE_REALIZED, r, PAID, 0 - side);
    zeroPair(r, PAID);
  }
  resetBasis(ledger, leaf, whole, r, PAID);
  const cashInLieu = splitZero();
  mulInto(cashInLieu, side * fraction, twice);
  mulSmallInto(cashInLieu, cashInLieu, numbers[at + TICK_VALUE]);
  divHalfEvenInto(cashInLieu, cashInLieu, 2 * n);
  writePair(r, PAID, cashInLieu);
  for (const sum of [CASH, REALIZED, AVERAGE_REALIZED]) addPair(delta, sum, r, PAID);
  movePosition(ledger, leaf, side * whole - before);
  post(ledger.money, leafLink(ledger, leaf, OWN_LINE), delta);
  return { leaf, before, after: side * whole, fraction, cashInLieu };
}

/** Leaves in CARRIED the cost that found no lot. */
function scaleLots(ledger: Ledger, leaf: LeafIx, n: number, d: number): void {
  const { cells } = ledger.lots;
  const { links } = ledger.leaves;
  const ends = leaf * leafLinks + FIRST_LOT;
  let old = 0;
  let done = 0;
  let before: LotIx = noLot;
  zeroPair(r, CARRIED);
  countEntryCost(ledger, leaf, -1);
  for (let lot: LotIx = links[ends]; lot !== noLot;) {
    const at = lot * lotStride;
    const next = cells[at + LOT_NEXT];
    old += cells[at + LOT_QTY];
    scale(old, n, d);
    cells[at + LOT_QTY] = scaled.whole - done;
    cells[at + LOT_PX] = 0;
    if (scaled.whole === done) {
      addPair(r, CARRIED, cells, at + LOT_COST);
      dropLot(ledger.lots, links, ends, before, lot);
    } else {
      addPair(cells, at + LOT_COST, r, CARRIED);
      zeroPair(r, CARRIED);
      before = lot;
    }
    done = scaled.whole;
    lot = next;
  }
  if (before !== noLot) addPair(cells, before * lotStride + LOT_COST, r, CARRIED);
  countEntryCost(ledger, leaf, 1);
}

/** Adds (+1) or takes away (-1) the entry cost of the leaf's lots as they stand. */
function countEntryCost(ledger: Ledger, leaf: LeafIx, sign: number): void {
  const { cells } = ledger.lots;
  for (let lot: LotIx = ledger.leaves.links[leaf * leafLinks + FIRST_LOT]; lot !== noLot; lot = cells[lot * lotStride + LOT_NEXT]) {
    if (sign > 0) addSize(ledger.delta, ENTRY_COST, cells, lot * lotStride + LOT_COST);
    else subSize(ledger.delta, ENTRY_COST, cells, lot * lotStride + LOT_COST);
  }
}
