import { describe, expect, it } from 'vitest';
import type { Effect } from '../domain/effect.ts';
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
});
