import { isoFromDay } from '../../base/time.ts';
import type { BarRows } from '../csv/bar-rows.ts';

/** Adjusted closes over their closes move by dividends within these; a split that nobody accounts for moves them further. */
const leastMove = 0.8;
const mostMove = 1.25;

/** What rows say about holders, beside their prices. */
export interface HolderRows {
  /** Dividend of each row, currency units a share. */
  readonly cash: number[];
  /** Rows whose split coefficient cannot be read. */
  readonly unread: Set<number>;
}

/** What a date says about holders it says once, whatever becomes of its rows; where it is said in two ways nobody knows which is right. @returns rows that repeat it */
export function repeatedRows(rows: BarRows, { cash, unread }: HolderRows): readonly number[] {
  const firsts = new Map<number, number>();
  const repeated: number[] = [];
  for (let i = 0; i < rows.count; i++) {
    if (unread.has(i)) continue;
    const first = firsts.get(rows.day[i]);
    if (first === undefined) {
      firsts.set(rows.day[i], i);
      continue;
    }
    const both = `rows ${rows.row[first]} and ${rows.row[i]} say`;
    const date = isoFromDay(rows.day[i]);
    if (rows.split[first] !== rows.split[i])
      rows.quarantine.addFile('DUPLICATE', `${both} splits of ${rows.split[first]} and ${rows.split[i]} for ${date}`, rows.row[i]);
    if (cash[first] !== cash[i])
      rows.quarantine.addFile('DUPLICATE', `${both} dividends of ${cash[first]} and ${cash[i]} for ${date}`, rows.row[i]);
    repeated.push(i);
  }
  return repeated;
}

/** A coefficient that cannot be read, or whose place cannot be known, is harmless only where the adjusted closes around it show no split. */
export function refuseDoubtfulSplits(rows: BarRows, unread: ReadonlySet<number>): void {
  for (const i of unread) {
    const [before, after] = [nearestKept(rows, i, -1), nearestKept(rows, i, 1)];
    const ratio = before < 0 || after < 0 ? 1 : rows.total[after] / rows.total[before];
    if (isStill(ratio)) continue;
    rows.quarantine.addFile(
      'NOT_A_NUMBER',
      `the split coefficient cannot be read, and the adjusted closes around it differ by ${ratio}`,
      rows.row[i],
    );
  }
  if (!rows.quarantine.wholeFile) refuseMisplaced(rows);
  if (!rows.quarantine.wholeFile) refuseHidden(rows);
}

/** The split of a row that is left out stands where its date is, or on which side of the rows between is anybody's guess. */
function refuseMisplaced(rows: BarRows): void {
  for (let i = 0; i < rows.count; i++) {
    if (rows.kept[i] === 1 || rows.split[i] === 1) continue;
    const [before, after] = [nearestKept(rows, i, -1), nearestKept(rows, i, 1)];
    const [since, until] = [before < 0 ? -Infinity : rows.day[before], after < 0 ? Infinity : rows.day[after]];
    if (rows.day[i] > since && rows.day[i] <= until) continue;
    rows.quarantine.addFile('OUT_OF_ORDER', `a split of ${rows.split[i]} stands in a row out of order`, rows.row[i]);
  }
}

/** Between two rows that stand apart in the file lies what could not be read, perhaps a split. */
function refuseHidden(rows: BarRows): void {
  let before = -1;
  let said = 1;
  for (let i = 0; i < rows.count; i++) {
    said *= rows.split[i];
    if (rows.kept[i] === 0) continue;
    const ratio = before < 0 ? 1 : rows.total[i] / rows.total[before] / said;
    if (before >= 0 && rows.row[i] - rows.row[before] > 1 && !isStill(ratio)) {
      const text = `a row before it was left out whose split cannot be known, and the adjusted closes around it differ by ${Number(ratio.toPrecision(6))}`;
      rows.quarantine.addFile('NOT_A_NUMBER', text, rows.row[i]);
    }
    before = i;
    said = 1;
  }
}

function isStill(ratio: number): boolean {
  return ratio > leastMove && ratio < mostMove;
}

function nearestKept(rows: BarRows, from: number, step: 1 | -1): number {
  let i = from + step;
  while (i >= 0 && i < rows.count && rows.kept[i] === 0) i += step;
  return i < rows.count ? i : -1;
}
