/** Bytes of one board. */
export const boardBytes = 256;
const rowWord = 0;
const callWord = 1;
const threadWord = 2;
const slowWord = 3;
const goneWord = 4;
const startedPlace = 8;
const heapPlace = 9;
const growerPlace = 10;

/** A callback that has begun and not returned; `call` is its number, `since` on the shared clock. */
export interface RunningCall {
  readonly row: number;
  readonly call: number;
  readonly since: number;
}

/** What a host says about itself in shared memory, so that it can be read while the host does not answer. */
export class HostBoard {
  readonly memory: SharedArrayBuffer;
  readonly #words: Int32Array;
  readonly #numbers: Float64Array;

  constructor(memory: SharedArrayBuffer = new SharedArrayBuffer(boardBytes)) {
    this.memory = memory;
    this.#words = new Int32Array(memory);
    this.#numbers = new Float64Array(memory);
  }

  /** A callback of `row` begins; `now` in microseconds of the shared clock. */
  begins(row: number, now: number): void {
    this.#numbers[startedPlace] = now;
    Atomics.store(this.#words, rowWord, row + 1);
  }

  ends(): void {
    Atomics.add(this.#words, callWord, 1);
    Atomics.store(this.#words, rowWord, 0);
  }

  /** Row whose callback runs and since when; undefined = none. */
  running(): RunningCall | undefined {
    const call = Atomics.load(this.#words, callWord);
    const row = Atomics.load(this.#words, rowWord);
    const since = this.#numbers[startedPlace];
    return row === 0 || call !== Atomics.load(this.#words, callWord) ? undefined : { row: row - 1, call, since };
  }

  get calls(): number {
    return Atomics.load(this.#words, callWord);
  }

  /** The host's thread in the operating system's words; 0 = not known. */
  get thread(): number {
    return Atomics.load(this.#words, threadWord);
  }

  set thread(id: number) {
    Atomics.store(this.#words, threadWord, id);
  }

  /** Its thread runs no more: said on its way out, for whoever waits for an answer and hears no events meanwhile. */
  get gone(): boolean {
    return Atomics.load(this.#words, goneWord) !== 0;
  }

  leaves(): void {
    Atomics.store(this.#words, goneWord, 1);
  }

  /** Callbacks that took longer than their budget by the clock on the wall, and returned. */
  get slowCalls(): number {
    return Atomics.load(this.#words, slowWord);
  }

  countSlow(): void {
    Atomics.add(this.#words, slowWord, 1);
  }

  /** Heap in use (bytes) and the row whose callbacks made it grow most (-1 = not known). */
  weighed(heapBytes: number, grower: number): void {
    this.#numbers[heapPlace] = heapBytes;
    this.#numbers[growerPlace] = grower + 1;
  }

  get heapBytes(): number {
    return this.#numbers[heapPlace];
  }

  get grower(): number {
    return this.#numbers[growerPlace] - 1;
  }
}
