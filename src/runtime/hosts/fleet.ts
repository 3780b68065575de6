import { microsUnchecked, type Micros } from '../../base/units.ts';
import type { L2Book } from '../../core/market/book.ts';
import type { ListingRow } from '../../core/registry.ts';
import type { EventSeq, ListingIx, RowIx } from '../../domain/ids.ts';
import type { Intent } from '../../domain/input.ts';
import type { HandoverNotice } from '../../domain/swap.ts';
import type { World } from '../../ports/world.ts';
import { applyOwn } from '../handover/hearing.ts';
import { HostMarket } from '../host-market.ts';
import type { Delivery, HandoverRequest, HostFault } from '../host-port.ts';
import { Histogram } from '../latency/histogram.ts';
import type { Doorbell } from '../rings/doorbell.ts';
import { monotonicMicros } from '../shared-clock.ts';
import { Context, type HostView } from '../strategy-context.ts';
import { maxInstances } from '../thread-host.ts';
import type { Budget } from './budget.ts';
import { cancelAllOf } from './cancel-all.ts';
import { FleetHandovers } from './fleet-handovers.ts';
import type { HandOverflow, HandReply } from './hand-step.ts';
import { verdictOf } from './host-verdict.ts';
import { HostLink, maxWaiting } from './host-link.ts';
import type { LoadedReply } from './host-loop.ts';
import * as messages from './messages.ts';
import { heardBy, ServedRow, type Authority, type ServeRequest } from './served-row.ts';

export interface FleetOptions {
  readonly world: World;
  /** Threads, at least 1. */
  readonly hosts: number;
  readonly listings: readonly ListingRow[];
  readonly tickValue: (ix: ListingIx) => number;
  /** File URL of the module that exports a version; undefined = this desk does not know it. */
  readonly moduleOf: (algorithmID: string, version: string) => string | undefined;
  readonly budget: Budget;
  /** Microseconds between exports of states; 0 = when asked only. */
  readonly exportEvery: number;
  readonly spinning: boolean;
  /** Somebody waits for every answer: each wakes the fleet's thread. */
  readonly lockStep?: boolean;
  /** Wakes the thread that owns the fleet. */
  readonly bell: Doorbell;
  readonly sink: FleetSink;
}

/** Where the fleet's word goes, in the order in which hosts gave it. */
export interface FleetSink {
  /** `stamp`: receive stamp of what it answers, 0 = none; `decided`: when its strategy had proposed it. */
  intent(intent: Intent, stamp: number, decided: number): void;
  fault(fault: HostFault, eventSeq: EventSeq): void;
  loaded(row: RowIx, ok: boolean, text: string): void;
  handover(notice: HandoverNotice): void;
}

/** Messages taken from one host in one turn. */
const perTurn = 256;

/** Strategy hosts on threads of their own: who serves which row, who hears what, who has had too much. Nothing here waits for a host. */
export class Fleet {
  readonly market = new HostMarket();
  readonly rows = new Map<RowIx, ServedRow>();
  readonly #options: FleetOptions;
  readonly #view: HostView;
  readonly #lastTags = new Map<RowIx, number>();
  #links: HostLink[];
  #spare: HostLink;
  readonly #modules = new Set<string>();
  #named = 0;
  #last: { eventSeq: EventSeq; at: Micros } = { eventSeq: 0, at: microsUnchecked(0) };
  /** What hosts that have been ended had measured. */
  readonly #past = new Histogram();
  readonly #ending = new Set<Promise<void>>();
  /** Hosts that a strategy past its budget ends when they have said what waits. */
  readonly #toEnd = new Map<HostLink, HostFault>();
  readonly #handovers: FleetHandovers;
  /** Hosts ended for a fault. */
  endedHosts = 0;

