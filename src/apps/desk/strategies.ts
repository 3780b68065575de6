import { suggest } from '../../base/suggest.ts';
import type { StrategyDefinition } from '../../ports/strategy.ts';
import { clumsy100 } from '../../strategies/clumsy/clumsy-1.0.0.ts';
import { maker100 } from '../../strategies/maker/maker-1.0.0.ts';
import { meanReversion100 } from '../../strategies/mean-reversion/mean-reversion-1.0.0.ts';
import { momentum210 } from '../../strategies/momentum/momentum-2.1.0.ts';
import { movingAverage100 } from '../../strategies/moving-average/moving-average-1.0.0.ts';
import { pairs100 } from '../../strategies/pairs/pairs-1.0.0.ts';

/** Built-in strategies that decide on bars, and those that decide on books. */
export const barStrategies: readonly StrategyDefinition[] = [meanReversion100, pairs100, movingAverage100];
export const bookStrategies: readonly StrategyDefinition[] = [maker100, momentum210, clumsy100];

/** One of these by its name, or a sentence that names them. */
export function strategyNamed(name: string, among: readonly StrategyDefinition[]): StrategyDefinition | string {
  const found = among.find((one) => one.name === name);
  const names = among.map((one) => one.name);
  const others = [...barStrategies, ...bookStrategies].filter((one) => !among.includes(one));
  if (found === undefined && others.some((one) => one.name === name))
    return `strategy: expected one of ${names.join(', ')}, was ${name}, which decides on ${among === bookStrategies ? 'bars' : 'books'}`;
  return found ?? `strategy: expected one of ${names.join(', ')}, was ${name}${suggest(name, names)}`;
}
