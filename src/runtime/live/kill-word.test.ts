import { expect, test } from 'vitest';
import { micros } from '../../base/units.ts';
import { createDoorbell, Doorbell } from '../rings/doorbell.ts';
import { createRingMemory, RingWriter } from '../rings/ring.ts';
import { GatewayBoard } from './gateway-board.ts';
import { GatewayLoop } from './gateway-loop.ts';
import { sendEffect, type WordedKill } from './gateway-messages.ts';
import { KillWord } from './kill-word.ts';
import { createLatencyMemory } from './latencies.ts';

test('a release takes back the engagement that it names, and no newer one', () => {
  const word = new KillWord();
  const first = word.engage();
  expect(word.release(first)).toBe(true);
  expect(word.engaged).toBe(false);
  expect(word.release(first)).toBe(false);
  const second = word.engage();
  const third = word.engage();
  expect(third).toBeGreaterThan(second);
  expect(word.release(second)).toBe(false);
  expect(word.engaged).toBe(true);
  expect(word.hold()).toBe(third);
  expect(new KillWord(word.shared).release(third)).toBe(true);
});

test('a release that is in the ring already leaves the kill of somebody who has asked since', () => {
  const word = new KillWord();
  const [effects, words] = [createRingMemory(1 << 16), createRingMemory(1 << 16)];
  const bell = createDoorbell(false);
  const loop = new GatewayLoop(
    {
      effects,
      words,
      bell: bell.shared,
      coreBell: createDoorbell(false).shared,
      killWord: word.shared,
      board: new GatewayBoard().memory,
      latencies: createLatencyMemory(),
      spinning: false,
    },
    1,
    { feed: { peek: () => undefined, next: () => undefined }, venues: new Map(), simulators: new Map() },
    { now: () => micros(1) },
  );
  const ring = new RingWriter(effects, new Doorbell(bell.shared, false));
  const known = word.engage();
  loop.turn();
  expect(loop.gateway.killed).toBe(true);
  const say = (generation: number): void => {
    const release: WordedKill = { kind: 'kill', reducing: false, engaged: false, hold: 'firm', ix: -1, generation: 1, word: generation };
    sendEffect(ring, release);
    ring.publish();
  };
  say(known);
  const newer = word.engage();
  loop.turn();
  expect([word.engaged, loop.gateway.killed]).toEqual([true, true]);
  say(newer);
  loop.turn();
  expect([word.engaged, loop.gateway.killed]).toEqual([false, false]);
});
