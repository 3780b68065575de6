import { prng, type Prng } from '../../base/prng.ts';
import { lotsUnchecked, microsUnchecked, ticksUnchecked } from '../../base/units.ts';
import { isFarFromDrawdown, measureDrawdowns, rollDrawdowns } from '../../core/risk/drawdown.ts';
import { checkOrder } from '../../core/risk/gate.ts';
import { modeSimulated, setPaperCap, setUniverse } from '../../core/risk/order-gate.ts';
import type { WantedOrder } from '../../core/risk/check-context.ts';
import type { ClOrdID } from '../../domain/ids.ts';
import { ordStatuses, timesInForce, ordTypes } from '../../domain/order.ts';
import { addVersion, close, fill, moneyOf, plainOrder, quote, send, type RiskDesk } from '../scenarios/risk-desk.ts';
import { createRiskWorld, timeOf } from '../scenarios/risk-world.ts';
import { fromTheEdge, toTheEdge } from './order-edges.ts';
import { createOrderBooks, factsOf, positionKey, type AskedOrder, type OrderBooks } from './order-facts.ts';
import { dueDenials, wrongAnswer } from './order-rules.ts';
import { wrongCutWords } from './order-money.ts';
import { noteLots, wrongSum } from './own-sums.ts';
import { changeWorld, edgeThemes, orderThemes, type OrderTheme } from './order-world.ts';

const capacityTheme = { openOrders: 16, routes: 12, duplicates: 16 };

/** One random life of the gate on the desk of the scenario tables, every answer of which is compared with what is due. The theme, which the seed gives, says what is unusual in it. */
export class OrderLife {
  readonly desk: RiskDesk;
  readonly books: OrderBooks;
  readonly theme: OrderTheme;
  readonly codes = new Map<string, number>();
  passed = 0;
  asked = 0;
  readonly #luck: Prng;
  #at: number = timeOf('10:00');
  #last: WantedOrder;

  readonly #seed: number;
  /** What puts limits, capital and time where an order is just let through; undefined = nothing does. */
  readonly #edges: Prng | undefined;

