import { err, ok, type Result } from '../../base/result.ts';
import { dayNumber } from '../../base/time.ts';
import { lotsUnchecked, microsUnchecked } from '../../base/units.ts';
import type { ListingIx } from '../../domain/ids.ts';
import type { Bar } from '../../domain/market.ts';
import type { Adoption, OwnFill, OwnOrder, OwnOrderUpdate, StrategyContext, StrategyInstance } from '../../ports/strategy.ts';
import { stateBytes } from '../json-state.ts';
import { priceScaleOf } from '../price-scale.ts';
import { bpsOne, lotsFor, onTick, priceBelow } from '../sizing.ts';
import { BarTracks, type BarTrackState } from './bar-tracks.ts';
import type { EarningsDays, MeanReversionTerms } from './terms.ts';

export const meanReversionSchema = 'mean-reversion/1';

/** Parameters that the kept windows hang on. */
const windowNames = ['bandPeriod', 'rsiPeriod', 'volumePeriod'] as const;

interface ExportedTracks {
  readonly windows: { readonly [K in (typeof windowNames)[number]]: number };
  readonly tracks: readonly (readonly [ListingIx, BarTrackState])[];
}

interface Signal {
  readonly listing: ListingIx;
  readonly at: number;
  readonly rsi: number;
  readonly id: string;
}

const noOrders: readonly OwnOrder[] = [];

/**
 * Buys what fell to the lower band on volume and sells at the upper one, on a high RSI, at the stop or with age (backtest-semantics, "Mean reversion"). The
 * role of an own order follows from its terms: buy at market = entry, sell stop = stop, sell at market = exit. An exit takes everything else back first and
 * sells when that is gone, so that nothing is sold twice.
 */
export class MeanReversion implements StrategyInstance {
  readonly #terms: MeanReversionTerms;
  readonly #earnings: EarningsDays | undefined;
  readonly #tracks: BarTracks;
  /** By listing: it has a working order; of use within one decision. */
  readonly #busy: boolean[] = [];
  /** Orders that were asked to go. */
  readonly #asked = new Set<number>();

  constructor(terms: MeanReversionTerms, earnings?: EarningsDays) {
    this.#terms = terms;
    this.#earnings = earnings;
    this.#tracks = new BarTracks(terms);
  }

  onBar(context: StrategyContext, bar: Bar): void {
    this.#tracks.push(this.#placeOf(context, bar.listing), bar);
  }

  onFill(context: StrategyContext, fill: OwnFill): void {
    const tracks = this.#tracks;
    const at = this.#placeOf(context, fill.listing);
    const { ordType } = context.order(fill.tag) ?? { ordType: 'market' };
    if (fill.side === 'buy') {
      // a fill belongs to the bar that closes next, unless that one is known already
      if (tracks.firstFill[at] < 0)
        tracks.firstFill[at] = fill.transactTime > tracks.closeTime[at] ? tracks.index[at] + 1 : tracks.index[at];
      if (tracks.leaving[at] === '') this.#protect(context, fill);
    } else if (ordType === 'stop') {
      for (const order of workingIn(context, fill.listing)) if (order.side === 'buy') this.#takeBack(context, order);
    }
    this.#settle(context, fill.listing, at);
  }

  onOrder(context: StrategyContext, update: OwnOrderUpdate): void {
    switch (update.ordStatus) {
      case 'pendingNew':
      case 'new':
      case 'partiallyFilled':
      case 'pendingCancel':
      case 'pendingReplace':
      case 'doneForDay':
      case 'suspended':
      case 'unknown':
      case 'replaced':
        return;
      case 'filled':
      case 'canceled':
      case 'expired':
      case 'denied':
      case 'rejected':
      case 'cancelRejected':
        this.#asked.delete(update.tag);
    }
    const { leaving, exitTag } = this.#tracks;
    const { universe } = context;
    let left = this.#tracks.exits;
    for (let n = 0; left > 0 && n < universe.length; n++) {
      const listing = universe[n];
      const at = this.#tracks.placeOf(listing);
      if (at < 0 || leaving[at] === '') continue;
      left -= 1;
      // an exit that came to nothing is decided anew at the next close
      if (exitTag[at] === update.tag && update.ordStatus !== 'filled' && update.ordStatus !== 'cancelRejected') this.#endExit(at);
      else this.#settle(context, listing, at);
    }
  }

