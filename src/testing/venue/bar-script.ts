import { toBigInt } from '../../base/split.ts';
import { micros, type Micros } from '../../base/units.ts';
import type { Order } from '../../domain/order.ts';
import type { Report } from '../../domain/report.ts';
import type { BarVenue, BarVenueOptions } from '../../venues/simulated/bar-venue.ts';
import { barOf, barVenueOf } from '../backtest/bar-desk.ts';
import { checkedForTest, plainOrder, type PlainTerms } from './plain-order.ts';

type Prices = readonly [open: number, high: number, low: number, close: number];

/** A bar venue that a test writes tables for: orders by number, bars as [open, high, low, close], what it said as lines. */
export class BarScript {
  readonly venue: BarVenue;
  readonly #stepMicros: number;
  #now = 1_000;
  #requests = 1_000_000;

  /** `stepMicros`: distance of two bars. */
  constructor(ids: readonly string[] = ['A'], options: Partial<BarVenueOptions> = {}, stepMicros = 1_000) {
    this.venue = barVenueOf(ids, options);
    this.#stepMicros = stepMicros;
  }

  get now(): Micros {
    return micros(this.#now);
  }

  /** Sends an order at the present close, a buy of 100 at market unless it says otherwise. @returns what the venue said. */
  order(clOrdID: number, terms: PlainTerms & Partial<Omit<Order, keyof PlainTerms>> = {}): string[] {
    this.venue.send(checkedForTest(plainOrder({ clOrdID, tag: clOrdID, ordType: 'market', orderQty: 100, ...terms })), this.now);
    return this.#said();
  }

  /** Entry, stop and target of a bracket as orders n, n + 1 and n + 2. */
  bracket(n: number, side: 'buy' | 'sell', orderQty: number, stopPx: number, target: number, entryLimit = 0): string[] {
    const exit = side === 'buy' ? 'sell' : 'buy';
    const entry = entryLimit === 0 ? ({ ordType: 'market' } as const) : ({ ordType: 'limit', price: entryLimit } as const);
    return [
      ...this.order(n, { side, orderQty, leg: 'entry', ...entry }),
      ...this.order(n + 1, { side: exit, orderQty, ordType: 'stop', stopPx, leg: 'stop', bracketOf: n }),
      ...this.order(n + 2, { side: exit, orderQty, ordType: 'limit', price: target, leg: 'target', bracketOf: n }),
    ];
  }

  replace(target: number, clOrdID: number, terms: PlainTerms & Partial<Omit<Order, keyof PlainTerms>>): string[] {
    this.venue.replace(checkedForTest(plainOrder({ clOrdID, origClOrdID: target, orderQty: 100, ...terms })), this.now);
    return this.#said();
  }

  cancel(target: number): string[] {
    this.venue.cancel({ clOrdID: ++this.#requests, target, listing: 0 }, this.now);
    return this.#said();
  }

  /** The next close of the first listing. @returns what the venue said. */
  bar(prices: Prices, volume = 1_000_000): string[] {
    return this.bars([[0, prices, volume]]);
  }

  /** The next close of the first listing, without asking what the venue says. */
  deliver(prices: Prices, volume: number): void {
    this.#now += this.#stepMicros;
    this.venue.onMarket(barOf(0, this.now, prices, volume));
  }

  /** The next close of several listings. */
  bars(rows: readonly (readonly [listing: number, prices: Prices, volume: number])[]): string[] {
    this.#now += this.#stepMicros;
    for (const [listing, prices, volume] of rows) this.venue.onMarket(barOf(listing, this.now, prices, volume));
    return this.#said();
  }

  #said(): string[] {
    const lines: string[] = [];
    this.venue.advance(this.now, (report) => lines.push(lineOf(report)));
    return lines;
  }
}

function lineOf(report: Report): string {
  const about = report.origClOrdID === 0 || report.execType === 'replaced' ? report.clOrdID : report.origClOrdID;
  const fee = toBigInt({ hi: report.commissionHi, lo: report.commissionLo });
  switch (report.execType) {
    case 'trade':
      return `${about} trades ${report.lastQty} at ${report.lastPx}${fee === 0n ? '' : ` fee ${fee}`}${report.liquidity === 'maker' ? ' maker' : ''}, ${report.leavesQty} left`;
    case 'new':
      return report.orderQty === 0 ? `${about} new` : `${about} new for ${report.orderQty}`;
    case 'restated':
      return `${about} restated to ${report.orderQty}`;
    default:
      return report.text === '' ? `${about} ${report.execType}` : `${about} ${report.execType} ${report.text}`;
  }
}
