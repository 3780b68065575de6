import { err, ok, type Result } from '../../base/result.ts';
import type { AssetClass } from '../../domain/instrument.ts';
import { indexFutureMultiplier } from '../../feeds/futures/index-future.ts';

/** What a series' money is. */
export interface MarketTerms {
  /** Currency of prices and PnL. */
  readonly currency: string;
  /** Decimal, money per price unit and lot. */
  readonly multiplier: string;
  readonly assetClass: AssetClass;
}

/** A pair's halves: EURGBP is quoted in GBP, BTCUSDT in USDT. */
const pair = /^([A-Z0-9]{2,6}?)(USDT|USDC|BUSD|TUSD|FDUSD|[A-Z]{3})$/;

/** Both currencies of a pair by its name; undefined = it is none. */
export function pairOf(instrumentID: string): { readonly base: string; readonly quote: string } | undefined {
  const found = pair.exec(instrumentID);
  return found === null ? undefined : { base: found[1], quote: found[2] };
}

/**
 * What an instrument is counted in, by the place of its table (`forex-oanda/daily/EURGBP-quote`): pairs in their quote currency, index futures in dollars
 * per point, everything else as US stocks. `rollsKnown`: where a continuous series jumps is told apart. @returns a sentence for what cannot be told
 */
export function marketTermsOf(instrumentID: string, place: string, rollsKnown: boolean): Result<MarketTerms, string> {
  const [market] = place.split('/', 1);
  if (market.startsWith('forex-') || market.startsWith('crypto-')) {
    const currency = pairOf(instrumentID)?.quote;
    if (currency === undefined) return err(`${instrumentID}: expected a pair of currencies such as EURUSD`);
    return ok({ currency, multiplier: '1', assetClass: market.startsWith('forex-') ? 'fx' : 'spot' });
  }
  if (!market.startsWith('future-')) return ok({ currency: 'USD', multiplier: '1', assetClass: 'equity' });
  if (!rollsKnown && /continuous-[a-z-]+-none$/.test(place))
    return err(
      `${instrumentID} was imported with its jumps (--roll, --adjust none), which would count as profit: import it with --adjust back, or run on the raw files with --roll`,
    );
  const multiplier = indexFutureMultiplier(instrumentID);
  if (multiplier === undefined) return err(`${instrumentID}: what a point of this contract is worth is not known`);
  return ok({ currency: 'USD', multiplier: String(multiplier), assetClass: 'future' });
}
