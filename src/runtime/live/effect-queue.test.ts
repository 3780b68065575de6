import { expect, test } from 'vitest';
import { checkedForTest, plainOrder } from '../../testing/venue/plain-order.ts';
import type { OrderEffect } from '../gateway.ts';
import { createDoorbell } from '../rings/doorbell.ts';
import { createRingMemory, RingReader, RingWriter } from '../rings/ring.ts';
import { EffectQueue } from './effect-queue.ts';
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
