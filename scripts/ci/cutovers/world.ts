import { genesisOf, registrationsOf } from '../../../src/apps/desk/definitions.ts';
import { commandInput, deskPeople, envelopeOf } from '../../../src/apps/desk/people.ts';
import { microsUnchecked, type Micros } from '../../../src/base/units.ts';
import { createCore, type Core } from '../../../src/core/core.ts';
import { findOrder } from '../../../src/core/orders/order-store.ts';
import { positionOf } from '../../../src/core/positions/scopes.ts';
import type { Command } from '../../../src/domain/command.ts';
import type { Decision } from '../../../src/domain/decision.ts';
import { denialCodes } from '../../../src/domain/denial.ts';
import type { PlainObject } from '../../../src/domain/spec-parser/field-reader.ts';
import { parseSpec } from '../../../src/domain/spec-parser/spec-parser.ts';
import type { StrategyDefinition } from '../../../src/ports/strategy.ts';
import { CountJournal } from '../../../src/runtime/count-journal.ts';
import { ThreadHost } from '../../../src/runtime/thread-host.ts';
import { VirtualDesk } from '../../../src/runtime/virtual-desk.ts';
import type { VenueFaults } from '../../../src/venues/simulated/faults.ts';
import { fixedLatency } from '../../../src/venues/simulated/latency.ts';
import { RecordedVenue } from '../../../src/venues/simulated/recorded-venue.ts';
import { ArrayFeed, type IdentitySession } from '../identity/session.ts';
import { EventLedger } from './event-ledger.ts';
import { WatchedHost, type HostPlant } from './watched-host.ts';

const capital = '10000000';
const capacities = {
  listings: 4,
  orders: { openOrders: 256, closedOrders: 8_192, execIDs: 8_192, rows: 32, listings: 4 },
  risk: { slices: 2, rows: 32, openOrders: 512, routes: 128, cells: 1_024, duplicates: 512, orderLog: 2_048 },
};

/** A fault of ours in a world, and what it does. */
export interface Plant extends HostPlant {
  readonly onDecision?: (core: Core, decision: Decision) => void;
  /** What is written down of a decision in place of it. */
  readonly told?: (decision: Decision) => Decision;
  /** Loses the n-th report of a fill. */
  readonly loseFill?: number;
}

/** A refusal that met the owner: what was refused, without ids and versions. */
export interface Refusal {
  readonly at: Micros;
  readonly code: string;
  readonly text: string;
  /** Its feed was silent. */
  readonly silent: boolean;
}

/** One desk with one slice, under limits that bind, that runs a session; its version is replaced, shadowed and given up as its campaign wants. */
export class CutoverWorld {
  readonly core: Core = createCore(1, capacities);
  readonly ledger = new EventLedger();
  readonly host: WatchedHost;
  /** What the owner sent, in order. */
  readonly orders: string[] = [];
  /** What the owner was refused, in order. */
  readonly refusals: Refusal[] = [];
  /** Refusals of any kind without a reason. */
  readonly bare: string[] = [];
  readonly swaps: Decision[] = [];
  /** Fills of capital that the core booked to an owner. */
  fills = 0;
  owner: string;
  /** When people lowered the owner's share; 0 = never. */
  lowered = 0;
  readonly #session: IdentitySession;
  readonly #plant: Plant;
  readonly #feed: ArrayFeed;
  readonly #desk: VirtualDesk;
  readonly #venue: RecordedVenue;
  readonly #definitions: ReadonlyMap<string, StrategyDefinition>;
  #commands = 0;

