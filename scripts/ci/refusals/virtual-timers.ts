interface Timer {
  readonly at: number;
  readonly act: () => void;
}

/** Timers of the whole program on a clock that stands still until it is moved; `end` gives the real ones back. */
export class VirtualTimers {
  readonly #real = { setTimeout: globalThis.setTimeout, clearTimeout: globalThis.clearTimeout };
  readonly #timers = new Map<number, Timer>();
  #now = 0;
  #next = 1;

  constructor() {
    const set = (act: () => void, millis = 0): number => {
      const id = this.#next++;
      this.#timers.set(id, { at: this.#now + millis, act });
      return id;
    };
    const clear = (id: number): void => void this.#timers.delete(id);
    Object.assign(globalThis, { setTimeout: set, clearTimeout: clear });
  }

  /** Everything that is due by then acts. */
  advance(millis: number): void {
    this.#now += millis;
    for (const [id, { at, act }] of [...this.#timers]) {
      if (at > this.#now) continue;
      this.#timers.delete(id);
      act();
    }
  }

  end(): void {
    Object.assign(globalThis, this.#real);
  }
}
