import type { StrategyDefinition } from '../../ports/strategy.ts';
import { maker100 } from '../../strategies/maker/maker-1.0.0.ts';

/** A maker that takes over from the built-in one, and one that never comes back from the fourth state that it is offered: shadow, two dry runs, cutover. */
const good: StrategyDefinition = { ...maker100, version: '1.1.0' };
let offered = 0;
const hangs: StrategyDefinition = {
  ...maker100,
  version: '1.2.0',
  migrate: (parameters, schema, bytes) => {
    if (++offered === 4) for (;;);
    return maker100.migrate(parameters, schema, bytes);
  },
};

export const makerClones: readonly StrategyDefinition[] = [good, hangs];
