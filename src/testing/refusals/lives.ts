import { CommandLife } from './command-life.ts';
import { OrderLife } from './order-life.ts';

export const lifeKinds = ['orders', 'commands'] as const;
export type LifeKind = (typeof lifeKinds)[number];

const orderSteps = 250;
const commandActions = 90;

/** One life; '' or the first answer that is not what is due. */
export function lived(kind: LifeKind, seed: number): string {
  return kind === 'orders' ? new OrderLife(seed).run(orderSteps) : new CommandLife(seed).run(commandActions);
}

/** The end of what was said: what was due, and what happened instead. */
export function shortly(said: string): string {
  const end = /(?:nothing|[A-Z_]+(?: [A-Z_]+)*) due.*$|[^:]*refused by [A-Z_]+, and something has changed$/.exec(said)?.[0] ?? said;
  return end.replaceAll('|', '/').slice(0, 110);
}
