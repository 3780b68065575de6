import { ticksUnchecked } from '../../base/units.ts';
import type { ListingRow } from '../../core/registry.ts';
import type { ListingIx, RowIx } from '../../domain/ids.ts';
import type { Payload } from '../../domain/schema/wire.ts';
import type { ParameterValues, StrategyDefinition } from '../../ports/strategy.ts';
import type { HostAnswer, HostFault } from '../host-port.ts';
import { Histogram } from '../latency/histogram.ts';
import type { MoneyTerms } from '../own-money.ts';
import { Doorbell } from '../rings/doorbell.ts';
import { RingReader, RingWriter } from '../rings/ring.ts';
import { monotonicMicros } from '../shared-clock.ts';
import type { Carried } from '../strategy-context.ts';
import { ThreadHost, type CallWatch } from '../thread-host.ts';
import { thrownText } from '../thrown-text.ts';
import type { Budget } from './budget.ts';
import { handStep, type HandOrder, type HandOutcome } from './hand-step.ts';
import { collector, HeapWatch } from './heap-watch.ts';
import { HostBoard } from './host-board.ts';
import * as messages from './messages.ts';
import { threadID } from './thread-cpu.ts';

/** What a host thread is begun with: shared memory and budgets. */
export interface HostSetting {
  readonly inbound: SharedArrayBuffer;
  readonly outbound: SharedArrayBuffer;
  /** The host sleeps on `bell`; the core is woken by `coreBell`. */
  readonly bell: SharedArrayBuffer;
  readonly coreBell: SharedArrayBuffer;
  readonly board: SharedArrayBuffer;
  /** From the receive stamp to the first callback. */
  readonly tickToStrategy: SharedArrayBuffer;
  readonly spinning: boolean;
  readonly budget: Budget;
  /** Microseconds between exports of every instance's state; 0 = only when asked. */
  readonly exportEvery: number;
  /** The core waits for each answer; else what only says how far this host has come is found at its next turn and wakes nobody. */
  readonly lockStep: boolean;
}

/** Orders from the core to a host, as JSON. */
export type HostOrder =
  | { readonly verb: 'listings'; readonly rows: readonly ListingRow[]; readonly tickValues: readonly number[] }
  | { readonly verb: 'recall'; readonly listing: ListingIx; readonly seen: boolean; readonly last: number | null }
  | {
      readonly verb: 'load';
      readonly row: RowIx;
      readonly module: string;
      readonly name: string;
      readonly version: string;
      readonly parameters: ParameterValues;
      readonly universe: readonly ListingIx[];
      readonly seed: string;
      /** null = a first instance; then no state either. */
      readonly carried: Carried | null;
      readonly money: MoneyTerms | null;
    }
  | { readonly verb: 'unload'; readonly row: RowIx }
  | { readonly verb: 'authority'; readonly row: RowIx; readonly epoch: number; readonly capital: number; readonly trading: boolean }
  | { readonly verb: 'import'; readonly module: string }
  | { readonly verb: 'collect' }
  | { readonly verb: 'export'; readonly row: RowIx }
  | HandOrder
  | { readonly verb: 'end' };

export interface LoadedReply {
  readonly row: RowIx;
  readonly ok: boolean;
  readonly text: string;
  /** It had a predecessor and goes on without its state. */
  readonly anew: boolean;
}

/** Messages taken in one turn before what they brought is published. */
const batch = 64;
/** Longest sleep without a look around (ms). */
const nap = 200;

const quiet: HostAnswer = { intents: [], faults: [], watermark: 0 };

type Find = (module: string, name: string, version: string) => Promise<StrategyDefinition | undefined>;

