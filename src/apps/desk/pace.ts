import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';

/** Virtual seconds per wall second, or as fast as the machine can. */
export type Speed = number | 'max';

/** Longest sleep between two looks at the control socket (ms). */
const longestSleep = 50;
/** Longest stretch of work between two turns of the event loop (ms). */
const longestWork = 20;

/** Keeps virtual time at its speed and lets the event loop breathe. */
export class Pace {
  readonly #speed: Speed;
  readonly #virtualStart: number;
  #wallStart = performance.now();
  #breathedAt = performance.now();

  constructor(speed: Speed, virtualStart: number) {
    this.#speed = speed;
    this.#virtualStart = virtualStart;
  }

  /** How far virtual time may go now, microseconds. */
  allowedUntil(): number {
    if (this.#speed === 'max') return Number.MAX_SAFE_INTEGER;
    return this.#virtualStart + (performance.now() - this.#wallStart) * 1_000 * this.#speed;
  }

  /** Waits until virtual time may reach `next`, at most one nap; always lets sockets be heard now and then. */
  async breathe(next: number | undefined): Promise<void> {
    const now = performance.now();
    const early = this.#speed === 'max' || next === undefined ? 0 : (next - this.allowedUntil()) / (1_000 * this.#speed);
    if (early > 1) await sleep(Math.min(early, longestSleep));
    else if (now - this.#breathedAt > longestWork) await nextTurn();
    else return;
    this.#breathedAt = performance.now();
  }
}
