import type { Micros } from '../base/units.ts';
import type { AccountIx, ClOrdID, DeploymentIx, ListingIx, RowIx, VenueIx } from './ids.ts';
import type { Order } from './order.ts';
import type { RiskChecked } from './risk-checked.ts';
import type { DeploymentSpec } from './spec.ts';
import type { HandoverVerb, OrderMode, PositionMode } from './swap.ts';

/** What an instance may do from now on. */
export interface InstanceAuthority {
  readonly epoch: number;
  readonly capital: number;
  readonly trading: boolean;
}

/** What a kill latch holds at the gateway: everything, a venue, an account, or a row of the order gate (a strategy's, one effect each). */
export const killHolds = ['firm', 'venue', 'account', 'row'] as const;
export type KillHold = (typeof killHolds)[number];

/**
 * The kill switch at the gateway: it refuses everything new under the latch from now on and sends the cancels by itself. A release expands and waits for its
 * record; it takes back the engagement of its generation and no newer one.
 */
export interface KillEffect {
  readonly kind: 'kill';
  readonly reducing: boolean;
  readonly engaged: boolean;
  readonly hold: KillHold;
  /** -1 = the firm. */
  readonly ix: number;
  readonly generation: number;
}

/**
 * What a step wants done in the world. `reducing` effects leave at once; the others wait in the outbox until the record of their cause is durable.
 * Orders of rows in mode SIMULATED go to the simulator (`order.simulated`), never to a venue.
 */
export type Effect =
  | { readonly kind: 'send'; readonly reducing: boolean; readonly venue: VenueIx; readonly order: RiskChecked<Readonly<Order>> }
  | { readonly kind: 'replace'; readonly reducing: boolean; readonly venue: VenueIx; readonly order: RiskChecked<Readonly<Order>> }
  | {
      readonly kind: 'cancel';
      readonly reducing: true;
      readonly venue: VenueIx;
      readonly simulated: boolean;
      readonly listing: ListingIx;
      readonly clOrdID: ClOrdID;
      readonly target: ClOrdID;
      readonly row: RowIx;
      /** Of an order that no record names: the term that it was numbered under, which its number at the venue begins with. Left out or 0: its record has it. */
      readonly term?: number;
    }
  | { readonly kind: 'query'; readonly reducing: true; readonly venue: VenueIx; readonly simulated: boolean; readonly clOrdID: ClOrdID }
  /** Asks the venue what an account has; leaves after every order before it. */
  | {
      readonly kind: 'statement';
      readonly reducing: false;
      readonly venue: VenueIx;
      readonly account: AccountIx;
      readonly ask: number;
      readonly since: Micros;
    }
  | { readonly kind: 'massCancel'; readonly reducing: true; readonly venue: VenueIx }
  /** Escalations past a mass cancel: ends the session, whose end takes the orders back, or lets the venue's dead-man timer run out. */
  | { readonly kind: 'dropSession' | 'deadMan'; readonly reducing: true; readonly venue: VenueIx }
  | KillEffect
  /** Raises the epoch below which the gateway refuses orders of a row. */
  | { readonly kind: 'fence'; readonly reducing: true; readonly row: RowIx; readonly epoch: number }
  /** Start, stop and authority of an instance on its host. */
  | {
      readonly kind: 'load';
      readonly reducing: false;
      readonly row: RowIx;
      readonly deployment: DeploymentIx;
      readonly spec: DeploymentSpec;
    }
  | { readonly kind: 'unload'; readonly reducing: true; readonly row: RowIx }
  | {
      readonly kind: 'authority';
      readonly reducing: boolean;
      readonly row: RowIx;
      readonly epoch: number;
      readonly capital: number;
      readonly trading: boolean;
    }
  /** A step of the hand-over of one row's state, lots and orders to another; the host answers with a HandoverNotice. Only `commit` expands. */
  | {
      readonly kind: 'handover';
      readonly reducing: boolean;
      readonly verb: HandoverVerb;
      readonly swap: number;
      readonly from: RowIx;
      readonly to: RowIx;
      readonly positions: PositionMode;
      readonly openOrders: OrderMode;
      readonly tagShift: number;
      /** Of both rows, from `commit` or `abort` on; `sync`: of the one that takes the state. */
      readonly fromAuthority: InstanceAuthority;
      readonly toAuthority: InstanceAuthority;
    }
  /** The answer to a command; to people only after the record is durable. */
  | {
      readonly kind: 'answer';
      readonly reducing: false;
      readonly commandID: string;
      readonly accepted: boolean;
      readonly code: string;
      readonly text: string;
    }
  | {
      readonly kind: 'alert';
      readonly reducing: true;
      readonly severity: 'low' | 'medium' | 'high' | 'critical';
      readonly subject: string;
      readonly text: string;
    };
