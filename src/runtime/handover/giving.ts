import type { EventSeq, RowIx } from '../../domain/ids.ts';
import type { Delivery, HandoverRequest, HostAnswer } from '../host-port.ts';
import type { Hearing } from './hearing.ts';
import { tagOf } from './hearing.ts';
import { HeldQueue, type HearFull } from './held-queue.ts';
import { exportedState, stateHashOf } from '../exported-state.ts';
import { thrownText } from '../thrown-text.ts';
import { faultOf, nameOf, Teller, type Hosted, type HostRows, type Parting } from './hosted.ts';

interface Stopped {
  readonly from: RowIx;
  readonly queue: HeldQueue;
}

/** The old version's side of hand-overs on its host: what it leaves, and what it missed if it goes on after all (rollout.md 3). */
export class Giving {
  readonly #rows: HostRows;
  readonly #hearing: Hearing;
  readonly #full: HearFull;
  readonly #stopped = new Map<number, Stopped>();
  readonly #still = new Set<RowIx>();

  constructor(rows: HostRows, hearing: Hearing, full: HearFull) {
    this.#rows = rows;
    this.#hearing = hearing;
    this.#full = full;
  }

  get active(): boolean {
    return this.#stopped.size > 0;
  }

  isStill(row: RowIx): boolean {
    return this.#still.has(row);
  }

  isStopped(swap: number): boolean {
    return this.#stopped.has(swap);
  }

  /** What the row would leave as it stands now; a sentence says why there is nothing. @throws what `exportState` throws. */
  part(row: RowIx): Parting | string {
    const giver = this.#rows.get(row);
    if (giver === undefined) return 'the old version is not on this host';
    const state = exportedState(giver.instance, giver.watermark);
    if (state === undefined) return `${nameOf(giver)} exports no state`;
    return { state, exported: stateHashOf(state), carried: giver.context.carry() };
  }

  /** Feeds it no more. @returns the last event that it has answered, or a sentence that says why not. */
  stop({ swap, from }: HandoverRequest): EventSeq | string {
    const giver = this.#rows.get(from);
    if (giver === undefined) return 'the old version is not on this host';
    this.#stopped.set(swap, { from, queue: new HeldQueue(swap, from, this.#full) });
    this.#still.add(from);
    this.#rows.refresh();
    return giver.watermark;
  }

  /** Keeps a copy of what a stopped version would have heard. @returns whether one of its own orders is waited with. */
  keep(delivery: Delivery): boolean {
    let kept = false;
    for (const { from, queue } of this.#stopped.values()) {
      if (!this.#concerns(from, delivery)) continue;
      queue.push(delivery);
      kept ||= delivery.kind === 'own';
    }
    return kept;
  }

  #concerns(from: RowIx, delivery: Delivery): boolean {
    switch (delivery.kind) {
      case 'market':
        return this.#rows.get(from)?.universe.has(delivery.event.listing) === true;
      case 'group':
        return true;
      case 'own':
        return delivery.event.row === from;
      case 'timer':
      case 'start':
        return false;
    }
  }

  /** Committed: it stands by with the simulator, or works off what it holds and hears of that. */
  release(request: HandoverRequest): readonly HostAnswer[] {
    const { swap, from, positions, openOrders, fromAuthority } = request;
    const queue = this.#thaw(swap);
    const giver = this.#rows.get(from);
    if (giver === undefined) return [];
    const handed = new Set(openOrders === 'adopt' ? giver.context.orders().map(({ tag }) => tag) : []);
    this.#rows.grant(giver, fromAuthority);
    if (positions !== 'drain') {
      return this.#standBy(giver, request);
    }
    this.#hearing.set(from, 'real');
    const { shift } = giver.context;
    if (openOrders === 'adopt') giver.context.leaveOrders();
    return this.#tell(giver, queue, (delivery) => delivery.kind !== 'own' || isOwnStill(delivery, from, shift, handed));
  }

  /** The commit is made: what it throws now is a fault of its own and keeps nothing from the new version. */
  #standBy(giver: Hosted, { from, paper }: HandoverRequest): readonly HostAnswer[] {
    giver.context.standBy(paper);
    this.#hearing.set(from, 'simulated');
    const positions = giver.context.carry().positions.map(([listing, position]) => ({ listing, position }));
    try {
      // what it does not take is its own loss: it only stands by
      this.#rows.watched(from, () => giver.instance.adopt?.({ positions, orders: [] }));
      return [];
    } catch (error) {
      return [faultOf(giver, thrownText(error))];
    }
  }

  /** Aborted: it hears what it missed, as if nothing had been. */
  giveBack({ swap, from, fromAuthority }: HandoverRequest): readonly HostAnswer[] {
    const queue = this.#thaw(swap);
    const giver = this.#rows.get(from);
    if (giver === undefined) return [];
    this.#rows.grant(giver, fromAuthority);
    return this.#tell(giver, queue, () => true);
  }

  /** What it missed and cannot be told is a fault: it would trade on what is not so. */
  #tell(giver: Hosted, queue: HeldQueue | undefined, wants: (delivery: Delivery) => boolean): readonly HostAnswer[] {
    if (queue === undefined) return [];
    if (queue.lost !== '') return [faultOf(giver, queue.lost)];
    const teller = new Teller(this.#rows);
    for (const delivery of queue.deliveries) if (wants(delivery)) teller.tell(giver, delivery);
    return teller.answers;
  }

  #thaw(swap: number): HeldQueue | undefined {
    const stopped = this.#stopped.get(swap);
    if (stopped === undefined) return undefined;
    this.#stopped.delete(swap);
    this.#still.delete(stopped.from);
    this.#rows.refresh();
    return stopped.queue;
  }
}

/** An event of its own that did not go over with an adopted order, and is not of its time with the simulator. What was filled before the commit is its own either way. */
function isOwnStill({ event }: Extract<Delivery, { kind: 'own' }>, from: RowIx, shift: number, handed: ReadonlySet<number>): boolean {
  return event.row === from && !event.simulated && (event.kind === 'ownFill' || !handed.has(tagOf(event) - shift));
}
