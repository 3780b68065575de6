import { cellStride } from './exposure.ts';
import { limitOf, positionLimit } from './limits.ts';
import type { Risk } from './risk.ts';
import type { Route } from './route.ts';
import {
  accountScope,
  algorithmScope,
  firmScope,
  instrumentScope,
  ownScopes,
  routeScope,
  routeScopeIx,
  sectorScope,
  venueScope,
  versionScope,
  type ScopeKind,
} from './scopes.ts';
import { settle } from './settle.ts';
import { heldAtVenue } from './venue-position.ts';

/** Scopes above the versions whose positions are watched; the versions have a monitor of their own (`judge.ts`). */
export const watchedScopes = [firmScope, accountScope, algorithmScope, venueScope, instrumentScope, sectorScope] as const;
/** The same, and a version at one venue. */
const allWatched = [...watchedScopes, routeScope] as const;

/** A position that has reached four fifths of a scope's maxPosition. */
export interface NearPosition {
  readonly scope: ScopeKind;
  readonly ix: number;
  readonly instrument: number;
  /** 1 = from 80 % on, 2 = at the limit or past it. */
  level: 1 | 2;
}

/** By route: until how much its instrument has moved nothing new can be said, and the version of the scope table at which that was worked out. */
export interface PositionWatch {
  readonly near: NearPosition[];
  readonly quietUntil: Float64Array;
  readonly measuredAt: Float64Array;
}

export function createPositionWatch(routes: number): PositionWatch {
  return { near: [], quietUntil: new Float64Array(routes), measuredAt: new Float64Array(routes).fill(-1) };
}

/** Whether the positions of a route's scopes surely stand to their limits as when they were last looked at: what has moved since is less than the least distance. */
export function isFarFromPosition({ positionWatch, slack, limits }: Risk, { ix, instrument }: Route): boolean {
  return positionWatch.measuredAt[ix] === limits.table.version && slack.spent[instrument] <= positionWatch.quietUntil[ix];
}

/** One thing to say about a position. */
export interface PositionFinding extends Readonly<NearPosition> {
  /** Base units, signed, and the limit. */
  readonly position: number;
  readonly limit: number;
}

/** Looks at the scopes of a route whose position has moved. A scope speaks once at 80 % and once at its limit; below 80 % it may speak again. */
export function measurePositions(risk: Risk, route: Route): readonly PositionFinding[] {
  const { positionWatch, slack, limits } = risk;
  const { near } = positionWatch;
  settle(risk);
  const { instrument } = route;
  const found: PositionFinding[] = [];
  let room = Infinity;
  for (const scope of allWatched) {
    const ix = indexIn(risk, route, scope);
    // a limit that was removed is infinite: what was said of it is forgotten
    const limit = limitOf(limits, positionLimit, scope, ix);
    const position = positionOf(risk, route, scope);
    const held = Math.abs(position);
    const level = held === 0 ? 0 : held >= limit ? 2 : held * 5 >= limit * 4 ? 1 : 0;
    const place = near.findIndex((one) => one.scope === scope && one.ix === ix && one.instrument === instrument);
    const before = place < 0 ? 0 : near[place].level;
    if (level > before) found.push({ scope, ix, instrument, level: level === 2 ? 2 : 1, position, limit });
    if (level === 0 && place >= 0) near.splice(place, 1);
    if (level !== 0 && place >= 0) near[place].level = level;
    if (level !== 0 && place < 0) near.push({ scope, ix, instrument, level });
    room = Math.min(room, level === 2 ? -1 : level === 1 ? Math.min(limit - held, held - limit * 0.8) - 1 : limit * 0.8 - held - 1);
  }
  positionWatch.measuredAt[route.ix] = limits.table.version;
  positionWatch.quietUntil[route.ix] = slack.spent[instrument] + room;
  return found;
}

/** Index of a route's thing in a scope. */
export function indexIn({ registry, gate, sectorOf }: Risk, { row, account, listing, instrument }: Route, scope: number): number {
  switch (scope) {
    case firmScope:
      return 0;
    case accountScope:
      return account;
    case algorithmScope:
      return gate.rows[row].algorithm;
    case versionScope:
      return row;
    case routeScope:
      return routeScopeIx(row, registry.listings[listing].venue);
    case venueScope:
      return registry.listings[listing].venue;
    case instrumentScope:
      return instrument;
    default:
      return sectorOf[instrument];
  }
}

/** Base units, signed, of a route's instrument in a scope; instrument and sector look at the firm's. Settled first by whoever asks. */
function positionOf(risk: Risk, route: Route, scope: number): number {
  if (scope === routeScope) return heldAtVenue(risk, route);
  const { exposure } = risk;
  const cell = route.cells[scope < ownScopes ? scope : firmScope];
  return exposure.cells[cell * cellStride];
}
