import { genesisOf, registrationsOf } from '../../../src/apps/desk/definitions.ts';
import { commandInput, deskPeople, envelopeOf } from '../../../src/apps/desk/people.ts';
import { microsUnchecked, type Micros } from '../../../src/base/units.ts';
import { createCore, type Core } from '../../../src/core/core.ts';
import type { ListingRow } from '../../../src/core/registry.ts';
import { firstOfRow, nextOfRow } from '../../../src/core/orders/order-store.ts';
import type { Command } from '../../../src/domain/command.ts';
import type { Effect } from '../../../src/domain/effect.ts';
import type { CommandInput } from '../../../src/domain/input.ts';
import type { JournalPort } from '../../../src/ports/journal.ts';
import type { Decision } from '../../../src/domain/decision.ts';
import type { Order } from '../../../src/domain/order.ts';
import type { DeploymentSpec } from '../../../src/domain/spec.ts';
import type { PlainObject } from '../../../src/domain/spec-parser/field-reader.ts';
import { parseSpec } from '../../../src/domain/spec-parser/spec-parser.ts';
import { CountJournal } from '../../../src/runtime/count-journal.ts';
import { recordedBudget } from '../../../src/runtime/hosts/budget.ts';
import { HostPool } from '../../../src/runtime/hosts/host-pool.ts';
import { moduleBeside, nodeWorld } from '../../../src/runtime/threads.ts';
import { ThreadHost } from '../../../src/runtime/thread-host.ts';
import { VirtualDesk } from '../../../src/runtime/virtual-desk.ts';
import { fixedLatency } from '../../../src/venues/simulated/latency.ts';
import { RecordedVenue } from '../../../src/venues/simulated/recorded-venue.ts';
import { cloneVersion } from './clones.ts';
import { ArrayFeed, type IdentitySession } from './session.ts';

const capital = '10000000';
/** Shorter than the way to the next swap. */
const watched = 'PT0.2S';
/** The same rules in a desk as small as a version and its clones need: thousands of them are made. */
const capacities = {
  listings: 4,
  orders: { openOrders: 64, closedOrders: 4_096, execIDs: 4_096, rows: 16, listings: 4 },
  risk: { slices: 2, rows: 16, openOrders: 128, routes: 64, cells: 512, duplicates: 256, orderLog: 1_024 },
};

/** What a measurement puts beside the world. */
export interface WorldHooks {
  readonly journal?: JournalPort;
  readonly onDecision?: (decision: Decision) => void;
  readonly onEffect?: (effect: Effect) => void;
  /** So many host threads run the versions; left out: this thread does. */
  readonly hosts?: number;
  /** Most swaps, each for a clone of its own; left out: one. */
  readonly swaps?: number;
}

/** One desk that runs a session; at any index its version can be swapped for its own clone. */
export class IdentityWorld {
  readonly core: Core = createCore(1, capacities);
  /** What POS4 compares of every order that traded capital, in order. */
  readonly orders: string[] = [];
  readonly decisions: Decision[] = [];
  readonly #session: IdentitySession;
  readonly #feed: ArrayFeed;
  readonly #host: ThreadHost | HostPool;
  readonly #desk: VirtualDesk;
  #commands = 0;
  #swaps = 0;

  readonly #hooks: WorldHooks;

