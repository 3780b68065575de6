import { canonicalJson } from '../base/canonical.ts';
import { hex, sha256 } from '../base/sha256.ts';
import { utf8Encode } from '../base/utf8.ts';
import type { Micros, Ticks } from '../base/units.ts';
import { createL2Book, type L2Book } from '../core/market/book.ts';
import type { ListingRow } from '../core/registry.ts';
import type { EventSeq, ListingIx, RowIx } from '../domain/ids.ts';
import type { Intent } from '../domain/input.ts';
import type { MarketEvent } from '../domain/market.ts';
import type { ExportedState, StrategyInstance } from '../ports/strategy.ts';
import type { Delivery, HostAnswer, HostFault, HostPort, LoadRequest, OwnEvent } from './host-port.ts';
import { Context, type HostView } from './strategy-context.ts';

/** Largest state that a strategy may export. */
export const maxExportedBytes = 1_048_576;
/** Most versions in one host. */
export const maxInstances = 1_024;

interface Loaded {
  readonly context: Context;
  readonly instance: StrategyInstance;
  readonly universe: ReadonlySet<ListingIx>;
  watermark: EventSeq;
}

const noIntents: readonly Intent[] = [];
const noFaults: readonly HostFault[] = [];

/** Strategies on the thread of whoever calls: each callback is fenced by try/catch, none can reach another's context. */
export class ThreadHost implements HostPort {
  readonly #books: L2Book[] = [];
  readonly #seen: boolean[] = [];
  readonly #last: (Ticks | undefined)[] = [];
  readonly #loaded = new Map<RowIx, Loaded>();
  #order: readonly Loaded[] = [];
  readonly #subscribers: Loaded[][] = [];
  /** Highest tag that any instance of a row used: the next one goes on above it. */
  readonly #tags = new Map<RowIx, number>();
  readonly #view: HostView;

  constructor(listings: readonly ListingRow[], tickValue: (ix: ListingIx) => number) {
    this.#view = { books: this.#books, listings, tickValue, lastPx: (ix) => this.#last[ix] };
    this.growTo(listings.length);
  }

  /** Makes room for listings that were registered since. */
  growTo(count: number): void {
    while (this.#books.length < count) {
      this.#books.push(createL2Book());
      this.#subscribers.push([]);
      this.#seen.push(false);
    }
  }

  book(listing: ListingIx): L2Book {
    return this.#books[listing];
  }

