/**
 * Finds positions of the log of executions by line and hash of their text: lines of seven places, one cache line each. A place holds a position and a
 * 12-bit mark of the hash; places of forgotten positions are used again. The eighth number of a line is the newest position that found no place in
 * it and went on to the next line; as long as that one is remembered, a search goes on too. So nothing is ever missed and nothing has to be removed.
 */
export interface ExecIndex {
  readonly lines: Float64Array;
  readonly lineMask: number;
}

const perLine = 8;
const overflow = 7;
const marks = 4_096;

/** @param capacity positions that are remembered at one time, a power of two of at least 16. */
export function createExecIndex(capacity: number): ExecIndex {
  const lines = capacity / 2;
  return { lines: new Float64Array(lines * perLine).fill(-1), lineMask: lines - 1 };
}

/** Enters a position in a line or behind it; what is below `tail` is forgotten. The same text has the same line and hash; lines are taken modulo their number. */
export function enter(index: ExecIndex, line: number, hash: number, position: number, tail: number): void {
  const { lines, lineMask } = index;
  const entry = position * marks + (hash & (marks - 1));
  const oldest = tail * marks;
  for (let at = line & lineMask; ; at = (at + 1) & lineMask) {
    const base = at * perLine;
    for (let i = base; i < base + overflow; i++) {
      if (lines[i] < oldest) {
        lines[i] = entry;
        return;
      }
    }
    lines[base + overflow] = position;
  }
}

/** The first place whose position is remembered and bears the mark of the hash; -1 = none. Places are numbered through all lines. */
export function firstPlace(index: ExecIndex, line: number, hash: number, tail: number): number {
  return nextPlace(index, (line & index.lineMask) * perLine, hash, tail);
}

/** The same from the place `from` on. */
export function nextPlace(index: ExecIndex, from: number, hash: number, tail: number): number {
  const { lines, lineMask } = index;
  const mark = hash & (marks - 1);
  const oldest = tail * marks;
  let place = from;
  for (;;) {
    const end = (place & -perLine) + overflow;
    for (; place < end; place++) {
      const entry = lines[place];
      if (entry >= oldest && (entry & (marks - 1)) === mark) return place;
    }
    if (lines[end] < tail) return -1;
    place = (((end + 1) / perLine) & lineMask) * perLine;
  }
}

export function positionAt(index: ExecIndex, place: number): number {
  return Math.floor(index.lines[place] / marks);
}
