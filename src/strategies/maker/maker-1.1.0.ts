import { lotsUnchecked, microsUnchecked, ticksUnchecked } from '../../base/units.ts';
import type { ListingIx } from '../../domain/ids.ts';
import type { StrategyContext, StrategyInstance } from '../../ports/strategy.ts';
import { defineStrategy } from '../define-strategy.ts';
import { createMaker } from './maker.ts';
import { makerParameters } from './terms.ts';

interface Losing {
  position: number;
  averagePx: number;
  addedAt: number;
  /** Own number of the order that waits further down to buy more of what falls; 0 = none. */
  catching: number;
}

/** Ticks between the middle and that order, and its part of the capital. */
const catchingTicks = 30;
const catchingShare = 0.02;

/**
 * The version that a desk must survive: somebody took the stop-out away and "improves the average" by doubling a losing inventory, up to all of the
 * capital. It looks like 1.0.0 while the market is calm.
 */
export const maker110 = defineStrategy({
  name: 'maker',
  version: '1.1.0',
  parameters: {
    ...makerParameters,
    doubleAfter: { type: 'number', default: 0.5, min: 0.01, max: 1_000, unit: 'ticks', meaning: 'loss per lot after which the inventory is doubled' },
    doubleMillis: { type: 'integer', default: 2_000, min: 1, max: 3_600_000, unit: 'ms', meaning: 'least time between two doublings' },
    mostShare: { type: 'number', default: 0.95, min: 0.01, max: 1, unit: 'of the capital', meaning: 'inventory that it doubles up to' },
  },
  create: (p) => doubling(createMaker({ ...p, refresh: p.refreshMillis * 1_000, stopOut: 0, pause: 0 }), p.doubleAfter, p.doubleMillis * 1_000, p.mostShare),
});

function doubling(base: StrategyInstance, after: number, every: number, mostShare: number): StrategyInstance {
  const losing = new Map<ListingIx, Losing>();
  return {
    ...base,
    onFill: (context, fill) => {
      const entry = losing.get(fill.listing) ?? { position: 0, averagePx: 0, addedAt: 0, catching: 0 };
      const grows = fill.position !== 0 && Math.abs(fill.position) > Math.abs(entry.position);
      if (grows) entry.averagePx = (entry.averagePx * Math.abs(entry.position) + fill.lastPx * (Math.abs(fill.position) - Math.abs(entry.position))) / Math.abs(fill.position);
      entry.position = fill.position;
      losing.set(fill.listing, entry);
      base.onFill?.(context, fill);
    },
    onTimer: (context, name) => {
      for (const [listing, entry] of losing) doubleUp(context, listing, entry, after, every, mostShare);
      base.onTimer?.(context, name);
    },
    onOrder: (context, update) => {
      for (const entry of losing.values()) if (entry.catching === update.tag && update.ordStatus !== 'new' && update.ordStatus !== 'pendingNew') entry.catching = 0;
      base.onOrder?.(context, update);
    },
  };
}

/** One order waits further down, so that a falling market finds a buyer: the opposite of a stop. */
function keepCatching(context: StrategyContext, listing: ListingIx, entry: Losing, middle: number): void {
  if (entry.catching !== 0) return;
  const away = entry.position > 0 ? Math.floor(middle) - catchingTicks : Math.ceil(middle) + catchingTicks;
  const orderQty = lotsUnchecked(Math.floor((catchingShare * context.capital) / (middle * context.tickValue(listing))));
  if (orderQty < 1 || away < 1) return;
  entry.catching = context.place({ listing, side: entry.position > 0 ? 'buy' : 'sell', ordType: 'limit', orderQty, price: ticksUnchecked(away), reason: 'catch it lower' });
}

function doubleUp(context: StrategyContext, listing: ListingIx, entry: Losing, after: number, every: number, mostShare: number): void {
  const book = context.book(listing);
  if (entry.position === 0 || !book.valid || context.now - entry.addedAt < every) return;
  const middle = (book.bidPx(0) + book.askPx(0)) / 2;
  const lossPerLot = entry.position > 0 ? entry.averagePx - middle : middle - entry.averagePx;
  if (lossPerLot < after) return;
  keepCatching(context, listing, entry, middle);
  const most = Math.floor((mostShare * context.capital) / (middle * context.tickValue(listing)));
  const more = Math.min(Math.abs(entry.position), most - Math.abs(entry.position));
  if (more < 1) return;
  entry.addedAt = microsUnchecked(context.now);
  context.place({ listing, side: entry.position > 0 ? 'buy' : 'sell', ordType: 'market', timeInForce: 'ioc', orderQty: lotsUnchecked(more), reason: 'average down' });
}
