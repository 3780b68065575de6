import type { Core } from '../../../core/core.ts';
import type { FillBooked, LotsTransferred, OrderStateChanged } from '../../../domain/decision.ts';
import type { Input } from '../../../domain/input.ts';
import type { Order } from '../../../domain/order.ts';
import type { ExecType } from '../../../domain/report.ts';
import { venueOf } from '../stage.ts';
import type { Fold, Say, Turn } from './turn.ts';

export interface OwnOrder {
  readonly order: Readonly<Order>;
  /** Last seq of the turn that decided it. */
  readonly seq: number;
  leaves: number;
  cum: number;
  over: boolean;
  /** It reduces what its row holds, by its own word. */
  reducing: boolean;
}

interface Holding {
  lots: number;
  /** Ticks x lots at entry. */
  cost: number;
}

const terminal = new Set(['filled', 'canceled', 'rejected', 'expired']);
/** What a venue says only of an order that it has taken; a trade is heard of when it is booked. */
const lived: ReadonlySet<ExecType> = new Set<ExecType>(['new', 'orderStatus', 'canceled', 'expired']);

/** Orders and holdings of every row, kept from the records alone: what a clerk would write down. */
export class OrderFacts implements Fold {
  readonly orders = new Map<number, OwnOrder>();
  /** Numbers of orders and replacements, in the order in which they were decided. */
  readonly #decided: number[] = [];
  /** Orders without an end. */
  readonly open = new Set<OwnOrder>();
  /** Rows whose entry cost nobody can say simply any more: a fill was put right. */
  readonly blurred = new Set<number>();
  readonly #held = new Map<number, Holding>();
  readonly #listings = venueOf.length;

  take({ decisions, lastSeq, input }: Turn, _core: Core | undefined, say: Say): void {
    this.#heard(input);
    for (const decision of decisions) {
      switch (decision.kind) {
        case 'orderSent':
        case 'replaceSent':
          this.#begin(decision.order, lastSeq, say);
          break;
        case 'orderStateChanged':
          this.#changed(decision, say);
          if (decision.by === 'replaced') this.#replaced(decision.clOrdID);
          break;
        case 'fillBooked':
          this.#filled(decision);
          break;
        case 'lotsTransferred':
          this.#transferred(decision, say);
          break;
        case 'orderAdopted':
          this.#adopted(decision.clOrdID, decision.toRow);
          break;
        default:
          break;
      }
    }
    if (input.kind === 'report' && input.execType === 'replaceRejected') this.#drop(input.clOrdID);
  }

  /** Orders of turns behind `seq`, the newest first. */
  *decidedBehind(seq: number): Iterable<OwnOrder> {
    for (let n = this.#decided.length - 1; n >= 0; n--) {
      const own = this.orders.get(this.#decided[n]);
      if (own === undefined || own.seq <= seq) return;
      yield own;
    }
  }

  holding(row: number, listing: number): Readonly<Holding> {
    return this.#at(row, listing);
  }

  /** Ticks x lots that a row uses: lots at entry cost and what its open orders may still add. `atLeast` bounds orders without a price. */
  used(row: number, atLeast: number): number {
    let sum = 0;
    for (let listing = 0; listing < this.#listings; listing++) sum += Math.abs(this.#at(row, listing).cost);
    for (const { order, leaves, reducing } of this.open) {
      if (order.row !== row || order.simulated || reducing || order.origClOrdID !== 0) continue;
      sum += leaves * (order.price > 0 ? order.price : atLeast);
    }
    return sum;
  }

  /** Ticks x lots that all rows use at an account: lots of a custodian count at the account of its slice. */
  usedAt(account: number, accountAt: (row: number, listing: number) => number, atLeast: number): number {
    let sum = 0;
    for (const [key, { cost }] of this.#held) {
      const listing = key % this.#listings;
      if (cost !== 0 && accountAt((key - listing) / this.#listings, listing) === account) sum += Math.abs(cost);
    }
    for (const { order, leaves, reducing } of this.open) {
      if (order.account !== account || order.simulated || reducing || order.origClOrdID !== 0) continue;
      sum += leaves * (order.price > 0 ? order.price : atLeast);
    }
    return sum;
  }

  /** Lots that the open orders beside this one, and it, may take off the position. */
  #closing({ row, listing, side }: Readonly<Order>): number {
    let sum = 0;
    for (const { order, leaves } of this.open) {
      if (order.row === row && order.listing === listing && order.side === side && !order.simulated && order.origClOrdID === 0)
        sum += leaves;
    }
    return sum;
  }

  #at(row: number, listing: number): Holding {
    const key = row * this.#listings + listing;
    let held = this.#held.get(key);
    if (held === undefined) this.#held.set(key, (held = { lots: 0, cost: 0 }));
    return held;
  }

  #begin(order: Readonly<Order>, seq: number, say: Say): void {
    if (this.orders.has(order.clOrdID)) say('OMS', `order ${order.clOrdID} was sent twice`);
    const own: OwnOrder = { order, seq, leaves: order.leavesQty, cum: order.cumQty, over: false, reducing: false };
    this.orders.set(order.clOrdID, own);
    this.#decided.push(order.clOrdID);
    this.open.add(own);
    own.reducing = !order.simulated && this.#reduces(order);
  }

  /** Whether an order takes lots off its row's position, beside every other order that does: as things stand when it is decided. */
  #reduces(order: Readonly<Order>): boolean {
    const { lots } = this.#at(order.row, order.listing);
    if (lots === 0 || (order.side === 'buy') === lots > 0) return false;
    // a replacement stands for what it replaces
    const target = this.orders.get(order.origClOrdID);
    const twin = target === undefined ? 0 : order.leavesQty - (target.over ? 0 : target.leaves);
    return this.#closing(order) + twin <= Math.abs(lots);
  }

