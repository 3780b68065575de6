import { addInto, cmp, fromSafe, splitZero, subInto, toBigInt, type Split } from '../../base/split.ts';
import { isLeafWithin, leafLink } from './leaf.ts';
import type { LeafIx, Ledger } from './ledger.ts';
import {
  BASE_UNITS,
  BASIS_CLOSED,
  BASIS_HELD,
  FIRST_LOT,
  LAST_LOT,
  LEAF_INSTRUMENT,
  OWN_LINE,
  POSITION,
  leafStride,
  noMoney,
} from './ledger.ts';
import { findLine } from './line.ts';
import { LOT_COST, LOT_NEXT, LOT_QTY, lotStride, noLot } from './lot-pool.ts';
import { CASH, ENTRY_COST, REALIZED, currencyOf, readSum, sums, type SumName } from './money-rows.ts';
import { readPair } from './pair.ts';
import { isWithin, ledgerScopes, moneyOf, positionOf, type LedgerScope } from './scopes.ts';
import { scopeSumInto } from './valuation.ts';

/** A figure that the ledger keeps, beside what it should be. */
export interface Difference {
  /** `firm 0 instrument 3`, `leaf 7`. */
  readonly where: string;
  readonly figure: SumName | 'position' | 'lots' | 'lastLot' | 'averageHeld' | 'freePlaces' | 'gross';
  readonly kept: bigint;
  readonly expected: bigint;
}

const sumNames = Object.keys(sums).filter((name): name is SumName => name in sums);
const scopeSums = sumNames.filter((name) => name !== 'averageRealized');
const kept = splitZero();
const expected = splitZero();
const cash = splitZero();
const lotCost = splitZero();

/**
 * Positions = sum over leaves, money = sum over leaves and purses, for every scope, worked out again from who each of them belongs to (not from the links that
 * bookings follow); and every leaf against its own lots. Empty when all is well. For tests and audits: walks everything and allocates.
 */
export function checkSums(ledger: Ledger): readonly Difference[] {
  const found: Difference[] = [];
  for (let leaf = 0; leaf < ledger.leaves.count; leaf++) checkLeaf(ledger, leaf, found);
  checkPool(ledger, found);
  checkGross(ledger, found);
  for (const scope of ledgerScopes) {
    for (const ix of indicesOf(ledger, scope)) {
      const leaves = [...Array(ledger.leaves.count).keys()].filter((leaf) => isLeafWithin(ledger, leaf, scope, ix));
      checkPositions(ledger, scope, ix, leaves, found);
      checkMoney(ledger, scope, ix, leaves, found);
    }
  }
  return found;
}

/** cash = realized - signed open cost; entry cost = sum of |cost|; lots and average basis hold |position|. */
function checkLeaf(ledger: Ledger, leaf: LeafIx, found: Difference[]): void {
  const where = `leaf ${leaf}`;
  const { numbers } = ledger.leaves;
  const { cells } = ledger.lots;
  const position = numbers[leaf * leafStride + POSITION];
  const line = leafLink(ledger, leaf, OWN_LINE);
  let qty = 0;
  let last = noLot;
  fromSafe(expected, 0);
  readSum(cash, ledger.money, line, REALIZED);
  for (let lot = leafLink(ledger, leaf, FIRST_LOT); lot !== noLot; lot = cells[lot * lotStride + LOT_NEXT]) {
    readPair(lotCost, cells, lot * lotStride + LOT_COST);
    if (lotCost.hi < 0) subInto(expected, expected, lotCost);
    else addInto(expected, expected, lotCost);
    if (position > 0) subInto(cash, cash, lotCost);
    else addInto(cash, cash, lotCost);
    qty += cells[lot * lotStride + LOT_QTY];
    last = lot;
  }
  readSum(kept, ledger.money, line, ENTRY_COST);
  compare(found, where, 'entryCost', kept, expected);
  readSum(kept, ledger.money, line, CASH);
  compare(found, where, 'cash', kept, cash);
  compareNumbers(found, where, 'lots', qty, Math.abs(position));
  compareNumbers(found, where, 'lastLot', leafLink(ledger, leaf, LAST_LOT), last);
  const held = numbers[leaf * leafStride + BASIS_HELD] - numbers[leaf * leafStride + BASIS_CLOSED];
  compareNumbers(found, where, 'averageHeld', held, Math.abs(position));
}

