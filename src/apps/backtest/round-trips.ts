import { assert } from '../../base/assert.ts';
import { addInto, fromBigInt, mulInto, mulSmallInto, setInto, splitZero, subInto, toBigInt, type Split } from '../../base/split.ts';
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
  /** After a split or a roll: quantity x price as they count now; `px` is only the nearest whole price, or that of the fill. undefined = qty x px. */
  cost?: bigint;
  costGiven?: bigint;
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

  /**
   * `numerator` new lots for each `denominator` old ones: quantities are differences of cumulative floors, as in the ledger; what a fill has left of cost and
   * fee stays with it, or goes to the next one when no lot of it is left.
   */
  split(listing: ListingIx, numerator: number, denominator: number): void {
    const [n, d] = [BigInt(numerator), BigInt(denominator)];
    let [old, done, cost, fee] = [0n, 0n, 0n, 0n];
    const kept: OpenFill[] = [];
    for (const fill of this.#open[listing]) {
      const left = BigInt(fill.qty - fill.matched);
      old += left;
      cost += costOf(fill) - givenOf(fill);
      fee += toBigInt(fill.fee) - toBigInt(fill.feeGiven);
      const qty = (old * n) / d - done;
      if (qty === 0n) continue;
      done += qty;
      const whole = splitZero();
      fromBigInt(whole, fee);
      const px = Number(halfEven(cost, qty));
      kept.push({
        side: fill.side,
        time: fill.time,
        px,
        qty: Number(qty),
        fee: whole,
        matched: 0,
        feeGiven: splitZero(),
        cost,
        costGiven: 0n,
      });
      [cost, fee] = [0n, 0n];
    }
    this.#open[listing] = kept;
  }

  /** The series of a listing jumps by so many ticks and who holds is paid the difference: what a fill cost moves along, the price that it was made at stays. */
  roll(listing: ListingIx, jump: number): void {
    for (const fill of this.#open[listing]) {
      const given = givenOf(fill);
      fill.cost = costOf(fill) + BigInt(fill.qty) * BigInt(jump);
      fill.costGiven = given + BigInt(fill.matched) * BigInt(jump);
    }
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
    if (entry.cost === undefined) mulInto(pnl, qty, entry.side === 'buy' ? exit.px - entry.px : entry.px - exit.px);
    else moveByCost(pnl, entry, qty, exit.px);
    mulSmallInto(pnl, pnl, moneyPerTickLot);
    subInto(pnl, pnl, fees);
    const side = entry.side === 'buy' ? 'long' : 'short';
    const times = { entryTime: entry.time, entryPx: entry.px, exitTime: exit.time, exitPx: exit.px };
    this.trips.push({ listing, side, qty, ...times, fees, pnl, reason });
    if (entry.matched === entry.qty) open.shift();
  }
}

function costOf({ cost, qty, px }: OpenFill): bigint {
  return cost ?? BigInt(qty) * BigInt(px);
}

/** Of the cost, what the lots matched so far have had. */
function givenOf({ costGiven, matched, px }: OpenFill): bigint {
  return costGiven ?? BigInt(matched) * BigInt(px);
}

/** What `qty` lots made that came out of a split or through a roll: at the exit less their share of the cost, taken cumulatively, half-even. The fees have counted `qty` already. */
function moveByCost(pnl: Split, entry: OpenFill, qty: number, exitPx: number): void {
  const owed = halfEven(costOf(entry) * BigInt(entry.matched), BigInt(entry.qty));
  const move = BigInt(qty) * BigInt(exitPx) - (owed - (entry.costGiven ?? 0n));
  entry.costGiven = owed;
  fromBigInt(pnl, entry.side === 'buy' ? move : -move);
}

/** Adds to `fees` what `qty` more of a fill owe: what is owed so far, rounded half-even to the fee unit, less what was given before. */
function takeFee(fees: Split, fill: OpenFill, qty: number, feeUnit: number): void {
  fill.matched += qty;
  if (fill.matched === fill.qty) setInto(owed, fill.fee);
  else {
    const unit = BigInt(feeUnit);
    fromBigInt(owed, halfEven(toBigInt(fill.fee) * BigInt(fill.matched), BigInt(fill.qty) * unit) * unit);
  }
  addInto(fees, fees, owed);
  subInto(fees, fees, fill.feeGiven);
  setInto(fill.feeGiven, owed);
}

const owed = splitZero();

/** a / b to the nearest whole number, ties to the even one; b > 0. */
function halfEven(a: bigint, b: bigint): bigint {
  const below = a >= 0n ? a / b : -((b - 1n - a) / b);
  const twice = 2n * (a - below * b);
  if (twice !== b) return twice < b ? below : below + 1n;
  return below % 2n === 0n ? below : below + 1n;
}
