import { syntheticSource } from '../../../src/apps/desk/market-source.ts';
import { prng, type Prng } from '../../../src/base/prng.ts';
import { err } from '../../../src/base/result.ts';
import type { Command } from '../../../src/domain/command.ts';
import type { StrategyDefinition } from '../../../src/ports/strategy.ts';
import { busy100 } from '../identity/busy.ts';
import type { IdentitySession } from '../identity/session.ts';
import { eventsOf } from '../identity/sessions.ts';
import { CutoverWorld, type Plant, type Refusal } from './world.ts';

/** What is done to the slice of a version that trades: one deployment, cutover or abort each. */
export const operations = [
  'cutover',
  'abortedShadow',
  'pausedShadow',
  'refusedAdoption',
  'throwingShadow',
  'abortedPaper',
  'refusedDeploy',
] as const;
export type Operation = (typeof operations)[number];

/** Operations of one seed, and events of its session. */
export const operationsPerSeed = 10;
const events = 2_400;
/** Events before the first operation, and between two at least. */
const before = 120;

/** Denials that a deployment may cause: its people have lowered the owner's share to make room for it. */
export const exceptedByName: ReadonlySet<string> = new Set(['ALLOCATION_EXCEEDED', 'MODE_REDUCING_ONLY']);
/** Denials that nothing but a deployment can cause; a run whose host is slow has no other to be compared with. */
const causedByDeployments: ReadonlySet<string> = new Set([
  'MODE_CANCEL_ONLY',
  'MODE_REDUCING_ONLY',
  'MODE_SIMULATED_ONLY',
  'VERSION_HALTED',
  'STALE_EPOCH',
  'SLICE_OVERDRAWN',
]);

/** How a seed is run. `slow`: its hosts answer late, so that events queue between two versions; it trades later for it and is compared with nobody. */
export interface SeedTerms {
  readonly seed: number;
  readonly slow: boolean;
  /** At the end people lower the owner's share for a version beside it. */
  readonly lowers: boolean;
}

export interface SeedResult {
  readonly done: Readonly<Record<Operation, number>>;
  readonly committed: number;
  readonly aborted: number;
  readonly queued: number;
  readonly events: number;
  readonly orders: number;
  readonly refusals: Readonly<Record<string, number>>;
  readonly excepted: number;
  /** By the check that found it. */
  readonly faults: readonly string[];
}

const inOrder = Array.from({ length: operationsPerSeed + 2 }, (_none, n) => `${n + 1}.0.0`);

/** Clones of one algorithm: a trade is the same whichever of them makes it. Two cannot take over. */
function versionsOf(): readonly StrategyDefinition[] {
  const clones = inOrder.map((version) => ({ ...busy100, version }));
  const refusing = inOrder.map((version): StrategyDefinition => ({
    ...busy100,
    version: `9${version}`,
    migrate: () => err('it understands no state of others'),
  }));
  const throwing = inOrder.map(throwingVersion);
  return [...clones, ...refusing, ...throwing];
}

function throwingVersion(version: string): StrategyDefinition {
  return {
    ...busy100,
    version: `8${version}`,
    migrate: (parameters, schema, bytes) => {
      const made = busy100.migrate(parameters, schema, bytes);
      if (made.ok)
        made.value.onQuote = () => {
          throw new Error('a version that fails in the shadow');
        };
      return made;
    },
  };
}

function sessionOf(seed: number): IdentitySession {
  const source = syntheticSource(seed);
  return {
    name: `synthetic ${seed}`,
    market: source.market,
    events: eventsOf(source, events),
    definition: busy100,
    parameters: { every: 2, share: 0.03 },
    handover: { positions: 'transfer', openOrders: 'adopt' },
  };
}

/** Limits that bind now and then, so that there are refusals to be compared; those of the firm and the account see every version. */
const limits: readonly Command[] = [
  { verb: 'setLimit', key: { scope: 'firm', scopeID: '', limit: 'maxOrdersPerSecond' }, value: 14 },
  { verb: 'setLimit', key: { scope: 'firm', scopeID: '', limit: 'duplicateWindow' }, value: 150_000 },
];

