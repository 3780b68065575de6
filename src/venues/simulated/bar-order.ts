import { isChild } from './venue-order.ts';
import type { VenueOrder } from './venue-order.ts';

/** An order of a bar venue with what only bars need to know of it. */
export interface BarOrder {
  readonly order: VenueOrder;
  /** Acts on bars that close after this time: when it was placed or, of a bracket's child, when its entry filled. */
  since: number;
  life: BarLife;
  /** A stop limit whose stop was touched. */
  triggered: boolean;
  /** Lots of a touched stop that go on as a market order. */
  market: number;
  /** In the bar under way: lots that may trade, `market` when it began, and what has traded. */
  eligible: number;
  marketAtStart: number;
  taken: number;
}

/** How long an order acts: to the first bar that it meets, or to the last close at or before `until` (Infinity = no end). */
export interface BarLife {
  readonly oneBar: boolean;
  readonly until: number;
}

export function barOrderOf(order: VenueOrder, since: number, life: BarLife): BarOrder {
  return { order, since, life, triggered: false, market: 0, eligible: 0, marketAtStart: 0, taken: 0 };
}

/** Prepares an order for the bar that closes at `closeTime`: what is placed or filled in it acts from the next one on. */
export function beginBar(one: BarOrder, closeTime: number): void {
  const acts = one.since < closeTime && closeTime <= one.life.until && one.order.state !== 'held';
  one.eligible = acts ? one.order.leavesQty : 0;
  one.marketAtStart = acts ? one.market : 0;
  one.taken = 0;
}

/** Why a bar venue does not take an order; beside what is wrong with its terms. */
export const barRejects = [
  'ORD_TYPE_NOT_TRADED_ON_BARS',
  'TIME_IN_FORCE_NOT_TRADED_ON_BARS',
  'POST_ONLY_NOT_TRADED_ON_BARS',
  'TOO_FEW_BARS_FOR_SLIPPAGE',
] as const;
export type BarReject = (typeof barRejects)[number];

/** What bars cannot say about an order; undefined = nothing. */
export function refusalOnBars(order: VenueOrder): BarReject | undefined {
  const { ordType, timeInForce, postOnly } = order;
  if (ordType === 'trailingStop') return 'ORD_TYPE_NOT_TRADED_ON_BARS';
  if (isChild(order) && ordType === 'stopLimit') return 'ORD_TYPE_NOT_TRADED_ON_BARS';
  const immediate = timeInForce === 'ioc' && (ordType === 'stop' || ordType === 'stopLimit');
  if (timeInForce === 'fok' || immediate) return 'TIME_IN_FORCE_NOT_TRADED_ON_BARS';
  return postOnly ? 'POST_ONLY_NOT_TRADED_ON_BARS' : undefined;
}

/** Whether slippage may move its price, or that of its bracket's stop. */
export function maySlip(order: VenueOrder): boolean {
  return order.ordType === 'market' || order.ordType === 'stop' || order.leg === 'entry';
}

/** floor(volume x bps / 10^4), exact for every volume that is a safe integer. */
export function shareOf(volume: number, bps: number | 'unlimited'): number {
  if (bps === 'unlimited') return Number.MAX_SAFE_INTEGER;
  const rest = volume % 10_000;
  return ((volume - rest) / 10_000) * bps + Math.floor((rest * bps) / 10_000);
}
