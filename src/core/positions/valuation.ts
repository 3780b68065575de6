import { assert } from '../../base/assert.ts';
import { addInto, divHalfEvenInto, fromSafe, mulInto, mulSmallInto, splitZero, subInto, type Split } from '../../base/split.ts';
import type { CurrencyIx, RowIx } from '../../domain/ids.ts';
import { knownTwice, type Marks } from '../market/marks.ts';
import { firstLeafOf, isLeafWithin, isSimulatedLeaf, leafLink, nextLeafOf } from './leaf.ts';
import type { LeafIx, Ledger } from './ledger.ts';
import { LEAF_CURRENCY, LEAF_LISTING, OWN_LINE, POSITION, TICK_VALUE, leafStride, noLeaf, noMoney } from './ledger.ts';
import { findLine } from './line.ts';
import { AVERAGE_REALIZED, CAPITAL, CASH, ENTRY_COST, FEES, FLOWS, HANDOVER, REALIZED, readSum } from './money-rows.ts';
import { moneyOf, type LedgerScope } from './scopes.ts';

/**
 * Values at the marks. The price is `knownTwice` in half ticks; position x `knownTwice` x tick value / 2 is rounded half-even to the money unit, leaf by leaf, and
 * only here: no balance ever holds a rounded value. `noMark`: a leaf holds a position in a listing without a price; nothing is guessed.
 * Currencies are never added together here: sums come per currency and are converted outside, at journaled marks, half-even.
 */
export type Valued = 'valued' | 'noMark' | 'severalCurrencies';

const value = splitZero();
const term = splitZero();
const pnl = splitZero();

/** Market value of a leaf, signed; false (out is 0) when it holds a position without a mark. */
export function marketValueInto(out: Split, ledger: Ledger, marks: Marks, leaf: LeafIx): boolean {
  const { numbers } = ledger.leaves;
  const at = leaf * leafStride;
  const position = numbers[at + POSITION];
  fromSafe(out, 0);
  if (position === 0) return true;
  const twice = knownTwice(marks, leafLink(ledger, leaf, LEAF_LISTING));
  if (twice === 0) return false;
  const tickValue = numbers[at + TICK_VALUE];
  const unit = twice * tickValue;
  if (unit % 2 === 0 && unit <= Number.MAX_SAFE_INTEGER && unit >= -Number.MAX_SAFE_INTEGER) {
    mulInto(out, position, unit / 2);
    return true;
  }
  mulInto(out, position, twice);
  mulSmallInto(out, out, tickValue);
  divHalfEvenInto(out, out, 2);
  return true;
}

/** Unrealized PnL of a leaf by FIFO: market value - cost of the open lots. */
export function unrealizedInto(out: Split, ledger: Ledger, marks: Marks, leaf: LeafIx): boolean {
  if (!marketValueInto(out, ledger, marks, leaf)) return false;
  openCostInto(term, ledger, leaf);
  subInto(out, out, term);
  return true;
}

/** Signed cost of the open lots, long +: realized - cash, because cash = realized - open cost in every leaf. */
export function openCostInto(out: Split, ledger: Ledger, leaf: LeafIx): void {
  const line = leafLink(ledger, leaf, OWN_LINE);
  readSum(out, ledger.money, line, REALIZED);
  readSum(value, ledger.money, line, CASH);
  subInto(out, out, value);
}

/** A row's books in one currency. pnl = realized + unrealized - fees + flows + handover = cash + market value - fees + flows + handover. */
export interface Statement {
  readonly realized: Split;
  readonly unrealized: Split;
  readonly fees: Split;
  readonly flows: Split;
  readonly handover: Split;
  readonly pnl: Split;
  /** Deposits and transfers: no PnL. */
  readonly capital: Split;
}

export function createStatement(): Statement {
  return {
    realized: splitZero(),
    unrealized: splitZero(),
    fees: splitZero(),
    flows: splitZero(),
    handover: splitZero(),
    pnl: splitZero(),
    capital: splitZero(),
  };
}

/** The row's statement in a currency, from its first day; `out` is whole only when 'valued'. */
export function rowStatement(ledger: Ledger, marks: Marks, row: RowIx, simulated: boolean, currency: CurrencyIx, out: Statement): Valued {
  const valued = rowPnlIn(ledger, marks, row, simulated, currency, out.pnl);
  const scope = simulated ? 'simulated' : 'version';
  scopeSumInto(out.realized, ledger, scope, row, currency, REALIZED);
  scopeSumInto(out.fees, ledger, scope, row, currency, FEES);
  scopeSumInto(out.flows, ledger, scope, row, currency, FLOWS);
  scopeSumInto(out.handover, ledger, scope, row, currency, HANDOVER);
  scopeSumInto(out.capital, ledger, scope, row, currency, CAPITAL);
  addInto(term, out.pnl, out.fees);
  subInto(term, term, out.flows);
  subInto(term, term, out.handover);
  subInto(out.unrealized, term, out.realized);
  return valued;
}

