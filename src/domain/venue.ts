import type { VenueID } from './ids.ts';
import type { OrdType, TimeInForce } from './order.ts';

/** What a venue can do, declared by its adapter and registered with the core. */
export interface VenueCapabilities {
  readonly ordTypes: readonly OrdType[];
  readonly timesInForce: readonly TimeInForce[];
  readonly postOnly: boolean;
  readonly reduceOnly: boolean;
  /** `atomic`: one message keeps or loses queue place by the venue's rule; `cancelNew`: two messages, both may fill; `none`: refused by the core. */
  readonly replace: 'atomic' | 'cancelNew' | 'none';
  readonly massCancel: boolean;
  readonly deadManSwitch: 'none' | 'session' | 'timer';
  /** The venue honors a self-match id. */
  readonly selfMatchID: boolean;
  readonly queryByClOrdID: boolean;
  /** Takes DAY, GTC and GTD orders while its session is closed and works them from the next one on; left out = it does not. */
  readonly queuesOrders?: boolean;
  /** Requests that the venue takes at once, and per second after that (a bucket of so many, refilled at as many a second); 0 = no limit. */
  readonly throttlePerSecond: number;
}

export interface Venue {
  readonly venueID: VenueID;
  readonly simulated: boolean;
  readonly capabilities: VenueCapabilities;
}
