import { describe, expect, it } from 'vitest';
import { prng, type Prng } from '../../base/prng.ts';
import { toBigInt } from '../../base/split.ts';
import { lots, ticks } from '../../base/units.ts';
import type { ClOrdID } from '../../domain/ids.ts';
import { nearest } from '../../testing/backtest/obvious-currencies.ts';
import { codes, createWorld, firmMade, moneyIn, type Code, type World } from '../../testing/scenarios/currency-world.ts';
import { addVersion, ask, close, fill, moneyOf, orderOfDesk, plainOrder, quote, send } from '../../testing/scenarios/risk-desk.ts';
import { applyFeedNotice } from '../market/marks.ts';
import { checkCapital } from './capital.ts';
import { judgeRow } from './judge.ts';
import { startRowDay, watchTerms } from './monitors.ts';
import { orderChanged } from './open-orders.ts';
import { startDay } from './pnl.ts';
import { setRow } from './row-change.ts';

const e6 = 1_000_000n;

function ceil(a: bigint, b: bigint): bigint {
  return a >= 0n ? (a + b - 1n) / b : -(-a / b);
}

/** What the version has, by hand: dollars of what was bought, is reserved and was made. */
class Obvious {
  /** Half ticks of the pairs. */
  readonly rate = { EUR: 0n, JPY: 0n };
  readonly mid: Record<Code, bigint> = { USD: 0n, EUR: 0n, JPY: 0n };
  readonly cash: Record<Code, bigint> = { USD: 0n, EUR: 0n, JPY: 0n };
  readonly lots: Record<Code, { qty: bigint; px: bigint }[]> = { USD: [], EUR: [], JPY: [] };
  readonly reserved = new Map<ClOrdID, bigint>();
  entry = 0n;

  toDollars(money: bigint, code: Code, up: boolean): bigint {
    const divide = up ? ceil : nearest;
    if (code === 'USD') return money;
    if (code === 'EUR') return divide(money * this.rate.EUR, 20_000n);
    return divide(money * 20_000n, this.rate.JPY);
  }

  position(code: Code): bigint {
    return this.lots[code].reduce((sum, { qty }) => sum + qty, 0n);
  }

  /** A cent of a share is 10,000 units of money. */
  book(code: Code, qty: bigint, px: bigint): void {
    this.cash[code] -= qty * px * 10_000n;
    const open = this.lots[code];
    let left = qty;
    while (left !== 0n && open.length > 0 && open[0].qty > 0n !== left > 0n) {
      const [first] = open;
      const taken = abs(first.qty) < abs(left) ? abs(first.qty) : abs(left);
      first.qty += left > 0n ? taken : -taken;
      left += left > 0n ? -taken : taken;
      if (first.qty === 0n) open.shift();
    }
    if (left !== 0n) open.push({ qty: left, px });
    this.entry = codes.reduce((sum, one) => sum + this.toDollars(this.costOf(one), one, true), 0n);
  }

  costOf(code: Code): bigint {
    return this.lots[code].reduce((sum, { qty, px }) => sum + abs(qty) * px * 10_000n, 0n);
  }

  made(): bigint {
    return codes.reduce((sum, code) => {
      const value = nearest(this.position(code) * this.mid[code] * 10_000n, 2n);
      return sum + this.toDollars(this.cash[code] + value, code, false);
    }, 0n);
  }

  used(): bigint {
    return [...this.reserved.values()].reduce((sum, one) => sum + one, this.entry);
  }
}

function abs(x: bigint): bigint {
  return x < 0n ? -x : x;
}

