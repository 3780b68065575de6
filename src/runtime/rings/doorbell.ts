/** Bytes of one doorbell: its two words lie on cache lines of their own. */
export const doorbellBytes = 256;
const rungWord = 0;
const sleepingWord = 32;

/** True where a thread may spin for its next message: with fewer cores it would take the core of the one that it waits for. */
export function maySpin(cores: number): boolean {
  return cores >= 4;
}

/**
 * How often a thread looks before it lies down: with cores to spare about 0.5 ms; else about 5 microseconds, which is what lying down and being woken
 * would cost anyway (competitive spinning: Karlin, Manasse, McGeoch, Owicki 1994).
 */
const looks = { spinning: 20_000, parked: 200 } as const;

interface SharedWait {
  readonly async: boolean;
  readonly value: Promise<'ok' | 'timed-out'> | 'not-equal' | 'timed-out';
}

/** ES2024, in every Node that is supported; the library that we compile against does not name it yet. */
const atomics = Atomics as unknown as {
  waitAsync(words: Int32Array, index: number, value: number, timeout: number): SharedWait;
};

/**
 * What wakes one thread, whoever has something for it. A ring costs one load while the thread is awake: only a sleeping one is notified, and all that was
 * published before it wakes is one batch.
 */
export class Doorbell {
  readonly shared: SharedArrayBuffer;
  readonly #words: Int32Array;
  readonly #looks: number;
  /** Times that the owner lay down. */
  sleeps = 0;

  constructor(shared: SharedArrayBuffer, spinning: boolean) {
    this.shared = shared;
    this.#words = new Int32Array(shared);
    this.#looks = spinning ? looks.spinning : looks.parked;
  }

  /** Wakes the owner if it sleeps. Called after what it is to find has been published. */
  ring(): void {
    if (Atomics.load(this.#words, sleepingWord) === 0) return;
    Atomics.add(this.#words, rungWord, 1);
    Atomics.notify(this.#words, rungWord);
  }

  /** Blocks the owner's thread until `ready`, a ring, or `millis` have passed. */
  wait(ready: () => boolean, millis: number): void {
    for (let look = 0; look < this.#looks; look++) if (ready()) return;
    const rung = Atomics.load(this.#words, rungWord);
    Atomics.store(this.#words, sleepingWord, 1);
    // the writer publishes, then looks whether we sleep; we say that we sleep, then look whether something was published: one of the two sees the other
    if (!ready()) {
      this.sleeps++;
      Atomics.wait(this.#words, rungWord, rung, millis);
    }
    Atomics.store(this.#words, sleepingWord, 0);
  }

  /** The same for a thread whose event loop must go on. */
  async rest(ready: () => boolean, millis: number): Promise<void> {
    const rung = Atomics.load(this.#words, rungWord);
    Atomics.store(this.#words, sleepingWord, 1);
    if (!ready()) {
      this.sleeps++;
      const { async, value } = atomics.waitAsync(this.#words, rungWord, rung, millis);
      if (async) await value;
    }
    Atomics.store(this.#words, sleepingWord, 0);
  }
}

export function createDoorbell(spinning: boolean): Doorbell {
  return new Doorbell(new SharedArrayBuffer(doorbellBytes), spinning);
}
