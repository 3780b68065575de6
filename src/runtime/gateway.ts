import { assert } from '../base/assert.ts';
import { createTokenBucket, nextTokenAt, refill, takeToken } from '../base/token-bucket.ts';
import type { Micros } from '../base/units.ts';
import type { Effect, KillEffect } from '../domain/effect.ts';
import { clOrdIDOf, type AccountIx, type ClOrdID, type ListingIx, type RowIx, type VenueIx } from '../domain/ids.ts';
import type { Order } from '../domain/order.ts';
import type { Report } from '../domain/report.ts';
import type { SendResult, VenuePort } from '../ports/venue.ts';
import type { RestoredOrder } from './restored-order.ts';
import { askFor, isOrder, leftBy, type Request, type Route } from './venue-route.ts';

/** Most orders that the gateway keeps open at one time, over all venues. */
export const maxOpenAtGateway = 65_536;
/** Most requests that wait for a venue's throttle; past it new orders are refused, cancels never. */
export const maxQueuedRequests = 65_536;

export type OrderEffect = Extract<
  Effect,
  { kind: 'send' | 'replace' | 'cancel' | 'query' | 'massCancel' | 'dropSession' | 'deadMan' | 'kill' | 'fence' | 'statement' }
>;

export type GatewayRefusal =
  | 'KILL_SWITCH_ENGAGED'
  | 'STALE_EPOCH'
  | 'STALE_TERM'
  | 'NO_ROUTE'
  | 'THROTTLE_QUEUE_FULL'
  | 'GATEWAY_FULL'
  | 'VENUE_REFUSED'
  | 'CANCELED_UNSENT';

/** What the gateway has to say about an order that it did not get away. */
export interface GatewayNote {
  readonly outcome: 'refused' | 'uncertain';
  readonly code: GatewayRefusal | 'UNCERTAIN' | 'NO_ANSWER';
  readonly order: Readonly<Order>;
  readonly replacing: boolean;
}

export interface GatewayOptions {
  readonly term: number;
  readonly onNote: (note: GatewayNote) => void;
  /** Called when a cancel is handed to a venue (measured by the desk). */
  readonly onCancelSent?: (target: ClOrdID) => void;
}

interface OpenOrder {
  readonly route: Route;
  readonly listing: ListingIx;
  readonly row: RowIx;
  readonly account: AccountIx;
}

/**
 * The last door before the venues: owns the sockets' ports, the throttle, the kill word and its own table of open orders. It is fed by a queue only, so
 * that it can live on a thread of its own; on a kill it refuses everything new and sends the cancels by itself, whatever the core is doing.
 */
export class Gateway {
  readonly #options: GatewayOptions;
  readonly #routes: Route[] = [];
  readonly #byVenue = new Map<VenueIx, Route>();
  readonly #simulatorByVenue = new Map<VenueIx, Route>();
  readonly #open = new Map<ClOrdID, OpenOrder>();
  readonly #minimumEpoch = new Map<RowIx, number>();
  readonly #canceledByKill = new Set<ClOrdID>();
  /** Latches of the kill switch that hold, by what they hold. */
  readonly #kills = new Map<string, number>();
  #ownCancels = 0;

  constructor(options: GatewayOptions) {
    this.#options = options;
  }

  /** Takes the ports: venues for orders that trade capital, simulators for rows on paper. Until then every order is refused with NO_ROUTE. */
  connect(venues: ReadonlyMap<VenueIx, VenuePort>, simulators: ReadonlyMap<VenueIx, VenuePort>): void {
    for (const [venue, port] of venues) this.#addRoute(this.#byVenue, venue, port, false);
    for (const [venue, port] of simulators) this.#addRoute(this.#simulatorByVenue, venue, port, true);
  }

