import type { RowIx } from '../../domain/ids.ts';
import type { OwnEvent } from '../host-port.ts';
import type { Context } from '../strategy-context.ts';

/** After a swap the old version lives with the simulator, the new one with the venues: rows that took part hear of orders of one kind only. */
export type Heard = 'real' | 'simulated';

/** Which of their own orders rows hear of; a row that took part in no swap hears of all. */
export class Hearing {
  readonly #kinds = new Map<RowIx, Heard>();

  set(row: RowIx, kind: Heard): void {
    this.#kinds.set(row, kind);
  }

  /** The row was loaded anew or given up. */
  forget(row: RowIx): void {
    this.#kinds.delete(row);
  }

  hears({ row, simulated }: OwnEvent): boolean {
    const wanted = this.#kinds.get(row);
    return wanted === undefined || (wanted === 'simulated') === simulated;
  }
}

/** Takes an event of the core into a context, in the strategy's own numbers. @returns it as the strategy hears it. */
export function applyOwn(context: Context, event: OwnEvent): OwnEvent {
  const own = context.own(event);
  context.apply(own);
  return own;
}

/** Takes of a fill only what it left of the order: the lots are another's. */
export function applyRest(context: Context, event: Extract<OwnEvent, { kind: 'ownFill' }>): void {
  const own = context.own(event);
  if (own.kind === 'ownFill') context.progress(own.fill);
}

/** 0 = it is about no order. */
export const tagOf = (event: OwnEvent): number =>
  event.kind === 'ownFill' ? event.fill.tag : event.kind === 'ownUpdate' ? event.update.tag : 0;

/** The event as another row hears it, whose orders have numbers that are higher by `shift`. */
export function renumbered(event: OwnEvent, row: RowIx, shift: number): OwnEvent {
  if (event.kind === 'ownHolding') return { ...event, row };
  return event.kind === 'ownFill'
    ? { ...event, row, fill: { ...event.fill, tag: event.fill.tag + shift } }
    : { ...event, row, update: { ...event.update, tag: event.update.tag + shift } };
}
