import { prng } from '../../base/prng.ts';
import type { Prng } from '../../base/prng.ts';
import { microsUnchecked, ticksUnchecked } from '../../base/units.ts';
import type { Micros } from '../../base/units.ts';
import type { AccountIx, ClOrdID, ListingIx, VenueIx } from '../../domain/ids.ts';
import type { Listing } from '../../domain/instrument.ts';
import type { L2Book } from '../../core/market/book.ts';
import type { BookUpdate, MarketEvent, Quote, Trade } from '../../domain/market.ts';
import type { Order } from '../../domain/order.ts';
import type { RiskChecked } from '../../domain/risk-checked.ts';
import type { VenueCapabilities } from '../../domain/venue.ts';
import type { CancelRequest, NoticeSink, ReportSink, SendResult, StatementRequest, VenuePort } from '../../ports/venue.ts';
import type { AccountPosition } from './account-positions.ts';
import type { VenueFaults } from './faults.ts';
import { Floor } from './floor.ts';
import type { ListingPhase } from './floor.ts';
import type { Latency } from './latency.ts';
import { askSide, bidSide } from './matching-book.ts';
import type { BookSide } from './matching-book.ts';
import type { MatchingEngine } from './matching-engine.ts';
import { OrderEntry } from './order-entry.ts';
import { tradeReaches } from './queue-place.ts';
import type { QueueModel } from './queue-place.ts';
import { RecordedLiquidity } from './recorded-liquidity.ts';
import type { ListingMoney } from './report-writer.ts';
import { fullCapabilities } from './simulated-venue.ts';
import type { VenueOrder } from './venue-order.ts';

export interface RecordedListing extends ListingMoney {
  readonly ix: ListingIx;
  readonly listing: Listing;
}

export interface RecordedVenueOptions {
  readonly venue: VenueIx;
  readonly prefix: string;
  /** It serves rows in mode SIMULATED. */
  readonly simulated: boolean;
  readonly listings: readonly RecordedListing[];
  readonly orderLatency: Latency;
  readonly reportLatency: Latency;
  /** Everything when left out. */
  readonly capabilities?: VenueCapabilities;
  /** proRata when left out. */
  readonly queue?: QueueModel;
  /** Draws latencies; a stream of the prefix when left out. */
  readonly luck?: Prng;
  readonly faults?: VenueFaults;
}

/** One listing as it is watched. */
interface Watched {
  readonly liquidity: RecordedLiquidity;
  readonly engine: MatchingEngine;
}

/**
 * A venue that fills against a market which does not know of it: recorded, or live in paper trading. Marketable orders walk the visible book at arrival;
 * resting orders wait behind the visible quantity, trades at their price move them forward, trades through it fill them. The book alone never fills a
 * resting order, and nothing fills while it is invalid. Bars carry no book and are not looked at.
 */
export class RecordedVenue implements VenuePort {
  readonly capabilities: VenueCapabilities;
  readonly floor: Floor;
  readonly #entry: OrderEntry;
  readonly #watched: (Watched | undefined)[] = [];

