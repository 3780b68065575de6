import { assert } from '../../base/assert.ts';
import type { Split } from '../../base/split.ts';
import type { CurrencyIx } from '../../domain/ids.ts';
import { addPair, readPair, settlePair, type Cells } from './pair.ts';

/** Place of a money row: all sums of one (leaf, currency), one purse of cash flows, or one (scope, currency). */
export type MoneyIx = number;

/**
 * Places of the sums within a row, each a split integer in units of 10^-exponent of the row's currency; what fills move comes first.
 * `realized` by FIFO (official) · `cash` what fills paid (+) and cost (-), without fees · `entryCost` sum over lots of |cost at entry| · `fees` charged, rebates
 * negative · `bought`, `sold` |notional| of fills · `trades` a plain count · `averageRealized` by average cost, kept by leaf only · `flows` cash flows that are
 * PnL · `capital` deposits and transfers · `handover` PnL up to the mark that went with lots to another row (giver +, taker -).
 */
export const REALIZED = 0;
export const CASH = 2;
export const ENTRY_COST = 4;
export const FEES = 6;
export const BOUGHT = 8;
export const SOLD = 10;
export const TRADES = 12;
export const AVERAGE_REALIZED = 14;
export const FLOWS = 16;
export const CAPITAL = 18;
export const HANDOVER = 20;

export const sums = {
  realized: REALIZED,
  cash: CASH,
  entryCost: ENTRY_COST,
  fees: FEES,
  bought: BOUGHT,
  sold: SOLD,
  trades: TRADES,
  averageRealized: AVERAGE_REALIZED,
  flows: FLOWS,
  capital: CAPITAL,
  handover: HANDOVER,
} as const;

export type SumName = keyof typeof sums;

/** Sums from here on are moved by other bookings than fills and stand apart, so that what a fill touches is close together. */
const fillSums = 16;
const restStride = 6;
/** REALIZED to TRADES. */
const postedSums = 14;
/** Length of a delta: what one booking adds to each sum. */
export const allSums = 22;
/** Doubles per row: the sums that fills move, then eight integers. */
const rowStride = 20;
/** The same places counted in integers: currency, how many rows a booking goes to, their numbers: itself, then those above (version, algorithm, venue, account). */
export const linkStride = 40;
const ROW_CURRENCY = 32;
export const CHAIN = 33;
const FIRST_OF_CHAIN = 34;
/** 1 = the row stands in `behind`; here, where a fill is anyway. */
const IS_BEHIND = 39;
export const maxAbove = 4;

/** Most money rows of one ledger (200 bytes each). */
export const maxMoneyRows = 1_048_576;

export interface MoneyRows {
  count: number;
  readonly max: number;
  /** Two views of the same memory. */
  cells: Cells;
  links: Int32Array;
  rest: Cells;
  /** What fills moved of each row that the rows above it have: they follow when they are read. The first `behindCount` of `behind` are those that do not have all. */
  posted: Cells;
  behind: Int32Array;
  behindCount: number;
}

export function createMoneyRows(room: number, max: number): MoneyRows {
  const cells = new Float64Array(room * rowStride);
  return {
    count: 0,
    max,
    cells,
    links: new Int32Array(cells.buffer),
    rest: new Float64Array(room * restStride),
    posted: new Float64Array(room * postedSums),
    behind: new Int32Array(room),
    behindCount: 0,
  };
}

/** A new row of zeros; the caller has asked for room (`roomForRows`). */
export function addRowOf(money: MoneyRows, currency: CurrencyIx): MoneyIx {
  assert(money.count < money.max, 'money rows: room was asked for');
  const row = money.count;
  if ((row + 1) * rowStride > money.cells.length) {
    const wider = Math.min(money.max, Math.max(4, row * 2));
    money.cells = widerNumbers(money.cells, wider * rowStride);
    money.rest = widerNumbers(money.rest, wider * restStride);
    money.links = new Int32Array(money.cells.buffer);
    money.posted = widerNumbers(money.posted, wider * postedSums);
    const behind = new Int32Array(wider);
    behind.set(money.behind);
    money.behind = behind;
  }
  const at = row * linkStride;
  money.links[at + ROW_CURRENCY] = currency;
  money.links[at + CHAIN] = 1;
  money.links[at + FIRST_OF_CHAIN] = row;
  money.count = row + 1;
  return row;
}

export function roomForRows(money: MoneyRows, rows: number): boolean {
  return money.count + rows <= money.max;
}

/** From now on everything posted to `row` is posted to `above` too. */
export function putAbove(money: MoneyRows, row: MoneyIx, above: MoneyIx): void {
  const at = row * linkStride;
  const n = money.links[at + CHAIN];
  assert(n <= maxAbove, 'money rows: at most four rows stand above one');
  money.links[at + FIRST_OF_CHAIN + n] = above;
  money.links[at + CHAIN] = n + 1;
}

export function currencyOf(money: MoneyRows, row: MoneyIx): CurrencyIx {
  return money.links[row * linkStride + ROW_CURRENCY];
}

