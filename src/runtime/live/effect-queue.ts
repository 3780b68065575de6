import type { ClOrdID } from '../../domain/ids.ts';
import type { OrderEffect } from '../gateway.ts';
import type { RingWriter } from '../rings/ring.ts';
import { sendEffect, type Stamps } from './gateway-messages.ts';

/** Most effects that wait for room to the gateway: as many as the outbox may hold. */
export const maxWaitingEffects = 65_536;

interface Waiting {
  readonly effect: OrderEffect;
  readonly stamps: Stamps | undefined;
}

/** The way to the gateway. When its ring is full, what takes risk away goes before what adds some; only the cancel of an order that waits itself stays behind it. */
export class EffectQueue {
  readonly #ring: RingWriter;
  readonly #urgent: Waiting[] = [];
  readonly #orders: Waiting[] = [];
  /** Orders that wait. */
  readonly #unsent = new Set<ClOrdID>();

  constructor(ring: RingWriter) {
    this.#ring = ring;
  }

  get waiting(): number {
    return this.#urgent.length + this.#orders.length;
  }

  /** Sends it, or lets it wait for room. @throws RangeError at the limit. */
  send(effect: OrderEffect, stamps: Stamps | undefined): void {
    const order = effect.kind === 'send' || effect.kind === 'replace';
    // a question about an account is answered with the orders that left before it
    const adds = order || effect.kind === 'statement';
    const behind = effect.kind === 'cancel' && this.#unsent.has(effect.target);
    const before = adds || behind ? this.waiting : this.#urgent.length;
    if (before === 0 && sendEffect(this.#ring, effect, stamps)) {
      if (effect.reducing) this.#ring.publish();
      return;
    }
    if (this.waiting >= maxWaitingEffects) throw new RangeError(`effects to the gateway: expected at most ${maxWaitingEffects} waiting`);
    if (order) this.#unsent.add(effect.order.clOrdID);
    (adds || behind ? this.#orders : this.#urgent).push({ effect, stamps });
  }

  /** Sends what there is room for. */
  drain(): void {
    this.#drain(this.#urgent);
    if (this.#urgent.length === 0) this.#drain(this.#orders);
  }

  #drain(queue: Waiting[]): void {
    let sent = 0;
    for (; sent < queue.length && sendEffect(this.#ring, queue[sent].effect, queue[sent].stamps); sent++) {
      const { effect } = queue[sent];
      if (effect.kind === 'send' || effect.kind === 'replace') this.#unsent.delete(effect.order.clOrdID);
    }
    if (sent > 0) queue.splice(0, sent);
  }
}
