import { describe, expect, it } from 'vitest';
import type { Effect } from '../domain/effect.ts';
import { checkedForTest, plainOrder } from '../testing/venue/plain-order.ts';
import { createOutbox } from './outbox.ts';

const answer = (commandID: string): Effect => ({ kind: 'answer', reducing: false, commandID, accepted: true, code: 'OK', text: '' });
const fence = (row: number): Effect => ({ kind: 'fence', reducing: true, row, epoch: 2 });

describe('the outbox', () => {
  it('lets a reducing effect leave before anything is durable', () => {
    const left: string[] = [];
    const outbox = createOutbox((effect) => left.push(effect.kind));
    outbox.accept(7, [answer('a'), fence(1)]);
    expect(left).toEqual(['fence']);
    expect(outbox.held).toBe(1);
  });

  it('keeps an expanding effect until the last record of its step is durable', () => {
    const left: string[] = [];
    const outbox = createOutbox((effect) => left.push(effect.kind === 'answer' ? effect.commandID : effect.kind));
    outbox.accept(7, [answer('a')]);
    outbox.accept(9, [answer('b')]);
    expect(outbox.release(6)).toBe(0);
    expect(outbox.release(8)).toBe(1);
    expect(left).toEqual(['a']);
    expect(outbox.release(9)).toBe(1);
    expect(left).toEqual(['a', 'b']);
    expect(outbox.held).toBe(0);
  });

  it('lets no cancel leave before the order that it takes back', () => {
    const left: string[] = [];
    const outbox = createOutbox((effect) => {
      if (effect.kind === 'send') left.push(`send ${effect.order.clOrdID}`);
      else if (effect.kind === 'cancel') left.push(`cancel ${effect.target}`);
    });
    const cancel = (target: number): Effect => ({
      kind: 'cancel',
      reducing: true,
      venue: 0,
      simulated: false,
      listing: 0,
      clOrdID: 100 + target,
      target,
      row: 0,
    });
    outbox.accept(7, [{ kind: 'send', reducing: false, venue: 0, order: checkedForTest(plainOrder({ clOrdID: 5 })) }]);
    outbox.accept(9, [cancel(5), cancel(4)]);
    expect(left).toEqual(['cancel 4']);
    outbox.release(7);
    expect(left).toEqual(['cancel 4', 'send 5', 'cancel 5']);
    outbox.accept(11, [cancel(5)]);
    expect(left.slice(3)).toEqual(['cancel 5']);
  });
});
