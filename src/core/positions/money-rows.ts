import { assert } from '../../base/assert.ts';
import type { Split } from '../../base/split.ts';
import type { CurrencyIx } from '../../domain/ids.ts';

/** Place of a money row: all sums of one (leaf, currency), one purse of cash flows, or one (scope, currency). */
export type MoneyIx = number;

/**
 * Places of the sums within a row, each a split integer in units of 10^-exponent of the row's currency.
 * `realized` by FIFO (official), `averageRealized` by average cost · `cash` what fills paid (+) and cost (-), without fees · `entryCost` sum over lots of
 * |cost at entry| · `fees` charged, rebates negative · `bought`, `sold` |notional| of fills · `trades` a plain count · `flows` cash flows that are PnL
 * · `capital` deposits and transfers · `handover` PnL up to the mark that went with lots to another row (giver +, taker -).
 */
export const REALIZED = 0;
export const AVERAGE_REALIZED = 2;
export const CASH = 4;
export const ENTRY_COST = 6;
export const FEES = 8;
export const BOUGHT = 10;
export const SOLD = 12;
export const TRADES = 14;
export const FLOWS = 16;
export const CAPITAL = 18;
export const HANDOVER = 20;

export const sums = {
  realized: REALIZED,
  averageRealized: AVERAGE_REALIZED,
  cash: CASH,
  entryCost: ENTRY_COST,
  fees: FEES,
  bought: BOUGHT,
  sold: SOLD,
  trades: TRADES,
  flows: FLOWS,
  capital: CAPITAL,
  handover: HANDOVER,
} as const;

export type SumName = keyof typeof sums;

/** Numbers per row; what fills move comes first and fills two cache lines. */
export const rowStride = 24;
export const fillSums = 16;
export const allSums = 22;
/** Integers per row: currency, how many rows stand above it, their numbers (version, algorithm, venue, account, firm). */
export const linkStride = 8;
const ROW_CURRENCY = 0;
const ABOVE = 1;
const FIRST_ABOVE = 2;
export const maxAbove = 5;

/** Most money rows of one ledger (200 bytes each). */
export const maxMoneyRows = 1_048_576;

const splitBase = 281474976710656;
const maxHigh = Number.MAX_SAFE_INTEGER;

export interface MoneyRows {
  count: number;
  readonly max: number;
  cells: Float64Array;
  links: Int32Array;
}

export function createMoneyRows(room: number, max: number): MoneyRows {
  return { count: 0, max, cells: new Float64Array(room * rowStride), links: new Int32Array(room * linkStride) };
}

/** A new row of zeros; the caller has asked for room (`roomForRows`). */
export function addRowOf(money: MoneyRows, currency: CurrencyIx): MoneyIx {
  assert(money.count < money.max, 'money rows: room was asked for');
  const row = money.count;
  if ((row + 1) * rowStride > money.cells.length) {
    const wider = Math.min(money.max, Math.max(4, row * 2));
    money.cells = widerNumbers(money.cells, wider * rowStride);
    money.links = widerInts(money.links, wider * linkStride);
  }
  money.links[row * linkStride + ROW_CURRENCY] = currency;
  money.count = row + 1;
  return row;
}

export function roomForRows(money: MoneyRows, rows: number): boolean {
  return money.count + rows <= money.max;
}

/** From now on everything posted to `row` is posted to `above` too. */
export function putAbove(money: MoneyRows, row: MoneyIx, above: MoneyIx): void {
  const at = row * linkStride;
  const n = money.links[at + ABOVE];
  assert(n < maxAbove, 'money rows: at most five rows stand above one');
  money.links[at + FIRST_ABOVE + n] = above;
  money.links[at + ABOVE] = n + 1;
}

export function currencyOf(money: MoneyRows, row: MoneyIx): CurrencyIx {
  return money.links[row * linkStride + ROW_CURRENCY];
}

export function rowsAbove(money: MoneyRows, row: MoneyIx): number {
  return money.links[row * linkStride + ABOVE];
}

export function rowAbove(money: MoneyRows, row: MoneyIx, n: number): MoneyIx {
  return money.links[row * linkStride + FIRST_ABOVE + n];
}

/** Adds the first `width` numbers of `delta` (pairs hi, lo) to the row and to every row above it. A sum past 2^101 throws: no market gets there. */
export function post(money: MoneyRows, row: MoneyIx, delta: Float64Array, width: number): void {
  const { cells, links } = money;
  const at = row * linkStride;
  const last = at + FIRST_ABOVE + links[at + ABOVE];
  for (let field = 0; field < width; field += 2) {
    const hi = delta[field];
    const lo = delta[field + 1];
    if (hi === 0 && lo === 0) continue;
    addHere(cells, row * rowStride + field, hi, lo);
    for (let link = at + FIRST_ABOVE; link < last; link++) addHere(cells, links[link] * rowStride + field, hi, lo);
  }
}

/** Adds hi * 2^48 + lo to the pair at `at`. */
export function addHere(cells: Float64Array, at: number, hi: number, lo: number): void {
  let low = cells[at + 1] + lo;
  let high = cells[at] + hi;
  if (low >= splitBase) {
    low -= splitBase;
    high += 1;
  }
  if (high > maxHigh || high < -maxHigh) throw new RangeError('ledger: a sum is beyond the range of about 2^101');
  cells[at] = high;
  cells[at + 1] = low;
}

export function addSplitHere(cells: Float64Array, at: number, x: Split): void {
  addHere(cells, at, x.hi, x.lo);
}

export function subSplitHere(cells: Float64Array, at: number, x: Split): void {
  if (x.lo === 0) addHere(cells, at, 0 - x.hi, 0);
  else addHere(cells, at, -1 - x.hi, splitBase - x.lo);
}

/** Adds x when `sign` is positive, subtracts it when negative. */
export function addSignedHere(cells: Float64Array, at: number, x: Split, sign: number): void {
  if (sign > 0) addHere(cells, at, x.hi, x.lo);
  else subSplitHere(cells, at, x);
}

export function readHere(out: Split, cells: Float64Array, at: number): void {
  out.hi = cells[at];
  out.lo = cells[at + 1];
}

/** One sum of a row. @param sum one of the places above */
export function readSum(out: Split, money: MoneyRows, row: MoneyIx, sum: number): void {
  readHere(out, money.cells, row * rowStride + sum);
}

export function widerNumbers(old: Float64Array, length: number): Float64Array {
  const wider = new Float64Array(length);
  wider.set(old);
  return wider;
}

export function widerInts(old: Int32Array, length: number): Int32Array {
  const wider = new Int32Array(length);
  wider.set(old);
  return wider;
}