  constructor(seed: number, edges = false) {
    this.#seed = seed;
    this.#edges = edges ? prng(`edges ${seed}`) : undefined;
    const themes = edges ? edgeThemes : orderThemes;
    this.theme = themes[seed % themes.length];
    const small = this.theme === 'capacity' || this.theme === 'memory';
    const capacities =
      this.theme === 'memory' ? { duplicates: 16 } : this.theme === 'capacity' ? { ...capacityTheme, duplicates: 512 } : {};
    this.desk = createRiskWorld(small ? capacities : {});
    this.books = createOrderBooks(this.theme === 'memory' ? 16 : 512);
    this.#luck = prng(`orders ${seed}`);
    const { gate } = this.desk.risk;
    const euro = gate.sliceIx.get('euro@main.EUR') ?? -1;
    setPaperCap(gate, addVersion(this.desk, euro, '9.0.0'), moneyOf(this.desk, '10000', 'EUR'));
    // states of orders are made up there, and two may replace one: no sum is right about those
    if (this.theme === 'replace') for (const { ix } of gate.rows) this.books.sums.foreign.add(ix);
    if (this.theme === 'form') {
      for (const row of [3, 4]) setUniverse(gate, row, [0, 2, 3, 4, 5, 6, 7]);
      // nobody has seen a price of it: its orders may be many
      quote(this.desk, 2, 0, 0, this.#at, 0);
    }
    this.#last = this.#wanted(3);
  }

  /** @returns '' or the first thing that is wrong. */
  run(steps: number): string {
    for (let n = 0; n < steps; n++) {
      const wrong = this.#step();
      if (wrong !== '') return `${this.theme}, step ${n}: ${wrong}`;
    }
    return '';
  }

  #step(): string {
    const { desk, books, theme } = this;
    const luck = this.#luck;
    this.#at += luck.int(theme === 'rate' || theme === 'duplicate' || theme === 'memory' ? 120_000 : 900_000);
    const again = this.#edges === undefined ? undefined : this.#toInstant(this.#edges);
    changeWorld(desk, books, theme, luck, this.#at, this.#seed);
    this.#look();
    const row = again?.row ?? this.#row();
    const own = [...desk.orders.values()].filter((one) => one.row === row && one.leg === 'none' && one.origClOrdID === 0);
    const replaces =
      again === undefined && own.length > 0 && luck.int(theme === 'replace' ? 2 : 6) === 0 ? own[luck.int(own.length)].clOrdID : 0;
    const old = desk.orders.get(replaces);
    if (again !== undefined) this.#last = again.order;
    else if (luck.int(theme === 'duplicate' ? 3 : 9) > 0 || theme === 'form') this.#last = this.#wanted(row);
    const { listing, side, ordType, price } = old ?? this.#last;
    const strays = theme === 'replace' && luck.int(8) === 0;
    const wanted =
      old === undefined || strays
        ? this.#last
        : { ...this.#last, listing, side, ordType, price, stopPx: old.stopPx, trailOffset: old.trailOffset };
    const asked = this.#ask(row, wanted, replaces);
    books.routes = desk.risk.exposure.routes.length;
    if (this.#edges !== undefined && theme !== 'form' && this.#edges.int(2) === 0)
      toTheEdge(desk, books, asked, this.#edges, again !== undefined);
    const answer = this.#answer(asked);
    this.asked += 1;
    const wrong = wrongAnswer(answer, dueDenials(desk, books, asked)) || (theme === 'cut' ? wrongCutWords(desk, books, asked) : '');
    fromTheEdge(desk, books);
    if (wrong !== '') return `${JSON.stringify(wanted)} of row ${row}${replaces === 0 ? '' : ` for ${replaces}`}: ${wrong}`;
    if (answer !== 'passed') this.codes.set(answer, (this.codes.get(answer) ?? 0) + 1);
    else if (desk.risk.verdict.outcome === 'passed') this.#send(asked, replaces);
    this.#trade();
    this.#look();
    return wrongSum(desk, books.sums, asked.row);
  }

  /** An order that left is just not yet, or just, out of a second, a minute or the window of duplicates. @returns it, where it is to be asked again */
  #toInstant(edges: Prng): AskedOrder | undefined {
    const { sent, limits } = this.books;
    if (sent.length === 0 || edges.int(3) > 0) return undefined;
    const windows = [
      1_000_000,
      60_000_000,
      ...[...limits.values()].flatMap(({ name, value }) => (name === 'duplicateWindow' ? [value] : [])),
    ];
    const [one, window] = [sent[Math.max(0, sent.length - 1 - edges.int(6))], edges.int(windows.length)];
    const then = one.at + windows[window] - edges.int(2);
    if (then < this.#at) return undefined;
    this.#at = then;
    return window > 1 ? one.asked : undefined;
  }

  #row(): number {
    if (this.#luck.int(20) === 0) return this.#luck.int(3);
    if (this.theme === 'fx') return 6 + this.#luck.int(3);
    return 3 + this.#luck.int(6);
  }

  /** Who asks: as the row is now, but for what the theme makes stale. */
  #ask(row: number, order: WantedOrder, replaces: ClOrdID): AskedOrder {
    const { registry, risk, orders } = this.desk;
    const luck = this.#luck;
    const stale = this.theme === 'authority' ? luck.int(12) : 9;
    const venue = (registry.listings[order.listing] as { venue: number } | undefined)?.venue ?? -1;
    return {
      order,
      row,
      account: risk.gate.rows[row].accounts.get(venue) ?? -1,
      epoch: risk.gate.epoch[row] - (stale === 0 ? 1 : 0),
      term: risk.term + (stale === 1 ? 1 : 0),
      simulated: (risk.gate.mode[row] === modeSimulated) !== (stale === 2),
      replaces: orders.get(replaces) ?? null,
      at: this.#at,
    };
  }

  /** passed (or it waits for older ones of the desk), a code, or what was thrown. */
  #answer(asked: AskedOrder): string {
    const { risk, asker } = this.desk;
    Object.assign(asker, { row: asked.row, account: asked.account, epoch: asked.epoch, term: asked.term, simulated: asked.simulated });
    asker.replaces = asked.replaces;
    try {
      return checkOrder(risk, asked.order, asker, microsUnchecked(this.#at)) === 'denied' ? risk.denial.code : 'passed';
    } catch (error) {
      return `thrown: ${error instanceof Error ? error.message : String(error)}`;
    }
  }

  #send(asked: AskedOrder, replaces: ClOrdID): void {
    const { desk, books } = this;
    const { listing } = asked.order;
    const { risk, registry } = desk;
    const { reducing, valuePx } = factsOf(desk, books, asked);
    const clOrdID = send(desk, asked.row, asked.order, this.#at, replaces);
    if (clOrdID === 0) return;
    this.passed += 1;
    books.sums.reservePx.set(clOrdID, reducing ? 0 : valuePx);
    if (registry.listings[listing].currency !== risk.gate.slices[risk.gate.rows[asked.row].slice].currency)
      books.sums.foreign.add(asked.row);
    if (!desk.risk.gate.rows[asked.row].custodian) books.sent.push({ at: this.#at, asked });
  }

  /** Fills and ends of what is open. */
  #trade(): void {
    const { desk, books, theme } = this;
    const luck = this.#luck;
    const some = [...desk.orders.values()].filter((one) => one.leg !== 'stop' && one.ordStatus !== 'pendingReplace' && one.leavesQty > 0);
    const draw = luck.int(10);
    if (draw < (theme === 'capacity' ? 1 : 3) && some.length > 0) {
      const one = some[luck.int(some.length)];
      const far = theme === 'overdraft' && luck.int(3) === 0 ? 500 + luck.int(90_000) : 0;
      const qty = luck.int(3) === 0 ? 1 + luck.int(one.leavesQty) : one.leavesQty;
      const base = one.price > 0 ? one.price : desk.registry.listings[one.listing].listing.instrumentID === 'BITC' ? 50_000 : 10_000;
      const px = base + (one.price > 0 ? 0 : luck.int(40) - 20) + far;
      fill(desk, one.clOrdID, qty, px, this.#at);
      const key = positionKey(one.row, one.account, one.listing, one.simulated);
      const signed = one.side === 'buy' ? qty : -qty;
      books.positions.set(key, (books.positions.get(key) ?? 0) + signed);
      noteLots(books.sums, key, signed, px);
      if (!desk.orders.has(one.clOrdID)) this.#freed(one.origClOrdID);
    } else if (draw < 6 && desk.orders.size > 0 && (theme !== 'capacity' || luck.int(3) === 0)) {
      const gone = [...desk.orders.values()][luck.int(desk.orders.size)];
      close(desk, gone.clOrdID);
      this.#freed(gone.origClOrdID);
    } else if (draw === 6 && theme === 'replace' && desk.orders.size > 0) {
      const one = [...desk.orders.values()][luck.int(desk.orders.size)];
      if (one.ordStatus !== 'pendingReplace') one.ordStatus = ordStatuses[luck.int(ordStatuses.length)];
      if (one.ordStatus === 'pendingReplace') one.ordStatus = 'new';
    }
  }

  /** What it was to replace works again. */
  #freed(clOrdID: ClOrdID): void {
    const back = this.desk.orders.get(clOrdID);
    if (back !== undefined) back.ordStatus = 'new';
  }

  #look(): void {
    const { risk } = this.desk;
    if (risk.drawdowns.nextAt === 0) rollDrawdowns(risk, this.#at);
    if (!isFarFromDrawdown(risk)) measureDrawdowns(risk);
  }

  /** Mostly what nothing but a limit could refuse. */
  #wanted(row: number): WantedOrder {
    const { theme } = this;
    const luck = this.#luck;
    // a version with dollars that trades in euros, too
    const euro = row === 2 || row >= 7 || (theme === 'fx' && row === 6 && luck.int(2) === 0);
    const listing = euro
      ? 3
      : theme === 'venue' && luck.int(2) === 0
        ? 5 + luck.int(2)
        : [0, 1, 2, 0, 1, 4, 5, 6, 7][luck.int(theme === 'capacity' || theme === 'route' ? 9 : 5)];
    const { middle, step } = { middle: listing === 7 ? 50_000 : 10_000, step: listing === 4 ? 5 : 1 };
    const side = luck.int(2) === 0 ? 'buy' : 'sell';
    const around = (spread: number): number => middle + step * (luck.int(2 * spread + 1) - spread);
    const order: WantedOrder = {
      ...plainOrder,
      listing,
      side,
      timeInForce: 'day',
      orderQty: lotsUnchecked(listing === 4 ? 10 + luck.int(50) : 1 + luck.int(60)),
      price: ticksUnchecked(
        luck.int(3) === 0 ? around(60) : side === 'buy' ? middle - 5 * (1 + luck.int(9)) : middle + 5 * (1 + luck.int(9)),
      ),
      reduceOnly: listing !== 5 && luck.int(12) === 0,
    };
    if (theme === 'form' || theme === 'venue') return this.#strange(order);
    const draw = luck.int(10);
    if (listing === 5) return draw < 3 ? { ...order, ordType: 'market', price: ticksUnchecked(0) } : order;
    if (draw < 2) return { ...order, ordType: 'market', price: ticksUnchecked(0) };
    const sign = side === 'buy' ? 1 : -1;
    const away = (n: number): ReturnType<typeof ticksUnchecked> => ticksUnchecked(middle + sign * 5 * n);
    if (draw < (theme === 'maxUnprotectedQty' || theme === 'maxRiskPerTradeBps' || theme === 'cut' ? 6 : 3))
      return {
        ...order,
        ordType: 'bracket',
        reduceOnly: false,
        price: luck.int(3) === 0 ? ticksUnchecked(0) : away(luck.int(3) - 1),
        stopPx: away(-2 - luck.int(30)),
        targetPx: away(2 + luck.int(30)),
      };
    if (draw === 6) return { ...order, ordType: 'stop', price: ticksUnchecked(0), stopPx: ticksUnchecked(around(40)) };
    if (draw === 7) return { ...order, ordType: 'stopLimit', stopPx: ticksUnchecked(around(40)) };
    if (draw === 8) return { ...order, ordType: 'trailingStop', price: ticksUnchecked(0), trailOffset: 1 + luck.int(40) };
    return order;
  }

  /** One thing about an order that is not as it should be. */
  #strange(order: WantedOrder): WantedOrder {
    const luck = this.#luck;
    const one = <T>(of: readonly T[]): T => of[luck.int(of.length)];
    const px = (n: number): ReturnType<typeof ticksUnchecked> => ticksUnchecked(n);
    switch (luck.int(16)) {
      case 0:
        return { ...order, listing: one([-1, 0.5, 9, 99, 3]) };
      case 1:
        return { ...order, reason: 'x'.repeat(63 + luck.int(4)) };
      case 2:
        return { ...order, compliance: 'x'.repeat(511 + luck.int(3)) };
      case 3:
        return {
          ...order,
          ...(luck.int(2) === 0 ? { listing: 2, price: px(500) } : {}),
          orderQty: lotsUnchecked(one([0, -1, 0.5, NaN, 2 ** 40, 2 ** 40 + 1, 2 ** 53, 2 ** 39])),
        };
      case 4:
        return { ...order, price: px(one([0, -1, 0.5, NaN, 2 ** 45, 2 ** 45 + 1])) };
      case 5:
        return { ...order, ordType: one(ordTypes) };
      case 6:
        return { ...order, timeInForce: one(timesInForce), expireTime: microsUnchecked(one([0, this.#at, this.#at + 1])) };
      case 7:
        return {
          ...order,
          ordType: one(['stop', 'stopLimit'] as const),
          stopPx: px(one([0, -1, 10_000, 2 ** 45 + 1])),
          price: px(one([0, order.price])),
        };
      case 8:
        return { ...order, ordType: 'trailingStop', price: px(0), trailOffset: one([0, -1, 10, 0.5, 2 ** 45 + 1]) };
      case 9:
        return {
          ...order,
          ordType: 'bracket',
          reduceOnly: false,
          stopPx: px(one([0, 9_900, 10_100])),
          targetPx: px(one([0, 9_900, 10_100, -1])),
        };
      case 10:
        return { ...order, postOnly: true, ...(luck.int(2) === 0 ? { ordType: 'market', price: px(0) } : {}) };
      case 11:
        return { ...order, listing: 4, orderQty: lotsUnchecked(one([9, 10, 1_000, 1_001])), price: px(10_000 + luck.int(11)) };
      case 12:
        return { ...order, targetPx: px(10_100) };
      case 13:
        return { ...order, stopPx: px(10_100) };
      case 14:
        return { ...order, reduceOnly: true };
      default:
        return order;
    }
  }
}
