import { lotsUnchecked, ticksUnchecked } from '../base/units.ts';
import { noPrice } from '../domain/order.ts';
import type { OrderProposal, OwnFill, OwnOrder, OwnOrderUpdate } from '../ports/strategy.ts';
import type { OwnEvent } from './host-port.ts';

/** Most own orders that a strategy can follow. */
export const maxOwnOrders = 4_096;

type MutableOwnOrder = { -readonly [K in keyof OwnOrder]: OwnOrder[K] };

/** The open orders of one strategy, by the numbers that it has given them. */
export class OwnOrders {
  readonly #orders = new Map<number, MutableOwnOrder>();
  /** The same as a list, made when it is asked for and none has come or gone since. */
  #list: readonly OwnOrder[] | undefined;
  /** By the number of a replacement that is not answered yet: the order that it replaces. */
  readonly #replaces = new Map<number, number>();

  /** In the order in which they came; never changed once it is handed out, by nobody: who follows its orders by it would lose sight of one. */
  list(): readonly OwnOrder[] {
    return (this.#list ??= Object.freeze([...this.#orders.values()]));
  }

  get(tag: number): OwnOrder | undefined {
    return this.#orders.get(tag);
  }

  /** Numbers of replacements that are not answered yet, and of the orders that they replace. */
  replaces(): readonly (readonly [number, number])[] {
    return [...this.#replaces];
  }

  restore(orders: readonly OwnOrder[], replaces: readonly (readonly [number, number])[]): void {
    for (const [replacement, target] of replaces) this.#replaces.set(replacement, target);
    for (const order of orders) this.#enter({ ...order });
  }

  /** Takes a new order in, as it was proposed. @throws RangeError when there are too many */
  add(tag: number, { listing, side, ordType, orderQty, price = ticksUnchecked(noPrice) }: OrderProposal): void {
    if (this.#orders.size >= maxOwnOrders) throw new RangeError(`own orders: expected at most ${maxOwnOrders} open at one time`);
    const facts = { leavesQty: orderQty, cumQty: lotsUnchecked(0), ordStatus: 'pendingNew' } as const;
    this.#enter({ tag, listing, side, ordType, orderQty, price, ...facts });
  }

  replacing(replacement: number, target: number): void {
    this.#replaces.set(replacement, target);
  }

  /** They are somebody else's. */
  clear(): void {
    this.#orders.clear();
    this.#replaces.clear();
    this.#list = undefined;
  }

  progress({ tag, leavesQty, lastQty }: OwnFill): void {
    const order = this.#orders.get(tag);
    if (order === undefined) return;
    order.leavesQty = leavesQty;
    order.cumQty = lotsUnchecked(order.cumQty + lastQty);
  }

  /** Takes what happened to one of them. */
  apply(event: Extract<OwnEvent, { kind: 'ownUpdate' }>): void {
    const { update } = event;
    const order = this.#orders.get(update.tag) ?? this.#replacedBy(update);
    if (order === undefined) return;
    switch (update.ordStatus) {
      case 'denied':
      case 'filled':
      case 'canceled':
      case 'rejected':
      case 'expired':
        this.#drop(update.tag);
        return;
      case 'cancelRejected':
        // the venue refuses to take back what has filled
        if (event.leavesQty === 0 && event.cumQty > 0) this.#drop(update.tag);
        return;
      case 'replaced':
        order.price = event.price;
        order.orderQty = event.orderQty;
        order.leavesQty = event.leavesQty;
        return;
      case 'pendingNew':
      case 'new':
      case 'partiallyFilled':
      case 'pendingCancel':
      case 'pendingReplace':
      case 'doneForDay':
      case 'suspended':
      case 'unknown':
        order.ordStatus = update.ordStatus;
        order.leavesQty = event.leavesQty;
        order.cumQty = event.cumQty;
        return;
    }
  }

  /** An order that was replaced lives on under the number of its replacement. */
  #replacedBy({ tag, ordStatus }: OwnOrderUpdate): MutableOwnOrder | undefined {
    const target = this.#replaces.get(tag);
    if (target === undefined) return undefined;
    this.#replaces.delete(tag);
    const order = this.#orders.get(target);
    if (order === undefined || ordStatus !== 'replaced') return undefined;
    this.#drop(target);
    order.tag = tag;
    order.ordStatus = order.cumQty > 0 ? 'partiallyFilled' : 'new';
    this.#enter(order);
    return order;
  }

  #enter(order: MutableOwnOrder): void {
    this.#orders.set(order.tag, order);
    this.#list = undefined;
  }

  #drop(tag: number): void {
    this.#orders.delete(tag);
    this.#list = undefined;
  }
}
