import { isoFromDay, isoFromMicros, MICROS_PER_DAY } from '../../base/time.ts';
import { micros, microsUnchecked } from '../../base/units.ts';
import type { RawBars } from '../../domain/bar-columns.ts';
import { barFault } from './bar-rules.ts';
import type { FaultCode, Quarantine, ZeroVolume } from './quarantine.ts';
import { orderFaults } from './row-order.ts';
import { scaleFaults } from './scale-break.ts';

/** Most rows of one file. */
export const maxRows = 20_000_000;
/** Rows further apart than this are no neighbours: prices may have gone anywhere meanwhile. Days, of daily and of shorter bars. */
const farDays = 45;
const farIntradayDays = 5;

const first = 4_096;

/** Rows of one instrument as they are read, good and bad; what is bad is named at once and left out at the end. */
export class BarRows {
  readonly quarantine: Quarantine;
  /** Length of a bar, microseconds. */
  readonly interval: number;
  /** none: the source has no volume, 0 is no fault then. */
  readonly zeroVolume: ZeroVolume | 'none';
  count = 0;
  row = new Int32Array(first);
  day = new Int32Array(first);
  time = new Float64Array(first);
  open = new Float64Array(first);
  high = new Float64Array(first);
  low = new Float64Array(first);
  close = new Float64Array(first);
  volume = new Float64Array(first);
  /** Adjusted close / close. */
  total = new Float64Array(first);
  split = new Float64Array(first);
  kept = new Uint8Array(first);

  constructor(quarantine: Quarantine, interval: number, zeroVolume: ZeroVolume | 'none' = 'untraded') {
    this.quarantine = quarantine;
    this.interval = interval;
    this.zeroVolume = zeroVolume;
  }

  /** Takes a row with its session's date and the time of its close. @returns its index. */
  add(row: number, day: number, time: number, open: number, high: number, low: number, close: number, volume: number): number {
    if (this.count >= maxRows) {
      if (!this.quarantine.wholeFile) this.quarantine.addFile('FILE_TOO_LARGE', `expected at most ${maxRows} rows`, row);
      return this.count - 1;
    }
    if (this.count === this.row.length) this.#grow();
    const i = this.count++;
    this.row[i] = row;
    this.day[i] = day;
    this.time[i] = time;
    this.open[i] = open;
    this.high[i] = high;
    this.low[i] = low;
    this.close[i] = close;
    this.volume[i] = volume;
    this.total[i] = 1;
    this.split[i] = 1;
    this.kept[i] = 1;
    const fault = barFault(open, high, low, close, this.zeroVolume === 'none' ? undefined : volume);
    if (fault === undefined) return i;
    if (fault.code === 'ZERO_VOLUME' && this.zeroVolume === 'untraded')
      this.quarantine.addUntraded(row, fault.code, fault.field, fault.text);
    else this.drop(i, fault.code, fault.field, fault.text);
    return i;
  }

  /** Sets a row aside, once. */
  drop(i: number, code: FaultCode, field: string, text: string): void {
    if (this.kept[i] === 0) return;
    this.kept[i] = 0;
    this.quarantine.addRow(this.row[i], code, field, text);
  }

  get isDaily(): boolean {
    return this.interval >= MICROS_PER_DAY;
  }

  timeText(i: number): string {
    return this.isDaily ? isoFromDay(this.day[i]) : isoFromMicros(microsUnchecked(this.time[i]));
  }

  #grow(): void {
    const size = this.row.length * 2;
    const ints = (old: Int32Array<ArrayBuffer>) => grown(new Int32Array(size), old);
    const doubles = (old: Float64Array<ArrayBuffer>) => grown(new Float64Array(size), old);
    this.row = ints(this.row);
    this.day = ints(this.day);
    this.time = doubles(this.time);
    this.open = doubles(this.open);
    this.high = doubles(this.high);
    this.low = doubles(this.low);
    this.close = doubles(this.close);
    this.volume = doubles(this.volume);
    this.total = doubles(this.total);
    this.split = doubles(this.split);
    this.kept = grown(new Uint8Array(size), this.kept);
  }
}

function grown<T extends Int32Array | Float64Array | Uint8Array>(to: T, from: T): T {
  to.set(from);
  return to;
}

export interface BarSubject {
  readonly instrumentID: string;
  /** The source has adjusted closes, split coefficients. */
  readonly hasTotal: boolean;
  readonly hasSplits: boolean;
  /** Hears that disorder is dropped, before prices are compared with those around them. */
  isOrdered?(): void;
  /** Whether two rows of one time say the same; absent = all columns are equal. */
  isSame?(a: number, b: number): boolean;
}

