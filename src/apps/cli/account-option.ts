import type { AccountCurrency, BarSet } from '../../ports/backtest.ts';
import { loadBarSet, loadRefusalText } from '../backtest/load-bar-set.ts';
import { exitCodes, Refusal } from '../desk/exit-codes.ts';

export interface AccountOptions {
  readonly data: string;
  readonly from: number;
  readonly to: number;
  readonly currency?: string;
  readonly rate?: string;
}

/** Days before the first bar in which its rate may lie. */
const daysBefore = 10;

/** The account's currency and its rates; undefined = the account is in the currency of the bars. @throws Refusal where no rate joins the two */
export async function accountOf({ data, from, to, currency, rate }: AccountOptions, bars: BarSet): Promise<AccountCurrency | undefined> {
  const { currency: quote } = bars;
  if (currency === undefined || currency === quote) {
    if (rate !== undefined)
      throw new Refusal(exitCodes.usage, `rate: the account is in ${quote} as the prices are, nothing is to be converted`);
    return undefined;
  }
  const [straight, inverse] = [`${quote}${currency}`, `${currency}${quote}`];
  if (rate === undefined)
    throw new Refusal(
      exitCodes.usage,
      `rate: prices are in ${quote}, the account in ${currency}: expected --rate ${straight} or ${inverse}, was none`,
    );
  if (rate !== straight && rate !== inverse)
    throw new Refusal(exitCodes.usage, `rate: expected ${straight} or ${inverse}, which join ${quote} and ${currency}, was ${rate}`);
  const loaded = await loadBarSet({ folder: data, instruments: [rate], adjust: 'none', fromDay: from - daysBefore, toDay: to });
  if (!loaded.ok) throw new Refusal(exitCodes.refused, `rate: ${loadRefusalText(data, loaded.error)}`);
  const [{ closeTime, close }] = loaded.value.set.series;
  return { currency, rateID: rate, inverted: rate === inverse, time: closeTime, rate: close };
}
