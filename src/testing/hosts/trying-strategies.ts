import { lots, micros, ticks } from '../../base/units.ts';
import { defineStrategy } from '../../strategies/define-strategy.ts';
import { stateBytes, takeState } from '../../strategies/json-state.ts';
import type { StrategyContext, StrategyInstance } from '../../ports/strategy.ts';

const after = {
  after: { type: 'integer', default: 10, min: 1, max: 1_000_000_000, unit: 'events', meaning: 'events before it misbehaves' },
} as const;

/** Proposes an order at each quote and counts; its state is the count. */
export class Counter implements StrategyInstance {
  count: number;
  constructor(count: number) {
    this.count = count;
  }
  onQuote(context: StrategyContext): void {
    this.count++;
    const [listing] = context.universe;
    context.place({ listing, side: 'buy', ordType: 'limit', orderQty: lots(this.count), price: ticks(100) });
  }
  exportState(): { readonly schema: string; readonly bytes: Uint8Array } {
    return stateBytes('counter/1', { count: this.count });
  }
  adopt(): { readonly ok: true; readonly value: 'accepted' } {
    return { ok: true, value: 'accepted' };
  }
}

export const counter = defineStrategy({
  name: 'counter',
  version: '1.0.0',
  parameters: {},
  create: () => new Counter(0),
  migrate: (_parameters, schema, bytes) =>
    takeState('counter/1', schema, bytes, (state) => new Counter((state as { count: number }).count)),
});

/** The same without a state to hand over. */
export const forgetful = defineStrategy({
  name: 'forgetful',
  version: '1.0.0',
  parameters: {},
  create: () => {
    const inner = new Counter(0);
    return {
      onStart: (context) => context.setTimer('look', micros(context.now + 1_000)),
      onQuote: (context) => inner.onQuote(context),
    };
  },
});

/** Never returns from its n-th quote. */
export const spinner = defineStrategy({
  name: 'spinner',
  version: '1.0.0',
  parameters: after,
  create: ({ after: limit }) => {
    let seen = 0;
    return {
      onQuote: () => {
        if (++seen >= limit) for (;;);
      },
    };
  },
});

/** Keeps a little more with every quote. */
export const leaker = defineStrategy({
  name: 'leaker',
  version: '1.0.0',
  parameters: after,
  create: ({ after: limit }) => {
    let seen = 0;
    const kept: number[][] = [];
    return {
      onQuote: () => {
        if (++seen >= limit) kept.push(Array.from({ length: 8_000 }, (_none, i) => i * 1.5 + seen));
      },
    };
  },
});

/** Throws at its n-th quote. */
export const thrower = defineStrategy({
  name: 'thrower',
  version: '1.0.0',
  parameters: after,
  create: ({ after: limit }) => {
    let seen = 0;
    return {
      onQuote: () => {
        if (++seen === limit) throw new RangeError('planted');
      },
    };
  },
});