function step(world: World, obvious: Obvious, random: Prng, at: number): string {
  const { desk, row, listings, pairs } = world;
  const code = codes[random.int(3)];
  switch (random.int(7)) {
    case 0: {
      const mid = 4_000 + random.int(4_000);
      quote(desk, listings[code], mid - 1, mid + 1, at);
      obvious.mid[code] = BigInt(2 * mid);
      return '';
    }
    case 1: {
      const euro = 10_000 + random.int(3_000);
      quote(desk, pairs.EURUSD, euro - 1, euro + 1, at);
      obvious.rate.EUR = BigInt(2 * euro);
      return '';
    }
    case 2: {
      const yen = 1_000_000 + random.int(500_000);
      quote(desk, pairs.USDJPY, yen - 1, yen + 1, at);
      obvious.rate.JPY = BigInt(2 * yen);
      return '';
    }
    case 3:
    case 4:
      return order(world, obvious, random, code, at);
    default: {
      const open = [...obvious.reserved.keys()];
      if (open.length === 0) return '';
      const id = open[random.int(open.length)];
      const { listing, side, leavesQty, price } = orderOfDesk(desk, id);
      const of = codes.find((one) => listings[one] === listing) ?? 'USD';
      if (random.int(3) === 0) {
        close(desk, id);
        obvious.reserved.delete(id);
        return '';
      }
      const qty = 1 + random.int(leavesQty);
      const wasReducing = obvious.reserved.get(id) === 0n;
      fill(desk, id, qty, price, at);
      obvious.book(of, side === 'buy' ? BigInt(qty) : -BigInt(qty), BigInt(price));
      if (qty === leavesQty) obvious.reserved.delete(id);
      else if (!wasReducing) obvious.reserved.set(id, obvious.toDollars(BigInt(leavesQty - qty) * BigInt(price) * 10_000n, of, true));
      return row < 0 ? 'no row' : '';
    }
  }
}

/** Buys alone open here, sells alone close: which side an order is on says whether it reserves. */
function order({ desk, row, listings }: World, obvious: Obvious, random: Prng, code: Code, at: number): string {
  const held = obvious.position(code);
  const open = [...obvious.reserved.keys()].map((id) => orderOfDesk(desk, id)).filter(({ listing }) => listing === listings[code]);
  // who sells and buys in one listing would trade with himself
  if (open.some(({ side }) => side === 'sell')) return '';
  const selling = held > 0n && random.int(2) === 0 && open.length === 0;
  const qty = selling ? 1 + random.int(Number(held)) : 1 + random.int(code === 'JPY' ? 20_000 : 200);
  const price = Number(obvious.mid[code] / 2n);
  const wanted = {
    ...plainOrder,
    listing: listings[code],
    side: selling ? 'sell' : 'buy',
    orderQty: lots(qty),
    price: ticks(price),
  } as const;
  const more = selling ? 0n : obvious.toDollars(BigInt(qty) * BigInt(price) * 10_000n, code, true);
  const fits = obvious.used() + more <= 50_000n * e6;
  const id = send(desk, row, wanted, at);
  if ((id !== 0) !== (selling || fits))
    return `${code} ${qty} at ${price}: expected ${fits ? 'passes' : 'refused'}, was ${id} ${desk.risk.denial.code}`;
  if (id !== 0) obvious.reserved.set(id, more);
  return '';
}

