import type { Core } from '../../core/core.ts';
import { columnGet, splitZero, toBigInt } from '../../base/split.ts';
import type { FillBooked, LimitChanged, OrderStateChanged } from '../../domain/decision.ts';
import type { Input } from '../../domain/input.ts';
import { isTerminal, type Order } from '../../domain/order.ts';
import type { ExecType } from '../../domain/report.ts';
import type { PaperOrders } from '../../sim/faulty/checks/paper-orders.ts';
import type { Fold, Say, Turn } from '../../sim/faulty/checks/turn.ts';
import { ceilDiv } from './order-facts.ts';

/** An order without an end, as its records say. */
interface Open {
  readonly order: Readonly<Order>;
  row: number;
  leaves: number;
  cum: number;
  /** Ticks at which it reserves; 0 = it was proven reducing, or closes what its bracket opens. */
  readonly px: number;
  /** Number of the order that it is to replace and that still stands; 0 = none. */
  target: number;
}

interface Quote {
  readonly bid: number;
  readonly ask: number;
  readonly last: number;
}

const split = splitZero();
/** What a venue says only of an order that it has taken. */
const lived: ReadonlySet<ExecType> = new Set<ExecType>(['new', 'orderStatus', 'canceled', 'expired', 'trade', 'replaced']);
/** Bps above the reference at which a market order is reserved where no limit says so. */
const usual = 500;

/**
 * What the open orders of each version reserve, from the words of their records by "The price that an order is valued at" of denials.md and decision 0008, in whole units of money: what is left of each at its
 * price, nothing where it was proven reducing as it left, of a replacement without an answer what it takes beyond the order before it. What the rules read off the core of it is that after every turn.
 * Of one currency and venues that replace in one message.
 */
export class ReserveFacts implements Fold {
  readonly #paper: PaperOrders;
  readonly #open = new Map<number, Open>();
  /** Lots by row, account, listing and whether they are on paper. */
  readonly #lots = new Map<string, number>();
  readonly #quotes = new Map<number, Quote>();
  /** By name, scope and what it holds for. */
  readonly #limits = new Map<string, number>();

  constructor(paper: PaperOrders) {
    this.#paper = paper;
  }

  take({ input, decisions }: Turn, core: Core | undefined, say: Say): void {
    this.#heard(input);
    for (const decision of decisions) {
      switch (decision.kind) {
        case 'orderSent':
        case 'replaceSent':
          if (core !== undefined) this.#begin(decision.order, core);
          break;
        case 'orderStateChanged':
          this.#changed(decision);
          break;
        case 'fillBooked':
          this.#filled(decision);
          break;
        case 'lotsTransferred':
          for (const [row, sign] of [
            [decision.fromRow, -1],
            [decision.toRow, 1],
          ])
            this.#move(row, decision.account, decision.listing, false, sign * decision.position);
          break;
        case 'orderAdopted': {
          const own = this.#open.get(decision.clOrdID);
          if (own !== undefined) own.row = decision.toRow;
          break;
        }
        case 'limitChanged':
          this.#limited(decision);
          break;
        default:
          break;
      }
    }
    if (input.kind === 'report' && input.execType === 'replaceRejected') this.#end(input.clOrdID);
    if (core !== undefined && decisions.length > 0) this.#compare(core, say);
  }

  /** A quote, or a word on the life of a replacement, which takes the place of the order before it. */
  #heard(input: Input): void {
    if (input.kind === 'mark') this.#quotes.set(input.listing, input);
    if (input.kind !== 'report' || !lived.has(input.execType)) return;
    const own = this.#open.get(input.execType === 'canceled' && input.origClOrdID !== 0 ? input.origClOrdID : input.clOrdID);
    if (own === undefined || own.target === 0) return;
    own.cum = Math.max(own.cum, this.#open.get(own.target)?.cum ?? 0);
    own.leaves = Math.max(0, own.order.orderQty - own.cum);
    this.#end(own.target);
  }

