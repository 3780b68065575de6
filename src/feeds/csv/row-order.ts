import type { FaultCode } from './quarantine.ts';

export interface OrderFault {
  /** Index of the row. */
  readonly index: number;
  readonly code: Extract<FaultCode, 'OUT_OF_ORDER' | 'DUPLICATE'>;
  readonly text: string;
  /** A row before it has the same time. */
  readonly repeats: boolean;
}

/** Rows as they stand in the file. */
export interface OrderedRows {
  readonly count: number;
  /** Number of the line in the file. */
  row(index: number): number;
  time(index: number): number;
  timeText(index: number): string;
  isKept(index: number): boolean;
  /** Everything but the line is equal. */
  isSame(a: number, b: number): boolean;
}

/**
 * Rows that keep the times from rising strictly. Of equal rows the first stays; of rows with one time that differ none stays, because nobody knows which
 * is right. Of what is left as few rows as possible are named out of order: those outside the longest rising run.
 */
export function orderFaults(rows: OrderedRows): OrderFault[] {
  const indices: number[] = [];
  let rising = true;
  for (let i = 0, last = -Infinity; i < rows.count; i++) {
    if (!rows.isKept(i)) continue;
    if (!(rows.time(i) > last)) rising = false;
    last = rows.time(i);
    indices.push(i);
  }
  if (rising) return [];
  const faults = duplicateFaults(rows, indices);
  const duplicate = new Set(faults.map((fault) => fault.index));
  const single = indices.filter((index) => !duplicate.has(index));
  const inOrder = new Set(longestRising(single, (index) => rows.time(index)));
  for (const [place, index] of single.entries()) {
    if (inOrder.has(index)) continue;
    const before = single.slice(0, place).findLast((one) => inOrder.has(one));
    const after = single.slice(place + 1).find((one) => inOrder.has(one));
    const between = [
      before === undefined ? '' : `after ${rows.timeText(before)}`,
      after === undefined ? '' : `before ${rows.timeText(after)}`,
    ];
    const text = `expected a time ${between.filter((part) => part !== '').join(' and ')}, was ${rows.timeText(index)}`;
    faults.push({ index, code: 'OUT_OF_ORDER', text, repeats: false });
  }
  return faults;
}

function duplicateFaults(rows: OrderedRows, indices: readonly number[]): OrderFault[] {
  const byTime = [...indices].sort((a, b) => rows.time(a) - rows.time(b) || a - b);
  const faults: OrderFault[] = [];
  for (let from = 0, to = 0; from < byTime.length; from = to) {
    to = from + 1;
    while (to < byTime.length && rows.time(byTime[to]) === rows.time(byTime[from])) to++;
    if (to === from + 1) continue;
    const group = byTime.slice(from, to);
    const [first, ...rest] = group;
    const same = rest.every((index) => rows.isSame(first, index));
    const time = rows.timeText(first);
    const lines = group.map((index) => rows.row(index)).join(', ');
    const text = same ? `${time} stands in row ${rows.row(first)} already` : `rows ${lines} differ and all say ${time}`;
    for (const index of same ? rest : group) faults.push({ index, code: 'DUPLICATE', text, repeats: index !== first });
  }
  return faults;
}

/** Longest strictly rising subsequence (Fredman, 1975: patience sorting), in n log n. */
function longestRising(indices: readonly number[], key: (index: number) => number): number[] {
  /** By length of a run: place of its last element with the smallest key. */
  const ends: number[] = [];
  const before = new Int32Array(indices.length).fill(-1);
  for (let place = 0; place < indices.length; place++) {
    const k = key(indices[place]);
    let low = 0;
    let high = ends.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (key(indices[ends[middle]]) < k) low = middle + 1;
      else high = middle;
    }
    if (low > 0) before[place] = ends[low - 1];
    ends[low] = place;
  }
  const run: number[] = [];
  for (let place = ends.at(-1) ?? -1; place >= 0; place = before[place]) run.push(indices[place]);
  return run.reverse();
}
