import { microsUnchecked, type Micros } from '../../base/units.ts';
import type { Clock } from '../../ports/world.ts';
import { monotonicMicros } from '../shared-clock.ts';

/** UTC at zero of the shared monotonic clock (microseconds): read once and given to every thread, so that they agree and never go back. */
export function wallOffset(): number {
  return Date.now() * 1_000 - monotonicMicros();
}

/** The offset of a desk that goes on behind a record of `lastAt`: where the clock was set back its time goes on from there, at the clock's pace. */
export function offsetBehind(offset: number, lastAt: Micros): number {
  return Math.max(offset, lastAt - monotonicMicros());
}

export function wallClock(offset: number): Clock {
  return { now: (): Micros => microsUnchecked(Math.floor(monotonicMicros() + offset)) };
}
