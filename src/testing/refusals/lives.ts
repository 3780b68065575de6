import { boundaryScenes, livedAtBoundary } from './boundary-life.ts';
import { CommandLife } from './command-life.ts';
import { OrderLife } from './order-life.ts';

export const lifeKinds = ['orders', 'commands', 'edges', 'boundary'] as const;
export type LifeKind = (typeof lifeKinds)[number];
/** Lives at the doors of a desk are of scripts/ci/refusals: they know its wiring. */
export type AnyLife = LifeKind | 'requests' | 'http' | 'states';

const orderSteps = 250;
const edgeSteps = 120;
const commandActions = 90;

/** Seeds, from 1 on, whose lives the tests run without a fault: nobody else need. */
export const livedInTests: Readonly<Record<LifeKind, number>> = { orders: 54, commands: 40, edges: 44, boundary: boundaryScenes.length };

/** One life; '' or the first answer that is not what is due. */
export function lived(kind: LifeKind, seed: number): string {
  switch (kind) {
    case 'orders':
      return new OrderLife(seed).run(orderSteps);
    case 'edges':
      return new OrderLife(seed, true).run(edgeSteps);
    case 'boundary':
      return livedAtBoundary(seed);
    case 'commands':
      return new CommandLife(seed).run(commandActions);
  }
}

/** The end of what was said: what was due, and what happened instead. */
export function shortly(said: string): string {
  const end = /(?:nothing|[A-Z_]+(?: [A-Z_]+)*) due.*$|[^:]*refused by [A-Z_]+, and something has changed$/.exec(said)?.[0] ?? said;
  // a file of one run is no name
  return end
    .replace(/\S*plimsoll-\w+-\w+\//g, 'D/')
    .replaceAll('|', '/')
    .replaceAll('\n', ' ')
    .slice(0, 110);
}
