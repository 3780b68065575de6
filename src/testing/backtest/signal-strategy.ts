import { lots, ticks } from '../../base/units.ts';
import type { Bar } from '../../domain/market.ts';
import type { BarSet } from '../../ports/backtest.ts';
import type { StrategyContext, StrategyDefinition } from '../../ports/strategy.ts';
import { defineStrategy } from '../../strategies/define-strategy.ts';

/** What a signal may look at: the bars that were delivered, per listing, the last one just now. */
export type Seen = readonly (readonly Bar[])[];
/** Lots to hold after the bar, or an order at a limit price. */
export type Wish = number | { readonly buyAt: number };
export type Signal = (seen: Seen, listing: number, context: StrategyContext) => Wish;

/** Makes a signal for the bars that are visible at a time. */
export type SignalMaker = (visible: BarSet, until: number) => Signal;

/** A strategy that holds what its signal says, by market orders; a wish with a price rests a limit order for one lot instead. */
export function signalStrategy(name: string, signal: Signal): StrategyDefinition {
  return defineStrategy({
    name,
    version: '1.0.0',
    parameters: {},
    create() {
      const seen: Bar[][] = [];
      const decide = (context: StrategyContext, listing: number): void => {
        const wish = signal(seen, listing, context);
        if (typeof wish === 'object') {
          if (Number.isFinite(wish.buyAt))
            context.place({ listing, side: 'buy', ordType: 'limit', orderQty: lots(1), price: ticks(Math.round(wish.buyAt)) });
          return;
        }
        const change = (Number.isFinite(wish) ? Math.round(wish) : 0) - context.position(listing);
        if (change === 0 || context.orders().some((order) => order.listing === listing)) return;
        context.place({ listing, side: change > 0 ? 'buy' : 'sell', ordType: 'market', orderQty: lots(Math.abs(change)) });
      };
      return {
        // a copy: whoever delivers bars may use the object again
        onBar: (_context, bar) => void (seen[bar.listing] ??= []).push({ ...bar }),
        group: (context, closeTime) => {
          for (const listing of context.universe) if (seen[listing]?.at(-1)?.eventTime === closeTime) decide(context, listing);
        },
      };
    },
  });
}

export const closesOf = (bars: readonly Bar[]): number[] => bars.map(({ close }) => close);
export const meanOf = (values: ArrayLike<number>): number => Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;
export function deviationOf(values: ArrayLike<number>): number {
  const center = meanOf(values);
  return Math.sqrt(meanOf(Array.from(values, (value) => (value - center) * (value - center))));
}
/** The value below which a share of the values lies. */
export function quantileOf(values: ArrayLike<number>, share: number): number {
  const ordered = Array.from(values).sort((a, b) => a - b);
  return ordered[Math.floor(share * (ordered.length - 1))];
}
