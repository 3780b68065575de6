import { lotsUnchecked, microsUnchecked, ticksUnchecked } from '../base/units.ts';
import type { Micros } from '../base/units.ts';
import type { FeedIx, ListingIx } from '../domain/ids.ts';
import type { BookUpdate, MarketEvent, Quote, Trade } from '../domain/market.ts';
import { noPrice } from '../domain/order.ts';
import { askSide, bidSide, createDepth } from '../venues/simulated/matching-book.ts';
import type { BookSide, MatchingBook } from '../venues/simulated/matching-book.ts';
import type { Tape } from '../venues/simulated/engine-options.ts';

/** Most levels per side in a snapshot. */
export const snapshotLevels = 500;
/** Most changed levels in one update; an action that changes more is told as a snapshot. */
export const maxTouched = 2_000;

export interface EventsOptions {
  readonly listing: ListingIx;
  readonly feed: FeedIx;
  /** Microseconds from the venue to the receiver. */
  readonly feedLatency: number;
  /** The feed's next sequence number. */
  readonly nextSeq: () => number;
  readonly emit: (event: MarketEvent) => void;
}

/** Turns what happens in one book into market data: trades as they are, then one book update with every changed level, then the quote when the top changed. */
export class MarketEvents implements Tape {
  readonly #options: EventsOptions;
  readonly #book: MatchingBook;
  readonly #sides = new Uint8Array(maxTouched);
  readonly #prices = new Float64Array(maxTouched);
  #touched = 0;
  #overflowed = false;
  #tradeID = 0;
  #now: Micros = microsUnchecked(0);
  #bid = NaN;
  #bidQty = 0;
  #ask = NaN;
  #askQty = 0;

  constructor(options: EventsOptions, book: MatchingBook) {
    this.#options = options;
    this.#book = book;
  }

  set now(at: Micros) {
    this.#now = at;
  }

  print(price: number, qty: number, aggressor: BookSide): void {
    const trade: Trade = {
      kind: 'trade',
      ...this.#stamp(),
      price: ticksUnchecked(price),
      qty: lotsUnchecked(qty),
      aggressor: aggressor === bidSide ? 'buy' : 'sell',
      tradeID: ++this.#tradeID,
    };
    this.#options.emit(trade);
  }

  touch(side: BookSide, price: number): void {
    for (let i = this.#touched - 1; i >= 0; i--) if (this.#prices[i] === price && this.#sides[i] === side) return;
    if (this.#touched === maxTouched) {
      this.#overflowed = true;
      return;
    }
    this.#sides[this.#touched] = side;
    this.#prices[this.#touched] = price;
    this.#touched += 1;
  }

  /** After everything that happened at one time. */
  flush(): void {
    if (this.#touched === 0) return;
    if (this.#overflowed) this.snapshot();
    else this.#emitUpdate();
    this.#touched = 0;
    this.#overflowed = false;
    this.#emitQuote();
  }

  /** The first word of a listing: the whole book and the quote. */
  open(at: Micros): void {
    this.#now = at;
    this.#touched = 0;
    this.snapshot();
    this.#bid = NaN;
    this.#emitQuote();
  }

  /** The whole book. */
  snapshot(): void {
    const depths = [createDepth(snapshotLevels), createDepth(snapshotLevels)];
    const counts = [this.#book.depth(bidSide, depths[0]), this.#book.depth(askSide, depths[1])];
    const update = emptyUpdate(this.#stamp(), counts[0] + counts[1], true);
    let n = 0;
    for (const side of [bidSide, askSide]) {
      for (let i = 0; i < counts[side]; i++, n++) {
        update.sides[n] = side;
        update.prices[n] = depths[side].price[i];
        update.qtys[n] = depths[side].qty[i];
      }
    }
    this.#options.emit(update);
  }

  #emitUpdate(): void {
    const update = emptyUpdate(this.#stamp(), this.#touched, false);
    for (let i = 0; i < this.#touched; i++) {
      const side: BookSide = this.#sides[i] === bidSide ? bidSide : askSide;
      update.sides[i] = side;
      update.prices[i] = this.#prices[i];
      update.qtys[i] = this.#book.qtyAt(side, ticksUnchecked(this.#prices[i]));
    }
    this.#options.emit(update);
  }

  #emitQuote(): void {
    const bid = this.#book.bestPx(bidSide);
    const ask = this.#book.bestPx(askSide);
    const bidQty = Number.isFinite(bid) ? this.#book.qtyAt(bidSide, ticksUnchecked(bid)) : 0;
    const askQty = Number.isFinite(ask) ? this.#book.qtyAt(askSide, ticksUnchecked(ask)) : 0;
    if (bid === this.#bid && ask === this.#ask && bidQty === this.#bidQty && askQty === this.#askQty) return;
    this.#bid = bid;
    this.#ask = ask;
    this.#bidQty = bidQty;
    this.#askQty = askQty;
    const quote: Quote = {
      kind: 'quote',
      ...this.#stamp(),
      bid: ticksUnchecked(bidQty > 0 ? bid : noPrice),
      bidQty: lotsUnchecked(bidQty),
      ask: ticksUnchecked(askQty > 0 ? ask : noPrice),
      askQty: lotsUnchecked(askQty),
    };
    this.#options.emit(quote);
  }

  #stamp(): Pick<Quote, 'eventSeq' | 'feed' | 'feedSeq' | 'eventTime' | 'receivedAt' | 'listing'> {
    const { listing, feed, feedLatency, nextSeq } = this.#options;
    return { eventSeq: 0, feed, feedSeq: nextSeq(), eventTime: this.#now, receivedAt: microsUnchecked(this.#now + feedLatency), listing };
  }
}

function emptyUpdate(
  stamp: Pick<BookUpdate, 'eventSeq' | 'feed' | 'feedSeq' | 'eventTime' | 'receivedAt' | 'listing'>,
  count: number,
  snapshot: boolean,
): BookUpdate {
  return {
    kind: 'book',
    ...stamp,
    snapshot,
    count,
    sides: new Uint8Array(count),
    prices: new Float64Array(count),
    qtys: new Float64Array(count),
  };
}
