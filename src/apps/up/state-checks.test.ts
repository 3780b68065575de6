import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Input } from '../../domain/input.ts';
import { checkStates, stateCheckMillis } from './state-checks.ts';

describe('agreed numbers of a desk that stays up', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('come once a minute, and no more once the desk has failed or is stopped', async () => {
    const asked: Input[] = [];
    let failed = false;
    const submit = (input: Input): Promise<void> => (asked.push(input), Promise.resolve());
    const stop = checkStates(submit, () => failed);
    await vi.advanceTimersByTimeAsync(3 * stateCheckMillis);
    expect(asked.map(({ kind }) => kind)).toEqual(['stateCheck', 'stateCheck', 'stateCheck']);
    stop();
    await vi.advanceTimersByTimeAsync(3 * stateCheckMillis);
    expect(asked).toHaveLength(3);
    checkStates(submit, () => failed);
    failed = true;
    await vi.advanceTimersByTimeAsync(3 * stateCheckMillis);
    expect(asked).toHaveLength(3);
  });

  it('lie further apart where a check takes long', async () => {
    let asked = 0;
    const slow = (): Promise<void> => {
      asked += 1;
      // fake timers fake performance.now too
      vi.advanceTimersByTime(500);
      return Promise.resolve();
    };
    const stop = checkStates(slow, () => false);
    await vi.advanceTimersByTimeAsync(stateCheckMillis);
    expect(asked).toBe(1);
    await vi.advanceTimersByTimeAsync(5 * stateCheckMillis);
    expect(asked).toBe(1);
    await vi.advanceTimersByTimeAsync(5 * stateCheckMillis);
    expect(asked).toBe(2);
    stop();
  });
});
