import type { RowIx } from '../../domain/ids.ts';
import type { Adoption, ParameterValues, StrategyDefinition } from '../../ports/strategy.ts';
import type { Delivery, HandoverRequest, HostAnswer } from '../host-port.ts';
import type { Carried, Context } from '../strategy-context.ts';
import { applyRest, renumbered, tagOf, type Hearing } from './hearing.ts';
import { HeldQueue, type HearFull } from './held-queue.ts';
import { refusalOf, stateHashOf } from '../exported-state.ts';
import { faultOf, hostedOf, nameOf, Teller, type Hosted, type HostRows, type Parting } from './hosted.ts';

/** What a host says of a step that it did: the hash of the state as it was taken; or why it did not. */
export type Taken = { readonly ok: true; readonly taken: string } | { readonly ok: false; readonly text: string };

interface Held {
  readonly from: RowIx;
  readonly to: RowIx;
  /** In a cutover the old version's own events wait too. */
  readonly cutover: boolean;
  /** It stands by and is woken: what waits is its own, and goes back to it when it stays in standby. */
  readonly waking: boolean;
  readonly queue: HeldQueue;
  staged: { readonly hosted: Hosted; readonly carried: Carried } | undefined;
}

interface Made {
  readonly hosted: Hosted;
  readonly carried: Carried;
  readonly before: Context;
  readonly taken: string;
}

/** The new version's side of hand-overs on its host: the instance that will go on, and what waits for it (rollout.md 3). */
export class Taking {
  readonly #rows: HostRows;
  readonly #hearing: Hearing;
  readonly #full: HearFull;
  readonly #held = new Map<number, Held>();
  readonly #still = new Set<RowIx>();

  constructor(rows: HostRows, hearing: Hearing, full: HearFull) {
    this.#rows = rows;
    this.#hearing = hearing;
    this.#full = full;
  }

  get active(): boolean {
    return this.#held.size > 0;
  }

  isStill(row: RowIx): boolean {
    return this.#still.has(row);
  }