/** Adds all of `delta` (pairs) to the row and to every row above it; what is kept by leaf only to the row alone. */
export function post(money: MoneyRows, row: MoneyIx, delta: Cells): void {
  settleMoney(money);
  const { cells, links } = money;
  const first = row * linkStride + FIRST_OF_CHAIN;
  const last = first + links[first - 1];
  for (let link = first; link < last; link++) settleCarries(cells, links[link] * rowStride);
  for (let sum = 0; sum < allSums; sum += 2) if (delta[sum] !== 0 || delta[sum + 1] !== 0) postSum(money, row, delta, sum);
}

/** Adds one sum of `delta` to the row and to every row above it. */
export function postSum(money: MoneyRows, row: MoneyIx, delta: Cells, sum: number): void {
  const { cells, rest, links } = money;
  const first = row * linkStride + FIRST_OF_CHAIN;
  const last = sum === AVERAGE_REALIZED ? first + 1 : first + links[first - 1];
  for (let link = first; link < last; link++) {
    if (sum < fillSums) addPair(cells, links[link] * rowStride + sum, delta, sum);
    else addPair(rest, links[link] * restStride + sum - fillSums, delta, sum);
  }
  if (sum < postedSums) addPair(money.posted, row * postedSums + sum, delta, sum);
}

const moved = new Float64Array(postedSums);

/** Brings the rows above those that fills were booked to up to date. Doing it twice changes nothing. */
export function settleMoney(money: MoneyRows): void {
  const { cells, links, posted, behind, behindCount } = money;
  money.behindCount = 0;
  for (let i = 0; i < behindCount; i++) {
    const row = behind[i];
    const from = row * rowStride;
    const had = row * postedSums;
    for (let n = 0; n < postedSums; n++) {
      moved[n] = cells[from + n] - posted[had + n];
      posted[had + n] = cells[from + n];
    }
    links[row * linkStride + IS_BEHIND] = 0;
    const first = row * linkStride + FIRST_OF_CHAIN;
    const last = first + links[first - 1];
    for (let link = first + 1; link < last; link++) {
      const at = links[link] * rowStride;
      for (let n = 0; n < postedSums; n++) cells[at + n] += moved[n];
      settleCarries(cells, at);
    }
  }
}

/** Fills between two settlements of carries, a power of two: low parts of at most 2^48 each, on top of one, stay below 2^53. */
const fillsPerCarry = 16;
/** Largest high part of a sum that fills may reach; sixteen more of the largest fill stay exact. */
const maxFillHigh = 4_503_599_627_370_496;

/**
 * `post` for a fill: to the row alone, those above it follow when they are read; and without carries. Low parts are added as they are and settled at every
 * sixteenth trade (and by every other booking), which readers allow for (`readPair`). `volume` is BOUGHT or SOLD; nothing but what a fill moves is added.
 */
export function postFill(money: MoneyRows, row: MoneyIx, delta: Cells, volume: number, closed: boolean, charged: boolean): void {
  const { cells } = money;
  const at = row * rowStride;
  if (closed) {
    cells[at + REALIZED] += delta[REALIZED];
    cells[at + REALIZED + 1] += delta[REALIZED + 1];
    addPair(cells, at + AVERAGE_REALIZED, delta, AVERAGE_REALIZED);
  }
  cells[at + CASH] += delta[CASH];
  cells[at + CASH + 1] += delta[CASH + 1];
  cells[at + ENTRY_COST] += delta[ENTRY_COST];
  cells[at + ENTRY_COST + 1] += delta[ENTRY_COST + 1];
  if (charged) {
    cells[at + FEES] += delta[FEES];
    cells[at + FEES + 1] += delta[FEES + 1];
  }
  cells[at + volume] += delta[volume];
  cells[at + volume + 1] += delta[volume + 1];
  const trades = cells[at + TRADES + 1] + 1;
  cells[at + TRADES + 1] = trades;
  if ((trades & (fillsPerCarry - 1)) === 0) settleCarries(cells, at);
  putBehind(money, row);
}

/** The same for a commission alone, of a fill in another currency. */
export function postFee(money: MoneyRows, row: MoneyIx, delta: Cells): void {
  addPair(money.cells, row * rowStride + FEES, delta, FEES);
  putBehind(money, row);
}

function putBehind(money: MoneyRows, row: MoneyIx): void {
  const { links } = money;
  if (links[row * linkStride + IS_BEHIND] === 1) return;
  links[row * linkStride + IS_BEHIND] = 1;
  money.behind[money.behindCount++] = row;
}

/** Of the sums that fills move without carries; REALIZED to SOLD stand together. */
function settleCarries(cells: Cells, at: number): void {
  let largest = 0;
  for (let sum = at + REALIZED; sum <= at + SOLD; sum += 2) {
    settlePair(cells, sum);
    largest = Math.max(largest, Math.abs(cells[sum]));
  }
  if (largest > maxFillHigh) throw new RangeError('ledger: a sum is beyond the range of about 2^100');
}

/** One sum of a row. @param sum one of the places above */
export function readSum(out: Split, money: MoneyRows, row: MoneyIx, sum: number): void {
  if (money.behindCount > 0) settleMoney(money);
  if (sum < fillSums) readPair(out, money.cells, row * rowStride + sum);
  else readPair(out, money.rest, row * restStride + sum - fillSums);
}

export function widerNumbers(old: Float64Array, length: number): Float64Array {
  const wider = new Float64Array(length);
  wider.set(old);
  return wider;
}
