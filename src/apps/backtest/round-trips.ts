import { assert } from '../../base/assert.ts';
import { fromBigInt, mulInto, mulSmallInto, splitZero, subInto, toBigInt, type Split } from '../../base/split.ts';
import type { ListingIx } from '../../domain/ids.ts';
import type { Side } from '../../domain/order.ts';

/** One match of an entry fill with an exit fill. Quantity in lots, prices in ticks, money in units of the currency. */
export interface RoundTrip {
  readonly listing: ListingIx;
  readonly side: 'long' | 'short';
  readonly qty: number;
  readonly entryTime: number;
  readonly entryPx: number;
  readonly exitTime: number;
  readonly exitPx: number;
  readonly fees: Readonly<Split>;
  readonly pnl: Readonly<Split>;
  readonly reason: string;
}

interface OpenFill {
  readonly side: Side;
  readonly time: number;
  readonly px: number;
  readonly qty: number;
  readonly fee: Readonly<Split>;
  matched: number;
  readonly feeGiven: Split;
}

/** What pairing needs to know of a listing. */
export interface TripMoney {
  readonly moneyPerTickLot: number;
  /** Units of money in one fee unit. */
  readonly feeUnit: number;
}

/** Pairs fills first in, first out; the fee of a fill is split over its matches cumulatively, half-even to the fee unit. */
export class RoundTrips {
  readonly trips: RoundTrip[] = [];
  readonly #money: readonly TripMoney[];
  readonly #open: OpenFill[][];

  constructor(money: readonly TripMoney[]) {
    this.#money = money;
    this.#open = money.map(() => []);
  }

  fill(listing: ListingIx, side: Side, qty: number, px: number, fee: Readonly<Split>, time: number, reason: string): void {
    const open = this.#open[listing];
    const arrived: OpenFill = { side, time, px, qty, fee: { hi: fee.hi, lo: fee.lo }, matched: 0, feeGiven: splitZero() };
    while (arrived.matched < qty && open.length > 0 && open[0].side !== side) this.#match(listing, open, arrived, reason);
    if (arrived.matched < qty) open.push(arrived);
  }

  #match(listing: ListingIx, open: OpenFill[], exit: OpenFill, reason: string): void {
    const entry = open[0];
    const { moneyPerTickLot, feeUnit } = this.#money[listing];
    const qty = Math.min(entry.qty - entry.matched, exit.qty - exit.matched);
    assert(qty > 0, 'a match takes something');
    const fees = splitZero();
    takeFee(fees, entry, qty, feeUnit);
    takeFee(fees, exit, qty, feeUnit);
    const pnl = splitZero();
    mulInto(pnl, qty, entry.side === 'buy' ? exit.px - entry.px : entry.px - exit.px);
    mulSmallInto(pnl, pnl, moneyPerTickLot);
    subInto(pnl, pnl, fees);
    const side = entry.side === 'buy' ? 'long' : 'short';
    const times = { entryTime: entry.time, entryPx: entry.px, exitTime: exit.time, exitPx: exit.px };
    this.trips.push({ listing, side, qty, ...times, fees, pnl, reason });
    if (entry.matched === entry.qty) open.shift();
  }
}

/** Adds to `fees` what `qty` more of a fill owe: what is owed so far, rounded half-even to the fee unit, less what was given before. */
function takeFee(fees: Split, fill: OpenFill, qty: number, feeUnit: number): void {
  fill.matched += qty;
  const fee = toBigInt(fill.fee);
  const unit = BigInt(feeUnit);
  const owed = fill.matched === fill.qty ? fee : halfEven(fee * BigInt(fill.matched), BigInt(fill.qty) * unit) * unit;
  fromBigInt(fees, toBigInt(fees) + owed - toBigInt(fill.feeGiven));
  fromBigInt(fill.feeGiven, owed);
}

/** a / b to the nearest whole number, ties to the even one; b > 0. */
function halfEven(a: bigint, b: bigint): bigint {
  const below = a >= 0n ? a / b : -((b - 1n - a) / b);
  const twice = 2n * (a - below * b);
  if (twice !== b) return twice < b ? below : below + 1n;
  return below % 2n === 0n ? below : below + 1n;
}
