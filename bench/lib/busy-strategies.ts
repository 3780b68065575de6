import { lots, ticks } from '../../src/base/units.ts';
import type { StrategyDefinition, StrategyContext } from '../../src/ports/strategy.ts';
import { defineStrategy } from '../../src/strategies/define-strategy.ts';

/** Quotes between two proposals of one strategy; the second takes the first one's order back. */
const every = 100;
/** Where the bad ones begin, quotes of their own. */
const after = { type: 'integer', default: 1_000, min: 1, max: 1e9, unit: 'quotes', meaning: 'quotes before it misbehaves' } as const;

/** Looks at each quote and now and then places an order far from the market, or takes it back. */
export function quoter(n: number): StrategyDefinition {
  return defineStrategy({
    name: 'quoter',
    version: `1.0.${n}`,
    parameters: {},
    create: () => {
      let [seen, tag, mean] = [0, 0, 0];
      return {
        onQuote: (context, quote) => {
          mean += (quote.bid - mean) * 0.01;
          if (++seen % every !== n % every) return;
          if (tag > 0 && context.order(tag) !== undefined) {
            context.cancel(tag);
            tag = 0;
            return;
          }
          tag = place(context, quote.listing, Math.round(mean) - 20 - (seen % 7));
        },
      };
    },
  });
}

function place(context: StrategyContext, listing: number, price: number): number {
  return context.place({ listing, side: 'buy', ordType: 'limit', orderQty: lots(1), price: ticks(price) });
}

const spinner = defineStrategy({
  name: 'spinner',
  version: '1.0.0',
  parameters: { after },
  create: ({ after: limit }) => {
    let seen = 0;
    return {
      onQuote: () => {
        if (++seen >= limit) for (;;);
      },
    };
  },
});

const leaker = defineStrategy({
  name: 'leaker',
  version: '1.0.0',
  parameters: { after },
  create: ({ after: limit }) => {
    const kept: number[][] = [];
    let seen = 0;
    return {
      onQuote: () => {
        if (++seen >= limit) kept.push(Array.from({ length: 4_000 }, (_none, i) => i * 1.5 + seen));
      },
    };
  },
});

export const quoters = 98;
export const busyStrategies: readonly StrategyDefinition[] = [...Array.from({ length: quoters }, (_none, n) => quoter(n)), spinner, leaker];
