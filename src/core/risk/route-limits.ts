import { collarLimit, duplicateLimit, fatFingerLimit, notionalLimit, orderQtyLimit } from './limits.ts';
import type { OrderRate, RateRing } from './order-rate.ts';
import { noLimit, placeOf, type ScopeTable } from './scope-table.ts';
import { scopeKinds, versionScope } from './scopes.ts';

/**
 * What the scopes of a route say together, read off the scope table when it has changed: where their rows begin, and the strictest of each limit that knows no
 * running state. An order then reads one record instead of five numbers in each of seven rows. No state of its own: all of it can be worked out anew.
 */
export interface RouteLimits {
  /** Of the table, when they were read; 0 = never. */
  version: number;
  /** By scope: where its row begins in the table. */
  readonly places: number[];
  /** The strictest ones, `noLimit` where there is none. */
  mostQty: number;
  mostNotional: number;
  fatFingerBps: number;
  collarBps: number;
  /** The longest duplicate window, microseconds; 0 = none. */
  window: number;
  /** Rings of its scopes' order rates; and what a run on paper counts in, its version's alone. */
  readonly rings: RateRing[];
  readonly paperRings: RateRing[];
}

export function createRouteLimits(): RouteLimits {
  return {
    version: 0,
    places: new Array<number>(scopeKinds).fill(0),
    mostQty: noLimit,
    mostNotional: noLimit,
    fatFingerBps: noLimit,
    collarBps: noLimit,
    window: 0,
    rings: [],
    paperRings: [],
  };
}

/** Brings the limits of a route up to date, whose scopes have these indices. The table may grow. */
export function readRouteLimits(limits: RouteLimits, table: ScopeTable, rate: OrderRate, scopeIx: Int32Array): void {
  // first all rows are made: each that is new moves others
  for (let scope = 0; scope < scopeKinds; scope++) placeOf(table, scope, scopeIx[scope]);
  const { places } = limits;
  limits.version = table.version;
  for (let scope = 0; scope < scopeKinds; scope++) places[scope] = placeOf(table, scope, scopeIx[scope]);
  limits.mostQty = strictestOf(table, places, orderQtyLimit);
  limits.mostNotional = strictestOf(table, places, notionalLimit);
  limits.fatFingerBps = strictestOf(table, places, fatFingerLimit);
  limits.collarBps = strictestOf(table, places, collarLimit);
  limits.window = longestWindow(table, places);
  limits.rings.length = 0;
  limits.paperRings.length = 0;
  for (let scope = 0; scope < scopeKinds; scope++) {
    const ring = rate.rings[scope][scopeIx[scope]];
    if (ring === undefined) continue;
    limits.rings.push(ring);
    if (scope === versionScope) limits.paperRings.push(ring);
  }
}

function strictestOf({ numbers }: ScopeTable, places: readonly number[], limit: number): number {
  return places.reduce((strictest, place) => Math.min(strictest, numbers[place + limit]), noLimit);
}

function longestWindow({ numbers }: ScopeTable, places: readonly number[]): number {
  return places.reduce((longest, place) => {
    const window = numbers[place + duplicateLimit];
    return window === noLimit ? longest : Math.max(longest, window);
  }, 0);
}
