import { err, ok, type Result } from '../../base/result.ts';
import { lotsUnchecked, microsUnchecked, ticksUnchecked, type Lots, type Ticks } from '../../base/units.ts';
import type { ListingIx } from '../../domain/ids.ts';
import type { Side } from '../../domain/order.ts';
import type { Adoption, OwnFill, OwnOrderUpdate, StrategyContext, StrategyInstance } from '../../ports/strategy.ts';
import { stateBytes } from '../json-state.ts';

/** How a maker quotes; quantities follow the capital so that every rung of the ladder trades in proportion. */
export interface MakerTerms {
  /** Fraction of the capital in one quote. */
  readonly quoteShare: number;
  /** Fraction of the capital that the inventory may reach before that side stops quoting. */
  readonly inventoryShare: number;
  /** Half spread in ticks beside the fair price. */
  readonly halfSpread: number;
  /** Ticks that the quotes lean against a full inventory. */
  readonly lean: number;
  /** Microseconds between looks at the market. */
  readonly refresh: number;
  /** Ticks that the fair price must move before quotes follow. */
  readonly tolerance: number;
  /** Fraction of the capital lost on the inventory at which it is closed; 0 = never. */
  readonly stopOut: number;
  /** Microseconds without quotes after a stop-out. */
  readonly pause: number;
}

/** What a maker knows of one listing. */
interface Book {
  readonly tags: Record<Side, number>;
  readonly prices: Record<Side, number>;
  /** Signed cost of the inventory in ticks x lots. */
  cost: number;
  position: number;
  exitTag: number;
  quietUntil: number;
}

/** What a maker exports: what it knows of each listing. */
export type MakerState = readonly (readonly [ListingIx, Book])[];

export const makerSchema = 'maker/1';

/** An instance that can be looked into: versions that build on it export its state with their own. */
export interface Maker extends StrategyInstance {
  state(): MakerState;
  adopt(adoption: Adoption): Result<'accepted', readonly string[]>;
}

/** Quotes both sides of every listing of its universe around the micro-price, leans against its inventory and closes it when it has lost too much. */
export function createMaker(terms: MakerTerms, state: MakerState = []): Maker {
  const books = new Map<ListingIx, Book>(state);
  const bookOf = (listing: ListingIx): Book => {
    let book = books.get(listing);
    if (book === undefined) {
      book = { tags: { buy: 0, sell: 0 }, prices: { buy: 0, sell: 0 }, cost: 0, position: 0, exitTag: 0, quietUntil: 0 };
      books.set(listing, book);
    }
    return book;
  };
  const look = (context: StrategyContext): void => {
    for (const listing of context.universe) quote(context, terms, listing, bookOf(listing));
    context.setTimer('look', microsUnchecked(context.now + terms.refresh));
  };
  return {
    onStart: (context) => context.setTimer('look', microsUnchecked(context.now + terms.refresh)),
    onTimer: look,
    onFill: (context, fill) => {
      const book = bookOf(fill.listing);
      countFill(book, fill);
      forget(book, fill.tag, fill.leavesQty === 0);
      if (stoppedOut(context, terms, fill.listing, book)) closeInventory(context, terms, fill.listing, book);
    },
    onOrder: (_context, update) => forgetEnded(books, update),
    state: () => [...books],
    exportState: () => stateBytes(makerSchema, [...books]),
    adopt: (adoption) => adoptInto(books, bookOf, adoption),
  };
}

/** Goes on from the inventory that its state knows, or from none; of its quotes and exits those that are still open. */
function adoptInto(
  books: ReadonlyMap<ListingIx, Book>,
  bookOf: (listing: ListingIx) => Book,
  { positions, orders }: Adoption,
): Result<'accepted', readonly string[]> {
  const held = new Map<ListingIx, number>(positions.map(({ listing, position }) => [listing, position]));
  const known = new Set([...books.values()].flatMap(({ tags, exitTag }) => [tags.buy, tags.sell, exitTag]));
  const faults: string[] = [];
  for (const [listing, position] of held) {
    const expected = books.get(listing)?.position ?? 0;
    if (position !== 0 && position !== expected)
      faults.push(`listing ${listing}: expected a position of 0 or ${expected}, was ${position}`);
  }
  for (const { tag, side, ordType } of orders)
    if (!known.has(tag)) faults.push(`order ${tag}: expected a quote or an exit of its own, was ${side} ${ordType}`);
  if (faults.length > 0) return err(faults);
  const open = new Set(orders.map(({ tag }) => tag));
  for (const [listing, book] of books) {
    for (const tag of [book.tags.buy, book.tags.sell, book.exitTag]) if (tag !== 0 && !open.has(tag)) forget(book, tag, true);
    if ((held.get(listing) ?? 0) === 0) Object.assign(bookOf(listing), { position: 0, cost: 0 });
  }
  return ok('accepted');
}

