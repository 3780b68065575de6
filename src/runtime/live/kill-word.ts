/** Bytes of the word. */
const wordBytes = 64;

/**
 * The kill switch in shared memory: whoever sees the desk misbehave sets it, and the gateway obeys whatever the core is doing. Each engagement has a generation
 * of its own, and a release names the one that it takes back: a release that was decided before a newer kill leaves that kill standing.
 */
export class KillWord {
  readonly shared: SharedArrayBuffer;
  /** Twice the generation, plus one while it is engaged. */
  readonly #word: Int32Array;

  constructor(shared: SharedArrayBuffer = new SharedArrayBuffer(wordBytes)) {
    this.shared = shared;
    this.#word = new Int32Array(shared);
  }

  get engaged(): boolean {
    return (Atomics.load(this.#word, 0) & 1) === 1;
  }

  /** Of the last engagement. */
  get generation(): number {
    return Atomics.load(this.#word, 0) >>> 1;
  }

  /** Sets it, also where it is set already: whoever asks now is not undone by an older release. @returns the generation. */
  engage(): number {
    for (;;) {
      const word = Atomics.load(this.#word, 0);
      const next = (word | 1) + 2;
      if (Atomics.compareExchange(this.#word, 0, word, next) === word) return next >>> 1;
    }
  }

  /** Sets it where it is not set. @returns its generation. */
  hold(): number {
    return this.engaged ? this.generation : this.engage();
  }

  /** Takes back the engagement of that generation; false = a newer one stands, or none did. */
  release(generation: number): boolean {
    const word = generation * 2 + 1;
    return Atomics.compareExchange(this.#word, 0, word, word - 1) === word;
  }
}
