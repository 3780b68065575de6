import { lots, lotsUnchecked, microsUnchecked, ticks, type Micros } from '../../base/units.ts';
import type { Effect } from '../../domain/effect.ts';
import type { Input } from '../../domain/input.ts';
import type { Order, Side } from '../../domain/order.ts';
import { blankReport, type Report } from '../../domain/report.ts';
import type { StatedFill, StatedOrder, VenueStatement } from '../../domain/statement.ts';
import { pagesOf } from '../../venues/simulated/statement-pages.ts';

/** An order as the double holds it; everything may be changed behind the desk's back. */
export interface HeldOrder {
  clOrdID: number;
  term: number;
  orderID: string;
  listing: number;
  side: Side;
  orderQty: number;
  cumQty: number;
  /** Lots taken back without a word. */
  gone: number;
  price: number;
}

/** A venue that does what it is asked, tells what it is told to tell, and can be brought to differ from the desk in any way. */
export class StatingVenue {
  readonly orders = new Map<string, HeldOrder>();
  fills: StatedFill[] = [];
  readonly positions = [0, 0];
  /** Cancels and replaces by number that were carried out. */
  readonly canceled: number[] = [];
  /** Requests that do not arrive, questions that are not answered. */
  deaf = false;
  silent = 0;
  /** What is done to every page before it leaves. */
  alter: ((page: VenueStatement) => VenueStatement) | undefined;
  #execs = 0;

  /** Answers to an effect, in order. */
  take(effect: Effect, at: Micros): readonly Input[] {
    switch (effect.kind) {
      case 'send':
        return this.deaf ? this.#accept(effect.order).slice(1) : this.#accept(effect.order);
      case 'cancel':
        return this.deaf ? [] : this.#cancel(effect, at);
      case 'query':
        return [this.#status(effect.clOrdID, at)];
      case 'statement':
        if (this.silent > 0) {
          this.silent--;
          return [];
        }
        return this.statement(effect.account, effect.ask, at);
      default:
        return [];
    }
  }

  statement(account: number, ask: number, at: Micros): readonly VenueStatement[] {
    const positions = this.positions.flatMap((position, listing) => (position === 0 ? [] : [{ listing, position }]));
    const head = { venue: 0, account, ask, asOf: at, since: microsUnchecked(0) };
    const pages = pagesOf(head, [...this.orders.values()].map(stated), this.fills, positions);
    return this.alter === undefined ? pages : pages.map(this.alter);
  }

  /** Executes lots of an order; positions and the list of executions follow. @returns the report that a venue sends about it. */
  fill(order: HeldOrder, qty: number, at: Micros, named = true): Report {
    order.cumQty += qty;
    const execID = named ? `x${++this.#execs}` : '';
    this.positions[order.listing] += order.side === 'buy' ? qty : -qty;
    this.fills.push(execution(order, execID, qty, at));
    if (order.cumQty + order.gone >= order.orderQty) this.orders.delete(order.orderID);
    return this.#report(order, { execType: 'trade', execID, lastQty: lots(qty), lastPx: ticks(order.price), transactTime: at });
  }

  /** An execution of no order of the desk's. */
  trade(listing: number, side: Side, qty: number, price: number, at: Micros, clOrdID = 0, term = 0): void {
    const order = { clOrdID, term, orderID: 'M', listing, side, orderQty: qty, cumQty: qty, gone: 0, price };
    this.positions[listing] += side === 'buy' ? qty : -qty;
    this.fills.push(execution(order, `m${++this.#execs}`, qty, at));
  }

  held(clOrdID: number): HeldOrder {
    for (const order of this.orders.values()) if (order.clOrdID === clOrdID) return order;
    throw new Error(`the venue has no order ${clOrdID}`);
  }

  /** Orders of the desk that work here, as `number executed/left at price`, in order. */
  working(): readonly string[] {
    const ours = [...this.orders.values()].filter(({ clOrdID }) => clOrdID !== 0);
    return ours.map(({ clOrdID, cumQty, orderQty, gone, price }) => `${clOrdID} ${cumQty}/${orderQty - cumQty - gone} at ${price}`).sort();
  }

  put(order: HeldOrder): void {
    this.orders.set(order.orderID, order);
  }

  #accept(order: Readonly<Order>): readonly Input[] {
    const held: HeldOrder = {
      clOrdID: order.clOrdID,
      term: order.term,
      orderID: `v${order.term}-${order.clOrdID}`,
      listing: order.listing,
      side: order.side,
      orderQty: order.orderQty,
      cumQty: 0,
      gone: 0,
      price: order.price,
    };
    this.put(held);
    return [this.#report(held, { execType: 'new' })];
  }

  /** A number that was given twice means the order of the term that is said, else the first. */
  #cancel({ target, clOrdID: request, listing, term = 0 }: Extract<Effect, { kind: 'cancel' }>, at: Micros): readonly Input[] {
    const order = [...this.orders.values()].find((one) => one.clOrdID === target && (term === 0 || one.term === term));
    if (order === undefined) {
      const none = { ...blank(listing, at), clOrdID: request, origClOrdID: target, execID: `c${++this.#execs}` };
      return [{ ...none, execType: 'cancelRejected' }];
    }
    this.orders.delete(order.orderID);
    this.canceled.push(target);
    // of an order under another term than its number has here an adapter speaks without a number
    const about = term === 0 ? { clOrdID: request, origClOrdID: target } : { clOrdID: 0, origClOrdID: 0 };
    return [this.#report(order, { execType: 'canceled', leavesQty: 0, ...about })];
  }

  #status(clOrdID: number, at: Micros): Report {
    const order = [...this.orders.values()].find((one) => one.clOrdID === clOrdID);
    if (order !== undefined) return this.#report(order, { execType: 'orderStatus' });
    const cumQty = this.fills.filter((fill) => fill.clOrdID === clOrdID).reduce((sum, fill) => sum + fill.lastQty, 0);
    if (cumQty === 0) return { ...blank(0, at), clOrdID, execType: 'unknownOrder' };
    const [{ listing }] = this.fills.filter((fill) => fill.clOrdID === clOrdID);
    return { ...blank(listing, at), clOrdID, execType: 'orderStatus', cumQty, leavesQty: 0 };
  }

  #report(order: HeldOrder, more: Partial<Report>): Report {
    const { clOrdID, listing, orderID, cumQty } = order;
    const leavesQty = order.orderQty - cumQty - order.gone;
    const execID = `r${++this.#execs}`;
    return { ...blank(listing, microsUnchecked(0)), clOrdID, orderID, cumQty, leavesQty, execID, ...more };
  }
}

function stated(order: HeldOrder): StatedOrder {
  const { clOrdID, term, orderID, listing, side, orderQty, cumQty, gone, price } = order;
  const leavesQty = lotsUnchecked(orderQty - cumQty - gone);
  return { clOrdID, term, orderID, listing, side, orderQty: lots(orderQty), cumQty: lots(cumQty), leavesQty, price: ticks(price) };
}

function execution(order: HeldOrder, execID: string, qty: number, at: Micros): StatedFill {
  const { clOrdID, term, orderID, listing, side, price, cumQty } = order;
  return {
    execID,
    clOrdID,
    term,
    orderID,
    listing,
    side,
    lastQty: lots(qty),
    lastPx: ticks(price),
    cumQty,
    commissionHi: 0,
    commissionLo: 0,
    commissionCurrency: 0,
    liquidity: 'maker',
    transactTime: at,
  };
}

function blank(listing: number, at: Micros): Report {
  return { ...blankReport, venue: 0, listing, liquidity: 'maker', transactTime: at };
}
