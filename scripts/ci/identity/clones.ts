import type { StrategyDefinition } from '../../../src/ports/strategy.ts';
import { maker100 } from '../../../src/strategies/maker/maker-1.0.0.ts';
import { busy100 } from './busy.ts';

/** Version of the clone that takes over at a session's n-th swap, from 0. */
export function cloneVersion(n: number): string {
  return `99.${n}.0`;
}

export function cloneOf(definition: StrategyDefinition, n: number): StrategyDefinition {
  return { ...definition, version: cloneVersion(n) };
}

/** What host threads load: the versions of the sessions, and their first clones. */
export const identityStrategies: readonly StrategyDefinition[] = [busy100, maker100].flatMap((one) => [one, cloneOf(one, 0)]);
