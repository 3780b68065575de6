import { microsUnchecked, type Micros } from '../base/units.ts';
import type { RowIx, Seq } from '../domain/ids.ts';
import type { Order } from '../domain/order.ts';
import type { Core } from './core.ts';
import type { Outcome } from './outcome.ts';
import { findOrder, firstOfRow, nextOfRow } from './orders/order-store.ts';
import { isOver } from './orders/stored-order.ts';
import { findRoute, lotStride, openOf } from './risk/exposure.ts';
import { modeOf, rowText } from './risk/order-gate.ts';
import { isUnprotected } from './risk/protection.ts';
import type { Route } from './risk/route.ts';
import { stopsRow } from './rollout/latches.ts';
import { rollBack } from './rollout/saga.ts';

/** How long a position may be without the stop that its limits ask for: a venue that cancels a stop because its target has filled may say the one before the other (microseconds). */
export const unprotectedGrace = 1_000_000;

/** After a report: a position that lacks its stop is said at once; one that is protected again is forgotten. */
export function watchProtection(core: Core, order: Readonly<Order>, at: Micros, outcome: Outcome): void {
  const route = findRoute(core.risk.exposure, order.row, order.account, order.listing, order.simulated);
  if (route !== undefined) watchRoute(core, route, at, outcome);
}

/** A limit on what may be without a stop was set, changed or removed: every position is looked at now, and not at its next report. */
export function watchEveryPosition(core: Core, at: Micros, outcome: Outcome): void {
  const { routes, lots } = core.risk.exposure;
  for (const route of routes) if (lots[route.ix * lotStride] !== 0) watchRoute(core, route, at, outcome);
}

function watchRoute(core: Core, route: Route, at: Micros, outcome: Outcome): void {
  const { risk, rollout, registry } = core;
  const place = rollout.unprotected.findIndex((one) => one.route === route.ix);
  const found = isLeftToPeople(core, route.row) ? undefined : isUnprotected(risk, route, closingLots(core, route));
  if (found === undefined) {
    if (place >= 0) rollout.unprotected.splice(place, 1);
    return;
  }
  if (place >= 0) return;
  rollout.unprotected.push({ route: route.ix, until: microsUnchecked(at + unprotectedGrace) });
  const text = `${rowText(core.gate, route.row)}: ${found.units} base units of ${registry.listings[route.listing].listing.listingID} have no stop, of ${found.limit} allowed`;
  outcome.decisions.push({
    kind: 'alertRaised',
    severity: 'high',
    subject: 'POSITION_UNPROTECTED',
    value: found.units,
    limit: found.limit,
    text,
  });
  outcome.effects.push({ kind: 'alert', reducing: true, severity: 'high', subject: 'POSITION_UNPROTECTED', text });
}

/** Lots of a route's position that live stops would close now: a stop whose entry waits is not at work yet, and closes what its entry has filled at most. */
function closingLots({ orders, risk }: Core, { ix, row, account, listing, buyStops, sellStops }: Route): number {
  const { lots: held } = risk.exposure;
  const long = held[ix * lotStride] > 0;
  // no entry is open on that side: every stop is at work
  if (held[ix * lotStride + openOf(!long)] === 0) return long ? sellStops : buyStops;
  let lots = 0;
  for (let one = firstOfRow(orders, row); one !== undefined; one = nextOfRow(orders, one)) {
    if (one.leg !== 'stop' || one.account !== account || one.listing !== listing || (one.side === 'sell') !== long) continue;
    const entry = findOrder(orders, one.bracketOf);
    lots += entry === undefined || isOver(entry) ? one.leavesQty : Math.min(one.leavesQty, entry.cumQty);
  }
  return lots;
}

/** Whoever is halted or killed has no orders any more, its stops among them: its position is the custodian's, or people's. */
function isLeftToPeople(core: Core, row: RowIx): boolean {
  return modeOf(core.gate, row) === 'HALTED' || stopsRow(core, row);
}

/** Positions that have been without their stop for too long: the version is rolled back, as after a loss. */
export function haltUnprotected(core: Core, seq: Seq, at: Micros, outcome: Outcome): void {
  const { risk, rollout } = core;
  for (const one of [...rollout.unprotected]) {
    if (at < one.until) continue;
    rollout.unprotected.splice(rollout.unprotected.indexOf(one), 1);
    const route = risk.exposure.routes[one.route];
    const { row } = route;
    const found = isLeftToPeople(core, row) ? undefined : isUnprotected(risk, route, closingLots(core, route));
    if (found === undefined) continue;
    const text = `${found.units} base units had no stop for ${unprotectedGrace / 1e6} s, of ${found.limit} allowed`;
    rollBack(
      core,
      row,
      { rule: 'unprotected', class: 'lossLimit', value: found.units, limit: found.limit, text, actor: 'core' },
      seq,
      at,
      outcome,
    );
  }
}
