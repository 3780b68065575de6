import type { IdentitySession } from './session.ts';
import { IdentityWorld } from './world.ts';

/** What the uninterrupted run did, by the events taken. */
export interface Baseline {
  readonly orders: readonly string[];
  /** Places at which a run of one instant ends, in order. */
  readonly stops: readonly number[];
  readonly states: ReadonlyMap<number, string>;
}

/** The states must have been equal at so many instants in a row before a swap counts as the same from there on. */
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

/** Most swaps of one world. */
const mostSwaps = 9;

/**
 * Which swaps are made in one world: every instant of the session in one of them, and those of a world as far apart as they can be. At the first instant the version has
 * not begun: no swap is made there, and the others of its world would have nothing to take over from.
 */
export function forkPlans({ stops: [first, ...stops] }: Baseline): readonly (readonly number[])[] {
  const worlds = Math.ceil(stops.length / mostSwaps);
  return [[first], ...Array.from({ length: worlds }, (_, world) => stops.filter((_stop, i) => i % worlds === world))];
}

/**
 * Swaps the version for its clone after `stops` events, the clone for the next clone, and so on: each swap until the states have converged, and every order of the world to its very end.
 * One that has not converged at the next swap differs.
 */
export function runForks(session: IdentitySession, base: Baseline, stops: readonly number[]): readonly ForkResult[] {
  const world = new IdentityWorld(session, { swaps: stops.length });
  const results = stops.map((stop, n): ForkResult => {
    world.runTo(stop);
    world.swap();
    const next = stops[n + 1] ?? session.events.length;
    const isEqual = converges(world, base, next);
    if (n === stops.length - 1) world.finish();
    else {
      endStandby(world, stop, next);
      if (!isEqual && world.taken >= next) return { differs: `its state is another one up to event ${next}`, ...outcomeOf(world) };
    }
    return { differs: differenceOf(world, base, n === stops.length - 1), ...outcomeOf(world) };
  });
  return results;
}

/** Runs until the states were equal at so many instants in a row, at most to the next swap. */
function converges(world: IdentityWorld, base: Baseline, next: number): boolean {
  let equal = 0;
  while (world.taken < next && equal < equalInARow) {
    world.runTo(world.taken + 1);
    equal = world.committed && world.comparable() === base.states.get(world.taken) ? equal + 1 : 0;
  }
  return equal >= equalInARow;
}

/** From half of the way on, once the swap is watched no more: what stands by would work on paper beside all that follow. */
function endStandby(world: IdentityWorld, stop: number, next: number): void {
  world.runTo(Math.floor((stop + next) / 2));
  while (!world.finalized && world.taken < next) world.runTo(world.taken + 1);
  world.haltStandby();
}

function outcomeOf(world: IdentityWorld): Omit<ForkResult, 'differs'> {
  return { committed: world.committed, ...world.handed };
}

function differenceOf(world: IdentityWorld, base: Baseline, isOver: boolean): string {
  const from = world.orders.findIndex((order, n) => order !== base.orders[n]);
  if (from >= 0) return `order ${from + 1}: ${world.orders[from]}, was ${base.orders[from]}`;
  return isOver && world.orders.length !== base.orders.length ? `${world.orders.length} orders, were ${base.orders.length}` : world.refused;
}
