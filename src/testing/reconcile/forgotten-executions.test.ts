import { expect, it } from 'vitest';
import { prng } from '../../base/prng.ts';
import { micros } from '../../base/units.ts';
import { forgetExecs, rememberedSince } from '../../core/orders/exec-log.ts';
import { ComparedDesk } from './compared-desk.ts';
import { divergences } from './divergences.ts';

const minute = 60_000_000;

it('what is booked and forgotten here is not asked for again: nobody could tell that it was booked', () => {
  const world = new ComparedDesk(prng('forgotten'));
  const { desk, venue } = world;
  for (let n = 0; n < 12; n++) {
    const order = world.work();
    desk.say(venue.fill(order, order.orderQty, world.at));
    world.wait(minute);
  }
  divergences.conflictingFill(world);
  world.compare();
  const open = world.openBreaks();
  expect(open).toHaveLength(1);
  // a desk with many orders forgets within the day: its log of reports is a ring
  forgetExecs(desk.core.orders.execs, micros(world.at - 6 * minute));
  expect(rememberedSince(desk.core.orders.execs)).toBeGreaterThan(0);
  world.compare();
  expect(world.openBreaks()).toEqual(open);
  const asked = desk.turns.flatMap(({ effects }) => effects).filter((effect) => effect.kind === 'statement');
  expect(asked.at(-1)?.since).toBe(rememberedSince(desk.core.orders.execs) + minute);
});
