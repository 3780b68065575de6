import type { DailyBar } from './daily-bars.ts';
import { halfEven } from './daily-bars.ts';
import { ObviousBook, sum } from './obvious-money.ts';
import type { ObviousInput, ObviousRun, ObviousTerms } from './obvious-money.ts';

/** Order of one instrument; a stop becomes a market order once its price was touched. */
interface Order {
  readonly kind: 'entry' | 'stop' | 'exit';
  readonly reason: string;
  left: number;
  readonly stopPx: number;
  touched: boolean;
}

interface Instrument {
  readonly id: string;
  readonly bars: readonly DailyBar[];
  readonly indexOf: ReadonlyMap<string, number>;
  readonly bands: readonly ({ readonly lower: number; readonly upper: number } | undefined)[];
  readonly rsi: readonly (number | undefined)[];
  orders: Order[];
  /** Index of the bar of the first entry fill; -1 = none. */
  firstFill: number;
  lastClose: number;
}

/**
 * The section "Mean reversion" of backtest-semantics.md line by line, over plain arrays, one bar after the other, nothing shared with the engine.
 * Earnings dates are not known here.
 */
export function obviousMeanReversion(inputs: readonly ObviousInput[], terms: ObviousTerms): ObviousRun {
  const instruments = [...inputs].sort((a, b) => (a.id < b.id ? -1 : 1)).map(prepared);
  const dates = [...new Set(instruments.flatMap(({ bars }) => bars.map((bar) => bar.date)))].sort();
  const book = new ObviousBook(terms);
  const equity: { date: string; value: bigint }[] = [];
  for (const date of dates) {
    const today = instruments.filter((one) => one.indexOf.has(date));
    for (const one of today) fillOrders(one, one.indexOf.get(date) ?? -1, book);
    for (const one of today) one.lastClose = one.bars[one.indexOf.get(date) ?? -1].close;
    const value = instruments.reduce((total, one) => total + BigInt(book.position(one.id)) * BigInt(one.lastClose), book.cash);
    equity.push({ date, value });
    for (const one of today) decideExit(one, one.indexOf.get(date) ?? -1, book);
    decideEntries(instruments, today, date, value, book);
  }
  return { trades: book.trades, equity };
}

function prepared({ id, bars }: ObviousInput): Instrument {
  const closes = bars.map((bar) => bar.close / 1e6);
  const indexOf = new Map(bars.map((bar, i) => [bar.date, i]));
  return { id, bars, indexOf, bands: bollinger(closes, 20, 2), rsi: relativeStrength(closes, 14), orders: [], firstFill: -1, lastClose: 0 };
}

/** Market orders first, then stops, each kind in order of submission; stops that are placed here act from the next bar on. */
function fillOrders(one: Instrument, i: number, book: ObviousBook): void {
  const bar = one.bars[i];
  const share = Math.floor(bar.volume / 10);
  const atOpen = one.orders.filter((order) => order.kind !== 'stop' || order.touched);
  const stops = one.orders.filter((order) => order.kind === 'stop' && !order.touched);
  for (const order of atOpen) trade(one, i, order, Math.min(order.left, share), bar.open, book);
  for (const order of stops) {
    if (order.left === 0 || bar.low > order.stopPx) continue;
    order.touched = true;
    trade(one, i, order, Math.min(order.left, share), Math.min(bar.open, order.stopPx), book);
  }
  one.orders = one.orders.filter((order) => order.left > 0);
  if (book.position(one.id) === 0 && one.orders.length === 0) one.firstFill = -1;
}

function trade(one: Instrument, i: number, order: Order, qty: number, px: number, book: ObviousBook): void {
  if (qty === 0) return;
  const { date } = one.bars[i];
  order.left -= qty;
  book.fill(one.id, order.kind === 'entry' ? 'buy' : 'sell', qty, px, date, order.reason);
  if (order.kind === 'entry') {
    if (one.firstFill < 0) one.firstFill = i;
    one.orders.push({ kind: 'stop', reason: 'stop', left: qty, stopPx: halfEven(0.98 * px), touched: false });
  }
  if (order.kind === 'stop') for (const other of one.orders) if (other.kind === 'entry') other.left = 0;
}

