import type { InstanceAuthority } from '../domain/effect.ts';
import type { EventSeq, ListingIx, RowIx } from '../domain/ids.ts';
import type { MarketEvent } from '../domain/market.ts';
import type { HandoverEvent, HandoverNotice } from '../domain/swap.ts';
import type { Adoption, ExportedState, ParameterValues, StrategyInstance } from '../ports/strategy.ts';
import { exportedState, refusalOf, stateHashOf } from './exported-state.ts';
import type { Delivery, HandoverReply, HandoverRequest, HostAnswer, HostFault, LoadRequest, OwnEvent } from './host-port.ts';
import type { Carried, Context } from './strategy-context.ts';
import { thrownText } from './thrown-text.ts';

/** Most deliveries that wait for the commit of one swap; at it the swap is aborted and the old version gets them all. */
export const maxQueuedDeliveries = 16_384;

/** One version on a host. */
export interface Hosted {
  readonly request: LoadRequest;
  readonly parameters: ParameterValues;
  readonly context: Context;
  readonly instance: StrategyInstance;
  readonly universe: ReadonlySet<ListingIx>;
  watermark: EventSeq;
  /** Itself: for what is told to one. */
  readonly alone: Hosted[];
}

export function hostedOf(
  request: LoadRequest,
  parameters: ParameterValues,
  context: Context,
  instance: StrategyInstance,
  watermark: EventSeq,
): Hosted {
  const hosted: Hosted = { request, parameters, context, instance, universe: new Set(request.universe), watermark, alone: [] };
  hosted.alone.push(hosted);
  return hosted;
}

/** What hand-overs need of the host that they happen in. */
export interface HostRows {
  get(row: RowIx): Hosted | undefined;
  /** Serves the row from now on, in the place of whoever served it. */
  put(hosted: Hosted): void;
  newContext(request: LoadRequest): Context;
  grant(hosted: Hosted, authority: InstanceAuthority): void;
  /** Runs the callback of a delivery for this one alone. */
  call(hosted: Hosted, delivery: Delivery): HostAnswer;
  /** Rows that are not fed have changed. */
  refresh(): void;
}

interface Frozen {
  readonly from: RowIx;
  readonly to: RowIx;
  readonly queue: Delivery[];
  staged: Hosted | undefined;
}

/** Hand-overs between versions of one host: who is not fed, what waits for them, and the instance that will go on (rollout.md 3). */
export class Handovers {
  readonly #rows: HostRows;
  readonly #frozen = new Map<number, Frozen>();
  readonly #still = new Set<RowIx>();
  /** Rows that took part in a swap hear of orders of this kind only. */
  readonly #hears = new Map<RowIx, 'real' | 'simulated'>();
  #overflows: number[] = [];

  constructor(rows: HostRows) {
    this.#rows = rows;
  }

  /** Whether anything is stopped. */
  get active(): boolean {
    return this.#frozen.size > 0;
  }

  isStill(row: RowIx): boolean {
    return this.#still.has(row);
  }

  overflows(): readonly number[] {
    if (this.#overflows.length === 0) return this.#overflows;
    const taken = this.#overflows;
    this.#overflows = [];
    return taken;
  }

  /** Whether a row is to hear of an order of its own: after a swap the old version lives with the simulator, the new one with the venues. */
  hears({ row, simulated }: OwnEvent): boolean {
    const wanted = this.#hears.get(row);
    return wanted === undefined || (wanted === 'simulated') === simulated;
  }

  /** A row was loaded anew or given up. */
  forget(row: RowIx): void {
    this.#hears.delete(row);
  }

  /** Keeps a copy of what a stopped version would have heard. @returns whether that was all there was to do. */
  keep(delivery: Delivery): boolean {
    let done = false;
    for (const [swap, frozen] of this.#frozen) {
      if (!this.#concerns(frozen, delivery)) continue;
      frozen.queue.push(copyOf(delivery));
      if (frozen.queue.length === maxQueuedDeliveries) this.#overflows.push(swap);
      if (frozen.queue.length > 2 * maxQueuedDeliveries)
        throw new RangeError(`swap ${swap}: expected its end before ${2 * maxQueuedDeliveries} deliveries wait`);
      done = delivery.kind === 'own' || delivery.kind === 'start';
    }
    return done;
  }

  #concerns({ from, to }: Frozen, delivery: Delivery): boolean {
    switch (delivery.kind) {
      case 'market':
        return this.#listens(from, delivery.event.listing) || this.#listens(to, delivery.event.listing);
      case 'group':
        return true;
      case 'own':
        return delivery.event.row === from || delivery.event.row === to;
      case 'timer':
      case 'start':
        return false;
    }
  }

  #listens(row: RowIx, listing: ListingIx): boolean {
    return this.#rows.get(row)?.universe.has(listing) === true;
  }

