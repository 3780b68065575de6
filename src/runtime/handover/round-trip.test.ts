import { describe, expect, it } from 'vitest';
import { err, ok } from '../../base/result.ts';
import type { StrategyDefinition, StrategyInstance } from '../../ports/strategy.ts';
import { defineStrategy } from '../../strategies/define-strategy.ts';
import { stateBytes, takeState } from '../../strategies/json-state.ts';
import { maker100 } from '../../strategies/maker/maker-1.0.0.ts';
import { maker101 } from '../../strategies/maker/maker-1.0.1.ts';
import { maker110 } from '../../strategies/maker/maker-1.1.0.ts';
import { momentum210 } from '../../strategies/momentum/momentum-2.1.0.ts';
import { clumsy100 } from '../../strategies/clumsy/clumsy-1.0.0.ts';
import { stateFaults } from './round-trip.ts';

interface Count {
  readonly count: number;
}

const counting = (schema: string, state: Count): StrategyInstance => ({ exportState: () => stateBytes(schema, state) });

/** A version that keeps a count under a schema of its own and understands those of others; `take` makes its state of theirs. */
function version(
  name: string,
  schema: string,
  understood: readonly string[],
  take = (state: Count): Count => state,
  count = 7,
): StrategyDefinition {
  return defineStrategy({
    name: 'counter',
    version: name,
    parameters: {},
    create: () => counting(schema, { count }),
    migrate: (_parameters, from, bytes) => takeState(understood, from, bytes, (state) => counting(schema, take(state as Count))),
  });
}

const one = version('1.0.0', 'count/1', ['count/1', 'count/2']);
const two = version('2.0.0', 'count/2', ['count/1', 'count/2']);
const textsOf = (...offered: readonly StrategyDefinition[]): readonly string[] =>
  stateFaults(offered).map((fault) => `${fault.version}: ${fault.text}`);

describe('the round trip at registration', () => {
  it('is passed by every version that is built in, and by two versions that understand each other', () => {
    expect(textsOf(maker100, maker101, maker110, momentum210, clumsy100)).toEqual([]);
    expect(textsOf(one, two)).toEqual([]);
  });

  it('asks nothing of versions that export no state, nor of versions of other algorithms', () => {
    const stateless = defineStrategy({ name: 'counter', version: '0.9.0', parameters: {}, create: () => ({}) });
    expect(textsOf(stateless, one, stateless)).toEqual([]);
    expect(textsOf({ ...version('1.0.0', 'other/1', ['other/1']), name: 'other' }, one)).toEqual([]);
  });

  const spoiled = (change: Partial<StrategyDefinition>): StrategyDefinition => ({ ...two, ...change });
  it.each<readonly [string, readonly StrategyDefinition[], string]>([
    [
      'does not take its own state',
      [version('1.0.0', 'count/1', [])],
      '1.0.0: its own state of schema count/1 is refused: expected state of schema',
    ],
    [
      'loses a part of its own state',
      [version('1.0.0', 'count/1', ['count/1'], () => ({ count: 0 }))],
      '1.0.0: its own state comes back changed: 11 bytes, then 11, apart at byte 9',
    ],
    [
      'cannot go up',
      [one, version('2.0.0', 'count/2', ['count/2'])],
      '2.0.0: the state of 1.0.0 (count/1) is refused: expected state of schema count/2, was count/1',
    ],
    [
      'cannot go down',
      [version('1.0.0', 'count/1', ['count/1']), two],
      '2.0.0: 1.0.0 is the way back: its own state (count/2) is refused: expected state of schema count/1, was count/2',
    ],
    [
      'comes up as another state than went down',
      [
        version('1.0.0', 'count/1', ['count/1', 'count/2'], ({ count }) => ({ count: count === 7 ? 7 : 6 })),
        version('2.0.0', 'count/2', ['count/1', 'count/2'], ({ count }) => ({ count: count === 7 ? 8 : count }), 8),
      ],
      '2.0.0: a state that went down to 1.0.0 comes up changed: 11 bytes, then 11, apart at byte 9',
    ],
    [
      'throws in migrate',
      [
        one,
        spoiled({
          migrate: () => {
            throw new TypeError('planted');
          },
        }),
      ],
      '2.0.0: it threw: TypeError: planted',
    ],
    [
      'throws when it is made',
      [
        spoiled({
          create: () => {
            throw new RangeError('planted');
          },
        }),
      ],
      '2.0.0: it threw: RangeError: planted',
    ],
    ['answers no result', [one, spoiled({ migrate: () => undefined as never })], '2.0.0: it threw: TypeError'],
    [
      'exports what is no state',
      [spoiled({ create: () => ({ exportState: () => ({ schema: 'x', bytes: [1] as never }) }) })],
      'expected a schema and its bytes',
    ],
    [
      'exports too much',
      [spoiled({ create: () => ({ exportState: () => ({ schema: 'x', bytes: new Uint8Array(1_048_577) }) }) })],
      'expected at most 1048576 bytes, was 1048577',
    ],
    ['exports nothing after it took a state', [spoiled({ migrate: () => ok({}) })], 'there would be no way back'],
    ['refuses without a word', [spoiled({ migrate: () => err('') })], 'is refused'],
  ])('a version that %s is refused by name', (_what, offered, words) => {
    const texts = textsOf(...offered);
    expect(texts).toHaveLength(1);
    expect(texts[0]).toContain(words);
  });

  it('changes nothing for the versions beside it: the first ones stay good, each fault is its own', () => {
    const third = version('3.0.0', 'count/3', ['count/3']);
    expect(stateFaults([one, two, third]).map(({ version: of }) => of)).toEqual(['3.0.0']);
  });
});