  /** Feeds it no more: what comes from now on is for the instance that the old version's state is on its way to. */
  hold({ swap, from, to, verb }: HandoverRequest, cutover: boolean): void {
    const queue = new HeldQueue(swap, from, this.#full);
    this.#held.set(swap, { from, to, cutover, waking: verb === 'wake', queue, staged: undefined });
    this.#still.add(to);
    this.#rows.refresh();
  }

  /** @returns whether an event of an own order waits now. */
  keep(delivery: Delivery): boolean {
    let kept = false;
    for (const held of this.#held.values()) {
      if (!this.#concerns(held, delivery)) continue;
      held.queue.push(delivery);
      kept ||= delivery.kind === 'own';
    }
    return kept;
  }

  #concerns({ from, to, cutover }: Held, delivery: Delivery): boolean {
    switch (delivery.kind) {
      case 'market':
        return this.#rows.get(to)?.universe.has(delivery.event.listing) === true;
      case 'group':
        return true;
      case 'own':
        return delivery.event.row === to || (cutover && delivery.event.row === from);
      case 'timer':
      case 'start':
        return false;
    }
  }

  /** It goes on in shadow with the old version's state, as if it held the same. @returns what came of the events that waited. */
  sync(request: HandoverRequest, parting: Parting): { readonly said: Taken; readonly answers: readonly HostAnswer[] } {
    const { swap, to, paper, toAuthority } = request;
    const lost = this.#held.get(swap)?.queue.lost ?? '';
    const made = lost === '' ? this.#make(request, parting, 'transfer', 'cancel') : lost;
    // what waits is the present instance's then: it is told when the swap is dropped
    if (typeof made === 'string') return { said: { ok: false, text: made }, answers: [] };
    const queue = this.#thaw(swap)?.queue.deliveries ?? [];
    const { hosted, before, taken } = made;
    hosted.context.numberAbove(before.lastTag);
    hosted.context.standBy(paper);
    this.#rows.grant(hosted, toAuthority);
    this.#rows.put(hosted);
    this.#hearing.set(to, 'simulated');
    const teller = new Teller(this.#rows);
    for (const delivery of queue) if (delivery.kind !== 'own' || delivery.event.simulated) teller.tell(hosted, delivery);
    return { said: { ok: true, taken }, answers: teller.answers };
  }

  /** A dry run: up to it, and back down to the old version. */
  try(
    request: HandoverRequest,
    parting: Parting,
    giver: { readonly definition: StrategyDefinition; readonly parameters: ParameterValues },
  ): Taken {
    const made = this.#make(request, parting, request.positions, request.openOrders);
    if (typeof made === 'string') return { ok: false, text: made };
    const { hosted, taken } = made;
    const { instance } = hosted;
    const back = this.#rows.watched(request.to, () => instance.exportState?.());
    if (back === undefined) return { ok: false, text: `${nameOf(hosted)} exports no state: there would be no way back` };
    const returned = giver.definition.migrate(giver.parameters, back.schema, back.bytes.slice());
    return returned.ok ? { ok: true, taken } : { ok: false, text: `no way back: ${returned.error}` };
  }

  /** The instance that will go on, from the state at the watermark. */
  adopt(request: HandoverRequest, parting: Parting): Taken {
    const held = this.#held.get(request.swap);
    if (held?.cutover !== true) return { ok: false, text: 'the old version was not stopped on this host' };
    const made = this.#make(request, parting, request.positions, request.openOrders);
    if (typeof made === 'string') return { ok: false, text: made };
    this.#stage(request.swap, made);
    return { ok: true, taken: made.taken };
  }

  /** It stands by, and is fed no more: the instance that would trade goes on from its own state, without lots and orders. */
  wake(request: HandoverRequest, parting: Parting): Taken {
    this.hold(request, true);
    const carried = { ...parting.carried, imagined: [] };
    const made = this.#make(request, { ...parting, carried }, request.positions, request.openOrders);
    if (typeof made === 'string') return { ok: false, text: made };
    this.#stage(request.swap, made);
    return { ok: true, taken: made.taken };
  }

  #stage(swap: number, { hosted, carried }: Made): void {
    const held = this.#held.get(swap);
    if (held !== undefined) held.staged = { hosted, carried };
  }

  /** Committed: the row is the new instance's, and it hears everything since the watermark in its order. A sentence says why there is none. */
  take(request: HandoverRequest): readonly HostAnswer[] | string {
    const { swap, to, tagShift, toAuthority } = request;
    const held = this.#thaw(swap);
    if (held?.staged === undefined) return 'nothing was adopted on this host';
    if (held.queue.lost !== '') return held.queue.lost;
    const { hosted, carried } = held.staged;
    hosted.context.shift += tagShift;
    this.#rows.grant(hosted, toAuthority);
    this.#rows.put(hosted);
    this.#hearing.set(to, 'real');
    this.#rows.refresh();
    return this.#drain(request, held.queue.deliveries, hosted, carried);
  }

  /** Own events of what was not handed over are the old version's. */
  #drain(request: HandoverRequest, queue: readonly Delivery[], taker: Hosted, { orders, shift }: Carried): readonly HostAnswer[] {
    const { to, positions, tagShift } = request;
    const adopted = new Set(orders.map(({ tag }) => tag));
    const teller = new Teller(this.#rows);
    for (const delivery of queue) {
      if (delivery.kind !== 'own') {
        teller.tell(taker, delivery);
        continue;
      }
      const { event } = delivery;
      if (event.simulated) continue;
      if (event.row === to) {
        teller.tell(taker, delivery);
        continue;
      }
      const isItsOrders = adopted.has(tagOf(event) - shift);
      const taken = renumbered(event, to, tagShift);
      // filled before the commit: of lots that stay with the old version only the order's rest is its
      if (positions !== 'transfer' && isItsOrders && taken.kind === 'ownFill') applyRest(taker.context, taken);
      else if (positions === 'transfer' || isItsOrders) teller.tell(taker, { ...delivery, event: taken });
    }
    return teller.answers;
  }

  /** What the row's instance has by now. */
  carriedBy(row: RowIx): Carried | null {
    return this.#rows.get(row)?.context.carry() ?? null;
  }

  /** Aborted: after a cutover what waited is nobody's here; before the shadow the instance that was to be replaced goes on, and hears it, as does one that is not woken. */
  drop({ swap, toAuthority }: HandoverRequest): readonly HostAnswer[] {
    const held = this.#thaw(swap);
    const taker = held === undefined || (held.cutover && !held.waking) ? undefined : this.#rows.get(held.to);
    if (held === undefined || taker === undefined) return [];
    if (held.waking) this.#rows.grant(taker, toAuthority);
    if (held.queue.lost !== '') return [faultOf(taker, held.queue.lost)];
    const teller = new Teller(this.#rows);
    for (const delivery of held.queue.deliveries)
      if (delivery.kind !== 'own' || this.#hearing.hears(delivery.event)) teller.tell(taker, delivery);
    return teller.answers;
  }

  #thaw(swap: number): Held | undefined {
    const held = this.#held.get(swap);
    if (held === undefined) return undefined;
    this.#held.delete(swap);
    this.#still.delete(held.to);
    this.#rows.refresh();
    return held;
  }

  /** An instance that goes on from what the old version leaves; a sentence says why there is none. */
  #make(
    request: HandoverRequest,
    { state, carried: all }: Parting,
    positions: HandoverRequest['positions'],
    openOrders: HandoverRequest['openOrders'],
  ): Made | string {
    const before = this.#rows.get(request.to);
    if (before === undefined) return 'the new version is not on this host';
    const bytes = state.bytes.slice();
    const { definition } = before.request;
    const migrated = this.#rows.watched(request.to, () => definition.migrate(before.parameters, state.schema, bytes));
    if (!migrated.ok) return migrated.error;
    const instance = migrated.value;
    const carried = carriedAs(all, positions, openOrders);
    const refusal = this.#rows.watched(request.to, () => refusalOf(instance, adoptionOf(carried)));
    if (refusal !== '') return refusal;
    const context = this.#rows.newContext(before.request);
    context.restore(carried);
    const hosted = hostedOf(before.request, before.parameters, context, instance, state.eventSeq);
    return { hosted, carried, before: before.context, taken: stateHashOf({ ...state, bytes }) };
  }
}

/** What of a row goes over: all that its successor can go on from. */
export function carriedAs(carried: Carried, positions: HandoverRequest['positions'], openOrders: HandoverRequest['openOrders']): Carried {
  return {
    ...carried,
    positions: positions === 'transfer' ? carried.positions : [],
    orders: openOrders === 'adopt' ? carried.orders : [],
    replaces: openOrders === 'adopt' ? carried.replaces : [],
  };
}

function adoptionOf({ positions, orders }: Carried): Adoption {
  // what has filled and whose cancel the venue has yet to refuse can trade no more
  const working = orders.filter(({ leavesQty }) => leavesQty > 0);
  return { positions: positions.map(([listing, position]) => ({ listing, position })), orders: working };
}
