import { microsUnchecked, type Micros } from '../../base/units.ts';
import { createCore, smallCoreCapacities, type Core, type CoreCapacities } from '../../core/core.ts';
import type { Actor } from '../../domain/actor.ts';
import type { Command } from '../../domain/command.ts';
import type { Decision } from '../../domain/decision.ts';
import type { Seq } from '../../domain/ids.ts';
import type { Input } from '../../domain/input.ts';
import type { PlainObject } from '../../domain/spec-parser/field-reader.ts';
import type { SpecDefaults } from '../../domain/spec-parser/spec-parser.ts';
import type { JournalPort } from '../../ports/journal.ts';
import type { StrategyDefinition } from '../../ports/strategy.ts';
import { createDeskView, foldDecision, foldInput, type DeskView } from '../../projections/desk-view.ts';
import type { PulledVenue } from '../../runtime/desk-options.ts';
import { recordedBudget } from '../../runtime/hosts/budget.ts';
import { HostPool } from '../../runtime/hosts/host-pool.ts';
import { ThreadHost } from '../../runtime/thread-host.ts';
import { nodeWorld } from '../../runtime/threads.ts';
import { VirtualDesk } from '../../runtime/virtual-desk.ts';
import { Asking, type Answer, type Answered, type Said } from './asking.ts';
import { genesisOf, registrationsOf } from './definitions.ts';
import { EventLog } from './event-log.ts';
import type { SessionCapture } from './capture.ts';
import { refuseOtherMarket, resume, type Past } from './resume.ts';
import type { MarketSource, OpenedMarket } from './market-source.ts';
import { reconcileInput } from './reconcile-desk.ts';
import { RollbackClock } from './rollback-clock.ts';
import { SwapClock } from './swap-clock.ts';

/** Term of a new journal; a later start raises it. */
export const firstTerm = 1;

/** Microseconds between exports of the states of strategies in hosts. */
const stateEvery = 250_000;

export interface SessionOptions {
  readonly source: MarketSource;
  readonly journal: JournalPort;
  readonly coreDigest: string;
  readonly seed: string;
  readonly firmCapital: string;
  readonly durability: 'sync' | 'group' | 'os';
  readonly strategies: readonly StrategyDefinition[];
  /** Strategies run in this many threads of their own, in lock-step; left out: on the thread of the desk. */
  readonly hosts?: number;
  /** File URL of the module that exports a version; asked where there are hosts. */
  readonly moduleOf?: (algorithmID: string, version: string) => string | undefined;
  readonly onDecision?: (at: number, decision: Decision) => void;
  /** Hears every input with what was decided on it. */
  readonly onStep?: (at: Micros, input: Input, decisions: readonly Decision[]) => void;
  /** Nothing will ever trade capital on it: there is no venue but the simulator of rows on paper. */
  readonly paperOnly?: true;
  /** How large the core is made, where nobody derives it again from a journal; left out: as every reader of a desk's journal makes it. */
  readonly capacities?: CoreCapacities;
  /** Nobody looks at it and nothing is handed over on it: no view is kept, and strategies look at the simulator's books in place of copies of their own. */
  readonly unwatched?: true;
  /** Takes what the feed delivers; its chunks are noted in the journal. */
  readonly capture?: SessionCapture;
  /** What a desk before this one left in the same journal. */
  readonly past?: Past;
}

/** One desk: core, journal, host, market and the loop between them, with the view that people look at. */
export class Session {
  readonly core: Core;
  readonly view: DeskView;
  readonly events: EventLog;
  readonly rollbackClock = new RollbackClock();
  readonly swapClock = new SwapClock();
  readonly options: SessionOptions;
  #desk: VirtualDesk | undefined;
  #market: OpenedMarket | undefined;
  #pool: HostPool | undefined;
  readonly #term: number;
  readonly #asking: Asking;

  constructor(options: SessionOptions) {
    this.options = options;
    this.view = options.past?.told.view ?? createDeskView();
    this.events = new EventLog(this.view);
    this.core = options.past?.core ?? createCore(firstTerm, options.capacities ?? smallCoreCapacities);
    this.#term = options.past === undefined ? firstTerm : options.past.found.header.term + 1;
    this.#asking = new Asking(this, options.source.market, options.strategies, this.#term);
  }

