import { describe, expect, it } from 'vitest';
import { casesOf } from '../cases.ts';
import { ok } from '../../base/result.ts';
import { prng, type Prng } from '../../base/prng.ts';
import { hex, sha256 } from '../../base/sha256.ts';
import { lotsUnchecked } from '../../base/units.ts';
import type { Quote } from '../../domain/market.ts';
import { orderModes, positionModes } from '../../domain/swap.ts';
import type { StrategyContext, StrategyDefinition, StrategyInstance } from '../../ports/strategy.ts';
import { ThreadHost } from '../../runtime/thread-host.ts';
import { defineStrategy } from '../../strategies/define-strategy.ts';
import { stateBytes, takeState } from '../../strategies/json-state.ts';
import { CallbackDesk } from './callback-desk.ts';
import { canary, rung } from './rollout-specs.ts';
import { blueGreen } from './swap-desk.ts';

const versions = ['1.0.0', '1.1.0'];

/** What a version has processed, in order: `listing * 10,000 + feedSeq` of each quote. */
interface Ledger {
  seen: number[];
}

/** One call of a callback: who processed what, and whether its row owned its capital then. */
interface Processed {
  readonly key: number;
  readonly owner: boolean;
}

/** What a version does wrong with its state. */
type Fault = 'none' | 'forgetsUp' | 'forgetsDown' | 'repeats';

/** Each version keeps its state in a schema of its own: the old one as numbers, the new one as distances; either takes the other's. */
const written: Readonly<Record<string, (seen: readonly number[]) => { readonly schema: string; readonly bytes: Uint8Array }>> = {
  '1.0.0': (seen) => stateBytes('seen/1', { seen }),
  '1.1.0': (seen) => stateBytes('seen/2', { steps: seen.map((key, i) => key - (seen[i - 1] ?? 0)) }),
};

function readState(schema: string, state: unknown): number[] {
  if (schema === 'seen/1') return [...(state as { seen: readonly number[] }).seen];
  let key = 0;
  return (state as { steps: readonly number[] }).steps.map((step) => (key += step));
}

class World {
  readonly desk: CallbackDesk;
  readonly processed: Processed[] = [];
  readonly violations: string[] = [];
  readonly states = new Map<string, Ledger>();
  roundTrips = 0;
  readonly #fault: Fault;

