import type { ClOrdID } from '../../domain/ids.ts';
import type { OrderEffect } from '../gateway.ts';
import type { RingWriter } from '../rings/ring.ts';
import { sendEffect, type Stamps } from './gateway-messages.ts';

/** Most orders and questions about accounts that wait for room to the gateway: as many as the outbox may hold. What takes risk away has no limit of its own, see `keyOf`. */
export const maxWaitingEffects = 65_536;

interface Waiting {
  effect: OrderEffect;
  readonly stamps: Stamps | undefined;
}

/**
 * The way to the gateway. When its ring is full, what takes risk away goes before what adds some; only the cancel of an order that waits itself stays behind it, and a
 * release stays behind the orders that the kill before it has to meet.
 */
export class EffectQueue {
  readonly #ring: RingWriter;
  readonly #urgent: Waiting[] = [];
  readonly #orders: Waiting[] = [];
  /** Orders that wait. */
  readonly #unsent = new Set<ClOrdID>();
  /** What else waits, by what it is about. */
  readonly #byKey = new Map<string, Waiting>();

  constructor(ring: RingWriter) {
    this.#ring = ring;
  }

  get waiting(): number {
    return this.#urgent.length + this.#orders.length;
  }

  /** Sends it, or lets it wait for room. @returns false: an order, or a question, for which there is no place to wait; it does not leave. */
  send(effect: OrderEffect, stamps: Stamps | undefined): boolean {
    const order = effect.kind === 'send' || effect.kind === 'replace';
    // a question about an account is answered with the orders that left before it
    const adds = order || effect.kind === 'statement';
    const behind = (effect.kind === 'cancel' && this.#unsent.has(effect.target)) || (effect.kind === 'kill' && !effect.engaged);
    const before = adds || behind ? this.waiting : this.#urgent.length;
    if (before === 0 && sendEffect(this.#ring, effect, stamps)) {
      if (effect.reducing) this.#ring.publish();
      return true;
    }
    if (adds && this.waiting >= maxWaitingEffects) return false;
    if (order) this.#unsent.add(effect.order.clOrdID);
    const key = keyOf(effect);
    const same = key === '' ? undefined : this.#byKey.get(key);
    if (same !== undefined) {
      same.effect = effect;
      return true;
    }
    const waiting: Waiting = { effect, stamps };
    if (key !== '') this.#byKey.set(key, waiting);
    (adds || behind ? this.#orders : this.#urgent).push(waiting);
    return true;
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
      else this.#byKey.delete(keyOf(effect));
    }
    if (sent > 0) queue.splice(0, sent);
  }
}

/**
 * What a request is about: a later one about the same takes the place of one that waits, so that at most one waits for each open order, row, venue and latch of
 * the desk, which all have limits. '' = each stands for itself.
 */
function keyOf(effect: OrderEffect): string {
  switch (effect.kind) {
    case 'cancel':
      return `cancel ${effect.target} ${effect.term ?? 0}`;
    case 'query':
      return `query ${effect.clOrdID}`;
    case 'fence':
      return `fence ${effect.row}`;
    case 'massCancel':
    case 'dropSession':
    case 'deadMan':
      return `${effect.kind} ${effect.venue}`;
    case 'kill':
      return `${effect.engaged ? 'kill' : 'release'} ${effect.hold} ${effect.ix}`;
    case 'send':
    case 'replace':
    case 'statement':
      return '';
  }
}