  constructor(options: RecordedVenueOptions) {
    const { venue, prefix, simulated, orderLatency, reportLatency, faults } = options;
    this.capabilities = options.capabilities ?? fullCapabilities;
    this.#entry = new OrderEntry({
      capabilities: this.capabilities,
      orderLatency,
      reportLatency,
      luck: options.luck ?? prng(prefix),
      ...(faults === undefined ? {} : { faults }),
    });
    const depths = options.listings.map(() => new RecordedLiquidity(options.queue ?? 'proRata'));
    const listings = options.listings.map((row, i) => ({ ...row, book: depths[i], watchOnly: true }));
    this.floor = new Floor({ venue, prefix, listings, selfMatch: 'allow', simulated, report: (report) => this.#entry.post(report) });
    this.#entry.floor = this.floor;
    options.listings.forEach(({ ix }, i) => (this.#watched[ix] = { liquidity: depths[i], engine: this.floor.engine(ix) }));
  }

  /** Takes in an event of the market, at the time of its receipt; requests that arrived until then are carried out before. */
  onMarket(event: MarketEvent): void {
    const watched = this.#watched[event.listing];
    if (watched === undefined) return;
    this.#entry.run(event.receivedAt);
    this.floor.now = event.receivedAt;
    switch (event.kind) {
      case 'book':
        this.#onBook(watched, event, 'depth');
        return;
      case 'quote':
        // where the feed has shown depth, quotes say nothing new
        if (!watched.liquidity.isDeep) this.#onBook(watched, topAsBook(event), 'top');
        return;
      case 'trade':
        if (watched.liquidity.usable) onTrade(watched, event);
        return;
      case 'feedStatus':
        if (event.condition === 'gap') watched.liquidity.invalidate();
        return;
      case 'bar':
        return;
    }
  }

  #onBook({ liquidity, engine }: Watched, update: BookUpdate, of: 'depth' | 'top'): void {
    const blind = liquidity.usable ? noOrders : blindOrders(liquidity);
    liquidity.apply(update, of);
    if (blind.length === 0 || !liquidity.usable) return;
    for (const { side, id, price } of blind) if (engine.wouldTake(side, price)) engine.retry(id);
  }

  /** The book that the feed's depth has built up of a listing, for whoever is shown the same events right after this venue. */
  depthOf(listing: ListingIx): L2Book | undefined {
    return this.#watched[listing]?.liquidity.depth;
  }

  send(order: RiskChecked<Readonly<Order>>, at: Micros): SendResult {
    return this.#entry.send(order, at);
  }

  replace(order: RiskChecked<Readonly<Order>>, at: Micros): SendResult {
    return this.#entry.replace(order, at);
  }

  cancel(request: CancelRequest, at: Micros): SendResult {
    return this.#entry.cancel(request, at);
  }

  cancelAll(at: Micros): SendResult {
    return this.#entry.cancelAll(at);
  }

  query(clOrdID: ClOrdID, at: Micros): SendResult {
    return this.#entry.query(clOrdID, at);
  }

  statement(request: StatementRequest, at: Micros): SendResult {
    return this.#entry.statement(request, at);
  }

  /** Loses the session from `at` to `until`. */
  disconnect(at: Micros, until: Micros): void {
    this.#entry.disconnect(at, until);
  }

  dropSession(at: Micros): SendResult {
    return this.#entry.dropSession(at);
  }

  expireDeadMan(at: Micros): SendResult {
    return this.#entry.expireDeadMan(at);
  }

  nextEventAt(): Micros | undefined {
    return this.#entry.nextEventAt();
  }

  advance(to: Micros, sink: ReportSink, notices?: NoticeSink): void {
    this.#entry.advance(to, sink, notices);
  }

  setPhase(listing: ListingIx, phase: ListingPhase, at: Micros): void {
    this.#entry.run(at);
    this.floor.now = at;
    this.floor.setPhase(listing, phase);
  }

  /** What reconciliation compares. */
  positionList(): readonly AccountPosition[] {
    return this.floor.positionList();
  }

  openOrders(account: AccountIx): readonly VenueOrder[] {
    return this.floor.openOrders(account);
  }
}

interface BlindOrder {
  readonly side: BookSide;
  readonly id: number;
  readonly price: number;
}

const noOrders: readonly BlindOrder[] = [];

/** Orders that joined while nothing was to be believed: they arrive, as it were, with the next whole book. */
function blindOrders(liquidity: RecordedLiquidity): readonly BlindOrder[] {
  return [bidSide, askSide].flatMap((side) =>
    liquidity
      .resting(side)
      .filter((place) => place.blind)
      .map(({ id, price }) => ({ side, id, price })),
  );
}

/** The aggressor meets our better prices first, then his own price's queue; what he says nothing about may have met either side. */
function onTrade({ liquidity, engine }: Watched, trade: Trade): void {
  if (trade.aggressor !== 'buy') fillSide(liquidity, engine, bidSide, trade);
  if (trade.aggressor !== 'sell') fillSide(liquidity, engine, askSide, trade);
  engine.printOutside(trade.price);
}

function fillSide(liquidity: RecordedLiquidity, engine: MatchingEngine, side: BookSide, trade: Trade): void {
  const resting = liquidity.resting(side);
  if (resting.length === 0) return;
  let left: number = trade.qty;
  for (const place of [...resting]) {
    const through = side === bidSide ? place.price > trade.price : place.price < trade.price;
    if (left <= 0 || (!through && place.price !== trade.price)) break;
    if (through) place.ahead = 0;
    const reaches = through ? left : tradeReaches(place, left, trade.eventTime);
    if (reaches > 0) left -= engine.fillOutside(place.id, Math.min(reaches, place.qty), place.price);
  }
}

function topAsBook(quote: Quote): BookUpdate {
  const { eventSeq, feed, feedSeq, eventTime, receivedAt, listing } = quote;
  const levels = [
    { side: bidSide, price: quote.bid, qty: quote.bidQty },
    { side: askSide, price: quote.ask, qty: quote.askQty },
  ].filter(({ qty }) => qty > 0);
  return {
    kind: 'book',
    eventSeq,
    feed,
    feedSeq,
    eventTime: microsUnchecked(eventTime),
    receivedAt,
    listing,
    snapshot: true,
    count: levels.length,
    sides: Uint8Array.from(levels, ({ side }) => side),
    prices: Float64Array.from(levels, ({ price }) => ticksUnchecked(price)),
    qtys: Float64Array.from(levels, ({ qty }) => qty),
  };
}
