import { addInto, cmp, mulDivFloorInto, mulSmallInto, splitZero, toNumber, type Split } from '../../../base/split.ts';
import type { CheckContext } from '../check-context.ts';
import { concentrationLimit, limitOf, noLimit } from '../limits.ts';
import { convertInto } from '../rates.ts';
import { bpsOne } from '../reference.ts';
import type { Risk } from '../risk.ts';
import { algorithmScope, scopeKinds, sectorScope, versionScope, type ScopeKind } from '../scopes.ts';
import { grossInto, othersOfSector } from '../sector-value.ts';
import { deny } from '../verdict.ts';
import { reach } from './position.ts';

const value = splitZero();
const others = splitZero();
const base = splitZero();
const most = splitZero();

/**
 * Value of the instrument after this order (position, open orders on its side and this order, at the reference price) against a share of the slice's
 * capital (version, algorithm) or the firm's (other scopes). A sector's limit counts all its instruments: the others at their last mark.
 */
export function concentration(risk: Risk, c: CheckContext): boolean {
  if (risk.limits.active[concentrationLimit] === 0 || c.listing === undefined) return true;
  for (let i = 0; i < scopeKinds; i++) {
    const scope = i as ScopeKind;
    const limit = limitOf(risk.limits, concentrationLimit, scope, c.scopeIx[scope]);
    if (limit === noLimit) continue;
    const currency = baseInto(base, risk, c, scope);
    if (currency < 0) return deny(risk, 'NO_FX_RATE', c.listing.currency, risk.firmCurrency);
    const refTwice = c.refTwice > 0 ? c.refTwice : 2 * c.valuePx;
    if (!grossInto(value, risk, Math.max(0, reach(risk, c, scope)), refTwice, c.listing, currency)) {
      return deny(risk, 'NO_FX_RATE', c.listing.currency, currency);
    }
    if (scope === sectorScope) {
      othersOfSector(others, risk, c.scopeIx[sectorScope], c.listing.instrument);
      if (!c.asker.simulated) addInto(value, value, others);
    }
    mulSmallInto(most, base, limit);
    mulDivFloorInto(most, most, 1, bpsOne);
    if (cmp(value, most) <= 0) continue;
    return deny(risk, 'CONCENTRATION_EXCEEDS_MAX', shareBps(value, base), limit, scope, c.scopeIx[scope]);
  }
  return true;
}

/** Capital that the scope's share is taken of, into `out`. @returns its currency, -1 = no firm or no rate. */
function baseInto(out: Split, risk: Risk, c: CheckContext, scope: ScopeKind): number {
  const { gate, firmCapital, firmCurrency } = risk;
  const slice = gate.slices[gate.rows[c.asker.row].slice];
  if (scope === versionScope) {
    out.hi = slice.total.hi;
    out.lo = slice.total.lo;
    return slice.currency;
  }
  if (scope !== algorithmScope) {
    out.hi = firmCapital.hi;
    out.lo = firmCapital.lo;
    return firmCurrency;
  }
  out.hi = 0;
  out.lo = 0;
  for (const other of gate.slices) {
    if (other.algorithm !== slice.algorithm) continue;
    if (!convertInto(most, risk.rates, other.total, other.currency, slice.currency, false)) return -1;
    addInto(out, out, most);
  }
  return slice.currency;
}

const parts = splitZero();
const bound = splitZero();

/** ceil(part / whole) in bps, exact; for refusals. */
function shareBps(part: Split, whole: Split): number {
  const total = toNumber(whole);
  if (total <= 0) return Infinity;
  mulSmallInto(parts, part, bpsOne);
  let n = Math.max(0, Math.floor((toNumber(part) / total) * bpsOne) - 1);
  for (;;) {
    mulSmallInto(bound, whole, n);
    if (cmp(bound, parts) >= 0) return n;
    n++;
  }
}
