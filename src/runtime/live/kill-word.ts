/** Bytes of the word. */
const wordBytes = 64;

/**
 * The kill switch in shared memory: whoever sees the desk misbehave sets it, and the gateway obeys whatever the core is doing. Only the core, asked by two
 * people, takes it back.
 */
export class KillWord {
  readonly shared: SharedArrayBuffer;
  readonly #word: Int32Array;

  constructor(shared: SharedArrayBuffer = new SharedArrayBuffer(wordBytes)) {
    this.shared = shared;
    this.#word = new Int32Array(shared);
  }

  get engaged(): boolean {
    return Atomics.load(this.#word, 0) === 1;
  }

  engage(): void {
    Atomics.store(this.#word, 0, 1);
  }

  release(): void {
    Atomics.store(this.#word, 0, 0);
  }
}
