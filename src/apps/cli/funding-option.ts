import { existsSync, readFileSync } from 'node:fs';
import { parseFunding } from '../../feeds/csv/funding-csv.ts';
import type { BarSet } from '../../ports/backtest.ts';
import { withFunding } from '../backtest/funding-events.ts';
import { exitCodes, Refusal } from '../desk/exit-codes.ts';

/** `recorded`: what a recording says was paid; else the path of a file of rates. */
export type Funding = 'none' | 'recorded' | { readonly file: string };

export function fundingOf(text: string): Funding {
  return text === 'none' || text === 'recorded' ? text : { file: text };
}

/** The bars with the payments of their holders. @throws Refusal where they cannot be charged */
export function fundedBars(bars: BarSet, funding: Funding): BarSet {
  if (funding === 'none') return bars;
  if (funding === 'recorded')
    throw new Refusal(exitCodes.usage, 'funding: bars do not say what was paid: expected none or a file of rates, was recorded');
  const { file } = funding;
  if (!existsSync(file))
    throw new Refusal(exitCodes.usage, `funding: expected none, recorded or a file of rates, was ${file}, which is not there`);
  const rates = parseFunding(readFileSync(file, 'utf8'), file);
  if (!rates.ok) throw new Refusal(exitCodes.refused, `funding: ${rates.error}`);
  const funded = withFunding(bars, rates.value);
  if (!funded.ok) throw new Refusal(exitCodes.refused, funded.error);
  return funded.value;
}

/** Of a recorded session of books: none says what was paid. @throws Refusal */
export function refuseFunding(data: string, funding: Funding): void {
  if (funding === 'none') return;
  if (funding !== 'recorded') throw new Refusal(exitCodes.usage, 'funding: a file of rates is for bars, not built for a recorded session');
  throw new Refusal(
    exitCodes.refused,
    `funding: ${data} has books, quotes and trades and no funding rates: nothing can be charged. Give --funding none and read the result without it`,
  );
}
