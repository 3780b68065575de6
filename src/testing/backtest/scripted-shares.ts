import { lotsUnchecked } from '../../base/units.ts';
import type { StrategyDefinition } from '../../ports/strategy.ts';
import { defineStrategy } from '../../strategies/define-strategy.ts';
import { lotsFor } from '../../strategies/sizing.ts';
import type { Script } from './obvious-currencies.ts';

/** Holds the shares of the equity that a script says, sized in the currency of each instrument; one order at a time and instrument. */
export function scriptedShares(script: Script): StrategyDefinition {
  return defineStrategy({
    name: 'scripted-shares',
    version: '1.0.0',
    parameters: {},
    create: () => {
      const bars: number[] = [];
      const seen: { listing: number; close: number }[] = [];
      return {
        onBar: (_context, { listing, close }) => {
          bars[listing] = (bars[listing] ?? -1) + 1;
          seen.push({ listing, close });
        },
        group: (context) => {
          for (const { listing, close } of seen.splice(0).sort((a, b) => a.listing - b.listing)) {
            const share = script.get(context.listing(listing).instrumentID)?.get(bars[listing]);
            if (share === undefined || context.orders().some((order) => order.listing === listing && order.leavesQty > 0)) continue;
            const equity = context.equity(listing);
            if (equity === undefined) throw new RangeError(`equity in the currency of ${listing}: expected one, was none`);
            const size = lotsFor(equity, Math.abs(share), 10_000, close, context.moneyPerTickLot(listing));
            const change = Math.sign(share) * size - context.position(listing);
            if (change === 0) continue;
            const side = change > 0 ? 'buy' : 'sell';
            context.place({ listing, side, ordType: 'market', orderQty: lotsUnchecked(Math.abs(change)), reason: 'script' });
          }
        },
      };
    },
  });
}
