import type { ListingIx } from '../../domain/ids.ts';
import { makerSchema, type MakerState } from './maker.ts';

/** What 1.1.0 adds to the state of 1.0.0. */
export interface Losing {
  position: number;
  averagePx: number;
  addedAt: number;
  /** Own number of the order that adds to the loss; 0 = none works. */
  adding: number;
  /** And of the one that waits to get out even. */
  hoping: number;
}

export const doublingSchema = 'maker-doubling/1';

export interface DoublingState {
  readonly base: MakerState;
  readonly losing: readonly (readonly [ListingIx, Losing])[];
  readonly stubborn: boolean;
}

/** The part of either version's state that both have. */
export function makerStateOf(schema: string, state: unknown): MakerState {
  return schema === makerSchema ? (state as MakerState) : (state as DoublingState).base;
}

/** The state of 1.1.0; 1.0.0 knows of no losing inventory. */
export function doublingStateOf(schema: string, state: unknown): DoublingState {
  return schema === makerSchema ? { base: state as MakerState, losing: [], stubborn: false } : (state as DoublingState);
}
