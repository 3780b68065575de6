import type { RowIx } from '../../domain/ids.ts';
import type { StoredOrder } from '../orders/stored-order.ts';
import type { Core } from '../core.ts';

/** What fills of a row cost against the middle that its strategy saw when it decided: positive = worse. */
export interface ShortfallTally {
  fills: number;
  /** Sum over fills, bps. */
  sum: number;
  /** The latest, bps. */
  readonly samples: Float64Array;
}

/** Fills kept. */
export const shortfallSamples = 512;

const none: ShortfallTally = { fills: 0, sum: 0, samples: new Float64Array(0) };

export function shortfallsOf(core: Core, row: RowIx, simulated: boolean): Readonly<ShortfallTally> {
  return core.rollout.shortfalls[row * 2 + (simulated ? 1 : 0)] ?? none;
}

/** Counts a fill's shortfall; orders without a middle when they were decided on have none. */
export function countShortfall(core: Core, order: StoredOrder, lastPx: number): void {
  const middleTwice = order.arrivalBid + order.arrivalAsk;
  if (!(order.arrivalBid > 0 && order.arrivalAsk > 0 && middleTwice > 0)) return;
  const side = order.side === 'buy' ? 1 : -1;
  const bps = (side * (2 * lastPx - middleTwice) * 10_000) / middleTwice;
  const place = order.row * 2 + (order.simulated ? 1 : 0);
  const { shortfalls } = core.rollout;
  // without gaps, which V8 would search through at every look
  while (shortfalls.length <= place) shortfalls.push(undefined);
  const tally = (shortfalls[place] ??= { fills: 0, sum: 0, samples: new Float64Array(shortfallSamples) });
  tally.samples[tally.fills % shortfallSamples] = bps;
  tally.fills++;
  tally.sum += bps;
}