  constructor(options: FleetOptions) {
    this.#options = options;
    const { listings, tickValue } = options;
    const { books } = this.market;
    this.#view = { books, listings, tickValue, lastPx: (ix) => this.market.lastPx(ix), midTwice: (ix) => this.market.midTwice(ix) };
    this.market.growTo(listings.length);
    this.#links = Array.from({ length: Math.max(1, options.hosts) }, () => this.#newLink());
    this.#spare = this.#newSpare();
    this.#handovers = new FleetHandovers({
      get: (row) => this.rows.get(row),
      newContext: ({ row, universe, seed, money }) => new Context(this.#view, row, universe, seed, 0, money),
      say: (notice) => options.sink.handover(notice),
      again: (served, why) => this.#goOnElsewhere(served, why),
      fault: (row, text) => options.sink.fault({ row, event: 'exception', text }, this.#last.eventSeq),
    });
  }

  /** A host without rows that has what the others have loaded: whoever must move finds it ready. */
  #newSpare(): HostLink {
    const spare = this.#newLink();
    for (const module of this.#modules) spare.order({ verb: 'import', module });
    spare.publish();
    return spare;
  }

  get links(): readonly HostLink[] {
    return this.#links;
  }

  #newLink(): HostLink {
    const { world, bell, spinning, budget, exportEvery, listings, tickValue, lockStep = false } = this.#options;
    const bookOf = (ix: ListingIx): L2Book => this.market.books[ix];
    const name = `host ${++this.#named}`;
    return new HostLink({ world, name, coreBell: bell, spinning, budget, exportEvery, lockStep, listings, tickValue, bookOf });
  }

  /** Asks the emptiest host to load; the answer comes as `loaded`. @returns '' or why not. */
  load(request: ServeRequest): string {
    if (this.rows.size >= maxInstances) return `hosts: expected at most ${maxInstances} strategies`;
    const { name, version } = request;
    const module = this.#options.moduleOf(name, version);
    if (module === undefined) return `hosts: expected a module that exports ${name} ${version}, this desk names none`;
    this.unload(request.row);
    this.market.growTo(this.#options.listings.length);
    if (!this.#modules.has(module)) {
      this.#modules.add(module);
      this.#spare.order({ verb: 'import', module });
      this.#spare.publish();
    }
    const served = new ServedRow(this.#view, request, module, this.#lastTags.get(request.row) ?? 0);
    this.rows.set(request.row, served);
    this.#place(served, false);
    return '';
  }

  #place(served: ServedRow, again: boolean): void {
    const link = this.#links.reduce((a, b) => (b.rows.size < a.rows.size ? b : a));
    const { row, request, module } = served;
    const { name, version, parameters, universe, seed, money = null } = request;
    const heard = heardBy(request);
    served.link = link;
    const news = heard.filter((listing) => !link.listensTo(listing));
    link.serve(row, heard);
    for (const listing of news) {
      link.showBook(listing);
      link.order({ verb: 'recall', listing, seen: this.market.hasSeen(listing), last: this.market.lastPx(listing) ?? null });
    }
    if (again && served.state !== undefined) link.handOver(served.state);
    const carried = again || served.context.lastTag > 0 ? served.context.carry() : null;
    link.loading++;
    link.order({ verb: 'load', row, module, name, version, parameters, universe, seed, carried, money });
    if (again) link.order({ verb: 'authority', row, ...served.authority });
  }

  unload(row: RowIx): void {
    const served = this.rows.get(row);
    if (served === undefined) return;
    this.#lastTags.set(row, served.context.lastTag);
    this.#handovers.forget(row);
    served.link?.leave(row, heardBy(served.request));
    this.rows.delete(row);
  }

  authority(row: RowIx, authority: Authority): void {
    const served = this.rows.get(row);
    if (served === undefined) return;
    served.authority = authority;
    served.link?.order({ verb: 'authority', row, ...authority });
  }

  /** Sends a delivery to whom it concerns; they see it at the next `publish`. */
  post(delivery: Delivery, stamp: number): void {
    this.#last = { eventSeq: delivery.eventSeq, at: delivery.at };
    switch (delivery.kind) {
      case 'market':
        this.market.take(delivery.event);
        for (const link of this.#links) if (link.listensTo(delivery.event.listing)) link.post(delivery, stamp);
        return;
      case 'group':
        for (const link of this.#links) if (link.rows.size > 0) link.post(delivery, stamp);
        return;
      case 'own': {
        if (!this.#handovers.hears(delivery.event)) return;
        const served = this.rows.get(delivery.event.row);
        if (served !== undefined) applyOwn(served.context, delivery.event);
        this.#handovers.note(delivery.event);
        served?.link?.post(delivery, stamp);
        const also = this.#handovers.alsoTo(delivery.event.row);
        if (also !== undefined && also !== served?.link) also.post(delivery, stamp);
        return;
      }
      case 'timer': {
        const served = this.rows.get(delivery.row);
        served?.context.dropTimer(delivery.name);
        served?.link?.post(delivery, stamp);
        return;
      }
      case 'start':
        this.rows.get(delivery.row)?.link?.post(delivery, stamp);
        return;
    }
  }

  /** Begins a step of a hand-over; its host's word comes through the sink. */
  handover(request: HandoverRequest): void {
    this.#handovers.step(request);
  }

  /** Commits and aborts that their hosts have not done yet. */
  get handing(): number {
    return this.#handovers.ending;
  }

  publish(): void {
    for (const link of this.#links) link.publish();
  }

  /** Takes what hosts have said. @returns how many messages. */
  poll(): number {
    let taken = 0;
    for (const link of [...this.#links]) {
      taken += link.poll((type, from, at) => this.#take(link, type, from, at), perTurn);
      const fault = this.#toEnd.get(link);
      if (fault === undefined) continue;
      // what the innocent had said before counts, their cancels above all
      while (link.poll((type, from, at) => this.#take(link, type, from, at), perTurn) > 0);
      if (this.#links.includes(link)) this.#endHost(link, fault);
    }
    return taken;
  }

  get hasWord(): boolean {
    return this.#links.some((link) => link.hasWord || link.died !== undefined);
  }

  #take(link: HostLink, type: number, from: Parameters<typeof messages.readIntent>[0], at: number): void {
    const { messageTypes } = messages;
    const { sink } = this.#options;
    switch (type) {
      case messageTypes.intent: {
        const { intent, stamp, decided } = messages.readIntent(from, at);
        const served = this.rows.get(intent.row);
        if (served?.link !== link) return;
        served.context.note(intent);
        sink.intent(intent, stamp, decided);
        return;
      }
      case messageTypes.timerSet: {
        const timer = messages.readTimerSet(from, at);
        this.rows.get(timer.row)?.context.noteTimer(timer.name, timer.at);
        return;
      }
      case messageTypes.answered:
        link.handled = messages.readAnswered(from, at).handled;
        link.progressAt = monotonicMicros();
        return;
      case messageTypes.fault:
        this.#faulted(link, messages.readFault(from, at));
        return;
      case messageTypes.loaded:
        this.#loaded(link, messages.readJson(from, at) as LoadedReply);
        return;
      case messageTypes.state: {
        const state = messages.readState(from, at);
        const served = this.rows.get(state.row);
        if (served === undefined || this.#handovers.takes(state.row)) return;
        served.exports++;
        served.state = state.schema === '' ? undefined : state;
        return;
      }
      case messageTypes.hand:
        this.#handovers.take(link, messages.readJson(from, at) as HandReply | HandOverflow);
        return;
      default:
        throw new Error(`${link.name}: message of unknown type ${type}`);
    }
  }

  #loaded(link: HostLink, { row, ok, text, anew }: LoadedReply): void {
    link.loading--;
    link.progressAt = monotonicMicros();
    const served = this.rows.get(row);
    if (served?.link !== link) return;
    const first = served.loaded.count === 0;
    Object.assign(served.loaded, { count: served.loaded.count + 1, ok, text });
    if (!ok) {
      served.link = undefined;
      link.leave(row, heardBy(served.request));
    }
    if (first) this.#options.sink.loaded(row, ok, text);
    else if (!ok)
      this.#options.sink.fault({ row, event: 'exception', text: `could not go on in ${link.name}: ${text}` }, this.#last.eventSeq);
    else if (anew) this.#beganAnew(served);
  }

  /** An instance without its predecessor's state knows nothing of its orders: they are taken back, and it starts. */
  #beganAnew({ row, context, authority, link }: ServedRow): void {
    if (context.orders().length > 0) {
      const cancel = cancelAllOf(row, context, authority.epoch, this.#last);
      context.note(cancel);
      this.#options.sink.intent(cancel, 0, 0);
    }
    link?.post({ kind: 'start', ...this.#last, row }, 0);
  }

  #faulted(link: HostLink, fault: HostFault): void {
    const served = this.rows.get(fault.row);
    if (served?.link !== link) return;
    this.#options.sink.fault(fault, this.#last.eventSeq);
    if (fault.event !== 'overBudget') return;
    // nothing further of the one to blame is heard
    served.link = undefined;
    if (!this.#toEnd.has(link)) this.#toEnd.set(link, fault);
  }

  /** Looks for hosts that have had too much or have died; `now` on the shared clock. */
  watch(now: number): void {
    for (const link of [...this.#links]) {
      const verdict = verdictOf(link, now, this.#options.budget, maxWaiting);
      if (verdict === undefined) continue;
      // what it had said before counts
      while (link.poll((type, from, at) => this.#take(link, type, from, at), perTurn) > 0);
      const known = this.#toEnd.get(link);
      if (known !== undefined) {
        this.#endHost(link, known);
        continue;
      }
      const { row, text } = verdict;
      const blamed = row >= 0 && this.rows.get(row)?.link === link ? { row, event: 'overBudget' as const, text } : undefined;
      if (blamed !== undefined) this.#options.sink.fault(blamed, this.#last.eventSeq);
      this.#endHost(link, blamed ?? { row: -1, event: 'ended', text });
    }
  }

  /** The host is ended; everyone on it but the one to blame goes on in another. */
  #endHost(link: HostLink, fault: HostFault): void {
    this.endedHosts++;
    this.#toEnd.delete(link);
    this.#past.add(link.tickToStrategy);
    // the spare has loaded the modules already
    this.#links = this.#links.map((one) => (one === link ? this.#spare : one));
    this.#spare = this.#newSpare();
    const ending = link.end().finally(() => this.#ending.delete(ending));
    this.#ending.add(ending);
    for (const row of [...link.rows].sort((a, b) => a - b)) {
      const served = this.rows.get(row);
      if (served?.link !== link) continue;
      served.link = undefined;
      if (row !== fault.row) this.#goOnElsewhere(served, `${link.name} was ended (${fault.text})`);
    }
    this.#handovers.ended(link, `${link.name} was ended (${fault.text})`);
    this.publish();
  }

  #goOnElsewhere(served: ServedRow, why: string): void {
    const { row, state } = served;
    this.#place(served, true);
    const how = state === undefined ? 'without a state' : `from its state at event ${state.eventSeq}`;
    this.#options.sink.fault({ row, event: 'ended', text: `${why}; goes on ${how}` }, this.#last.eventSeq);
  }

  nextTimerAt(): Micros | undefined {
    let next: Micros | undefined;
    for (const { row, context } of this.rows.values()) {
      const at = this.#handovers.isStill(row) ? undefined : context.nextTimerAt;
      if (at !== undefined && (next === undefined || at < next)) next = at;
    }
    return next;
  }

  /** In order of (time, row, name). */
  dueTimers(at: Micros): readonly { readonly row: RowIx; readonly name: string }[] {
    const due: { row: RowIx; name: string; at: Micros }[] = [];
    for (const { row, context } of this.rows.values()) {
      if (this.#handovers.isStill(row)) continue;
      for (const [name, when] of context.timers) if (when <= at) due.push({ row, name, at: when });
    }
    return due.sort((a, b) => a.at - b.at || a.row - b.row || (a.name < b.name ? -1 : 1));
  }

  /** Every host collects its garbage: before memory is measured. */
  collect(): void {
    for (const link of this.#links) link.order({ verb: 'collect' });
    this.publish();
  }

  forgetLatencies(): void {
    for (const histogram of [this.#past, ...this.#links.map((link) => link.tickToStrategy)]) histogram.clear();
  }

  /** From receive stamp to callback, over all hosts. */
  tickToStrategy(): Histogram {
    const all = new Histogram();
    all.add(this.#past);
    for (const { tickToStrategy } of this.#links) all.add(tickToStrategy);
    return all;
  }

  async end(): Promise<void> {
    await Promise.all([...this.#links.map((link) => link.end()), this.#spare.end(), ...this.#ending]);
  }
}
