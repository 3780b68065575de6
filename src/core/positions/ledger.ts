import { assert } from '../../base/assert.ts';
import { intMap, type IntMap } from '../../base/int-map.ts';
import type { AccountIx, AlgorithmIx, RowIx } from '../../domain/ids.ts';
import type { Registry } from '../registry.ts';
import { createLotPool, maxLots, type LotPool } from './lot-pool.ts';
import { createMoneyRows, allSums, maxMoneyRows, type MoneyIx, type MoneyRows } from './money-rows.ts';

/**
 * The ledger. A **leaf** is (row, account, listing): a row is one (slice, version) or a custodian, the account and the listing say where. All that is booked is
 * booked to a leaf (cash flows to a purse: row or account, and currency); every other view, the **scopes**, is a sum. Those of version, algorithm, venue and
 * account are kept up at each booking: the leaf knows the numbers of its four cells, so that a fill looks nothing up; the firm is the sum of its venues, taken
 * when it is read. A simulated leaf (paper, shadow) counts into the simulated cells of its own version and nowhere else.
 */
export interface Ledger {
  readonly registry: Registry;
  readonly leaves: Leaves;
  readonly lots: LotPool;
  readonly money: MoneyRows;
  readonly positions: Positions;
  readonly rows: Rows;
  readonly purses: Purses;
  /** (scope, its index, currency), (leaf, currency), (row, account, currency) to money row. */
  readonly scopeMoney: IntMap;
  readonly lines: IntMap;
  /** Bookings that changed lots so far; the number of the last one. */
  fills: number;
  /** By instrument: `fills` when it was last split; 0 or missing = never. */
  readonly splitAt: number[];
  /** What the booking under way adds to its money rows; zeros in between. */
  readonly delta: Float64Array;
}

/** Place of a leaf, given in order of creation. */
export type LeafIx = number;
/** Number of a booking that opened lots; what a bust or correction names the fill by. */
export type FillNo = number;

export const noLeaf = -1;
export const noMoney = -1;

export const maxRows = 65_536;
export const maxLeaves = 262_144;
/** (scope, instrument) pairs. */
export const maxPositionCells = 1_048_576;

/** Numbers per leaf, all in one place: ten doubles, sixteen integers, a double and an integer. The basis of average cost: `average.ts`. */
export const leafStride = 20;
export const POSITION = 0;
export const BASIS_COST = 1;
export const BASIS_HELD = 3;
export const BASIS_CLOSED = 4;
export const BASIS_TAKEN = 5;
export const DILUTED = 7;
export const TICK_VALUE = 8;
export const BASE_UNITS = 9;
/** Position as it is in the leaf's cells. */
export const COUNTED = 18;

/** The same places counted in integers. */
export const leafLinks = 40;
export const FIRST_LOT = 20;
export const LAST_LOT = 21;
/** Money row in the listing's currency. */
export const OWN_LINE = 22;
export const LEAF_CURRENCY = 23;
export const LEAF_INSTRUMENT = 24;
export const CELLS = 25;
export const FIRST_CELL = 26;
/** Money row of another currency that a fee was last charged to. */
export const FEE_LINE = 30;
export const LEAF_ROW = 31;
export const LEAF_ACCOUNT = 32;
export const LEAF_LISTING = 33;
export const LEAF_SIMULATED = 34;
export const NEXT_OF_ROW = 35;
/** 1 = its cells are behind. */
export const BEHIND = 38;

export interface Leaves {
  count: number;
  readonly max: number;
  /** Two views of the same memory. */
  numbers: Float64Array;
  links: Int32Array;
  readonly byKey: IntMap;
}

/**
 * Net base units per (scope, instrument), which follow the leaves when they are read (`settlePositions`), and per instrument the sum of |base units| over all leaves, real
 * and simulated.
 */
export interface Positions {
  count: number;
  /** Leaves whose cells are behind, the first `behindCount` places. */
  behind: Int32Array;
  behindCount: number;
  units: Float64Array;
  gross: Float64Array;
  readonly byKey: IntMap;
}

/** By row: its algorithm (-1 = not declared) and its leaves; by row and side (real 0, simulated 1): its only currency, -1 = none yet, -2 = several. */
export interface Rows {
  algorithm: Int32Array;
  firstLeaf: Int32Array;
  lastLeaf: Int32Array;
  currency: Int32Array;
}

/** Money rows of cash flows by (row, account, currency), and whose they are, in order of creation. */
export interface Purses {
  readonly byKey: IntMap;
  readonly all: Purse[];
}

export interface Purse {
  readonly money: MoneyIx;
  /** -1 = the account's own. */
  readonly row: RowIx;
  readonly account: AccountIx;
  readonly simulated: boolean;
}

/** What a ledger starts with and may grow to; it doubles as needed. */
export interface LedgerRoom {
  readonly leaves: number;
  readonly lots: number;
  readonly moneyRows: number;
  readonly maxLeaves: number;
  readonly maxLots: number;
  readonly maxMoneyRows: number;
}

const usualRoom: LedgerRoom = { leaves: 64, lots: 1024, moneyRows: 256, maxLeaves, maxLots, maxMoneyRows };

export function createLedger(registry: Registry, room: Partial<LedgerRoom> = {}): Ledger {
  const size = { ...usualRoom, ...room };
  assert(
    size.maxLeaves <= maxLeaves && size.maxLots <= maxLots && size.maxMoneyRows <= maxMoneyRows,
    'ledger: room within the named maxima',
  );
  const numbers = new Float64Array(size.leaves * leafStride);
  return {
    registry,
    leaves: {
      count: 0,
      max: size.maxLeaves,
      numbers,
      links: new Int32Array(numbers.buffer),
      byKey: intMap(size.maxLeaves),
    },
    lots: createLotPool(size.lots, size.maxLots),
    money: createMoneyRows(size.moneyRows, size.maxMoneyRows),
    positions: {
      count: 0,
      behind: new Int32Array(size.leaves),
      behindCount: 0,
      units: new Float64Array(size.leaves),
      gross: new Float64Array(4),
      byKey: intMap(maxPositionCells),
    },
    rows: { algorithm: new Int32Array(0), firstLeaf: new Int32Array(0), lastLeaf: new Int32Array(0), currency: new Int32Array(0) },
    purses: { byKey: intMap(size.maxMoneyRows), all: [] },
    scopeMoney: intMap(size.maxMoneyRows),
    lines: intMap(size.maxMoneyRows),
    fills: 0,
    splitAt: [],
    delta: new Float64Array(allSums),
  };
}

/** Declares a row before its first leaf: the custodian's row of a slice counts into the slice's algorithm like any other. */
export function addRow(ledger: Ledger, row: RowIx, algorithm: AlgorithmIx): void {
  assert(row >= 0 && row < maxRows && algorithm >= 0 && algorithm < maxRows, 'ledger: row and algorithm within 0…65535');
  const { rows } = ledger;
  if (row >= rows.algorithm.length) {
    const length = Math.min(maxRows, Math.max(8, 2 * row));
    rows.algorithm = filled(rows.algorithm, length);
    rows.firstLeaf = filled(rows.firstLeaf, length);
    rows.lastLeaf = filled(rows.lastLeaf, length);
    rows.currency = filled(rows.currency, 2 * length);
  }
  assert(rows.algorithm[row] < 0 || rows.algorithm[row] === algorithm, 'ledger: a row keeps its algorithm');
  rows.algorithm[row] = algorithm;
}

function filled(old: Int32Array, length: number): Int32Array {
  const wider = new Int32Array(length).fill(-1);
  wider.set(old);
  return wider;
}
