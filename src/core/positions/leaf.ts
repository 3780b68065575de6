import { assert } from '../../base/assert.ts';
import { lotsUnchecked, type Lots } from '../../base/units.ts';
import type { AccountIx, ListingIx, RowIx, VenueIx } from '../../domain/ids.ts';
import type { Leaves, LeafIx, Ledger, Positions } from './ledger.ts';
import {
  BASE_UNITS,
  CELLS,
  FEE_LINE,
  FIRST_CELL,
  FIRST_LOT,
  LAST_LOT,
  LEAF_ACCOUNT,
  LEAF_CURRENCY,
  LEAF_INSTRUMENT,
  LEAF_LISTING,
  LEAF_ROW,
  LEAF_SIMULATED,
  NEXT_OF_ROW,
  OWN_LINE,
  POSITION,
  TICK_VALUE,
  leafLinks,
  leafStride,
  maxPositionCells,
  noLeaf,
  noMoney,
} from './ledger.ts';
import { maxAbove, roomForRows, widerNumbers } from './money-rows.ts';
import { isWithin, newLine, positionCell, scopesOf, type LedgerScope } from './scopes.ts';

/** The leaf, made on demand. @returns `noLeaf` when the ledger holds its maximum of leaves, money rows or position cells. */
export function leafOf(ledger: Ledger, row: RowIx, account: AccountIx, listing: ListingIx, simulated: boolean): LeafIx {
  return ledger.leaves.byKey.get(leafKey(row, account, listing, simulated)) ?? newLeaf(ledger, row, account, listing, simulated);
}

/** The leaf if there is one, else `noLeaf`. */
export function findLeaf(ledger: Ledger, row: RowIx, account: AccountIx, listing: ListingIx, simulated: boolean): LeafIx {
  return ledger.leaves.byKey.get(leafKey(row, account, listing, simulated)) ?? noLeaf;
}

/** Leaves of a row in order of creation, real and simulated: `for (let leaf = firstLeafOf(l, row); leaf !== noLeaf; leaf = nextLeafOf(l, leaf))`. */
export function firstLeafOf(ledger: Ledger, row: RowIx): LeafIx {
  return row < ledger.rows.firstLeaf.length ? ledger.rows.firstLeaf[row] : noLeaf;
}

export function nextLeafOf(ledger: Ledger, leaf: LeafIx): LeafIx {
  return ledger.leaves.links[leaf * leafLinks + NEXT_OF_ROW];
}

/** Signed position of a leaf in lots. */
export function positionOfLeaf(ledger: Ledger, leaf: LeafIx): Lots {
  return lotsUnchecked(ledger.leaves.numbers[leaf * leafStride + POSITION]);
}

/** One of the LEAF_… integers of a leaf. */
export function leafLink(ledger: Ledger, leaf: LeafIx, link: number): number {
  return ledger.leaves.links[leaf * leafLinks + link];
}

export function isSimulatedLeaf(ledger: Ledger, leaf: LeafIx): boolean {
  return leafLink(ledger, leaf, LEAF_SIMULATED) === 1;
}

export function venueOfLeaf(ledger: Ledger, leaf: LeafIx): VenueIx {
  return ledger.registry.listings[leafLink(ledger, leaf, LEAF_LISTING)].venue;
}

/** Whether a leaf counts in a scope. */
export function isLeafWithin(ledger: Ledger, leaf: LeafIx, scope: LedgerScope, ix: number): boolean {
  const row = leafLink(ledger, leaf, LEAF_ROW);
  return isWithin(ledger, scope, ix, row, leafLink(ledger, leaf, LEAF_ACCOUNT), venueOfLeaf(ledger, leaf), isSimulatedLeaf(ledger, leaf));
}

function leafKey(row: RowIx, account: AccountIx, listing: ListingIx, simulated: boolean): number {
  return ((row * 65_536 + account) * 65_536 + listing) * 2 + (simulated ? 1 : 0);
}

function newLeaf(ledger: Ledger, row: RowIx, account: AccountIx, listing: ListingIx, simulated: boolean): LeafIx {
  const { leaves, registry, rows } = ledger;
  assert(row >= 0 && row < rows.algorithm.length && rows.algorithm[row] >= 0, 'ledger: a row is declared before its first leaf');
  assert(
    account >= 0 && account < registry.accounts.length && listing >= 0 && listing < registry.listings.length,
    'ledger: account and listing are registered',
  );
  if (leaves.count >= leaves.max || ledger.positions.count + maxAbove > maxPositionCells || !roomForRows(ledger.money, maxAbove + 1))
    return noLeaf;
  const definition = registry.listings[listing];
  const leaf = leaves.count;
  growLeaves(leaves, ledger.positions);
  leaves.count = leaf + 1;
  leaves.byKey.set(leafKey(row, account, listing, simulated), leaf);
  const numbers = leaf * leafStride;
  leaves.numbers[numbers + TICK_VALUE] = definition.moneyPerTickLot;
  leaves.numbers[numbers + BASE_UNITS] = definition.baseUnitsPerLot;
  const at = leaf * leafLinks;
  const { links } = leaves;
  links[at + LEAF_ROW] = row;
  links[at + LEAF_ACCOUNT] = account;
  links[at + LEAF_LISTING] = listing;
  links[at + LEAF_INSTRUMENT] = definition.instrument;
  links[at + LEAF_CURRENCY] = definition.currency;
  links[at + LEAF_SIMULATED] = simulated ? 1 : 0;
  links[at + FIRST_LOT] = -1;
  links[at + LAST_LOT] = -1;
  links[at + NEXT_OF_ROW] = noLeaf;
  if (rows.firstLeaf[row] === noLeaf) rows.firstLeaf[row] = leaf;
  else links[rows.lastLeaf[row] * leafLinks + NEXT_OF_ROW] = leaf;
  rows.lastLeaf[row] = leaf;
  if (definition.instrument >= ledger.positions.gross.length) {
    ledger.positions.gross = widerNumbers(ledger.positions.gross, 2 * definition.instrument);
  }
  const scopes = scopesOf(ledger, row, account, definition.venue, simulated);
  links[at + CELLS] = scopes.length;
  for (let i = 0; i < scopes.length; i++) links[at + FIRST_CELL + i] = positionCell(ledger, scopes[i], definition.instrument);
  links[at + OWN_LINE] = newLine(ledger, row, scopes, definition.currency, simulated);
  links[at + FEE_LINE] = noMoney;
  return leaf;
}

function growLeaves(leaves: Leaves, positions: Positions): void {
  const needed = leaves.count + 1;
  if (needed * leafStride <= leaves.numbers.length) return;
  const wider = Math.min(leaves.max, Math.max(4, 2 * leaves.count));
  leaves.numbers = widerNumbers(leaves.numbers, wider * leafStride);
  leaves.links = new Int32Array(leaves.numbers.buffer);
  const behind = new Int32Array(wider);
  behind.set(positions.behind);
  positions.behind = behind;
}