  get desk(): VirtualDesk {
    if (this.#desk === undefined) throw new Error('the session is not open');
    return this.#desk;
  }

  submit(input: Input): Promise<Seq> {
    return this.desk.submit(input);
  }

  get failure(): string | undefined {
    return this.desk.failure;
  }

  get market(): OpenedMarket {
    if (this.#market === undefined) throw new Error('the session is not open');
    return this.#market;
  }

  /** Writes genesis and registrations, then joins the market. */
  async open(): Promise<void> {
    const { source, journal, strategies, seed, past, capture } = this.options;
    const host = this.#newHost();
    this.#desk = new VirtualDesk({
      core: this.core,
      journal,
      host,
      bookOf: (listing) => host.book(listing),
      term: this.#term,
      startAt: past?.at ?? source.startAt,
      eventSeq: past?.told.eventSeq ?? 0,
      seed,
      strategyOf: (algorithmID, version) => strategies.find((one) => one.name === algorithmID && one.version === version),
      beforeStep: () => {
        this.rollbackClock.stepStarts();
        this.swapClock.stepStarts();
      },
      observe: (seq, at, input, decisions) => this.#observe(seq, at, input, decisions),
      onEffect: (effect) => {
        this.#asking.onEffect(effect);
        this.swapClock.onEffect(effect);
      },
      onCancelSent: (target) => this.rollbackClock.cancelSent(target),
      ...(capture === undefined ? {} : { onMarket: (event) => capture.take(event) }),
    });
    const { market } = source;
    if (past === undefined) {
      await this.desk.submit(genesisOf(market.currency, this.options.firmCapital, this.options.durability, seed, this.options.coreDigest));
      for (const registration of registrationsOf([market])) await this.desk.submit(registration);
    } else refuseOtherMarket(this.core, source, seed, strategies);
    capture?.begin(this.core);
    this.#market = source.open(this.core);
    host.growTo(this.core.registry.listings.length);
    const { feed, venue, port, simulator } = this.#market;
    if (this.options.unwatched === true && host instanceof ThreadHost) lendBooks(host, simulator, this.core);
    this.desk.join([feed], new Map(this.options.paperOnly === true ? [] : [[venue, port]]), new Map([[venue, simulator]]));
    if (past !== undefined) await resume(this, host, past, this.#term);
    else if (this.options.paperOnly !== true) await this.desk.submit(reconcileInput('start'));
  }

  #newHost(): ThreadHost | HostPool {
    const { listings } = this.core.registry;
    const tickValue = (ix: number): number => this.#tickValue(ix);
    const { hosts, moduleOf } = this.options;
    if (hosts === undefined) return new ThreadHost(listings, tickValue);
    this.#pool = new HostPool({
      world: nodeWorld,
      hosts,
      listings,
      tickValue,
      moduleOf: moduleOf ?? (() => undefined),
      budget: recordedBudget,
      exportEvery: stateEvery,
    });
    return this.#pool;
  }

  #tickValue(ix: number): number {
    const { moneyPerTickLot, currency } = this.core.registry.listings[ix];
    return moneyPerTickLot / 10 ** this.core.registry.currencies[currency].exponent;
  }

  #observe(seq: Seq, at: number, input: Input, decisions: readonly Decision[]): void {
    const time = microsUnchecked(at);
    this.rollbackClock.observe(decisions);
    this.swapClock.observe(decisions);
    this.options.onStep?.(time, input, decisions);
    if (this.options.unwatched === true) return;
    foldInput(this.view, seq, time, input);
    decisions.forEach((decision, n) => {
      foldDecision(this.view, seq + 1 + n, time, decision);
      this.events.take(seq + 1 + n, time, decision);
      this.options.onDecision?.(at, decision);
    });
  }

  ask(command: Command, actor: Actor, approvedBy: Actor | null = null, said: Said = {}): Promise<Answered> {
    return this.#asking.ask(command, actor, approvedBy, said);
  }

  prepare(totalCapital: string): Promise<void> {
    return this.#asking.prepare(totalCapital);
  }

  deploy(spec: PlainObject, actor: Actor, given: Partial<SpecDefaults> = {}, said: Said = {}): Promise<Answer> {
    return this.#asking.deploy(spec, actor, given, said);
  }

  /** Lets everything that is under way come back, without new market data; then nothing is in flight. */
  async quiesce(): Promise<void> {
    await this.desk.drain();
  }

  /** Ends the desk in good order: state hash, checkpoint. @returns undefined, or why the journal could not be closed. */
  async close(reason: string): Promise<string | undefined> {
    for (const note of this.options.capture?.end() ?? []) await this.desk.submit(note);
    await this.desk.submit({ kind: 'close', reason });
    await this.#pool?.end();
    const closed = await this.options.journal.close();
    return closed.ok ? undefined : closed.message;
  }
}

function lendBooks(host: ThreadHost, simulator: PulledVenue, { registry }: Core): void {
  for (const { ix } of registry.listings) {
    const book = simulator.depthOf?.(ix);
    if (book !== undefined) host.borrowBook(ix, book);
  }
}
