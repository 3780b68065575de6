/** A queue of things due at a time, served by (time, seq); equal pairs leave in the order in which they came. */
export interface TimerHeap<T> {
  /** False, and nothing changed, when the heap holds its maximum already. */
  push(time: number, seq: number, item: T): boolean;
  pop(): T | undefined;
  peek(): T | undefined;
  /** Infinity when empty. */
  peekTime(): number;
  size(): number;
  clear(): void;
  /** All entries in the order in which they would leave, for snapshots and hashes. */
  sorted(): { readonly time: number; readonly seq: number; readonly item: T }[];
}

export const DEFAULT_MAX_TIMERS = 1 << 20;

/** Binary heap (Williams 1964) in parallel arrays; entries carry an arrival number, so that the order is total. */
export function timerHeap<T>(maxTimers: number = DEFAULT_MAX_TIMERS): TimerHeap<T> {
  const times: number[] = [];
  const seqs: number[] = [];
  const arrivals: number[] = [];
  const items: T[] = [];
  let arrival = 0;

  function before(i: number, j: number): boolean {
    if (times[i] !== times[j]) return times[i] < times[j];
    if (seqs[i] !== seqs[j]) return seqs[i] < seqs[j];
    return arrivals[i] < arrivals[j];
  }

  function swap(i: number, j: number): void {
    swapIn(times, i, j);
    swapIn(seqs, i, j);
    swapIn(arrivals, i, j);
    swapIn(items, i, j);
  }

  function rise(from: number): void {
    let i = from;
    while (i > 0) {
      const parent = (i - 1) >> 1;
      if (!before(i, parent)) return;
      swap(i, parent);
      i = parent;
    }
  }

  function sink(): void {
    let i = 0;
    for (;;) {
      const left = 2 * i + 1;
      if (left >= times.length) return;
      const child = left + 1 < times.length && before(left + 1, left) ? left + 1 : left;
      if (!before(child, i)) return;
      swap(child, i);
      i = child;
    }
  }

  function dropLast(): void {
    times.pop();
    seqs.pop();
    arrivals.pop();
    items.pop();
  }

  return {
    push(time, seq, item) {
      if (times.length >= maxTimers) return false;
      if (time !== time || seq !== seq) throw new RangeError(`timer heap: expected numbers, was ${time} and ${seq}`);
      times.push(time);
      seqs.push(seq);
      arrivals.push(arrival++);
      items.push(item);
      rise(times.length - 1);
      return true;
    },
    pop() {
      if (times.length === 0) return undefined;
      const item = items[0];
      swap(0, times.length - 1);
      dropLast();
      sink();
      return item;
    },
    peek: () => items[0],
    peekTime: () => (times.length === 0 ? Infinity : times[0]),
    size: () => times.length,
    clear() {
      while (times.length > 0) dropLast();
    },
    sorted() {
      const order = times.map((_, i) => i).sort((i, j) => (before(i, j) ? -1 : 1));
      return order.map((i) => ({ time: times[i], seq: seqs[i], item: items[i] }));
    },
  };
}

function swapIn<T>(list: T[], i: number, j: number): void {
  const kept = list[i];
  list[i] = list[j];
  list[j] = kept;
}