describe.each([false, true])('a version that trades in several currencies (on paper: %s)', (simulated) => {
  it('uses and makes what plain numbers say, in its slice’s currency, after any mark, order and fill', () => {
    let refused = 0;
    for (let seed = 1; seed <= 40; seed++) {
      const world = createWorld(simulated);
      const { desk, row, listings, pairs } = world;
      const obvious = new Obvious();
      const random = prng(`foreign/${seed}`);
      for (const code of codes) {
        quote(desk, listings[code], 4_999, 5_001, 1);
        obvious.mid[code] = 10_000n;
      }
      quote(desk, pairs.EURUSD, 10_999, 11_001, 1);
      quote(desk, pairs.USDJPY, 1_399_999, 1_400_001, 1);
      obvious.rate.EUR = 22_000n;
      obvious.rate.JPY = 2_800_000n;
      for (let n = 0; n < 120; n++) {
        expect(step(world, obvious, random, 10 + n), `world ${seed}, step ${n}`).toBe('');
        const { gate, pnl } = desk.risk;
        const place = row * 2 + (simulated ? 1 : 0);
        const made = obvious.made();
        const seen = {
          reserved: moneyIn(simulated ? gate.paperReserved : gate.reserved, row),
          entry: moneyIn(simulated ? gate.paperCost : gate.entryCost, row),
          made: moneyIn(pnl.rowTotal, place),
          firm: simulated ? made : firmMade(desk),
          today: moneyIn(pnl.rowDay, place),
        };
        const reserved = obvious.used() - obvious.entry;
        expect(seen, `world ${seed}, step ${n}`).toEqual({ reserved, entry: obvious.entry, made, firm: made, today: made });
        if (desk.risk.denial.code === 'ALLOCATION_EXCEEDED') refused++;
      }
    }
    expect(refused).toBeGreaterThan(100);
  });

  it('opens nothing without a rate of now and closes what it has, counted at the last rate there was', () => {
    const world = createWorld(simulated);
    const { desk, row, listings, pairs } = world;
    const buy = { ...plainOrder, listing: listings.EUR, orderQty: lots(10), price: ticks(5_000) } as const;
    quote(desk, listings.EUR, 4_999, 5_001, 1);
    expect([ask(desk, row, buy, 2), desk.risk.denial.code]).toEqual(['denied', 'NO_FX_RATE']);
    quote(desk, pairs.EURUSD, 10_999, 11_001, 3);
    const id = send(desk, row, buy, 4);
    fill(desk, id, 10, 5_000, 5);
    quote(desk, listings.EUR, 4_899, 4_901, 6);
    const place = row * 2 + (simulated ? 1 : 0);
    // ten shares, a dollar ten lost on each
    expect(moneyIn(desk.risk.pnl.rowTotal, place)).toBe(-11n * e6);
    applyFeedNotice(desk.marks, { kind: 'feed', feed: 0, listing: pairs.EURUSD, condition: 'gap', value: 0, text: '' });
    expect([ask(desk, row, { ...buy, orderQty: lots(1) }, 7), desk.risk.denial.code]).toEqual(['denied', 'NO_FX_RATE']);
    quote(desk, listings.EUR, 4_799, 4_801, 8);
    expect(moneyIn(desk.risk.pnl.rowTotal, place)).toBe(-22n * e6);
    expect(ask(desk, row, { ...buy, side: 'sell', price: ticks(4_800) }, 9)).toBe('passed');
    quote(desk, pairs.EURUSD, 11_999, 12_001, 10);
    expect(moneyIn(desk.risk.pnl.rowTotal, place)).toBe(-24n * e6);
  });
});

/** A desk in dollars with a version whose cap is all of its slice; everything costs 100.00, a euro a dollar. */
function createHedged(): World {
  const world = createWorld(false);
  const { desk, row, listings, pairs } = world;
  setRow(desk.risk.gate, row, { cap: moneyOf(desk, '100000', 'USD') });
  for (const listing of [listings.USD, listings.EUR, pairs.EURUSD]) quote(desk, listing, 9_999, 10_001, 1);
  return world;
}

const watched = {
  dailyLossBillionths: 1_000_000,
  lossAbsolute: null,
  drawdownBillionths: -1,
  errorRate: 0,
  consecutiveErrors: 0,
  latency: Infinity,
  tradesPerMinute: 0,
};