function countFill(book: Book, fill: OwnFill): void {
  const signed = fill.side === 'buy' ? fill.lastQty : -fill.lastQty;
  const closing = book.position !== 0 && book.position > 0 !== signed > 0 ? Math.min(Math.abs(signed), Math.abs(book.position)) : 0;
  if (closing > 0) {
    book.cost -= (book.cost * closing) / Math.abs(book.position);
    book.position += signed > 0 ? closing : -closing;
  }
  const opening = signed > 0 ? signed - closing : signed + closing;
  book.cost += opening * fill.lastPx;
  book.position += opening;
  if (book.position === 0) book.cost = 0;
}

function forget(book: Book, tag: number, done: boolean): void {
  if (!done) return;
  for (const side of ['buy', 'sell'] as const) if (book.tags[side] === tag) book.tags[side] = 0;
  if (book.exitTag === tag) book.exitTag = 0;
}

function forgetEnded(books: ReadonlyMap<ListingIx, Book>, update: OwnOrderUpdate): void {
  switch (update.ordStatus) {
    case 'denied':
    case 'rejected':
    case 'canceled':
    case 'expired':
    case 'filled':
      for (const book of books.values()) forget(book, update.tag, true);
      return;
    case 'pendingNew':
    case 'new':
    case 'partiallyFilled':
    case 'pendingCancel':
    case 'pendingReplace':
    case 'doneForDay':
    case 'suspended':
    case 'unknown':
    case 'cancelRejected':
    case 'replaced':
      return;
  }
}

/** Loss on the inventory at the middle, as a fraction of the capital. */
function inventoryLoss(context: StrategyContext, listing: ListingIx, book: Book): number {
  const view = context.book(listing);
  if (book.position === 0 || context.capital <= 0 || !view.valid) return 0;
  const middle = (view.bidPx(0) + view.askPx(0)) / 2;
  return ((book.cost - book.position * middle) * context.tickValue(listing)) / context.capital;
}

function stoppedOut(context: StrategyContext, terms: MakerTerms, listing: ListingIx, book: Book): boolean {
  return terms.stopOut > 0 && inventoryLoss(context, listing, book) > terms.stopOut;
}

/** Takes both quotes back, sends the inventory to the market once, and stays away for a while. */
function closeInventory(context: StrategyContext, terms: MakerTerms, listing: ListingIx, book: Book): void {
  for (const side of ['buy', 'sell'] as const) withdraw(context, book, side);
  if (book.exitTag !== 0 || book.position === 0) return;
  book.quietUntil = context.now + terms.pause;
  book.exitTag = context.place({
    listing,
    side: book.position > 0 ? 'sell' : 'buy',
    ordType: 'market',
    timeInForce: 'ioc',
    orderQty: lotsUnchecked(Math.abs(book.position)),
    reduceOnly: true,
    reason: 'stop-out',
  });
}

function withdraw(context: StrategyContext, book: Book, side: Side): void {
  if (book.tags[side] === 0) return;
  context.cancel(book.tags[side]);
  book.prices[side] = 0;
}

function quote(context: StrategyContext, terms: MakerTerms, listing: ListingIx, book: Book): void {
  const view = context.book(listing);
  if (!view.valid || view.bidLevels === 0 || view.askLevels === 0 || context.capital <= 0) return;
  if (stoppedOut(context, terms, listing, book)) {
    closeInventory(context, terms, listing, book);
    return;
  }
  if (context.now < book.quietUntil) return;
  const bid = view.bidPx(0);
  const ask = view.askPx(0);
  const fair = (bid * view.askQty(0) + ask * view.bidQty(0)) / (view.bidQty(0) + view.askQty(0));
  const lotWorth = fair * context.tickValue(listing);
  const most = Math.floor((terms.inventoryShare * context.capital) / lotWorth);
  const size = lotsUnchecked(Math.floor((terms.quoteShare * context.capital) / lotWorth));
  if (size < 1 || most < 1) return;
  const lean = terms.lean * (book.position / most);
  side(context, terms, listing, book, 'buy', Math.min(Math.floor(fair - terms.halfSpread - lean), ask - 1), book.position >= most, size);
  side(context, terms, listing, book, 'sell', Math.max(Math.ceil(fair + terms.halfSpread - lean), bid + 1), book.position <= -most, size);
}

function side(
  context: StrategyContext,
  terms: MakerTerms,
  listing: ListingIx,
  book: Book,
  of: Side,
  wanted: number,
  full: boolean,
  size: Lots,
): void {
  if (full) {
    withdraw(context, book, of);
    return;
  }
  if (book.tags[of] !== 0) {
    // the old quote must be gone before a new one is sent: two on one side would double the inventory
    if (Math.abs(book.prices[of] - wanted) > terms.tolerance) withdraw(context, book, of);
    return;
  }
  const price: Ticks = ticksUnchecked(wanted);
  book.prices[of] = wanted;
  book.tags[of] = context.place({ listing, side: of, ordType: 'limit', orderQty: size, price, postOnly: true, reason: 'quote' });
}
