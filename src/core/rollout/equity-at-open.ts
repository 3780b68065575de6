import { addInto, cmp, fromSafe, isNeg, setInto, splitZero, subInto, type Split } from '../../base/split.ts';
import type { SliceIx } from '../../domain/ids.ts';
import type { Core } from '../core.ts';
import { capOf } from '../risk/capital.ts';
import { rowDayInto, rowTotalInto } from '../risk/pnl.ts';

const equity = splitZero();
const part = splitZero();

/**
 * What an increase is a share of: min(totalCapital, equity at session open), never below 0 (decision 26 of the specification). Equity = the capital of the slice and all that
 * its versions and its custodian made or lost before the session day began; each listing's day is its calendar's.
 */
function baseInto(out: Split, { gate, risk }: Core, slice: SliceIx): void {
  const { total, rows } = gate.slices[slice];
  setInto(equity, total);
  for (const row of rows) {
    rowTotalInto(part, risk.pnl, row, false);
    addInto(equity, equity, part);
    rowDayInto(part, risk.pnl, row, false);
    subInto(equity, equity, part);
  }
  if (isNeg(equity)) fromSafe(out, 0);
  else setInto(out, cmp(equity, total) < 0 ? equity : total);
}

const base = splitZero();

/** Capital of an increase to an allocation (0.0001 of the slice), floor, into `out`. */
export function capOfIncrease(out: Split, core: Core, slice: SliceIx, allocation: number): void {
  baseInto(base, core, slice);
  capOf(allocation, base, out);
}
