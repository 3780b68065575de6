import { lots, ticks } from '../../src/base/units.ts';
import type { StrategyDefinition } from '../../src/ports/strategy.ts';
import { defineStrategy } from '../../src/strategies/define-strategy.ts';
import { busyStrategies, quoter, quoters } from './busy-strategies.ts';

/** Open orders of the version that is rolled back, and how many it proposes at a time. */
export const restingOrders = 500;
const perQuote = 100;

/** Places its orders far below the market, each at a price of its own, and leaves them there. */
export const resting = defineStrategy({
  name: 'resting',
  version: '1.0.0',
  parameters: {
    orders: { type: 'integer', default: restingOrders, min: 1, max: restingOrders, unit: 'orders', meaning: 'orders that it keeps open' },
  },
  create: ({ orders }) => {
    let placed = 0;
    return {
      onQuote: (context, quote) => {
        // what it proposes while it warms up goes to a simulator
        if (context.capital === 0) return;
        // one that was denied, under a feed that was silent for a moment, is proposed again
        for (let n = Math.min(perQuote, orders - context.orders().length); n > 0; n--, placed++)
          context.place({
            listing: quote.listing,
            side: 'buy',
            ordType: 'limit',
            orderQty: lots(1),
            price: ticks(8_900 - (placed % 1_000)),
          });
      },
    };
  },
});

/** Never returns from its first quote. */
export const spinning = defineStrategy({
  name: 'spinning',
  version: '1.0.0',
  parameters: {},
  create: () => ({
    onQuote: () => {
      for (;;);
    },
  }),
});

/** 100 strategies that run together, the one that is rolled back among them, and the one that spins. */
export const rollbackStrategies: readonly StrategyDefinition[] = [...busyStrategies.slice(0, quoters), quoter(quoters), resting, spinning];
