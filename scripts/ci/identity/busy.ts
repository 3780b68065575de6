import { err, ok } from '../../../src/base/result.ts';
import { lotsUnchecked, microsUnchecked, ticksUnchecked } from '../../../src/base/units.ts';
import type { StrategyContext, StrategyInstance } from '../../../src/ports/strategy.ts';
import { defineStrategy } from '../../../src/strategies/define-strategy.ts';
import { stateBytes, takeState } from '../../../src/strategies/json-state.ts';

interface BusyState {
  /** Quotes, prints and books heard. */
  seen: number;
  /** Working orders, oldest first. */
  tags: number[];
  /** Numbers of replacements, and of the orders that they are to replace. */
  replacing: [number, number][];
  /** What the fills did, so that a fill that is missed or heard twice changes every later order. */
  bought: number;
}

interface BusyTerms {
  readonly every: number;
  readonly share: number;
  readonly resting: boolean;
}

const schema = 'busy/1';

/** Trades as often as it can in every way that there is, by its own luck, its clock and what it has heard: nothing of its state may be lost unnoticed. */
export const busy100 = defineStrategy({
  name: 'busy',
  version: '1.0.0',
  parameters: {
    every: { type: 'integer', default: 12, min: 1, max: 1_000, unit: 'events', meaning: 'events between two actions' },
    resting: { type: 'boolean', default: true, meaning: 'whether it leaves orders in the book' },
    share: { type: 'number', default: 0.01, min: 0.0001, max: 1, unit: 'of the capital', meaning: 'size of an order' },
  },
  create: (p) => createBusy(p, { seen: 0, tags: [], replacing: [], bought: 0 }),
  migrate: (p, fromSchema, bytes) => takeState(schema, fromSchema, bytes, (state) => createBusy(p, state as BusyState)),
});

function createBusy(p: BusyTerms, state: BusyState): StrategyInstance {
  const hear = (context: StrategyContext): void => {
    state.seen++;
    if (state.seen % p.every === 0) act(context, state, p);
  };
  return {
    onStart: (context) => context.setTimer('beat', microsUnchecked(context.now + 200_000)),
    onTimer: (context) => {
      act(context, state, p);
      context.setTimer('beat', microsUnchecked(context.now + 150_000 + context.random.int(100_000)));
    },
    onQuote: hear,
    onTrade: hear,
    onBook: hear,
    onFill: (_context, fill) => {
      state.bought += fill.side === 'buy' ? fill.lastQty : -fill.lastQty;
      if (fill.leavesQty === 0) state.tags = state.tags.filter((tag) => tag !== fill.tag);
    },
    onOrder: (_context, { tag, ordStatus }) => {
      const [, replaced] = state.replacing.find(([replacement]) => replacement === tag) ?? [0, 0];
      state.replacing = state.replacing.filter(([replacement]) => replacement !== tag);
      if (ordStatus === 'replaced') state.tags = state.tags.map((one) => (one === replaced ? tag : one));
      if (['denied', 'canceled', 'rejected', 'expired', 'filled'].includes(ordStatus)) state.tags = state.tags.filter((one) => one !== tag);
    },
    exportState: () => stateBytes(schema, state),
    adopt: ({ orders }) => {
      const open = orders.map(({ tag }) => tag);
      const strange = orders.flatMap(({ tag, ordType }) => (ordType === 'limit' && !state.tags.includes(tag) ? [tag] : []));
      if (strange.length > 0) return err(strange.map((tag) => `order ${tag}: expected one of its own`));
      state.tags = state.tags.filter((tag) => open.includes(tag));
      return ok('accepted');
    },
  };
}

function act(context: StrategyContext, state: BusyState, { share, resting }: BusyTerms): void {
  const [listing] = context.universe;
  const book = context.book(listing);
  if (!book.valid || book.bidLevels === 0 || book.askLevels === 0 || context.capital <= 0) return;
  const qty = lotsUnchecked(Math.max(1, Math.floor((share * context.capital) / (book.bidPx(0) * context.tickValue(listing)))));
  const dice = context.random.int(10);
  const side = state.bought > 0 !== dice % 2 > 0 ? ('sell' as const) : ('buy' as const);
  const away = 1 + ((state.seen + context.random.int(4)) % 5);
  const price = ticksUnchecked(side === 'buy' ? book.bidPx(0) - away : book.askPx(0) + away);
  const oldest = state.tags.at(0);
  const known = oldest === undefined ? undefined : context.order(oldest);
  if (dice < 2 || (!resting && dice < 7)) {
    context.place({ listing, side, ordType: 'market', timeInForce: 'ioc', orderQty: qty, reason: 'now' });
  } else if (!resting) {
    return;
  } else if (oldest !== undefined && (dice < 5 || state.tags.length > 6)) {
    if (known?.ordStatus === 'new' || known?.ordStatus === 'partiallyFilled') context.cancel(oldest);
    state.tags = [...state.tags.slice(1), oldest];
  } else if (known?.ordStatus === 'new' && known.cumQty === 0 && dice < 6) {
    const moved = ticksUnchecked(known.price + (known.side === 'buy' ? -1 : 1));
    const terms = { listing, side: known.side, ordType: 'limit', orderQty: known.orderQty, price: moved } as const;
    state.replacing.push([context.replace(known.tag, terms), known.tag]);
    // the next one has its turn
    state.tags = [...state.tags.slice(1), known.tag];
  } else {
    state.tags.push(context.place({ listing, side, ordType: 'limit', orderQty: qty, price, reason: 'rests' }));
  }
}
