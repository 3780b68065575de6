import { lots } from '../../base/units.ts';
import { lotsFor } from '../../strategies/sizing.ts';
import { defineStrategy } from '../../strategies/define-strategy.ts';

const bars = { type: 'integer', min: 1, max: 500, unit: 'bars', meaning: 'window' } as const;

/** Long while the mean of the last `fast` closes is above that of the last `slow` ones; refuses fast >= slow. Half the equity, first instrument. */
export const crossing = defineStrategy({
  name: 'crossing',
  version: '1.0.0',
  parameters: { fast: { ...bars, default: 5 }, slow: { ...bars, default: 20 } },
  create({ fast, slow }) {
    if (fast >= slow) throw new RangeError(`fast: expected less than slow ${slow}, was ${fast}`);
    const closes: number[] = [];
    return {
      onBar(context, bar) {
        if (bar.listing !== context.universe[0]) return;
        closes.push(bar.close);
        if (closes.length < slow || context.orders().length > 0) return;
        const mean = (count: number): number => closes.slice(-count).reduce((sum, value) => sum + value, 0) / count;
        const above = mean(fast) > mean(slow);
        const held = context.position(bar.listing);
        const equity = context.equity();
        if (above && held === 0 && equity !== undefined) {
          const orderQty = lots(lotsFor(equity, 1, 2, bar.close, context.moneyPerTickLot(bar.listing)));
          if (orderQty > 0) context.place({ listing: bar.listing, side: 'buy', ordType: 'market', orderQty, reason: 'entry' });
        } else if (!above && held > 0) {
          context.place({ listing: bar.listing, side: 'sell', ordType: 'market', orderQty: held, reduceOnly: true, reason: 'cross' });
        }
      },
    };
  },
});
