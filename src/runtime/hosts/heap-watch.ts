import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Callbacks between two looks at the heap while it is small. */
const looksEvery = 512;
/** Share of the budget past which every callback is weighed, and past which the heaviest one is blamed. */
const weighFrom = 0.4;
const blameFrom = 0.75;
const mebibyte = 1_048_576;

function heapInUse(): number {
  const { used_heap_size, external_memory } = getHeapStatistics();
  return used_heap_size + external_memory;
}

/** This thread's garbage collector, to be called. */
export function collector(): () => void {
  setFlagsFromString('--expose-gc');
  const gc: unknown = runInNewContext('gc');
  if (typeof gc !== 'function') throw new Error('heap: expected a garbage collector to call');
  return gc as () => void;
}

/**
 * Finds whose callbacks fill the heap of a host. Cheap while there is room; past a share of the budget each callback is weighed, and before anybody is
 * blamed everything is collected once, so that garbage blames nobody.
 */
export class HeapWatch {
  readonly #budget: number;
  readonly #start = heapInUse();
  readonly #grown = new Map<number, number>();
  #weighing = false;
  #before = 0;
  #calls = 0;
  /** Collections done before blaming; each doubles the calls until the next. */
  #collections = 0;
  #notBefore = 0;
  #gc: (() => void) | undefined;

  constructor(heapMebibytes: number) {
    this.#budget = heapMebibytes * mebibyte;
  }

  begins(): void {
    if (this.#weighing) this.#before = heapInUse();
  }

  /** @returns the row to blame and the sentence; undefined = all is well. */
  ends(row: number): { readonly row: number; readonly text: string } | undefined {
    this.#calls++;
    if (!this.#weighing) {
      if (this.#calls % looksEvery !== 0) return undefined;
      this.#weighing = this.#used() > weighFrom * this.#budget;
      return undefined;
    }
    const after = heapInUse();
    // smaller: something was collected meanwhile, this callback says nothing
    if (after > this.#before) this.#grown.set(row, (this.#grown.get(row) ?? 0) + after - this.#before);
    if (after - this.#start < blameFrom * this.#budget || this.#calls < this.#notBefore) return undefined;
    return this.#judge();
  }

  /** Row that grew most since weighing began; -1 = not known. */
  get grower(): number {
    let [grower, most] = [-1, 0];
    for (const [row, bytes] of this.#grown) if (bytes > most) [grower, most] = [row, bytes];
    return grower;
  }

  /** Bytes that the host has taken since it began. */
  get used(): number {
    return this.#used();
  }

  #used(): number {
    return heapInUse() - this.#start;
  }

  #judge(): { readonly row: number; readonly text: string } | undefined {
    this.#gc ??= collector();
    this.#gc();
    const used = this.#used();
    this.#notBefore = this.#calls + (looksEvery << Math.min(10, this.#collections++));
    if (used < weighFrom * this.#budget) {
      this.#weighing = false;
      this.#grown.clear();
      return undefined;
    }
    if (used < blameFrom * this.#budget) return undefined;
    const row = this.grower;
    const grown = this.#grown.get(row) ?? 0;
    return {
      row,
      text: `heap: expected at most ${mib(blameFrom * this.#budget)} MiB after a collection, was ${mib(used)} MiB; this version's callbacks took ${mib(grown)} MiB of it`,
    };
  }
}

function mib(bytes: number): string {
  return (bytes / mebibyte).toFixed(1);
}