  handle(request: HandoverRequest): HandoverReply {
    try {
      switch (request.verb) {
        case 'sync':
          return this.#sync(request);
        case 'try':
          return this.#try(request);
        case 'stop':
          return this.#stop(request);
        case 'adopt':
          return this.#adopt(request);
        case 'commit':
          return this.#commit(request);
        case 'abort':
          return this.#abort(request);
      }
    } catch (error) {
      return refused(request, thrownText(error));
    }
  }

  /** The taker goes on in shadow with the giver's state, as if it held the same. */
  #sync(request: HandoverRequest): HandoverReply {
    const made = this.#make(request, 'transfer', 'cancel');
    if (typeof made === 'string') return refused(request, made);
    const { hosted, before, state, taken } = made;
    hosted.context.numberAbove(before.lastTag);
    hosted.context.standBy(request.paper);
    this.#rows.grant(hosted, request.toAuthority);
    this.#rows.put(hosted);
    this.#hears.set(request.to, 'simulated');
    return said(request, 'synced', request.to, state, taken);
  }

  /** A dry run: up to the taker, and back down to the giver. */
  #try(request: HandoverRequest): HandoverReply {
    const made = this.#make(request, request.positions, request.openOrders);
    if (typeof made === 'string') return refused(request, made);
    const { hosted, giver, state, taken } = made;
    const back = hosted.instance.exportState?.();
    if (back === undefined) return refused(request, `${nameOf(hosted)} exports no state: there would be no way back`);
    const returned = giver.request.definition.migrate(giver.parameters, back.schema, back.bytes.slice());
    if (!returned.ok) return refused(request, `no way back: ${returned.error}`);
    return said(request, 'accepted', request.to, state, taken);
  }

  #stop({ swap, from, to, ...request }: HandoverRequest): HandoverReply {
    const giver = this.#rows.get(from);
    if (giver === undefined) return refused({ swap, from, to, ...request }, 'the old version is not on this host');
    this.#frozen.set(swap, { from, to, queue: [], staged: undefined });
    this.#still.add(from).add(to);
    this.#rows.refresh();
    return { notice: { ...blank(swap, from), event: 'stopped', eventSeq: giver.watermark }, answers: [] };
  }

  /** The instance that will go on, from the state at the watermark. */
  #adopt(request: HandoverRequest): HandoverReply {
    const frozen = this.#frozen.get(request.swap);
    if (frozen === undefined) return refused(request, 'the old version was not stopped on this host');
    const made = this.#make(request, request.positions, request.openOrders);
    if (typeof made === 'string') return refused(request, made);
    frozen.staged = made.hosted;
    return said(request, 'adopted', request.to, made.state, made.taken);
  }

  #commit(request: HandoverRequest): HandoverReply {
    const { swap, from, to, positions } = request;
    const frozen = this.#thaw(swap);
    if (frozen?.staged === undefined) return refused(request, 'nothing was adopted on this host');
    const giver = this.#rows.get(from);
    const taker = frozen.staged;
    taker.context.shift += request.tagShift;
    this.#rows.grant(taker, request.toAuthority);
    this.#rows.put(taker);
    this.#hears.set(to, 'real');
    const faults: HostFault[] = [];
    if (giver !== undefined) {
      this.#rows.grant(giver, request.fromAuthority);
      if (positions === 'drain') this.#hears.set(from, 'real');
      else this.#standBy(giver, request, faults);
    }
    this.#rows.refresh();
    const answers = this.#drain(request, frozen.queue, taker, positions === 'drain' ? giver : undefined);
    return { notice: null, answers: faults.length === 0 ? answers : [...answers, { intents: [], faults, watermark: taker.watermark }] };
  }

  /** The commit is made: what the old version throws now is a fault of its own and keeps nothing from the new one. */
  #standBy(giver: Hosted, { from, paper }: HandoverRequest, faults: HostFault[]): void {
    giver.context.standBy(paper);
    this.#hears.set(from, 'simulated');
    const { positions } = giver.context.carry();
    try {
      // what it does not take is its own loss: it only stands by
      giver.instance.adopt?.({ positions: positions.map(([listing, position]) => ({ listing, position })), orders: [] });
    } catch (error) {
      faults.push({ row: from, event: 'exception', text: thrownText(error) });
    }
  }

  /** Everything since the watermark, in its order: to the new owner; own events of what was not handed over to the old one. */
  #drain(request: HandoverRequest, queue: readonly Delivery[], taker: Hosted, drained: Hosted | undefined): readonly HostAnswer[] {
    const answers: HostAnswer[] = [];
    const tell = this.#teller(answers);
    for (const delivery of queue) {
      if (delivery.kind !== 'own') {
        tell(taker, delivery);
        if (drained !== undefined) tell(drained, delivery);
        continue;
      }
      const { event } = delivery;
      if (event.simulated) continue;
      if (event.row === request.to) tell(taker, delivery);
      else if (request.positions === 'transfer' || taker.context.order(tagOf(event) + request.tagShift - taker.context.shift) !== undefined)
        tell(taker, { ...delivery, event: renumbered(event, request.to, request.tagShift) });
      else if (drained !== undefined) tell(drained, delivery);
    }
    return answers;
  }

  /** Tells a version what waited for it, up to the first callback that throws: nothing that it proposes after that comes before the word that it has thrown. */
  #teller(answers: HostAnswer[]): (hosted: Hosted, delivery: Delivery) => void {
    const fallen = new Set<Hosted>();
    return (hosted, delivery) => {
      if (fallen.has(hosted)) return;
      const answer = this.#rows.call(hosted, delivery);
      if (answer.faults.length > 0) fallen.add(hosted);
      answers.push(answer);
    };
  }

  /** The old version hears what it missed, as if nothing had been. */
  #abort({ swap, from, fromAuthority }: HandoverRequest): HandoverReply {
    const frozen = this.#thaw(swap);
    const giver = this.#rows.get(from);
    this.#rows.refresh();
    if (frozen === undefined || giver === undefined) return { notice: null, answers: [] };
    this.#rows.grant(giver, fromAuthority);
    const answers: HostAnswer[] = [];
    const tell = this.#teller(answers);
    for (const delivery of frozen.queue) {
      if (delivery.kind === 'own' && delivery.event.row !== from) continue;
      if (delivery.kind === 'market' && !giver.universe.has(delivery.event.listing)) continue;
      tell(giver, delivery);
    }
    return { notice: null, answers };
  }

  #thaw(swap: number): Frozen | undefined {
    const frozen = this.#frozen.get(swap);
    if (frozen === undefined) return undefined;
    this.#frozen.delete(swap);
    this.#still.delete(frozen.from);
    this.#still.delete(frozen.to);
    return frozen;
  }

  /** An instance of the taker that goes on from what the giver has; a sentence says why there is none. */
  #make(request: HandoverRequest, positions: HandoverRequest['positions'], openOrders: HandoverRequest['openOrders']): Made | string {
    const giver = this.#rows.get(request.from);
    const before = this.#rows.get(request.to);
    if (giver === undefined) return 'the old version is not on this host';
    if (before === undefined) return 'the new version is not on this host';
    const state = exportedState(giver.instance, giver.watermark);
    if (state === undefined) return `${nameOf(giver)} exports no state`;
    const bytes = state.bytes.slice();
    const migrated = before.request.definition.migrate(before.parameters, state.schema, bytes);
    if (!migrated.ok) return migrated.error;
    const carried = carriedBy(giver.context, positions, openOrders);
    const refusal = refusalOf(migrated.value, adoptionOf(carried));
    if (refusal !== '') return refusal;
    const context = this.#rows.newContext(before.request);
    context.restore(carried);
    const hosted = hostedOf(before.request, before.parameters, context, migrated.value, giver.watermark);
    return { hosted, giver, before: before.context, state, taken: stateHashOf({ ...state, bytes }) };
  }
}

