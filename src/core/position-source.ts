import { addInto, divHalfEvenInto, fromSafe, mulInto, mulSmallInto, splitZero, subInto, type Split } from '../base/split.ts';
import type { CurrencyIx } from '../domain/ids.ts';
import { findLeaf, isSimulatedLeaf, leafLink, positionOfLeaf } from './positions/leaf.ts';
import { LEAF_CURRENCY, TICK_VALUE, leafStride, noLeaf, type LeafIx, type Ledger } from './positions/ledger.ts';
import { CAPITAL, CASH, FEES, FLOWS, HANDOVER, REALIZED } from './positions/money-rows.ts';
import { positionOf, type LedgerScope } from './positions/scopes.ts';
import { entryCostOf, leafSumInto, rowCurrency, scopeSumInto } from './positions/valuation.ts';
import type { Registry } from './registry.ts';
import { microDown } from './risk/firm-money.ts';
import type { OrderGate } from './risk/order-gate.ts';
import type { PositionView } from './risk/position-view.ts';
import { convertInto, convertLastInto, type Rates } from './risk/rates.ts';

const ledgerScopeOf: readonly LedgerScope[] = ['firm', 'account', 'algorithm', 'version', 'venue'];

/** What the source is made of; the gate and the rates belong to the risk room, which is made after it. */
export interface PositionSource {
  readonly view: PositionView;
  /** Given once, before the first order. */
  connect(gate: OrderGate, rates: Rates, firmCurrency: () => CurrencyIx): void;
}

/** The ledger as the risk gate asks for it. */
export function createPositionSource(registry: Registry, ledger: Ledger): PositionSource {
  let gate: OrderGate | undefined;
  let rates: Rates | undefined;
  let firm: (() => CurrencyIx) | undefined;
  const term = splitZero();
  const other = splitZero();
  const currencyOfRow = (row: number): CurrencyIx => (gate === undefined ? 0 : gate.slices[gate.rows[row].slice].currency);
  // at the last rate there was: a feed that falls silent hides no fee
  const addForeignFees = (leaf: LeafIx, own: CurrencyIx, out: Split): void => {
    for (let currency = 0; currency < registry.currencies.length; currency++) {
      if (currency === own) continue;
      leafSumInto(other, ledger, leaf, currency, FEES);
      if ((other.hi !== 0 || other.lo !== 0) && rates !== undefined && convertLastInto(term, rates, other, currency, own, false))
        subInto(out, out, term);
    }
  };
  const view: PositionView = {
    leafPosition(row, account, listing, simulated) {
      const leaf = findLeaf(ledger, row, account, listing, simulated);
      return leaf === noLeaf ? 0 : positionOfLeaf(ledger, leaf);
    },
    positionBase(scope, scopeIx, instrument) {
      const of = ledgerScopeOf[scope];
      return of === undefined ? 0 : positionOf(ledger, of, scopeIx, instrument);
    },
    entryCost(row, simulated, out) {
      const own = currencyOfRow(row);
      entryCostOf(out, ledger, row, simulated, own);
      for (let currency = 0; currency < registry.currencies.length; currency++) {
        if (currency === own) continue;
        entryCostOf(other, ledger, row, simulated, currency);
        if ((other.hi !== 0 || other.lo !== 0) && rates !== undefined && convertLastInto(term, rates, other, currency, own, true))
          addInto(out, out, term);
      }
    },
    leafPnl(row, account, listing, simulated, markTwice, out) {
      const leaf = findLeaf(ledger, row, account, listing, simulated);
      fromSafe(out, 0);
      if (leaf === noLeaf) return;
      const currency = leafLink(ledger, leaf, LEAF_CURRENCY);
      const position = positionOfLeaf(ledger, leaf);
      // without a price the open lots stand at their cost
      leafSumInto(out, ledger, leaf, currency, markTwice === 0 ? REALIZED : CASH);
      if (position !== 0 && markTwice !== 0) {
        mulInto(term, position, markTwice);
        mulSmallInto(term, term, ledger.leaves.numbers[leaf * leafStride + TICK_VALUE]);
        divHalfEvenInto(term, term, 2);
        addInto(out, out, term);
      }
      leafSumInto(term, ledger, leaf, currency, FEES);
      subInto(out, out, term);
      leafSumInto(term, ledger, leaf, currency, FLOWS);
      addInto(out, out, term);
      leafSumInto(term, ledger, leaf, currency, HANDOVER);
      addInto(out, out, term);
      if (registry.currencies.length > 1 && !isSimulatedLeaf(ledger, leaf)) addForeignFees(leaf, currency, out);
    },
    hasOneCurrency: (row, simulated) => rowCurrency(ledger, row, simulated) >= 0,
    accountCash(account) {
      let cash = 0;
      for (let currency = 0; currency < registry.currencies.length; currency++) {
        scopeSumInto(other, ledger, 'account', account, currency, CAPITAL);
        if ((other.hi === 0 && other.lo === 0) || firm === undefined) continue;
        // capital in a currency without a rate counts as nothing: against the trader
        const own = firm();
        if (currency === own) cash += microDown(other, registry.currencies[own].exponent);
        else if (own >= 0 && rates !== undefined && convertInto(term, rates, other, currency, own, false))
          cash += microDown(term, registry.currencies[own].exponent);
      }
      return cash;
    },
  };
  return {
    view,
    connect(nextGate, nextRates, firmCurrency) {
      gate = nextGate;
      rates = nextRates;
      firm = firmCurrency;
    },
  };
}