function decideExit(one: Instrument, i: number, book: ObviousBook): void {
  const held = book.position(one.id);
  if (held === 0 || one.orders.some((order) => order.kind === 'exit')) return;
  const band = one.bands[i];
  const rsi = one.rsi[i];
  const reason =
    band !== undefined && one.bars[i].high / 1e6 >= band.upper
      ? 'band'
      : rsi !== undefined && rsi > 70
        ? 'rsi'
        : i - one.firstFill >= 5
          ? 'time'
          : undefined;
  if (reason !== undefined) one.orders = [{ kind: 'exit', reason, left: held, stopPx: 0, touched: false }];
}

function decideEntries(all: readonly Instrument[], today: readonly Instrument[], date: string, equity: bigint, book: ObviousBook): void {
  const busy = (one: Instrument): boolean => book.position(one.id) !== 0 || one.orders.length > 0;
  const free = 20 - all.filter(busy).length;
  const signals = today.flatMap((one) => {
    const i = one.indexOf.get(date) ?? -1;
    const qty = busy(one) ? 0 : entryQty(one, i, equity);
    return qty > 0 ? [{ one, qty, rsi: one.rsi[i] ?? 0 }] : [];
  });
  signals.sort((a, b) => a.rsi - b.rsi || (a.one.id < b.one.id ? -1 : 1));
  for (const { one, qty } of signals.slice(0, Math.max(0, free))) {
    one.orders.push({ kind: 'entry', reason: 'entry', left: qty, stopPx: 0, touched: false });
  }
}

/** Units to buy at the next open; 0 = no signal. */
function entryQty(one: Instrument, i: number, equity: bigint): number {
  const bar = one.bars[i];
  const band = one.bands[i];
  const rsi = one.rsi[i];
  if (i < 20 || band === undefined || rsi === undefined) return 0;
  const before = sum(one.bars.slice(i - 20, i).map(({ volume }) => volume));
  // volume > 1.5 x before / 20, in whole numbers
  if (bar.low / 1e6 > band.lower || rsi >= 30 || 40 * bar.volume <= 3 * before) return 0;
  const close = BigInt(bar.close);
  const byRisk = equity / (close * 2n);
  const byCap = equity / (close * 20n);
  return Number(byRisk < byCap ? byRisk : byCap);
}

/** Simple mean of the last n closes, k population deviations around it. */
function bollinger(closes: readonly number[], n: number, k: number): ({ lower: number; upper: number } | undefined)[] {
  return closes.map((_, t) => {
    if (t < n - 1) return undefined;
    const window = closes.slice(t - n + 1, t + 1);
    const mean = sum(window) / n;
    const deviation = Math.sqrt(sum(window.map((x) => (x - mean) * (x - mean))) / n);
    return { lower: mean - k * deviation, upper: mean + k * deviation };
  });
}

/** Wilder's, begun with the simple means of the first n gains and losses. */
function relativeStrength(closes: readonly number[], n: number): (number | undefined)[] {
  const values: (number | undefined)[] = [];
  let gain = 0;
  let loss = 0;
  closes.forEach((close, t) => {
    const change = t === 0 ? 0 : close - closes[t - 1];
    const up = Math.max(change, 0);
    const down = Math.max(-change, 0);
    if (t <= n) {
      gain += up / n;
      loss += down / n;
    } else {
      gain = (gain * (n - 1) + up) / n;
      loss = (loss * (n - 1) + down) / n;
    }
    values.push(t < n ? undefined : gain + loss === 0 ? 0 : (100 * gain) / (gain + loss));
  });
  return values;
}
