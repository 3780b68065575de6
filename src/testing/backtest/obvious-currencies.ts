import type { BarSeries, BarSet, RateSeries } from '../../ports/backtest.ts';

/** What a scripted position does after a bar: a share of the equity, bps, long (+), short (-) or nothing held (0). */
export type Script = ReadonlyMap<string, ReadonlyMap<number, number>>;

/** Terms of a run of the second implementation; fees in 10^-8 of the notional, slippage alike. */
export interface ObviousTerms {
  readonly capital: bigint;
  readonly feeRate: bigint;
  readonly slippageRate: bigint;
}

export interface ObviousRun {
  /** `EUR EURO long 5 at 1.000000 to 2.000000: fees … pnl … in base …`, in the order of the exits. */
  readonly trades: readonly string[];
  readonly equity: readonly (readonly [number, bigint])[];
  /** By currency: what it made in itself, what that is worth at the end, and what of that rates made. */
  readonly currencies: ReadonlyMap<string, readonly [bigint, bigint, bigint]>;
  readonly fees: bigint;
  readonly traded: bigint;
}

const million = 1_000_000n;

/** a / b to the nearest whole number, ties to the even one; b > 0. */
export function nearest(a: bigint, b: bigint): bigint {
  const below = a >= 0n ? a / b : -((b - 1n - a) / b);
  const twice = 2n * (a - below * b);
  if (twice !== b) return twice < b ? below : below + 1n;
  return below % 2n === 0n ? below : below + 1n;
}

const minor: Readonly<Record<string, bigint>> = { JPY: million };

/** Whole units of money in the smallest fee. */
function feeUnitOf(currency: string): bigint {
  return minor[currency] ?? 10_000n;
}

interface Fill {
  left: bigint;
  readonly qty: bigint;
  readonly px: bigint;
  readonly fee: bigint;
  given: bigint;
  readonly buys: boolean;
}

interface Holding {
  readonly series: BarSeries;
  readonly currency: string;
  position: bigint;
  /** Signed lots that wait for the next open. */
  order: bigint;
  last: bigint;
  bar: number;
  readonly open: Fill[];
}

/** What is known of rates at a time: the last at or before it, looked for from the beginning each time. */
class Rates {
  readonly #rates: readonly RateSeries[];
  readonly #currencies: readonly string[];
  #at = -Infinity;

  constructor(rates: readonly RateSeries[], currencies: readonly string[]) {
    this.#rates = rates;
    this.#currencies = currencies;
  }

  goTo(at: number): void {
    this.#at = at;
  }

  convert(money: bigint, from: string, to: string): bigint {
    if (from === to) return money;
    const direct = this.#leg(money, from, to);
    if (direct !== undefined) return direct;
    for (const over of this.#currencies) {
      const first = this.#leg(money, from, over);
      const second = first === undefined ? undefined : this.#leg(first, over, to);
      if (second !== undefined) return second;
    }
    throw new Error(`no rate from ${from} to ${to}`);
  }

  #leg(money: bigint, from: string, to: string): bigint | undefined {
    for (const { base, quote, time, rate } of this.#rates) {
      if (!(base === from && quote === to) && !(base === to && quote === from)) continue;
      const known = time.findLastIndex((one) => one <= this.#at);
      if (known < 0) throw new Error(`no rate of ${base}${quote} at ${this.#at}`);
      const price = BigInt(rate[known]);
      return base === from ? nearest(money * price, million) : nearest(money * million, price);
    }
    return undefined;
  }
}

/** The scripted positions on plain arrays: no desk, no gate, no ledger, whole numbers alone. */
export class ObviousCurrencies {
  readonly #set: BarSet;
  readonly #script: Script;
  readonly #terms: ObviousTerms;
  readonly #rates: Rates;
  readonly #held: readonly Holding[];
  readonly #byID: readonly Holding[];
  readonly #cash = new Map<string, bigint>();
  readonly #trades: string[] = [];
  readonly #equity: (readonly [number, bigint])[] = [];
  readonly #worth = new Map<string, readonly [bigint, bigint]>();
  readonly #fromRates = new Map<string, bigint>();
  #fees = 0n;
  #traded = 0n;