  constructor(session: IdentitySession, hooks: WorldHooks = {}) {
    this.#hooks = hooks;
    const { market, definition, events } = session;
    this.#session = session;
    const { listings, currencies } = this.core.registry;
    const tickValue = (ix: number): number => listings[ix].moneyPerTickLot / 10 ** currencies[listings[ix].currency].exponent;
    this.#host = hooks.hosts === undefined ? new ThreadHost(listings, tickValue) : poolOf(listings, tickValue, hooks.hosts);
    this.#feed = new ArrayFeed(events);
    this.#desk = new VirtualDesk({
      core: this.core,
      journal: hooks.journal ?? new CountJournal(),
      ...(hooks.onEffect === undefined ? {} : { onEffect: hooks.onEffect }),
      host: this.#host,
      bookOf: (listing) => this.#host.book(listing),
      term: 1,
      startAt: events[0].receivedAt,
      seed: 'identity',
      strategyOf: (_algorithm, version) => ({ ...definition, version }),
      observe: (_seq, at, _input, decisions) => this.#observe(at, decisions),
    });
    this.#desk.submitNow(genesisOf(market.currency, '100000000', 'os', 'identity', '0'.repeat(64)));
    for (const registration of registrationsOf([market])) this.#desk.submitNow(registration);
    this.#host.growTo(listings.length);
    this.#desk.join([this.#feed], new Map([[0, this.#venue('REC', false)]]), new Map([[0, this.#venue('PAPER', true)]]));
    this.#prepare();
  }

  #venue(prefix: string, simulated: boolean): RecordedVenue {
    const listings = this.core.registry.listings.map((row) => ({
      ix: row.ix,
      listing: row.listing,
      moneyPerTickLot: row.moneyPerTickLot,
      currency: row.currency,
      fees: { makerRate: 20_000, takerRate: 40_000, feeUnit: 1 },
    }));
    const [orderLatency, reportLatency] = [fixedLatency(300), fixedLatency(200)];
    return new RecordedVenue({ venue: 0, prefix, simulated, listings, orderLatency, reportLatency, queue: 'proRata' });
  }

  #observe(at: Micros, decisions: readonly Decision[]): void {
    for (const decision of decisions) {
      this.#hooks.onDecision?.(decision);
      if (decision.kind === 'orderSent' || decision.kind === 'replaceSent') {
        const { order } = decision;
        if (!order.simulated) this.orders.push(textOf(at, order));
      } else if (decision.kind.startsWith('swap') || decision.kind === 'gateJudged') this.decisions.push(decision);
    }
  }

  ask(command: Command): void {
    this.#desk.submitNow(this.#inputOf(command));
  }

  #inputOf(command: Command): CommandInput {
    const { admin, risk, senior } = deskPeople;
    const actor = command.verb === 'deploy' || command.verb === 'waive' ? risk : admin;
    return commandInput(envelopeOf(`c${++this.#commands}`, command, actor, command.verb === 'waive' ? senior : risk));
  }

  get #sliceID(): string {
    return `${this.#session.definition.name}@main.${this.#session.market.currency}`;
  }

  #prepare(): void {
    const { definition, market } = this.#session;
    const algorithmID = definition.name;
    const clones = Array.from({ length: this.#hooks.swaps ?? 1 }, (_, n) => cloneVersion(n));
    for (const version of [definition.version, ...clones])
      this.ask({ verb: 'registerVersion', algorithmID, version, artifactDigest: 'a'.repeat(64) });
    this.ask({
      verb: 'setSlice',
      sliceID: this.#sliceID,
      algorithmID,
      accountGroup: 'main',
      currency: market.currency,
      totalCapital: capital,
      reserve: '0',
    });
    this.ask({
      verb: 'deploy',
      spec: this.#spec('blue', definition.version, {
        strategy: 'Canary',
        configuration: {
          totalCapital: capital,
          stages: [{ name: 'Medium', allocation: 0.1, minDuration: 'P30D', minTrades: 0, minPnL: -1_000_000 }],
        },
      }),
    });
  }

  #spec(deploymentId: string, version: string, more: { strategy: string; configuration: PlainObject }): DeploymentSpec {
    const { market, definition, parameters } = this.#session;
    const parsed = parseSpec(
      {
        deploymentId,
        algorithmId: definition.name,
        version,
        algorithm: { artifact: './clone.js', parameters: { ...parameters } },
        ...more,
      },
      {
        accountGroup: 'main',
        currency: market.currency,
        universe: [market.listingID],
        venues: [{ venueID: market.venueID, accountID: market.accountID }],
        calendar: 'ALWAYS',
      },
    );
    if (!parsed.ok) throw new Error(parsed.error.map(({ path, text }) => `${path}: ${text}`).join('; '));
    return parsed.value.spec;
  }

  /** Runs until `index` events of the session have been taken. */
  runTo(index: number): void {
    const { events } = this.#session;
    while (this.#feed.taken < index) this.#desk.advanceNow(events[this.#feed.taken].receivedAt);
  }

  /** Lets everything after the last event come back. */
  finish(): void {
    const { events } = this.#session;
    this.runTo(events.length);
    this.#desk.advanceNow(microsUnchecked(this.#desk.now + 1_000_000));
  }

  /** Ends its host threads. */
  async end(): Promise<void> {
    if (this.#host instanceof HostPool) await this.#host.end();
  }

  /** Swaps the version that trades for its next clone, now. */
  swap(): void {
    for (const command of this.#swapCommands()) this.ask(command);
    this.#desk.advanceNow(this.#desk.now);
  }

  /** The same with a journal that is waited for. */
  async swapDurably(): Promise<void> {
    for (const command of this.#swapCommands()) await this.#desk.submit(this.#inputOf(command));
    await this.#desk.advance(this.#desk.now, 1_000);
  }

  /** The version of the swap before works on paper beside the one that trades: with every further swap there would be one more. */
  haltStandby(): void {
    const version = this.#swaps < 2 ? this.#session.definition.version : cloneVersion(this.#swaps - 2);
    this.ask({ verb: 'halt', sliceID: this.#sliceID, version, reason: 'it stands by no more' });
  }

  #swapCommands(): readonly Command[] {
    const { handover } = this.#session;
    const green = cloneVersion(this.#swaps);
    const deploymentID = `green-${this.#swaps}`;
    const spec = this.#spec(deploymentID, green, {
      strategy: 'BlueGreen',
      configuration: {
        blueVersion: this.#version,
        greenVersion: green,
        warmupDuration: 'PT0S',
        monitoringDuration: watched,
        handover: { ...handover },
      },
    });
    this.#swaps += 1;
    const waive = (gate: string): Command => ({ verb: 'waive', deploymentID, stage: 0, gate, reason: 'its own clone' });
    return [{ verb: 'deploy', spec }, waive('paper'), waive('agreement')];
  }

  /** Events of the session that were taken. */
  get taken(): number {
    return this.#feed.taken;
  }

  /** Orders and listings with lots that changed hands in the last swap. */
  get handed(): { readonly adopted: number; readonly lots: number } {
    const last = this.decisions.findLast((decision) => decision.kind === 'swapCommitted');
    return this.committed && last !== undefined ? { adopted: last.orders, lots: last.lots } : { adopted: 0, lots: 0 };
  }

  /** Every swap that was asked for was made. */
  get committed(): boolean {
    return this.#swaps > 0 && this.#commits === this.#swaps;
  }

  /** The last swap that was made is watched no more. */
  get finalized(): boolean {
    return this.decisions.filter(({ kind }) => kind === 'swapFinalized').length === this.#commits;
  }

  get #commits(): number {
    return this.decisions.filter(({ kind }) => kind === 'swapCommitted').length;
  }

  /** The version that trades. */
  get #version(): string {
    const commits = this.#commits;
    return commits === 0 ? this.#session.definition.version : cloneVersion(commits - 1);
  }

  /** Why the swap was not made; '' = it was, or is on its way. */
  get refused(): string {
    for (const decision of this.decisions) {
      if (decision.kind === 'swapAborted') return decision.text;
      if (decision.kind === 'gateJudged' && decision.verdict !== 'pass' && decision.deployment > 0)
        return `${decision.gate}: ${decision.text}`;
    }
    return '';
  }

  /** Everything that later orders hang on, ids and versions aside: the owner's own state, its open orders, its lots. */
  comparable(): string {
    const { core } = this;
    const row = core.gate.rowIx.get(`${this.#sliceID}/${this.#version}`) ?? -1;
    const state = this.#host.exportState(row);
    const open: string[] = [];
    for (let order = firstOfRow(core.orders, row); order !== undefined; order = nextOfRow(core.orders, order))
      open.push(`${order.side} ${order.ordType} ${order.price} ${order.leavesQty} ${order.ordStatus}`);
    const bytes = state === undefined ? '' : Buffer.from(state.bytes).toString('latin1');
    return `${this.#desk.now} ${this.orders.length} ${core.residualLots(row)} ${core.capitalOf(row)} ${open.join(',')} ${bytes}`;
  }
}

function poolOf(listings: readonly ListingRow[], tickValue: (ix: number) => number, hosts: number): HostPool {
  const module = moduleBeside(import.meta.url, './clones');
  return new HostPool({ world: nodeWorld, hosts, listings, tickValue, moduleOf: () => module, budget: recordedBudget, exportEvery: 0 });
}

/** Instrument, side, type, price, quantity, time in force, event time and order: ids, version, epoch and seq aside. */
function textOf(
  at: Micros,
  { listing, side, ordType, price, stopPx, orderQty, timeInForce, reduceOnly, postOnly }: Readonly<Order>,
): string {
  return `${at} ${listing} ${side} ${ordType} ${price} ${stopPx} ${orderQty} ${timeInForce} ${reduceOnly ? 'r' : ''}${postOnly ? 'p' : ''}`;
}
