import type { BookUpdate, FeedStatus, MarketEvent, Quote, Trade } from '../domain/market.ts';
import type { LevelTicks, QuoteTicks, TradeTicks } from '../domain/tick-columns.ts';
import { stepScale, type StepScale } from './binance/fixed-point.ts';
import type { RawTable } from './raw-source.ts';

const ten = [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12] as const;
const aggressors = { none: 0, buy: 1, sell: 2 } as const;
const [change, wholeBook, gap] = [0, 1, 2];

export interface EventSubject {
  readonly instrumentID: string;
  /** Decimal texts of the listing. */
  readonly priceUnit: string;
  readonly lot: string;
}

/** Collects the events of one listing into columns of trades, quotes and book levels, prices in currency units. */
export class EventColumns {
  readonly #subject: EventSubject;
  readonly #price: StepScale;
  readonly #qty: StepScale;
  readonly #trades = columns('time', 'eventTime', 'price', 'qty', 'aggressor');
  readonly #quotes = columns('time', 'eventTime', 'bid', 'bidQty', 'ask', 'askQty');
  readonly #levels = columns('time', 'eventTime', 'feedSeq', 'side', 'price', 'qty', 'mark');
  /** How often the feed said each condition, but for those that every recording has. */
  readonly counts: Record<string, number> = {};

  constructor(subject: EventSubject) {
    this.#subject = subject;
    this.#price = stepScale(subject.priceUnit);
    this.#qty = stepScale(subject.lot);
  }

  take(event: MarketEvent): void {
    switch (event.kind) {
      case 'trade':
        return this.#takeTrade(event);
      case 'quote':
        return this.#takeQuote(event);
      case 'book':
        return this.#takeBook(event);
      case 'feedStatus':
        return this.#takeStatus(event);
      case 'bar':
        throw new Error('event columns: expected ticks, was a bar');
    }
  }

  /** Tables below `place`, of what there was. */
  tables(place: string): RawTable[] {
    const { instrumentID } = this.#subject;
    const found: RawTable[] = [];
    const [trades, quotes, levels] = [this.#trades, this.#quotes, this.#levels];
    if (trades.time.length > 0) {
      const { exchange, ...rest } = { ...common(trades, instrumentID), price: doubles(trades.price), qty: doubles(trades.qty) };
      const ticks: TradeTicks = { ...rest, exchange, aggressor: Uint8Array.from(trades.aggressor) };
      found.push({ kind: 'trades', path: `${place}-trade`, ticks });
    }
    if (quotes.time.length > 0) {
      const sides = { bid: doubles(quotes.bid), bidQty: doubles(quotes.bidQty), ask: doubles(quotes.ask), askQty: doubles(quotes.askQty) };
      const ticks: QuoteTicks = { ...common(quotes, instrumentID), ...sides };
      found.push({ kind: 'quotes', path: `${place}-quote`, ticks });
    }
    if (levels.time.length > 0) {
      const codes = { side: Uint8Array.from(levels.side), mark: Uint8Array.from(levels.mark) };
      const { exchange: _exchange, ...rest } = common(levels, instrumentID);
      const ticks: LevelTicks = {
        ...rest,
        ...codes,
        feedSeq: doubles(levels.feedSeq),
        price: doubles(levels.price),
        qty: doubles(levels.qty),
      };
      found.push({ kind: 'levels', path: `${place}-book`, levels: ticks });
    }
    return found;
  }

  #takeTrade(event: Trade): void {
    const { time, eventTime, price, qty, aggressor } = this.#trades;
    time.push(event.receivedAt);
    eventTime.push(event.eventTime);
    price.push(valueOf(event.price, this.#price));
    qty.push(valueOf(event.qty, this.#qty));
    aggressor.push(aggressors[event.aggressor]);
  }

  #takeQuote(event: Quote): void {
    const { time, eventTime, bid, bidQty, ask, askQty } = this.#quotes;
    time.push(event.receivedAt);
    eventTime.push(event.eventTime);
    bid.push(event.bidQty === 0 ? 0 : valueOf(event.bid, this.#price));
    bidQty.push(valueOf(event.bidQty, this.#qty));
    ask.push(event.askQty === 0 ? 0 : valueOf(event.ask, this.#price));
    askQty.push(valueOf(event.askQty, this.#qty));
  }

  #takeBook(event: BookUpdate): void {
    if (event.snapshot && event.count === 0) this.#level(event, 0, 0, 0, wholeBook);
    for (let i = 0; i < event.count; i++) {
      const price = valueOf(event.prices[i], this.#price);
      this.#level(event, event.sides[i], price, valueOf(event.qtys[i], this.#qty), event.snapshot && i === 0 ? wholeBook : change);
    }
  }

  #takeStatus(event: FeedStatus): void {
    const { condition } = event;
    if (condition === 'live' || condition === 'end' || condition === 'heartbeat' || condition === 'resync') return;
    this.counts[condition] = (this.counts[condition] ?? 0) + 1;
    if (condition === 'gap') this.#level(event, 0, 0, 0, gap);
  }

  #level(event: BookUpdate | FeedStatus, side: number, price: number, qty: number, mark: number): void {
    const { time, eventTime, feedSeq } = this.#levels;
    time.push(event.receivedAt);
    eventTime.push(event.eventTime);
    feedSeq.push(event.feedSeq);
    this.#levels.side.push(side);
    this.#levels.price.push(price);
    this.#levels.qty.push(qty);
    this.#levels.mark.push(mark);
  }
}

function columns<T extends string>(...names: readonly T[]): Readonly<Record<T, number[]>> {
  return Object.fromEntries(names.map((name) => [name, []])) as unknown as Record<T, number[]>;
}

/** The nearest double of a whole number of steps. */
function valueOf(steps: number, { scale, unitsPerStep }: StepScale): number {
  return (steps * unitsPerStep) / ten[scale];
}

function doubles(values: readonly number[]): Float64Array {
  return Float64Array.from(values);
}

function common(rows: { readonly time: readonly number[]; readonly eventTime: readonly number[] }, instrumentID: string) {
  const count = rows.time.length;
  return { instrumentID, count, time: doubles(rows.time), eventTime: doubles(rows.eventTime), exchange: new Uint8Array(count) };
}
