import { createHash } from 'node:crypto';
import { err, ok, type Result } from '../../base/result.ts';
import { suggest } from '../../base/suggest.ts';
import { MICROS_PER_DAY } from '../../base/time.ts';
import type { BarSet, RateSeries } from '../../ports/backtest.ts';
import { currenciesOf } from './bar-market.ts';
import { loadBarSet, loadRefusalText } from './load-bar-set.ts';
import { pairOf } from './market-terms.ts';
import { foreignCurrencies, noWayText, rateWay } from './required-rates.ts';

export interface RatesRequest {
  readonly folder: string;
  /** Pairs of the folder by name; left out: those among the instruments of the run. */
  readonly pairs?: readonly string[];
  /** Length of the bars whose closes are the rates, microseconds. */
  readonly interval: number;
  /** Session dates of the run, days since 1970-01-01, both included. */
  readonly fromDay: number;
  readonly toDay: number;
  /** Days. */
  readonly maxAge: number;
}

/** Days before the first bar in which its rate may lie, beside those that it may be old. */
const daysBefore = 3;

/**
 * A set of several currencies with the closes that convert them, from the same folder. The digest of its data covers its currencies and rates.
 * @returns a sentence for what cannot be converted
 */
export async function withRates(set: BarSet, request: RatesRequest): Promise<Result<BarSet, string>> {
  const foreign = foreignCurrencies(set);
  if (foreign.size === 0)
    return request.pairs === undefined
      ? ok(set)
      : err(`fx-rates: everything is quoted in ${set.currency}, which the run counts in: nothing is to be converted`);
  const named = request.pairs ?? set.series.map(({ instrumentID }) => instrumentID).filter((id) => pairOf(id) !== undefined);
  const chosen = chosenPairs(set, named, request.pairs !== undefined);
  if (!chosen.ok) return chosen;
  const rates: RateSeries[] = [];
  for (const rateID of chosen.value) {
    const rate = await loadRate(rateID, request);
    if (!rate.ok) return rate;
    rates.push(rate.value);
  }
  const conversion = { rates, maxAge: request.maxAge * MICROS_PER_DAY };
  return ok({ ...set, conversion, dataHash: digestOf(set, rates) });
}

/** The named pairs that lead somewhere; one that was asked for and leads nowhere is refused. */
function chosenPairs(set: BarSet, named: readonly string[], asked: boolean): Result<readonly string[], string> {
  const known: RateSeries[] = [];
  for (const rateID of named) {
    const pair = pairOf(rateID);
    if (pair === undefined) return err(`fx-rates: expected pairs of currencies such as EURUSD, was ${rateID}`);
    known.push({ rateID, ...pair, time: new Float64Array(0), rate: new Float64Array(0) });
  }
  const currencies = currenciesOf({ ...set, conversion: { rates: known, maxAge: 0 } });
  const used = new Set<string>();
  for (const [quote, { instrumentID }] of foreignCurrencies(set)) {
    const way = rateWay(known, currencies, quote, set.currency);
    if (way.length === 0) {
      const quotes = [...new Set(set.series.map(({ currency = set.currency }) => currency))].filter((code) => code !== set.currency);
      const was = named.length === 0 ? 'was none' : `were ${named.join(', ')}`;
      const meant = suggest(set.currency, quotes);
      return err(
        `fx-rates: ${noWayText(instrumentID, quote, set.currency)}, ${was}${meant === '' ? '' : `; base currency ${set.currency}${meant}`}`,
      );
    }
    for (const { rateID } of way) used.add(rateID);
  }
  const idle = named.find((rateID) => !used.has(rateID));
  if (asked && idle !== undefined)
    return err(
      `fx-rates: ${idle} converts nothing of ${[...foreignCurrencies(set).keys()].join(', ')} into ${set.currency}: expected only rates that do`,
    );
  return ok(named.filter((rateID) => used.has(rateID)));
}

async function loadRate(rateID: string, { folder, interval, fromDay, toDay, maxAge }: RatesRequest): Promise<Result<RateSeries, string>> {
  const loaded = await loadBarSet({
    folder,
    instruments: [rateID],
    adjust: 'none',
    fromDay: fromDay - Math.ceil(maxAge) - daysBefore,
    toDay,
    interval,
  });
  if (!loaded.ok) return err(`fx-rates: ${loadRefusalText(folder, loaded.error)}`);
  const [{ closeTime, close, assetClass = loaded.value.set.assetClass }] = loaded.value.set.series;
  const pair = pairOf(rateID);
  if (pair === undefined || (assetClass !== 'fx' && assetClass !== 'spot'))
    return err(`fx-rates: ${rateID} is no pair of currencies in ${folder}`);
  return ok({ rateID, ...pair, time: closeTime, rate: close });
}

function digestOf({ dataHash, currency, series }: BarSet, rates: readonly RateSeries[]): string {
  const quoted = series.map((one) => [one.instrumentID, one.currency ?? currency]);
  const hash = createHash('sha256').update(`${dataHash}\n${JSON.stringify([currency, quoted])}`);
  for (const { rateID, base, quote, time, rate } of rates)
    hash
      .update(`\n${JSON.stringify([rateID, base, quote, time.length])}`)
      .update(Float64Array.from(time))
      .update(Float64Array.from(rate));
  return hash.digest('hex');
}
