import { prng } from '../../base/prng.ts';
import { fromBigInt, splitZero, toBigInt, type Split } from '../../base/split.ts';
import { lots, micros, ticks, type Lots, type Micros } from '../../base/units.ts';
import type { Listing } from '../../domain/instrument.ts';
import type { Bar } from '../../domain/market.ts';
import type { Order } from '../../domain/order.ts';
import type { Report } from '../../domain/report.ts';
import type { OrderProposal, OwnOrder, StrategyContext, StrategyInstance } from '../../ports/strategy.ts';
import { BarVenue } from '../../venues/simulated/bar-venue.ts';
import type { BarVenueOptions } from '../../venues/simulated/bar-venue.ts';
import { checkedForTest, plainOrder } from '../venue/plain-order.ts';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** A listing priced in 1e-6 of a currency that counts money in 1e-6. */
export function adjustedListing(id: string): Listing {
  return {
    listingID: `${id}.SIM`,
    instrumentID: id,
    venueID: 'SIM',
    symbol: id,
    priceUnit: '0.000001',
    tickTable: [],
    lot: '1',
    multiplier: '1',
    calendar: 'XNYS',
  };
}

/** A bar venue over such listings, cents as fee unit. */
export function barVenueOf(ids: readonly string[], options: Partial<BarVenueOptions> = {}): BarVenue {
  return new BarVenue({
    venue: 0,
    prefix: 'BAR',
    simulated: false,
    fees: { kind: 'none' },
    slippage: { kind: 'none' },
    dayEnds: 'nextBar',
    ...options,
    listings: ids.map((id, ix) => ({
      ix,
      listing: adjustedListing(id),
      currency: 0,
      moneyPerTickLot: 1,
      unitsPerCurrency: 1_000_000,
      feeUnit: 10_000,
    })),
  });
}

/**
 * One strategy against one bar venue, without core, gate and journal: at each close time the venue meets the bars, its reports go to the strategy, then
 * every bar, then the group call, then what that causes at the same time.
 */
export class BarDesk {
  readonly fills: { readonly report: Report; readonly order: Order }[] = [];
  readonly refusals: string[] = [];
  readonly context: StrategyContext;
  readonly #venue: BarVenue;
  #instance: StrategyInstance;
  readonly #last: (number | undefined)[] = [];
  readonly #positions = new Map<number, number>();
  readonly #own = new Map<number, Mutable<OwnOrder>>();
  readonly #orders = new Map<number, Order>();
  readonly #proposals: (() => void)[] = [];
  #cash: bigint;
  #now: Micros = micros(0);
  #tag = 0;

  constructor(ids: readonly string[], venue: BarVenue, instance: StrategyInstance, capital: number) {
    this.#venue = venue;
    this.#instance = instance;
    this.#cash = BigInt(capital) * 1_000_000n;
    this.context = this.#contextOf(ids.map(adjustedListing), capital);
    instance.onStart?.(this.context);
  }

