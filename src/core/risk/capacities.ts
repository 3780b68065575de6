/** Named limits of the risk room. At each of them an order is denied (ORDER_CAPACITY_REACHED) or a registration refused; nothing is dropped. */
export interface RiskCapacities {
  /** Slices of the desk. */
  readonly slices: number;
  /** Rows of the order gate: versions and custodians over all slices. */
  readonly rows: number;
  /** Orders that are open at one time. */
  readonly openOrders: number;
  /** (row, account, listing) that ever had an order or a position. */
  readonly routes: number;
  /** (scope, instrument) that ever had an order or a position. */
  readonly cells: number;
  /** Orders remembered for duplicates, power of two. */
  readonly duplicates: number;
  /** Orders remembered over the last minute, so that a rate limit set now knows what was before it, power of two. */
  readonly orderLog: number;
}

export const defaultCapacities: RiskCapacities = {
  slices: 512,
  rows: 2_048,
  openOrders: 65_536,
  routes: 131_072,
  cells: 262_144,
  duplicates: 131_072,
  orderLog: 131_072,
};

/** Largest rate limit: its window is a ring of that many times. */
export const maxOrderRate = 65_536;
/** Longest duplicate window. */
export const maxDuplicateWindow = 60_000_000;
/** Most older orders that one order may wait for (self-trade). */
export const maxSelfTradeWaits = 64;
/** Microseconds that an order waits for the older opposite ones to be canceled before it escalates (rollout.md 3). */
export const selfTradeWaitMicros = 500_000;
/** Largest price and trailing distance in ticks, 2^45; a mark past it is none. Twice of it in bps still is a safe integer. */
export const maxTicks = 35_184_372_088_832;

/**
 * Largest money of one order at the highest price in sight, units of its currency: 2^83, nearly ten thousand billion dollars of 10^-12. Twice of it at a
 * margin of 10,000 bps still lies within the range of split integers. A larger order is refused as a form error.
 */
export const maxNotionalUnits = 9_671_406_556_917_033_397_649_408;

/** Base units of one order: thousands of them still add up within 2^53. */
export const maxOrderBase = 1_099_511_627_776;
