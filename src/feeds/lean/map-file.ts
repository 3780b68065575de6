import { isoFromDay } from '../../base/time.ts';
import type { CorporateEvent } from '../../domain/corporate-event.ts';
import { compactDay } from '../csv/dates.ts';
import { FieldCursor } from '../csv/field-cursor.ts';
import { Quarantine } from '../csv/quarantine.ts';
import { readBounded } from '../csv/unpack.ts';

/** A ticker that a security traded under from `from` to `to`, both included. */
export interface TickerSpan {
  readonly ticker: string;
  readonly from: number;
  readonly to: number;
}

export interface MapFile {
  /** Rising, without gaps. */
  readonly spans: readonly TickerSpan[];
  readonly quarantine: Quarantine;
}

/** Most rows of one map file. */
const maxMapRows = 1_000;

/** Rows `yyyymmdd,ticker[,exchange]`: the first is the first day, each later one the last day of its ticker; 20501231 = still. */
export function readMapFile(path: string, name: string): MapFile {
  const quarantine = new Quarantine(name);
  const spans: TickerSpan[] = [];
  const cursor = new FieldCursor(readBounded(path, quarantine) ?? Buffer.alloc(0));
  let from = NaN;
  while (cursor.next() && !quarantine.wholeFile) {
    const day = compactDay(cursor, 0);
    const ticker = cursor.text(1);
    if (Number.isNaN(day)) quarantine.addFile('ROW_TIME', `expected yyyymmdd, was ${cursor.text(0)}`, cursor.row);
    else if (ticker === '') quarantine.addFile('ROW_FIELDS', 'expected a ticker', cursor.row);
    else if (day < from) quarantine.addFile('OUT_OF_ORDER', `expected ${isoFromDay(from)} or later, was ${isoFromDay(day)}`, cursor.row);
    else if (spans.length >= maxMapRows) quarantine.addFile('FILE_TOO_LARGE', `expected at most ${maxMapRows} rows`, cursor.row);
    else if (Number.isNaN(from)) from = day;
    else {
      if (day >= from) spans.push({ ticker, from, to: day });
      from = day + 1;
    }
  }
  return { spans: quarantine.wholeFile ? [] : spans, quarantine };
}

/** Ticker of a date; undefined before the listing and after the end. */
export function tickerAt(spans: readonly TickerSpan[], day: number): string | undefined {
  return spans.find((span) => day >= span.from && day <= span.to)?.ticker;
}

/** Changes of the ticker, on the first day of the new one; a span renewed under its old ticker is none. */
export function tickerEvents(spans: readonly TickerSpan[], nextSession: (day: number) => number): CorporateEvent[] {
  const events: CorporateEvent[] = [];
  for (let i = 0; i + 1 < spans.length; i++) {
    const [before, after] = [spans[i], spans[i + 1]];
    if (before.ticker === after.ticker) continue;
    events.push({ kind: 'tickerChange', day: nextSession(before.to), from: before.ticker.toUpperCase(), to: after.ticker.toUpperCase() });
  }
  return events;
}
