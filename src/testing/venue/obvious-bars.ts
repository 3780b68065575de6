/** One bar in plain numbers. */
export interface PlainBar {
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
}

export interface PlainOrder {
  readonly number: number;
  readonly type: 'market' | 'limit' | 'stop' | 'stopLimit' | 'bracket';
  readonly side: 'buy' | 'sell';
  readonly qty: number;
  readonly day: boolean;
  /** Limit of limit and stopLimit; of a bracket's entry, 0 = market. */
  readonly limit: number;
  readonly stop: number;
  /** Of a bracket. */
  readonly target: number;
}

/** [order, quantity, price]; a bracket's stop and target go by its number + 1 and + 2. */
export type PlainFill = readonly [number, number, number];

interface Held {
  qty: number;
  readonly boughtIn: number;
  /** Its stop was touched: it is for sale at the next open. */
  touched: boolean;
}

interface Working {
  readonly order: PlainOrder;
  left: number;
  triggered: boolean;
  /** Nothing more is entered. */
  over: boolean;
  /** What a bracket holds, one piece for each fill of its entry. */
  readonly held: Held[];
}

/**
 * Orders on the bars of one instrument as one would write the rules on paper: a bracket keeps a piece for each fill of its entry, each with a stop and a
 * target from the next bar on; its stop and its target each take one share of a bar.
 */
export class ObviousBars {
  readonly #working: Working[] = [];
  readonly #shareBps: number;
  #bar = 0;

  /** `shareBps`: of a bar's volume that one order takes. */
  constructor(shareBps: number) {
    this.#shareBps = shareBps;
  }

  place(order: PlainOrder): void {
    this.#working.push({ order, left: order.qty, triggered: false, over: false, held: [] });
  }

  cancel(number: number): void {
    for (const one of this.#working) {
      if (one.order.number === number) one.over = true;
    }
  }

  /** Fills of the next bar, by order number. */
  meet(bar: PlainBar): PlainFill[] {
    this.#bar += 1;
    const share = Number((BigInt(bar.volume) * BigInt(this.#shareBps)) / 10_000n);
    const fills: PlainFill[] = [];
    for (const one of this.#working) {
      const atOpen = one.triggered
        ? one.order.type === 'stop'
        : one.order.type === 'market' || (one.order.type === 'bracket' && one.order.limit === 0);
      if (atOpen) this.#enter(one, bar, share, fills);
      const held = one.held.filter((piece) => piece.boughtIn < this.#bar);
      const left = share - this.#exitAtOpen(one, held, bar, share, fills);
      if (!atOpen) this.#enter(one, bar, share, fills);
      this.#exitWithin(one, held, bar, left, share, fills);
      if (one.order.day) one.over = true;
    }
    return fills.sort((a, b) => a[0] - b[0]);
  }

  #enter(one: Working, bar: PlainBar, share: number, fills: PlainFill[]): void {
    if (one.over) return;
    const { order } = one;
    const price = this.#entryPrice(one, bar);
    const qty = Math.min(one.left, share);
    if (price === undefined || qty === 0) return;
    one.left -= qty;
    fills.push([order.number, qty, price]);
    if (order.type === 'bracket') one.held.push({ qty, boughtIn: this.#bar, touched: false });
  }

  #entryPrice(one: Working, bar: PlainBar): number | undefined {
    const { type, side, limit, stop } = one.order;
    switch (type) {
      case 'market':
        return bar.open;
      case 'bracket':
        return limit === 0 ? bar.open : limitIn(bar, side, limit);
      case 'limit':
        return limitIn(bar, side, limit);
      case 'stop': {
        if (one.triggered) return bar.open;
        const price = stopIn(bar, side, stop);
        one.triggered = price !== undefined;
        return price;
      }
      case 'stopLimit': {
        if (one.triggered) return limitIn(bar, side, limit);
        one.triggered = stopIn(bar, side, stop) !== undefined;
        const fromTheOpen = side === 'buy' ? bar.open >= stop : bar.open <= stop;
        return one.triggered && fromTheOpen ? limitIn(bar, side, limit) : undefined;
      }
    }
  }

  /** What is left of a touched stop. @returns what it sold. */
  #exitAtOpen(one: Working, held: readonly Held[], bar: PlainBar, room: number, fills: PlainFill[]): number {
    const touched = held.filter((piece) => piece.touched);
    return this.#exit(one, touched, 1, bar.open, room, fills);
  }

  /** The stop where it is touched, else the target; the stop has `left` of its share, the target all of its own. */
  #exitWithin(one: Working, held: readonly Held[], bar: PlainBar, left: number, share: number, fills: PlainFill[]): void {
    if (one.order.type !== 'bracket') return;
    const side = one.order.side === 'buy' ? 'sell' : 'buy';
    const waiting = held.filter((piece) => !piece.touched);
    const stopPx = stopIn(bar, side, one.order.stop);
    const targetPx = limitIn(bar, side, one.order.target);
    if (stopPx !== undefined) {
      for (const piece of waiting) piece.touched = true;
      this.#exit(one, waiting, 1, stopPx, left, fills);
    } else if (targetPx !== undefined) {
      this.#exit(one, waiting, 2, targetPx, share, fills);
    }
  }

  /** Once something was sold there is no more entry. */
  #exit(one: Working, pieces: readonly Held[], child: 1 | 2, price: number, room: number, fills: PlainFill[]): number {
    const qty = Math.min(room, total(pieces));
    if (qty === 0) return 0;
    one.over = true;
    fills.push([one.order.number + child, qty, price]);
    take(pieces, qty);
    return qty;
  }
}

function total(pieces: readonly Held[]): number {
  return pieces.reduce((sum, piece) => sum + piece.qty, 0);
}

function take(pieces: readonly Held[], qty: number): void {
  let left = qty;
  for (const piece of pieces) {
    const part = Math.min(left, piece.qty);
    piece.qty -= part;
    left -= part;
  }
}

function limitIn(bar: PlainBar, side: 'buy' | 'sell', limit: number): number | undefined {
  const reached = side === 'buy' ? bar.low <= limit : bar.high >= limit;
  if (!reached) return undefined;
  return side === 'buy' ? Math.min(bar.open, limit) : Math.max(bar.open, limit);
}

function stopIn(bar: PlainBar, side: 'buy' | 'sell', stop: number): number | undefined {
  const touched = side === 'buy' ? bar.high >= stop : bar.low <= stop;
  if (!touched) return undefined;
  return side === 'buy' ? Math.max(bar.open, stop) : Math.min(bar.open, stop);
}
