import type { ClOrdID, Seq } from '../domain/ids.ts';
import type { Effect } from '../domain/effect.ts';

/** Most effects that wait for the disk at one time; past it the sequencer stops taking inputs until the journal has caught up. */
export const maxHeldEffects = 65_536;

/**
 * Effects between a decision and the world. Reducing ones pass at once; the others wait until the record of their cause is durable.
 * Order is kept among the held ones; a reducing effect may overtake them, but for the cancel of an order that waits here itself: at the venue it would meet
 * nothing, and the order would come after it.
 */
export interface Outbox {
  /** Effects of the input `causeSeq`, whose last decision has the number `lastSeq`. */
  accept(lastSeq: Seq, effects: readonly Effect[]): void;
  /** Lets go what waits for records up to durableSeq. @returns how many left. */
  release(durableSeq: Seq): number;
  readonly held: number;
  readonly full: boolean;
}

export function createOutbox(leave: (effect: Effect) => void): Outbox {
  const waiting: { seq: Seq; effect: Effect }[] = [];
  let head = 0;
  /** Orders that wait. */
  const unsent = new Set<ClOrdID>();
  const hold = (seq: Seq, effect: Effect): void => {
    waiting.push({ seq, effect });
    if (effect.kind === 'send' || effect.kind === 'replace') unsent.add(effect.order.clOrdID);
  };
  const compact = (): void => {
    if (head === waiting.length) {
      waiting.length = 0;
      head = 0;
    } else if (head > 1024 && head * 2 > waiting.length) {
      waiting.splice(0, head);
      head = 0;
    }
  };
  return {
    accept(lastSeq, effects) {
      for (const effect of effects) {
        // it leaves with its order, whose record is all that it waits for
        if (effect.kind === 'cancel' && unsent.size > 0 && unsent.has(effect.target)) hold(waiting[waiting.length - 1].seq, effect);
        else if (effect.reducing) leave(effect);
        else hold(lastSeq, effect);
      }
    },
    release(durableSeq) {
      let left = 0;
      while (head < waiting.length && waiting[head].seq <= durableSeq) {
        const { effect } = waiting[head++];
        left++;
        if (effect.kind === 'send' || effect.kind === 'replace') unsent.delete(effect.order.clOrdID);
        leave(effect);
      }
      compact();
      return left;
    },
    get held() {
      return waiting.length - head;
    },
    get full() {
      return waiting.length - head >= maxHeldEffects;
    },
  };
}