/** Runs a seed with its operations, and without any, and says what is different or wrong. */
export function runSeed({ seed, slow, lowers }: SeedTerms, plant: Plant = {}): SeedResult {
  const session = sessionOf(seed);
  const world = new CutoverWorld(session, versionsOf(), plant);
  world.begin(limits);
  const campaign = new Campaign(world, prng(seed), slow, lowers);
  const spread = Math.floor((events - before - 200) / operationsPerSeed);
  for (let n = 0; n < operationsPerSeed; n++) {
    world.runTo(before + n * spread);
    campaign.next(n);
  }
  world.runTo(events - 200);
  if (lowers) campaign.lower();
  world.finish();
  const plain = new CutoverWorld(session, versionsOf());
  plain.begin(limits);
  plain.finish();
  const counts: Record<string, number> = {};
  for (const { code } of world.refusals) counts[code] = (counts[code] ?? 0) + 1;
  const alone = attribute(world, slow);
  return {
    done: campaign.done,
    committed: world.swaps.filter(({ kind }) => kind === 'swapCommitted').length,
    aborted: world.swaps.filter(({ kind }) => kind === 'swapAborted').length,
    queued: world.host.queued,
    events: world.ledger.cases,
    orders: world.orders.length,
    refusals: counts,
    excepted: alone.excepted,
    faults: [
      ...(slow ? [] : compare(world, plain)),
      ...alone.faults,
      ...world.bare.map((text) => `REASONS ${text}`),
      ...world.ledger.faults().map((text) => `EVENTS ${text}`),
      ...world.positionFaults().map((text) => `POSITIONS ${text}`),
      ...campaign.faults.map((text) => `OPERATIONS ${text}`),
    ],
  };
}

/** Up to where people lower its share, every refusal of the owner and every order of it stands in the run without deployments too. */
function compare(world: CutoverWorld, plain: CutoverWorld): readonly string[] {
  const until = world.lowered === 0 ? Infinity : world.lowered;
  const faults: string[] = [];
  const refusals = ({ refusals: all }: CutoverWorld): readonly string[] => all.filter(({ at }) => at < until).map(({ text }) => text);
  const orders = ({ orders: all }: CutoverWorld): readonly string[] => all.filter((one) => Number(one.split(' ')[0]) < until);
  for (const [check, ours, theirs] of [
    ['DENIALS', refusals(world), refusals(plain)],
    ['ORDERS', orders(world), orders(plain)],
  ] as const) {
    const n = ours.findIndex((one, place) => one !== theirs[place]);
    if (n >= 0 || ours.length !== theirs.length)
      faults.push(`${check} ${ours[n] ?? 'none'}: without the deployments it is ${theirs[n < 0 ? ours.length : n] ?? 'none'}`);
  }
  return faults;
}

/** Where there is nothing to be compared with, no refusal is one that only a deployment can cause, but for those that are excepted by name. */
function attribute({ refusals, lowered }: CutoverWorld, slow: boolean): { readonly faults: readonly string[]; readonly excepted: number } {
  const isExcepted = ({ at, code }: Refusal): boolean => lowered > 0 && at >= lowered && exceptedByName.has(code);
  const alone = refusals.filter(
    ({ at, code, silent }) => !silent && causedByDeployments.has(code) && (slow || (lowered > 0 && at >= lowered)),
  );
  return {
    faults: alone.filter((one) => !isExcepted(one)).map(({ text }) => `DENIALS ${text}: nothing but a deployment refuses that`),
    excepted: refusals.filter(isExcepted).length,
  };
}

/** What is done to one world, by luck. */
class Campaign {
  readonly done: Record<Operation, number> = Object.fromEntries(operations.map((one) => [one, 0])) as Record<Operation, number>;
  readonly faults: string[] = [];
  readonly #world: CutoverWorld;
  readonly #luck: Prng;
  readonly #slow: boolean;
  /** Places of a cutover among the others: a version that came by one has no stage whose share people could lower. */
  readonly #cutovers: number;
  #version = 1;

  constructor(world: CutoverWorld, luck: Prng, slow: boolean, lowers: boolean) {
    this.#world = world;
    this.#luck = luck;
    this.#slow = slow;
    this.#cutovers = lowers ? 0 : 5;
  }

