import type { AccountIx, CurrencyIx, InstrumentIx, RowIx, VenueIx } from '../../domain/ids.ts';
import {
  BASE_UNITS,
  BEHIND,
  CELLS,
  COUNTED,
  FIRST_CELL,
  POSITION,
  leafLinks,
  leafStride,
  maxPositionCells,
  noMoney,
  type Ledger,
} from './ledger.ts';
import { addRowOf, putAbove, widerNumbers, type MoneyIx } from './money-rows.ts';

/** The sums above the leaves. `simulated` is the paper side of a version: what is booked there counts nowhere else. */
export const ledgerScopes = ['version', 'simulated', 'algorithm', 'venue', 'account', 'firm'] as const;
export type LedgerScope = (typeof ledgerScopes)[number];

/** Brings the positions of all scopes up to date with the leaves. Doing it twice changes nothing. */
export function settlePositions(ledger: Ledger): void {
  const { positions } = ledger;
  const { numbers, links } = ledger.leaves;
  const { behind, behindCount, units } = positions;
  positions.behindCount = 0;
  for (let i = 0; i < behindCount; i++) {
    const leaf = behind[i];
    const at = leaf * leafStride;
    const moved = (numbers[at + POSITION] - numbers[at + COUNTED]) * numbers[at + BASE_UNITS];
    numbers[at + COUNTED] = numbers[at + POSITION];
    links[leaf * leafLinks + BEHIND] = 0;
    const first = leaf * leafLinks + FIRST_CELL;
    const last = first + links[leaf * leafLinks + CELLS];
    for (let link = first; link < last; link++) units[links[link]] += moved;
  }
}

/** Net base units of an instrument in a scope; `ix` is the row, algorithm, venue or account, 0 for the firm. */
export function positionOf(ledger: Ledger, scope: LedgerScope, ix: number, instrument: InstrumentIx): number {
  if (scope === 'firm') {
    let units = 0;
    for (let venue = 0; venue < ledger.registry.venues.length; venue++) units += positionOf(ledger, 'venue', venue, instrument);
    return units;
  }
  if (ledger.positions.behindCount > 0) settlePositions(ledger);
  const cell = ledger.positions.byKey.get(scopeKey(scope, ix) * 65_536 + instrument);
  return cell === undefined ? 0 : ledger.positions.units[cell];
}

/** Money row of a scope in a currency, `noMoney` while nothing was booked; the firm has none. */
export function moneyOf(ledger: Ledger, scope: LedgerScope, ix: number, currency: CurrencyIx): MoneyIx {
  return ledger.scopeMoney.get(scopeKey(scope, ix) * 65_536 + currency) ?? noMoney;
}

/** Keys of the scopes that a booking of (row, account, venue) is added to; row -1 is the account's own money. The firm is read from its venues. */
export function scopesOf(ledger: Ledger, row: RowIx, account: AccountIx, venue: VenueIx, simulated: boolean): number[] {
  if (simulated) return [scopeKey('simulated', row)];
  const accountScopes = [scopeKey('venue', venue), scopeKey('account', account)];
  return row < 0 ? accountScopes : [scopeKey('version', row), scopeKey('algorithm', ledger.rows.algorithm[row]), ...accountScopes];
}

/** Whether what is booked for (row, account, venue) counts in a scope; what `scopesOf` puts into keys. */
export function isWithin(
  ledger: Ledger,
  scope: LedgerScope,
  ix: number,
  row: RowIx,
  account: AccountIx,
  venue: VenueIx,
  simulated: boolean,
): boolean {
  switch (scope) {
    case 'simulated':
      return simulated && row === ix;
    case 'version':
      return !simulated && row === ix;
    case 'algorithm':
      return !simulated && row >= 0 && ledger.rows.algorithm[row] === ix;
    case 'venue':
      return !simulated && venue === ix;
    case 'account':
      return !simulated && account === ix;
    case 'firm':
      return !simulated;
  }
}

function scopeKey(scope: LedgerScope, ix: number): number {
  return ledgerScopes.indexOf(scope) * 65_536 + ix;
}

/** The cell of (scope, instrument), made on demand; the caller has asked for room. */
export function positionCell(ledger: Ledger, scope: number, instrument: InstrumentIx): number {
  const { positions } = ledger;
  const key = scope * 65_536 + instrument;
  const known = positions.byKey.get(key);
  if (known !== undefined) return known;
  const cell = positions.count;
  if (cell >= positions.units.length) positions.units = widerNumbers(positions.units, Math.min(maxPositionCells, Math.max(8, 2 * cell)));
  positions.count = cell + 1;
  positions.byKey.set(key, cell);
  return cell;
}

/** A money row under its scopes; tells the row (slice, version) of its currency. Needs room for `scopes.length + 1` money rows. */
export function newLine(ledger: Ledger, row: RowIx, scopes: readonly number[], currency: CurrencyIx, simulated: boolean): MoneyIx {
  const { money, rows } = ledger;
  const line = addRowOf(money, currency);
  for (const scope of scopes) {
    const key = scope * 65_536 + currency;
    let above = ledger.scopeMoney.get(key);
    if (above === undefined) {
      above = addRowOf(money, currency);
      ledger.scopeMoney.set(key, above);
    }
    putAbove(money, line, above);
  }
  if (row >= 0) {
    const side = 2 * row + (simulated ? 1 : 0);
    if (rows.currency[side] === -1) rows.currency[side] = currency;
    else if (rows.currency[side] !== currency) rows.currency[side] = -2;
  }
  return line;
}
