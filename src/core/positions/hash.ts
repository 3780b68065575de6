import type { ByteWriter } from '../../base/canonical.ts';
import { splitZero } from '../../base/split.ts';
import { leafLink } from './leaf.ts';
import type { LeafIx, Ledger } from './ledger.ts';
import { FIRST_LOT, LEAF_ACCOUNT, LEAF_LISTING, LEAF_ROW, LEAF_SIMULATED, POSITION, TICK_VALUE, leafStride } from './ledger.ts';
import { LOT_NEXT, lotStride, noLot } from './lot-pool.ts';
import { allSums, currencyOf, readSum } from './money-rows.ts';
import { settlePositions } from './scopes.ts';

const money = splitZero();

/**
 * Canonical bytes of the ledger: counters, rows, leaves with their bases and lots in order, purses, every money row and position cell. Leaves, money rows and
 * cells come in order of creation, which is the order of the journaled inputs. Where a lot stands in the pool does not matter and is left out, as are caches.
 */
export function hashLedger(writer: ByteWriter, ledger: Ledger): void {
  writer.safeInt(ledger.fills);
  writer.u32(ledger.splitAt.length);
  for (const at of ledger.splitAt) writer.safeInt(at);
  const { algorithm, currency } = ledger.rows;
  for (let row = 0; row < algorithm.length; row++) {
    if (algorithm[row] < 0) continue;
    writer.bool(true);
    writer.u32(row);
    writer.i32(algorithm[row]);
    writer.i32(currency[2 * row]);
    writer.i32(currency[2 * row + 1]);
  }
  writer.bool(false);
  writer.u32(ledger.leaves.count);
  for (let leaf = 0; leaf < ledger.leaves.count; leaf++) hashLeaf(writer, ledger, leaf);
  writer.u32(ledger.purses.all.length);
  for (const purse of ledger.purses.all) {
    writer.u32(purse.money);
    writer.i32(purse.row);
    writer.u32(purse.account);
    writer.bool(purse.simulated);
  }
  writer.u32(ledger.money.count);
  for (let row = 0; row < ledger.money.count; row++) {
    writer.u32(currencyOf(ledger.money, row));
    for (let sum = 0; sum < allSums; sum += 2) {
      readSum(money, ledger.money, row, sum);
      writer.split(money);
    }
  }
  settlePositions(ledger);
  writer.u32(ledger.positions.count);
  for (let cell = 0; cell < ledger.positions.count; cell++) writer.safeInt(ledger.positions.units[cell]);
}

function hashLeaf(writer: ByteWriter, ledger: Ledger, leaf: LeafIx): void {
  for (const link of [LEAF_ROW, LEAF_ACCOUNT, LEAF_LISTING, LEAF_SIMULATED]) writer.u32(leafLink(ledger, leaf, link));
  for (let n = POSITION; n < TICK_VALUE; n++) writer.safeInt(ledger.leaves.numbers[leaf * leafStride + n]);
  const { cells } = ledger.lots;
  for (let lot = leafLink(ledger, leaf, FIRST_LOT); lot !== noLot; lot = cells[lot * lotStride + LOT_NEXT]) {
    writer.bool(true);
    for (let n = 0; n < LOT_NEXT; n++) writer.safeInt(cells[lot * lotStride + n]);
  }
  writer.bool(false);
}
