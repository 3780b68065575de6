import { addInto, cmp, columnGet, splitZero, subInto } from '../../../base/split.ts';
import type { CheckContext } from '../check-context.ts';
import { surelyWithin } from '../estimate.ts';
import { sliceReserveInto } from '../facts.ts';
import { microUp } from '../firm-money.ts';
import { sliceCurrency } from '../foreign.ts';
import type { Risk } from '../risk.ts';
import { versionScope } from '../scopes.ts';
import { deny } from '../verdict.ts';

const splitBase = 281_474_976_710_656;

const used = splitZero();
const part = splitZero();
const cap = splitZero();

/** The estimate of used + order against the cap; what would have to be converted is not estimated. */
export function surelyWithinCap(risk: Risk, c: CheckContext): boolean {
  const { gate } = risk;
  const { row, simulated } = c.asker;
  if (c.listing?.currency !== sliceCurrency(risk, row)) return false;
  const cost = simulated ? gate.paperCost : gate.entryCost;
  const reserved = simulated ? gate.paperReserved : gate.reserved;
  const cap = simulated ? gate.paperCap : gate.cap;
  const used = (cost.hi[row] + reserved.hi[row]) * splitBase + (cost.lo[row] + reserved.lo[row]);
  return surelyWithin(used + c.leaves * c.lotMoney, cap.hi[row] * splitBase + cap.lo[row]);
}

/**
 * used + order <= cap of the row, what a replaced order reserves given back (AUTH1); a run on paper against its paper capital. While its slice holds a position that was never
 * rated nobody knows what is left of its capital: nothing opens.
 */
export function allocation(risk: Risk, c: CheckContext): boolean {
  const { gate, foreign } = risk;
  const { row, simulated } = c.asker;
  const unrated = simulated ? undefined : foreign.unrated.get(gate.rows[row].slice);
  if (unrated === undefined && surelyWithinCap(risk, c)) return true;
  columnGet(used, simulated ? gate.paperCost : gate.entryCost, row);
  columnGet(part, simulated ? gate.paperReserved : gate.reserved, row);
  addInto(used, used, part);
  columnGet(cap, simulated ? gate.paperCap : gate.cap, row);
  const currency = sliceCurrency(risk, row);
  if (unrated !== undefined || !sliceReserveInto(part, risk, c))
    return deny(risk, 'NO_FX_RATE', unrated ?? c.listing?.currency ?? -1, currency);
  addInto(used, used, part);
  subInto(used, used, c.oldReserved);
  if (cmp(used, cap) <= 0) return true;
  const { exponent } = risk.registry.currencies[currency];
  return deny(risk, 'ALLOCATION_EXCEEDED', microUp(used, exponent), microUp(cap, exponent), versionScope, row);
}
