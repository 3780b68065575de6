import { lots, ticks } from '../../src/base/units.ts';
import type { StrategyDefinition } from '../../src/ports/strategy.ts';
import { defineStrategy } from '../../src/strategies/define-strategy.ts';

export interface SoakVersion extends StrategyDefinition {
  /** It misbehaves after a while. */
  readonly bad: boolean;
}

/** Places an order far from the market at every second quote and takes it back at the next. */
function steady(n: number): SoakVersion {
  const definition = defineStrategy({
    name: 'steady',
    version: `1.0.${n}`,
    parameters: {},
    create: () => {
      let tag = 0;
      return {
        onQuote: (context, { listing, bid }) => {
          if (tag > 0) {
            context.cancel(tag);
            tag = 0;
          } else tag = context.place({ listing, side: 'buy', ordType: 'limit', orderQty: lots(1), price: ticks(bid - 20) });
        },
      };
    },
  });
  return { ...definition, bad: false };
}

/** Never returns from its third quote, or throws at it. */
function faulty(n: number): SoakVersion {
  const definition = defineStrategy({
    name: 'faulty',
    version: `1.0.${n}`,
    parameters: {},
    create: () => {
      let seen = 0;
      return {
        onQuote: () => {
          if (++seen < 3) return;
          if (n % 2 === 0) for (;;);
          throw new RangeError('planted');
        },
      };
    },
  });
  return { ...definition, bad: true };
}

export const soakStrategies: readonly SoakVersion[] = [
  ...Array.from({ length: 20 }, (_none, n) => steady(n)),
  ...Array.from({ length: 12 }, (_none, n) => faulty(n)),
];