  constructor(session: IdentitySession, versions: readonly StrategyDefinition[], plant: Plant = {}) {
    const { market, events } = session;
    this.#session = session;
    this.#plant = plant;
    this.owner = versions[0].version;
    this.#definitions = new Map(versions.map((one) => [one.version, this.ledger.watched(one)]));
    const { listings, currencies } = this.core.registry;
    const host = new ThreadHost(listings, (ix) => listings[ix].moneyPerTickLot / 10 ** currencies[listings[ix].currency].exponent);
    this.host = new WatchedHost(host, this.ledger, plant);
    this.#feed = new ArrayFeed(events);
    this.#desk = new VirtualDesk({
      core: this.core,
      journal: new CountJournal(),
      host: this.host,
      bookOf: (listing) => host.book(listing),
      term: 1,
      startAt: events[0].receivedAt,
      seed: 'cutovers',
      strategyOf: (_algorithm, version) => this.#definitions.get(version),
      observe: (_seq, at, _input, decisions) => {
        for (const decision of decisions) this.#observe(at, plant.told?.(decision) ?? decision);
      },
    });
    this.#desk.submitNow(genesisOf(market.currency, '100000000', 'os', 'cutovers', '0'.repeat(64)));
    for (const registration of registrationsOf([market])) this.#desk.submitNow(registration);
    host.growTo(listings.length);
    this.#venue = this.#makeVenue('REC', false);
    this.#desk.join([this.#feed], new Map([[0, this.#venue]]), new Map([[0, this.#makeVenue('PAPER', true)]]));
  }

  #makeVenue(prefix: string, simulated: boolean): RecordedVenue {
    const listings = this.core.registry.listings.map((row) => ({
      ix: row.ix,
      listing: row.listing,
      moneyPerTickLot: row.moneyPerTickLot,
      currency: row.currency,
      fees: { makerRate: 20_000, takerRate: 40_000, feeUnit: 1 },
    }));
    let seen = 0;
    const { loseFill } = this.#plant;
    const faults: VenueFaults = {
      onRequest: () => undefined,
      onReport: ({ execType }) => (execType === 'trade' && ++seen === loseFill ? { kind: 'lose' } : undefined),
    };
    const [orderLatency, reportLatency] = [fixedLatency(300), fixedLatency(200)];
    const lossy = loseFill === undefined || simulated ? {} : { faults };
    return new RecordedVenue({ venue: 0, prefix, simulated, listings, orderLatency, reportLatency, queue: 'proRata', ...lossy });
  }

  get sliceID(): string {
    return `${this.#session.definition.name}@main.${this.#session.market.currency}`;
  }

  get now(): Micros {
    return this.#desk.now;
  }

  get #ownerRow(): number {
    return this.core.gate.rowIx.get(`${this.sliceID}/${this.owner}`) ?? -1;
  }

  #observe(at: Micros, decision: Decision): void {
    switch (decision.kind) {
      case 'orderSent':
      case 'replaceSent': {
        const { listing, side, ordType, price, orderQty, simulated } = decision.order;
        if (!simulated) this.orders.push(`${at} ${decision.kind} ${listing} ${side} ${ordType} ${price} ${orderQty}`);
        break;
      }
      case 'orderDenied': {
        const { row, code, action, listing, value, limit } = decision;
        if (!(denialCodes as readonly string[]).includes(code)) this.bare.push(`${at} an order was denied as '${code}'`);
        if (row === this.#ownerRow)
          this.refusals.push({
            at,
            code,
            silent: this.core.staleRows.has(row),
            text: `${at} ${action} ${listing} ${code} ${value} of ${limit}`,
          });
        break;
      }
      case 'orderStateChanged': {
        const order = findOrder(this.core.orders, decision.clOrdID);
        if (decision.to === 'rejected' && order?.simulated === false)
          this.refusals.push({ at, code: 'REJECTED', silent: false, text: `${at} rejected` });
        break;
      }
      case 'fillBooked':
        if (decision.booking === 'fill' && findOrder(this.core.orders, decision.clOrdID)?.simulated === false) this.fills++;
        break;
      case 'commandAnswered':
        if (!decision.accepted && (decision.code === 'OK' || decision.text.length < 10))
          this.bare.push(`${at} ${decision.verb} refused as '${decision.text}'`);
        break;
      case 'swapAborted':
        if (decision.text === '') this.bare.push(`${at} a swap was aborted without a reason`);
        this.swaps.push(decision);
        break;
      case 'swapCommitted':
        this.owner = this.core.gate.rows[decision.to].version;
        this.ledger.committed(this.owner, decision.watermark);
        this.swaps.push(decision);
        break;
      default:
        break;
    }
    this.#plant.onDecision?.(this.core, decision);
  }

  /** @returns the code of the answer. */
  ask(command: Command): string {
    const { admin, risk, senior } = deskPeople;
    const actor = command.verb === 'deploy' || command.verb === 'waive' ? risk : admin;
    const commandID = `c${++this.#commands}`;
    this.#desk.submitNow(commandInput(envelopeOf(commandID, command, actor, command.verb === 'waive' ? senior : risk)));
    return [...this.core.rollout.answers.entries()].find(([key]) => key === commandID)?.[1].code ?? '';
  }

  /** Versions, slice and limits; the first version trades from here on. */
  begin(limits: readonly Command[]): void {
    const algorithmID = this.#session.definition.name;
    for (const version of this.#definitions.keys())
      this.ask({ verb: 'registerVersion', algorithmID, version, artifactDigest: 'a'.repeat(64) });
    const { currency } = this.#session.market;
    this.ask({ verb: 'setSlice', sliceID: this.sliceID, algorithmID, accountGroup: 'main', currency, totalCapital: capital, reserve: '0' });
    for (const limit of limits) this.ask(limit);
    const stages = [{ name: 'Medium', allocation: 0.1, minDuration: 'P30D', minTrades: 0, minPnL: -1_000_000 }];
    const code = this.deploy('first', this.owner, 'Canary', { totalCapital: capital, stages });
    if (code !== 'OK') throw new Error(`cutovers: the first version was refused: ${code}`);
  }

  deploy(deploymentId: string, version: string, strategy: string, configuration: PlainObject): string {
    const { market, definition, parameters } = this.#session;
    const algorithm = { artifact: './clone.js', parameters: { ...parameters } };
    const parsed = parseSpec(
      { deploymentId, algorithmId: definition.name, version, strategy, algorithm, configuration },
      {
        accountGroup: 'main',
        currency: market.currency,
        universe: [market.listingID],
        venues: [{ venueID: market.venueID, accountID: market.accountID }],
        calendar: 'ALWAYS',
      },
    );
    if (!parsed.ok) throw new Error(parsed.error.map(({ path, text }) => `${path}: ${text}`).join('; '));
    return this.ask({ verb: 'deploy', spec: parsed.value.spec });
  }

  phaseOf(deploymentID: string): string {
    const ix = this.core.rollout.byID.get(deploymentID) ?? -1;
    return this.core.rollout.deployments[ix]?.phase ?? 'none';
  }

  get taken(): number {
    return this.#feed.taken;
  }

  /** Runs until `index` events of the session have been taken; a host that is slow answers after `patience` further ones. */
  runTo(index: number, patience = 3): void {
    const { events } = this.#session;
    let waited = 0;
    while (this.#feed.taken < Math.min(index, events.length)) {
      this.#desk.advanceNow(events[this.#feed.taken].receivedAt);
      const { late } = this.host;
      if (late === undefined || ++waited < patience) continue;
      this.host.late = undefined;
      waited = 0;
      this.#desk.submitNow(late);
    }
  }

  /** Lets everything come back. */
  finish(): void {
    this.runTo(this.#session.events.length);
    if (this.host.late !== undefined) this.#desk.submitNow(this.host.late);
    this.host.late = undefined;
    this.#desk.advanceNow(microsUnchecked(this.#desk.now + 5_000_000));
  }

  /** Positions that the ledger and the venue see differently, base units. */
  positionFaults(): readonly string[] {
    const { listings } = this.core.registry;
    return listings.flatMap(({ ix, instrument, baseUnitsPerLot }) => {
      const ours = positionOf(this.core.ledger, 'account', 0, instrument);
      const held = this.#venue.positionList().filter((one) => one.listing === ix);
      const theirs = held.reduce((sum, { position }) => sum + position * baseUnitsPerLot, 0);
      return ours === theirs ? [] : [`listing ${ix}: the ledger has ${ours}, the venue ${theirs}`];
    });
  }
}
