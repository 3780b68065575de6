import { ok } from '../../base/result.ts';
import { lots, lotsUnchecked, micros, microsUnchecked, ticks, type Micros } from '../../base/units.ts';
import { createCore, smallCoreCapacities, type Core } from '../../core/core.ts';
import type { Command } from '../../domain/command.ts';
import type { Decision } from '../../domain/decision.ts';
import type { MarketEvent } from '../../domain/market.ts';
import type { DeploymentSpec } from '../../domain/spec.ts';
import type { StrategyContext, StrategyDefinition, StrategyInstance } from '../../ports/strategy.ts';
import { CountJournal } from '../../runtime/count-journal.ts';
import { ThreadHost } from '../../runtime/thread-host.ts';
import { VirtualDesk } from '../../runtime/virtual-desk.ts';
import { defineStrategy } from '../../strategies/define-strategy.ts';
import { stateBytes, takeState } from '../../strategies/json-state.ts';
import { fixedLatency } from '../../venues/simulated/latency.ts';
import { RecordedVenue } from '../../venues/simulated/recorded-venue.ts';
import { admin, admin2, registrations, risk, senior2, sliceID, startAt, trader } from './rollout-desk.ts';

/** Everything that a strategy is asked, in the order of its life. */
export const callbackNames = [
  'create',
  'onStart',
  'onQuote',
  'onTrade',
  'onBook',
  'onBar',
  'group',
  'onFeed',
  'onTimer',
  'onFill',
  'onOrder',
  'exportState',
  'migrate',
  'adopt',
] as const;
export type CallbackName = (typeof callbackNames)[number];

/** What one version does wrong: from its call number `from` (0 = the first) of `callback` on it throws, or answers, what `what` says. */
export interface Planted {
  readonly version: string;
  readonly callback: CallbackName;
  readonly from: number;
  readonly what: () => unknown;
}

/** How often each version was called by each name. */
export type Calls = Map<string, number>;

interface CallerState {
  heard: number;
}

function trade(context: StrategyContext, state: CallerState): void {
  const [listing] = context.universe;
  if (++state.heard % 4 !== 0 || context.capital <= 0 || context.orders().length > 2) return;
  const side = context.position(listing) > 0 ? 'sell' : 'buy';
  context.place({ listing, side, ordType: 'market', timeInForce: 'ioc', orderQty: lotsUnchecked(2), reason: 'test' });
}

/** A version that has every callback, trades all the time, and counts its calls. */
function callerOf(version: string, calls: Calls, planted: Planted | undefined): StrategyDefinition {
  const asked = <T>(name: CallbackName, answer: () => T): T => {
    const key = `${version} ${name}`;
    const before = calls.get(key) ?? 0;
    calls.set(key, before + 1);
    if (planted?.version !== version || planted.callback !== name || before < planted.from) return answer();
    return planted.what() as T;
  };
  const instanceOf = (state: CallerState): StrategyInstance => ({
    onStart: (context) => asked('onStart', () => context.setTimer('beat', microsUnchecked(context.now + 300_000))),
    onTimer: (context) => asked('onTimer', () => context.setTimer('beat', microsUnchecked(context.now + 300_000))),
    onQuote: (context) => asked('onQuote', () => trade(context, state)),
    onTrade: () => asked('onTrade', () => undefined),
    onBook: () => asked('onBook', () => undefined),
    onBar: () => asked('onBar', () => undefined),
    group: () => asked('group', () => undefined),
    onFeed: () => asked('onFeed', () => undefined),
    onFill: () => asked('onFill', () => undefined),
    onOrder: () => asked('onOrder', () => undefined),
    exportState: () => asked('exportState', () => stateBytes('caller/1', state)),
    adopt: () => asked('adopt', () => ok('accepted')),
  });
  return defineStrategy({
    name: 'algo',
    version,
    parameters: {},
    create: () => asked('create', () => instanceOf({ heard: 0 })),
    migrate: (_parameters, schema, bytes) =>
      asked('migrate', () => takeState('caller/1', schema, bytes, (state) => instanceOf(state as CallerState))),
  });
}

/** A minute of both listings: quotes every 100 ms, and prints, books, bars and words of the feed between them. */
function minute(): readonly MarketEvent[] {
  const events: MarketEvent[] = [];
  for (let n = 1; n <= 600; n++) {
    for (const listing of [0, 1]) {
      const at = micros(startAt + n * 100_000);
      const stamp = { eventSeq: 0, feed: 0, feedSeq: n, eventTime: at, receivedAt: at, listing };
      const mid = 10_000 + (n % 7) - (n % 3);
      const [bid, ask] = [ticks(mid - 1), ticks(mid + 1)];
      events.push({ kind: 'quote', ...stamp, bid, bidQty: lots(100), ask, askQty: lots(100) });
      if (n % 3 === 0) events.push({ kind: 'trade', ...stamp, price: bid, qty: lots(1), aggressor: 'sell', tradeID: n });
      if (n % 5 === 0) events.push({ kind: 'feedStatus', ...stamp, condition: 'heartbeat', text: '', value: 0 });
      if (n % 4 === 0) {
        const [sides, prices, qtys] = [new Uint8Array([0, 1]), new Float64Array([bid, ask]), new Float64Array([100, 100])];
        events.push({ kind: 'book', ...stamp, snapshot: true, count: 2, sides, prices, qtys });
      }
      const [open, high, low, close] = [bid, ask, bid, ask];
      if (n % 10 === 0) events.push({ kind: 'bar', ...stamp, interval: micros(1_000_000), open, high, low, close, volume: lots(10) });
    }
  }
  return events;
}

