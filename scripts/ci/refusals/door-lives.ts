import { HttpLife } from './http-life.ts';
import { RequestLife } from './request-life.ts';
import { StateLife } from './state-life.ts';

const makers = { requests: RequestLife, http: HttpLife, states: StateLife } as const;

/** Lives at the doors of a desk: at its control socket, over HTTP, and of what runs on threads beside it. */
export const doorKinds = ['requests', 'http', 'states'] as const;
export type DoorKind = (typeof doorKinds)[number];

/** One life; '' or the first answer that is not what is due. */
export function livedAtDoor(kind: DoorKind, seed: number): Promise<string> {
  return new makers[kind](seed).run();
}
