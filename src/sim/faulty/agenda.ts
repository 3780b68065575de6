import { timerHeap } from '../../base/heap.ts';
import { microsUnchecked, type Micros } from '../../base/units.ts';

/** Most events that wait at one time in a simulated world. */
export const maxWaitingEvents = 1 << 18;

/** Everything that will happen in a world, in one order: by time, then by the order in which it was arranged. */
export class Agenda {
  readonly #heap = timerHeap<() => void>(maxWaitingEvents);
  #now: Micros;
  #events = 0;
  /** Something woke code that waits: it must run before the next event. */
  #stirred = false;

  constructor(startAt: Micros) {
    this.#now = startAt;
  }

  get now(): Micros {
    return this.#now;
  }

  /** Events that have happened. */
  get events(): number {
    return this.#events;
  }

  get waiting(): number {
    return this.#heap.size();
  }

  at(time: number, happen: () => void): void {
    if (!this.#heap.push(Math.max(time, this.#now), 0, happen)) throw new RangeError(`agenda: expected at most ${maxWaitingEvents} events`);
  }

  /** @param delay microseconds, rounded up. */
  after(delay: number, happen: () => void): void {
    this.at(this.#now + Math.ceil(delay), happen);
  }

  /** Resolves at its time, as an event of its own. */
  sleep(delay: number): Promise<void> {
    return new Promise((resolve) =>
      this.after(delay, () => {
        this.stir();
        resolve();
      }),
    );
  }

  stir(): void {
    this.#stirred = true;
  }

  /** Time of the next event; Infinity = nothing will ever happen. */
  nextAt(): number {
    return this.#heap.peekTime();
  }

  /** Lets the next event happen. @returns whether code that waits was woken. */
  step(): boolean {
    this.#now = microsUnchecked(this.#heap.peekTime());
    const happen = this.#heap.pop();
    this.#events += 1;
    happen?.();
    const stirred = this.#stirred;
    this.#stirred = false;
    return stirred;
  }
}

/**
 * Lets events happen for as long as `goesOn` says. What was woken by one runs until it waits again before the next one happens: no promise is left that could go on. A tick comes
 * when all of them have run.
 */
export function runOn(step: () => boolean, goesOn: () => boolean): Promise<void> {
  const now = Promise.resolve();
  return new Promise((resolve, reject) => {
    const soon = (): void => void now.then(go);
    const go = (): void => {
      try {
        while (goesOn()) {
          if (!step()) continue;
          // ticks come one after the other before anything that was woken runs: it goes on behind that
          process.nextTick(soon);
          return;
        }
        resolve();
      } catch (error) {
        reject(error instanceof Error ? error : new Error(String(error)));
      }
    };
    go();
  });
}

/** Lets everything that was woken run until it waits again: no promise is left that could go on. A tick comes when all of them have run. */
export function settle(): Promise<void> {
  return new Promise((resolve) => process.nextTick(resolve));
}
