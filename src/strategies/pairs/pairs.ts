import { err, ok, type Result } from '../../base/result.ts';
import { lotsUnchecked } from '../../base/units.ts';
import type { ListingIx } from '../../domain/ids.ts';
import type { Bar } from '../../domain/market.ts';
import type { Adoption, OwnFill, OwnOrder, OwnOrderUpdate, StrategyContext, StrategyInstance } from '../../ports/strategy.ts';
import { stateBytes } from '../json-state.ts';
import { priceIn, priceScaleOf, type PriceScale } from '../price-scale.ts';
import { bpsOne, lotsFor } from '../sizing.ts';
import { createPair, isFilled, isFlat, leaveLeg, legsOf, pushGroupBar, type Leg, type Pair } from './pair.ts';
import { recentChangeDeviation, refit, zScore } from './spread.ts';
import { requireFittingWindows, type PairsTerms } from './terms.ts';

export const pairsSchema = 'pairs/1';

/**
 * Trades the spread of two cointegrated instruments back to its mean (backtest-semantics, "Pairs"). The universe names the pairs one after the other: A and B
 * in the order given, then the next two.
 */
export class Pairs implements StrategyInstance {
  readonly #terms: PairsTerms;
  #pairs: readonly Pair[] = [];
  readonly #pairOf = new Map<ListingIx, Pair>();
  readonly #scales = new Map<ListingIx, PriceScale>();
  /** Orders that were asked to go. */
  readonly #asked = new Set<number>();

  /** @throws RangeError when one window does not fit into another. */
  constructor(terms: PairsTerms) {
    requireFittingWindows(terms);
    this.#terms = terms;
  }

  /** @throws RangeError when the universe is not one pair after the other, or not that of the state. */
  onStart(context: StrategyContext): void {
    const { universe } = context;
    if (universe.length === 0 || universe.length % 2 !== 0 || new Set(universe).size !== universe.length) {
      throw new RangeError(`universe: expected one or more pairs of different listings, was ${universe.length} listings`);
    }
    if (this.#pairs.length === 0) {
      this.#take(Array.from({ length: universe.length / 2 }, (_, n) => createPair(universe[2 * n], universe[2 * n + 1])));
    }
    const known = this.#pairs.flatMap((pair) => legsOf(pair).map((leg) => leg.listing));
    if (known.join() !== universe.join())
      throw new RangeError(`universe: expected the listings ${known.join()} of the state, was ${universe.join()}`);
  }

  onBar(context: StrategyContext, bar: Bar): void {
    const leg = this.#legOf(bar.listing);
    if (leg === undefined) return;
    if (!this.#scales.has(bar.listing)) this.#scales.set(bar.listing, priceScaleOf(context.listing(bar.listing)));
    leg.close = bar.close;
    leg.closeTime = bar.eventTime;
  }

  group(context: StrategyContext, closeTime: number): void {
    for (const pair of this.#pairs) this.#follow(context, pair, closeTime);
  }

  #follow(context: StrategyContext, pair: Pair, closeTime: number): void {
    const [first, second] = legsOf(pair);
    const together = first.closeTime === closeTime && second.closeTime === closeTime;
    if (!together && first.closeTime !== closeTime && second.closeTime !== closeTime) return;
    if (together) pushGroupBar(pair, this.#terms.formation, (leg) => this.#priceOf(leg));
    this.#advance(context, pair, closeTime);
    if (!together || pair.phase === 'entering' || pair.reason !== '') return;
    this.#refitWhenDue(pair);
    if (pair.fit === null) return;
    const z = zScore(first.logs, second.logs, pair.fit.beta, this.#terms.window);
    if (pair.phase === 'holding') this.#decideExit(context, pair, z);
    else if (z !== undefined) this.#decideEntry(context, pair, z, closeTime);
  }

  /** What the fills up to this close have made of an entry or an exit. */
  #advance(context: StrategyContext, pair: Pair, closeTime: number): void {
    if (pair.phase === 'entering' && closeTime > pair.orderedAt) {
      if (isFilled(context, pair)) {
        pair.phase = 'holding';
        pair.filledAt = pair.index;
      } else {
        this.#leave(context, pair, 'unwind');
      }
    } else if (pair.phase === 'leaving') {
      if (isFlat(context, pair)) {
        pair.phase = 'idle';
        pair.reason = '';
        for (const leg of legsOf(pair)) leg.exitTag = 0;
      } else {
        this.#leave(context, pair, pair.reason);
      }
    }
  }

  #refitWhenDue(pair: Pair): void {
    const { formation, refitEvery } = this.#terms;
    if (pair.phase !== 'idle' || pair.index < formation - 1) return;
    if (pair.fit === null || pair.index - pair.fit.at >= refitEvery)
      pair.fit = refit(pair.first.logs, pair.second.logs, pair.index, this.#terms);
  }

  #decideExit(context: StrategyContext, pair: Pair, z: number | undefined): void {
    const { exitZ, stopZ, maxBars } = this.#terms;
    if (z !== undefined && Math.abs(z) <= exitZ) this.#leave(context, pair, 'mean');
    else if (z !== undefined && Math.abs(z) >= stopZ) this.#leave(context, pair, 'stop');
    else if (pair.index - pair.filledAt >= maxBars) this.#leave(context, pair, 'time');
  }

  #decideEntry(context: StrategyContext, pair: Pair, z: number, closeTime: number): void {
    const { entryZ, stopZ, changes, riskBps, stopBps, capBps } = this.#terms;
    const { fit, first, second } = pair;
    if (fit === null || !fit.eligible || !(Math.abs(z) > entryZ && Math.abs(z) < stopZ)) return;
    if (!(recentChangeDeviation(first.logs, second.logs, fit.beta, changes) > fit.changeDeviation)) return;
    if (!isFlat(context, pair)) return;
    const sizes = legsOf(pair).map((leg) => {
      const equity = context.equity(leg.listing);
      if (equity === undefined) return 0;
      const money = context.moneyPerTickLot(leg.listing);
      const byRisk = lotsFor(equity, riskBps, 2 * stopBps, leg.close, money);
      return Math.min(byRisk, lotsFor(equity, capBps, bpsOne, leg.close, money));
    });
    if (sizes.some((qty) => qty < 1)) return;
    pair.phase = 'entering';
    pair.orderedAt = closeTime;
    legsOf(pair).forEach((leg, n) => {
      const sells = (n === 0) === z > 0;
      leg.target = sells ? -sizes[n] : sizes[n];
      context.place({
        listing: leg.listing,
        side: sells ? 'sell' : 'buy',
        ordType: 'market',
        orderQty: lotsUnchecked(sizes[n]),
        reason: 'entry',
      });
    });
  }

