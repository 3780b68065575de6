import type { LimitScope } from '../../domain/limit.ts';

/** Scopes by number, in the order of `limitScopes`. */
export const firmScope = 0;
export const accountScope = 1;
export const algorithmScope = 2;
export const versionScope = 3;
export const venueScope = 4;
export const instrumentScope = 5;
export const sectorScope = 6;
/** Scopes that every order has. */
export const scopeKinds = 7;
/** One version at one venue: its limits are asked for by a check of their own, while there are any (`checks/venue-route.ts`). */
export const routeScope = 7;

export type ScopeKind = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7;

/** Index of a version at a venue in the scope `route`. */
export function routeScopeIx(row: number, venue: number): number {
  return row * 65_536 + venue;
}

/** The row and the venue of such an index. */
export function rowAndVenue(ix: number): readonly [row: number, venue: number] {
  return [Math.floor(ix / 65_536), ix % 65_536];
}

/** Scopes that the kill switch can hold beside the firm. */
export const killableScopes = [accountScope, algorithmScope, venueScope] as const;

/** Scopes in which positions of their own are kept; instrument and sector look at the firm's. */
export const ownScopes = 5;

const scopeNumbers: Readonly<Record<LimitScope, ScopeKind>> = {
  firm: 0,
  account: 1,
  algorithm: 2,
  version: 3,
  venue: 4,
  instrument: 5,
  sector: 6,
  route: 7,
};

export function scopeNumber(scope: LimitScope): ScopeKind {
  return scopeNumbers[scope];
}

/** `firm`, `account:A1`, `version:maker@main.USD/1.0.0`. */
export function scopeText(scope: LimitScope, scopeID: string): string {
  return scope === 'firm' ? 'firm' : `${scope}:${scopeID}`;
}