/** PnL of a row in one currency since its first day, net of fees: baselines (day, stage, deployment) are copies of it that the caller subtracts. */
export function rowPnlIn(ledger: Ledger, marks: Marks, row: RowIx, simulated: boolean, currency: CurrencyIx, out: Split): Valued {
  moneyPnlInto(out, ledger, simulated ? 'simulated' : 'version', row, currency);
  for (let leaf = firstLeafOf(ledger, row); leaf !== noLeaf; leaf = nextLeafOf(ledger, leaf)) {
    if (isSimulatedLeaf(ledger, leaf) !== simulated || leafLink(ledger, leaf, LEAF_CURRENCY) !== currency) continue;
    if (!marketValueInto(value, ledger, marks, leaf)) return 'noMark';
    addInto(out, out, value);
  }
  return 'valued';
}

/** The same in the row's only currency; 'severalCurrencies' when it has leaves, fees or flows in a second one. A row without leaves is worth 0. */
export function rowPnl(ledger: Ledger, marks: Marks, row: RowIx, simulated: boolean, out: Split): Valued {
  const currency = rowCurrency(ledger, row, simulated);
  fromSafe(out, 0);
  if (currency === -1) return 'valued';
  if (currency === -2) return 'severalCurrencies';
  return rowPnlIn(ledger, marks, row, simulated, currency, out);
}

/** Only currency of a row's real or simulated side; -1 = nothing booked yet, -2 = several. */
export function rowCurrency(ledger: Ledger, row: RowIx, simulated: boolean): CurrencyIx {
  const side = 2 * row + (simulated ? 1 : 0);
  return side < ledger.rows.currency.length ? ledger.rows.currency[side] : -1;
}

/** PnL of the row since `baseline`, which is what `rowPnlIn` said then. */
export function rowEquityChange(
  ledger: Ledger,
  marks: Marks,
  row: RowIx,
  simulated: boolean,
  currency: CurrencyIx,
  baseline: Split,
  out: Split,
): Valued {
  const valued = rowPnlIn(ledger, marks, row, simulated, currency, pnl);
  subInto(out, pnl, baseline);
  return valued;
}

/** PnL of any scope in one currency. Walks every leaf: for reports, not for each mark. */
export function scopePnlIn(ledger: Ledger, marks: Marks, scope: LedgerScope, ix: number, currency: CurrencyIx, out: Split): Valued {
  moneyPnlInto(out, ledger, scope, ix, currency);
  for (let leaf = 0; leaf < ledger.leaves.count; leaf++) {
    if (leafLink(ledger, leaf, LEAF_CURRENCY) !== currency || !isLeafWithin(ledger, leaf, scope, ix)) continue;
    if (!marketValueInto(value, ledger, marks, leaf)) return 'noMark';
    addInto(out, out, value);
  }
  return 'valued';
}

/** cash - fees + flows + handover: PnL but for the market value of what is held. */
function moneyPnlInto(out: Split, ledger: Ledger, scope: LedgerScope, ix: number, currency: CurrencyIx): void {
  scopeSumInto(out, ledger, scope, ix, currency, CASH);
  scopeSumInto(term, ledger, scope, ix, currency, FEES);
  subInto(out, out, term);
  scopeSumInto(term, ledger, scope, ix, currency, FLOWS);
  addInto(out, out, term);
  scopeSumInto(term, ledger, scope, ix, currency, HANDOVER);
  addInto(out, out, term);
}

/** Cash balance of a scope in a currency: what fills paid and cost, less fees, plus flows and capital. */
export function cashBalanceInto(out: Split, ledger: Ledger, scope: LedgerScope, ix: number, currency: CurrencyIx): void {
  moneyPnlInto(out, ledger, scope, ix, currency);
  scopeSumInto(term, ledger, scope, ix, currency, HANDOVER);
  subInto(out, out, term);
  scopeSumInto(term, ledger, scope, ix, currency, CAPITAL);
  addInto(out, out, term);
}

/** `used` of a row as far as lots go: sum over lots of |cost at entry| in a currency; add what open orders reserve. */
export function entryCostOf(out: Split, ledger: Ledger, row: RowIx, simulated: boolean, currency: CurrencyIx): void {
  scopeSumInto(out, ledger, simulated ? 'simulated' : 'version', row, currency, ENTRY_COST);
}

/** One sum of a leaf in a currency, 0 where nothing was booked. @param sum one of the places of `money-rows.ts` */
export function leafSumInto(out: Split, ledger: Ledger, leaf: LeafIx, currency: CurrencyIx, sum: number): void {
  const line = findLine(ledger, leaf, currency);
  if (line === noMoney) fromSafe(out, 0);
  else readSum(out, ledger.money, line, sum);
}

/** One sum of a scope in a currency, 0 where nothing was booked. @param sum one of the places of `money-rows.ts`, but for AVERAGE_REALIZED, which is kept by leaf */
export function scopeSumInto(out: Split, ledger: Ledger, scope: LedgerScope, ix: number, currency: CurrencyIx, sum: number): void {
  assert(sum !== AVERAGE_REALIZED, 'ledger: average cost is kept by leaf');
  fromSafe(out, 0);
  if (scope === 'firm') {
    for (let venue = 0; venue < ledger.registry.venues.length; venue++) {
      readKept(value, ledger, 'venue', venue, currency, sum);
      addInto(out, out, value);
    }
  } else {
    readKept(out, ledger, scope, ix, currency, sum);
  }
}

function readKept(out: Split, ledger: Ledger, scope: LedgerScope, ix: number, currency: CurrencyIx, sum: number): void {
  const row = moneyOf(ledger, scope, ix, currency);
  if (row === noMoney) fromSafe(out, 0);
  else readSum(out, ledger.money, row, sum);
}