/** Live and free places together are all places ever used: no lot is lost or held twice. */
function checkPool(ledger: Ledger, found: Difference[]): void {
  const { lots } = ledger;
  let free = 0;
  for (let lot = lots.free; lot !== noLot && free <= lots.used; lot = lots.cells[lot * lotStride + LOT_NEXT]) free += 1;
  let live = 0;
  for (let leaf = 0; leaf < ledger.leaves.count; leaf++) {
    for (let lot = leafLink(ledger, leaf, FIRST_LOT); lot !== noLot; lot = lots.cells[lot * lotStride + LOT_NEXT]) live += 1;
  }
  compareNumbers(found, 'pool', 'lots', lots.live, live);
  compareNumbers(found, 'pool', 'freePlaces', free, lots.used - live);
}

function checkGross(ledger: Ledger, found: Difference[]): void {
  const { numbers } = ledger.leaves;
  const units = new Float64Array(ledger.positions.gross.length);
  for (let leaf = 0; leaf < ledger.leaves.count; leaf++) {
    units[leafLink(ledger, leaf, LEAF_INSTRUMENT)] += Math.abs(
      numbers[leaf * leafStride + POSITION] * numbers[leaf * leafStride + BASE_UNITS],
    );
  }
  units.forEach((gross, instrument) =>
    compareNumbers(found, `instrument ${instrument}`, 'gross', ledger.positions.gross[instrument], gross),
  );
}

/** Every index that a scope has by definition, whether or not anything was booked. */
function indicesOf(ledger: Ledger, scope: LedgerScope): readonly number[] {
  const { registry, rows } = ledger;
  const declared = [...rows.algorithm.keys()].filter((row) => rows.algorithm[row] >= 0);
  switch (scope) {
    case 'version':
    case 'simulated':
      return declared;
    case 'algorithm':
      return [...new Set(declared.map((row) => rows.algorithm[row]))];
    case 'venue':
      return [...registry.venues.keys()];
    case 'account':
      return [...registry.accounts.keys()];
    case 'firm':
      return [0];
  }
}

function checkPositions(ledger: Ledger, scope: LedgerScope, ix: number, leaves: readonly LeafIx[], found: Difference[]): void {
  const { numbers } = ledger.leaves;
  const units = new Float64Array(ledger.registry.instruments.length);
  for (const leaf of leaves)
    units[leafLink(ledger, leaf, LEAF_INSTRUMENT)] += numbers[leaf * leafStride + POSITION] * numbers[leaf * leafStride + BASE_UNITS];
  for (let instrument = 0; instrument < units.length; instrument++) {
    compareNumbers(
      found,
      `${scope} ${ix} instrument ${instrument}`,
      'position',
      positionOf(ledger, scope, ix, instrument),
      units[instrument],
    );
  }
}

function checkMoney(ledger: Ledger, scope: LedgerScope, ix: number, leaves: readonly LeafIx[], found: Difference[]): void {
  const { money, registry } = ledger;
  const purses = ledger.purses.all.filter((p) =>
    isWithin(ledger, scope, ix, p.row, p.account, registry.accounts[p.account].venue, p.simulated),
  );
  for (let currency = 0; currency < registry.currencies.length; currency++) {
    const lines = leaves.map((leaf) => findLine(ledger, leaf, currency)).filter((line) => line !== noMoney);
    for (const purse of purses) if (currencyOf(money, purse.money) === currency) lines.push(purse.money);
    if (lines.length === 0 && scope !== 'firm' && moneyOf(ledger, scope, ix, currency) === noMoney) continue;
    const where = `${scope} ${ix} currency ${currency}`;
    for (const name of scopeSums) {
      fromSafe(expected, 0);
      for (const line of lines) {
        readSum(kept, money, line, sums[name]);
        addInto(expected, expected, kept);
      }
      scopeSumInto(kept, ledger, scope, ix, currency, sums[name]);
      compare(found, where, name, kept, expected);
    }
  }
}

function compare(found: Difference[], where: string, figure: Difference['figure'], is: Split, ought: Split): void {
  if (cmp(is, ought) !== 0) found.push({ where, figure, kept: toBigInt(is), expected: toBigInt(ought) });
}

function compareNumbers(found: Difference[], where: string, figure: Difference['figure'], is: number, ought: number): void {
  if (is !== ought) found.push({ where, figure, kept: BigInt(is), expected: BigInt(ought) });
}
