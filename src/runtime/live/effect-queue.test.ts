import { expect, test } from 'vitest';
import { checkedForTest, plainOrder } from '../../testing/venue/plain-order.ts';
import type { OrderEffect } from '../gateway.ts';
import { createDoorbell } from '../rings/doorbell.ts';
import { createRingMemory, RingReader, RingWriter } from '../rings/ring.ts';
import { EffectQueue, maxWaitingEffects } from './effect-queue.ts';
import { readEffect } from './gateway-messages.ts';

const order = (clOrdID: number): OrderEffect => ({
  kind: 'send',
  reducing: false,
  venue: 0,
  order: checkedForTest(plainOrder({ clOrdID })),
});
const cancel = (target: number): OrderEffect => ({
  kind: 'cancel',
  reducing: true,
  venue: 0,
  simulated: false,
  listing: 0,
  clOrdID: 1_000_000 + target,
  target,
  row: 0,
});

test('with the ring to the gateway full, cancels leave before the orders that wait, but for those of an order that waits itself', () => {
  const memory = createRingMemory(1 << 13);
  const ring = new RingWriter(memory, createDoorbell(false));
  const queue = new EffectQueue(ring);
  let sent = 0;
  for (; queue.waiting === 0; sent++) queue.send(order(sent + 1), undefined);
  const [waits, behind] = [sent, sent + 1];
  queue.send(order(behind), undefined);
  queue.send(cancel(behind), undefined);
  queue.send(cancel(1), undefined);
  queue.send({ kind: 'fence', reducing: true, row: 0, epoch: 2 }, undefined);
  expect(queue.waiting).toBeGreaterThanOrEqual(3);
  const said: string[] = [];
  const reader = new RingReader(memory);
  const take = (): void => {
    ring.publish();
    reader.poll((type, from, at) => {
      const { effect } = readEffect(type, from, at);
      said.push(
        effect.kind === 'send' ? `send ${effect.order.clOrdID}` : effect.kind === 'cancel' ? `cancel ${effect.target}` : effect.kind,
      );
    }, 10_000);
  };
  take();
  queue.drain();
  take();
  expect(queue.waiting).toBe(0);
  expect(said.slice(waits - 1)).toEqual(['cancel 1', 'fence', `send ${waits}`, `send ${behind}`, `cancel ${behind}`]);
});

test('once its order has left, a cancel that waited behind it goes before every order, and a second one takes its place there', () => {
  const memory = createRingMemory(1 << 13);
  const ring = new RingWriter(memory, createDoorbell(false));
  const queue = new EffectQueue(ring);
  let last = 0;
  while (queue.waiting === 0) queue.send(order(++last), undefined);
  const [first, second] = [last, last + 1];
  queue.send(order(second), undefined);
  for (let n = 0; n < 200; n++) queue.send(order(10_000 + n), undefined);
  queue.send(cancel(first), undefined);
  queue.send(cancel(second), undefined);
  expect(queue.waiting).toBe(204);
  const said: string[] = [];
  const reader = new RingReader(memory);
  const take = (most: number): void => {
    ring.publish();
    reader.poll((type, from, at) => {
      const { effect } = readEffect(type, from, at);
      if (effect.kind === 'send') said.push(`send ${effect.order.clOrdID}`);
      if (effect.kind === 'cancel') said.push(`cancel ${effect.target}/${effect.clOrdID}`);
    }, most);
  };
  // room for a few of those that wait, not for all
  take(6);
  queue.drain();
  queue.send({ ...cancel(second), clOrdID: 77 } as OrderEffect, undefined);
  for (let before = -1; before !== said.length;) {
    before = said.length;
    take(10_000);
    queue.drain();
  }
  expect(queue.waiting).toBe(0);
  const rest = said.slice(first - 1);
  expect(rest.slice(0, 4).map((one) => one.split('/')[0])).toEqual([
    `send ${first}`,
    `cancel ${first}`,
    `send ${second}`,
    `cancel ${second}`,
  ]);
  // it waits for no order either, of which there are two hundred
  expect(rest.indexOf(`cancel ${second}/77`)).toBeLessThan(20);
  expect(rest).toHaveLength(205);
});

/** A queue whose ring takes nothing more, and what leaves once it does. */
function full(): { readonly queue: EffectQueue; readonly rest: () => readonly string[] } {
  const memory = createRingMemory(1 << 13);
  const ring = new RingWriter(memory, createDoorbell(false));
  const queue = new EffectQueue(ring);
  let first = 0;
  for (; queue.waiting === 0; first++) queue.send(order(first + 1), undefined);
  // smaller messages find room that an order does not
  for (; queue.waiting === 1; first++) queue.send(cancel(50_000 + first), undefined);
  const reader = new RingReader(memory);
  const rest = (): readonly string[] => {
    const said: string[] = [];
    for (let before = -1; before !== said.length;) {
      before = said.length;
      ring.publish();
      reader.poll((type, from, at) => {
        const { effect } = readEffect(type, from, at);
        const name = effect.kind === 'kill' ? (effect.engaged ? 'kill' : 'release') : effect.kind;
        const id =
          effect.kind === 'send' ? ` ${effect.order.clOrdID}` : effect.kind === 'cancel' ? ` ${effect.target}/${effect.clOrdID}` : '';
        said.push(`${name}${id}`);
      }, 10_000);
      queue.drain();
    }
    return said.slice(first - 2);
  };
  return { queue, rest };
}
const kill = (engaged: boolean, generation: number): OrderEffect =>
  ({ kind: 'kill', reducing: engaged, engaged, hold: 'firm', ix: -1, generation, word: 0 }) as OrderEffect;

test('a release leaves behind the orders that its kill has to meet', () => {
  const { queue, rest } = full();
  queue.send(order(900), undefined);
  queue.send(kill(true, 1), undefined);
  queue.send(kill(false, 1), undefined);
  const said = rest();
  expect(said[1]).toBe('kill');
  expect(said.slice(-2)).toEqual(['send 900', 'release']);
});

test('past the limit an order is refused by a returned value, and what takes risk away still finds its place', () => {
  const { queue, rest } = full();
  let refused = 0;
  for (let n = 0; n <= maxWaitingEffects; n++) if (!queue.send(order(10_000 + n), undefined)) refused++;
  expect(refused).toBe(3);
  expect(queue.waiting).toBe(maxWaitingEffects);
  for (let n = 0; n < maxWaitingEffects; n++) expect(queue.send(cancel(900_000 + (n % 100)), undefined)).toBe(true);
  expect(queue.send(kill(true, 1), undefined)).toBe(true);
  expect(queue.waiting).toBe(maxWaitingEffects + 101);
  expect(rest()[101]).toBe('kill');
});

test('a later request about the same order takes the place of the one that waits', () => {
  const { queue, rest } = full();
  queue.send(cancel(1), undefined);
  queue.send({ ...cancel(1), clOrdID: 77 } as OrderEffect, undefined);
  expect(rest().filter((one) => one.startsWith('cancel 1/'))).toEqual(['cancel 1/77']);
});
