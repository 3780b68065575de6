import type { AccountIx, ClOrdID, ListingIx, RowIx, Seq } from '../domain/ids.ts';
import type { LimitKey } from '../domain/limit.ts';
import type { Core } from './core.ts';
import { cancelOrder } from './order-flow.ts';
import { firstOfRow, nextOfRow } from './orders/order-store.ts';
import type { Outcome } from './outcome.ts';
import { findRoute, lotStride } from './risk/exposure.ts';
import { scopeIxOf } from './risk/limit-command.ts';
import { largestHeld } from './risk/monitors.ts';
import { findSlot, slotPx, slotShift } from './risk/open-slot.ts';
import { indexIn, isFarFromPosition, measurePositions, type PositionFinding } from './risk/position-watch.ts';
import type { Risk } from './risk/risk.ts';
import type { Route } from './risk/route.ts';
import { accountScope, algorithmScope, routeScope, rowAndVenue, scopeNumber, venueScope, versionScope } from './risk/scopes.ts';
import { nameOf } from './risk/verdict.ts';

/**
 * After a fill: the positions of the scopes above the version, and of the version at the venue, against their maxPosition. 80 % is said; at the limit open orders that would add to the position are taken back,
 * and the check before an order refuses new ones.
 */
export function watchPositions(core: Core, row: RowIx, account: AccountIx, listing: ListingIx, seq: Seq, outcome: Outcome): void {
  const { risk } = core;
  const route = findRoute(risk.exposure, row, account, listing, false);
  if (route !== undefined && !isFarFromPosition(risk, route)) watchRoute(core, route, seq, outcome);
}

/** A maxPosition was set, changed or removed: what is held under it is looked at now, and not at its next fill. Of each instrument once: it is the scope's position that counts. */
export function watchHeld(core: Core, { scope: name, scopeID }: LimitKey, seq: Seq, outcome: Outcome): void {
  const { risk } = core;
  const scope = scopeNumber(name);
  const ix = scopeIxOf(risk, scope, scopeID);
  if (scope === versionScope) return showLargest(risk, ix);
  const seen = new Set<number>();
  for (const route of risk.exposure.routes) {
    const { instrument, simulated } = route;
    if (simulated || risk.exposure.lots[route.ix * lotStride] === 0 || seen.has(instrument) || indexIn(risk, route, scope) !== ix) continue;
    seen.add(instrument);
    watchRoute(core, route, seq, outcome);
  }
}

/** The monitor of a version judges what moved last, with the next mark: it is shown the largest that is held. */
function showLargest(risk: Risk, row: RowIx): void {
  const watch = risk.monitors.rows[row];
  if (watch === undefined) return;
  const largest = largestHeld(risk, row, watch.simulated);
  if (Math.abs(largest) > Math.abs(watch.position)) watch.position = largest;
}

function watchRoute(core: Core, route: Route, seq: Seq, outcome: Outcome): void {
  const { risk, registry } = core;
  for (const finding of measurePositions(risk, route)) {
    const { scope, ix, instrument, level, position, limit } = finding;
    const adding = level === 2 ? ordersThatAdd(core, finding) : [];
    const taken = adding.length === 0 ? '' : `, ${adding.length} orders that add to it are taken back`;
    const text = `${nameOf(risk, scope, ix)}: position of ${position} base units of ${registry.instruments[instrument].instrumentID}, of ${limit}${taken}`;
    const severity = level === 2 ? 'high' : 'medium';
    outcome.decisions.push({ kind: 'alertRaised', severity, subject: 'POSITION_LIMIT', value: Math.abs(position), limit, text });
    outcome.effects.push({ kind: 'alert', reducing: true, severity, subject: 'POSITION_LIMIT', text });
    for (const clOrdID of adding) cancelOrder(core, clOrdID, seq, 'adds to a position at its limit', outcome);
  }
}

/** Open orders of the scope on the position's side. One that was proven to close its version's own lots stays, as does the stop or target of a bracket. */
function ordersThatAdd(core: Core, { scope, ix, instrument, position }: PositionFinding): readonly ClOrdID[] {
  const { gate, orders, registry, risk } = core;
  const side = position > 0 ? 'buy' : 'sell';
  const [onlyRow, onlyVenue] = scope === routeScope ? rowAndVenue(ix) : [-1, scope === venueScope ? ix : -1];
  const found: ClOrdID[] = [];
  for (const row of gate.rows) {
    if (row.custodian || (scope === algorithmScope && row.algorithm !== ix) || (onlyRow >= 0 && row.ix !== onlyRow)) continue;
    for (let order = firstOfRow(orders, row.ix); order !== undefined; order = nextOfRow(orders, order)) {
      const of = registry.listings[order.listing];
      if (order.side !== side || order.simulated || of.instrument !== instrument || order.leg === 'stop' || order.leg === 'target')
        continue;
      if ((scope === accountScope && order.account !== ix) || (onlyVenue >= 0 && of.venue !== onlyVenue)) continue;
      const { slots } = risk.exposure;
      const slot = findSlot(slots, order.clOrdID);
      if (slot >= 0 && slots.numbers[(slot << slotShift) | slotPx] !== 0) found.push(order.clOrdID);
    }
  }
  return found;
}