  next(n: number): void {
    const dice = this.#luck.int(operations.length - 1 + this.#cutovers);
    const operation = dice < this.#cutovers ? 'cutover' : operations[dice - this.#cutovers + 1];
    this.done[operation]++;
    const id = `op-${n}`;
    this.#world.host.slow = this.#slow;
    this.#do(operation, id);
    this.#world.host.slow = false;
  }

  #do(operation: Operation, id: string): void {
    const world = this.#world;
    const some = world.taken + 5 + this.#luck.int(60);
    switch (operation) {
      case 'cutover':
        return this.#cutOver(id, inOrder[this.#version++]);
      case 'abortedShadow':
      case 'pausedShadow': {
        this.#shadow(id, inOrder[this.#version++], 'PT1H');
        world.runTo(some);
        if (operation === 'pausedShadow') this.#expect(id, 'pause', world.ask({ verb: 'pause', deploymentID: id, reason: 'campaign' }));
        if (operation === 'pausedShadow') world.runTo(some + 10);
        return this.#giveUp(id);
      }
      case 'refusedAdoption':
        this.#shadow(id, `9${inOrder[this.#version++]}`, 'PT0S');
        world.runTo(some);
        return this.#giveUp(id);
      case 'throwingShadow':
        this.#shadow(id, `8${inOrder[this.#version++]}`, 'PT1H');
        world.runTo(some);
        return this.#giveUp(id);
      case 'abortedPaper':
        this.#expect(id, 'deploy', world.deploy(id, inOrder[this.#version++], 'PaperTrading', paperTerms));
        world.runTo(some);
        return this.#giveUp(id);
      case 'refusedDeploy': {
        const swap = { blueVersion: '77.0.0', greenVersion: inOrder[this.#version], warmupDuration: 'PT0S', monitoringDuration: 'PT1S' };
        const code = world.deploy(id, inOrder[this.#version], 'BlueGreen', swap);
        if (code === 'OK' || code === '') this.faults.push(`${id}: a swap from a version that never traded was answered ${code}`);
        return;
      }
    }
  }

  #shadow(id: string, version: string, warmupDuration: string): void {
    const handover = { positions: 'transfer', openOrders: 'adopt' };
    const terms = { blueVersion: this.#world.owner, greenVersion: version, warmupDuration, monitoringDuration: 'PT0.2S', handover };
    this.#expect(id, 'deploy', this.#world.deploy(id, version, 'BlueGreen', terms));
  }

  #cutOver(id: string, version: string): void {
    const world = this.#world;
    this.#shadow(id, version, 'PT0S');
    for (const gate of ['paper', 'agreement'])
      this.#expect(id, 'waive', world.ask({ verb: 'waive', deploymentID: id, stage: 0, gate, reason: 'a clone' }));
    // a host whose word comes too late has its swap aborted
    const patience = this.#slow ? 1 + this.#luck.int(40) : 1;
    world.runTo(world.taken + 60, patience);
    if (world.owner === version) return;
    if (!this.#slow) this.faults.push(`${id}: the cutover to ${version} was not made`);
    this.#giveUp(id);
  }

  #giveUp(id: string): void {
    if (['Aborted', 'Degraded', 'Healthy'].includes(this.#world.phaseOf(id))) return;
    this.#expect(id, 'abort', this.#world.ask({ verb: 'abort', deploymentID: id, reason: 'campaign' }));
  }

  /** Room for a version beside the owner: its share is lowered, and what it may no longer do is refused by name. */
  lower(): void {
    const world = this.#world;
    world.lowered = world.now;
    const { sliceID, owner } = world;
    this.#expect('lower', 'allocate', world.ask({ verb: 'allocate', sliceID, version: owner, allocation: 20, reason: 'room for another' }));
    this.#expect('lower', 'deploy', world.deploy('beside', inOrder[this.#version++], 'PaperTrading', paperTerms));
  }

  #expect(id: string, what: string, code: string): void {
    if (code !== 'OK') this.faults.push(`${id}: ${what} was answered ${code}`);
  }
}

const paperTerms = { simulatedCapital: '1000000', minTradingDuration: 'P1D', promotionCriteria: { minTrades: 1_000_000, minPnL: 0 } };
