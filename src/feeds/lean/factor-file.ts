import { isoFromDay } from '../../base/time.ts';
import type { CorporateEvent } from '../../domain/corporate-event.ts';
import { dividendEvent, simplestFraction } from '../corporate/corporate-event.ts';
import { compactDay } from '../csv/dates.ts';
import { FieldCursor } from '../csv/field-cursor.ts';
import { Quarantine } from '../csv/quarantine.ts';
import { readBounded } from '../csv/unpack.ts';

/** Factors that hold on a date and before it, back to the row before: adjusted price = raw * price factor * split factor. */
export interface FactorRow {
  readonly day: number;
  readonly priceFactor: number;
  readonly splitFactor: number;
  /** Raw close of the date; 0 = not given. */
  readonly reference: number;
}

/** Rows rise by day; the last holds to the end of time. */
export interface FactorFile {
  readonly rows: readonly FactorRow[];
  readonly quarantine: Quarantine;
}

/** Most rows of one factor file. */
const maxFactorRows = 10_000;
/** The files give seven decimals, so a ratio of two factors is off by at most two units of the seventh. */
const factorError = 2e-7;

/** Rows `yyyymmdd,price factor,split factor,reference price`; a file with a bad row is set aside whole, because each row changes all prices before it. */
export function readFactorFile(path: string, name: string): FactorFile {
  const quarantine = new Quarantine(name);
  const rows: FactorRow[] = [];
  const bytes = readBounded(path, quarantine);
  const cursor = new FieldCursor(bytes ?? Buffer.alloc(0));
  while (cursor.next() && !quarantine.wholeFile) {
    const row = { day: compactDay(cursor, 0), priceFactor: cursor.number(1), splitFactor: cursor.number(2), reference: cursor.number(3) };
    const { day, priceFactor, splitFactor, reference } = row;
    const rises = day > (rows.at(-1)?.day ?? -Infinity);
    if (Number.isNaN(day)) quarantine.addFile('ROW_TIME', `expected yyyymmdd, was ${cursor.text(0)}`, cursor.row);
    else if (!rises)
      quarantine.addFile('OUT_OF_ORDER', `expected a date after ${isoFromDay(rows.at(-1)?.day ?? 0)}, was ${isoFromDay(day)}`, cursor.row);
    else if (!(priceFactor > 0 && splitFactor > 0 && reference >= 0))
      quarantine.addFile('NOT_A_NUMBER', 'expected factors above 0 and a reference price', cursor.row);
    else if (rows.length >= maxFactorRows) quarantine.addFile('FILE_TOO_LARGE', `expected at most ${maxFactorRows} rows`, cursor.row);
    else rows.push(row);
  }
  return { rows: quarantine.wholeFile ? [] : rows, quarantine };
}

/** Row that holds on a date; undefined past the last. */
export function factorAt(rows: readonly FactorRow[], day: number): FactorRow | undefined {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (rows[middle].day < day) low = middle + 1;
    else high = middle;
  }
  return rows[low];
}

/** Splits and dividends between the rows; `nextSession` gives the ex-date: the first session after the last date with the right. */
export function factorEvents(rows: readonly FactorRow[], nextSession: (day: number) => number): CorporateEvent[] {
  const events: CorporateEvent[] = [];
  for (let i = 0; i + 1 < rows.length; i++) {
    const [last, next] = [rows[i], rows[i + 1]];
    const day = nextSession(last.day);
    if (last.splitFactor !== next.splitFactor)
      events.push({ kind: 'split', day, ...simplestFraction(next.splitFactor / last.splitFactor) });
    if (last.priceFactor !== next.priceFactor && last.reference > 0) events.push(dividendEvent(day, dividendOf(last, next)));
  }
  return events;
}

/** Cash a share: reference * (1 - ratio of the price factors), as the shortest decimal that the precision of the factors allows. */
function dividendOf(last: FactorRow, next: FactorRow): number {
  const cash = last.reference * (1 - last.priceFactor / next.priceFactor);
  const error = last.reference * factorError;
  for (const unit of [100, 1_000, 10_000, 100_000]) {
    const rounded = Math.round(cash * unit) / unit;
    if (Math.abs(rounded - cash) <= error) return rounded;
  }
  return cash;
}
