import { existsSync } from 'node:fs';
import { isoFromDay } from '../../base/time.ts';
import type { BarSet } from '../../ports/backtest.ts';
import { loadBarSet, loadRefusalText, type LoadedSet } from '../backtest/load-bar-set.ts';
import { withRates } from '../backtest/load-rates.ts';
import { exitCodes, Refusal } from '../desk/exit-codes.ts';
import type { MarketOptions } from './market-options.ts';

type DataOptions = Pick<
  MarketOptions,
  | 'data'
  | 'instruments'
  | 'adjust'
  | 'events'
  | 'from'
  | 'to'
  | 'interval'
  | 'roll'
  | 'rollAdjust'
  | 'participation'
  | 'baseCurrency'
  | 'fxRates'
  | 'fxInterval'
  | 'fxMaxAge'
>;

/** The bars that the options name. @throws Refusal where a run cannot be made of them */
export async function loadMarket(options: DataOptions): Promise<LoadedSet> {
  const { data, instruments, adjust, events, from, to, interval, roll, rollAdjust, participation } = options;
  if (from > to) throw new Refusal(exitCodes.usage, `from: expected a date up to ${isoFromDay(to)}, was ${isoFromDay(from)}`);
  if (!existsSync(data)) throw new Refusal(exitCodes.refused, `data: expected a directory, was ${data}, which is not there`);
  const loaded = await loadBarSet({
    folder: data,
    adjust,
    events,
    fromDay: from,
    toDay: to,
    interval,
    ...(roll === undefined ? {} : { rolled: { roll, adjust: rollAdjust, untilDay: to } }),
    ...(instruments === 'all' ? {} : { instruments }),
    ...(options.baseCurrency === undefined ? {} : { base: options.baseCurrency }),
  });
  if (!loaded.ok) throw new Refusal(exitCodes.refused, loadRefusalText(data, loaded.error));
  const [quoted] = loaded.value.withoutVolume;
  if (quoted !== undefined && participation !== 'unlimited')
    throw new Refusal(
      exitCodes.refused,
      `participation: the bars of ${quoted} are the middle of quotes and have no volume: expected --participation unlimited, was ${participation / 100} %`,
    );
  const { notBooked } = loaded.value;
  if (notBooked > 0)
    process.stderr.write(
      `note: ${notBooked} splits and dividends of these dates are not in the prices (--adjust ${adjust}) and are not booked; --events apply books them\n`,
    );
  return { ...loaded.value, set: await convertible(loaded.value.set, options) };
}

/** With the rates that a set of several currencies needs. @throws Refusal where they are not there */
async function convertible(set: BarSet, { data, from, to, fxRates, fxInterval, fxMaxAge }: DataOptions): Promise<BarSet> {
  const dates = { fromDay: from, toDay: to };
  const pairs = fxRates === undefined ? {} : { pairs: fxRates };
  const converted = await withRates(set, { folder: data, ...dates, ...pairs, interval: fxInterval, maxAge: fxMaxAge });
  if (!converted.ok) throw new Refusal(exitCodes.refused, converted.error);
  return converted.value;
}