  #addRoute(table: Map<VenueIx, Route>, venue: VenueIx, port: VenuePort, simulated: boolean): void {
    const bucket = createTokenBucket(port.capabilities.throttlePerSecond);
    const route: Route = { port, simulated, venue, urgent: [], orders: [], bucket };
    table.set(venue, route);
    this.#routes.push(route);
  }

  /** Orders that a desk before this one sent and that may still work: a kill takes them back too. */
  adopt({ clOrdID, venue, simulated, ...order }: RestoredOrder): void {
    const route = this.#route(venue, simulated);
    if (route !== undefined && this.#open.size < maxOpenAtGateway) this.#open.set(clOrdID, { route, ...order });
  }

  get killed(): boolean {
    return this.#kills.has(killKey('firm', -1));
  }

  get openOrders(): number {
    return this.#open.size;
  }

  /** Queues an effect and hands over what the throttles allow at `at`. */
  submit(effect: OrderEffect, at: Micros): void {
    switch (effect.kind) {
      case 'kill':
        this.#kill(effect, at);
        return;
      case 'fence':
        this.#minimumEpoch.set(effect.row, effect.epoch);
        this.#dropFenced(effect.row);
        return;
      case 'send':
      case 'replace':
        this.#enqueueOrder(effect);
        break;
      case 'cancel':
        this.#cancel(effect);
        break;
      case 'query':
        askFor(effect.clOrdID, this.#route(effect.venue, effect.simulated));
        break;
      case 'massCancel':
      case 'dropSession':
      case 'deadMan':
        this.#route(effect.venue, false)?.urgent.push({ kind: effect.kind });
        break;
      case 'statement': {
        const { account, ask, since } = effect;
        // behind the orders that left before it
        this.#route(effect.venue, false)?.orders.push({ kind: 'statement', request: { account, ask, since } });
        break;
      }
    }
    this.pump(at);
  }

  /** What the throttle still holds never leaves; what has left is asked back before any order. */
  #cancel(effect: Extract<OrderEffect, { kind: 'cancel' }>): void {
    const { target, listing, clOrdID, term = 0 } = effect;
    const route = this.#route(effect.venue, effect.simulated);
    if (route === undefined) return;
    if (term !== 0 && term !== this.#options.term) {
      // an order of an earlier desk: what waits here under the same number is another one
      route.urgent.push({ kind: 'cancel', request: { clOrdID, target, listing, term } });
      return;
    }
    let unsent = false;
    for (let n = 0; n < route.orders.length;) {
      const request = route.orders[n];
      if (!isOrder(request) || (request.order.clOrdID !== target && request.order.origClOrdID !== target)) {
        n++;
        continue;
      }
      route.orders.splice(n, 1);
      const replacing = request.kind === 'replace';
      this.#note('refused', 'CANCELED_UNSENT', request.order, replacing);
      if (!replacing && request.order.clOrdID === target) unsent = true;
    }
    if (unsent) return;
    if (!this.#canceledByKill.delete(target)) route.urgent.push({ kind: 'cancel', request: { clOrdID, target, listing } });
  }

  /** Refusals of the kill word, the fence and the term are made here too: nobody behind the core can send around them. */
  #refusalOf(order: Readonly<Order>, venue: VenueIx): GatewayRefusal | undefined {
    if (this.#isKilled(venue, order.account, order.row)) return 'KILL_SWITCH_ENGAGED';
    if (order.term !== this.#options.term) return 'STALE_TERM';
    if (order.epoch < (this.#minimumEpoch.get(order.row) ?? 0)) return 'STALE_EPOCH';
    return undefined;
  }

  #enqueueOrder(effect: Extract<OrderEffect, { kind: 'send' | 'replace' }>): void {
    const route = this.#route(effect.venue, effect.order.simulated);
    const refusal =
      this.#refusalOf(effect.order, effect.venue) ??
      (route === undefined
        ? 'NO_ROUTE'
        : route.orders.length >= maxQueuedRequests
          ? 'THROTTLE_QUEUE_FULL'
          : this.#open.size >= maxOpenAtGateway
            ? 'GATEWAY_FULL'
            : undefined);
    if (refusal !== undefined || route === undefined) {
      this.#note('refused', refusal ?? 'NO_ROUTE', effect.order, effect.kind === 'replace');
      return;
    }
    route.orders.push({ kind: effect.kind, reducing: effect.reducing, order: effect.order });
  }

  #isKilled(venue: VenueIx, account: AccountIx, row: RowIx): boolean {
    const kills = this.#kills;
    if (kills.size === 0) return false;
    return (
      kills.has(killKey('firm', -1)) ||
      kills.has(killKey('venue', venue)) ||
      kills.has(killKey('account', account)) ||
      kills.has(killKey('row', row))
    );
  }

  #dropFenced(row: RowIx): void {
    for (const route of this.#routes) this.#dropRefused(route, (order) => order.row === row);
  }

  /** Takes out of the queue what would be refused at its turn. */
  #dropRefused(route: Route, concerned: (order: Readonly<Order>) => boolean): void {
    const kept = route.orders.filter((request) => {
      const refusal = isOrder(request) && concerned(request.order) ? this.#refusalOf(request.order, route.venue) : undefined;
      if (refusal === undefined || !isOrder(request)) return true;
      this.#note('refused', refusal, request.order, request.kind === 'replace');
      return false;
    });
    route.orders.splice(0, route.orders.length, ...kept);
  }

  #kill({ engaged, hold, ix, generation }: KillEffect, at: Micros): void {
    const key = killKey(hold, ix);
    const standing = this.#kills.get(key);
    if (!engaged) {
      // decided before a newer kill, and overtaken by it on the way
      if (standing === undefined || generation < standing) return;
      this.#kills.delete(key);
      if (this.#kills.size === 0) this.#canceledByKill.clear();
      return;
    }
    this.#kills.set(key, Math.max(generation, standing ?? 0));
    for (const route of this.#routes) this.#dropRefused(route, () => true);
    for (const [target, open] of this.#open) {
      if (!this.#isKilled(open.route.venue, open.account, open.row) || this.#canceledByKill.has(target)) continue;
      open.route.urgent.push({
        kind: 'cancel',
        request: { clOrdID: clOrdIDOf(0, this.#ownCancels++ % maxOpenAtGateway), target, listing: open.listing },
      });
      this.#canceledByKill.add(target);
    }
    this.pump(at);
  }

  /** Sends what the throttles allow, cancels first. */
  pump(at: Micros): void {
    for (const route of this.#routes) {
      if (route.urgent.length === 0 && route.orders.length === 0) continue;
      refill(route.bucket, at);
      this.#drain(route, route.urgent, at);
      this.#drain(route, route.orders, at);
    }
  }

  /** When a throttled request can go; undefined = nothing waits. */
  nextPumpAt(): Micros | undefined {
    let next: Micros | undefined;
    for (const route of this.#routes) {
      const due = route.urgent.length + route.orders.length === 0 ? undefined : nextTokenAt(route.bucket);
      if (due !== undefined && (next === undefined || due < next)) next = due;
    }
    return next;
  }

  #drain(route: Route, queue: Request[], at: Micros): void {
    let taken = 0;
    while (taken < queue.length && takeToken(route.bucket, leftBy(queue[taken], route))) this.#hand(route, queue[taken++], at);
    queue.splice(0, taken);
  }

  #hand(route: Route, request: Request, at: Micros): void {
    switch (request.kind) {
      case 'send':
      case 'replace': {
        const refusal = this.#refusalOf(request.order, route.venue);
        if (refusal !== undefined) {
          this.#note('refused', refusal, request.order, request.kind === 'replace');
          return;
        }
        const { order } = request;
        const { listing, row, account } = order;
        this.#open.set(order.clOrdID, { route, listing, row, account });
        const result = request.kind === 'send' ? route.port.send(order, at) : route.port.replace(order, at);
        this.#judge(result, order, request.kind === 'replace');
        return;
      }
      case 'cancel':
        route.port.cancel(request.request, at);
        this.#options.onCancelSent?.(request.request.target);
        return;
      case 'query':
        route.port.query(request.clOrdID, at);
        return;
      case 'statement':
        route.port.statement?.(request.request, at);
        return;
      case 'massCancel':
        if (route.port.capabilities.massCancel) route.port.cancelAll(at);
        return;
      case 'dropSession':
        route.port.dropSession?.(at);
        return;
      case 'deadMan':
        route.port.expireDeadMan?.(at);
        return;
    }
  }

  #judge(result: SendResult, order: Readonly<Order>, replacing: boolean): void {
    if (result === 'sent') return;
    if (result === 'refused') {
      this.#open.delete(order.clOrdID);
      this.#note('refused', 'VENUE_REFUSED', order, replacing);
      return;
    }
    this.#note('uncertain', 'UNCERTAIN', order, replacing);
  }

  /** Every report passes here on its way to the sequencer, so that the table of open orders is the gateway's own. */
  onReport(report: Report): void {
    switch (report.execType) {
      case 'canceled':
      case 'rejected':
      case 'expired':
        this.#close(report.clOrdID);
        if (report.origClOrdID !== 0) this.#close(report.origClOrdID);
        return;
      case 'replaced':
        this.#close(report.origClOrdID);
        // replaced to what it had already filled: the new order is over too
        if (report.leavesQty === 0) this.#close(report.clOrdID);
        return;
      case 'replaceRejected':
        this.#close(report.clOrdID);
        return;
      case 'trade':
      case 'orderStatus':
        if (report.leavesQty === 0) this.#close(report.clOrdID);
        return;
      case 'unknownOrder':
        this.#close(report.clOrdID);
        return;
      case 'pendingNew':
      case 'new':
      case 'tradeCorrect':
      case 'tradeCancel':
      case 'pendingCancel':
      case 'cancelRejected':
      case 'pendingReplace':
      case 'doneForDay':
      case 'suspended':
      case 'restated':
      case 'timeout':
        return;
    }
  }

  #close(clOrdID: ClOrdID): void {
    this.#open.delete(clOrdID);
    this.#canceledByKill.delete(clOrdID);
  }

  #route(venue: VenueIx, simulated: boolean): Route | undefined {
    return (simulated ? this.#simulatorByVenue : this.#byVenue).get(venue);
  }

  #note(outcome: 'refused' | 'uncertain', code: GatewayNote['code'], order: Readonly<Order>, replacing: boolean): void {
    assert(order.clOrdID > 0, 'an order at the gateway has a clOrdID');
    this.#options.onNote({ outcome, code, order, replacing });
  }
}

function killKey(hold: KillEffect['hold'], ix: number): string {
  return `${hold} ${ix}`;
}
