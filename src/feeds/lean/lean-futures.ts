import { MICROS_PER_DAY } from '../../base/time.ts';
import { micros } from '../../base/units.ts';
import type { RawBars } from '../../domain/bar-columns.ts';
import { calendarOf } from '../calendars/calendar.ts';
import { FieldCursor } from '../csv/field-cursor.ts';
import { joinBars } from '../csv/join-bars.ts';
import type { Quarantine } from '../csv/quarantine.ts';
import type { OpenInterest } from '../futures/roll-schedule.ts';
import { calendarRolls, openInterestRolls, type RollRule } from '../futures/roll-schedule.ts';
import { continuousBars, type RollAdjustment } from '../futures/continuous.ts';
import type { RawContent, RawSource, RawTable } from '../raw-source.ts';
import { expectFields, expectTime, readLeanArchive, readLeanBars } from './lean-bars.ts';
import { leanInstrument, type LeanFile } from './lean-file.ts';
import { startReader } from './lean-times.ts';

/** How contracts become one series. */
export interface RollTerms {
  readonly roll: RollRule;
  readonly adjust: RollAdjustment;
  /** Last session of the series, days since 1970-01-01: what is later adds no gap and cuts nothing; all there is when left out. */
  readonly untilDay?: number;
}

/** A file of a market with its root folder. */
export interface PlacedFile {
  readonly root: string;
  readonly file: LeanFile;
}

/** The continuous series of one root, from all its minute bars; depends on every archive of it. */
export function continuousSource(files: readonly PlacedFile[], terms: RollTerms): RawSource {
  const { roll, adjust } = terms;
  const { market, symbol } = files[0].file;
  const instrumentID = symbol.toUpperCase();
  const used = files.filter(({ file }) => file.content === 'trade' || (roll === 'open-interest' && file.content === 'openinterest'));
  return {
    kind: 'lean-future',
    source: `${market}/${instrumentID} continuous ${roll} ${adjust}`,
    files: used.map(({ root, file }) => `${root}${file.path}`),
    reader: 'lean-continuous-1',
    instrumentID,
    grain: 'intraday',
    continuous: true,
    read: () => readContinuous(used, instrumentID, terms),
  };
}

function readContinuous(files: readonly PlacedFile[], instrumentID: string, { roll, adjust, untilDay = Infinity }: RollTerms): RawContent {
  const { contracts, quarantines } = readContracts(files);
  const names = contracts.map((bars) => bars.instrumentID);
  const calendar = calendarOf(files[0].file.rules.calendar);
  const rolls =
    roll === 'calendar' ? calendarRolls(names, calendar) : openInterestRolls(names, readOpenInterest(files, quarantines), calendar);
  const known = contracts.map((bars) => barsUntilDay(bars, untilDay)).filter(({ count }) => count > 0);
  const made = continuousBars(known, rolls, instrumentID, adjust);
  const place = `${files[0].file.market}`;
  const tables: RawTable[] = [];
  if (made !== undefined) {
    tables.push({ kind: 'bars', path: `${place}/minute/${instrumentID}/continuous-${roll}-${adjust}`, bars: made.bars });
    tables.push({ kind: 'bars', path: `${place}/daily/${instrumentID}-continuous-${roll}-${adjust}`, bars: sessionBars(made.bars) });
  }
  const content = { tables, quarantines, events: [] };
  if (made === undefined) return { ...content, counts: {} };
  const rollsMade = { adjust, splices: made.splices, cut: made.cut };
  return { ...content, rolls: rollsMade, counts: { roll: made.splices.length, ...cutOf(made.cut.length) } };
}

function barsUntilDay(bars: RawBars, day: number): RawBars {
  const end = bars.day.findIndex((one) => one > day);
  if (end < 0) return bars;
  const cut = (column: Float64Array): Float64Array => column.subarray(0, end);
  const { open, high, low, close, volume, time } = bars;
  const prices = { open: cut(open), high: cut(high), low: cut(low), close: cut(close), volume: cut(volume), time: cut(time) };
  return { ...bars, ...prices, count: end, day: bars.day.subarray(0, end) };
}

function cutOf(cut: number): Record<string, number> {
  return cut === 0 ? {} : { unmeasuredRoll: cut };
}

/** Bars of every contract over all files, in order of time. */
export function readContracts(files: readonly PlacedFile[]): { readonly contracts: RawBars[]; readonly quarantines: Quarantine[] } {
  const parts = new Map<string, RawBars[]>();
  const quarantines: Quarantine[] = [];
  for (const { root, file } of files) {
    if (file.content !== 'trade' || file.resolution === 'tick') continue;
    for (const { content, quarantine } of readLeanBars(root, file)) {
      quarantines.push(quarantine);
      if (content !== undefined) parts.set(content.instrumentID, [...(parts.get(content.instrumentID) ?? []), content]);
    }
  }
  const contracts = [...parts.values()].map(joinBars).sort((a, b) => (a.instrumentID < b.instrumentID ? -1 : 1));
  return { contracts, quarantines };
}

/** Rows `milliseconds,contracts` of every contract. */
function readOpenInterest(files: readonly PlacedFile[], quarantines: Quarantine[]): OpenInterest[] {
  const found: OpenInterest[] = [];
  for (const { root, file } of files) {
    if (file.content !== 'openinterest') continue;
    const read = readLeanArchive(root, file, ({ name, bytes }, quarantine) => {
      const cursor = new FieldCursor(bytes);
      const start = startReader(file);
      while (cursor.next()) {
        if (!expectFields(cursor, 2, quarantine)) continue;
        const [time, qty] = [start(cursor), cursor.number(1)];
        if (!expectTime(cursor, time, quarantine)) continue;
        if (qty >= 0 && qty < Infinity) found.push({ instrumentID: leanInstrument(file, name), time, qty });
        else
          quarantine.addRow(
            cursor.row,
            qty < 0 ? 'NEGATIVE' : 'NOT_A_NUMBER',
            'open interest',
            `expected at least 0, was ${cursor.text(1)}`,
          );
      }
      return true;
    });
    quarantines.push(...read.map((one) => one.quarantine));
  }
  return found;
}

/** One bar for each session, closed with its last bar. */
export function sessionBars(bars: RawBars): RawBars {
  const firsts: number[] = [];
  for (let i = 0; i < bars.count; i++) if (i === 0 || bars.day[i] !== bars.day[i - 1]) firsts.push(i);
  const ends = [...firsts.slice(1), bars.count];
  const over = (pick: (from: number, end: number) => number) => Float64Array.from(firsts, (from, n) => pick(from, ends[n]));
  return {
    instrumentID: bars.instrumentID,
    interval: micros(MICROS_PER_DAY),
    count: firsts.length,
    day: Int32Array.from(firsts, (from) => bars.day[from]),
    time: over((_from, end) => bars.time[end - 1]),
    open: over((from) => bars.open[from]),
    high: over((from, end) => bars.high.subarray(from, end).reduce((a, b) => Math.max(a, b))),
    low: over((from, end) => bars.low.subarray(from, end).reduce((a, b) => Math.min(a, b))),
    close: over((_from, end) => bars.close[end - 1]),
    volume: over((from, end) => bars.volume.subarray(from, end).reduce((a, b) => a + b, 0)),
  };
}
