import { afterEach, describe, expect, test } from 'vitest';
import { fromSafe, splitZero } from '../../base/split.ts';
import { lotsUnchecked, micros, ticksUnchecked } from '../../base/units.ts';
import type { HandoverNotice, HandoverVerb } from '../../domain/swap.ts';
import type { StrategyDefinition } from '../../ports/strategy.ts';
import { listingRows, quoteDelivery, request } from '../../testing/hosts/host-world.ts';
import { tallies } from '../../testing/hosts/swapping-strategies.ts';
import { maxQueuedDeliveries } from '../handover/held-queue.ts';
import type { Delivery, HandoverReply, HandoverRequest, HostAnswer, HostPort } from '../host-port.ts';
import { ThreadHost } from '../thread-host.ts';
import { moduleBeside, nodeWorld } from '../threads.ts';
import type { Budget } from './budget.ts';
import { HostPool } from './host-pool.ts';

const budget: Budget = { callMillis: 300, heapMebibytes: 128, proposalsPerSecond: 1_000_000 };
/** With it, who waits for a host that is gone without a word waits longer than a test may. */
const patient: Budget = { ...budget, callMillis: 60_000 };
const listings = listingRows(2);
const module = moduleBeside(import.meta.url, '../../testing/hosts/swapping-strategies');
const [from, to] = [0, 1];
const pools: HostPool[] = [];

function pool(hosts: number, budgets = budget): HostPool {
  const made = new HostPool({
    world: nodeWorld,
    hosts,
    listings,
    tickValue: () => 0.01,
    moduleOf: () => module,
    budget: budgets,
    exportEvery: 0,
  });
  pools.push(made);
  return made;
}

afterEach(async () => {
  await Promise.all(pools.splice(0).map((one) => one.end()));
});

const places: Readonly<Record<string, () => HostPort>> = {
  'one thread': () => new ThreadHost(listings, () => 0.01),
  'one host': () => pool(1),
  'two hosts': () => pool(2),
};

/** A host with an old and a new version on it, what they have said, and the numbers of deliveries. */
class Pair {
  readonly host: HostPort;
  readonly said: object[] = [];
  #eventSeq = 1;

  constructor(host: HostPort, blue: StrategyDefinition, green: StrategyDefinition, terms: Partial<HandoverRequest> = {}, after = 1) {
    this.host = host;
    this.#terms = terms;
    for (const [row, definition] of [blue, green].entries()) {
      expect(host.load(request(row, definition, [0], after))).toMatchObject({ ok: true });
      host.authority(row, 1, 1_000, true);
      this.deliver({ kind: 'start', eventSeq: this.next(), at: micros(100), row });
    }
  }

  readonly #terms: Partial<HandoverRequest>;

  next(): number {
    return ++this.#eventSeq;
  }

  get lastEvent(): number {
    return this.#eventSeq;
  }

