import type { Micros } from '../../base/units.ts';
import type { AccountIx, ClOrdID, ListingIx, RowIx } from '../../domain/ids.ts';
import { killTargetText, type KillTarget } from '../../domain/kill.ts';
import type { Core } from '../core.ts';
import { accountScope, algorithmScope, firmScope, venueScope, type ScopeKind } from '../risk/scopes.ts';

/** Most latches of the kill switch at one time: past it a kill latches the firm. */
export const maxKillLatches = 1_024;

/** One latch of the kill switch, and the clocks of its cancels. */
export interface KillLatch {
  readonly target: KillTarget;
  readonly scope: ScopeKind;
  /** Of the account, the algorithm or the venue; 0 = the firm. */
  readonly ix: number;
  /** Of the last kill that it stands for: a release takes back what was recorded before it. */
  generation: number;
  readonly reason: string;
  readonly actor: string;
  readonly since: Micros;
  /** Orders that it took back, until each has a certain end. */
  targets: ClOrdID[];
  /** So many of the targets have a cancel on its way (of the first sending, or of the second: `again`). */
  taken: number;
  again: boolean;
  /** When the cancels of the others go out; 0 = none is left. */
  cancelAt: Micros | 0;
  /** Targets before this place were over when it was last asked; no decision hangs on it. */
  over: number;
  /** When cancels go out again, and when they are escalated; 0 = done. */
  resendAt: Micros | 0;
  escalateAt: Micros | 0;
}

/** Where a kill takes hold; undefined = nothing of that name is there. */
export function placeOfKill(core: Core, { scope, id }: KillTarget): { readonly scope: ScopeKind; readonly ix: number } | undefined {
  const { registry, rollout } = core;
  const found = (kind: ScopeKind, ix: number | undefined): { scope: ScopeKind; ix: number } | undefined =>
    ix === undefined || ix < 0 ? undefined : { scope: kind, ix };
  switch (scope) {
    case 'firm':
      return { scope: firmScope, ix: 0 };
    case 'venue':
      return found(venueScope, registry.venueIx.get(id));
    case 'account':
      return found(accountScope, registry.accountIx.get(id));
    case 'strategy':
      return found(algorithmScope, rollout.algorithms.indexOf(id));
  }
}

/** The latch that stands for a target; undefined = none. */
export function latchOf(core: Core, target: KillTarget): KillLatch | undefined {
  const place = placeOfKill(core, target);
  return core.rollout.kills.find(({ scope, ix }) => scope === place?.scope && ix === place.ix);
}

/** Whether a latch holds orders of that row at that account and listing. */
export function holdsOrder(core: Core, row: RowIx, account: AccountIx, listing: ListingIx): boolean {
  const { killed, scopesKilled, scopeKills } = core.risk;
  if (killed) return true;
  return (
    scopesKilled > 0 &&
    (scopeKills[algorithmScope].has(core.gate.rows[row].algorithm) ||
      scopeKills[accountScope].has(account) ||
      scopeKills[venueScope].has(core.registry.listings[listing].venue))
  );
}

/** Whether a latch stops the row altogether: the firm's, or its algorithm's. */
export function stopsRow(core: Core, row: RowIx): boolean {
  const { killed, scopeKills } = core.risk;
  return killed || scopeKills[algorithmScope].has(core.gate.rows[row].algorithm);
}

/** The latch that stands in the way of more risk for a row, in words; '' = none. */
export function killText(core: Core, row: RowIx): string {
  const { rows } = core.gate;
  for (const { target, scope, ix } of core.rollout.kills)
    if (touches(rows[row].algorithm, rows[row].accounts, scope, ix)) return engagedText(target);
  return '';
}

/** The same before there is a row. */
export function killTextOf(core: Core, algorithmID: string, accounts: ReadonlyMap<number, AccountIx>): string {
  const algorithm = core.rollout.algorithms.indexOf(algorithmID);
  for (const { target, scope, ix } of core.rollout.kills) if (touches(algorithm, accounts, scope, ix)) return engagedText(target);
  return '';
}

export function engagedText(target: KillTarget): string {
  return target.scope === 'firm' ? 'the kill switch is engaged' : `the kill switch of ${killTargetText(target)} is engaged`;
}

/** Whether what an algorithm does with these accounts (by venue) comes under a latch. */
export function touches(algorithm: number, accounts: ReadonlyMap<number, AccountIx>, scope: ScopeKind, ix: number): boolean {
  switch (scope) {
    case firmScope:
      return true;
    case algorithmScope:
      return algorithm === ix;
    case venueScope:
      return accounts.has(ix);
    case accountScope:
      for (const account of accounts.values()) if (account === ix) return true;
      return false;
    default:
      return false;
  }
}