  group(context: StrategyContext, closeTime: number): void {
    this.#decideExits(context, closeTime);
    this.#decideEntries(context, closeTime);
  }

  #decideExits(context: StrategyContext, closeTime: number): void {
    const tracks = this.#tracks;
    const { universe } = context;
    for (let n = 0; n < universe.length; n++) {
      const listing = universe[n];
      if (context.position(listing) <= 0) continue;
      const at = tracks.placeOf(listing);
      if (at < 0 || tracks.closeTime[at] !== closeTime) continue;
      if (tracks.leaving[at] === '') tracks.leave(at, tracks.exitReason(at) || (isProtected(context, listing) ? '' : 'unprotected'));
      this.#settle(context, listing, at);
    }
  }

  #decideEntries(context: StrategyContext, closeTime: number): void {
    const signals = this.#signals(context, closeTime);
    if (signals === undefined) return;
    const tracks = this.#tracks;
    let free = this.#terms.maxPositions;
    const orders = context.orders();
    for (const { listing, leavesQty } of orders) this.#busy[listing] ||= leavesQty > 0;
    for (const listing of context.universe) if (this.#busy[listing] === true || context.position(listing) !== 0) free -= 1;
    const wanted = signals.filter(({ listing }) => this.#busy[listing] !== true && context.position(listing) === 0);
    for (const { listing } of orders) this.#busy[listing] = false;
    if (wanted.length === 0 || free <= 0) return;
    wanted.sort((a, b) => a.rsi - b.rsi || (a.id < b.id ? -1 : 1));
    const { riskBps, stopBps, capBps } = this.#terms;
    for (const { listing, at } of wanted) {
      const equity = context.equity(listing);
      if (equity === undefined) continue;
      const money = context.moneyPerTickLot(listing);
      const byRisk = lotsFor(equity, riskBps, stopBps, tracks.close[at], money);
      const qty = Math.min(byRisk, lotsFor(equity, capBps, bpsOne, tracks.close[at], money));
      if (qty === 0) continue;
      tracks.firstFill[at] = -1;
      context.place({ listing, side: 'buy', ordType: 'market', orderQty: lotsUnchecked(qty), reason: 'entry' });
      free -= 1;
      if (free === 0) return;
    }
  }

  /** Of the bars of this close, what asks for an entry; undefined = nothing does, as mostly. */
  #signals(context: StrategyContext, closeTime: number): Signal[] | undefined {
    const tracks = this.#tracks;
    let found: Signal[] | undefined;
    for (let n = 0; n < tracks.loudCount; n++) {
      const at = tracks.loud[n];
      if (tracks.closeTime[at] !== closeTime || !tracks.signals(at)) continue;
      const listing = tracks.listingAt(at);
      const id = context.listing(listing).instrumentID;
      if (!this.#nearEarnings(id, closeTime)) (found ??= []).push({ listing, at, rsi: tracks.rsi(at), id });
    }
    tracks.forgetLoud();
    return found;
  }

  #nearEarnings(instrumentID: string, closeTime: number): boolean {
    const today = dayNumber(microsUnchecked(closeTime));
    const days = this.#earnings?.get(instrumentID) ?? [];
    return days.some((day) => Math.abs(day - today) <= this.#terms.earningsDays);
  }

  #protect(context: StrategyContext, fill: OwnFill): void {
    const stopPx = onTick(priceBelow(fill.lastPx, this.#terms.stopBps), context.listing(fill.listing), context.now);
    context.place({ listing: fill.listing, side: 'sell', ordType: 'stop', orderQty: fill.lastQty, stopPx, reason: 'stop' });
  }

  /** Takes an exit one step on: everything else goes first, then all that is held is sold, then it is over. */
  #settle(context: StrategyContext, listing: ListingIx, at: number): void {
    const { leaving, exitTag } = this.#tracks;
    if (leaving[at] === '') return;
    const working = workingIn(context, listing);
    const position = context.position(listing);
    if (working.length > 0) {
      for (const order of working) if (order.tag !== exitTag[at]) this.#takeBack(context, order);
    } else if (position > 0) {
      exitTag[at] = context.place({
        listing,
        side: 'sell',
        ordType: 'market',
        orderQty: position,
        reduceOnly: true,
        reason: leaving[at],
      });
    } else {
      this.#endExit(at);
    }
  }

  #endExit(at: number): void {
    this.#tracks.stay(at);
  }

  #takeBack(context: StrategyContext, order: OwnOrder): void {
    if (this.#asked.has(order.tag)) return;
    this.#asked.add(order.tag);
    context.cancel(order.tag);
  }

  #placeOf(context: StrategyContext, listing: ListingIx): number {
    const known = this.#tracks.placeOf(listing);
    return known >= 0 ? known : this.#tracks.begin(listing, priceScaleOf(context.listing(listing)));
  }

  exportState(): { readonly schema: string; readonly bytes: Uint8Array } {
    const { bandPeriod, rsiPeriod, volumePeriod } = this.#terms;
    const state: ExportedTracks = { windows: { bandPeriod, rsiPeriod, volumePeriod }, tracks: this.#tracks.exported() };
    return stateBytes(meanReversionSchema, state);
  }

  /** @throws RangeError or TypeError when the state is not one of these parameters. */
  restore(state: unknown): void {
    const { windows, tracks } = state as ExportedTracks;
    for (const name of windowNames) {
      if (windows[name] !== this.#terms[name])
        throw new RangeError(`expected a state with ${name} ${this.#terms[name]}, was ${windows[name]}`);
    }
    for (const [listing, track] of tracks) this.#tracks.restore(listing, track);
  }

  /** Goes on from long positions whose first fill it knows, with entries, stops and exits of its own kind. */
  adopt({ positions, orders }: Adoption): Result<'accepted', readonly string[]> {
    const faults: string[] = [];
    for (const { listing, position } of positions) {
      if (position === 0) continue;
      if (position < 0) faults.push(`listing ${listing}: expected a long position, was ${position}`);
      else if ((this.#tracks.firstFill[this.#tracks.placeOf(listing)] ?? -1) < 0)
        faults.push(`listing ${listing}: expected a state that knows when its position began`);
    }
    for (const order of orders) {
      const known = order.side === 'buy' ? order.ordType === 'market' : order.ordType === 'market' || order.ordType === 'stop';
      if (!known)
        faults.push(`order ${order.tag}: expected a market entry, a sell stop or a market exit, was ${order.side} ${order.ordType}`);
    }
    if (faults.length > 0) return err(faults);
    for (const order of orders) {
      const at = this.#tracks.placeOf(order.listing);
      if (at < 0 || order.side === 'buy' || order.ordType !== 'market') continue;
      this.#tracks.leave(at, 'adopted');
      this.#tracks.exitTag[at] = order.tag;
    }
    return ok('accepted');
  }
}

/** Working orders in a listing: one or none as a rule. */
function workingIn(context: StrategyContext, listing: ListingIx): readonly OwnOrder[] {
  const all = context.orders();
  let found: OwnOrder[] | undefined;
  for (let n = 0; n < all.length; n++) {
    const order = all[n];
    if (order.listing !== listing || order.leavesQty <= 0) continue;
    if (found === undefined) found = [order];
    else found.push(order);
  }
  return found ?? noOrders;
}

/** Whether stops work for all that is held. */
function isProtected(context: StrategyContext, listing: ListingIx): boolean {
  let covered = 0;
  for (const order of context.orders()) {
    if (order.listing === listing && order.side === 'sell' && order.ordType === 'stop') covered += order.leavesQty;
  }
  return covered >= context.position(listing);
}
