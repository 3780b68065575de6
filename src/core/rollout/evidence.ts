import { splitZero } from '../../base/split.ts';
import type { RowIx } from '../../domain/ids.ts';
import type { Core } from '../core.ts';
import { isPriced } from '../market/marks.ts';
import { errorEvidence } from '../risk/judge.ts';
import { modeCancelOnly, modeSimulated } from '../risk/order-gate.ts';
import { rowTotalInto } from '../risk/pnl.ts';
import { drawdownOf, hasCapital } from '../risk/unit-nav.ts';
import { rowTrades } from './trades.ts';
import type { Evidence } from './judgment.ts';

/** The numbers of one row at this step: what gates are judged on. */
export function evidenceOf(core: Core, row: RowIx): Evidence {
  const { gate, registry, risk } = core;
  const watch = risk.monitors.rows[row];
  // a run on paper that a start or a silent feed has stopped is one on paper still
  const simulated = gate.mode[row] === modeSimulated || (gate.mode[row] === modeCancelOnly && watch?.simulated === true);
  const pnl = splitZero();
  rowTotalInto(pnl, risk.pnl, row, simulated);
  const { exponent } = registry.currencies[gate.slices[gate.rows[row].slice].currency];
  const { trades, wins, losses } = rowTrades(core, row, simulated);
  const drawdown = watch === undefined || !hasCapital(watch.nav) ? NaN : drawdownOf(watch.nav, 0, pnl);
  const errorE = watch === undefined || watch.trials === 0 ? NaN : errorEvidence(watch);
  return { pnl, exponent, trades, wins, losses, drawdown, errorEvidence: errorE, fresh: isFresh(core, row) };
}

/** Every listing of the row's universe has a valid mark that names a price, and its feed is not silent. */
export function isFresh(core: Core, row: RowIx): boolean {
  const { universe } = core.gate.rows[row];
  for (let listing = 0; listing < universe.length; listing++) {
    if (universe[listing] === 1 && !isPriced(core.marks, listing)) return false;
  }
  return true;
}
