import { describe, expect, it } from 'vitest';
import { lots } from '../../base/units.ts';
import type { StrategyInstance } from '../../ports/strategy.ts';
import { ScriptedContext } from '../../testing/backtest/scripted-context.ts';
import { pairs100 } from './pairs-1.0.0.ts';
import { createPair, leaveLeg } from './pair.ts';

function instanceOf(parameters = {}): StrategyInstance {
  const parsed = pairs100.parse(parameters);
  if (!parsed.ok) throw new Error(parsed.error.join());
  return pairs100.create(parsed.value);
}

describe('pairs', () => {
  it('starts on one pair after the other only', () => {
    for (const ids of [['A'], ['A', 'B', 'C'], []]) {
      expect(() => instanceOf().onStart?.(new ScriptedContext(ids))).toThrow(
        `universe: expected one or more pairs of different listings, was ${ids.length} listings`,
      );
    }
    expect(() => instanceOf().onStart?.(new ScriptedContext(['A', 'B', 'C', 'D']))).not.toThrow();
  });

  it('refuses windows that do not fit into the formation', () => {
    expect(() => instanceOf({ formation: 50 })).toThrow('window: expected at most the formation of 50 bars, was 60');
    expect(() => instanceOf({ formation: 60, changes: 60 })).toThrow('changes: expected less than the formation of 60 bars, was 60');
  });

  it('takes its state over and refuses that of another universe or formation', () => {
    const first = instanceOf();
    first.onStart?.(new ScriptedContext(['A', 'B']));
    const state = first.exportState?.() ?? { schema: '', bytes: new Uint8Array() };
    const parsed = pairs100.parse({});
    const next = pairs100.migrate(parsed.ok ? parsed.value : {}, state.schema, state.bytes);
    if (!next.ok) throw new Error(next.error);
    expect(() => next.value.onStart?.(new ScriptedContext(['A', 'B']))).not.toThrow();
    expect(() => next.value.onStart?.(new ScriptedContext(['A', 'B', 'C', 'D']))).toThrow(
      'universe: expected the listings 0,1 of the state',
    );
    const other = pairs100.parse({ formation: 100 });
    const refused = pairs100.migrate(other.ok ? other.value : {}, state.schema, state.bytes);
    expect(refused).toEqual({ ok: false, error: 'state of schema pairs/1: expected a formation of 100 bars, was 126' });
  });

  it('names what it cannot go on from', () => {
    const instance = instanceOf();
    const held = instance.adopt?.({ positions: [{ listing: 3, position: lots(7) }], orders: [] });
    expect(held).toEqual({ ok: false, error: ['listing 3: expected a state that knows its pair'] });
    instance.onStart?.(new ScriptedContext(['A', 'B']));
    const idle = instance.adopt?.({ positions: [{ listing: 1, position: lots(7) }], orders: [] });
    expect(idle).toEqual({ ok: false, error: ['listing 1: expected a position of 0 while idle, was 7'] });
    expect(instance.adopt?.({ positions: [{ listing: 1, position: lots(0) }], orders: [] })).toEqual({ ok: true, value: 'accepted' });
  });

  it('takes back what works on a leg before it closes what is held, on either side', () => {
    const context = new ScriptedContext(['A', 'B']);
    const { first, second } = createPair(0, 1);
    context.place({ listing: 0, side: 'sell', ordType: 'market', orderQty: lots(100) });
    context.fill(1, 60, 50_000_000);
    context.place({ listing: 1, side: 'buy', ordType: 'market', orderQty: lots(80) });
    context.fill(2, 80, 40_000_000);
    context.take();
    for (const leg of [first, second]) leaveLeg(context, leg, 'unwind', (order) => context.cancel(order.tag));
    expect(context.take()).toEqual(['cancel 1', '3 sell market 80 B: unwind']);
    context.end(1);
    for (const leg of [first, second]) leaveLeg(context, leg, 'unwind', (order) => context.cancel(order.tag));
    expect(context.take()).toEqual(['4 buy market 60 A: unwind']);
  });
});
