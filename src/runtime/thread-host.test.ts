import { expect, test } from 'vitest';
import { lots } from '../base/units.ts';
import { listingRows, quoteDelivery, request } from '../testing/hosts/host-world.ts';
import { counter } from '../testing/hosts/trying-strategies.ts';
import type { StrategyDefinition } from '../ports/strategy.ts';
import { ThreadHost, type Inheritance } from './thread-host.ts';
import { Context } from './strategy-context.ts';

const boom = (): never => {
  throw new Error('planted');
};

function heirs(): readonly (readonly [string, StrategyDefinition])[] {
  return [
    ['migrate throws', { ...counter, migrate: boom }],
    ['migrate refuses', { ...counter, migrate: () => ({ ok: false, error: 'unknown schema' }) }],
    ['adopt throws', { ...counter, migrate: () => ({ ok: true, value: { ...counter.create({}), adopt: boom } }) }],
    ['adopt answers nothing', { ...counter, migrate: () => ({ ok: true, value: { adopt: () => undefined as never } }) }],
  ];
}

function left(host: ThreadHost): Inheritance {
  const state = host.state(0);
  if (state === undefined) throw new Error('expected a state');
  const view = { books: [], listings: listingRows(1), tickValue: () => 1, lastPx: () => undefined, midTwice: () => 0 };
  return { carried: { ...new Context(view, 0, [0], 'row 0', 0).carry(), positions: [[0, lots(3)]] }, state };
}

test('an instance goes on from its predecessor, and begins anew, never by half, where its state is not taken', () => {
  const first = new ThreadHost(listingRows(1), () => 1);
  first.load(request(0, counter, [0]));
  first.deliver(quoteDelivery(1, 0, 100));
  const from = left(first);
  const second = new ThreadHost(listingRows(1), () => 1);
  expect(second.load(request(0, counter, [0]), from)).toEqual({ ok: true, anew: false });
  for (const [what, definition] of heirs()) {
    const host = new ThreadHost(listingRows(1), () => 1);
    expect([what, host.load(request(0, definition, [0]), from)]).toEqual([what, { ok: true, anew: true }]);
  }
});
