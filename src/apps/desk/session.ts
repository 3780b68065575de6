import { createHash } from 'node:crypto';
import { baseQtyUnchecked, microsUnchecked } from '../../base/units.ts';
import { createCore, smallCoreCapacities, type Core } from '../../core/core.ts';
import type { Actor } from '../../domain/actor.ts';
import type { Command } from '../../domain/command.ts';
import type { Decision } from '../../domain/decision.ts';
import type { Effect } from '../../domain/effect.ts';
import type { Seq } from '../../domain/ids.ts';
import type { Input } from '../../domain/input.ts';
import type { PlainObject } from '../../domain/spec-parser/field-reader.ts';
import { parseSpec, type SpecDefaults } from '../../domain/spec-parser/spec-parser.ts';
import type { FileJournal } from '../../journal/file-journal.ts';
import type { MemoryJournal } from '../../journal/memory-journal.ts';
import type { StrategyDefinition } from '../../ports/strategy.ts';
import { createDeskView, foldDecision, foldInput, type DeskView } from '../../projections/desk-view.ts';
import { recordedBudget } from '../../runtime/hosts/budget.ts';
import { HostPool } from '../../runtime/hosts/host-pool.ts';
import { ThreadHost } from '../../runtime/thread-host.ts';
import { nodeWorld } from '../../runtime/threads.ts';
import { VirtualDesk } from '../../runtime/virtual-desk.ts';
import { genesisOf, registrationsOf } from './definitions.ts';
import type { MarketSource, OpenedMarket } from './market-source.ts';
import { commandInput, deskPeople, envelopeOf } from './people.ts';
import { RollbackClock } from './rollback-clock.ts';

/** Term of a new journal; a later start raises it. */
export const firstTerm = 1;

/** Microseconds between exports of the states of strategies in hosts. */
const stateEvery = 250_000;

export interface SessionOptions {
  readonly source: MarketSource;
  readonly journal: FileJournal | MemoryJournal;
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
}

export interface Answer {
  readonly accepted: boolean;
  readonly code: string;
  readonly text: string;
}

/** One desk: core, journal, host, market and the loop between them, with the view that people look at. */
export class Session {
  readonly core: Core;
  readonly view: DeskView = createDeskView();
  readonly rollbackClock = new RollbackClock();
  readonly options: SessionOptions;
  #desk: VirtualDesk | undefined;
  #market: OpenedMarket | undefined;
  #pool: HostPool | undefined;
  #commands = 0;
  readonly #answers = new Map<string, Answer>();

  constructor(options: SessionOptions) {
    this.options = options;
    this.core = createCore(firstTerm, smallCoreCapacities);
  }

  get desk(): VirtualDesk {
    if (this.#desk === undefined) throw new Error('the session is not open');
    return this.#desk;
  }

  get market(): OpenedMarket {
    if (this.#market === undefined) throw new Error('the session is not open');
    return this.#market;
  }

  /** Writes genesis and registrations, then joins the market. */
  async open(): Promise<void> {
    const { source, journal, strategies, seed } = this.options;
    const host = this.#newHost();
    this.#desk = new VirtualDesk({
      core: this.core,
      journal,
      host,
      bookOf: (listing) => host.book(listing),
      term: firstTerm,
      startAt: source.startAt,
      seed,
      strategyOf: (algorithmID, version) => strategies.find((one) => one.name === algorithmID && one.version === version),
      beforeStep: () => this.rollbackClock.stepStarts(),
      observe: (seq, at, input, decisions) => this.#observe(seq, at, input, decisions),
      onEffect: (effect) => this.#onEffect(effect),
      onCancelSent: (target) => this.rollbackClock.cancelSent(target),
    });
    const { market } = source;
    await this.desk.submit(genesisOf(market.currency, this.options.firmCapital, this.options.durability, seed, this.options.coreDigest));
    for (const registration of registrationsOf([market])) await this.desk.submit(registration);
    this.#market = source.open(this.core);
    host.growTo(this.core.registry.listings.length);
    const { feed, venue, port, simulator } = this.#market;
    this.desk.join([feed], new Map([[venue, port]]), new Map([[venue, simulator]]));
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
    foldInput(this.view, seq, time, input);
    decisions.forEach((decision, n) => {
      foldDecision(this.view, seq + 1 + n, time, decision);
      this.options.onDecision?.(at, decision);
    });
  }