  equity(): bigint {
    return [...this.#positions].reduce((sum, [ix, held]) => sum + BigInt(held) * BigInt(this.#last[ix] ?? 0), this.#cash);
  }

  /** Hands over to another instance, with what is held and what works. */
  handOver(to: StrategyInstance): void {
    const positions = [...this.#positions].map(([listing, held]) => ({ listing, position: lots(held) }));
    const adopted = to.adopt?.({ positions, orders: this.context.orders() });
    if (adopted?.ok !== true) throw new Error(`not adopted: ${adopted?.error.join('; ') ?? 'no adopt'}`);
    this.#instance = to;
    to.onStart?.(this.context);
  }

  /** All bars of one close time, in order of instrument id. */
  close(at: Micros, bars: readonly Bar[]): void {
    this.#now = at;
    for (const bar of bars) this.#venue.onMarket(bar);
    this.#settle();
    for (const bar of bars) this.#last[bar.listing] = bar.close;
    for (const bar of bars) this.#call(() => this.#instance.onBar?.(this.context, bar));
    this.#call(() => this.#instance.group?.(this.context, at));
    this.#settle();
  }

  /** Reports of this time, and what the strategy makes of them, until there are no more. */
  #settle(): void {
    for (let next = this.#venue.nextEventAt(); next !== undefined && next <= this.#now; next = this.#venue.nextEventAt()) {
      const reports: Report[] = [];
      this.#venue.advance(this.#now, (report) => reports.push(report));
      for (const report of reports) this.#take(report);
    }
  }

  #take(report: Report): void {
    const clOrdID = report.origClOrdID === 0 ? report.clOrdID : report.origClOrdID;
    const order = this.#orders.get(clOrdID);
    const own = order === undefined ? undefined : this.#own.get(order.tag);
    if (order === undefined || own === undefined) throw new Error(`a report about no order: ${report.execType} ${report.clOrdID}`);
    const { tag } = order;
    switch (report.execType) {
      case 'new':
        own.ordStatus = 'new';
        return;
      case 'trade': {
        this.fills.push({ report, order });
        const sign = order.side === 'buy' ? 1 : -1;
        const position = (this.#positions.get(order.listing) ?? 0) + sign * report.lastQty;
        this.#positions.set(order.listing, position);
        this.#cash -=
          BigInt(sign * report.lastQty) * BigInt(report.lastPx) + toBigInt({ hi: report.commissionHi, lo: report.commissionLo });
        own.leavesQty = lots(report.leavesQty);
        own.cumQty = lots(report.cumQty);
        const { listing, side } = order;
        const { lastQty, lastPx, transactTime } = report;
        const fee = { hi: report.commissionHi, lo: report.commissionLo };
        const fill = {
          tag,
          listing,
          side,
          lastQty,
          lastPx,
          leavesQty: own.leavesQty,
          position: lots(position),
          fee,
          feeCurrency: 0,
          transactTime,
        };
        this.#call(() => this.#instance.onFill?.(this.context, fill));
        if (report.leavesQty === 0) this.#end(tag, 'filled', '');
        return;
      }
      case 'canceled':
      case 'rejected':
      case 'expired':
        if (report.execType === 'rejected') this.refusals.push(report.text);
        this.#end(tag, report.execType, report.text);
        return;
      default:
        this.refusals.push(`${report.execType} ${report.text}`);
    }
  }

  #end(tag: number, ordStatus: 'filled' | 'canceled' | 'rejected' | 'expired', code: string): void {
    this.#own.delete(tag);
    this.#call(() => this.#instance.onOrder?.(this.context, { tag, ordStatus, code }));
  }

  #call(callback: () => void): void {
    callback();
    for (const propose of this.#proposals.splice(0)) propose();
  }

  #place(proposal: OrderProposal): number {
    const tag = ++this.#tag;
    const { listing, side, ordType, orderQty, timeInForce, price, stopPx, reduceOnly, reason } = proposal;
    const order = plainOrder({
      clOrdID: tag,
      tag,
      listing,
      side,
      ordType,
      orderQty,
      timeInForce: timeInForce ?? 'gtc',
      reduceOnly: reduceOnly ?? false,
      reason: reason ?? '',
      ...(price === undefined ? {} : { price }),
      ...(stopPx === undefined ? {} : { stopPx }),
    });
    this.#own.set(tag, {
      tag,
      listing,
      side,
      ordType,
      orderQty,
      price: order.price,
      leavesQty: orderQty,
      cumQty: lots(0),
      ordStatus: 'pendingNew',
    });
    this.#orders.set(tag, order);
    this.#proposals.push(() => this.#venue.send(checkedForTest(order), this.#now));
    return tag;
  }

  #cancel(target: number): void {
    const clOrdID = ++this.#tag;
    this.#proposals.push(() => this.#venue.cancel({ clOrdID, target, listing: this.#orders.get(target)?.listing ?? 0 }, this.#now));
  }

  #split(): Split {
    const equity = splitZero();
    fromBigInt(equity, this.equity());
    return equity;
  }

  #contextOf(listings: readonly Listing[], capital: number): StrategyContext {
    const now = (): Micros => this.#now;
    const unused = (): never => {
      throw new Error('the bar desk has no such thing');
    };
    return {
      get now() {
        return now();
      },
      random: prng('bars'),
      universe: listings.map((_, ix) => ix),
      listing: (ix) => listings[ix],
      book: unused,
      position: (ix): Lots => lots(this.#positions.get(ix) ?? 0),
      orders: () => [...this.#own.values()],
      order: (tag) => this.#own.get(tag),
      tickValue: () => 0.000001,
      capital,
      equity: () => this.#split(),
      moneyPerTickLot: () => 1,
      place: (proposal) => this.#place(proposal),
      replace: unused,
      cancel: (tag) => this.#cancel(tag),
      cancelAll: unused,
      setTimer: unused,
    };
  }
}

/** A bar from plain numbers. */
export function barOf(
  listing: number,
  closeTime: Micros,
  prices: readonly [open: number, high: number, low: number, close: number],
  volume: number,
): Bar {
  const [open, high, low, close] = prices.map(ticks);
  const stamp = { eventSeq: 0, feed: 0, feedSeq: 0, eventTime: closeTime, receivedAt: closeTime, listing } as const;
  return { kind: 'bar', ...stamp, interval: micros(86_400_000_000), open, high, low, close, volume: lots(volume) };
}