  #limited({ key, to }: LimitChanged): void {
    const name = `${key.limit} ${key.scope} ${key.scopeID}`;
    if (to === null) this.#limits.delete(name);
    else this.#limits.set(name, to);
  }

  #begin(order: Readonly<Order>, core: Core): void {
    const { clOrdID, row, leavesQty, cumQty, origClOrdID, leg } = order;
    const target = this.#open.has(origClOrdID) ? origClOrdID : 0;
    const closes = leg === 'stop' || leg === 'target';
    const px = closes || (leg !== 'entry' && this.#reduces(order, target)) ? 0 : this.#priceOf(order, core);
    this.#open.set(clOrdID, { order, row, leaves: leavesQty, cum: cumQty, px, target });
  }

  /** Lots that it takes off what its version holds there, beside every other order of its side. */
  #reduces({ row, account, listing, simulated, side, leavesQty }: Readonly<Order>, replaced: number): boolean {
    let open = 0;
    for (const [id, own] of this.#open) {
      const { order } = own;
      const beside = own.row === row && order.account === account && order.listing === listing && order.simulated === simulated;
      if (beside && order.side === side && order.leg !== 'stop' && id !== replaced) open += this.#counted(own);
    }
    const held = this.#lots.get(`${row} ${account} ${listing} ${String(simulated)}`) ?? 0;
    return leavesQty <= Math.max(0, (side === 'buy' ? -held : held) - open);
  }

  #counted({ leaves, target }: Open): number {
    const before = this.#open.get(target);
    return before === undefined ? leaves : Math.max(0, leaves - before.leaves);
  }

  #priceOf({ listing, price, side, row, account }: Readonly<Order>, { registry, gate }: Core): number {
    const { bid, ask, last } = this.#quotes.get(listing) ?? { bid: 0, ask: 0, last: 0 };
    if (price > 0) return side === 'sell' ? Math.max(price, bid) : price;
    const { instrument, venue } = registry.listings[listing];
    const { algorithmID, sliceID, version } = gate.rows[row];
    const within = [
      'firm ',
      `account ${registry.accounts[account].account.accountID}`,
      `algorithm ${algorithmID}`,
      `version ${sliceID}/${version}`,
      `venue ${registry.venues[venue].venueID}`,
      `instrument ${registry.instruments[instrument].instrumentID}`,
      `sector ${registry.instruments[instrument].sector ?? ''}`,
    ];
    const strictest = (name: string): number => Math.min(...within.map((scope) => this.#limits.get(`${name} ${scope}`) ?? Infinity));
    const bps = [strictest('priceCollarBps'), strictest('fatFingerBps'), usual].find((one) => one < Infinity) ?? usual;
    const twice = bid > 0 && ask > bid ? bid + ask : 2 * last;
    return Number(ceilDiv(BigInt(twice) * BigInt(10_000 + bps), 20_000n));
  }

  #changed({ clOrdID, to, by, cumQty, leavesQty }: OrderStateChanged): void {
    const own = this.#open.get(clOrdID);
    if (own === undefined) return;
    own.leaves = leavesQty;
    own.cum = cumQty;
    if (by === 'replaced') this.#end(own.target);
    if (isTerminal(to) || (to === 'doneForDay' && leavesQty === 0)) this.#end(clOrdID);
  }

  #filled(booked: FillBooked): void {
    const { clOrdID, row, account, listing, side, lastQty, booking } = booked;
    if (booking === 'correct' || booking === 'bust') throw new Error(`${booking}: expected venues that take nothing back`);
    this.#move(row, account, listing, this.#paper.has(booked), side === 'buy' ? lastQty : -lastQty);
    const own = this.#open.get(clOrdID);
    if (own === undefined) return;
    own.cum += lastQty;
    own.leaves = Math.max(0, own.leaves - lastQty);
  }

  #move(row: number, account: number, listing: number, simulated: boolean, lots: number): void {
    const key = `${row} ${account} ${listing} ${String(simulated)}`;
    this.#lots.set(key, (this.#lots.get(key) ?? 0) + lots);
  }

  /** What waited beside it stands for itself. */
  #end(clOrdID: number): void {
    if (!this.#open.delete(clOrdID)) return;
    for (const heir of this.#open.values()) if (heir.target === clOrdID) heir.target = 0;
  }

  #reserved(core: Core, { order, leaves, px, target }: Open): bigint {
    const own = BigInt(leaves) * BigInt(px) * BigInt(core.registry.listings[order.listing].moneyPerTickLot);
    const before = this.#open.get(target);
    const more = before === undefined || own === 0n ? own : own - this.#reserved(core, before);
    return more > 0n ? more : 0n;
  }

  #compare(core: Core, say: Say): void {
    for (const simulated of [false, true]) {
      const sums = core.gate.rows.map(() => 0n);
      for (const own of this.#open.values()) if (own.order.simulated === simulated) sums[own.row] += this.#reserved(core, own);
      for (const [row, own] of sums.entries()) {
        columnGet(split, simulated ? core.gate.paperReserved : core.gate.reserved, row);
        const its = toBigInt(split);
        if (its !== own) say('CAP4', `the orders of row ${row} reserve ${its}${simulated ? ' on paper' : ''}, by their records ${own}`);
      }
    }
  }
}