/** Checks the rows against each other and leaves out what is bad; undefined when the file is set aside whole or nothing is left. */
export function finishBars(rows: BarRows, subject: BarSubject): RawBars | undefined {
  dropDisorder(rows, subject);
  subject.isOrdered?.();
  dropBreaks(rows, subject.hasTotal);
  return rows.quarantine.wholeFile ? undefined : compact(rows, subject);
}

function dropDisorder(rows: BarRows, subject: BarSubject): void {
  const { isDaily, day, time } = rows;
  const columns = [rows.open, rows.high, rows.low, rows.close, rows.volume, rows.total, rows.split];
  const faults = orderFaults({
    count: rows.count,
    row: (i) => rows.row[i],
    time: (i) => (isDaily ? day[i] : time[i]),
    timeText: (i) => rows.timeText(i),
    isKept: (i) => rows.kept[i] === 1,
    isSame: (a, b) => subject.isSame?.(a, b) ?? columns.every((column) => column[a] === column[b]),
  });
  for (const { index, code, text, repeats } of faults) {
    rows.drop(index, code, isDaily ? 'date' : 'time', text);
    // said twice is not split twice
    if (repeats) rows.split[index] = 1;
  }
}

function dropBreaks(rows: BarRows, hasTotal: boolean): void {
  const kept: number[] = [];
  /** Product of the coefficients of the rows left out before. */
  const split: number[] = [];
  let carried = 1;
  for (let i = 0; i < rows.count; i++) {
    carried *= rows.split[i];
    if (rows.kept[i] === 0) continue;
    kept.push(i);
    split.push(carried);
    carried = 1;
  }
  const far = rows.isDaily ? farDays : farIntradayDays;
  const isFarFromBefore = (i: number) => rows.day[kept[i]] - rows.day[kept[i - 1]] > far;
  const scaleRows = { count: kept.length, isFarFromBefore, close: (i: number) => rows.close[kept[i]], split: (i: number) => split[i] };
  for (const { index, exponent, expected } of scaleFaults(scaleRows)) {
    const i = kept[index];
    rows.drop(
      i,
      'WRONG_SCALE',
      'close',
      `expected about ${expected} as its neighbors, was ${rows.close[i]} (10^${exponent} times, and no split says so)`,
    );
  }
  if (!hasTotal) return;
  // a factor falls by the split coefficient when its row comes
  const factors = { ...scaleRows, close: (i: number) => rows.total[kept[i]], split: (i: number) => 1 / split[i] };
  for (const { index, expected } of scaleFaults(factors)) {
    const i = kept[index];
    rows.drop(i, 'WRONG_SCALE', 'adjusted_close', `expected a factor to the close of about ${expected}, was ${rows.total[i]}`);
  }
}

/** What is left, with F(t): the product of all coefficients dated after a row, from the last row back, those of rows left out as well. */
function compact(rows: BarRows, { instrumentID, hasTotal, hasSplits }: BarSubject): RawBars | undefined {
  let count = 0;
  for (let i = 0; i < rows.count; i++) count += rows.kept[i];
  if (count === 0) {
    rows.quarantine.addFile('FILE_EMPTY', `expected at least one good row, was none of ${rows.count}`);
    return undefined;
  }
  const column = (from: Float64Array) => picked(from, rows, new Float64Array(count));
  const bars: RawBars = {
    instrumentID,
    interval: micros(rows.interval),
    count,
    day: picked(rows.day, rows, new Int32Array(count)),
    time: column(rows.time),
    open: column(rows.open),
    high: column(rows.high),
    low: column(rows.low),
    close: column(rows.close),
    volume: column(rows.volume),
  };
  return {
    ...bars,
    ...(hasTotal ? { totalFactor: column(rows.total) } : {}),
    ...(hasSplits ? { splitFactor: column(splitFactors(rows)) } : {}),
  };
}

function picked<T extends Int32Array | Float64Array>(from: T, rows: BarRows, to: T): T {
  for (let i = 0, n = 0; i < rows.count; i++) if (rows.kept[i] === 1) to[n++] = from[i];
  return to;
}

function splitFactors(rows: BarRows): Float64Array {
  const factors = new Float64Array(rows.count);
  let later = 1;
  for (let i = rows.count - 1; i >= 0; i--) {
    factors[i] = later;
    later *= rows.split[i];
  }
  return factors;
}
