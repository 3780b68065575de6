import type { BookUpdate } from '../../domain/market.ts';
import type { ListingIx, RowIx } from '../../domain/ids.ts';
import type { L2Book } from '../../core/market/book.ts';
import { microsUnchecked } from '../../base/units.ts';
import type { ListingRow } from '../../core/registry.ts';
import type { World, WorldThread } from '../../ports/world.ts';
import type { Delivery } from '../host-port.ts';
import { Histogram } from '../latency/histogram.ts';
import { createDoorbell, type Doorbell } from '../rings/doorbell.ts';
import { createRingMemory, RingReader, RingWriter, type TakeMessage } from '../rings/ring.ts';
import { monotonicMicros } from '../shared-clock.ts';
import { moduleBeside, niceness } from '../threads.ts';
import type { Budget } from './budget.ts';
import { HostBoard } from './host-board.ts';
import type { HostOrder, HostSetting } from './host-loop.ts';
import * as messages from './messages.ts';

/** Both rings of a host; the largest message is half of one. */
const ringBytes = 1 << 22;
/** Market data may fill the ring of a host this far; the rest is kept for what must not be lost. */
const marketShare = 0.5;
/** Most deliveries other than market data that wait for room; a host that is further behind is ended. */
export const maxWaiting = 8_192;

export interface LinkOptions {
  readonly world: World;
  readonly name: string;
  readonly coreBell: Doorbell;
  readonly spinning: boolean;
  readonly budget: Budget;
  readonly exportEvery: number;
  readonly lockStep: boolean;
  readonly listings: readonly ListingRow[];
  readonly tickValue: (ix: ListingIx) => number;
  readonly bookOf: (ix: ListingIx) => L2Book;
}

type Waiting =
  { readonly order: HostOrder } | { readonly state: messages.HostState } | { readonly delivery: Delivery; readonly stamp: number };

/** The core's end of one host thread: what it is sent, how far it has answered, whom it serves. */
export class HostLink {
  readonly board = new HostBoard();
  readonly tickToStrategy = new Histogram();
  readonly rows = new Set<RowIx>();
  readonly #options: LinkOptions;
  readonly #thread: WorldThread;
  readonly #in: RingWriter;
  readonly #out: RingReader;
  readonly #bell: Doorbell;
  /** Rows of this host that listen to a listing. */
  readonly #listeners: number[] = [];
  readonly #missed = new Set<ListingIx>();
  #waiting: Waiting[] = [];
  #listingsSent = 0;
  #latest = { eventSeq: 0, at: microsUnchecked(0) };
  /** Deliveries sent, and answered. */
  posted = 0;
  handled = 0;
  /** Loads asked for and not answered. */
  loading = 0;
  /** Last time that it answered or had nothing to answer (shared clock). */
  progressAt = monotonicMicros();
  /** Market events that it did not get because it was behind; a snapshot followed. */
  conflated = 0;
  /** A callback that has used half of its budget, and what its thread had run until that was seen (ms). */
  counted: { readonly call: number; readonly ran: number } | undefined;
  #died: string | undefined;