  #leave(context: StrategyContext, pair: Pair, reason: string): void {
    pair.phase = 'leaving';
    pair.reason = reason;
    for (const leg of legsOf(pair)) leaveLeg(context, leg, reason, (order) => this.#takeBack(context, order));
  }

  #takeBack(context: StrategyContext, order: OwnOrder): void {
    if (this.#asked.has(order.tag)) return;
    this.#asked.add(order.tag);
    context.cancel(order.tag);
  }

  onFill(context: StrategyContext, fill: OwnFill): void {
    // a fill that came before its cancel is closed with the rest
    this.#goOn(context, fill.listing, fill.tag);
  }

  onOrder(context: StrategyContext, update: OwnOrderUpdate): void {
    const ended = update.ordStatus === 'canceled' || update.ordStatus === 'filled' || update.ordStatus === 'expired';
    const refused = update.ordStatus === 'denied' || update.ordStatus === 'rejected' || update.ordStatus === 'cancelRejected';
    if (!ended && !refused) return;
    if (this.#asked.delete(update.tag) && ended)
      for (const pair of this.#pairs) for (const leg of legsOf(pair)) this.#goOn(context, leg.listing, update.tag);
  }

  /** An exit that came to nothing is tried again at the next close, everything else at once. */
  #goOn(context: StrategyContext, listing: ListingIx, tag: number): void {
    const pair = this.#pairOf.get(listing);
    const leg = this.#legOf(listing);
    if (pair === undefined || leg === undefined || pair.phase !== 'leaving' || tag === leg.exitTag) return;
    leaveLeg(context, leg, pair.reason, (order) => this.#takeBack(context, order));
  }

  #priceOf(leg: Leg): number {
    const scale = this.#scales.get(leg.listing);
    return scale === undefined ? leg.close : priceIn(scale, leg.close);
  }

  #legOf(listing: ListingIx): Leg | undefined {
    const pair = this.#pairOf.get(listing);
    if (pair === undefined) return undefined;
    return pair.first.listing === listing ? pair.first : pair.second;
  }

  #take(pairs: readonly Pair[]): void {
    this.#pairs = pairs;
    for (const pair of pairs) for (const leg of legsOf(pair)) this.#pairOf.set(leg.listing, pair);
  }

  exportState(): { readonly schema: string; readonly bytes: Uint8Array } {
    return stateBytes(pairsSchema, { formation: this.#terms.formation, pairs: this.#pairs });
  }

  /** @throws RangeError or TypeError when the state is not one of these parameters. */
  restore(state: unknown): void {
    const { formation, pairs } = state as { readonly formation: number; readonly pairs: readonly Pair[] };
    if (formation !== this.#terms.formation)
      throw new RangeError(`expected a formation of ${this.#terms.formation} bars, was ${formation}`);
    this.#take(pairs);
  }

  /** Goes on from what its state says it holds. */
  adopt({ positions, orders }: Adoption): Result<'accepted', readonly string[]> {
    const faults: string[] = [];
    const held = new Map(positions.map(({ listing, position }) => [listing, position]));
    for (const listing of new Set([...held.keys(), ...orders.map((order) => order.listing)])) {
      if (!this.#pairOf.has(listing) && ((held.get(listing) ?? 0) !== 0 || orders.some((order) => order.listing === listing))) {
        faults.push(`listing ${listing}: expected a state that knows its pair`);
      }
    }
    for (const pair of this.#pairs) {
      for (const { listing, target } of legsOf(pair)) {
        const position = held.get(listing) ?? 0;
        const expected = pair.phase === 'idle' ? 0 : pair.phase === 'holding' ? target : position;
        if (position !== expected)
          faults.push(`listing ${listing}: expected a position of ${expected} while ${pair.phase}, was ${position}`);
      }
    }
    for (const { tag, side, ordType } of orders)
      if (ordType !== 'market') faults.push(`order ${tag}: expected a market order, was ${side} ${ordType}`);
    if (faults.length > 0) return err(faults);
    for (const { listing, tag } of orders) {
      const leg = this.#legOf(listing);
      if (leg !== undefined && this.#pairOf.get(listing)?.phase === 'leaving') leg.exitTag = tag;
    }
    return ok('accepted');
  }
}
