import type { Core } from '../../core/core.ts';
import { isTerminal, type Order } from '../../domain/order.ts';
import type { Decision, FillBooked } from '../../domain/decision.ts';
import type { Fold, Say, Turn } from '../../sim/faulty/checks/turn.ts';

/** Lots of one version and listing in the order in which they came, each with its price; all of one sign. */
interface Lot {
  lots: number;
  readonly px: number;
}

/** A slice by the words of its commands. */
interface SliceTerms {
  readonly sliceID: string;
  /** Units of money. */
  readonly total: bigint;
  readonly account: number;
}

/**
 * CAP2 over every slice that trades at an account, by books of its own in whole units: what their lots have cost, first in first out, and what their open orders would, is within the capital of those slices
 * together; and each order and fill stands at the account of its slice. Of plain limit orders.
 */
export class AccountBooks implements Fold {
  /** By row. */
  readonly #slices = new Map<number, SliceTerms>();
  readonly #unit: bigint;
  readonly #count: (what: string) => void;
  readonly #held = new Map<string, Lot[]>();
  readonly #open = new Map<number, { readonly order: Readonly<Order>; leaves: number; readonly reducing: boolean }>();

  /** @param unit money units of a lot that moves by a tick */
  constructor(unit: number, count: (what: string) => void) {
    this.#unit = BigInt(unit);
    this.#count = count;
  }

  know(row: number, terms: SliceTerms): void {
    this.#slices.set(row, terms);
  }

  take({ decisions }: Turn, _core: Core | undefined, say: Say): void {
    for (const decision of decisions) this.#decided(decision, say);
  }

  #decided(decision: Decision, say: Say): void {
    switch (decision.kind) {
      case 'orderSent': {
        const { order } = decision;
        const { clOrdID, row, account, orderQty, simulated } = order;
        const terms = this.#slices.get(row);
        if (simulated || terms === undefined) return;
        if (account !== terms.account) say('CAP2', `order ${clOrdID} of ${terms.sliceID} went to account ${account}`);
        this.#open.set(clOrdID, { order, leaves: orderQty, reducing: this.#reduces(order) });
        this.#within(terms.account, clOrdID, say);
        return;
      }
      case 'orderStateChanged': {
        if (isTerminal(decision.to)) this.#open.delete(decision.clOrdID);
        return;
      }
      case 'fillBooked':
        this.#filled(decision, say);
        return;
      default:
        return;
    }
  }

  #filled({ row, account, clOrdID, listing, side, lastQty, lastPx, execID }: FillBooked, say: Say): void {
    const open = this.#open.get(clOrdID);
    if (open !== undefined) open.leaves -= lastQty;
    const terms = this.#slices.get(row);
    if (terms === undefined) return;
    if (account !== terms.account) say('CAP2', `fill ${execID} of ${terms.sliceID} was booked to account ${account}`);
    const lots = this.#at(row, listing);
    let left = side === 'buy' ? lastQty : -lastQty;
    while (left !== 0 && lots.length > 0 && Math.sign(lots[0].lots) !== Math.sign(left)) {
      const closes = Math.min(Math.abs(left), Math.abs(lots[0].lots));
      lots[0].lots -= Math.sign(lots[0].lots) * closes;
      left -= Math.sign(left) * closes;
      if (lots[0].lots === 0) lots.shift();
    }
    if (left !== 0) lots.push({ lots: left, px: lastPx });
  }

  #at(row: number, listing: number): Lot[] {
    const key = `${row} ${listing}`;
    const known = this.#held.get(key) ?? [];
    this.#held.set(key, known);
    return known;
  }

  /** Lots that it closes, beside every other open order of its side. */
  #reduces({ row, listing, side, orderQty }: Readonly<Order>): boolean {
    const sign = side === 'buy' ? 1 : -1;
    const held = this.#at(row, listing).reduce((sum, { lots }) => sum + lots, 0);
    let others = 0;
    for (const { order, leaves } of this.#open.values())
      if (order.row === row && order.listing === listing && order.side === side) others += leaves;
    return orderQty <= -sign * held - others;
  }

  #within(account: number, clOrdID: number, say: Say): void {
    let [used, most] = [0n, 0n];
    const at = new Set<string>();
    const working = new Set<string>();
    for (const [row, terms] of this.#slices) {
      if (terms.account !== account) continue;
      if (!at.has(terms.sliceID)) most += terms.total;
      at.add(terms.sliceID);
      const own = this.#usedBy(row);
      used += own;
      if (own > 0n) working.add(terms.sliceID);
    }
    this.#count('CAP2');
    if (working.size > 1) this.#count('CAP2 over several slices');
    if (used > most) say('CAP2', `${[...at].join(' and ')} have ${used} of ${most} in use at account ${account} with order ${clOrdID}`);
  }

  #usedBy(row: number): bigint {
    let sum = 0n;
    for (const [key, lots] of this.#held)
      if (key.startsWith(`${row} `)) for (const one of lots) sum += BigInt(Math.abs(one.lots)) * BigInt(one.px);
    for (const { order, leaves, reducing } of this.#open.values())
      if (order.row === row && !reducing) sum += BigInt(leaves) * BigInt(order.price);
    return sum * this.#unit;
  }
}
