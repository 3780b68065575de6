import { createHash } from 'node:crypto';
import type { Result } from '../../base/result.ts';
import { weekday } from '../../base/time.ts';
import type { Adjustment, BarColumns } from '../../domain/bar-columns.ts';
import type { BarSeries, BarSet, SeriesEvent } from '../../ports/backtest.ts';
import { loadDailyBars, type LoadedBars, type LoadRefusal } from '../columns/load-bars.ts';
import { seriesEventsOf, type EventMode } from './series-events.ts';

export interface BarSetRequest {
  readonly folder: string;
  /** In the order of the universe; all of the folder, by code unit, when absent. */
  readonly instruments?: readonly string[];
  readonly adjust: Adjustment;
  readonly fromDay: number;
  readonly toDay: number;
  /** Of splits and dividends that the prices do not have; `apply` when left out. */
  readonly events?: EventMode;
}

/** Session days in a year: of exchanges that close at the weekend, and of those that never do. */
const sessionsPerYear = 252;
const daysPerYear = 365;
const saturday = 6;

/** Daily bars of a folder, as backtests take them: raw files of the S&P 500 or of LEAN, or imported columns. */
export async function loadBarSet(
  request: BarSetRequest,
): Promise<Result<{ readonly set: BarSet; readonly loaded: LoadedBars }, LoadRefusal>> {
  const { folder, instruments, events = 'apply', ...rest } = request;
  const loaded = await loadDailyBars(folder, { ...rest, ...(instruments === undefined ? {} : { instruments }) });
  if (!loaded.ok) return loaded;
  const { bars, dataHash } = loaded.value;
  const all = bars.map((one, n) => seriesOf(one, events === 'apply' ? eventsOf(loaded.value, n, rest.adjust) : []));
  const byID = new Map(all.map((one) => [one.instrumentID, one]));
  const series = instruments?.map((id) => byID.get(id)).filter((one) => one !== undefined) ?? all;
  const set: BarSet = {
    series,
    dataHash: withEvents(dataHash, all),
    currency: 'USD',
    priceUnit: '0.000001',
    periodsPerYear: bars.some(tradesOnSaturdays) ? daysPerYear : sessionsPerYear,
  };
  return { ok: true, value: { set, loaded: loaded.value } };
}

function eventsOf({ bars, events, splitFactorOn }: LoadedBars, n: number, adjust: Adjustment): readonly SeriesEvent[] {
  return seriesEventsOf(events[n], adjust, bars[n], splitFactorOn[n]);
}

function seriesOf({ instrumentID, time, open, high, low, close, volume, day }: BarColumns, events: readonly SeriesEvent[]): BarSeries {
  return { instrumentID, closeTime: time, open, high, low, close, volume, day, ...(events.length === 0 ? {} : { events }) };
}

/** What moves a holder's cash and shares is data as the bars are. */
function withEvents(dataHash: string, all: readonly BarSeries[]): string {
  if (all.every(({ events }) => events === undefined)) return dataHash;
  const hash = createHash('sha256').update(dataHash);
  for (const { instrumentID, events = [] } of all) hash.update(`\n${JSON.stringify([instrumentID, events])}`);
  return hash.digest('hex');
}

function tradesOnSaturdays({ day }: BarColumns): boolean {
  return day.some((one) => weekday(one) === saturday);
}

/** Why the bars could not be loaded, as one sentence. */
export function loadRefusalText(folder: string, refusal: LoadRefusal): string {
  switch (refusal.code) {
    case 'INSTRUMENT_ABSENT':
      return `${folder}: ${refusal.text}`;
    case 'INSTRUMENT_AMBIGUOUS':
      return `${folder}: expected one place with daily bars of ${refusal.instrumentID}, were ${refusal.places.join(', ')}`;
    case 'INSTRUMENT_SET_ASIDE':
      return `${folder}: nothing of ${refusal.instrumentID} can be used: ${refusal.faults.slice(0, 3).join('; ')}`;
    case 'TABLE_UNREADABLE':
      return `${folder}: ${refusal.path}: ${refusal.text}`;
    default:
      return `${folder}: ${'text' in refusal ? refusal.text : refusal.code}`;
  }
}
