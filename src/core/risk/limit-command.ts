import { err, type Result } from '../../base/result.ts';
import { limitScopes, type LimitKey } from '../../domain/limit.ts';
import { drawdownWindows, trackDrawdown } from './drawdown.ts';
import {
  drawdownLimit,
  limitNumber,
  creditLimit,
  concentrationLimit,
  perMinuteLimit,
  perSecondLimit,
  setLimit,
  type LimitChange,
  type LimitRefusal,
} from './limits.ts';
import { keepMarginUse } from './margin-use.ts';
import { minuteWindow, paperAccount, secondWindow, setRateLimit } from './order-rate.ts';
import type { Risk } from './risk.ts';
import {
  accountScope,
  algorithmScope,
  firmScope,
  instrumentScope,
  routeScope,
  routeScopeIx,
  scopeNumber,
  sectorScope,
  venueScope,
  versionScope,
  type ScopeKind,
} from './scopes.ts';
import { keepSectorValue } from './sector-value.ts';
import { settle } from './settle.ts';

/** Sets or removes (null) a limit at run time. The refusal is a sentence; `expectedRevision` null = no expectation. */
export function changeLimit(
  risk: Risk,
  key: LimitKey,
  value: number | null,
  expectedRevision: number | null,
): Result<LimitChange, LimitRefusal> {
  if (!limitScopes.includes(key.scope)) return err({ code: 'UNKNOWN_SCOPE', text: `expected a scope of ${limitScopes.join(', ')}` });
  const scope = scopeNumber(key.scope);
  const ix = scopeIxOf(risk, scope, key.scopeID);
  const changed = setLimit(risk.limits, key, ix, value, expectedRevision);
  if (!changed.ok) return changed;
  settle(risk);
  const name = limitNumber(key.limit);
  if (name === perSecondLimit || name === perMinuteLimit) {
    setRateLimit(
      risk.orderRate,
      name === perSecondLimit ? secondWindow : minuteWindow,
      scope,
      ix,
      value ?? -1,
      (s, row, account, listing) => ownerOf(risk, s, row, account, listing),
    );
  }
  if (name >= drawdownLimit && name < drawdownLimit + drawdownWindows.length) trackDrawdown(risk, name, scope, ix, changed.value);
  if (name === creditLimit) keepMarginUse(risk, risk.limits.active[creditLimit] > 0);
  if (name === concentrationLimit) keepSectorValue(risk, hasSectorLimit(risk));
  return changed;
}

function hasSectorLimit(risk: Risk): boolean {
  return risk.limits.entries.some((entry) => entry.name === concentrationLimit && entry.scope === sectorScope && entry.value !== null);
}

/** Place of a scope's id in its table, -1 = nothing of that name. */
export function scopeIxOf(risk: Risk, scope: ScopeKind, scopeID: string): number {
  const { registry, gate } = risk;
  switch (scope) {
    case firmScope:
      return scopeID === '' ? 0 : -1;
    case accountScope:
      return registry.accountIx.get(scopeID) ?? -1;
    case algorithmScope:
      return algorithmIxOf(risk, scopeID);
    case versionScope:
      return gate.rowIx.get(scopeID) ?? -1;
    case venueScope:
      return registry.venueIx.get(scopeID) ?? -1;
    case instrumentScope:
      return registry.instrumentIx.get(scopeID) ?? -1;
    case sectorScope:
      return risk.sectorIx.get(scopeID) ?? -1;
    case routeScope:
      return routeIxOf(risk, scopeID);
  }
}

/** `maker@main.USD/1.0.0@BINANCE`: a version that is there, at a venue at which it has an account. */
function routeIxOf({ registry, gate }: Risk, scopeID: string): number {
  const cut = scopeID.lastIndexOf('@');
  const row = gate.rowIx.get(scopeID.slice(0, Math.max(0, cut)));
  const venue = registry.venueIx.get(scopeID.slice(cut + 1));
  return row === undefined || venue === undefined || !gate.rows[row].accounts.has(venue) ? -1 : routeScopeIx(row, venue);
}

/** An algorithm is known from its first slice on. */
function algorithmIxOf(risk: Risk, algorithmID: string): number {
  for (const slice of risk.gate.slices) if (slice.algorithmID === algorithmID) return slice.algorithm;
  return -1;
}

/** The index under which a logged order counts in a scope; paper orders (account -1) count in their own version alone. */
function ownerOf(risk: Risk, scope: number, row: number, account: number, listing: number): number {
  if (account === paperAccount && scope !== versionScope) return -1;
  const { registry, gate, sectorOf } = risk;
  const { venue, instrument } = registry.listings[listing];
  switch (scope) {
    case firmScope:
      return 0;
    case accountScope:
      return account;
    case algorithmScope:
      return gate.rows[row].algorithm;
    case versionScope:
      return row;
    case venueScope:
      return venue;
    case instrumentScope:
      return instrument;
    default:
      return sectorOf[instrument];
  }
}