interface Made {
  readonly hosted: Hosted;
  readonly giver: Hosted;
  readonly before: Context;
  readonly state: Omit<ExportedState, 'hash'>;
  readonly taken: string;
}

/** What of a context goes over: all that its version can go on from. */
function carriedBy(context: Context, positions: HandoverRequest['positions'], openOrders: HandoverRequest['openOrders']): Carried {
  const carried = context.carry();
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

const nameOf = ({ request }: Hosted): string => `${request.definition.name} ${request.definition.version}`;

function blank(swap: number, row: RowIx): HandoverNotice {
  return { kind: 'handover', swap, row, event: 'refused', eventSeq: 0, exported: '', taken: '', text: '' };
}

function refused({ swap, to }: HandoverRequest, text: string): HandoverReply {
  return { notice: { ...blank(swap, to), text: text.slice(0, 256) }, answers: [] };
}

function said(
  { swap }: HandoverRequest,
  event: HandoverEvent,
  row: RowIx,
  state: Omit<ExportedState, 'hash'>,
  taken: string,
): HandoverReply {
  return { notice: { ...blank(swap, row), event, eventSeq: state.eventSeq, exported: stateHashOf(state), taken }, answers: [] };
}

/** 0 = it is about no order. */
const tagOf = (event: OwnEvent): number => (event.kind === 'ownFill' ? event.fill.tag : event.kind === 'ownUpdate' ? event.update.tag : 0);

function renumbered(event: OwnEvent, row: RowIx, shift: number): OwnEvent {
  if (event.kind === 'ownHolding') return { ...event, row };
  return event.kind === 'ownFill'
    ? { ...event, row, fill: { ...event.fill, tag: event.fill.tag + shift } }
    : { ...event, row, update: { ...event.update, tag: event.update.tag + shift } };
}

/** Feeds write the next event over the last one. */
function copyOf(delivery: Delivery): Delivery {
  return delivery.kind === 'market' ? { ...delivery, event: copyOfEvent(delivery.event) } : delivery;
}

function copyOfEvent(event: MarketEvent): MarketEvent {
  if (event.kind !== 'book') return { ...event };
  const { count, sides, prices, qtys } = event;
  return { ...event, sides: sides.slice(0, count), prices: prices.slice(0, count), qtys: qtys.slice(0, count) };
}
