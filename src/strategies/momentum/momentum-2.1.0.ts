import { err, ok, type Result } from '../../base/result.ts';
import { lotsUnchecked, microsUnchecked } from '../../base/units.ts';
import type { ListingIx } from '../../domain/ids.ts';
import type { Adoption, StrategyContext, StrategyInstance } from '../../ports/strategy.ts';
import { defineStrategy } from '../define-strategy.ts';
import { stateBytes, takeState } from '../json-state.ts';

/** Middle prices (half ticks x 2) at equal distances in time, oldest first. */
interface Track {
  readonly middles: number[];
  working: number;
}

/** Follows the move of the last `lookback` samples: long when it is up by the threshold, short when it is down, flat in between. */
export const momentum210 = defineStrategy({
  name: 'momentum',
  version: '2.1.0',
  parameters: {
    lookback: { type: 'integer', default: 20, min: 2, max: 10_000, unit: 'samples', meaning: 'length of the move that is measured' },
    sampleMillis: { type: 'integer', default: 1_000, min: 10, max: 86_400_000, unit: 'ms', meaning: 'distance of the samples' },
    thresholdBps: { type: 'number', default: 2, min: 0, max: 10_000, unit: 'bps', meaning: 'move that is followed' },
    share: { type: 'number', default: 0.2, min: 0.001, max: 1, unit: 'of the capital', meaning: 'size of the position' },
  },
  create: (p) => createMomentum(p),
  migrate: (p, fromSchema, bytes) =>
    takeState(momentumSchema, fromSchema, bytes, (value) => {
      const state = value as MomentumState;
      if (state.lookback !== p.lookback) throw new RangeError(`expected a state of lookback ${p.lookback}, was ${state.lookback}`);
      return createMomentum(p, state);
    }),
});

interface MomentumTerms {
  readonly lookback: number;
  readonly sampleMillis: number;
  readonly thresholdBps: number;
  readonly share: number;
}

interface MomentumState {
  readonly lookback: number;
  readonly tracks: readonly (readonly [ListingIx, Track])[];
}

const momentumSchema = 'momentum/1';

function createMomentum(p: MomentumTerms, state?: MomentumState): StrategyInstance {
  const tracks = new Map<ListingIx, Track>(state?.tracks);
  const sample = (context: StrategyContext): void => {
    for (const listing of context.universe) {
      const track = tracks.get(listing) ?? { middles: [], working: 0 };
      tracks.set(listing, track);
      follow(context, listing, track, p.lookback, p.thresholdBps, p.share);
    }
    context.setTimer('sample', microsUnchecked(context.now + p.sampleMillis * 1_000));
  };
  return {
    onStart: (context) => context.setTimer('sample', microsUnchecked(context.now + p.sampleMillis * 1_000)),
    onTimer: sample,
    onFill: (_context, fill) => {
      const track = tracks.get(fill.listing);
      if (track !== undefined && fill.leavesQty === 0 && track.working === fill.tag) track.working = 0;
    },
    onOrder: (_context, update) => {
      if (update.ordStatus === 'pendingNew' || update.ordStatus === 'new' || update.ordStatus === 'partiallyFilled') return;
      for (const track of tracks.values()) if (track.working === update.tag) track.working = 0;
    },
    exportState: () => stateBytes(momentumSchema, { lookback: p.lookback, tracks: [...tracks] } satisfies MomentumState),
    adopt: (adoption) => adoptInto(tracks, adoption),
  };
}

/** It decides on the position that it has, whatever that is; of orders it knows those that its state knows. */
function adoptInto(tracks: ReadonlyMap<ListingIx, Track>, { orders }: Adoption): Result<'accepted', readonly string[]> {
  const faults = orders
    .filter(({ tag, listing }) => tracks.get(listing)?.working !== tag)
    .map(({ tag, side, ordType }) => `order ${tag}: expected the one that its state knows, was ${side} ${ordType}`);
  if (faults.length > 0) return err(faults);
  const open = new Set(orders.map(({ tag }) => tag));
  for (const track of tracks.values()) if (!open.has(track.working)) track.working = 0;
  return ok('accepted');
}

function follow(context: StrategyContext, listing: ListingIx, track: Track, lookback: number, thresholdBps: number, share: number): void {
  const book = context.book(listing);
  if (!book.valid || book.bidLevels === 0 || book.askLevels === 0) return;
  const middle = book.bidPx(0) + book.askPx(0);
  track.middles.push(middle);
  if (track.middles.length <= lookback) return;
  const before = track.middles.shift() ?? middle;
  if (track.working !== 0 || context.capital <= 0) return;
  const moveBps = ((middle - before) / before) * 10_000;
  const size = Math.floor((share * context.capital) / ((middle / 2) * context.tickValue(listing)));
  const target = moveBps >= thresholdBps ? size : moveBps <= -thresholdBps ? -size : 0;
  const position: number = context.position(listing);
  const change = target - position;
  if (change === 0) return;
  // one order takes it to flat at most: turning around takes two
  const turning = position !== 0 && target !== 0 && position > 0 !== target > 0;
  const qty = turning ? Math.abs(position) : Math.abs(change);
  track.working = context.place({
    listing,
    side: change > 0 ? 'buy' : 'sell',
    ordType: 'market',
    timeInForce: 'ioc',
    orderQty: lotsUnchecked(qty),
    reason: 'momentum',
  });
}