  #onEffect(effect: Effect): void {
    if (effect.kind === 'answer') this.#answers.set(effect.commandID, { accepted: effect.accepted, code: effect.code, text: effect.text });
  }

  /** Steps a command and gives the answer that left the outbox: it is durable then. */
  async ask(command: Command, actor: Actor, approvedBy: Actor | null = null): Promise<Answer & { readonly seq: Seq }> {
    const commandID = `${command.verb}-${++this.#commands}`;
    const seq = await this.desk.submit(commandInput(envelopeOf(commandID, command, actor, approvedBy)));
    const answer = this.#answers.get(commandID) ?? {
      accepted: false,
      code: 'NOT_DURABLE',
      text: this.desk.failure ?? 'the journal did not take it',
    };
    this.#answers.delete(commandID);
    return { ...answer, seq };
  }

  /** Registers the versions that the desk has and a slice for each algorithm. */
  async prepare(totalCapital: string): Promise<void> {
    const { admin, risk } = deskPeople;
    const { currency } = this.options.source.market;
    for (const { name, version } of this.options.strategies) {
      const artifactDigest = createHash('sha256').update(`built in ${name} ${version}`).digest('hex');
      await this.ask({ verb: 'registerVersion', algorithmID: name, version, artifactDigest }, admin);
    }
    for (const algorithmID of new Set(this.options.strategies.map((one) => one.name))) {
      const sliceID = `${algorithmID}@main.${currency}`;
      await this.ask({ verb: 'setSlice', sliceID, algorithmID, accountGroup: 'main', currency, totalCapital, reserve: '0' }, admin, risk);
    }
  }

  /** What a spec may leave out on this desk. */
  defaults(): SpecDefaults {
    const { market } = this.options.source;
    return {
      accountGroup: 'main',
      currency: market.currency,
      universe: [market.listingID],
      venues: [{ venueID: market.venueID, accountID: market.accountID }],
      calendar: 'ALWAYS',
    };
  }

  /** Parses and deploys; a spec that does not parse is refused with its faults, nothing is journaled. */
  async deploy(spec: PlainObject, actor: Actor, given: Partial<SpecDefaults> = {}): Promise<Answer> {
    const parsed = parseSpec(spec, { ...this.defaults(), ...given });
    if (!parsed.ok)
      return {
        accepted: false,
        code: 'SPEC_REFUSED',
        text: parsed.error.map(({ path, text }) => `${path === '' ? 'spec' : path}: ${text}`).join('\n'),
      };
    const answer = await this.ask({ verb: 'deploy', spec: parsed.value.spec }, actor);
    const warnings = parsed.value.warnings.map((warning) => `note: ${warning}`);
    return { ...answer, text: [answer.text, ...warnings].join('\n') };
  }

  /** Lets everything that is under way come back, without new market data; then nothing is in flight. */
  async quiesce(): Promise<void> {
    await this.desk.drain();
  }

  /** Compares every position with the venue's word. */
  async reconcile(): Promise<void> {
    const { registry } = this.core;
    const said = new Map<string, { account: number; instrument: number; position: number }>();
    for (const { account, listing, position } of this.market.port.positionList()) {
      const { instrument, baseUnitsPerLot } = registry.listings[listing];
      const key = `${account}/${instrument}`;
      const before = said.get(key)?.position ?? 0;
      said.set(key, { account, instrument, position: before + position * baseUnitsPerLot });
    }
    for (const { ix: account } of registry.accounts) {
      for (let instrument = 0; instrument < registry.instruments.length; instrument++) {
        const position = said.get(`${account}/${instrument}`)?.position ?? 0;
        await this.desk.submit({
          kind: 'venuePosition',
          account,
          venue: this.market.venue,
          instrument,
          position: baseQtyUnchecked(position),
          openOrders: 0,
          asOfClOrdID: 0,
        });
      }
    }
  }

  /** Ends the desk in good order: state hash, checkpoint. @returns undefined, or why the journal could not be closed. */
  async close(reason: string): Promise<string | undefined> {
    await this.desk.submit({ kind: 'close', reason });
    await this.#pool?.end();
    const closed = await this.options.journal.close();
    return closed.ok ? undefined : closed.message;
  }
}
