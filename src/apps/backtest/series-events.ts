import { roundHalfEven } from '../../base/decimal.ts';
import { isoFromDay } from '../../base/time.ts';
import type { Adjustment, BarColumns } from '../../domain/bar-columns.ts';
import type { CorporateEvent } from '../../domain/corporate-event.ts';
import { midnightOf } from '../../base/zone.ts';
import { adjustedUnitsPerPrice } from '../../feeds/csv/adjust.ts';
import type { SeriesEvent } from '../../ports/backtest.ts';

/** Whether what happens to shares moves a holder's cash and lots, or is left out as the file's adjusted prices have it. */
export const eventModes = ['apply', 'ignore'] as const;
export type EventMode = (typeof eventModes)[number];

/** Sources with such events are US stocks. */
const zone = 'America/New_York';

/**
 * What prices of the adjustment do not have, for holders: nothing under `total`, dividends under `split`, dividends and splits under `none`; and every
 * ticker change. A dividend under `split` is that of an adjusted unit: cash / F(ex-date), F = the splits after it, half-even to 1e-6, as prices are.
 * @param splitFactorOn F(t) of the source's row of a day; undefined = it has no such row
 */
export function seriesEventsOf(
  events: readonly CorporateEvent[],
  adjust: Adjustment,
  { day, count }: Pick<BarColumns, 'day' | 'count'>,
  splitFactorOn: (day: number) => number | undefined,
): readonly SeriesEvent[] {
  const kept = adjust === 'total' || count === 0 ? [] : events.filter((event) => event.day > day[0] && event.day <= day[count - 1]);
  return kept.flatMap((event): readonly SeriesEvent[] => {
    const at = midnightOf(zone, event.day);
    const date = isoFromDay(event.day);
    switch (event.kind) {
      case 'tickerChange':
        return [{ kind: 'tickerChange', at, text: `${event.from} is ${event.to} from ${date}` }];
      case 'split': {
        const { numerator, denominator } = event;
        return adjust === 'none' ? [{ kind: 'split', at, numerator, denominator, text: `${numerator} for ${denominator} on ${date}` }] : [];
      }
      case 'dividend': {
        const units = adjust === 'none' ? 1 : (splitFactorOn(event.day) ?? laterSplits(events, event.day));
        const perLot = roundHalfEven((event.cash / units) * adjustedUnitsPerPrice);
        return perLot === 0 ? [] : [{ kind: 'dividend', at, perLot, text: `dividend of ${event.cash} on ${date}` }];
      }
    }
  });
}

/** Product of the splits after a day. */
function laterSplits(events: readonly CorporateEvent[], day: number): number {
  let product = 1;
  for (const event of events) if (event.kind === 'split' && event.day > day) product *= event.numerator / event.denominator;
  return product;
}
