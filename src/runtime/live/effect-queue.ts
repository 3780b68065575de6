import type { ClOrdID } from '../../domain/ids.ts';
import type { OrderEffect } from '../gateway.ts';
import type { RingWriter } from '../rings/ring.ts';
import { sendEffect, type Stamps } from './gateway-messages.ts';

/** Most orders and questions about accounts that wait for room to the gateway: as many as the outbox may hold. What takes risk away has no limit of its own, see `keyOf`. */
export const maxWaitingEffects = 65_536;

interface Waiting {
  effect: OrderEffect;
  readonly stamps: Stamps | undefined;
  /** It waits elsewhere now: its place is empty. */
  moved: boolean;
}

/**
 * The way to the gateway. When its ring is full, what takes risk away goes before what adds some; only the cancel of an order that waits itself stays behind it, and a
 * release stays behind the orders that the kill before it has to meet. Once its order has left, such a cancel goes before everything else, too.
 */
export class EffectQueue {
  readonly #ring: RingWriter;
  readonly #urgent: Waiting[] = [];
  readonly #orders: Waiting[] = [];
  /** Orders that wait. */
  readonly #unsent = new Set<ClOrdID>();
  /** What else waits, by what it is about. */
  readonly #byKey = new Map<string, Waiting>();
  /** Empty places among the orders. */
  #moved = 0;

  constructor(ring: RingWriter) {
    this.#ring = ring;
  }

  get waiting(): number {
    return this.#urgent.length + this.#orders.length - this.#moved;
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
    const waiting: Waiting = { effect, stamps, moved: false };
    if (key !== '') this.#byKey.set(key, waiting);
    (adds || behind ? this.#orders : this.#urgent).push(waiting);
    return true;
  }

  /** Sends what there is room for. */
  drain(): void {
    if (!this.#drainUrgent()) return;
    let done = 0;
    while (done < this.#orders.length) {
      const waiting = this.#orders[done];
      if (waiting.moved) this.#moved -= 1;
      else if (!sendEffect(this.#ring, waiting.effect, waiting.stamps)) break;
      done += 1;
      if (!waiting.moved) this.#hasLeft(waiting);
      if (!this.#drainUrgent()) break;
    }
    this.#orders.splice(0, done);
  }

  /** @returns false: the ring is full. */
  #drainUrgent(): boolean {
    let sent = 0;
    for (; sent < this.#urgent.length; sent++) {
      const { effect, stamps } = this.#urgent[sent];
      if (!sendEffect(this.#ring, effect, stamps)) break;
      this.#byKey.delete(keyOf(effect));
    }
    this.#urgent.splice(0, sent);
    return this.#urgent.length === 0;
  }

  #hasLeft({ effect }: Waiting): void {
    if (effect.kind !== 'send' && effect.kind !== 'replace') {
      this.#byKey.delete(keyOf(effect));
      return;
    }
    const { clOrdID, term } = effect.order;
    this.#unsent.delete(clOrdID);
    this.#hurry(cancelKey(clOrdID, 0));
    this.#hurry(cancelKey(clOrdID, term));
  }

  /** What waited behind its order waits for room only from now on. */
  #hurry(key: string): void {
    const behind = this.#byKey.get(key);
    if (behind === undefined) return;
    behind.moved = true;
    this.#moved += 1;
    const urgent = { ...behind, moved: false };
    this.#byKey.set(key, urgent);
    this.#urgent.push(urgent);
  }
}

/**
 * What a request is about: a later one about the same takes the place of one that waits, so that at most one waits for each open order, row, venue and latch of
 * the desk, which all have limits. '' = each stands for itself.
 */
function keyOf(effect: OrderEffect): string {
  switch (effect.kind) {
    case 'cancel':
      return cancelKey(effect.target, effect.term ?? 0);
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

function cancelKey(target: ClOrdID, term: number): string {
  return `cancel ${target} ${term}`;
}
