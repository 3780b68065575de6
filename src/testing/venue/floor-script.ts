import { micros } from '../../base/units.ts';
import type { Listing } from '../../domain/instrument.ts';
import type { Order } from '../../domain/order.ts';
import type { Report } from '../../domain/report.ts';
import { FastBook } from '../../venues/simulated/fast-book.ts';
import { Floor } from '../../venues/simulated/floor.ts';
import type { SelfMatchPolicy } from '../../venues/simulated/engine-options.ts';
import { askSide, bidSide } from '../../venues/simulated/matching-book.ts';
import { venueOrderOf } from '../../venues/simulated/venue-order.ts';
import { plainOrder } from './plain-order.ts';
import type { PlainTerms } from './plain-order.ts';

type Terms = PlainTerms & Partial<Omit<Order, keyof PlainTerms>>;

export const testListing: Listing = {
  listingID: 'ABC.SIM',
  instrumentID: 'ABC',
  venueID: 'SIM',
  symbol: 'ABC',
  priceUnit: '0.01',
  tickTable: [],
  lot: '1',
  multiplier: '1',
  calendar: 'ALWAYS',
};

/** One listing on a floor without latency: what is done to it, and what it said about it. */
export interface FloorScript {
  readonly floor: Floor;
  readonly reports: Report[];
  /** Lots of others in the book. @returns their id. */
  rest(side: 'bid' | 'ask', price: number, qty: number): number;
  /** Others take. @returns what they could not get. */
  hit(side: 'buy' | 'sell', qty: number, limit?: number): number;
  place(terms: Terms): void;
  replace(origClOrdID: number, terms: Terms): void;
  cancel(target: number, clOrdID?: number): void;
  at(time: number): void;
  /** The reports since the last call, one line each. */
  said(): string[];
}

export interface FloorScriptOptions {
  readonly selfMatch?: SelfMatchPolicy;
  readonly listing?: Partial<Listing>;
  readonly makerRate?: number;
  readonly takerRate?: number;
}

export function floorScript(options: FloorScriptOptions = {}): FloorScript {
  const reports: Report[] = [];
  let read = 0;
  let foreign = 0;
  const floor = new Floor({
    venue: 0,
    prefix: 'SIM',
    selfMatch: options.selfMatch ?? 'allow',
    simulated: false,
    listings: [
      {
        ix: 0,
        listing: { ...testListing, ...options.listing },
        book: new FastBook(1024),
        moneyPerTickLot: 10_000_000_000,
        currency: 0,
        fees: { makerRate: options.makerRate ?? 0, takerRate: options.takerRate ?? 0, feeUnit: 10_000_000_000 },
      },
    ],
    report: (report) => reports.push(report),
  });
  floor.now = micros(1);
  const engine = floor.engine(0);
  return {
    floor,
    reports,
    rest(side, price, qty) {
      if (!engine.restForeign(--foreign, side === 'bid' ? bidSide : askSide, price, qty)) throw new Error('the test book is full');
      return foreign;
    },
    hit: (side, qty, limit) =>
      engine.takeForeign(side === 'buy' ? bidSide : askSide, limit ?? (side === 'buy' ? Infinity : -Infinity), qty),
    place(terms) {
      const order = plainOrder(terms);
      floor.place(venueOrderOf(order), order.bracketOf);
    },
    replace(origClOrdID, terms) {
      floor.replace(venueOrderOf(plainOrder({ ...terms, origClOrdID })), origClOrdID);
    },
    cancel: (target, clOrdID = 900 + target) => floor.cancel({ clOrdID, target, listing: 0 }),
    at(time) {
      floor.now = micros(time);
      floor.expireDue();
    },
    said: () => reports.slice(read, (read = reports.length)).map(lineOf),
  };
}

/** `3 trade 5@100 maker 5/0`: order, type, execution, what is done and left, the venue's words. `9>3`: request 9 about order 3. */
export function lineOf(report: Report): string {
  const { clOrdID, origClOrdID, execType, lastQty, lastPx, cumQty, leavesQty, orderQty, price, liquidity, text } = report;
  const who = origClOrdID === 0 ? `${clOrdID}` : `${clOrdID}>${origClOrdID}`;
  const what = execType === 'trade' ? ` ${lastQty}@${lastPx} ${liquidity}` : orderQty > 0 ? ` ${orderQty}@${price}` : '';
  const done = cumQty < 0 ? '' : ` ${cumQty}/${leavesQty}`;
  return `${who} ${execType}${what}${done}${text === '' ? '' : ` ${text}`}`;
}
