import { isZero, splitZero, subInto, type Split } from '../base/split.ts';
import type { Core } from '../core/core.ts';
import type { CurrencyIx, ListingIx, RowIx } from '../domain/ids.ts';
import { firstLeafOf, isSimulatedLeaf, leafLink, nextLeafOf, positionOfLeaf } from '../core/positions/leaf.ts';
import { LEAF_LISTING, noLeaf } from '../core/positions/ledger.ts';
import { CASH, FEES } from '../core/positions/money-rows.ts';
import { rowCurrency, scopeSumInto } from '../core/positions/valuation.ts';
import type { LedgerScope } from '../core/positions/scopes.ts';
import { isOnPaper } from '../core/rollout/rollout.ts';
import { moneyTermsOf, type MoneyTerms } from './own-money.ts';
import type { Carried } from './strategy-context.ts';

/**
 * What a row holds by the ledger, for an instance that begins anew on it: positions, money of its fills, highest tag. Its orders are taken back by the start. `money`:
 * where it knows several currencies.
 */
export function heldOf(core: Core, row: RowIx, money?: MoneyTerms): Carried {
  const simulated = isOnPaper(core.rollout, row);
  const positions = lotsOf(core, row, simulated);
  const scope = simulated ? 'simulated' : 'version';
  const currency = rowCurrency(core.ledger, row, simulated);
  const others: (readonly [CurrencyIx, Split])[] = [];
  for (let other = 0; money !== undefined && other < money.currencies; other++) {
    const sum = wonIn(core, scope, row, other);
    if (other !== money.currency && !isZero(sum)) others.push([other, sum]);
  }
  return {
    tag: core.lastTag[row] ?? 0,
    positions,
    orders: [],
    timers: [],
    money: {
      won: wonIn(core, scope, row, money?.currency ?? currency),
      mixed: money === undefined && currency === -2,
      ...(others.length === 0 ? {} : { others }),
    },
    shift: 0,
    imagined: [],
    replaces: [],
    random: null,
  };
}

/** What a load says beside code and universe: what the row holds where its desk begins again, and how it counts several currencies. */
export function inheritedBy(
  core: Core,
  row: RowIx,
  universe: readonly ListingIx[],
): { readonly held?: Carried; readonly money?: MoneyTerms } {
  const money = moneyTermsOf(core, row, universe);
  return { ...(core.starting ? { held: heldOf(core, row, money) } : {}), ...(money === undefined ? {} : { money }) };
}

/** Cash of the row's fills less their fees in one currency; 0 in none (below 0). */
function wonIn(core: Core, scope: LedgerScope, row: RowIx, currency: CurrencyIx): Split {
  const won = splitZero();
  const fees = splitZero();
  if (currency < 0) return won;
  scopeSumInto(won, core.ledger, scope, row, currency, CASH);
  scopeSumInto(fees, core.ledger, scope, row, currency, FEES);
  subInto(won, won, fees);
  return won;
}

/** Lots of a row at the simulator, by listing. */
export function simulatedLots(core: Core, row: RowIx): Carried['positions'] {
  return lotsOf(core, row, true);
}

function lotsOf(core: Core, row: RowIx, simulated: boolean): Carried['positions'] {
  const positions: Carried['positions'][number][] = [];
  for (let leaf = firstLeafOf(core.ledger, row); leaf !== noLeaf; leaf = nextLeafOf(core.ledger, leaf)) {
    const position = positionOfLeaf(core.ledger, leaf);
    if (position !== 0 && isSimulatedLeaf(core.ledger, leaf) === simulated)
      positions.push([leafLink(core.ledger, leaf, LEAF_LISTING), position]);
  }
  return positions;
}
