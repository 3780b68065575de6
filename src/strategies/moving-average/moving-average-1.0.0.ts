import { lotsUnchecked } from '../../base/units.ts';
import type { ListingIx } from '../../domain/ids.ts';
import type { StrategyContext, StrategyInstance } from '../../ports/strategy.ts';
import { createSma } from '../../quant/indicators/sma.ts';
import { defineStrategy } from '../define-strategy.ts';
import { bpsOne, lotsFor } from '../sizing.ts';

interface Track {
  readonly push: (close: number) => void;
  /** Fast average - slow average at the last close, ticks; undefined = too few bars. */
  gap: number | undefined;
  closeTime: number;
  close: number;
  /** Number of the order under way; 0 = none. */
  working: number;
}

/** Holds an instrument while the simple mean of its last `fast` closes is above that of its last `slow` ones, and is flat otherwise. */
export const movingAverage100 = defineStrategy({
  name: 'moving-average',
  version: '1.0.0',
  parameters: {
    fast: { type: 'integer', default: 20, min: 1, max: 2_000, unit: 'bars', meaning: 'window of the fast average; less than the slow one' },
    slow: { type: 'integer', default: 100, min: 2, max: 5_000, unit: 'bars', meaning: 'window of the slow average' },
    capBps: { type: 'integer', default: 1_000, min: 1, max: 10_000, unit: 'bps of the equity', meaning: 'what one position may cost' },
  },
  create: ({ fast, slow, capBps }) => {
    if (fast >= slow) throw new RangeError(`fast: expected less than the slow window of ${slow} bars, was ${fast}`);
    return follow(fast, slow, capBps);
  },
});

function follow(fast: number, slow: number, capBps: number): StrategyInstance {
  const tracks: (Track | undefined)[] = [];
  const ended = (listing: ListingIx, tag: number): void => {
    const track = tracks[listing];
    if (track?.working === tag) track.working = 0;
  };
  return {
    onBar: (_context, bar) => {
      const track = (tracks[bar.listing] ??= createTrack(fast, slow));
      track.push(bar.close);
      track.close = bar.close;
      track.closeTime = bar.eventTime;
    },
    group: (context, closeTime) => {
      for (const listing of context.universe) {
        const track = tracks[listing];
        if (track?.closeTime === closeTime && track.gap !== undefined && track.working === 0) decide(context, listing, track, capBps);
      }
    },
    onFill: (_context, fill) => {
      if (fill.leavesQty === 0) ended(fill.listing, fill.tag);
    },
    onOrder: (context, { tag, ordStatus }) => {
      if (ordStatus === 'new' || ordStatus === 'pendingNew' || ordStatus === 'partiallyFilled') return;
      for (const listing of context.universe) ended(listing, tag);
    },
  };
}

function decide(context: StrategyContext, listing: ListingIx, track: Track, capBps: number): void {
  const held = context.position(listing);
  const wants = (track.gap ?? 0) > 0;
  if (wants === held > 0) return;
  if (!wants) {
    track.working = context.place({ listing, side: 'sell', ordType: 'market', orderQty: held, reduceOnly: true, reason: 'cross' });
    return;
  }
  const equity = context.equity(listing);
  if (equity === undefined) return;
  const qty = lotsFor(equity, capBps, bpsOne, track.close, context.moneyPerTickLot(listing));
  if (qty > 0) track.working = context.place({ listing, side: 'buy', ordType: 'market', orderQty: lotsUnchecked(qty), reason: 'entry' });
}

function createTrack(fast: number, slow: number): Track {
  const short = createSma(fast);
  const long = createSma(slow);
  const track: Track = {
    push: (close) => {
      const above = short.push(close);
      const below = long.push(close);
      track.gap = above === undefined || below === undefined ? undefined : above - below;
    },
    gap: undefined,
    closeTime: 0,
    close: 0,
    working: 0,
  };
  return track;
}
