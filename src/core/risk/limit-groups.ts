import { collarLimit, duplicateLimit, fatFingerLimit, notionalLimit, orderQtyLimit } from './limits.ts';
import type { OrderRate, RateRing } from './order-rate.ts';
import { noLimit, placeOf, type ScopeTable } from './scope-table.ts';
import { accountScope, algorithmScope, firmScope, instrumentScope, scopeKinds, sectorScope, venueScope, versionScope } from './scopes.ts';

/**
 * What several scopes of an order say together, read off the scope table when it has changed: the strictest of each limit that knows no running state, and the
 * rings of order rates. Kept for each account (with the firm), each row (version, algorithm) and each listing (venue, instrument, sector): an order looks at
 * three records, and a hundred versions on a thousand listings share eleven hundred of them, where a record for each route would be a hundred thousand
 * (docs/decisions/0048). No state: all of it can be worked out anew.
 */
export interface LimitGroup {
  readonly scopes: readonly number[];
  /** `groupStride` numbers for each thing: the version of the table that they were read at (0 = never), then the limits (`groupQty` …), `noLimit` where there is none. */
  numbers: Float64Array;
  /** For each thing the ring of each scope, in the order of `scopes`. */
  readonly rings: (RateRing | undefined)[];
}

export interface LimitGroups {
  /** By account, row and listing. */
  readonly accounts: LimitGroup;
  readonly rows: LimitGroup;
  readonly listings: LimitGroup;
}

export const groupStride = 8;
export const groupQty = 1;
export const groupNotional = 2;
export const groupFatFinger = 3;
export const groupCollar = 4;
/** The longest duplicate window, microseconds; 0 = none. */
export const groupWindow = 5;

/** Rings for each thing, and where a row's version has its own among them. */
export const accountRings = 2;
export const rowRings = 2;
export const versionRing = 1;
export const listingRings = 3;

// constants of its own file V8 knows, imported and exported ones it fetches and tests at every use (docs/decisions/0010)
const apart = groupStride;

export function createLimitGroups(): LimitGroups {
  return {
    accounts: createGroup([firmScope, accountScope]),
    rows: createGroup([algorithmScope, versionScope]),
    listings: createGroup([venueScope, instrumentScope, sectorScope]),
  };
}

function createGroup(scopes: readonly number[]): LimitGroup {
  return { scopes, numbers: new Float64Array(16 * groupStride), rings: [] };
}

/** Whether a thing's record says what the table says. */
export function isRead({ numbers }: LimitGroup, ix: number, version: number): boolean {
  const at = ix * apart;
  return at < numbers.length && numbers[at] === version;
}

/** Brings all three records of an order up to date, whose scopes have these indices. The table may grow. */
export function readGroups(groups: LimitGroups, table: ScopeTable, rate: OrderRate, scopeIx: Int32Array, listing: number): void {
  // first all rows are made: each that is new moves others
  for (let scope = 0; scope < scopeKinds; scope++) placeOf(table, scope, scopeIx[scope]);
  readGroup(groups.accounts, scopeIx[accountScope], table, rate, scopeIx);
  readGroup(groups.rows, scopeIx[versionScope], table, rate, scopeIx);
  readGroup(groups.listings, listing, table, rate, scopeIx);
}

function readGroup(group: LimitGroup, ix: number, table: ScopeTable, rate: OrderRate, scopeIx: Int32Array): void {
  if (isRead(group, ix, table.version)) return;
  const { scopes, rings } = group;
  const at = ix * groupStride;
  if (at >= group.numbers.length) {
    const wider = new Float64Array(2 * at);
    wider.set(group.numbers);
    group.numbers = wider;
  }
  const { numbers } = group;
  numbers[at] = table.version;
  numbers[at + groupQty] = strictestOf(table, scopes, scopeIx, orderQtyLimit);
  numbers[at + groupNotional] = strictestOf(table, scopes, scopeIx, notionalLimit);
  numbers[at + groupFatFinger] = strictestOf(table, scopes, scopeIx, fatFingerLimit);
  numbers[at + groupCollar] = strictestOf(table, scopes, scopeIx, collarLimit);
  numbers[at + groupWindow] = longestWindow(table, scopes, scopeIx);
  // without gaps, which V8 would search through at every look
  while (rings.length < (ix + 1) * scopes.length) rings.push(undefined);
  for (let n = 0; n < scopes.length; n++) rings[ix * scopes.length + n] = rate.rings[scopes[n]][scopeIx[scopes[n]]];
}

function strictestOf(table: ScopeTable, scopes: readonly number[], scopeIx: Int32Array, limit: number): number {
  return scopes.reduce((strictest, scope) => Math.min(strictest, table.numbers[placeOf(table, scope, scopeIx[scope]) + limit]), noLimit);
}

function longestWindow(table: ScopeTable, scopes: readonly number[], scopeIx: Int32Array): number {
  return scopes.reduce((longest, scope) => {
    const window = table.numbers[placeOf(table, scope, scopeIx[scope]) + duplicateLimit];
    return window === noLimit ? longest : Math.max(longest, window);
  }, 0);
}