  #changed({ clOrdID, to, cumQty, leavesQty }: OrderStateChanged, say: Say): void {
    const own = this.orders.get(clOrdID);
    if (own === undefined) {
      say('OMS', `order ${clOrdID} changed to ${to} and was never sent`);
      return;
    }
    own.leaves = leavesQty;
    own.cum = cumQty;
    own.over = terminal.has(to) || (to === 'doneForDay' && leavesQty === 0);
    if (own.over && leavesQty !== 0) say('OMS', `order ${clOrdID} is ${to} with ${leavesQty} lots left`);
    if (own.over) this.open.delete(own);
    else this.open.add(own);
  }

  /** The word that a replacement was accepted may be lost: one on its life or its end says so too. */
  #heard(input: Input): void {
    if (input.kind !== 'report' || !lived.has(input.execType)) return;
    const number = input.execType === 'canceled' && input.origClOrdID !== 0 ? input.origClOrdID : input.clOrdID;
    const own = this.orders.get(number);
    const target = this.orders.get(own?.order.origClOrdID ?? 0);
    if (own === undefined || target === undefined || own.over) return;
    // what was traded since it was asked for is its own
    own.cum = Math.max(own.cum, target.cum);
    own.leaves = Math.max(0, own.order.orderQty - own.cum);
    this.#replaced(number);
  }

  /** A replacement that was accepted takes the place of the order before it. */
  #replaced(clOrdID: number): void {
    const own = this.orders.get(clOrdID);
    if (own === undefined || own.order.origClOrdID === 0) return;
    this.#drop(own.order.origClOrdID);
    this.orders.set(clOrdID, own);
    this.open.delete(own);
    if (own.over) return;
    const heir = { ...own, order: { ...own.order, origClOrdID: 0 } };
    this.orders.set(clOrdID, heir);
    this.open.add(heir);
  }

  /** It is another version's from here on. */
  #adopted(clOrdID: number, row: number): void {
    const own = this.orders.get(clOrdID);
    if (own === undefined) return;
    const theirs = { ...own, order: { ...own.order, row } };
    this.orders.set(clOrdID, theirs);
    if (this.open.delete(own)) this.open.add(theirs);
  }

  #drop(clOrdID: number): void {
    const own = this.orders.get(clOrdID);
    if (own === undefined) return;
    own.over = true;
    this.open.delete(own);
  }

  #filled({ row, listing, side, lastQty, lastPx, booking, clOrdID, execID, position }: FillBooked): void {
    const asked = this.orders.get(clOrdID);
    // what trades under a replacement's number has been replaced, said or not
    if (asked !== undefined && asked.order.origClOrdID !== 0) this.#replaced(clOrdID);
    const own = this.orders.get(clOrdID);
    if (own !== undefined && booking === 'fill') trade(own, lastQty);
    if (own !== undefined && booking === 'bust') trade(own, -lastQty);
    const simulated = booking === 'fill' && own?.order.simulated === true;
    if (simulated || execID.startsWith('p')) return;
    if (booking === 'correct' || booking === 'bust') this.blurred.add(row);
    const held = this.#at(row, listing);
    const signed = side === 'buy' ? lastQty : -lastQty;
    if (booking === 'bust') move(held, -signed, lastPx);
    // what it was before is not said here; that the rows add up to what was traded is POS1's to hold
    else if (booking === 'correct') held.lots = position;
    else move(held, signed, lastPx);
  }

  #transferred({ fromRow, toRow, listing, position }: LotsTransferred, say: Say): void {
    const from = this.#at(fromRow, listing);
    const to = this.#at(toRow, listing);
    if (!this.blurred.has(fromRow) && from.lots !== position)
      say('POS3', `${position} lots of listing ${listing} left row ${fromRow}, which held ${from.lots}`);
    if (this.blurred.has(fromRow)) this.blurred.add(toRow);
    move(to, position, from.lots === 0 ? 0 : from.cost / from.lots);
    this.#held.set(fromRow * this.#listings + listing, { lots: 0, cost: 0 });
  }
}

/** Lots that an order may still trade; a state that does not change has no record of its own. */
function trade(own: OwnOrder, lots: number): void {
  own.cum += lots;
  if (!own.over) own.leaves = Math.max(0, own.leaves - lots);
}

/** Lots come or go at a price; what closes takes its share of the entry cost along, the rest opens on the other side. */
function move(held: Holding, signed: number, px: number): void {
  const closes = held.lots !== 0 && Math.sign(signed) !== Math.sign(held.lots) ? Math.min(Math.abs(signed), Math.abs(held.lots)) : 0;
  if (closes > 0) held.cost -= (held.cost * closes) / Math.abs(held.lots);
  const opens = Math.sign(signed) * (Math.abs(signed) - closes);
  held.lots += signed;
  held.cost = held.lots === 0 ? 0 : held.cost + opens * px;
}
