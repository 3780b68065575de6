import { lots, ticks } from '../../base/units.ts';
import type { Prng } from '../../base/prng.ts';
import { orderByClOrdID } from '../../core/core.ts';
import type { Effect } from '../../domain/effect.ts';
import type { Order } from '../../domain/order.ts';
import type { Report } from '../../domain/report.ts';
import { reportOf, type RolloutDesk } from './rollout-desk.ts';

interface Held {
  readonly order: Readonly<Order>;
  id: number;
  qty: number;
  cum: number;
  over: boolean;
}

interface Due {
  readonly at: number;
  readonly report: Report;
}

/** A venue that answers late, twice, out of order or not at all, fills before it acknowledges and reports fills after it canceled. Its figures are true. */
export class FakeVenue {
  readonly #rng: Prng;
  #desk: RolloutDesk;
  readonly #held = new Map<number, Held>();
  #due: Due[] = [];
  #execs = 0;
  /** Units that each fill costs. */
  readonly #commission: number;

  constructor(desk: RolloutDesk, rng: Prng, commission = 0) {
    this.#commission = commission;
    this.#desk = desk;
    this.#rng = rng;
  }

  /** Goes on with the desk that follows the one that crashed. What that one knows nothing of is gone: reconciliation takes orphans back. */
  attach(desk: RolloutDesk): void {
    this.#desk = desk;
    for (const [id] of this.#held) if (orderByClOrdID(desk.core, id) === undefined) this.#held.delete(id);
    this.#due = this.#due.filter(({ report }) => {
      const number = report.origClOrdID === 0 ? report.clOrdID : report.origClOrdID;
      return orderByClOrdID(desk.core, number) !== undefined;
    });
  }

  take(effects: readonly Effect[]): void {
    for (const effect of effects) {
      if (effect.kind === 'send') this.#accept(effect.order);
      else if (effect.kind === 'replace') this.#replace(effect.order);
      else if (effect.kind === 'cancel') this.#cancel(effect.target, effect.clOrdID);
      else if (effect.kind === 'query' && this.#rng.int(2) === 0) this.#cancel(effect.clOrdID, 0);
      else if (effect.kind === 'massCancel') for (const { id } of [...this.#held.values()]) this.#cancel(id, 0);
    }
  }

  /** Reports whose time has come; each time in another order. */
  deliver(): void {
    const due = this.#due.filter(({ at }) => at <= this.#desk.at);
    this.#due = this.#due.filter(({ at }) => at > this.#desk.at);
    while (due.length > 0) {
      const [{ report }] = due.splice(this.#rng.int(due.length), 1);
      this.take(this.#desk.say(report).effects);
      if (this.#rng.int(10) === 0) this.take(this.#desk.say(report).effects);
    }
  }

  /** Trades some of what works. */
  trade(): void {
    for (const held of this.#held.values()) if (!held.over && this.#rng.int(3) === 0) this.#fill(held);
  }

  #accept(order: Readonly<Order>): void {
    const held: Held = { order, id: order.clOrdID, qty: order.orderQty, cum: 0, over: false };
    const fate = this.#rng.int(10);
    if (fate === 0) {
      this.#say(held, { execType: 'rejected', text: 'no' }, true);
      return;
    }
    if (fate === 1) {
      if (this.#rng.int(2) === 0) this.#say(held, { execType: 'timeout', execID: '' }, true);
      if (this.#rng.int(2) === 0) return;
    }
    this.#held.set(order.clOrdID, held);
    this.#say(held, { execType: 'new', cumQty: 0, leavesQty: held.qty });
    if (this.#rng.int(3) === 0) this.#fill(held);
    if (order.timeInForce === 'ioc') {
      if (!held.over && this.#rng.int(2) === 0) this.#fill(held);
      if (!held.over) this.#end(held, 'expired', 0, true);
    }
  }

  #fill(held: Held): void {
    const qty = 1 + this.#rng.int(held.qty - held.cum);
    held.cum += qty;
    held.over = held.cum === held.qty;
    const lastPx = 10_000 + this.#rng.int(41) - 20;
    this.#say(
      held,
      {
        execType: 'trade',
        lastQty: lots(qty),
        lastPx: ticks(lastPx),
        cumQty: held.cum,
        leavesQty: held.qty - held.cum,
        commissionLo: this.#commission,
      },
      true,
    );
  }

  #cancel(target: number, request: number): void {
    const held = this.#held.get(target);
    if (held === undefined) return;
    if (!held.over && this.#rng.int(4) === 0) this.#fill(held);
    if (held.over) this.#say(held, { execType: 'cancelRejected', clOrdID: request, origClOrdID: target });
    else this.#end(held, 'canceled', request);
  }

  #end(held: Held, execType: 'canceled' | 'expired', request: number, sure = false): void {
    held.over = true;
    const more = request === 0 ? {} : { clOrdID: request, origClOrdID: held.id };
    this.#say(held, { execType, cumQty: held.cum, leavesQty: 0, ...more }, sure);
  }

  #replace(order: Readonly<Order>): void {
    const held = this.#held.get(order.origClOrdID);
    const origClOrdID = order.origClOrdID;
    if (held === undefined || held.over || order.orderQty <= held.cum) {
      this.#say({ order, id: order.clOrdID, qty: 0, cum: 0, over: true }, { execType: 'replaceRejected', origClOrdID });
      return;
    }
    this.#held.delete(origClOrdID);
    held.id = order.clOrdID;
    held.qty = order.orderQty;
    this.#held.set(order.clOrdID, held);
    const leavesQty = held.qty - held.cum;
    this.#say(held, { execType: 'replaced', origClOrdID, cumQty: held.cum, leavesQty, orderQty: order.orderQty, price: order.price }, true);
  }

  /** A report on its way: one in eight is lost unless it is sure to come. */
  #say(held: Held, more: Partial<Report>, sure = false): void {
    if (!sure && this.#rng.int(8) === 0) return;
    const { listing, simulated } = held.order;
    const slow = this.#rng.int(12) === 0 ? 3_000_000 : 200_000;
    const execID = `x${++this.#execs}`;
    this.#due.push({
      at: this.#desk.at + this.#rng.int(slow),
      report: reportOf(this.#desk, held.id, listing, { execID, simulated, ...more }),
    });
  }
}
