import { lotsUnchecked, microsUnchecked, ticksUnchecked } from '../../base/units.ts';
import type { StrategyContext } from '../../ports/strategy.ts';
import { defineStrategy } from '../define-strategy.ts';

/** Makes two slips of the hand, one second after it may trade: a price with a digit too many, and the same order twice. For demonstrations and tests. */
export const clumsy100 = defineStrategy({
  name: 'clumsy',
  version: '1.0.0',
  parameters: {
    qty: { type: 'integer', default: 1, min: 1, max: 1_000_000, unit: 'lots', meaning: 'size of each order' },
    awayTicks: {
      type: 'integer',
      default: 20,
      min: 1,
      max: 1_000_000,
      unit: 'ticks',
      meaning: 'distance of the honest order below the best bid',
    },
  },
  create: (p) => {
    let slipped = false;
    const slip = (context: StrategyContext): void => {
      context.setTimer('slip', microsUnchecked(context.now + 1_000_000));
      const listing = context.universe[0];
      const book = context.book(listing);
      if (slipped || !book.valid || book.bidLevels === 0 || context.capital <= 0) return;
      slipped = true;
      const orderQty = lotsUnchecked(p.qty);
      const price = ticksUnchecked(book.bidPx(0) - p.awayTicks);
      context.place({
        listing,
        side: 'buy',
        ordType: 'limit',
        orderQty,
        price: ticksUnchecked(book.askPx(0) * 10),
        reason: 'a digit too many',
      });
      context.place({ listing, side: 'buy', ordType: 'limit', orderQty, price, reason: 'meant once' });
      context.place({ listing, side: 'buy', ordType: 'limit', orderQty, price, reason: 'meant once' });
    };
    return { onStart: (context) => context.setTimer('slip', microsUnchecked(context.now + 1_000_000)), onTimer: slip };
  },
});