describe('a mark of a rate', () => {
  it('looks at no route of a row that trades in its own currency, however many there are', () => {
    const { desk, pairs, listings } = createWorld(false);
    const { exposure } = desk.risk;
    const slice = desk.risk.gate.rows[1].slice;
    for (let n = 0; n < 40; n++) {
      const row = addVersion(desk, slice, `2.${n}.0`);
      ask(desk, row, { ...plainOrder, listing: listings.USD, price: ticks(5_000) }, 1);
    }
    quote(desk, pairs.EURUSD, 10_999, 11_001, 2);
    let looked = 0;
    const counted = new Proxy(exposure.routes, {
      get(of, name) {
        if (typeof name === 'string' && /^\d+$/.test(name)) looked++;
        return Reflect.get(of, name) as unknown;
      },
    });
    Object.assign(exposure, { routes: counted });
    expect(exposure.routes.length).toBeGreaterThanOrEqual(40);
    quote(desk, pairs.EURUSD, 11_999, 12_001, 3);
    expect(looked).toBe(0);
  });

  it('finds the rows and routes that hang on rates as a walk over all of them does, in the same order', () => {
    for (let seed = 1; seed <= 20; seed++) {
      const world = createWorld(seed % 2 === 0);
      const { desk, listings, pairs } = world;
      const random = prng(`foreign rows/${seed}`);
      const rows = [world.row];
      for (const listing of [...Object.values(listings), ...Object.values(pairs)]) quote(desk, listing, 10_999, 11_001, 1);
      for (let n = 0; n < 60; n++) {
        if (random.int(6) === 0) rows.push(addVersion(desk, 0, `3.${n}.0`));
        const code = codes[random.int(5) === 0 ? 1 + random.int(2) : 0];
        ask(desk, rows[random.int(rows.length)], { ...plainOrder, listing: listings[code], price: ticks(11_000) }, 2 + n);
        if (random.int(3) !== 0) continue;
        quote(desk, pairs.EURUSD, 10_999, 11_001, 2 + n);
        const { routes } = desk.risk.exposure;
        const side = (route: (typeof routes)[number]): number => route.row * 2 + (route.simulated ? 1 : 0);
        const sides = [...new Set(routes.filter((route) => route.currency !== 0).map(side))];
        expect(desk.risk.foreign.sides).toEqual(sides);
        for (const one of sides)
          expect(desk.risk.foreign.ofSide.get(one)).toEqual(routes.filter((route) => side(route) === one).map(({ ix }) => ix));
      }
    }
  });
});

describe('a rate that moves', () => {
  it('takes a row to its daily loss, also where its total does not move by it', () => {
    const { desk, row, listings, pairs } = createHedged();
    const { risk } = desk;
    watchTerms(risk, row, watched);
    for (const listing of [listings.USD, listings.EUR]) {
      const id = send(desk, row, { ...plainOrder, listing, orderQty: lots(300), price: ticks(10_000) }, 1);
      fill(desk, id, 300, 10_000, 1);
    }
    quote(desk, listings.EUR, 10_999, 11_001, 2);
    startDay(risk, risk.sessions.calendarOf[listings.EUR]);
    startRowDay(risk, row);
    quote(desk, listings.USD, 11_999, 12_001, 3);
    judgeRow(risk, row, 3);
    // the euros lost today what they made before, 3,000; the dollars made 2,940
    quote(desk, listings.EUR, 9_999, 10_001, 4);
    quote(desk, listings.USD, 10_979, 10_981, 4);
    expect(judgeRow(risk, row, 4)).toBe(0);
    quote(desk, pairs.EURUSD, 10_199, 10_201, 5);
    const found = risk.monitors.findings.slice(0, judgeRow(risk, row, 5));
    expect(found.map(({ severity, rule, value, limit }) => [severity, rule, value, limit])).toEqual([
      ['breach', 'maxDailyLoss', 120_000_000, 100_000_000],
    ]);
  });

  it('CAP1 counts as an overdraft when an open order takes more of the slice by it, and its row can still be stopped', () => {
    const { desk, row, listings, pairs } = createHedged();
    const { gate } = desk.risk;
    const id = send(desk, row, { ...plainOrder, listing: listings.EUR, orderQty: lots(1_000), price: ticks(10_000) }, 1);
    quote(desk, pairs.EURUSD, 11_999, 12_001, 2);
    orderChanged(desk.risk, id, 999);
    expect(checkCapital(gate, 0)).toBe(true);
    expect(toBigInt(gate.slices[0].overdraft)).toBe(19_880n * e6);
    setRow(gate, row, { mode: 'CANCEL_ONLY' });
    close(desk, id);
    expect(toBigInt(gate.slices[0].overdraft)).toBe(0n);
  });
});
