import { afterEach, expect, test } from 'vitest';
import type { StrategyDefinition } from '../../ports/strategy.ts';
import { listingRows, quoteDelivery, request, tryingModule } from '../../testing/hosts/host-world.ts';
import { counter, forgetful, leaker, spinner, thrower } from '../../testing/hosts/trying-strategies.ts';
import type { HostAnswer, HostPort } from '../host-port.ts';
import { ThreadHost } from '../thread-host.ts';
import { nodeWorld } from '../threads.ts';
import type { Budget } from './budget.ts';
import { HostPool } from './host-pool.ts';

const budget: Budget = { callMillis: 300, heapMebibytes: 64, proposalsPerSecond: 1_000_000 };
const listings = listingRows(4);
const pools: HostPool[] = [];

function pool(hosts: number, terms: Budget = budget, exportEvery = 1): HostPool {
  const made = new HostPool({
    world: nodeWorld,
    hosts,
    listings,
    tickValue: () => 0.01,
    moduleOf: (name) => (name === 'unknown' ? undefined : tryingModule),
    budget: terms,
    exportEvery,
  });
  pools.push(made);
  return made;
}

afterEach(async () => {
  await Promise.all(pools.splice(0).map((one) => one.end()));
});

const mixed: readonly (readonly [StrategyDefinition, readonly number[], number?])[] = [
  [counter, [0]],
  [forgetful, [1]],
  [thrower, [0, 1], 7],
  [counter, [2, 3]],
  [forgetful, [0, 2]],
];

function play(host: HostPort): { answers: HostAnswer[]; timers: unknown[]; state: unknown } {
  mixed.forEach(([definition, universe, after], row) => {
    expect(host.load(request(row, definition, universe, after))).toMatchObject({ ok: true });
    host.authority(row, row + 1, 1_000, row !== 3);
    host.deliver({ kind: 'start', eventSeq: row + 1, at: quoteDelivery(1, 0, 1).at, row });
  });
  const answers: HostAnswer[] = [];
  const timers: unknown[] = [];
  for (let n = 10; n < 60; n++) {
    const delivery = quoteDelivery(n, n % 4, 100 + n);
    answers.push({ ...host.deliver(delivery) });
    for (const timer of host.dueTimers(delivery.at)) {
      timers.push(timer);
      answers.push({ ...host.deliver({ kind: 'timer', eventSeq: n, at: delivery.at, ...timer }) });
    }
  }
  return { answers, timers, state: host.exportState(0) };
}

test.each([1, 2, 3])('%i hosts answer what one thread answers: the same intents, faults, timers and state', (hosts) => {
  const one = play(new ThreadHost(listings, () => 0.01));
  expect(one.answers.flatMap(({ intents }) => intents).length).toBeGreaterThan(40);
  expect(one.answers.flatMap(({ faults }) => faults)).toHaveLength(1);
  expect(one.timers).toHaveLength(2);
  expect(play(pool(hosts))).toEqual(one);
});

test('a version that no module exports is refused by name, and so is one whose module lacks it', () => {
  const host = pool(1);
  const unknown: StrategyDefinition = { ...counter, name: 'unknown' };
  expect(host.load(request(0, unknown, [0]))).toEqual({
    ok: false,
    text: 'hosts: expected a module that exports unknown 1.0.0, this desk names none',
  });
  const missing = host.load(request(1, { ...counter, version: '9.9.9' }, [0]));
  expect(missing).toMatchObject({ ok: false });
  expect(missing.ok ? '' : missing.text).toContain('expected an export that defines counter 9.9.9');
});

function loadThree(host: HostPool, bad: StrategyDefinition): void {
  for (const [row, definition] of [counter, bad, forgetful].entries()) {
    expect(host.load(request(row, definition, [0], definition === bad ? 20 : undefined))).toMatchObject({ ok: true });
    host.authority(row, 1, 1_000, true);
  }
}

test('a strategy that never returns is fenced after its budget, its host ended, and the innocent go on from their state', () => {
  const host = pool(1);
  loadThree(host, spinner);
  for (let n = 1; n < 20; n++) host.deliver(quoteDelivery(n, 0, 100));
  const began = performance.now();
  const answer = host.deliver(quoteDelivery(20, 0, 100));
  const millis = performance.now() - began;
  expect(answer.faults.map(({ row, event }) => [row, event])).toEqual([
    [0, 'ended'],
    [1, 'overBudget'],
    [2, 'ended'],
  ]);
  expect(answer.faults[1].text).toContain('expected at most 300 ms');
  expect(answer.faults[0].text).toContain('from its state at event');
  expect(answer.faults[2].text).toContain('without a state');
  expect(millis).toBeLessThan(2_500);
  // the one without a state has its orders taken back and begins at 1 again; the other goes on counting
  const after = host.deliver(quoteDelivery(21, 0, 100)).intents;
  expect(after.map(({ row, action }) => [row, action])).toEqual([
    [0, 'new'],
    [2, 'new'],
  ]);
  expect(after[0].orderQty).toBeGreaterThan(10);
  expect(after[0].tag).toBeGreaterThan(19);
  expect(after[1].orderQty).toBe(1);
  expect(answer.intents.some(({ row, action }) => row === 2 && action === 'cancelAll')).toBe(true);
});

test('a strategy that leaks is found by what its callbacks keep, not by whose callback met the limit', () => {
  const host = pool(1, { ...budget, callMillis: 3_000 });
  loadThree(host, leaker);
  const faults: string[] = [];
  for (let n = 1; n < 4_000 && faults.length === 0; n++) {
    for (const { row, event, text } of host.deliver(quoteDelivery(n, 0, 100)).faults) faults.push(`${row} ${event} ${text}`);
  }
  expect(faults.filter((text) => text.includes('overBudget'))).toHaveLength(1);
  expect(faults.find((text) => text.startsWith('1 overBudget heap: expected at most 48.0 MiB'))).toBeDefined();
  expect(host.deliver(quoteDelivery(5_000, 0, 100)).intents.map(({ row }) => row)).toEqual([0, 2]);
});

test('more proposals in a second than the budget are dropped, and the version is fenced', () => {
  const host = pool(1, { ...budget, proposalsPerSecond: 5 });
  host.load(request(0, counter, [0]));
  host.authority(0, 1, 1_000, true);
  const answers = Array.from({ length: 8 }, (_none, n) => ({ ...host.deliver(quoteDelivery(n + 1, 0, 100)) }));
  expect(answers.flatMap(({ intents }) => intents)).toHaveLength(5);
  expect(answers.flatMap(({ faults }) => faults).map(({ text }) => text)).toEqual(['proposals: expected at most 5 in one second, was 6']);
});
