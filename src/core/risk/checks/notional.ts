import type { CheckContext } from '../check-context.ts';
import { firmMicroUp } from '../firm-money.ts';
import { noLimit, notionalLimit } from '../limits.ts';
import type { Risk } from '../risk.ts';
import { scopeOfValue, strictest } from '../strictest.ts';
import { deny } from '../verdict.ts';

/** orderQty x reservation price in the firm's money against maxNotional. A reducing order whose price nobody knows passes. */
export function notional(risk: Risk, c: CheckContext): boolean {
  const limit = strictest(risk, c, notionalLimit);
  if (limit === noLimit || c.listing === undefined || c.valuePx === 0) return true;
  const micro = firmMicroUp(risk, c.notional, c.listing.currency);
  if (micro <= limit) return true;
  if (micro !== micro) return deny(risk, 'NO_FX_RATE', c.listing.currency, risk.firmCurrency);
  const scope = scopeOfValue(risk, c, notionalLimit, limit);
  return deny(risk, 'NOTIONAL_EXCEEDS_MAX', micro, limit, scope, c.scopeIx[scope]);
}
