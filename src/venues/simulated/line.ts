import { timerHeap } from '../../base/heap.ts';

const firstPlaces = 64;

/**
 * Messages on their way, in the order of their arrival times. What is sent in order travels in a ring; what a fault delays travels beside it and may be
 * overtaken; at the same time it comes last.
 */
export class Line<T> {
  readonly #max: number;
  readonly #late;
  #items: (T | undefined)[] = new Array<T | undefined>(firstPlaces).fill(undefined);
  #dues = new Float64Array(firstPlaces);
  #mask = firstPlaces - 1;
  #head = 0;
  #count = 0;
  #last = -Infinity;

  constructor(max: number) {
    this.#max = max;
    this.#late = timerHeap<T>(max);
  }

  get size(): number {
    return this.#count + this.#late.size();
  }

  /** Due at `due`, or when the message before it is, if that is later. False when the line is full. */
  push(due: number, item: T): boolean {
    if (this.#count >= this.#max) return false;
    if (this.#count > this.#mask) this.#grow();
    const place = (this.#head + this.#count) & this.#mask;
    if (due > this.#last) this.#last = due;
    this.#items[place] = item;
    this.#dues[place] = this.#last;
    this.#count += 1;
    return true;
  }

  /** Due at `due`, whatever comes before or after it. False when the line is full. */
  pushLate(due: number, item: T): boolean {
    return this.#late.push(due, 0, item);
  }

  /** Infinity when nothing is on its way. */
  peekTime(): number {
    const first = this.#count > 0 ? this.#dues[this.#head] : Infinity;
    return this.#late.size() === 0 ? first : Math.min(first, this.#late.peekTime());
  }

  /** When the last message that travels in order arrives or arrived; -Infinity = none was sent. */
  lastTime(): number {
    return this.#last;
  }

  pop(): T | undefined {
    if (this.#late.size() > 0 && (this.#count === 0 || this.#late.peekTime() < this.#dues[this.#head])) return this.#late.pop();
    if (this.#count === 0) return undefined;
    const item = this.#items[this.#head];
    this.#items[this.#head] = undefined;
    this.#head = (this.#head + 1) & this.#mask;
    this.#count -= 1;
    return item;
  }

  #grow(): void {
    const size = this.#items.length * 2;
    const items = new Array<T | undefined>(size).fill(undefined);
    const dues = new Float64Array(size);
    for (let i = 0; i < this.#count; i++) {
      const from = (this.#head + i) & this.#mask;
      items[i] = this.#items[from];
      dues[i] = this.#dues[from];
    }
    this.#items = items;
    this.#dues = dues;
    this.#mask = size - 1;
    this.#head = 0;
  }
}
