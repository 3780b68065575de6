import type { IdentitySession } from './session.ts';
import { IdentityWorld } from './world.ts';

/** What the uninterrupted run did, by the events taken. */
export interface Baseline {
  readonly orders: readonly string[];
  /** Places at which a run of one instant ends, in order. */
  readonly stops: readonly number[];
  readonly states: ReadonlyMap<number, string>;
}

/** The states must have been equal at so many instants in a row before a fork counts as the same from there on. */
const equalInARow = 8;

export function runBaseline(session: IdentitySession): Baseline {
  const world = new IdentityWorld(session);
  const stops: number[] = [];
  const states = new Map<number, string>();
  for (let taken = 0; taken < session.events.length; taken = world.taken) {
    world.runTo(taken + 1);
    stops.push(world.taken);
    states.set(world.taken, world.comparable());
  }
  world.finish();
  return { orders: world.orders, stops, states };
}

export interface ForkResult {
  /** '' or what differs. */
  readonly differs: string;
  readonly committed: boolean;
  /** Orders of the old version that changed hands, and its lots. */
  readonly adopted: number;
  readonly lots: number;
}

/** Swaps the version for its clone after `stop` events, and compares until the states have converged, or to the very end. */
export function runFork(session: IdentitySession, base: Baseline, stop: number, fullTail: boolean): ForkResult {
  const world = new IdentityWorld(session);
  world.runTo(stop);
  world.swap();
  let equal = 0;
  for (let at = stop; !fullTail && at < session.events.length && equal < equalInARow; at = world.taken) {
    world.runTo(at + 1);
    equal = world.committed && world.comparable() === base.states.get(world.taken) ? equal + 1 : 0;
  }
  if (equal < equalInARow) world.finish();
  const from = world.orders.findIndex((order, n) => order !== base.orders[n]);
  const short = equal < equalInARow && world.orders.length !== base.orders.length;
  const differs =
    from >= 0
      ? `order ${from + 1}: ${world.orders[from]}, was ${base.orders[from]}`
      : short
        ? `${world.orders.length} orders, were ${base.orders.length}`
        : world.refused;
  return { differs, committed: world.committed, ...world.handed };
}
