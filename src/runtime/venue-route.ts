import type { TokenBucket } from '../base/token-bucket.ts';
import type { ClOrdID, VenueIx } from '../domain/ids.ts';
import type { Order } from '../domain/order.ts';
import type { RiskChecked } from '../domain/risk-checked.ts';
import type { CancelRequest, StatementRequest, VenuePort } from '../ports/venue.ts';

/** Share of a throttle's bucket that ordinary orders leave for cancels and for orders that only reduce. */
const urgentShare = 0.2;

/** What waits for its turn at a venue. */
export type Request =
  | { readonly kind: 'send' | 'replace'; readonly reducing: boolean; readonly order: RiskChecked<Readonly<Order>> }
  | { readonly kind: 'cancel'; readonly request: CancelRequest }
  | { readonly kind: 'query'; readonly clOrdID: ClOrdID }
  | { readonly kind: 'statement'; readonly request: StatementRequest }
  | { readonly kind: 'massCancel' | 'dropSession' | 'deadMan' };

/** The way to one venue, or to its simulator: what waits for it, and its throttle. */
export interface Route {
  readonly port: VenuePort;
  readonly simulated: boolean;
  readonly venue: VenueIx;
  /** Cancels and queries go first. */
  readonly urgent: Request[];
  readonly orders: Request[];
  readonly bucket: TokenBucket;
}

export function isOrder(request: Request): request is Extract<Request, { kind: 'send' | 'replace' }> {
  return request.kind === 'send' || request.kind === 'replace';
}

/** Tokens that a request leaves in the bucket. */
export function leftBy(request: Request, route: Route): number {
  return isOrder(request) && !request.reducing ? Math.floor(route.bucket.perSecond * urgentShare) : 0;
}

/** A question about an order goes first, but behind the order while the throttle holds it: asked before it, a venue would say that there is none, and then get it. */
export function askFor(clOrdID: ClOrdID, route: Route | undefined): void {
  const held = route?.orders.some((one) => isOrder(one) && one.order.clOrdID === clOrdID);
  (held === true ? route?.orders : route?.urgent)?.push({ kind: 'query', clOrdID });
}
