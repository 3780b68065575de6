/**
 * Finds positions of the log of executions by bucket and hash of their text: chains from newer to older entries. An entry is a position and a 12-bit mark of
 * the hash, so that others of a bucket are passed over without a look at the log. A chain ends where it reaches what is forgotten: nothing has to be removed.
 */
export interface ExecIndex {
  /** Newest entry of each bucket; -1 = none. */
  readonly heads: Float64Array;
  /** By position modulo the capacity: the entry that headed the bucket before. */
  readonly older: Float64Array;
  readonly mask: number;
}

const marks = 4_096;
const none = -1;

/** @param capacity positions that are remembered at one time, a power of two. */
export function createExecIndex(capacity: number): ExecIndex {
  return { heads: new Float64Array(capacity).fill(none), older: new Float64Array(capacity).fill(none), mask: capacity - 1 };
}

/** Enters the position that follows all others. Buckets are taken modulo their number. */
export function enter(index: ExecIndex, bucket: number, hash: number, position: number): void {
  const { heads, older, mask } = index;
  const head = bucket & mask;
  older[position & mask] = heads[head];
  heads[head] = position * marks + (hash & (marks - 1));
}

/** The newest entry of a bucket that bears the mark of the hash and is of a position from `tail` on; -1 = none. */
export function newestEntry(index: ExecIndex, bucket: number, hash: number, tail: number): number {
  const entry = index.heads[bucket & index.mask];
  return entry < tail * marks ? none : marked(index, entry, hash, tail);
}

/** The next older such entry. */
export function olderEntry(index: ExecIndex, entry: number, hash: number, tail: number): number {
  return marked(index, index.older[positionOf(entry) & index.mask], hash, tail);
}

export function positionOf(entry: number): number {
  return Math.floor(entry / marks);
}

function marked(index: ExecIndex, from: number, hash: number, tail: number): number {
  const mark = hash & (marks - 1);
  const oldest = tail * marks;
  let entry = from;
  while (entry >= oldest) {
    if ((entry & (marks - 1)) === mark) return entry;
    entry = index.older[positionOf(entry) & index.mask];
  }
  return none;
}
