import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Micros } from '../../base/units.ts';
import { codeVersion } from '../../domain/baseline-version.ts';
import type { Decision } from '../../domain/decision.ts';
import type { Effect, KillEffect } from '../../domain/effect.ts';
import type { ClOrdID, EventSeq, RowIx, Seq } from '../../domain/ids.ts';
import type { Input, Intent } from '../../domain/input.ts';
import type { Payload } from '../../domain/schema/wire.ts';
import { Conflator } from '../conflator.ts';
import type { OwnEvent } from '../host-port.ts';
import { inheritedBy, simulatedLots } from '../held.ts';
import { endsSwap, isHostEffect, type HostEffect } from '../host-work.ts';
import { Fleet } from '../hosts/fleet.ts';
import { collector } from '../hosts/heap-watch.ts';
import { readDelivery } from '../hosts/messages.ts';
import { Histogram } from '../latency/histogram.ts';
import { ownEventsOf } from '../own-events.ts';
import { reportOfNote } from '../note-report.ts';
import { Sequencer } from '../sequencer.ts';
import { monotonicMicros } from '../shared-clock.ts';
import { CaptureTap } from './capture-tap.ts';
import { EffectQueue } from './effect-queue.ts';
import { readWord, sendCollect, type Stamps, type WordedKill } from './gateway-messages.ts';
import type { LiveCounts, LiveDeskOptions } from './live-options.ts';

/** Longest sleep between two looks at budgets and sockets (ms), longest work without letting the event loop breathe (microseconds). */
const longestNap = 5;
const longestWork = 2_000;
/** Marks of one turn that go by themselves: after a stall all listings are due together, and what the market says meanwhile waits for these few only. */
const marksPerTurn = 4;
/** Messages of the gateway taken in one turn. */
const perTurn = 256;
/** Market events that a host may be handed at once: each wake-up costs both threads more than ten events do. */
const eventsPerWake = 8;
/** Most orders whose stamps wait for the disk. */
const maxStamped = 65_536;

/** A desk on the wall clock: inputs in order of arrival, nobody is waited for; effects that expand leave when their record is durable. */
export class LiveDesk {
  readonly fleet: Fleet;
  readonly capture: CaptureTap | undefined;
  readonly #options: LiveDeskOptions;
  readonly #sequencer: Sequencer;
  readonly #conflator: Conflator;
  readonly #pending: Input[] = [];
  readonly #own: OwnEvent[] = [];
  readonly #hostWork: HostEffect[] = [];
  readonly #warming = new Set<RowIx>();
  readonly #stamps = new Map<ClOrdID, Stamps>();
  readonly #toGateway: EffectQueue;
  /** Generation of the kill word that a kill in the record stands for. */
  #knownKill = 0;
  readonly #signalToOrder: Histogram;
  readonly #loopLag: Histogram;
  #answering: Stamps | undefined;
  #now: Micros;
  #eventSeq: EventSeq = 0;
  #flushing = false;
  #failure: string | undefined;
  #stopped = false;
  #breathedAt = monotonicMicros();
  #watchedAt = 0;
  #plannedAt = 0;
  #inputs = 0;
  #marketEvents = 0;
  /** Market events that hosts have not been shown yet. */
  #unshown = 0;
  #heardAt = monotonicMicros();
  #turns = 0;

  constructor(options: LiveDeskOptions) {
    this.#options = options;
    this.#now = this.#clock();
    this.#eventSeq = options.eventSeq ?? 0;
    this.#toGateway = new EffectQueue(options.effects);
    this.#signalToOrder = new Histogram(options.latencies.signalToOrder);
    this.#loopLag = new Histogram(options.latencies.loopLag);
    this.fleet = new Fleet({
      ...options.fleet,
      bell: options.bell,
      sink: {
        intent: (intent, stamp, decided) => this.#stepIntent(intent, { tick: stamp, decided }),
        fault: ({ row, event, text }, eventSeq) => this.#pending.push({ kind: 'host', row, event, eventSeq, text: text.slice(0, 256) }),
        loaded: (row, ok, text) => this.#loaded(row, ok, text),
        handover: (notice) => this.#pending.push(notice),
      },
    });
    this.capture = options.tap && new CaptureTap(options.tap, (listing) => this.fleet.market.books[listing]);
    this.#conflator = new Conflator((listing) => this.fleet.market.books[listing]);
    // whether or not anything waits for the disk: an input that was only heard is lost with it
    void options.journal.failed?.then(({ message }) => {
      this.#failed(message);
      options.bell.ring();
    });
    this.#sequencer = new Sequencer({
      core: options.core,
      journal: options.journal,
      leave: (effect) => this.#leave(effect),
      observe: (seq, at, input, decisions) => {
        this.#inputs++;
        if (this.#answering !== undefined) this.#stampOrders(decisions, this.#answering);
        ownEventsOf(options.core, decisions, this.#own);
        options.observe?.(seq, at, input, decisions);
      },
    });
  }

