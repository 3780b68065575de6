import { splitZero, type Split } from '../../base/split.ts';
import { lotsUnchecked, microsUnchecked, ticksUnchecked } from '../../base/units.ts';
import type { Order, OrderTags, OrderTerms } from '../../domain/order.ts';
import type { ListingRow } from '../registry.ts';
import { createOrderKey, type OrderKey } from './duplicates.ts';
import { scopeKinds } from './scopes.ts';

/** What an order asks for: its terms and the two texts that are looked at. */
export type WantedOrder = OrderTerms & Pick<OrderTags, 'reason' | 'compliance'>;

/** Who asks. One object may be reused for every order. */
export interface Asker {
  row: number;
  /** Account at the listing's venue; -1 = the row has none there. */
  account: number;
  epoch: number;
  term: number;
  /** To be served by the simulator: true exactly for rows in mode SIMULATED. */
  simulated: boolean;
  /** The order to be replaced; null = a new order. */
  replaces: Readonly<Order> | null;
}

/** The order under check and what was worked out about it once; one reused object. */
export interface CheckContext {
  order: WantedOrder;
  asker: Asker;
  at: number;
  listing: ListingRow | undefined;
  custodian: boolean;
  /** +1 buy, -1 sell. */
  side: number;
  /** Lots that would be open: orderQty less what the replaced order has filled. */
  leaves: number;
  leavesBase: number;
  /** Number of the order's route, -1 = none yet. */
  route: number;
  /** Index of the order's things by scope. */
  readonly scopeIx: Int32Array;
  /** Where the numbers of each of them begin in the scope table. */
  readonly placeOf: Int32Array;
  /** By scope: base units on the order's side after it and all open orders on that side have filled; instrument and sector look at the firm's position. */
  readonly reach: Float64Array;
  /** By scope: 1 = the instrument is held there already. */
  readonly holds: Uint8Array;
  /** Lots that an order on its side may close before it would open. */
  closable: number;
  reducing: boolean;
  /** Lots (in its route), base units (in its cells) and money that the replaced order counts with now and this one takes over; 0 for a new order. */
  oldLots: number;
  oldBase: number;
  /** Of that the money is in the currency of the slice. */
  readonly oldReserved: Split;
  /** For the memory of duplicates; `chain` is that of the key, -1 = not worked out yet. */
  readonly key: OrderKey;
  chain: number;
  /** Half ticks, 0 = none. */
  refTwice: number;
  refValid: boolean;
  /** Ticks: what a lot of it is valued at (0 = unknown), and how far it may trade. */
  valuePx: number;
  boundPx: number;
  /** The strictest of its scopes' limits, `noLimit` where there is none; and the longest duplicate window, microseconds, 0 = none. */
  mostQty: number;
  mostNotional: number;
  fatFingerBps: number;
  collarBps: number;
  window: number;
  /** Money of one lot at `valuePx`, listing's currency: a double for estimates. */
  lotMoney: number;
}

const nothing: WantedOrder = {
  listing: 0,
  side: 'buy',
  ordType: 'market',
  timeInForce: 'gtc',
  orderQty: lotsUnchecked(0),
  price: ticksUnchecked(0),
  stopPx: ticksUnchecked(0),
  targetPx: ticksUnchecked(0),
  trailOffset: 0,
  expireTime: microsUnchecked(0),
  postOnly: false,
  reduceOnly: false,
  reason: '',
  compliance: '',
};

export function createAsker(): Asker {
  return { row: 0, account: -1, epoch: 0, term: 0, simulated: false, replaces: null };
}

export function createContext(): CheckContext {
  return {
    order: nothing,
    asker: createAsker(),
    at: 0,
    listing: undefined,
    custodian: false,
    side: 1,
    leaves: 0,
    leavesBase: 0,
    route: -1,
    scopeIx: new Int32Array(scopeKinds),
    placeOf: new Int32Array(scopeKinds),
    reach: new Float64Array(scopeKinds),
    holds: new Uint8Array(scopeKinds),
    closable: 0,
    reducing: false,
    oldLots: 0,
    oldBase: 0,
    oldReserved: splitZero(),
    key: createOrderKey(),
    chain: -1,
    refTwice: 0,
    refValid: false,
    valuePx: 0,
    boundPx: 0,
    mostQty: Infinity,
    mostNotional: Infinity,
    fatFingerBps: Infinity,
    collarBps: Infinity,
    window: 0,
    lotMoney: 0,
  };
}
