import { createHash } from 'node:crypto';
import { formatDecimal } from '../../base/decimal.ts';
import { err, ok, type Result } from '../../base/result.ts';
import { isoFromMicros, MICROS_PER_DAY } from '../../base/time.ts';
import { microsUnchecked } from '../../base/units.ts';
import type { AssetClass } from '../../domain/instrument.ts';
import { fundingPlaces, type FundingRate, type FundingRates } from '../../feeds/csv/funding-csv.ts';
import type { BarSeries, BarSet, SeriesEvent } from '../../ports/backtest.ts';

/** Perpetuals pay every eight hours or oftener; where nothing is known for longer than this, somebody would hold for free. */
const longestGap = MICROS_PER_DAY;

/**
 * The set as perpetuals whose holders pay and get these rates: each from its first to its last bar, without a gap of more than a day. @returns a sentence for
 * what cannot be charged: nothing is left out silently
 */
export function withFunding(set: BarSet, rates: FundingRates): Result<BarSet, string> {
  const classOf = (one: BarSeries): AssetClass => one.assetClass ?? set.assetClass ?? 'equity';
  if (!set.series.some((one) => classOf(one) === 'spot')) {
    const [first] = set.series;
    const was = first === undefined ? 'none' : `${first.instrumentID} of class ${classOf(first)}`;
    return err(`funding: expected crypto pairs that are traded as perpetuals, was ${was}`);
  }
  const series: BarSeries[] = [];
  const hash = createHash('sha256').update(set.dataHash);
  for (const one of set.series) {
    if (classOf(one) !== 'spot') {
      series.push(one);
      continue;
    }
    const due = dueOf(one, rates.get(one.instrumentID) ?? []);
    if (!due.ok) return due;
    const events = [...(one.events ?? []), ...due.value].sort((a, b) => a.at - b.at);
    series.push({ ...one, events });
    hash.update(`\n${JSON.stringify([one.instrumentID, due.value])}`);
  }
  return ok({ ...set, series, dataHash: hash.digest('hex') });
}

/** The payments while the instrument has bars. */
function dueOf({ instrumentID, closeTime }: BarSeries, rates: readonly FundingRate[]): Result<readonly SeriesEvent[], string> {
  const [first, last] = [closeTime[0], closeTime[closeTime.length - 1]];
  const within = rates.filter(({ at }) => at > first && at <= last);
  let before = first;
  for (const at of [...within.map((one) => one.at), last]) {
    if (at - before > longestGap)
      return err(
        `funding: expected rates of ${instrumentID} at most a day apart from its first bar to its last, was nothing between ${dateOf(before)} and ${dateOf(at)}`,
      );
    before = at;
  }
  return ok(
    within.map(({ at, rate }) => ({
      kind: 'funding',
      at,
      rate,
      text: `funding of ${formatDecimal(rate, fundingPlaces)} at ${dateOf(at)}`,
    })),
  );
}

function dateOf(at: number): string {
  return isoFromMicros(microsUnchecked(at));
}