/** A host on its own thread: takes deliveries from its ring, runs the callbacks, answers with intents, timers, faults and the watermark. */
export class HostLoop implements CallWatch {
  readonly #setting: HostSetting;
  readonly #find: Find;
  readonly #in: RingReader;
  readonly #out: RingWriter;
  readonly #bell: Doorbell;
  readonly #board: HostBoard;
  readonly #heap: HeapWatch;
  readonly #tickToStrategy: Histogram;
  readonly #listings: ListingRow[] = [];
  readonly #tickValues: number[] = [];
  readonly #host: ThreadHost;
  readonly #rows = new Set<RowIx>();
  readonly #states = new Map<RowIx, messages.HostState>();
  /** Proposals of a row within the second that began at `from` (desk time). */
  readonly #proposals = new Map<RowIx, { from: number; count: number }>();
  #faults: HostFault[] = [];
  #startedAt = 0;
  #handled = 0;
  #eventSeq = 0;
  /** The instance whose state is exported next, and when. */
  #toExport: IterableIterator<RowIx> = [].values();
  #exportAt = 0;
  #load: Extract<HostOrder, { verb: 'load' }> | undefined;
  /** A step of a hand-over that needs code which may have to be loaded. */
  #hand: HandOrder | undefined;
  readonly #imports: string[] = [];
  /** Something was said for which the core is to be woken. */
  #spoke = false;
  #ended = false;

  constructor(setting: HostSetting, find: Find) {
    this.#setting = setting;
    this.#find = find;
    this.#in = new RingReader(setting.inbound);
    this.#out = new RingWriter(setting.outbound, new Doorbell(setting.coreBell, false));
    this.#bell = new Doorbell(setting.bell, setting.spinning);
    this.#board = new HostBoard(setting.board);
    this.#board.thread = threadID();
    this.#heap = new HeapWatch(setting.budget.heapMebibytes);
    this.#tickToStrategy = new Histogram(setting.tickToStrategy);
    this.#host = new ThreadHost(this.#listings, (ix) => this.#tickValues[ix], this);
  }

