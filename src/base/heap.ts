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

  function before(i: number, time: number, seq: number, came: number): boolean {
    if (times[i] !== time) return times[i] < time;
    if (seqs[i] !== seq) return seqs[i] < seq;
    return arrivals[i] < came;
  }

  function move(from: number, to: number): void {
    times[to] = times[from];
    seqs[to] = seqs[from];
    arrivals[to] = arrivals[from];
    items[to] = items[from];
  }

  function place(at: number, time: number, seq: number, came: number, item: T): void {
    times[at] = time;
    seqs[at] = seq;
    arrivals[at] = came;
    items[at] = item;
  }

  /** Where an entry that comes in at the end belongs, its later ancestors moved down. */
  function rise(end: number, time: number, seq: number, came: number): number {
    let hole = end;
    while (hole > 0) {
      const parent = (hole - 1) >> 1;
      if (before(parent, time, seq, came)) break;
      move(parent, hole);
      hole = parent;
    }
    return hole;
  }

  /** Where the last entry belongs once the first has gone, the earlier children moved up. */
  function sink(end: number, time: number, seq: number, came: number): number {
    let hole = 0;
    for (;;) {
      let child = 2 * hole + 1;
      if (child >= end) return hole;
      if (child + 1 < end && before(child + 1, times[child], seqs[child], arrivals[child])) child += 1;
      if (!before(child, time, seq, came)) return hole;
      move(child, hole);
      hole = child;
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
      arrivals.push(arrival);
      items.push(item);
      place(rise(times.length - 1, time, seq, arrival), time, seq, arrival, item);
      arrival += 1;
      return true;
    },
    pop() {
      if (times.length === 0) return undefined;
      const first = items[0];
      const end = times.length - 1;
      const hole = sink(end, times[end], seqs[end], arrivals[end]);
      move(end, hole);
      dropLast();
      return first;
    },
    peek: () => items[0],
    peekTime: () => (times.length === 0 ? Infinity : times[0]),
    size: () => times.length,
    clear() {
      while (times.length > 0) dropLast();
    },
    sorted() {
      const order = times.map((_, i) => i).sort((i, j) => (before(i, times[j], seqs[j], arrivals[j]) ? -1 : 1));
      return order.map((i) => ({ time: times[i], seq: seqs[i], item: items[i] }));
    },
  };
}