  /** `currencies`: in the order in which the core was told of them. */
  constructor(set: BarSet, currencies: readonly string[], script: Script, terms: ObviousTerms) {
    this.#set = set;
    this.#script = script;
    this.#terms = terms;
    this.#rates = new Rates(set.conversion?.rates ?? [], currencies);
    this.#held = set.series.map((series) => ({
      ...{ series, currency: series.currency ?? set.currency },
      ...{ position: 0n, order: 0n, last: 0n, bar: -1, open: [] },
    }));
    this.#byID = [...this.#held].sort((a, b) => (a.series.instrumentID < b.series.instrumentID ? -1 : 1));
    for (const currency of currencies) this.#cash.set(currency, 0n);
  }

  run(): ObviousRun {
    const times = [...new Set(this.#set.series.flatMap(({ closeTime }) => [...closeTime]))].sort((a, b) => a - b);
    // the session's date, where the bars say it
    const dayOf = (at: number): number => {
      const last = this.#set.series.findLast(({ closeTime }) => closeTime.includes(at));
      return last?.day?.[last.closeTime.indexOf(at)] ?? Math.floor(at / 86_400_000_000);
    };
    times.forEach((at, n) => {
      this.#rates.goTo(at);
      const now = this.#held.filter(({ series }) => series.closeTime.includes(at));
      for (const one of this.#byID) if (now.includes(one)) this.#fill(one, BigInt(one.series.open[one.bar + 1]));
      for (const one of now) one.last = BigInt(one.series.close[++one.bar]);
      for (const one of now) this.#decide(one);
      if (n + 1 === times.length || dayOf(times[n + 1]) !== dayOf(at)) this.#mark(at);
    });
    const made = (currency: string): readonly [bigint, bigint] => this.#worth.get(currency) ?? [0n, 0n];
    return {
      trades: this.#trades,
      equity: this.#equity,
      currencies: new Map(
        [...this.#cash.keys()].map((currency) => [currency, [...made(currency), this.#fromRates.get(currency) ?? 0n] as const]),
      ),
      fees: this.#fees,
      traded: this.#traded,
    };
  }

  #fill(one: Holding, open: bigint): void {
    if (one.order === 0n) return;
    const buys = one.order > 0n;
    const qty = buys ? one.order : -one.order;
    const { feeRate, slippageRate } = this.#terms;
    const whole = 100_000_000n;
    const px = nearest(open * (whole + (buys ? slippageRate : -slippageRate)), whole);
    const unit = feeUnitOf(one.currency);
    const fee = nearest(qty * px * feeRate, whole * unit) * unit;
    const cash = this.#cash.get(one.currency) ?? 0n;
    this.#cash.set(one.currency, cash - (buys ? qty * px : -qty * px) - fee);
    this.#fees += this.#rates.convert(fee, one.currency, this.#set.currency);
    const paid = this.#rates.convert(buys ? -qty * px : qty * px, one.currency, this.#set.currency);
    this.#traded += paid < 0n ? -paid : paid;
    one.position += one.order;
    one.order = 0n;
    this.#match(one, { left: qty, qty, px, fee, given: 0n, buys }, unit);
  }

  #match(one: Holding, fill: Fill, unit: bigint): void {
    while (fill.left > 0n && one.open.length > 0 && one.open[0].buys !== fill.buys) {
      const [entry] = one.open;
      const qty = entry.left < fill.left ? entry.left : fill.left;
      entry.left -= qty;
      fill.left -= qty;
      const fees = owed(entry, unit) + owed(fill, unit);
      const pnl = qty * (entry.buys ? fill.px - entry.px : entry.px - fill.px) - fees;
      const inBase = this.#rates.convert(pnl, one.currency, this.#set.currency);
      const side = entry.buys ? 'long' : 'short';
      this.#trades.push(`${one.currency} ${one.series.instrumentID} ${side} ${qty} ${entry.px}>${fill.px} ${fees} ${pnl} ${inBase}`);
      if (entry.left === 0n) one.open.shift();
    }
    if (fill.left > 0n) one.open.push(fill);
  }

  #decide(one: Holding): void {
    const share = this.#script.get(one.series.instrumentID)?.get(one.bar);
    if (share === undefined || one.order !== 0n) return;
    const equity = this.#rates.convert(this.#total().total, this.#set.currency, one.currency);
    const size = equity <= 0n ? 0n : (equity * BigInt(Math.abs(share))) / one.last / 10_000n;
    one.order = (share < 0 ? -size : size) - one.position;
  }

  #total(): { readonly total: bigint; readonly worth: ReadonlyMap<string, readonly [bigint, bigint]> } {
    const sums = new Map(this.#cash);
    for (const { currency, position, last } of this.#held) sums.set(currency, (sums.get(currency) ?? 0n) + position * last);
    const worth = new Map(
      [...sums].map(([currency, sum]) => [
        currency,
        [sum, sum === 0n ? 0n : this.#rates.convert(sum, currency, this.#set.currency)] as const,
      ]),
    );
    return { total: [...worth.values()].reduce((sum, [, inBase]) => sum + inBase, this.#terms.capital), worth };
  }

  #mark(at: number): void {
    for (const [currency, [had, inBase]] of this.#worth) {
      if (had === 0n || currency === this.#set.currency) continue;
      const moved = this.#rates.convert(had, currency, this.#set.currency) - inBase;
      this.#fromRates.set(currency, (this.#fromRates.get(currency) ?? 0n) + moved);
    }
    const { total, worth } = this.#total();
    for (const [currency, both] of worth) this.#worth.set(currency, both);
    this.#equity.push([at, total]);
  }
}

/** What a fill owes of its fee for what has been matched so far, less what was given before. */
function owed(fill: Fill, unit: bigint): bigint {
  const { left, qty, fee, given } = fill;
  const due = left === 0n ? fee : nearest(fee * (qty - left), qty * unit) * unit;
  fill.given = due;
  return due - given;
}
