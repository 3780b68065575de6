import type { Split } from '../../base/split.ts';
import type { Risk } from './risk.ts';
import type { Route } from './route.ts';
import { addMoney, dayResult, madeResult, moneyInto, placeOf } from './scope-table.ts';
import { accountScope, algorithmScope, firmScope, instrumentScope, sectorScope, venueScope, versionScope } from './scopes.ts';

/** Adds to what the firm, the account and the venue of a route have made since the beginning, firm's currency. */
export function addToMade(risk: Risk, route: Route, x: Split): void {
  const { table } = risk.limits;
  addMoney(table, firmScope, 0, madeResult, x);
  addMoney(table, accountScope, route.account, madeResult, x);
  addMoney(table, venueScope, risk.registry.listings[route.listing].venue, madeResult, x);
}

/** Adds to what every scope of a route has made since its day began, firm's currency. */
export function addToDays(risk: Risk, route: Route, x: Split): void {
  const { registry, gate, sectorOf } = risk;
  const { table } = risk.limits;
  const listing = registry.listings[route.listing];
  const { row } = route;
  addMoney(table, firmScope, 0, dayResult, x);
  addMoney(table, accountScope, route.account, dayResult, x);
  addMoney(table, algorithmScope, gate.rows[row].algorithm, dayResult, x);
  addMoney(table, versionScope, row, dayResult, x);
  addMoney(table, venueScope, listing.venue, dayResult, x);
  addMoney(table, instrumentScope, listing.instrument, dayResult, x);
  addMoney(table, sectorScope, sectorOf[listing.instrument], dayResult, x);
}

/** Result of a scope since its day began, firm's currency, as last settled (`settle.ts`). */
export function dayInto(out: Split, risk: Risk, scope: number, ix: number): void {
  const place = placeOf(risk.limits.table, scope, ix);
  moneyInto(out, risk.limits.table, place + dayResult);
}

/** Result of an account, a venue or the firm since the beginning, firm's currency, as last settled. */
export function madeInto(out: Split, risk: Risk, scope: number, ix: number): void {
  const place = placeOf(risk.limits.table, scope, ix);
  moneyInto(out, risk.limits.table, place + madeResult);
}