  constructor(options: LinkOptions) {
    this.#options = options;
    this.#bell = createDoorbell(options.spinning);
    const [inbound, outbound] = [createRingMemory(ringBytes), createRingMemory(ringBytes)];
    this.#in = new RingWriter(inbound, this.#bell);
    this.#out = new RingReader(outbound);
    const setting: HostSetting = {
      inbound,
      outbound,
      bell: this.#bell.shared,
      coreBell: options.coreBell.shared,
      board: this.board.memory,
      tickToStrategy: this.tickToStrategy.memory,
      spinning: options.spinning,
      budget: options.budget,
      exportEvery: options.exportEvery,
      lockStep: options.lockStep,
    };
    this.#thread = options.world.spawn({
      name: options.name,
      entry: moduleBeside(import.meta.url, './host-worker'),
      data: setting,
      heapMebibytes: hardLimit(options.budget),
      niceness: options.lockStep ? 0 : niceness.others,
    });
    this.#thread.onEnd((why) => {
      this.#died = why;
      options.coreBell.ring();
    });
  }

  /** Why its thread died by itself, '' where it gave no reason; undefined = it runs. Whoever waits in lock-step hears no events: there the host's own last word counts. */
  get died(): string | undefined {
    return this.#died ?? (this.#options.lockStep && this.board.gone ? '' : undefined);
  }

  get name(): string {
    return this.#options.name;
  }

  get busy(): boolean {
    return this.posted !== this.handled || this.loading > 0;
  }

  get behind(): number {
    return this.#waiting.length;
  }

  listensTo(listing: ListingIx): boolean {
    return (this.#listeners[listing] ?? 0) > 0;
  }

  /** Sends the whole books that this host still has to be sent to another: what it did not hear, its successor hears. */
  showMissed(universe: readonly ListingIx[], to: HostLink): void {
    if (to === this) return;
    for (const listing of universe) if (this.#missed.has(listing)) to.showBook(listing);
  }

  /** The row is served here from now on; books of its listings go before it. */
  serve(row: RowIx, universe: readonly ListingIx[]): void {
    this.rows.add(row);
    this.#introduceListings();
    for (const listing of universe) this.#listeners[listing] = (this.#listeners[listing] ?? 0) + 1;
  }

  leave(row: RowIx, universe: readonly ListingIx[]): void {
    if (!this.rows.delete(row)) return;
    for (const listing of universe) this.#listeners[listing]--;
    this.order({ verb: 'unload', row });
  }

  #introduceListings(): void {
    const { listings, tickValue } = this.#options;
    if (this.#listingsSent === listings.length) return;
    const rows = listings.slice(this.#listingsSent);
    this.order({ verb: 'listings', rows, tickValues: rows.map(({ ix }) => tickValue(ix)) });
    this.#listingsSent = listings.length;
  }

  order(order: HostOrder): void {
    this.#send({ order });
  }

  handOver(state: messages.HostState): void {
    this.#send({ state });
  }

  /** Quotes, prints and books are dropped where the host is behind, and the listing's book sent whole when there is room again; nothing else is ever dropped. */
  post(delivery: Delivery, stamp: number): void {
    this.#latest = { eventSeq: delivery.eventSeq, at: delivery.at };
    if (delivery.kind !== 'market' || delivery.event.kind === 'bar' || delivery.event.kind === 'feedStatus') {
      this.posted++;
      this.#send({ delivery, stamp });
      return;
    }
    if (this.#waiting.length === 0 && this.#in.fill < marketShare && messages.sendDelivery(this.#in, delivery, stamp)) {
      this.posted++;
      return;
    }
    this.conflated++;
    this.#missed.add(delivery.event.listing);
  }

  #send(one: Waiting): void {
    if (this.#waiting.length > 0 || !this.#write(one)) this.#waiting.push(one);
  }

  #write(one: Waiting): boolean {
    if ('order' in one) return messages.sendJson(this.#in, messages.messageTypes.order, one.order);
    if ('state' in one) return messages.sendState(this.#in, one.state);
    return messages.sendDelivery(this.#in, one.delivery, one.stamp);
  }

  /** Shows the host everything since the last call, what had to wait first. */
  publish(): void {
    while (this.#waiting.length > 0 && this.#write(this.#waiting[0])) this.#waiting.shift();
    if (this.#missed.size > 0 && this.#waiting.length === 0 && this.#in.fill < marketShare / 2) this.#catchUp();
    this.#in.publish();
  }

  #catchUp(): void {
    for (const listing of this.#missed) {
      if (this.#in.fill >= marketShare) return;
      this.#missed.delete(listing);
      this.showBook(listing);
    }
  }

  /** The whole book of a listing as the core has it. */
  showBook(listing: ListingIx): void {
    const book = this.#options.bookOf(listing);
    if (!book.valid) return;
    this.posted++;
    this.#send({ delivery: { kind: 'market', ...this.#latest, event: wholeBook(listing, book, this.#latest.eventSeq) }, stamp: 0 });
  }

  /** Takes what the host said. */
  poll(take: TakeMessage, limit: number): number {
    const taken = this.#out.poll(take, limit);
    if (taken > 0) this.#bell.ring();
    return taken;
  }

  get hasWord(): boolean {
    return !this.#out.empty;
  }

  async end(): Promise<void> {
    await this.#thread.end();
  }
}

/** The engine's own limit (MiB), which takes the whole thread down: past the budget that is judged, and on top of what an empty thread has already. */
function hardLimit({ heapMebibytes }: Budget): number {
  return Math.ceil(heapMebibytes * 1.5) + 32;
}

function wholeBook(listing: ListingIx, book: L2Book, eventSeq: number): BookUpdate {
  const count = book.bidLevels + book.askLevels;
  const [sides, prices, qtys] = [new Uint8Array(count), new Float64Array(count), new Float64Array(count)];
  for (let i = 0; i < count; i++) {
    const bid = i < book.bidLevels;
    const level = bid ? i : i - book.bidLevels;
    sides[i] = bid ? 0 : 1;
    prices[i] = bid ? book.bidPx(level) : book.askPx(level);
    qtys[i] = bid ? book.bidQty(level) : book.askQty(level);
  }
  const none = microsUnchecked(0);
  return {
    kind: 'book',
    eventSeq,
    feed: 0,
    feedSeq: 0,
    eventTime: none,
    receivedAt: none,
    listing,
    snapshot: true,
    count,
    sides,
    prices,
    qtys,
  };
}
