import type { Micros, Ticks } from '../base/units.ts';
import type { L2Book } from '../core/market/book.ts';
import type { ListingRow } from '../core/registry.ts';
import type { EventSeq, ListingIx, RowIx } from '../domain/ids.ts';
import type { Intent } from '../domain/input.ts';
import type { HandoverNotice } from '../domain/swap.ts';
import type { ExportedState, ParameterValues, StrategyDefinition, StrategyInstance } from '../ports/strategy.ts';
import { readBar, type BarBatch } from './bar-tape.ts';
import { listens, tell } from './callbacks.ts';
import { exportedState, refusalOf, stateHashOf, type BareState } from './exported-state.ts';
import { HostMarket } from './host-market.ts';
import { Handovers } from './handover/handovers.ts';
import { applyOwn } from './handover/hearing.ts';
import { hostedOf, type Hosted } from './handover/hosted.ts';
import type { Delivery, HandoverReply, HandoverRequest, HostAnswer, HostFault, HostPort, LoadRequest } from './host-port.ts';
import { Context, type Carried, type HostView } from './strategy-context.ts';
import { thrownText } from './thrown-text.ts';

/** Most versions in one host. */
export const maxInstances = 1_024;

/** Hears of each callback before and after it: what a strategy may cost is measured there. */
export interface CallWatch {
  begins(row: RowIx): void;
  ends(row: RowIx): void;
}

/** What an instance goes on from: what its row had, and the state that its predecessor exported (null = it begins anew). */
export interface Inheritance {
  readonly carried: Carried;
  readonly state: { readonly schema: string; readonly bytes: Uint8Array } | null;
}

/** `anew`: there was a predecessor, and its state was not taken. */
export type LoadOutcome = { readonly ok: true; readonly anew: boolean } | { readonly ok: false; readonly text: string };

/** What a backtest asks of its host. */
export interface HostTerms {
  /** What strategies size by, currency units; left out: their row's capital. */
  readonly capital?: number;
  /** Strategies trade from the start, also where an instrument begins years later. */
  readonly isWarm?: boolean;
}

type Quiet = { -readonly [K in keyof HostAnswer]: HostAnswer[K] };

const noIntents: readonly Intent[] = [];
const noFaults: readonly HostFault[] = [];
const noTimers: readonly { readonly row: RowIx; readonly name: string }[] = [];
const nobody: readonly Hosted[] = [];

/** Strategies on the thread of whoever calls: each callback is fenced by try/catch, none can reach another's context. */
export class ThreadHost implements HostPort {
  readonly #market = new HostMarket();
  readonly #loaded = new Map<RowIx, Hosted>();
  #order: readonly Hosted[] = [];
  readonly #subscribers: Hosted[][] = [];
  /** Highest tag that any instance of a row used: the next one goes on above it. */
  readonly #tags = new Map<RowIx, number>();
  readonly #view: HostView;
  readonly #watch: CallWatch | undefined;
  readonly #terms: HostTerms;
  /** Steps between a version of this host and one of another. */
  readonly handovers: Handovers;
  /** The answer of those who have nothing to say; used again for the next delivery. */
  readonly #quiet: Quiet = { intents: noIntents, faults: noFaults, watermark: 0 };