  async run(): Promise<void> {
    const ready = (): boolean => !this.#in.empty;
    while (!this.#ended) {
      const taken = this.#in.poll(this.#take, batch);
      if (taken > 0) this.#answer();
      if (this.#load !== undefined) await this.#loadNow(this.#load);
      if (this.#hand !== undefined) await this.#handNow(this.#hand);
      for (let module = this.#imports.shift(); module !== undefined; module = this.#imports.shift())
        await this.#find(module, '', '').catch(() => undefined);
      if (taken === 0) this.#bell.wait(ready, nap);
      this.#exportDue(taken === 0);
      this.#tell();
    }
  }

  begins(row: RowIx): void {
    this.#startedAt = monotonicMicros();
    this.#heap.begins();
    this.#board.begins(row, this.#startedAt);
  }

  ends(row: RowIx): void {
    this.#board.ends();
    const blamed = this.#heap.ends(row);
    if (blamed !== undefined) this.#faults.push({ row: blamed.row, event: 'overBudget', text: blamed.text });
    const millis = (monotonicMicros() - this.#startedAt) / 1_000;
    const { callMillis } = this.#setting.budget;
    if (millis <= callMillis) return;
    this.#board.countSlow();
    // where the core can see how long this thread really ran it judges itself: on a busy machine the wall clock blames whoever was interrupted
    if (this.#board.thread === 0)
      this.#faults.push({ row, event: 'overBudget', text: `callback: expected at most ${callMillis} ms, was ${millis.toFixed(1)} ms` });
  }

  readonly #take = (type: number, from: Payload, at: number): boolean => {
    switch (type) {
      case messages.messageTypes.order:
        return this.#obey(messages.readJson(from, at) as HostOrder);
      case messages.messageTypes.state: {
        const state = messages.readState(from, at);
        this.#states.set(state.row, state);
        return true;
      }
      default:
        this.#deliver(type, from, at);
        return true;
    }
  };

  #deliver(type: number, from: Payload, at: number): void {
    const { delivery, stamp } = messages.readDelivery(type, from, at);
    if (stamp > 0 && delivery.kind === 'market') this.#tickToStrategy.record(monotonicMicros() - stamp);
    const answer = this.#host.deliver(delivery);
    const proposed = answer.intents.length > 0;
    this.#say(answer, stamp);
    this.#sayTimers();
    if (this.#host.handovers.active) this.#sayOverflows();
    this.#handled++;
    this.#eventSeq = delivery.eventSeq;
    // who asked first is served first: later messages of this turn do not hold these back
    if (proposed) this.#tell();
  }

  #say({ intents, faults }: HostAnswer, stamp: number): void {
    const decided = intents.length > 0 ? monotonicMicros() : 0;
    for (const intent of intents) {
      if (this.#withinRate(intent.row, intent.decisionAt)) this.#put(() => messages.sendIntent(this.#out, intent, stamp, decided));
    }
    if (faults.length + this.#faults.length === 0) return;
    for (const fault of [...faults, ...this.#faults]) this.#put(() => messages.sendFault(this.#out, fault));
    this.#faults = [];
  }

  #sayTimers(): void {
    this.#host.takeNewTimers((row, name, when) => this.#put(() => messages.sendTimerSet(this.#out, { row, at: when, name })));
  }

  #sayOverflows(): void {
    for (const { swap: overflow } of this.#host.unasked())
      this.#put(() => messages.sendJson(this.#out, messages.messageTypes.hand, { overflow }));
  }

  /** The state first, then what came of the events that waited, then the word that it is done. */
  #sayHand({ reply, state, answers }: HandOutcome): void {
    if (state !== null) this.#put(() => messages.sendState(this.#out, state));
    for (const answer of answers) this.#say(answer, 0);
    if (this.#faults.length > 0) this.#say(quiet, 0);
    this.#sayTimers();
    this.#put(() => messages.sendJson(this.#out, messages.messageTypes.hand, reply));
    this.#out.publish();
  }

  async #handNow(order: HandOrder): Promise<void> {
    this.#hand = undefined;
    this.#sayHand(handStep(this.#host.handovers, order, this.#takeState(order.request.from), await this.#giverOf(order)));
  }

  async #giverOf({ giver }: HandOrder): Promise<Parameters<typeof handStep>[3]> {
    if (giver === null) return null;
    const { module, name, version, parameters } = giver;
    try {
      const definition = await this.#find(module, name, version);
      const parsed = definition?.parse(parameters);
      if (definition === undefined || parsed === undefined) return `${module}: expected an export that defines ${name} ${version}`;
      return parsed.ok ? { definition, parameters: parsed.value } : parsed.error.join('; ');
    } catch (error) {
      return `${module}: ${error instanceof Error ? error.message.split('\n', 1)[0] : String(error)}`;
    }
  }

  #takeState(row: RowIx): messages.HostState | undefined {
    const state = this.#states.get(row);
    this.#states.delete(row);
    return state;
  }

  #withinRate(row: RowIx, at: number): boolean {
    const { proposalsPerSecond } = this.#setting.budget;
    let window = this.#proposals.get(row);
    if (window === undefined || at - window.from >= 1_000_000) {
      window = { from: at, count: 0 };
      this.#proposals.set(row, window);
    }
    window.count++;
    if (window.count === proposalsPerSecond + 1) {
      const text = `proposals: expected at most ${proposalsPerSecond} in one second, was ${window.count}`;
      this.#faults.push({ row, event: 'overBudget', text });
    }
    return window.count <= proposalsPerSecond;
  }

  #answer(): void {
    this.#board.weighed(this.#heap.used, this.#heap.grower);
    while (!messages.sendAnswered(this.#out, this.#eventSeq, this.#handled)) this.#waitForRoom();
    if (this.#setting.lockStep) this.#out.publish();
    else this.#tell();
  }

  #tell(): void {
    if (this.#spoke) this.#out.publish();
    else this.#out.show();
    this.#spoke = false;
  }

  /** Waits for room: a core that does not take answers holds its hosts back, never the other way round. */
  #put(send: () => boolean): void {
    while (!send()) this.#waitForRoom();
    this.#spoke = true;
  }

  #waitForRoom(): void {
    this.#out.publish();
    this.#bell.wait(() => this.#out.fill < 0.5, 1);
  }

  /** @returns false: nothing more before this is done. */
  #obey(order: HostOrder): boolean {
    switch (order.verb) {
      case 'listings':
        this.#listings.push(...order.rows);
        this.#tickValues.push(...order.tickValues);
        this.#host.growTo(this.#listings.length);
        return true;
      case 'recall':
        this.#host.recall(order.listing, order.seen, order.last === null ? undefined : ticksUnchecked(order.last));
        return true;
      case 'load':
        this.#load = order;
        return false;
      case 'unload':
        this.#host.unload(order.row);
        this.#rows.delete(order.row);
        return true;
      case 'authority':
        this.#host.authority(order.row, order.epoch, order.capital, order.trading);
        return true;
      case 'import':
        // loaded for whoever comes later; what is wrong with it is said then
        this.#imports.push(order.module);
        return false;
      case 'collect':
        collector()();
        return true;
      case 'export':
        this.#exportRow(order.row);
        return true;
      case 'hand':
        if (order.giver === null) {
          this.#sayHand(handStep(this.#host.handovers, order, this.#takeState(order.request.from), null));
          return true;
        }
        this.#hand = order;
        return false;
      case 'end':
        this.#ended = true;
        return false;
    }
  }

  async #loadNow(order: Extract<HostOrder, { verb: 'load' }>): Promise<void> {
    this.#load = undefined;
    const reply = (text: string, anew = false): void => {
      const answer: LoadedReply = { row: order.row, ok: text === '', text, anew };
      this.#put(() => messages.sendJson(this.#out, messages.messageTypes.loaded, answer));
    };
    const { row, parameters, universe, seed, module, name, version, carried, money } = order;
    const state = this.#takeState(row) ?? null;
    try {
      const definition = await this.#find(module, name, version);
      if (definition === undefined) {
        reply(`${module}: expected an export that defines ${name} ${version}`);
        return;
      }
      const request = { row, definition, parameters, universe, seed, ...(money === null ? {} : { money }) };
      const loaded = carried === null ? this.#host.load(request) : this.#host.load(request, { carried, state });
      if (loaded.ok) this.#rows.add(row);
      reply(loaded.ok ? '' : loaded.text, loaded.ok && loaded.anew);
    } catch (error) {
      reply(`${module}: ${error instanceof Error ? error.message.split('\n', 1)[0] : String(error)}`);
    }
  }

  /** One instance after the other over the period: all of them in one go would hold every event behind them. An idle host makes up for what it is behind. */
  #exportDue(idle: boolean): void {
    const { exportEvery } = this.#setting;
    if (exportEvery === 0 || this.#rows.size === 0) return;
    const now = monotonicMicros();
    do {
      if (now < this.#exportAt) return;
      this.#exportAt = Math.max(this.#exportAt, now - exportEvery) + exportEvery / this.#rows.size;
      let next = this.#toExport.next();
      if (next.done === true) next = (this.#toExport = this.#rows.values()).next();
      if (next.done !== true) this.#exportRow(next.value);
    } while (idle);
  }

  /** A state of schema '' says that there is none. */
  #exportRow(row: RowIx): void {
    const none: Omit<messages.HostState, 'row'> = { schema: '', bytes: new Uint8Array(0), eventSeq: this.#eventSeq };
    let state = none;
    try {
      state = this.#host.state(row) ?? none;
    } catch (error) {
      const text = `exportState: ${thrownText(error)}`.slice(0, 256);
      this.#put(() => messages.sendFault(this.#out, { row, event: 'exception', text }));
    }
    this.#put(() => messages.sendState(this.#out, { row, ...state }));
  }
}
