import { collarLimit, duplicateLimit, fatFingerLimit, notionalLimit, orderQtyLimit } from './limits.ts';
import { noLimit, placeOf, type ScopeTable } from './scope-table.ts';
import { scopeKinds } from './scopes.ts';

/**
 * What the scopes of a route say together, read off the scope table when it has changed: where their rows begin, and the strictest of each limit that knows no
 * running state. An order then reads one line instead of five numbers in each of seven rows. No state of its own: all of it can be worked out anew.
 */
export interface RouteLimits {
  /** `stride` places for each route: the version of the table that they were read at (0 = never), then the places of its scopes by number. */
  readonly places: Int32Array;
  /** `stride` numbers for each route: `mostQuantity` …, `noLimit` where there is none. */
  readonly numbers: Float64Array;
}

export const routeLimitStride = 8;
export const mostQuantity = 0;
export const mostNotional = 1;
export const fatFinger = 2;
export const collar = 3;
/** The longest duplicate window, microseconds; 0 = none. */
export const sameWindow = 4;

export function createRouteLimits(routes: number): RouteLimits {
  return { places: new Int32Array(routes * routeLimitStride), numbers: new Float64Array(routes * routeLimitStride) };
}

/** Brings a route up to date, whose scopes have these indices. The table may grow. */
export function readRouteLimits(limits: RouteLimits, table: ScopeTable, route: number, scopeIx: Int32Array): void {
  // first all rows are made: each that is new moves others
  for (let scope = 0; scope < scopeKinds; scope++) placeOf(table, scope, scopeIx[scope]);
  const from = route * routeLimitStride;
  const { places, numbers } = limits;
  places[from] = table.version;
  for (let scope = 0; scope < scopeKinds; scope++) places[from + 1 + scope] = placeOf(table, scope, scopeIx[scope]);
  numbers[from + mostQuantity] = strictestOf(table, places, from, orderQtyLimit);
  numbers[from + mostNotional] = strictestOf(table, places, from, notionalLimit);
  numbers[from + fatFinger] = strictestOf(table, places, from, fatFingerLimit);
  numbers[from + collar] = strictestOf(table, places, from, collarLimit);
  numbers[from + sameWindow] = longestWindow(table, places, from);
}

function strictestOf(table: ScopeTable, places: Int32Array, from: number, limit: number): number {
  let strictest = noLimit;
  for (let scope = 0; scope < scopeKinds; scope++) strictest = Math.min(strictest, table.numbers[places[from + 1 + scope] + limit]);
  return strictest;
}

function longestWindow(table: ScopeTable, places: Int32Array, from: number): number {
  let longest = 0;
  for (let scope = 0; scope < scopeKinds; scope++) {
    const window = table.numbers[places[from + 1 + scope] + duplicateLimit];
    if (window !== noLimit) longest = Math.max(longest, window);
  }
  return longest;
}