  load(request: LoadRequest): { readonly ok: true } | { readonly ok: false; readonly text: string } {
    if (this.#loaded.size >= maxInstances) return { ok: false, text: `host: expected at most ${maxInstances} strategies` };
    const parsed = request.definition.parse(request.parameters);
    if (!parsed.ok) return { ok: false, text: parsed.error.join('; ') };
    this.unload(request.row);
    this.growTo(this.#view.listings.length);
    const context = new Context(this.#view, request.row, request.universe, request.seed, this.#tags.get(request.row) ?? 0);
    try {
      const loaded: Loaded = {
        context,
        instance: request.definition.create(parsed.value),
        universe: new Set(request.universe),
        watermark: 0,
      };
      this.#loaded.set(request.row, loaded);
    } catch (error) {
      return { ok: false, text: `create: ${textOf(error)}` };
    }
    this.#reorder();
    return { ok: true };
  }

  unload(row: RowIx): void {
    const loaded = this.#loaded.get(row);
    if (loaded === undefined) return;
    this.#tags.set(row, loaded.context.lastTag);
    this.#loaded.delete(row);
    this.#reorder();
  }

  /** Rows answer in order of (slice, version), which is the order of their index. */
  #reorder(): void {
    this.#order = [...this.#loaded.values()].sort((a, b) => a.context.row - b.context.row);
    for (let listing = 0; listing < this.#subscribers.length; listing++) {
      this.#subscribers[listing] = this.#order.filter((loaded) => loaded.universe.has(listing));
    }
  }

  authority(row: RowIx, epoch: number, capital: number, trading: boolean): void {
    const loaded = this.#loaded.get(row);
    if (loaded === undefined) return;
    loaded.context.epoch = epoch;
    loaded.context.capital = capital;
    loaded.context.trading = trading;
  }

  warm(row: RowIx): boolean {
    const loaded = this.#loaded.get(row);
    return loaded !== undefined && loaded.context.universe.every((listing) => this.#seen[listing]);
  }

  deliver(delivery: Delivery): HostAnswer {
    switch (delivery.kind) {
      case 'market':
        return this.#deliverMarket(delivery.eventSeq, delivery.at, delivery.event);
      case 'own':
        return this.#deliverOwn(delivery.eventSeq, delivery.at, delivery.event);
      case 'timer': {
        const loaded = this.#loaded.get(delivery.row);
        if (loaded === undefined) return { intents: noIntents, faults: noFaults, watermark: delivery.eventSeq };
        loaded.context.timers.delete(delivery.name);
        return this.#call([loaded], delivery.eventSeq, delivery.at, (one) => one.instance.onTimer?.(one.context, delivery.name));
      }
      case 'group':
        return this.#call(this.#order, delivery.eventSeq, delivery.at, (one) => one.instance.group?.(one.context, delivery.at));
      case 'start': {
        const loaded = this.#loaded.get(delivery.row);
        return this.#call(loaded === undefined ? [] : [loaded], delivery.eventSeq, delivery.at, (one) =>
          one.instance.onStart?.(one.context),
        );
      }
    }
  }

  #deliverMarket(eventSeq: EventSeq, at: Micros, event: MarketEvent): HostAnswer {
    const { listing } = event;
    const subscribers = this.#subscribers[listing] ?? [];
    switch (event.kind) {
      case 'book':
        this.#books[listing].apply(event);
        this.#seen[listing] ||= this.#books[listing].valid;
        return this.#call(subscribers, eventSeq, at, (one) => one.instance.onBook?.(one.context, listing));
      case 'quote':
        this.#seen[listing] = true;
        return this.#call(subscribers, eventSeq, at, (one) => one.instance.onQuote?.(one.context, event));
      case 'trade':
        this.#last[listing] = event.price;
        return this.#call(subscribers, eventSeq, at, (one) => one.instance.onTrade?.(one.context, event));
      case 'bar':
        this.#seen[listing] = true;
        this.#last[listing] = event.close;
        return this.#call(subscribers, eventSeq, at, (one) => one.instance.onBar?.(one.context, event));
      case 'feedStatus':
        if (event.condition === 'gap') this.#books[listing].invalidate();
        return this.#call(subscribers, eventSeq, at, (one) => one.instance.onFeed?.(one.context, event));
    }
  }

  #deliverOwn(eventSeq: EventSeq, at: Micros, event: OwnEvent): HostAnswer {
    const loaded = this.#loaded.get(event.row);
    if (loaded === undefined) return { intents: noIntents, faults: noFaults, watermark: eventSeq };
    loaded.context.apply(event);
    return this.#call([loaded], eventSeq, at, (one) => {
      if (event.kind === 'ownFill') one.instance.onFill?.(one.context, event.fill);
      else one.instance.onOrder?.(one.context, event.update);
    });
  }

  #call(whom: readonly Loaded[], eventSeq: EventSeq, at: Micros, callback: (loaded: Loaded) => void): HostAnswer {
    let intents = noIntents;
    let faults = noFaults;
    for (const loaded of whom) {
      const { context } = loaded;
      context.now = at;
      context.eventSeq = eventSeq;
      try {
        callback(loaded);
      } catch (error) {
        context.take();
        faults = [...faults, { row: context.row, event: 'exception', text: textOf(error) }];
        loaded.watermark = eventSeq;
        continue;
      }
      loaded.watermark = eventSeq;
      if (context.proposals.length > 0) intents = intents.length === 0 ? context.take() : [...intents, ...context.take()];
    }
    return { intents, faults, watermark: eventSeq };
  }

  nextTimerAt(): Micros | undefined {
    let next: Micros | undefined;
    for (const { context } of this.#order) {
      for (const at of context.timers.values()) if (next === undefined || at < next) next = at;
    }
    return next;
  }

  dueTimers(at: Micros): readonly { readonly row: RowIx; readonly name: string }[] {
    const due: { row: RowIx; name: string; at: Micros }[] = [];
    for (const { context } of this.#order) {
      for (const [name, when] of context.timers) if (when <= at) due.push({ row: context.row, name, at: when });
    }
    return due.sort((a, b) => a.at - b.at || a.row - b.row || (a.name < b.name ? -1 : 1));
  }

  exportState(row: RowIx): ExportedState | undefined {
    const loaded = this.#loaded.get(row);
    const state = loaded?.instance.exportState?.();
    if (loaded === undefined || state === undefined) return undefined;
    if (state.bytes.length > maxExportedBytes)
      throw new RangeError(`exported state: expected at most ${maxExportedBytes} bytes, was ${state.bytes.length}`);
    const hash = hex(sha256(utf8Encode(canonicalJson({ schema: state.schema, bytes: hex(state.bytes), eventSeq: loaded.watermark }))));
    return { schema: state.schema, bytes: state.bytes, eventSeq: loaded.watermark, hash };
  }
}

/** First line of what a callback threw; at most 256 characters. */
function textOf(error: unknown): string {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return (text.split('\n', 1)[0] ?? '').slice(0, 256);
}
