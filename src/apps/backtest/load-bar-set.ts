import { createHash } from 'node:crypto';
import { err, ok, type Result } from '../../base/result.ts';
import { MICROS_PER_DAY, weekday } from '../../base/time.ts';
import type { Adjustment, BarColumns } from '../../domain/bar-columns.ts';
import type { RollTerms } from '../../feeds/lean/lean-futures.ts';
import type { BarSeries, BarSet, SeriesEvent } from '../../ports/backtest.ts';
import { loadBars, type LoadedBars, type LoadRefusal } from '../columns/load-bars.ts';
import { marketTermsOf, type MarketTerms } from './market-terms.ts';
import { rollEventsOf } from './roll-events.ts';
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
  /** Length of a bar, microseconds; a day when left out. */
  readonly interval?: number;
  /** Raw archives of futures as continuous series. */
  readonly rolled?: RollTerms;
  /** Currency of the run; that of the instruments when left out, where they have one. */
  readonly base?: string;
}

/** Why a folder's bars cannot be run; `MARKET`: they are there, but one run cannot be made of them. */
export type BarSetRefusal = LoadRefusal | { readonly code: 'MARKET'; readonly text: string };

export interface LoadedSet {
  readonly set: BarSet;
  readonly loaded: LoadedBars;
  /** Instruments whose bars are the middle of quotes and have no volume. */
  readonly withoutVolume: readonly string[];
  /** Splits and dividends in the time of the bars that their prices do not have and no holder gets, since `events` is `ignore`. */
  readonly notBooked: number;
}

/** Session days in a year: of exchanges that close at the weekend, and of those that never do. */
const sessionsPerYear = 252;
const daysPerYear = 365;
const saturday = 6;

/** Bars of a folder, as backtests take them: raw files of the S&P 500 or of LEAN, or imported columns. */
export async function loadBarSet(request: BarSetRequest): Promise<Result<LoadedSet, BarSetRefusal>> {
  const { folder, instruments, events = 'ignore', base, ...rest } = request;
  const loaded = await loadBars(folder, { ...rest, ...(instruments === undefined ? {} : { instruments }) });
  if (!loaded.ok) return loaded;
  const { bars, dataHash, places, quoted } = loaded.value;
  const markets = bars.map(({ instrumentID }, n) => marketTermsOf(instrumentID, places[n], loaded.value.rolls[n] !== undefined));
  const known = knownTerms(markets);
  if (!known.ok) return err({ code: 'MARKET', text: known.error });
  const run = currencyOfRun(bars, known.value, base);
  if (!run.ok) return err({ code: 'MARKET', text: run.error });
  const [currency, oneClass] = [run.value, oneOf(known.value.map(({ assetClass }) => assetClass))];
  const all: BarSeries[] = [];
  let notBooked = 0;
  for (const [n, columns] of bars.entries()) {
    const rolls = rollEventsOf(columns, loaded.value.rolls[n]);
    if (!rolls.ok) return err({ code: 'MARKET', text: rolls.error });
    const missing = eventsOf(loaded.value, n, rest.adjust);
    if (events === 'ignore') notBooked += missing.filter(({ kind }) => kind !== 'tickerChange').length;
    const own = [...(events === 'apply' ? missing : []), ...rolls.value];
    const { multiplier, currency: quote, assetClass } = known.value[n];
    const apart = { ...(quote === currency ? {} : { currency: quote }), ...(oneClass === undefined ? { assetClass } : {}) };
    all.push({ ...seriesOf(columns, own, multiplier), ...apart });
  }
  const byID = new Map(all.map((series) => [series.instrumentID, series]));
  const series = instruments?.map((id) => byID.get(id)).filter((found) => found !== undefined) ?? all;
  const set: BarSet = {
    series,
    dataHash: withEvents(dataHash, all),
    currency,
    priceUnit: '0.000001',
    ...(oneClass === undefined || oneClass === 'equity' ? {} : { assetClass: oneClass }),
    ...((rest.interval ?? MICROS_PER_DAY) < MICROS_PER_DAY ? { intraday: true } : {}),
    periodsPerYear: bars.some(tradesOnSaturdays) ? daysPerYear : sessionsPerYear,
  };
  const withoutVolume = bars.filter((_, n) => quoted[n]).map(({ instrumentID }) => instrumentID);
  return ok({ set, loaded: loaded.value, withoutVolume, notBooked });
}

function knownTerms(markets: readonly Result<MarketTerms, string>[]): Result<readonly MarketTerms[], string> {
  const terms: MarketTerms[] = [];
  for (const market of markets) {
    if (!market.ok) return market;
    terms.push(market.value);
  }
  return ok(terms);
}

/** What the run counts in: what was asked for, else the one currency of its instruments. */
function currencyOfRun(bars: readonly BarColumns[], terms: readonly MarketTerms[], base: string | undefined): Result<string, string> {
  if (base !== undefined || terms.length === 0) return ok(base ?? 'USD');
  const common = oneOf(terms.map(({ currency }) => currency));
  if (common !== undefined) return ok(common);
  const other = terms.findIndex(({ currency }) => currency !== terms[0].currency);
  const [one, two] = [0, other].map((n) => ({ id: bars[n].instrumentID, currency: terms[n].currency }));
  return err(
    `${one.id} is quoted in ${one.currency}, ${two.id} in ${two.currency}: expected --base-currency, the one that the run counts in, was none`,
  );
}

/** What all are; undefined = they differ. */
function oneOf<T>(all: readonly T[]): T | undefined {
  return all.every((one) => one === all[0]) ? all[0] : undefined;
}

function eventsOf({ bars, events, splitFactorOn }: LoadedBars, n: number, adjust: Adjustment): readonly SeriesEvent[] {
  return seriesEventsOf(events[n], adjust, bars[n], splitFactorOn[n]);
}

function seriesOf(
  { instrumentID, time, open, high, low, close, volume, day }: BarColumns,
  events: readonly SeriesEvent[],
  multiplier: string,
): BarSeries {
  const more = { ...(events.length === 0 ? {} : { events }), ...(multiplier === '1' ? {} : { multiplier }) };
  return { instrumentID, closeTime: time, open, high, low, close, volume, day, ...more };
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
export function loadRefusalText(folder: string, refusal: BarSetRefusal): string {
  switch (refusal.code) {
    case 'INSTRUMENT_ABSENT':
      return `${folder}: ${refusal.text}`;
    case 'INSTRUMENT_AMBIGUOUS':
      return `${folder}: expected one place with such bars of ${refusal.instrumentID}, were ${refusal.places.join(', ')}`;
    case 'INSTRUMENT_SET_ASIDE':
      return `${folder}: nothing of ${refusal.instrumentID} can be used${refusal.faults.length === 0 ? '' : `: ${refusal.faults.slice(0, 3).join('; ')}`}`;
    case 'TABLE_UNREADABLE':
      return `${folder}: ${refusal.path}: ${refusal.text}`;
    default:
      return `${folder}: ${'text' in refusal ? refusal.text : refusal.code}`;
  }
}