  constructor(listings: readonly ListingRow[], tickValue: (ix: ListingIx) => number, watch?: CallWatch, terms: HostTerms = {}) {
    const { books } = this.#market;
    this.#view = { books, listings, tickValue, lastPx: (ix) => this.#market.lastPx(ix), midTwice: (ix) => this.#market.midTwice(ix) };
    this.#watch = watch;
    this.#terms = terms;
    this.handovers = new Handovers({
      get: (row) => this.#loaded.get(row),
      put: (hosted) => {
        this.#loaded.set(hosted.request.row, hosted);
        this.#reorder();
      },
      newContext: ({ row, universe, seed, money }) => new Context(this.#view, row, universe, seed, 0, money),
      grant: ({ context }, { epoch, capital, trading }) => this.#grant(context, epoch, capital, trading),
      call: (hosted, delivery) => this.#callOne(hosted, delivery),
      watched: (row, work) => this.#watched(row, work),
      refresh: () => this.#reorder(),
    });
    this.growTo(listings.length);
  }

  /** Makes room for listings that were registered since. */
  growTo(count: number): void {
    this.#market.growTo(count);
    while (this.#subscribers.length < count) this.#subscribers.push([]);
  }

  book(listing: ListingIx): L2Book {
    return this.#market.books[listing];
  }

  /** Shows its strategies a book that a venue on this thread keeps, which is shown every event before them; not where a version may lag behind (hand-overs). */
  borrowBook(listing: ListingIx, book: L2Book): void {
    this.#market.borrow(listing, book);
  }

  /** What another host saw of a listing, but for its book. */
  recall(listing: ListingIx, seen: boolean, last: Ticks | undefined): void {
    this.#market.recall(listing, seen, last);
  }

  /** `from`: what a predecessor of the row left. */
  load(request: LoadRequest, from?: Inheritance): LoadOutcome {
    if (this.#loaded.size >= maxInstances) return { ok: false, text: `host: expected at most ${maxInstances} strategies` };
    const parsed = request.definition.parse(request.parameters);
    if (!parsed.ok) return { ok: false, text: parsed.error.join('; ') };
    this.unload(request.row);
    this.growTo(this.#view.listings.length);
    const { row, universe, seed, money } = request;
    const context = new Context(this.#view, row, universe, seed, this.#tags.get(row) ?? 0, money);
    const before = from?.carried ?? request.held;
    if (before !== undefined) context.restore(before);
    let anew: boolean;
    try {
      const begun = instanceOf(request.definition, parsed.value, from);
      anew = begun.anew;
      this.#loaded.set(request.row, hostedOf(request, parsed.value, context, begun.instance, 0));
    } catch (error) {
      return { ok: false, text: `create: ${thrownText(error)}` };
    }
    this.#reorder();
    return { ok: true, anew };
  }

  unload(row: RowIx): void {
    const loaded = this.#loaded.get(row);
    if (loaded === undefined) return;
    this.#tags.set(row, loaded.context.lastTag);
    this.#loaded.delete(row);
    this.handovers.forget(row);
    this.#reorder();
  }

  /** Rows answer in order of (slice, version), which is the order of their index. */
  #reorder(): void {
    const all = [...this.#loaded.values()].filter(({ context }) => !this.handovers.isStill(context.row));
    this.#order = all.sort((a, b) => a.context.row - b.context.row);
    for (let listing = 0; listing < this.#subscribers.length; listing++) {
      this.#subscribers[listing] = this.#order.filter((loaded) => loaded.universe.has(listing));
    }
  }

  authority(row: RowIx, epoch: number, capital: number, trading: boolean): void {
    const loaded = this.#loaded.get(row);
    if (loaded !== undefined) this.#grant(loaded.context, epoch, capital, trading);
  }

  #grant(context: Context, epoch: number, capital: number, trading: boolean): void {
    context.epoch = epoch;
    context.capital = this.#terms.capital ?? capital;
    context.trading = trading;
  }

  handover(request: HandoverRequest): HandoverReply {
    return this.handovers.handle(request);
  }

  unasked(): readonly HandoverNotice[] {
    return this.handovers.unasked();
  }

  warm(row: RowIx): boolean {
    const loaded = this.#loaded.get(row);
    if (this.#terms.isWarm === true) return loaded !== undefined;
    return loaded !== undefined && loaded.context.universe.every((listing) => this.#market.hasSeen(listing));
  }

  /** Timers that strategies have set since the last call. */
  takeNewTimers(take: (row: RowIx, name: string, at: Micros) => void): void {
    for (const { context } of this.#order) {
      if (context.newTimers.length === 0) continue;
      for (const name of context.newTimers) take(context.row, name, context.timers.get(name) ?? context.now);
      context.newTimers.length = 0;
    }
  }

  deliver(delivery: Delivery): HostAnswer {
    if (this.handovers.active && this.handovers.keep(delivery)) return this.#call(nobody, delivery);
    switch (delivery.kind) {
      case 'market':
        this.#market.take(delivery.event);
        return this.#call(this.#subscribers[delivery.event.listing] ?? nobody, delivery);
      case 'own': {
        const loaded = this.handovers.hears(delivery.event) ? this.#loaded.get(delivery.event.row) : undefined;
        return loaded === undefined ? this.#call(nobody, delivery) : this.#callOne(loaded, delivery);
      }
      case 'timer': {
        const loaded = this.#loaded.get(delivery.row);
        loaded?.context.dropTimer(delivery.name);
        return this.#call(loaded?.alone ?? nobody, delivery);
      }
      case 'group':
        return this.#call(this.#order, delivery);
      case 'start':
        return this.#call(this.#loaded.get(delivery.row)?.alone ?? nobody, delivery);
    }
  }

  deliverBars(batch: BarBatch): HostAnswer {
    if (this.#watch === undefined && !this.handovers.active) return this.#tellBars(batch);
    const { tape, bar, at } = batch;
    this.#quiet.watermark = batch.eventSeq;
    while (batch.next < batch.end) {
      readBar(tape, batch.next++, bar);
      bar.eventSeq = batch.eventSeq++;
      const answer = this.deliver({ kind: 'market', eventSeq: bar.eventSeq, at, event: bar });
      if (answer.intents.length > 0 || answer.faults.length > 0) return answer;
    }
    return this.#quiet;
  }

  /** Up to the first bar that is answered, where nobody watches and nothing is handed over. */
  #tellBars(batch: BarBatch): HostAnswer {
    const { tape, bar, end } = batch;
    const { listings, close } = tape;
    const quiet = this.#quiet;
    let { next, eventSeq } = batch;
    let answer: HostAnswer = quiet;
    quiet.watermark = eventSeq;
    for (; next < end && answer === quiet; next++, eventSeq++) {
      const listing = listings[next];
      this.#market.takeBar(listing, close[next]);
      quiet.watermark = eventSeq;
      const whom = this.#subscribers[listing];
      if (whom === undefined || whom.length === 0) continue;
      readBar(tape, next, bar);
      bar.eventSeq = eventSeq;
      answer = this.#tellBar(whom, batch, eventSeq);
    }
    batch.next = next;
    batch.eventSeq = eventSeq;
    return answer;
  }

  /** The bar that the batch shows; its time is read here: a double that is handed over is a new object. */
  #tellBar(whom: readonly Hosted[], { bar, at }: BarBatch, eventSeq: EventSeq): HostAnswer {
    let answer: HostAnswer = this.#quiet;
    for (let n = 0; n < whom.length; n++) {
      const loaded = whom[n];
      const { context, instance } = loaded;
      context.now = at;
      context.eventSeq = eventSeq;
      loaded.watermark = eventSeq;
      if (instance.onBar === undefined) continue;
      try {
        instance.onBar(context, bar);
      } catch (error) {
        context.take();
        answer = withFault(answer, faultOf(context.row, error));
        continue;
      }
      if (context.proposals.length > 0) answer = withIntents(answer, context.take());
    }
    return answer;
  }

  #watched<T>(row: RowIx, work: () => T): T {
    this.#watch?.begins(row);
    try {
      return work();
    } finally {
      this.#watch?.ends(row);
    }
  }

  /** Tells one version alone; of its own orders in its own numbers. */
  #callOne({ alone, context }: Hosted, delivery: Delivery): HostAnswer {
    if (delivery.kind !== 'own') return this.#call(alone, delivery);
    const event = applyOwn(context, delivery.event);
    return this.#call(alone, event === delivery.event ? delivery : { ...delivery, event });
  }

  /** Nothing is made for those who have nothing to say: deliveries come by the million. */
  #call(whom: readonly Hosted[], delivery: Delivery): HostAnswer {
    const { eventSeq, at } = delivery;
    const quiet = this.#quiet;
    quiet.watermark = eventSeq;
    let answer: HostAnswer = quiet;
    for (let n = 0; n < whom.length; n++) {
      const loaded = whom[n];
      const { context, instance } = loaded;
      context.now = at;
      context.eventSeq = eventSeq;
      loaded.watermark = eventSeq;
      if (!listens(instance, delivery)) continue;
      this.#watch?.begins(context.row);
      try {
        tell(instance, context, delivery);
      } catch (error) {
        context.take();
        answer = withFault(answer, faultOf(context.row, error));
        continue;
      } finally {
        this.#watch?.ends(context.row);
      }
      if (context.proposals.length > 0) answer = withIntents(answer, context.take());
    }
    return answer;
  }

  nextTimerAt(): Micros | undefined {
    let next: Micros | undefined;
    for (let n = 0; n < this.#order.length; n++) {
      const at = this.#order[n].context.nextTimerAt;
      if (at !== undefined && (next === undefined || at < next)) next = at;
    }
    return next;
  }

  dueTimers(at: Micros): readonly { readonly row: RowIx; readonly name: string }[] {
    const next = this.nextTimerAt();
    if (next === undefined || next > at) return noTimers;
    const due: { row: RowIx; name: string; at: Micros }[] = [];
    for (const { context } of this.#order) {
      for (const [name, when] of context.timers) if (when <= at) due.push({ row: context.row, name, at: when });
    }
    return due.sort((a, b) => a.at - b.at || a.row - b.row || (a.name < b.name ? -1 : 1));
  }

  /** What the row's instance exports, without its hash; undefined = it exports nothing. @throws RangeError when it is too large. */
  state(row: RowIx): BareState | undefined {
    const loaded = this.#loaded.get(row);
    return loaded === undefined ? undefined : exportedState(loaded.instance, loaded.watermark);
  }

  exportState(row: RowIx): ExportedState | undefined {
    const state = this.state(row);
    return state === undefined ? undefined : { ...state, hash: stateHashOf(state) };
  }
}

/** Written out: objects made by spreading have shapes of their own, and every answer is looked at. */
function withIntents({ intents, faults, watermark }: HostAnswer, more: readonly Intent[]): HostAnswer {
  return { intents: intents.length === 0 ? more : [...intents, ...more], faults, watermark };
}

function withFault({ intents, faults, watermark }: HostAnswer, more: HostFault): HostAnswer {
  return { intents, faults: [...faults, more], watermark };
}

/** Goes on from the predecessor's state where the version takes it and what the row holds; else begins anew. */
function instanceOf(
  definition: StrategyDefinition,
  parameters: ParameterValues,
  from: Inheritance | undefined,
): { readonly instance: StrategyInstance; readonly anew: boolean } {
  const heir = from === undefined ? undefined : heirOf(definition, parameters, from);
  return { instance: heir ?? definition.create(parameters), anew: from !== undefined && heir === undefined };
}

/** undefined = the state is not taken: refused, answered with nothing that can be understood, or thrown at. */
function heirOf(
  definition: StrategyDefinition,
  parameters: ParameterValues,
  { state, carried }: Inheritance,
): StrategyInstance | undefined {
  if (state === null) return undefined;
  const positions = carried.positions.map(([listing, position]) => ({ listing, position }));
  try {
    const migrated = definition.migrate(parameters, state.schema, state.bytes);
    if (!migrated.ok) return undefined;
    return refusalOf(migrated.value, { positions, orders: carried.orders }) === '' ? migrated.value : undefined;
  } catch {
    return undefined;
  }
}

function faultOf(row: RowIx, error: unknown): HostFault {
  return { row, event: 'exception', text: thrownText(error) };
}