/** The one-thread desk: a real host, a venue and a simulator on a virtual clock, and two versions that hear everything. */
export class CallbackDesk {
  readonly core: Core = createCore(1, smallCoreCapacities);
  readonly calls: Calls = new Map();
  readonly decisions: { readonly at: Micros; readonly decision: Decision }[] = [];
  readonly #desk: VirtualDesk;
  #commands = 0;

  /** `own`: other versions than those that count their calls, and another host. */
  constructor(
    planted: Planted | undefined,
    own: { readonly definitions?: ReadonlyMap<string, StrategyDefinition>; readonly hostOf?: typeof ThreadHost } = {},
  ) {
    const { listings, currencies } = this.core.registry;
    const host = new (own.hostOf ?? ThreadHost)(
      listings,
      (ix) => listings[ix].moneyPerTickLot / 10 ** currencies[listings[ix].currency].exponent,
    );
    const definitions = own.definitions ?? new Map(['1.0.0', '1.1.0'].map((version) => [version, callerOf(version, this.calls, planted)]));
    this.#desk = new VirtualDesk({
      core: this.core,
      journal: new CountJournal(),
      host,
      bookOf: (listing) => host.book(listing),
      term: 1,
      startAt: micros(startAt),
      seed: 'callbacks',
      strategyOf: (_algorithm, version) => definitions.get(version),
      observe: (_seq, at, _input, decisions) => {
        for (const decision of decisions) this.decisions.push({ at, decision });
      },
    });
    const genesis = { firm: 'test', currency: 'USD', firmCapital: '1000000000', seed: 'callbacks', coreDigest: 'd'.repeat(64) };
    this.#desk.submitNow({ kind: 'genesis', ...genesis, durability: 'os', clock: 'virtual' });
    for (const registration of registrations()) this.#desk.submitNow(registration);
    host.growTo(listings.length);
    this.#join();
    for (const version of definitions.keys())
      this.ask({ verb: 'registerVersion', algorithmID: 'algo', version, artifactDigest: 'a'.repeat(64) });
    const slice = { sliceID, algorithmID: 'algo', accountGroup: 'main', currency: 'USD', totalCapital: '1000000', reserve: '0' };
    this.ask({ verb: 'setSlice', ...slice });
  }

  #join(): void {
    const events = minute();
    let next = 0;
    const feed = { peek: () => events[next]?.receivedAt, next: () => events[next++] };
    this.#desk.join([feed], new Map([[0, this.#venue('REC', false)]]), new Map([[0, this.#venue('PAPER', true)]]));
  }

  #venue(prefix: string, simulated: boolean): RecordedVenue {
    const listings = this.core.registry.listings.map(({ ix, listing, moneyPerTickLot, currency }) => ({
      ix,
      listing,
      moneyPerTickLot,
      currency,
      fees: { makerRate: 20_000, takerRate: 40_000, feeUnit: 1 },
    }));
    const [orderLatency, reportLatency] = [fixedLatency(30_000), fixedLatency(20_000)];
    return new RecordedVenue({ venue: 0, prefix, simulated, listings, orderLatency, reportLatency });
  }

  /** Does a command as people do it, twofold where it takes two. */
  ask(command: Command): void {
    const [actor, approvedBy] =
      command.verb === 'deploy'
        ? [trader, null]
        : command.verb === 'waive'
          ? [risk, senior2]
          : [admin, { ...admin2, roles: ['Admin'] as const }];
    this.#desk.submitNow({ kind: 'command', commandID: `c${++this.#commands}`, actor, approvedBy, expectedRevision: null, command });
  }

  deploy(spec: DeploymentSpec): void {
    this.ask({ verb: 'deploy', spec });
    if (spec.strategy !== 'BlueGreen') return;
    for (const gate of ['paper', 'agreement']) this.ask({ verb: 'waive', deploymentID: spec.deploymentID, stage: 0, gate, reason: 'test' });
  }

  /** Runs on to that many seconds after the beginning. */
  runTo(seconds: number): void {
    this.#desk.advanceNow(micros(startAt + seconds * 1_000_000));
  }

  rowOf(version: string): number {
    return this.core.gate.rowIx.get(`${sliceID}/${version}`) ?? -1;
  }

  phaseOf(deploymentID: string): string {
    return this.core.rollout.deployments[this.core.rollout.byID.get(deploymentID) ?? -1]?.phase ?? 'none';
  }

  called(version: string, name: CallbackName): number {
    return this.calls.get(`${version} ${name}`) ?? 0;
  }

  all<K extends Decision['kind']>(kind: K): readonly Extract<Decision, { kind: K }>[] {
    const found: Extract<Decision, { kind: K }>[] = [];
    for (const { decision } of this.decisions) if (decision.kind === kind) found.push(decision as Extract<Decision, { kind: K }>);
    return found;
  }
}
