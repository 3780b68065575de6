import type { StrategyDefinition } from '../../ports/strategy.ts';
import { defineStrategy } from '../define-strategy.ts';
import { takeState } from '../json-state.ts';
import { MeanReversion, meanReversionSchema } from './mean-reversion.ts';
import { meanReversionParameters, type EarningsDays } from './terms.ts';

/** Mean reversion that keeps away from the earnings dates it is given; without a calendar there is no such condition. */
export function meanReversionWith(earnings?: EarningsDays): StrategyDefinition {
  return defineStrategy({
    name: 'mean-reversion',
    version: '1.0.0',
    parameters: meanReversionParameters,
    create: (terms) => new MeanReversion(terms, earnings),
    migrate: (terms, fromSchema, bytes) =>
      takeState(meanReversionSchema, fromSchema, bytes, (state) => {
        const instance = new MeanReversion(terms, earnings);
        instance.restore(state);
        return instance;
      }),
  });
}

export const meanReversion100 = meanReversionWith();