  constructor(fault: Fault, hostOf?: typeof ThreadHost) {
    this.#fault = fault;
    const definitions = new Map(versions.map((version) => [version, this.#definition(version)]));
    this.desk = new CallbackDesk(undefined, { definitions, ...(hostOf === undefined ? {} : { hostOf }) });
  }

  #definition(version: string): StrategyDefinition {
    const migrate = (schema: string, bytes: Uint8Array): ReturnType<typeof takeState<StrategyInstance>> =>
      takeState(['seen/1', 'seen/2'], schema, bytes, (state) => {
        const seen = readState(schema, state);
        const up = version === '1.1.0';
        if ((this.#fault === 'forgetsUp' && up) || (this.#fault === 'forgetsDown' && !up)) seen.pop();
        if (this.#fault === 'repeats') seen.push(seen.at(-1) ?? 0);
        this.#roundTrip(version, schema, bytes, seen);
        return this.#instance(version, { seen });
      });
    return defineStrategy({
      name: 'algo',
      version,
      parameters: {},
      create: () => this.#instance(version, { seen: [] }),
      migrate: (_parameters, schema, bytes) => migrate(schema, bytes),
    });
  }

  /** POS5: what was taken, written again as it came, is the bytes that came. */
  #roundTrip(version: string, schema: string, bytes: Uint8Array, seen: readonly number[]): void {
    this.roundTrips++;
    const giver = schema === 'seen/1' ? '1.0.0' : '1.1.0';
    const own = readState(version === '1.0.0' ? 'seen/1' : 'seen/2', JSON.parse(new TextDecoder().decode(written[version](seen).bytes)));
    const back = written[giver](own).bytes;
    if (hex(sha256(back)) !== hex(sha256(bytes))) this.violations.push(`POS5 state of ${giver} came back from ${version} as another one`);
  }

  #instance(version: string, ledger: Ledger): StrategyInstance {
    this.states.set(version, ledger);
    return {
      onQuote: (context, quote) => this.#heard(version, ledger, context, quote),
      exportState: () => written[version](ledger.seen),
      adopt: () => ok('accepted'),
    };
  }

  #heard(version: string, ledger: Ledger, context: StrategyContext, quote: Quote): void {
    const key = quote.listing * 10_000 + quote.feedSeq;
    ledger.seen.push(key);
    const lifecycle = this.desk.core.rollout.lifecycle[this.desk.rowOf(version)];
    this.processed.push({ key, owner: lifecycle === 'Canary' || lifecycle === 'Active' });
    if (ledger.seen.length % 5 !== 0 || context.capital <= 0 || context.orders().length > 2) return;
    const side = context.position(quote.listing) > 0 ? 'sell' : 'buy';
    const price = ledger.seen.length % 10 === 0 ? quote.bid : quote.ask;
    context.place({
      listing: quote.listing,
      side,
      ordType: 'limit',
      price,
      timeInForce: 'day',
      orderQty: lotsUnchecked(2),
      reason: 'test',
    });
  }

  /** POS6: the owner's state has every event once, in order; and each event was processed by one owner. */
  check(): this {
    const commits = this.desk.all('swapCommitted');
    const owner = commits.length === 0 ? '1.0.0' : this.desk.core.gate.rows[commits[commits.length - 1].to].version;
    const seen = this.states.get(owner)?.seen ?? [];
    for (const listing of [0, 1]) {
      const own = seen.filter((key) => Math.floor(key / 10_000) === listing);
      own.forEach((key, i) => {
        if (i > 0 && key !== own[i - 1] + 1) this.violations.push(`POS6 state of ${owner}: event ${key} comes behind ${own[i - 1]}`);
      });
    }
    const times = new Map<number, number>();
    for (const one of this.processed) if (one.owner) times.set(one.key, (times.get(one.key) ?? 0) + 1);
    const keys = [...times.keys()];
    for (const listing of [0, 1]) {
      const own = keys.filter((key) => Math.floor(key / 10_000) === listing);
      for (let key = Math.min(...own); key <= Math.max(...own); key++)
        if (times.get(key) !== 1) this.violations.push(`POS6 event ${key} was processed by ${times.get(key) ?? 0} owners`);
    }
    return this;
  }
}

/** A life of 50 s with up to three cutovers, up and down, each at any instant and with any hand-over. */
function live(seed: number, fault: Fault = 'none', hostOf?: typeof ThreadHost): World {
  const rng = prng(`cutover ${seed}`);
  const world = new World(fault, hostOf);
  const { desk } = world;
  desk.deploy(canary('ladder', '1.0.0', { stages: [rung(1_000, { minDuration: { days: 30, micros: 0 } })] }));
  let at = 2 + rng.int(4_000) / 1_000;
  for (let n = 0; n < 3; n++) {
    desk.runTo(at);
    swap(world, rng, n);
    at += 12 + rng.int(3_000) / 1_000;
  }
  desk.runTo(at);
  return world.check();
}

function swap({ desk }: World, rng: Prng, n: number): void {
  const [blue, green] = n % 2 === 0 ? versions : [...versions].reverse();
  const plan = blueGreen(`s${n}`, blue, green, {
    handover: { positions: positionModes[rng.int(positionModes.length)], openOrders: orderModes[rng.int(2)] },
  });
  const monitoring = { days: 0, micros: 1_000_000 };
  const warmup = { days: 0, micros: rng.int(2_000_000) };
  desk.deploy({
    ...plan,
    rollback: { ...plan.rollback, rollbackWindow: { days: 0, micros: 2_000_000 } },
    blueGreen: plan.blueGreen && { ...plan.blueGreen, warmup, monitoring },
  });
}

/** A host that loses, or says twice, what it hears in the time of a cutover. */
function spoiledHost(times: 0 | 2): typeof ThreadHost {
  return class extends ThreadHost {
    #left = 0;

    override handover(...args: Parameters<ThreadHost['handover']>): ReturnType<ThreadHost['handover']> {
      if (args[0].verb === 'commit') this.#left = 1;
      return super.handover(...args);
    }

    override deliver(...args: Parameters<ThreadHost['deliver']>): ReturnType<ThreadHost['deliver']> {
      const [delivery] = args;
      if (this.#left === 0 || delivery.kind !== 'market' || delivery.event.kind !== 'quote') return super.deliver(...args);
      this.#left = 0;
      if (times === 2) super.deliver(...args);
      return times === 2 ? super.deliver(...args) : super.deliver({ ...delivery, event: { ...delivery.event, kind: 'trade' } as never });
    }
  };
}

const seeds = casesOf(40);
const faults: readonly (readonly [string, string, (seed: number) => World])[] = [
  ['POS5', 'a version forgets a part of what it takes on the way up', (seed) => live(seed, 'forgetsUp')],
  ['POS5', 'a version forgets a part of what it takes on the way down', (seed) => live(seed, 'forgetsDown')],
  ['POS6', 'a version counts its last event twice', (seed) => live(seed, 'repeats')],
  ['POS6', 'the first event behind a cutover is not heard', (seed) => live(seed, 'none', spoiledHost(0))],
  ['POS6', 'the first event behind a cutover is heard twice', (seed) => live(seed, 'none', spoiledHost(2))],
];

describe('state and events across cutovers, up and down, at random instants', () => {
  it('POS5 POS6: state comes back as it was, each event is processed by exactly one owner', () => {
    let [commits, trips, events, down] = [0, 0, 0, 0];
    for (let seed = 1; seed <= seeds; seed++) {
      const world = live(seed);
      expect({ seed, violations: world.violations.slice(0, 3) }).toEqual({ seed, violations: [] });
      const done = world.desk.all('swapCommitted');
      commits += done.length;
      down += done.filter(({ to }) => world.desk.core.gate.rows[to].version === '1.0.0').length;
      trips += world.roundTrips;
      events += world.processed.filter(({ owner }) => owner).length;
    }
    console.log(`cutovers: ${seeds} seeds, ${commits} committed, ${down} of them down, ${trips} states taken, ${events} events of owners`);
    expect(commits).toBeGreaterThan(seeds);
    expect(down).toBeGreaterThan(seeds / 4);
  }, 240_000);

  it.each(faults)(
    '%s catches: %s',
    (invariant, fault, run) => {
      let caught = 0;
      for (let seed = 1; seed <= 10 && caught === 0; seed++)
        if (run(seed).violations.some((text) => text.startsWith(invariant))) caught = seed;
      console.log(`${invariant} seed ${caught}  ${fault}`);
      expect(caught).toBeGreaterThan(0);
    },
    60_000,
  );
});
