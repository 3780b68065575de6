import type { Result } from '../../base/result.ts';
import { weekday } from '../../base/time.ts';
import type { Adjustment, BarColumns } from '../../domain/bar-columns.ts';
import type { BarSet } from '../../ports/backtest.ts';
import { loadDailyBars, type LoadedBars, type LoadRefusal } from '../columns/load-bars.ts';

export interface BarSetRequest {
  readonly folder: string;
  /** In the order of the universe; all of the folder, by code unit, when absent. */
  readonly instruments?: readonly string[];
  readonly adjust: Adjustment;
  readonly fromDay: number;
  readonly toDay: number;
}

/** Session days in a year: of exchanges that close at the weekend, and of those that never do. */
const sessionsPerYear = 252;
const daysPerYear = 365;
const saturday = 6;

/** Daily bars of a folder, as backtests take them: raw files of the S&P 500 or of LEAN, or imported columns. */
export async function loadBarSet(
  request: BarSetRequest,
): Promise<Result<{ readonly set: BarSet; readonly loaded: LoadedBars }, LoadRefusal>> {
  const { folder, instruments, ...rest } = request;
  const loaded = await loadDailyBars(folder, { ...rest, ...(instruments === undefined ? {} : { instruments }) });
  if (!loaded.ok) return loaded;
  const { bars, dataHash } = loaded.value;
  const byID = new Map(bars.map((one) => [one.instrumentID, one]));
  const inOrder = instruments?.map((id) => byID.get(id)).filter((one) => one !== undefined) ?? bars;
  const series = inOrder.map(({ instrumentID, time, open, high, low, close, volume, day }) => ({
    instrumentID,
    closeTime: time,
    open,
    high,
    low,
    close,
    volume,
    day,
  }));
  const set: BarSet = {
    series,
    dataHash,
    currency: 'USD',
    priceUnit: '0.000001',
    periodsPerYear: bars.some(tradesOnSaturdays) ? daysPerYear : sessionsPerYear,
  };
  return { ok: true, value: { set, loaded: loaded.value } };
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
