import { assert } from '../../base/assert.ts';
import type { AccountIx, CurrencyIx, RowIx } from '../../domain/ids.ts';
import { isSimulatedLeaf, leafLink, venueOfLeaf } from './leaf.ts';
import type { LeafIx, Ledger } from './ledger.ts';
import { FEE_LINE, LEAF_ACCOUNT, LEAF_CURRENCY, LEAF_ROW, OWN_LINE, leafLinks, noMoney } from './ledger.ts';
import { currencyOf, maxAbove, roomForRows, type MoneyIx } from './money-rows.ts';
import { newLine, scopesOf } from './scopes.ts';

/** Money row of a leaf in any currency, made on demand. @returns `noMoney` when the ledger holds its maximum of money rows. */
export function lineOf(ledger: Ledger, leaf: LeafIx, currency: CurrencyIx): MoneyIx {
  const { links } = ledger.leaves;
  const at = leaf * leafLinks;
  if (currency === links[at + LEAF_CURRENCY]) return links[at + OWN_LINE];
  const recent = links[at + FEE_LINE];
  if (recent !== noMoney && currencyOf(ledger.money, recent) === currency) return recent;
  const line = ledger.lines.get(leaf * 65_536 + currency) ?? newFeeLine(ledger, leaf, currency);
  if (line !== noMoney) links[at + FEE_LINE] = line;
  return line;
}

/** Money row of a leaf in a currency if it has one, else `noMoney`. */
export function findLine(ledger: Ledger, leaf: LeafIx, currency: CurrencyIx): MoneyIx {
  if (currency === leafLink(ledger, leaf, LEAF_CURRENCY)) return leafLink(ledger, leaf, OWN_LINE);
  return ledger.lines.get(leaf * 65_536 + currency) ?? noMoney;
}

function newFeeLine(ledger: Ledger, leaf: LeafIx, currency: CurrencyIx): MoneyIx {
  assert(currency >= 0 && currency < ledger.registry.currencies.length, 'ledger: the currency is registered');
  if (!roomForRows(ledger.money, maxAbove + 1)) return noMoney;
  const row = leafLink(ledger, leaf, LEAF_ROW);
  const simulated = isSimulatedLeaf(ledger, leaf);
  const line = newLine(
    ledger,
    row,
    scopesOf(ledger, row, leafLink(ledger, leaf, LEAF_ACCOUNT), venueOfLeaf(ledger, leaf), simulated),
    currency,
    simulated,
  );
  ledger.lines.set(leaf * 65_536 + currency, line);
  return line;
}

/** Money row of the cash flows of (row or -1, account, currency), made on demand; `noMoney` when full. A simulated purse needs a row. */
export function purseOf(ledger: Ledger, row: RowIx, account: AccountIx, currency: CurrencyIx, simulated: boolean): MoneyIx {
  const key = (((row + 1) * 65_536 + account) * 65_536 + currency) * 2 + (simulated ? 1 : 0);
  const known = ledger.purses.byKey.get(key);
  if (known !== undefined) return known;
  assert(row < 0 || ledger.rows.algorithm[row] >= 0, 'ledger: a row is declared before its first cash flow');
  assert(row >= 0 || !simulated, 'ledger: a simulated cash flow has a row');
  if (!roomForRows(ledger.money, maxAbove + 1)) return noMoney;
  const scopes = scopesOf(ledger, row, account, ledger.registry.accounts[account].venue, simulated);
  const purse = newLine(ledger, row, scopes, currency, simulated);
  ledger.purses.byKey.set(key, purse);
  ledger.purses.all.push({ money: purse, row, account, simulated });
  return purse;
}
