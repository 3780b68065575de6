import { smallCoreCapacities, type CoreCapacities } from '../../core/core.ts';

/** Up to so many instruments a run has the small core below: many runs of few instruments are made one after the other. */
const fewListings = 8;

/** At these limits orders are denied (ORDER_CAPACITY_REACHED) or the oldest that ended are forgotten, which on daily bars nothing asks for. */
const fewCapacities: CoreCapacities = {
  listings: 16,
  orders: { openOrders: 512, closedOrders: 64, execIDs: 64, rows: 8, listings: 16 },
  ledger: { leaves: 16, lots: 64, moneyRows: 64 },
  risk: { slices: 4, rows: 8, openOrders: 1_024, routes: 64, cells: 128, duplicates: 256, orderLog: 256 },
};

/** An order that ended so many orders ago gets no report of a simulator any more. */
export const captureCapacities: CoreCapacities = {
  ...smallCoreCapacities,
  orders: { ...smallCoreCapacities.orders, closedOrders: 4_096, execIDs: 4_096 },
  risk: { ...smallCoreCapacities.risk, routes: 1_024, cells: 4_096 },
};

/** Up to so many instruments a run has the core of a recorded session: what a run writes anew is a tenth of the usual one's. */
const someListings = 32;

/** How large the core of a run over so many instruments is made. */
export function coreSizeOf(listings: number): CoreCapacities {
  if (listings <= fewListings) return fewCapacities;
  return listings <= someListings ? captureCapacities : smallCoreCapacities;
}
