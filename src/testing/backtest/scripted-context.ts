import { prng } from '../../base/prng.ts';
import { fromBigInt, splitZero } from '../../base/split.ts';
import { lots, micros, ticks, type Micros } from '../../base/units.ts';
import type { OrderProposal, OwnFill, OwnOrder, StrategyContext } from '../../ports/strategy.ts';
import { adjustedListing } from './bar-desk.ts';

/** A context whose world is written by the test: what a strategy proposes is kept as lines, nothing happens by itself. */
export class ScriptedContext implements StrategyContext {
  now: Micros = micros(0);
  readonly random = prng('script');
  readonly universe: readonly number[];
  readonly capital = 1_000_000;
  readonly said: string[] = [];
  readonly #ids: readonly string[];
  readonly #own = new Map<number, OwnOrder>();
  readonly #held = new Map<number, number>();
  #tag = 0;

  constructor(ids: readonly string[]) {
    this.#ids = ids;
    this.universe = ids.map((_, ix) => ix);
  }

  /** What was proposed since the last call. */
  take(): string[] {
    return this.said.splice(0);
  }

  /** Fills an order. @returns the fill for onFill. */
  fill(tag: number, qty: number, px: number): OwnFill {
    const order = this.#own.get(tag);
    if (order === undefined) throw new Error(`no order ${tag}`);
    const position = this.position(order.listing) + (order.side === 'buy' ? qty : -qty);
    this.#held.set(order.listing, position);
    const leavesQty = lots(order.leavesQty - qty);
    this.#own.set(tag, { ...order, leavesQty, cumQty: lots(order.cumQty + qty) });
    const { listing, side } = order;
    const fee = splitZero();
    return {
      tag,
      listing,
      side,
      lastQty: lots(qty),
      lastPx: ticks(px),
      leavesQty,
      position: lots(position),
      fee,
      feeCurrency: 0,
      transactTime: this.now,
    };
  }

  /** The order is over. */
  end(tag: number): void {
    this.#own.delete(tag);
  }

  listing(ix: number) {
    return adjustedListing(this.#ids[ix]);
  }

  book(): never {
    throw new Error('there are no books on bars');
  }

  position(ix: number) {
    return lots(this.#held.get(ix) ?? 0);
  }

  orders(): readonly OwnOrder[] {
    return [...this.#own.values()];
  }

  order(tag: number): OwnOrder | undefined {
    return this.#own.get(tag);
  }

  tickValue(): number {
    return 0.000001;
  }

  equity() {
    const equity = splitZero();
    fromBigInt(equity, 1_000_000_000_000n);
    return equity;
  }

  moneyPerTickLot(): number {
    return 1;
  }

  place(proposal: OrderProposal): number {
    const tag = ++this.#tag;
    const { listing, side, ordType, orderQty, price, stopPx, reason } = proposal;
    const ordStatus = 'new' as const;
    this.#own.set(tag, {
      tag,
      listing,
      side,
      ordType,
      orderQty,
      price: price ?? ticks(0),
      leavesQty: orderQty,
      cumQty: lots(0),
      ordStatus,
    });
    const at = stopPx === undefined ? '' : ` at ${stopPx}`;
    this.said.push(`${tag} ${side} ${ordType} ${orderQty} ${this.#ids[listing]}${at}: ${reason ?? ''}`);
    return tag;
  }

  replace(): never {
    throw new Error('nothing is replaced here');
  }

  cancel(tag: number): void {
    this.said.push(`cancel ${tag}`);
  }

  cancelAll(): void {
    this.said.push('cancel all');
  }

  setTimer(): never {
    throw new Error('there are no timers here');
  }
}