  /** Microseconds since the market said anything, counted from the desk's beginning. */
  get silentMicros(): number {
    return monotonicMicros() - this.#heardAt;
  }

  /** Sentence that says why the journal takes no more; undefined = it works. */
  get failure(): string | undefined {
    return this.#failure;
  }

  get counts(): LiveCounts {
    const conflated = this.fleet.links.reduce((sum, link) => sum + link.conflated, 0);
    return { inputs: this.#inputs, marketEvents: this.#marketEvents, conflated, hostsEnded: this.fleet.endedHosts, turns: this.#turns };
  }

  /** Every thread of the desk collects its garbage, so that what is left is what is kept. */
  collect(): void {
    sendCollect(this.#options.effects);
    this.#options.effects.publish();
    this.fleet.collect();
    collector()();
  }

  /** Empties every histogram and count of this desk: a measurement begins. What is counted in the same moment may be lost. */
  forgetLatencies(): void {
    for (const memory of Object.values(this.#options.latencies)) new Histogram(memory as SharedArrayBuffer).clear();
    this.fleet.forgetLatencies();
    [this.#inputs, this.#marketEvents, this.#turns] = [0, 0, 0];
  }

  /** A clock that was set back waits for the journal's last record. */
  #clock(): Micros {
    const { clock, notBefore } = this.#options;
    const now = clock.now();
    return notBefore !== undefined && now < notBefore ? notBefore : now;
  }

  /** Steps an input now; resolves when its record and what follows from it at once are durable. @returns its seq. */
  async submit(input: Input): Promise<Seq> {
    this.#now = this.#clock();
    const seq = this.#step(input);
    this.#settle();
    this.#options.effects.publish();
    this.fleet.publish();
    const failure = await this.#sequencer.flush();
    this.#failed(failure);
    this.#settle();
    return seq;
  }

  /** Turns until `stop`. Begins after the registrations: what the market says before is heard then. */
  async run(): Promise<void> {
    const { bell, words, core } = this.#options;
    this.fleet.market.growTo(core.registry.listings.length);
    const ready = (): boolean => !words.empty || this.fleet.hasWord || this.#pending.length > 0 || this.#stopped;
    while (!this.#stopped && this.#failure === undefined) {
      this.turn();
      const now = monotonicMicros();
      if (now - this.#breathedAt > longestWork) {
        await nextTurn();
        this.#breathedAt = monotonicMicros();
        continue;
      }
      const millis = this.#napMillis();
      this.#plannedAt = now + millis * 1_000;
      await bell.rest(ready, millis);
      if (monotonicMicros() - now > longestWork) this.#breathedAt = monotonicMicros();
    }
  }

  stop(): void {
    this.#stopped = true;
    this.#options.bell.ring();
  }

  #napMillis(): number {
    let next = this.#options.core.nextDeadline();
    const consider = (at: Micros | undefined): void => {
      if (at !== undefined && (next === undefined || at < next)) next = at;
    };
    consider(this.fleet.nextTimerAt());
    consider(this.#conflator.nextAt());
    if (this.#toGateway.waiting > 0) return 0.2;
    return next === undefined ? longestNap : Math.min(longestNap, Math.max(0, (next - this.#options.clock.now()) / 1_000));
  }

  /** One look at everything that has arrived or is due. */
  turn(): void {
    const now = monotonicMicros();
    if (this.#plannedAt > 0 && now > this.#plannedAt) this.#loopLag.record(now - this.#plannedAt);
    this.#plannedAt = 0;
    this.#turns++;
    this.#now = this.#clock();
    this.#options.words.poll((type, from, at) => this.#hear(type, from, at), perTurn);
    this.fleet.poll();
    if (now - this.#watchedAt > longestNap * 1_000) {
      this.#watchedAt = now;
      this.fleet.watch(now);
    }
    this.#due();
    this.#settle();
    this.#toGateway.drain();
    this.#options.effects.publish();
    this.#showMarket();
    this.#flush();
    this.#options.onTurn?.();
  }

  #hear(type: number, from: Payload, at: number): void {
    const word = readWord(type, from, at);
    if (word !== undefined) {
      this.#step(word.kind === 'report' ? { ...word, eventSeq: ++this.#eventSeq } : word);
      this.#settle();
      return;
    }
    const { delivery, stamp } = readDelivery(type, from, at);
    if (delivery.kind !== 'market') return;
    const { event } = delivery;
    this.#marketEvents++;
    this.#heardAt = monotonicMicros();
    event.eventSeq = ++this.#eventSeq;
    this.capture?.take(event, this.#now);
    this.fleet.post({ kind: 'market', eventSeq: event.eventSeq, at: this.#now, event }, stamp);
    if (++this.#unshown >= eventsPerWake) this.#showMarket();
    if (event.kind === 'feedStatus') {
      const { feed, listing, condition, value, text } = event;
      this.#step({ kind: 'feed', feed, listing, condition, value, text });
    } else {
      this.#conflator.take(event, event.eventSeq);
      const mark = this.#conflator.due(event.listing, this.#now);
      if (mark !== undefined) this.#step(mark);
    }
    if (this.#warming.size > 0) this.#checkWarm();
  }

  #stepIntent(intent: Intent, stamps: Stamps): void {
    const mark = this.#conflator.fresh(intent.listing, this.#now);
    if (mark !== undefined) this.#step(mark);
    this.#answering = stamps;
    this.#step(intent);
    this.#answering = undefined;
  }

  #stampOrders(decisions: readonly Decision[], stamps: Stamps): void {
    for (const decision of decisions) {
      if (decision.kind !== 'orderSent' && decision.kind !== 'replaceSent') continue;
      if (stamps.decided > 0) this.#signalToOrder.record(monotonicMicros() - stamps.decided);
      if (this.#stamps.size < maxStamped) this.#stamps.set(decision.order.clOrdID, stamps);
    }
  }

  /** Hosts are woken for several events at a time, and before anything that would keep them waiting. */
  #showMarket(): void {
    this.#unshown = 0;
    this.fleet.publish();
  }

  #step(input: Input): Seq {
    if (this.#unshown > 0) this.#showMarket();
    return this.#sequencer.submit(this.#now, input);
  }

  /** Marks and deadlines whose time has come, then timers of strategies. */
  #due(): void {
    const { core } = this.#options;
    for (const mark of this.#conflator.dueAll(this.#now, marksPerTurn)) this.#step(mark);
    for (let deadline = core.nextDeadline(); deadline !== undefined && deadline <= this.#now; deadline = core.nextDeadline()) {
      this.#step({ kind: 'timer', deadline });
      this.#settle();
    }
    for (const { row, name } of this.fleet.dueTimers(this.#now))
      this.fleet.post({ kind: 'timer', eventSeq: ++this.#eventSeq, at: this.#now, row, name }, monotonicMicros());
  }

  /** Everything that follows without time passing. */
  #settle(): void {
    this.#sequencer.release();
    for (;;) {
      const input = this.#pending.shift();
      if (input !== undefined) {
        this.#step(input);
        continue;
      }
      // what was decided before a swap ended is heard before its end is
      const waits = this.#own.length > 0 && endsSwap(this.#hostWork.at(0));
      const work = waits ? undefined : this.#hostWork.shift();
      if (work !== undefined) {
        this.#hostEffect(work);
        continue;
      }
      const own = this.#own.shift();
      if (own === undefined) return;
      this.fleet.post({ kind: 'own', eventSeq: ++this.#eventSeq, at: this.#now, event: own }, monotonicMicros());
    }
  }

  #leave(effect: Effect): void {
    if (effect.kind === 'send' || effect.kind === 'replace') {
      const stamps = this.#stamps.get(effect.order.clOrdID);
      this.#stamps.delete(effect.order.clOrdID);
      if (!this.#toGateway.send(effect, stamps)) this.#noRoom(effect);
    } else if (isHostEffect(effect)) this.#hostWork.push(effect);
    else if (effect.kind === 'kill') this.#kill(effect);
    else if (effect.kind !== 'answer' && effect.kind !== 'alert') this.#toGateway.send(effect, undefined);
    this.#options.onEffect?.(effect);
  }

  /** An order for which there is no room on the way to the gateway never leaves, and the core hears so. */
  #noRoom({ kind, order }: Extract<Effect, { kind: 'send' | 'replace' }>): void {
    const report = reportOfNote({ outcome: 'refused', code: 'GATEWAY_FULL', order, replacing: kind === 'replace' }, this.#now);
    this.#pending.push({ ...report, eventSeq: ++this.#eventSeq });
  }

  /** A kill command of that generation of the word is about to be stepped. */
  killAsked(generation: number): void {
    this.#knownKill = Math.max(this.#knownKill, generation);
  }

  /** The word stands before anybody reads the effect; a release takes back the kills that were recorded before it. */
  #kill(effect: KillEffect): void {
    if (effect.hold === 'firm' && effect.engaged && !this.#options.killWord.engaged) this.#knownKill = this.#options.killWord.engage();
    const worded: WordedKill = { ...effect, word: this.#knownKill };
    this.#toGateway.send(worded, undefined);
  }

  /** Without a record nothing may add risk, and nobody looks after what is open: everything is taken back at once. */
  #failed(failure: string | undefined): void {
    if (failure === undefined || this.#failure !== undefined) return;
    this.#failure = failure;
    this.#options.onJournalFailure?.(failure);
  }

  /** Group commit: whatever queued while the last one ran is the next one. */
  #flush(): void {
    if (this.#flushing || !this.#sequencer.holding) return;
    this.#flushing = true;
    void this.#sequencer.flush().then((failure) => {
      this.#flushing = false;
      this.#failed(failure);
      this.#settle();
      this.#options.effects.publish();
      this.fleet.publish();
      this.#options.bell.ring();
    });
  }

  #hostEffect(effect: HostEffect): void {
    switch (effect.kind) {
      case 'unload':
        this.fleet.unload(effect.row);
        this.#warming.delete(effect.row);
        return;
      case 'handover': {
        const { verb, from, to } = effect;
        this.fleet.handover({ ...effect, paper: simulatedLots(this.#options.core, verb === 'commit' ? from : to) });
        return;
      }
      case 'authority':
        this.fleet.authority(effect.row, { epoch: effect.epoch, capital: effect.capital, trading: effect.trading });
        return;
      case 'load': {
        const { spec, row } = effect;
        const { core } = this.#options;
        const { listingIx } = core.registry;
        const universe = spec.universe.map((listingID) => listingIx.get(listingID)).filter((ix) => ix !== undefined);
        const seed = `${this.#options.seed}/${spec.sliceID}/${spec.version}`;
        const { algorithmID: name, parameters } = spec;
        const version = codeVersion(spec.version);
        const more = inheritedBy(core, row, universe);
        const refused = this.fleet.load({ row, name, version, parameters, universe, seed, ...more });
        if (refused !== '') this.#loaded(row, false, refused);
        return;
      }
    }
  }

  #loaded(row: RowIx, ok: boolean, text: string): void {
    this.#pending.push({ kind: 'host', row, event: ok ? 'loaded' : 'exception', eventSeq: this.#eventSeq, text: text.slice(0, 256) });
    if (!ok) return;
    this.fleet.post({ kind: 'start', eventSeq: ++this.#eventSeq, at: this.#now, row }, 0);
    this.#warming.add(row);
    this.#checkWarm();
  }

  #checkWarm(): void {
    for (const row of this.#warming) {
      const served = this.fleet.rows.get(row);
      if (served?.request.universe.every((listing) => this.fleet.market.hasSeen(listing)) !== true) continue;
      this.#warming.delete(row);
      this.#pending.push({ kind: 'host', row, event: 'warmed', eventSeq: this.#eventSeq, text: '' });
    }
  }
}
