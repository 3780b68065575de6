import type { StrategyDefinition } from '../../../src/ports/strategy.ts';
import { maker100 } from '../../../src/strategies/maker/maker-1.0.0.ts';
import { busy100 } from './busy.ts';

export const cloneVersion = '99.0.0';

export function cloneOf(definition: StrategyDefinition): StrategyDefinition {
  return { ...definition, version: cloneVersion };
}

/** What host threads load: the versions of the sessions, and their clones. */
export const identityStrategies: readonly StrategyDefinition[] = [busy100, maker100].flatMap((one) => [one, cloneOf(one)]);