  #note({ intents, faults }: HostAnswer): void {
    for (const { row, tag, orderQty, epoch, eventSeq } of intents) this.said.push({ row, tag, orderQty, epoch, eventSeq });
    for (const { row, event, text } of faults) this.said.push({ row, event, text });
  }

  deliver(delivery: Delivery): void {
    this.#note(this.host.deliver(delivery));
  }

  quote(): void {
    const eventSeq = this.next();
    this.deliver(quoteDelivery(eventSeq, 0, 100 + eventSeq));
  }

  quotes(count: number): void {
    for (let n = 0; n < count; n++) {
      this.quote();
      const at = micros(this.#eventSeq * 100);
      for (const { row, name } of this.host.dueTimers(at)) this.deliver({ kind: 'timer', eventSeq: this.next(), at, row, name });
    }
  }

  fill(row: number, tag: number, qty: number, position: number, simulated = false): void {
    const none = splitZero();
    fromSafe(none, 0);
    const at = micros(this.#eventSeq * 100);
    const fill = {
      tag,
      listing: 0,
      side: 'buy',
      lastQty: lotsUnchecked(qty),
      lastPx: ticksUnchecked(100),
      leavesQty: lotsUnchecked(0),
      position: lotsUnchecked(position),
      fee: none,
      feeCurrency: 0,
      transactTime: at,
    } as const;
    const money = { cash: none, fee: none, returnedFee: none, feeCurrency: 0, returnedCurrency: 0 };
    this.deliver({ kind: 'own', eventSeq: this.next(), at, event: { kind: 'ownFill', row, simulated, fill, money } });
  }

  ask(verb: HandoverVerb, more: Partial<HandoverRequest> = {}): HandoverReply {
    const authority = { epoch: verb === 'commit' ? 2 : 1, capital: 1_000, trading: true };
    const reply = this.host.handover({
      verb,
      swap: 0,
      from,
      to,
      positions: 'transfer',
      openOrders: 'adopt',
      tagShift: 0,
      fromAuthority: authority,
      toAuthority: authority,
      paper: [],
      ...this.#terms,
      ...more,
    });
    reply.answers.forEach((answer) => this.#note(answer));
    return reply;
  }

  /** Goes on as far as hosts do what is asked, at most to `last`, with quotes in between. @returns the last step, and what was said to it. */
  upTo(last: HandoverVerb): { readonly verb: HandoverVerb; readonly notice: HandoverNotice | null } {
    for (const verb of ['sync', 'try', 'stop', 'adopt'] as const) {
      const { notice } = this.ask(verb);
      if (verb === last || notice?.event === 'refused') return { verb, notice };
      this.quotes(3);
    }
    throw new Error(`${last}: expected a step before the end`);
  }

  /** Rows that propose at the next quotes, each once. */
  speakers(): readonly number[] {
    const before = this.said.length;
    this.quotes(4);
    return [...new Set(this.said.slice(before).map((one) => (one as { row: number }).row))].sort((a, b) => a - b);
  }
}

/** Quotes that a row's instance has counted. */
function quotesOf({ host }: Pair, row = from): number {
  const { bytes } = host.exportState(row) ?? {};
  return (JSON.parse(new TextDecoder().decode(bytes)) as { quotes: number }).quotes;
}

/** The orders that the pair places, what hosts say, and both states at the end. */
function whole(host: HostPort, terms: Partial<HandoverRequest>, end: 'commit' | 'abort'): object {
  const pair = new Pair(host, tallies.blue, tallies.green, terms);
  pair.quotes(5);
  pair.fill(from, 2, 4, 4);
  const notices = [pair.ask('sync').notice];
  pair.quotes(4);
  pair.fill(to, 1, 2, 2, true);
  notices.push(pair.ask('try').notice);
  pair.quotes(2);
  notices.push(pair.ask('stop').notice);
  const before = pair.said.length;
  pair.quotes(3);
  pair.fill(from, 3, 5, 9);
  expect(pair.said).toHaveLength(before);
  notices.push(pair.ask('adopt').notice);
  pair.quotes(1);
  pair.fill(from, 4, 1, 10);
  expect(pair.said).toHaveLength(before);
  pair.ask(end, { tagShift: 3 });
  expect(pair.said.length).toBeGreaterThanOrEqual(before + 4);
  pair.quotes(20);
  return { notices, said: pair.said, states: [from, to].map((row) => host.exportState(row)) };
}

test.each([
  ['two hosts', 'commit', 'transfer', 'adopt'],
  ['two hosts', 'commit', 'transfer', 'cancel'],
  ['two hosts', 'commit', 'drain', 'adopt'],
  ['two hosts', 'commit', 'flatten', 'cancel'],
  ['two hosts', 'abort', 'transfer', 'adopt'],
  ['one host', 'commit', 'drain', 'adopt'],
  ['one host', 'abort', 'drain', 'cancel'],
] as const)('in %s a hand-over with %s, %s and %s says and does what it does in one thread', (place, end, positions, openOrders) => {
  const one = whole(places['one thread'](), { positions, openOrders }, end);
  const { notices } = one as { notices: (HandoverNotice | null)[] };
  expect(notices.map((notice) => notice?.event)).toEqual(['synced', 'accepted', 'stopped', 'adopted']);
  expect(notices[3]).toMatchObject({ exported: notices[3]?.taken, eventSeq: notices[2]?.eventSeq });
  expect(whole(places[place](), { positions, openOrders }, end)).toEqual(one);
});

/** The old version stands by after a cutover, takes its successor's state twice, and is woken when that one is gone: what both said, and its state at the end. */
function woken(host: HostPort, end: 'commit' | 'abort'): object {
  const pair = new Pair(host, tallies.blue, tallies.green, { positions: 'transfer', openOrders: 'cancel' });
  pair.quotes(5);
  pair.fill(from, 2, 4, 4);
  expect(pair.upTo('adopt').notice).toMatchObject({ event: 'adopted' });
  pair.ask('commit', { tagShift: 3 });
  const notices: (HandoverNotice | null)[] = [];
  const back = { swap: 65_536, from: to, to: from, positions: 'drain', openOrders: 'cancel' } as const;
  for (let n = 0; n < 2; n++) {
    pair.quotes(6);
    pair.fill(to, 1, 1, 5 + n);
    notices.push(pair.ask('sync', back).notice);
  }
  pair.quotes(3);
  host.unload(to);
  pair.quotes(2);
  notices.push(pair.ask('wake', { ...back, from }).notice);
  const before = pair.said.length;
  pair.quotes(3);
  // it is fed no more: what comes waits for whoever goes on
  expect(pair.said).toHaveLength(before);
  const authority = { epoch: end === 'commit' ? 3 : 2, capital: 500, trading: true };
  pair.ask(end, { ...back, from, fromAuthority: authority, toAuthority: authority });
  pair.quotes(6);
  expect(pair.speakers()).toEqual([from]);
  const own = pair.said.slice(before).filter((one) => 'epoch' in one);
  expect(own.length).toBeGreaterThan(0);
  expect(own.every((one) => (one as { epoch: number }).epoch === authority.epoch)).toBe(true);
  return { notices, said: pair.said, state: host.exportState(from) };
}

test.each([
  ['two hosts', 'commit'],
  ['two hosts', 'abort'],
  ['one host', 'commit'],
] as const)('in %s one that stands by is synced and woken, with %s at the end, as it is in one thread', (place, end) => {
  const one = woken(places['one thread'](), end);
  const { notices } = one as { notices: (HandoverNotice | null)[] };
  expect(notices.map((notice) => notice?.event)).toEqual(['synced', 'synced', 'adopted']);
  for (const notice of notices) expect(notice).toMatchObject({ row: from, exported: notice?.taken });
  expect(woken(places[place](), end)).toEqual(one);
});

test.each(['one thread', 'two hosts'])(
  'in %s one that refuses to go on without its lots, or is gone, is not woken by a sentence',
  (place) => {
    const pair = new Pair(places[place](), tallies.adoptRefuses, tallies.green);
    pair.quotes(3);
    const request = { swap: 65_536, from, to: from, positions: 'drain', openOrders: 'cancel' } as const;
    expect(pair.ask('wake', request).notice).toMatchObject({ event: 'refused', text: 'orders: planted' });
    const before = quotesOf(pair);
    pair.quotes(2);
    pair.ask('abort', request);
    // it heard what had waited
    expect(quotesOf(pair)).toBe(before + 2);
    pair.host.unload(from);
    expect(pair.ask('wake', request).notice).toMatchObject({ event: 'refused' });
  },
);

/** Which step a version that spoils it is refused at, and by what sentence. */
const spoilers = [
  ['sync', 'blue', 'migrateThrows', 'RangeError: migrate: planted'],
  ['sync', 'blue', 'migrateRefuses', 'schema tally/1: planted'],
  ['sync', 'blue', 'adoptThrows', 'RangeError: adopt: planted'],
  ['sync', 'blue', 'adoptRefuses', 'orders: planted'],
  ['try', 'blue', 'noWayBack', 'no way back: '],
  ['sync', 'exportThrows', 'green', 'RangeError: export: planted'],
  ['sync', 'exportTooLarge', 'green', 'expected at most 1048576 bytes, was 1048577'],
] as const;

describe.each(['one thread', 'two hosts'])('in %s', (place) => {
  test.each(spoilers)('at %s, with %s and %s, the hand-over is refused by name and the old version goes on', (step, blue, green, text) => {
    const pair = new Pair(places[place](), tallies[blue], tallies[green]);
    pair.quotes(2);
    const { verb, notice } = pair.upTo('adopt');
    expect(verb).toBe(step);
    expect(notice).toMatchObject({ event: 'refused', row: to });
    expect(notice?.text).toContain(text);
    expect(pair.speakers()).toContain(from);
  });

  test('a queue that is full is said once, and an abort gives all of it to the old version', () => {
    const pair = new Pair(places[place](), tallies.counts, tallies.green);
    expect(pair.upTo('stop').notice).toMatchObject({ event: 'stopped' });
    const quotes = quotesOf(pair);
    for (let n = 0; n < maxQueuedDeliveries; n++) pair.quote();
    const words = pair.host.unasked();
    expect(words.length).toBeGreaterThanOrEqual(1);
    expect(words[0]).toMatchObject({ event: 'overflow', swap: 0, row: from });
    expect(pair.host.unasked()).toEqual([]);
    expect(quotesOf(pair)).toBe(quotes);
    pair.ask('abort');
    expect(quotesOf(pair)).toBe(quotes + maxQueuedDeliveries);
  });
});

test.each([
  ['two hosts', 'sync', 'blue', 'migrateSpins', 1],
  ['two hosts', 'adopt', 'blue', 'migrateSpins', 3],
  ['two hosts', 'try', 'blue', 'migrateEndsItsHost', 2],
  ['two hosts', 'adopt', 'blue', 'migrateEndsItsHost', 3],
  ['one host', 'adopt', 'blue', 'migrateEndsItsHost', 3],
  ['two hosts', 'try', 'exportEndsItsHost', 'green', 2],
  ['two hosts', 'stop', 'exportEndsItsHost', 'green', 3],
  ['one host', 'stop', 'exportEndsItsHost', 'green', 3],
] as const)('in %s, one that ends at %s, by %s and %s, is said, and the old version goes on', (place, step, blue, green, after) => {
  // who ends its own thread is missed at once, not when its budget is over
  const host = pool(place === 'one host' ? 1 : 2, green === 'migrateSpins' ? budget : patient);
  const pair = new Pair(host, tallies[blue], tallies[green], {}, after);
  pair.quotes(2);
  const { verb, notice } = pair.upTo('adopt');
  expect(verb).toBe(step);
  expect(notice).toMatchObject({ event: 'refused' });
  expect(notice?.text).toContain('was ended');
  if (step === 'stop' || step === 'adopt') pair.ask('abort');
  pair.host.unload(to);
  expect(pair.speakers()).toEqual([from]);
});

/** A pair on two hosts; a neighbor of the one or the other never returns from its next quote of the other listing, so that its host is ended. */
function endedHost(which: 'old' | 'new'): Pair {
  const pair = new Pair(places['two hosts'](), tallies.blue, tallies.green);
  for (const row of [2, 3]) {
    const spins = row === (which === 'old' ? 2 : 3);
    expect(pair.host.load(request(row, spins ? tallies.spins : tallies.blue, [1]))).toMatchObject({ ok: true });
  }
  pair.quotes(3);
  expect(pair.upTo('adopt').notice).toMatchObject({ event: 'adopted' });
  pair.quotes(2);
  pair.deliver(quoteDelivery(pair.next(), 1, 500));
  return pair;
}

describe('a host that ends between adoption and end', () => {
  test.each(['old', 'new'] as const)(
    'the %s version’s: it is said without being asked, and an abort lets the old version go on',
    (which) => {
      const pair = endedHost(which);
      expect(pair.host.unasked()).toMatchObject([{ event: 'refused', swap: 0, row: to }]);
      pair.ask('abort');
      pair.host.unload(to);
      expect(pair.speakers()).toEqual([from]);
    },
  );

  test.each(['old', 'new'] as const)(
    'the %s version’s: what was committed before anybody knew holds, and the new version goes on',
    (which) => {
      const pair = endedHost(which);
      pair.ask('commit', { fromAuthority: { epoch: 2, capital: 0, trading: false } });
      expect(pair.speakers()).toEqual([to]);
      expect(pair.said.at(-1)).toMatchObject({ row: to, epoch: 2 });
      // it has what the old one had counted up to its end
      expect(quotesOf(pair, to)).toBeGreaterThan(7);
    },
  );
});
