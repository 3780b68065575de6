import { readFileSync } from 'node:fs';
import { PerformanceObserver } from 'node:perf_hooks';
import { threadID } from '../../src/runtime/hosts/thread-cpu.ts';
import { monotonicMicros } from '../../src/runtime/shared-clock.ts';

/** One moment of a thread: the shared clock (microseconds), what the thread had run, and how long it had been ready to run while others had the processors (ms; 0 where the system does not say). */
export interface Moment {
  readonly at: number;
  readonly ran: number;
  readonly waited: number;
}

export const never: Moment = { at: 0, ran: 0, waited: 0 };

/** A collection of garbage that stopped the thread: when it began (shared clock, microseconds) and how long it took (microseconds). */
export type Collection = readonly [at: number, micros: number];

/** Most collections that are remembered. */
const maxCollections = 65_536;

/** Says of its own thread where the time went: run, waited for a processor, collected garbage. */
export class ThreadClock {
  readonly collections: Collection[] = [];
  readonly #path = `/proc/self/task/${threadID()}/schedstat`;
  readonly #offset = monotonicMicros() - performance.now() * 1_000;

  constructor() {
    new PerformanceObserver((list) => {
      for (const { startTime, duration } of list.getEntries())
        if (this.collections.length < maxCollections) this.collections.push([startTime * 1_000 + this.#offset, duration * 1_000]);
    }).observe({ entryTypes: ['gc'] });
  }

  now(): Moment {
    const at = monotonicMicros();
    try {
      const [ran, waited] = readFileSync(this.#path, 'latin1').split(' ', 2);
      return { at, ran: Number(ran) / 1e6, waited: Number(waited) / 1e6 };
    } catch {
      return { at, ran: 0, waited: 0 };
    }
  }
}
