import { splitZero, subInto } from '../base/split.ts';
import type { Core } from '../core/core.ts';
import type { RowIx } from '../domain/ids.ts';
import { firstLeafOf, isSimulatedLeaf, leafLink, nextLeafOf, positionOfLeaf } from '../core/positions/leaf.ts';
import { LEAF_LISTING, noLeaf } from '../core/positions/ledger.ts';
import { CASH, FEES } from '../core/positions/money-rows.ts';
import { rowCurrency, scopeSumInto } from '../core/positions/valuation.ts';
import { isOnPaper } from '../core/rollout/rollout.ts';
import type { Carried } from './strategy-context.ts';

/** What a row holds by the ledger, for an instance that begins anew on it: positions, money of its fills, highest tag. Its orders are taken back by the start. */
export function heldOf(core: Core, row: RowIx): Carried {
  const simulated = isOnPaper(core.rollout, row);
  const positions = lotsOf(core, row, simulated);
  const currency = rowCurrency(core.ledger, row, simulated);
  const won = splitZero();
  const fees = splitZero();
  if (currency >= 0) {
    const scope = simulated ? 'simulated' : 'version';
    scopeSumInto(won, core.ledger, scope, row, currency, CASH);
    scopeSumInto(fees, core.ledger, scope, row, currency, FEES);
    subInto(won, won, fees);
  }
  return {
    tag: core.lastTag[row] ?? 0,
    positions,
    orders: [],
    timers: [],
    money: { won, mixed: currency === -2 },
    shift: 0,
    imagined: [],
    replaces: [],
    random: null,
  };
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
