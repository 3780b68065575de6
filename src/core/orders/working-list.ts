/**
 * Slots of the pool in order of entry, one list for each key (row, or 0 for all): doubly linked through two flat arrays, so that walking,
 * entering and leaving allocate nothing.
 */
export interface WorkingList {
  readonly head: Int32Array;
  readonly tail: Int32Array;
  readonly size: Int32Array;
  readonly next: Int32Array;
  readonly prev: Int32Array;
}

/** End of a list. */
export const none = -1;

export function createWorkingList(keys: number, slots: number): WorkingList {
  return {
    head: new Int32Array(keys).fill(none),
    tail: new Int32Array(keys).fill(none),
    size: new Int32Array(keys),
    next: new Int32Array(slots).fill(none),
    prev: new Int32Array(slots).fill(none),
  };
}

export function append(list: WorkingList, key: number, slot: number): void {
  const last = list.tail[key];
  list.prev[slot] = last;
  list.next[slot] = none;
  if (last === none) list.head[key] = slot;
  else list.next[last] = slot;
  list.tail[key] = slot;
  list.size[key] += 1;
}

export function remove(list: WorkingList, key: number, slot: number): void {
  const before = list.prev[slot];
  const after = list.next[slot];
  if (before === none) list.head[key] = after;
  else list.next[before] = after;
  if (after === none) list.tail[key] = before;
  else list.prev[after] = before;
  list.next[slot] = none;
  list.prev[slot] = none;
  list.size[key] -= 1;
}

/** Puts `incoming` where `outgoing` stands. */
export function supplant(list: WorkingList, key: number, outgoing: number, incoming: number): void {
  const before = list.prev[outgoing];
  const after = list.next[outgoing];
  list.prev[incoming] = before;
  list.next[incoming] = after;
  if (before === none) list.head[key] = incoming;
  else list.next[before] = incoming;
  if (after === none) list.tail[key] = incoming;
  else list.prev[after] = incoming;
  list.next[outgoing] = none;
  list.prev[outgoing] = none;
}
