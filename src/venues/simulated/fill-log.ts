import { lotsUnchecked, microsUnchecked, ticksUnchecked, type Micros } from '../../base/units.ts';
import type { AccountIx } from '../../domain/ids.ts';
import { liquidities, type Report } from '../../domain/report.ts';
import type { StatedFill } from '../../domain/statement.ts';
import { bidSide } from './matching-book.ts';
import type { VenueOrder } from './venue-order.ts';

/** Most executions that a venue remembers, over all accounts; the oldest goes first. */
export const maxRememberedFills = 65_536;

const perFill = 14;
const place = {
  number: 0,
  clOrdID: 1,
  term: 2,
  order: 3,
  listing: 4,
  bought: 5,
  qty: 6,
  px: 7,
  cumQty: 8,
  feeHi: 9,
  feeLo: 10,
  currency: 11,
  liquidity: 12,
  at: 13,
} as const;
const firstPlaces = 64;

/** The executions of accounts, as flat numbers in a ring: what a statement lists. Nothing is busted or corrected here. */
export class FillLog {
  readonly #prefix: string;
  #figures = new Float64Array(firstPlaces * perFill);
  #accounts = new Int32Array(firstPlaces);
  #count = 0;

  /** @param prefix of the venue's numbers. */
  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  /** `number`: of the execution, behind the prefix. */
  add(account: AccountIx, order: VenueOrder, report: Report, number: number): void {
    const { length } = this.#accounts;
    if (this.#count >= length && length < maxRememberedFills) this.#grow(length * 2);
    const slot = this.#count++ % this.#accounts.length;
    const base = slot * perFill;
    this.#accounts[slot] = account;
    const figures = this.#figures;
    figures[base + place.number] = number;
    figures[base + place.clOrdID] = report.clOrdID;
    figures[base + place.term] = order.term;
    figures[base + place.order] = order.number;
    figures[base + place.listing] = report.listing;
    figures[base + place.bought] = order.side === bidSide ? 1 : 0;
    figures[base + place.qty] = report.lastQty;
    figures[base + place.px] = report.lastPx;
    figures[base + place.cumQty] = report.cumQty;
    figures[base + place.feeHi] = report.commissionHi;
    figures[base + place.feeLo] = report.commissionLo;
    figures[base + place.currency] = report.commissionCurrency;
    figures[base + place.liquidity] = report.liquidity === 'maker' ? 1 : report.liquidity === 'taker' ? 2 : 0;
    figures[base + place.at] = report.transactTime;
  }

  /** From when on nothing is missing: `since`, or behind the last one forgotten. */
  completeFrom(since: Micros): Micros {
    const size = this.#accounts.length;
    if (this.#count <= size) return since;
    const oldest = this.#figures[(this.#count % size) * perFill + place.at];
    return microsUnchecked(Math.max(since, oldest + 1));
  }

  /** The account's executions from `since` on, oldest first. */
  of(account: AccountIx, since: Micros): StatedFill[] {
    const stated: StatedFill[] = [];
    const size = this.#accounts.length;
    for (let n = Math.max(0, this.#count - size); n < this.#count; n++) {
      const slot = n % size;
      if (this.#accounts[slot] === account && this.#figures[slot * perFill + place.at] >= since) stated.push(this.#read(slot * perFill));
    }
    return stated;
  }

  #read(base: number): StatedFill {
    const at = (n: number): number => this.#figures[base + n];
    return {
      execID: `${this.#prefix}-${at(place.number)}`,
      clOrdID: at(place.clOrdID),
      term: at(place.term),
      orderID: `${this.#prefix}-O${at(place.order)}`,
      listing: at(place.listing),
      side: at(place.bought) === 1 ? 'buy' : 'sell',
      lastQty: lotsUnchecked(at(place.qty)),
      lastPx: ticksUnchecked(at(place.px)),
      cumQty: at(place.cumQty),
      commissionHi: at(place.feeHi),
      commissionLo: at(place.feeLo),
      commissionCurrency: at(place.currency),
      liquidity: liquidities[at(place.liquidity)],
      transactTime: microsUnchecked(at(place.at)),
    };
  }

  /** Called before the ring has gone round: the places keep their order. */
  #grow(size: number): void {
    const figures = new Float64Array(size * perFill);
    figures.set(this.#figures);
    this.#figures = figures;
    const accounts = new Int32Array(size);
    accounts.set(this.#accounts);
    this.#accounts = accounts;
  }
}
