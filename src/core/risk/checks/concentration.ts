import { addInto, cmp, splitZero, toNumber, type Split } from '../../../base/split.ts';
import type { CheckContext } from '../check-context.ts';
import { shareBps, shareInto } from '../equity.ts';
import { surelyWithin } from '../estimate.ts';
import { concentrationLimit } from '../limits.ts';
import { convertInto } from '../rates.ts';
import { bpsOne, valueTwice } from '../reference.ts';
import type { Risk } from '../risk.ts';
import { noLimit } from '../scope-table.ts';
import { algorithmScope, scopeKinds, sectorScope, versionScope } from '../scopes.ts';
import { grossInto, othersOfSector, sectorEstimate } from '../sector-value.ts';
import { deny } from '../verdict.ts';

const value = splitZero();
const others = splitZero();
const base = splitZero();
const most = splitZero();

/**
 * Value of the instrument after this order (position, open orders on its side and this order, at the reference price; without one at the last there was, or the order's own where it is higher) against a share of the slice's
 * capital (version, algorithm) or the firm's (other scopes). A sector's limit counts all its instruments: the others at their last mark.
 */
export function concentration(risk: Risk, c: CheckContext): boolean {
  if (risk.limits.active[concentrationLimit] === 0 || c.listing === undefined) return true;
  const { numbers } = risk.limits.table;
  const unitMoney = (referenceOf(risk, c) * c.listing.moneyPerTickLot) / (2 * c.listing.baseUnitsPerLot);
  const slice = risk.gate.slices[risk.gate.rows[c.asker.row].slice];
  // what would have to be converted is not estimated
  const plain = slice.currency === c.listing.currency;
  const ofSlice = plain ? toNumber(slice.total) / bpsOne : 0;
  const ofFirm = plain && slice.currency === risk.firmCurrency ? toNumber(risk.firmCapital) / bpsOne : 0;
  for (let scope = 0; scope < scopeKinds; scope++) {
    const limit = numbers[c.placeOf[scope] + concentrationLimit];
    if (limit === noLimit) continue;
    const gross = Math.max(0, c.reach[scope]) * unitMoney + (scope === sectorScope ? sectorEstimate(risk, c.scopeIx[sectorScope]) : 0);
    const part = scope === versionScope || scope === algorithmScope ? ofSlice : ofFirm;
    if (!surelyWithin(gross, part * limit) && !within(risk, c, scope, limit)) return false;
  }
  return true;
}

/** Half ticks at which the instrument is valued: what is held is worth what it was last worth, whatever price the order has. */
function referenceOf(risk: Risk, c: CheckContext): number {
  if (c.refTwice > 0) return c.refTwice;
  return Math.max(valueTwice(risk.marks, c.order.listing), 2 * c.valuePx);
}

function within(risk: Risk, c: CheckContext, scope: number, limit: number): boolean {
  if (c.listing === undefined) return true;
  const currency = baseInto(base, risk, c, scope);
  if (currency < 0 || !grossInto(value, risk, Math.max(0, c.reach[scope]), referenceOf(risk, c), c.listing, currency, false)) {
    return deny(risk, 'NO_FX_RATE', c.listing.currency, risk.firmCurrency);
  }
  if (scope === sectorScope && !c.asker.simulated) {
    othersOfSector(others, risk, c.scopeIx[sectorScope], c.listing.instrument);
    addInto(value, value, others);
  }
  shareInto(most, base, limit);
  return cmp(value, most) <= 0 || deny(risk, 'CONCENTRATION_EXCEEDS_MAX', shareBps(value, base), limit, scope, c.scopeIx[scope]);
}

/** Capital that the scope's share is taken of, into `out`. @returns its currency, -1 = no firm or no rate. */
function baseInto(out: Split, risk: Risk, c: CheckContext, scope: number): number {
  const { gate, firmCapital, firmCurrency } = risk;
  const slice = gate.slices[gate.rows[c.asker.row].slice];
  const from = scope === versionScope ? slice.total : firmCapital;
  out.hi = scope === algorithmScope ? 0 : from.hi;
  out.lo = scope === algorithmScope ? 0 : from.lo;
  if (scope === versionScope) return slice.currency;
  if (scope !== algorithmScope) return firmCurrency;
  for (const other of gate.slices) {
    if (other.algorithm !== slice.algorithm) continue;
    if (!convertInto(most, risk.rates, other.total, other.currency, slice.currency, false)) return -1;
    addInto(out, out, most);
  }
  return slice.currency;
}
